//! The errors that the contracts revert with, explained.

use crate::artifact::Artifact;
use alloy_primitives::I256;
use alloy_sol_types::SolValue;
use core::fmt;
use nectar_verifier::date::civil;

/// Why a contract reverted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Revert {
    /// The error's name; none for an error that Nectar's contracts do not have.
    pub name: Option<String>,
    /// First and last date that would have been accepted, and the query's, in days since 1970-01-01.
    days: Option<[i32; 3]>,
}

impl Revert {
    /// Reads the data of a reverted call.
    pub fn read(data: &[u8], contracts: &[Artifact]) -> Self {
        let error = contracts.iter().find_map(|c| c.error(data));
        let name = error.map(|e| e.name.clone());
        let days = (name.as_deref() == Some("Date")).then(|| days(data));
        Revert {
            name,
            days: days.flatten(),
        }
    }
}

/// The parameters of `Date(int256 first, int256 last, int256 got)`.
fn days(data: &[u8]) -> Option<[i32; 3]> {
    let (first, last, got) =
        <(I256, I256, I256)>::abi_decode_params_validate(data.get(4..)?).ok()?;
    let day = |d: I256| i32::try_from(d).ok();
    Some([day(first)?, day(last)?, day(got)?])
}

/// What an error means to who called, and what to do about it.
fn meaning(name: &str) -> &'static str {
    match name {
        "Registered" => {
            "the dataset is registered already: publish the snapshot that follows its head"
        }
        "NotCustodian" => {
            "the sender is not the custodian of a registered dataset: register it first, and send with the custodian's key"
        }
        "NotNext" => {
            "the snapshot does not follow the dataset's head on the chain: snapshots are published one by one, in order"
        }
        "NotHead" => {
            "the answer's snapshot is not the head of its dataset on this chain: publish the snapshot, or ask again over \
             the head"
        }
        "UnknownKeys" => "the registry has no verifier for the keys that the snapshot names",
        "Attestor" => "the snapshot is not attested by an attestor that this registry accepts",
        "Date" => "the query's date is outside the window that the snapshot leaves open",
        "Root" => "the openings of the bundle do not lead to the root of the dataset's head",
        "Pairings" | "OpeningIdentity" => "the proof is not valid",
        "OtherKeys" => "the snapshot names other keys than the verifier's",
        "SegmentSize" => "the verifier's SRS is too short for segments of this size",
        "NotOnCurve" | "NotInGroup" | "Identity" | "NotCanonical" => {
            "a point or scalar of the proof is not valid"
        }
        "Cell" | "CellCount" => "the released cells are not those of the query's layout",
        "ConsentPeriod" => {
            "the query's date lies outside the periods for which consent is recorded"
        }
        "NoContribution" => {
            "phase 2 of these keys has no contribution: proofs can be forged under them"
        }
        "Gamma" | "PowerRange" | "Inconsistent" => "the keys are not those of a ceremony",
        _ => "the answer or the keys break a rule of the protocol",
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else {
            return f.write_str(
                "the contract reverted with an error that Nectar's contracts do not have: is this a registry of Nectar?",
            );
        };
        write!(f, "the contract reverted with {name}: {}", meaning(name))?;
        let Some(days) = self.days else { return Ok(()) };
        let [first, last, got] =
            days.map(|d| civil(d).map_or_else(|| format!("day {d}"), |c| c.to_string()));
        write!(f, ": want {first} to {last}, got {got}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::keccak256;

    fn selector(signature: &str) -> [u8; 4] {
        *keccak256(signature).first_chunk().unwrap()
    }

    fn contracts() -> [Artifact; 2] {
        [Artifact::registry().unwrap(), Artifact::verifier().unwrap()]
    }

    #[test]
    fn errors_are_explained() {
        let words = |data: &[u8]| Revert::read(data, &contracts()).to_string();
        assert!(
            words(&selector("NotHead()"))
                .contains("NotHead: the answer's snapshot is not the head")
        );
        assert!(words(&selector("Pairings()")).contains("the proof is not valid"));
        for foreign in [&[][..], &[1, 2, 3], &selector("Error(string)")] {
            assert!(words(foreign).contains("do not have"), "{foreign:?}");
        }
    }

    #[test]
    fn dates_are_shown_as_dates() {
        let days = [20_000, 20_001, 19_990].map(|d| I256::try_from(d).unwrap());
        let data = [
            selector("Date(int256,int256,int256)").as_slice(),
            &days.abi_encode(),
        ]
        .concat();
        let words = Revert::read(&data, &contracts()).to_string();
        assert!(
            words.ends_with("want 2024-10-04 to 2024-10-05, got 2024-09-24"),
            "{words}"
        );
        let short = Revert::read(&data[..40], &contracts()).to_string();
        assert!(short.ends_with("leaves open"), "{short}");
    }
}
