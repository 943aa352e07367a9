//! Disclosure policies by name, each with the public document it follows, and policies as a schema writes them.

use nectar_verifier::policy::{Policy, PolicyError, Rounding, W_LIMIT};
use serde::Deserialize;
use std::collections::BTreeMap;

const SHIPPED: &str = include_str!("profiles.toml");

/// A policy in public use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Name in schemas.
    pub name: String,
    /// The policy.
    pub policy: Policy,
    /// The rule in the words of its document.
    pub title: String,
    /// Who published it.
    pub organisation: String,
    /// Where it was published.
    pub source: String,
}

/// Why a policy or profile is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// No profile has this name.
    #[error("policy: no profile {got:?}, want one of {known} or a table {{ k, base, zeros, .. }}")]
    Unknown {
        /// The name asked for.
        got: String,
        /// The names there are.
        known: String,
    },
    /// Not a policy in form.
    #[error("policy: {0}")]
    Form(String),
    /// The policy breaks a rule of section 6.
    #[error("policy: {0}")]
    Invalid(#[from] PolicyError),
}

/// A policy as TOML writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    k: u32,
    base: u8,
    #[serde(default)]
    rounding: WrittenRounding,
    zeros: bool,
    #[serde(default = "no_cap")]
    w_max: u8,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenRounding {
    #[default]
    Nearest,
    Midpoint6,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    k: u32,
    base: u8,
    rounding: WrittenRounding,
    zeros: bool,
    title: String,
    organisation: String,
    source: String,
}

fn no_cap() -> u8 {
    W_LIMIT
}

impl TryFrom<Written> for Policy {
    type Error = PolicyError;

    fn try_from(w: Written) -> Result<Self, PolicyError> {
        let rounding = match w.rounding {
            WrittenRounding::Nearest => Rounding::Nearest,
            WrittenRounding::Midpoint6 => Rounding::Midpoint6,
        };
        Policy::new(w.k, w.base, rounding, w.zeros, w.w_max)
    }
}

/// All profiles, by name.
///
/// # Errors
/// A shipped profile that breaks a rule; a test shows there is none.
pub fn all() -> Result<Vec<Profile>, ProfileError> {
    let shipped: BTreeMap<String, Shipped> =
        toml::from_str(SHIPPED).map_err(|e| ProfileError::Form(e.message().into()))?;
    shipped.into_iter().map(profile).collect()
}

fn profile((name, s): (String, Shipped)) -> Result<Profile, ProfileError> {
    let written = Written {
        k: s.k,
        base: s.base,
        rounding: s.rounding,
        zeros: s.zeros,
        w_max: W_LIMIT,
    };
    Ok(Profile {
        name,
        policy: written.try_into()?,
        title: s.title,
        organisation: s.organisation,
        source: s.source,
    })
}

/// The profile of a name.
///
/// # Errors
/// No profile has it.
pub fn find(name: &str) -> Result<Profile, ProfileError> {
    let profiles = all()?;
    let names: Vec<_> = profiles.iter().map(|p| p.name.clone()).collect();
    let found = profiles.into_iter().find(|p| p.name == name);
    found.ok_or_else(|| ProfileError::Unknown {
        got: name.into(),
        known: names.join(", "),
    })
}

/// The policy a schema names or writes out.
///
/// # Errors
/// Unknown, malformed, or against the rules of section 6; the nearest valid thresholds are then named.
pub fn policy(value: &toml::Value) -> Result<Policy, ProfileError> {
    match value {
        toml::Value::String(name) => find(name).map(|p| p.policy),
        other => {
            let written = Written::deserialize(other.clone());
            let written = written.map_err(|e| ProfileError::Form(e.message().into()))?;
            Ok(written.try_into()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<Policy, String> {
        let document: toml::Table = toml::from_str(text).unwrap();
        policy(&document["policy"]).map_err(|e| e.to_string())
    }

    #[test]
    fn shipped_profiles_are_valid_and_cited() {
        let figures = |p: &Profile| {
            (
                p.name.clone(),
                p.policy.k(),
                p.policy.base(),
                p.policy.zeros(),
            )
        };
        let profiles = all().unwrap();
        let got: Vec<_> = profiles.iter().map(figures).collect();
        let want = [
            ("acro", 10, 1, false),
            ("acro-rounded", 13, 5, false),
            ("allofus", 21, 1, true),
            ("cms", 11, 1, true),
            ("ohdsi", 5, 1, true),
            ("opensafely", 8, 5, true),
            ("opensafely-km", 7, 6, true),
        ];
        let want = want.map(|(name, k, base, zeros)| (name.to_owned(), k, base, zeros));
        assert_eq!(got, want);
        let midpoint = |p: &&Profile| p.policy.mode() == Rounding::Midpoint6;
        assert_eq!(profiles.iter().filter(midpoint).count(), 1);
        for p in profiles {
            assert!(
                p.source.starts_with("https://")
                    && !p.title.is_empty()
                    && !p.organisation.is_empty()
            );
        }
    }

    #[test]
    fn a_policy_may_be_written_out() {
        let p = written("policy = { k = 8, base = 5, zeros = false, w_max = 3 }").unwrap();
        assert_eq!((p.k(), p.base(), p.zeros(), p.w_max()), (8, 5, false, 3));
    }

    #[test]
    fn refusals_say_what_would_do() {
        let e = written("policy = { k = 10, base = 5, zeros = true }").unwrap_err();
        assert!(e.contains("nearest valid are 8 and 13"), "{e}");
        let e = written("policy = 'nhs'").unwrap_err();
        assert!(
            e.contains("no profile \"nhs\"") && e.contains("opensafely-km"),
            "{e}"
        );
        let e = written("policy = { k = 8, base = 5 }").unwrap_err();
        assert!(e.contains("missing field `zeros`"), "{e}");
        let e = written("policy = { k = 8, base = 5, zeros = true, threshold = 1 }").unwrap_err();
        assert!(e.contains("unknown field `threshold`"), "{e}");
        let e = written("policy = 7").unwrap_err();
        assert!(e.contains("invalid type"), "{e}");
    }
}
