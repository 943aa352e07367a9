//! Trust anchors in a file: whom a verifier believes, and which roots were heads of their datasets. Beside it lie notes
//! of what the verifier has checked itself.

use crate::{
    checked,
    failure::{Failure, Outcome},
    file::read_text,
};
use alloy_primitives::{Address, B256, hex};
use nectar_verifier::{
    header::dataset_id,
    trust::{AcceptedKeys, AcceptedSnapshot, CheckedRoots, Head, LogView, TrustError},
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Most bytes of a trust file: heads and entries of many years.
const MAX_BYTES: usize = 1 << 26;

/// What `trust.toml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// Addresses of the attestors who are believed.
    #[serde(default)]
    pub attestors: Vec<Address>,
    /// Their signatures over snapshot roots, 65 bytes each in hexadecimal.
    #[serde(default)]
    pub attestations: Vec<String>,
    /// The heads of datasets, as a log or registry has them.
    #[serde(default, rename = "head")]
    pub heads: Vec<Anchor>,
    /// Answers the log has entered.
    #[serde(default, rename = "entry", skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// What this verifier has checked itself, from another file.
    #[serde(skip)]
    pub checked: CheckedRoots,
}

/// A root that became the head of its dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Name of the dataset.
    pub dataset: String,
    /// Sequence number of the snapshot.
    pub sequence: u64,
    /// The root.
    pub root: B256,
    /// When it became the head, in seconds since the epoch.
    pub since: i64,
}

/// An answer in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The answer's id: statement digest with the released cells.
    pub id: B256,
    /// When it was entered, in seconds since the epoch.
    pub time: i64,
}

impl Anchors {
    /// Reads a trust file, and the notes of checked snapshots: from `checked`, or from the user's folder of state.
    ///
    /// # Errors
    /// I/O, or a file that is none.
    pub fn read(path: &Path, checked: Option<&Path>) -> Outcome<Self> {
        let text = read_text(path, MAX_BYTES, "a trust file")?;
        let refuse = |e: toml::de::Error| Failure::Usage(format!("{}: {e}", path.display()));
        let anchors: Anchors = toml::from_str(&text).map_err(refuse)?;
        let checked = checked::read(&checked::place(checked)?)?;
        Ok(Anchors { checked, ..anchors })
    }

    /// The text of a trust file.
    ///
    /// # Errors
    /// None that these fields reach.
    pub fn write(&self) -> Outcome<String> {
        let body = toml::to_string(self).map_err(Failure::refused)?;
        let head = "# Trust anchors for `nectar verify --trust`. Whoever uses this file believes it: compare attestors and\n\
                    # roots with a source you trust, not only with the service that answers.\n\n";
        Ok(format!("{head}{body}"))
    }

    /// Accepts a root if its manifest was checked here under a key that is still accepted, else on the
    /// first attestation that holds.
    ///
    /// # Errors
    /// Neither: no attestation over this root is by an attestor who is believed.
    pub fn accept(&self, root: B256, keys: &AcceptedKeys) -> Result<AcceptedSnapshot, TrustError> {
        if let Some(checked) = self.checked.accept(root, keys) {
            return Ok(checked);
        }
        let signatures = self.attestations.iter().filter_map(|s| hex::decode(s).ok());
        let mut accepted =
            signatures.filter_map(|s| AcceptedSnapshot::attested(root, &s, &self.attestors).ok());
        accepted.next().ok_or(TrustError::Attestor)
    }

    /// The file's view of the log.
    pub fn log(&self) -> LogView {
        let head = |a: &Anchor| Head {
            dataset: dataset_id(&a.dataset),
            sequence: a.sequence,
            root: a.root,
            since: a.since,
        };
        LogView {
            heads: self.heads.iter().map(head).collect(),
            entries: self.entries.iter().map(|e| (e.id, e.time)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_as_it_was_written() {
        let anchors = Anchors {
            attestors: vec![Address::repeat_byte(1)],
            attestations: vec![hex::encode_prefixed([2; 65])],
            heads: vec![Anchor {
                dataset: "lung".into(),
                sequence: 1,
                root: B256::repeat_byte(3),
                since: 7,
            }],
            ..Anchors::default()
        };
        let text = anchors.write().unwrap();
        assert_eq!(toml::from_str::<Anchors>(&text), Ok(anchors), "{text}");
        assert!(toml::from_str::<Anchors>("attestor = []").is_err());
    }
}
