//! Datasets and the snapshots published of them.

use super::{
    field::{ConvertError, array, limit, root},
    submission::dataset_name,
};
use crate::v1;
use alloy_primitives::B256;
use nectar_verifier::{
    header::Header,
    trust::{Head, LogView},
};

/// Most bytes of an encoded snapshot header.
pub const MAX_HEADER_BYTES: usize = 16 << 20;
/// Most attestations of one snapshot.
pub const MAX_ATTESTATIONS: usize = 64;
/// Most datasets of one service.
pub const MAX_DATASETS: usize = 1024;
const ATTESTATION_BYTES: usize = 65;

/// A dataset by the head among its snapshots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetHead {
    /// The name.
    pub name: String,
    /// Root of the head.
    pub root: B256,
    /// Sequence number of the head.
    pub sequence: u64,
    /// The moment the head's consents are as of, in seconds since the epoch.
    pub as_of: i64,
}

/// A snapshot as it is published. Nothing in it is trusted yet but that the root is the header's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedSnapshot {
    /// The header.
    pub header: Header,
    /// The root, which follows from the header.
    pub root: B256,
    /// Attestors' signatures over the root.
    pub attestations: Vec<[u8; ATTESTATION_BYTES]>,
    /// When the snapshot became the head, in seconds since the epoch.
    pub head_since: i64,
}

impl PublishedSnapshot {
    /// The snapshot as head of its dataset, as whoever published it tells it.
    pub fn head(&self) -> Head {
        let core = &self.header.core;
        Head {
            dataset: core.dataset,
            sequence: core.sequence,
            root: self.root,
            since: self.head_since,
        }
    }

    /// A log that knows this head and nothing else: no stand-in for the log where the service is not trusted.
    pub fn log(&self) -> LogView {
        LogView {
            heads: vec![self.head()],
            entries: vec![],
        }
    }
}

/// Which published manifest is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestRequest {
    /// Name of the dataset.
    pub dataset: String,
    /// Root of the snapshot; `None` for the head.
    pub root: Option<B256>,
}

impl From<&ManifestRequest> for v1::GetManifestRequest {
    fn from(r: &ManifestRequest) -> Self {
        v1::GetManifestRequest {
            dataset: r.dataset.clone(),
            snapshot_root: r.root.map_or_else(Vec::new, |root| root.to_vec()),
        }
    }
}

impl TryFrom<v1::GetManifestRequest> for ManifestRequest {
    type Error = ConvertError;

    fn try_from(r: v1::GetManifestRequest) -> Result<Self, ConvertError> {
        let named = (!r.snapshot_root.is_empty()).then(|| root("snapshot_root", &r.snapshot_root));
        Ok(ManifestRequest {
            dataset: dataset_name(r.dataset)?,
            root: named.transpose()?,
        })
    }
}

impl From<&DatasetHead> for v1::Dataset {
    fn from(d: &DatasetHead) -> Self {
        v1::Dataset {
            name: d.name.clone(),
            snapshot_root: d.root.to_vec(),
            sequence: d.sequence,
            as_of_seconds: d.as_of,
        }
    }
}

impl TryFrom<v1::Dataset> for DatasetHead {
    type Error = ConvertError;

    fn try_from(d: v1::Dataset) -> Result<Self, ConvertError> {
        Ok(DatasetHead {
            name: dataset_name(d.name)?,
            root: root("snapshot_root", &d.snapshot_root)?,
            sequence: d.sequence,
            as_of: d.as_of_seconds,
        })
    }
}

impl TryFrom<v1::ListDatasetsResponse> for Vec<DatasetHead> {
    type Error = ConvertError;

    fn try_from(r: v1::ListDatasetsResponse) -> Result<Self, ConvertError> {
        limit("datasets", r.datasets.len(), MAX_DATASETS)?;
        r.datasets.into_iter().map(DatasetHead::try_from).collect()
    }
}

