//! Disclosure policies, valid and not.

use super::{Vectors, refused, text::Number, wire::Rule};
use nectar_verifier::policy::PolicyError;
use serde::{Deserialize, Serialize};

/// A valid policy, the widths it gives, and the word it packs to without widths.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Valid {
    policy: Rule,
    word: Number,
    widths: Vec<(u16, u8)>,
}

/// An invalid policy with the nearest thresholds that are valid.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invalid {
    policy: Rule,
    error: String,
    below: Option<u32>,
    above: Option<u32>,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
}

const CODES: [u16; 10] = [2, 3, 4, 5, 8, 9, 83, 1024, 1025, 4096];

fn rule(k: u32, base: u8, midpoint: bool, zeros: bool, w_max: u8) -> Rule {
    Rule {
        k,
        base,
        midpoint,
        zeros,
        w_max,
    }
}

fn valid(policy: Rule) -> Valid {
    let p = policy.policy().expect("a policy");
    Valid {
        policy,
        word: Number(u64::try_from(p.pack(&[0; 7])).expect("38 bits")),
        widths: CODES.map(|t| (t, p.width(t))).into(),
    }
}

fn invalid((policy, error): (Rule, &str)) -> Invalid {
    let (below, above) = match policy.policy() {
        Err(PolicyError::Threshold { below, above, .. }) => (below, above),
        _ => (None, None),
    };
    Invalid {
        policy,
        error: error.into(),
        below,
        above,
    }
}

impl Vectors for Policies {
    const FILE: &'static str = "policies.json";

    fn make() -> Self {
        let good = [
            rule(2, 1, false, false, 0),
            rule(3, 5, false, true, 12),
            rule(8, 5, false, true, 6),
            rule(5, 10, false, false, 12),
            rule(7, 6, true, true, 12),
            rule(13, 6, true, false, 7),
            rule(128, 255, false, true, 12),
            rule((1 << 27) - 1, 1, false, true, 12),
        ];
        let class = "does not begin a rounding class";
        let bad = [
            (rule(8, 0, false, true, 12), "rounding base is 0"),
            (rule(7, 5, true, true, 12), "midpoint rounding wants 6"),
            (rule(8, 5, false, true, 13), "width cap is 13"),
            (rule(0, 1, false, true, 12), class),
            (rule(1, 1, false, true, 12), class),
            (rule(2, 5, false, true, 12), class),
            (rule(10, 5, false, true, 12), class),
            (rule(4, 10, false, true, 12), class),
            (rule(8, 6, true, true, 12), class),
            (rule(1, 6, true, true, 12), class),
            (rule(1 << 27, 1, false, true, 12), class),
            (rule(u32::MAX, 7, false, true, 12), class),
        ];
        Policies {
            valid: good.map(valid).into(),
            invalid: bad.map(invalid).into(),
        }
    }

    fn check(&self) {
        for v in &self.valid {
            assert_eq!(v, &valid(v.policy));
        }
        for i in &self.invalid {
            let name = format!("{:?}", i.policy);
            refused(&name, i.policy.policy(), &i.error);
            for k in [i.below, i.above].into_iter().flatten() {
                let near = Rule { k, ..i.policy };
                assert!(near.policy().is_ok(), "{near:?}");
            }
        }
    }
}
