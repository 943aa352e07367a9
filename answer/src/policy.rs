//! Disclosure policies in words.

use nectar_verifier::policy::{Policy, Rounding, W_LIMIT};

/// What a policy releases, as a sentence without its full stop.
pub fn sentence(policy: &Policy) -> String {
    let zeros = if policy.zeros() { "1" } else { "0" };
    let k = policy.k();
    let rounded = match (policy.mode(), policy.base()) {
        (Rounding::Nearest, 1) => "the others are exact".into(),
        (Rounding::Nearest, base) => format!("the others are rounded to the nearest {base}"),
        (Rounding::Midpoint6, _) => "the others are set to the middle of classes of six".into(),
    };
    let cap = match policy.w_max() {
        W_LIMIT => String::new(),
        w => format!(
            "; sums are rounded as if columns had at most {} codes",
            1u32 << w
        ),
    };
    format!(
        "counts from {zeros} to {} are withheld, {rounded}{cap}",
        k - 1
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_withheld() {
        let policy = Policy::new(8, 5, Rounding::Nearest, true, W_LIMIT).unwrap();
        let want = "counts from 1 to 7 are withheld, the others are rounded to the nearest 5";
        assert_eq!(sentence(&policy), want);
        let exact = Policy::new(10, 1, Rounding::Nearest, false, 4).unwrap();
        assert!(
            sentence(&exact).starts_with("counts from 0 to 9 are withheld, the others are exact;")
        );
    }
}