impl From<&PublishedSnapshot> for v1::Snapshot {
    fn from(s: &PublishedSnapshot) -> Self {
        let attestation = |a: &[u8; ATTESTATION_BYTES]| v1::Attestation {
            signature: a.to_vec(),
        };
        v1::Snapshot {
            header: s.header.encode(),
            root: s.root.to_vec(),
            attestations: s.attestations.iter().map(attestation).collect(),
            head_since_seconds: s.head_since,
        }
    }
}

impl TryFrom<v1::Snapshot> for PublishedSnapshot {
    type Error = ConvertError;

    fn try_from(s: v1::Snapshot) -> Result<Self, ConvertError> {
        limit("bytes of a header", s.header.len(), MAX_HEADER_BYTES)?;
        limit("attestations", s.attestations.len(), MAX_ATTESTATIONS)?;
        let root = root("root", &s.root)?;
        let header = Header::decode(&s.header)?;
        if header.root() != root {
            return Err(ConvertError::Rule {
                field: "root",
                rule: "it is not the header's",
            });
        }
        let signatures = s.attestations.iter();
        Ok(PublishedSnapshot {
            header,
            root,
            attestations: signatures
                .map(|a| array("attestation", &a.signature))
                .collect::<Result<_, _>>()?,
            head_since: s.head_since_seconds,
        })
    }
}

impl TryFrom<v1::GetSnapshotResponse> for PublishedSnapshot {
    type Error = ConvertError;

    fn try_from(r: v1::GetSnapshotResponse) -> Result<Self, ConvertError> {
        r.snapshot
            .ok_or(ConvertError::Missing("snapshot"))?
            .try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nectar_verifier::{
        column::{Column, Kind},
        header::{Core, dataset_id, purposes_digest},
        policy::{Policy, Rounding},
    };

    fn published() -> PublishedSnapshot {
        let core = Core {
            dataset: dataset_id("lung"),
            sequence: 1,
            parent: B256::ZERO,
            as_of: 1_700_000_000,
            utc_offset: 60,
            lag: 1,
            custodian: Default::default(),
            rows: 100,
            segment_bits: 8,
            columns: 1,
            purposes: purposes_digest(&[]),
            policy: Policy::new(8, 5, Rounding::Nearest, true, 12).unwrap(),
            srs: B256::ZERO,
            compact_key: B256::ZERO,
            wide_key: B256::ZERO,
        };
        let kind = Kind::Boolean;
        let name = "smoker".into();
        let header = Header {
            core,
            dataset: "lung".into(),
            columns: vec![Column { name, kind }],
            leaves_roots: vec![B256::ZERO],
        };
        PublishedSnapshot {
            root: header.root(),
            header,
            attestations: vec![[1; 65]],
            head_since: 1_700_000_000,
        }
    }

    fn check(mutate: impl FnOnce(&mut v1::Snapshot), want: &str) {
        let mut wire = v1::Snapshot::from(&published());
        mutate(&mut wire);
        let got = PublishedSnapshot::try_from(wire).unwrap_err().to_string();
        assert_eq!(got, want);
    }

    #[test]
    fn snapshots_survive_the_wire() {
        let wire = v1::Snapshot::from(&published());
        assert_eq!(PublishedSnapshot::try_from(wire), Ok(published()));
    }

    #[test]
    fn bad_snapshots_are_refused() {
        check(|s| s.root = vec![1; 32], "root: it is not the header's");
        check(|s| s.root.clear(), "root: got 0 bytes, want 32");
        check(
            |s| s.header.push(0),
            "not the canonical ABI encoding of a snapshot header",
        );
        check(
            |s| s.header = vec![0; MAX_HEADER_BYTES + 1],
            "bytes of a header: got 16777217, at most 16777216",
        );
        check(
            |s| s.attestations[0].signature.truncate(64),
            "attestation: got 64 bytes, want 65",
        );
        check(
            |s| s.attestations = vec![s.attestations[0].clone(); 65],
            "attestations: got 65, at most 64",
        );
    }
}
