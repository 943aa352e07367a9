//! The datasets a service answers for.

use super::{refusal::Refusal, tags::RowsByTag};
use alloy_primitives::B256;
use nectar_engine::{
    SnapshotStatement, published::PublishedManifest, receipt::places, snapshot::Snapshot, statement,
};
use nectar_params::ProverKeys;
use nectar_proto::{
    ConvertError, DatasetHead, MAX_ATTESTATIONS, MAX_DATASETS, MAX_HEADER_BYTES, ManifestRequest,
    PublishedSnapshot, ReceiptRequest, Submission, dataset_name,
};
use nectar_verifier::receipt::tag;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// The heads of all datasets, with the keys that prove over them.
pub struct Catalog {
    keys: Arc<ProverKeys>,
    datasets: BTreeMap<String, HostedDataset>,
}

/// A dataset by its head: the secret side and what is published of it.
struct HostedDataset {
    snapshot: Arc<Snapshot>,
    rows: RowsByTag,
    head: PublishedSnapshot,
    manifest: Option<Arc<PublishedManifest>>,
}

/// A statement with the snapshot over which it was compiled.
pub(super) struct Admitted {
    pub snapshot: Arc<Snapshot>,
    pub statement: SnapshotStatement,
}

/// A row, and what of it is to be shown to its subject.
pub(super) struct Claim {
    pub snapshot: Arc<Snapshot>,
    pub row: u32,
    pub columns: Vec<u16>,
}

/// Why a snapshot cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// The name is not one the wire carries.
    #[error(transparent)]
    Name(#[from] ConvertError),
    /// The dataset is there already.
    #[error("dataset {0} is given twice")]
    Twice(String),
    /// The header names another SRS.
    #[error("dataset {0}: its header names another SRS than the parameters of this service")]
    Keys(String),
    /// A manifest of no dataset's head.
    #[error("no dataset of this service has the root {0} of the manifest")]
    Manifest(B256),
    /// Larger than the wire carries.
    #[error("too many {what}: got {got}, at most {most}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        got: usize,
        /// How much there may be.
        most: usize,
    },
}

impl Catalog {
    /// A catalog of no datasets yet.
    pub fn new(keys: Arc<ProverKeys>) -> Self {
        Catalog {
            keys,
            datasets: BTreeMap::new(),
        }
    }

    /// Adds a dataset by its head, with attestors' signatures over its root and the moment since when it is the
    /// head (seconds since the epoch).
    ///
    /// # Errors
    /// [`CatalogError`].
    pub fn insert(
        &mut self,
        snapshot: Arc<Snapshot>,
        attestations: Vec<[u8; 65]>,
        head_since: i64,
    ) -> Result<(), CatalogError> {
        let header = snapshot.header();
        let name = dataset_name(header.dataset.clone())?;
        if self.datasets.contains_key(&name) {
            return Err(CatalogError::Twice(name));
        }
        if self.keys.srs().verifier().digest() != header.core.srs {
            return Err(CatalogError::Keys(name));
        }
        limit("datasets", self.datasets.len() + 1, MAX_DATASETS)?;
        limit("attestations", attestations.len(), MAX_ATTESTATIONS)?;
        limit(
            "bytes of the header",
            header.encode().len(),
            MAX_HEADER_BYTES,
        )?;
        let head = PublishedSnapshot {
            header: header.clone(),
            root: snapshot.root(),
            attestations,
            head_since,
        };
        let rows = RowsByTag::new(snapshot.tags());
        let dataset = HostedDataset {
            snapshot,
            rows,
            head,
            manifest: None,
        };
        self.datasets.insert(name, dataset);
        Ok(())
    }

    /// Offers the published manifest of a head: the dataset has to be there.
    ///
    /// # Errors
    /// [`CatalogError::Manifest`].
    pub fn publish(&mut self, manifest: PublishedManifest) -> Result<(), CatalogError> {
        let root = manifest.manifest().root();
        let dataset = self.datasets.values_mut().find(|d| d.head.root == root);
        let dataset = dataset.ok_or(CatalogError::Manifest(root))?;
        dataset.manifest = Some(Arc::new(manifest));
        Ok(())
    }

    /// The published manifest of a dataset's head.
    ///
    /// # Errors
    /// The dataset or the root is unknown, or index proofs are missing.
    pub(super) fn manifest(
        &self,
        request: &ManifestRequest,
    ) -> Result<Arc<PublishedManifest>, Refusal> {
        let dataset = self.dataset(&request.dataset)?;
        if request.root.is_some_and(|r| r != dataset.head.root) {
            return Err(Refusal::UnknownSnapshot);
        }
        dataset.manifest.clone().ok_or(Refusal::Unproven)
    }

    /// The keys.
    pub fn keys(&self) -> &Arc<ProverKeys> {
        &self.keys
    }

    /// All heads, by name.
    pub fn heads(&self) -> impl Iterator<Item = DatasetHead> {
        self.datasets.iter().map(|(name, d)| DatasetHead {
            name: name.clone(),
            root: d.head.root,
            sequence: d.head.header.core.sequence,
            as_of: d.head.header.core.as_of,
        })
    }

    /// What is published of a dataset's head.
    ///
    /// # Errors
    /// The dataset is unknown.
    pub(super) fn head(&self, dataset: &str) -> Result<&PublishedSnapshot, Refusal> {
        self.dataset(dataset).map(|d| &d.head)
    }

    fn dataset(&self, name: &str) -> Result<&HostedDataset, Refusal> {
        self.datasets.get(name).ok_or(Refusal::UnknownDataset)
    }

    /// What a submission asks to be proven, once it is known that verifiers would accept it. No record is read for
    /// that.
    ///
    /// # Errors
    /// The refusal every verifier would give, or that of another head.
    pub(super) fn admit(&self, submission: &Submission) -> Result<Admitted, Refusal> {
        let dataset = self.dataset(&submission.dataset)?;
        let (head, query) = (&dataset.head, &submission.query);
        if submission.root != head.root {
            return Err(Refusal::OtherHead);
        }
        let statement = statement(&dataset.snapshot, query)
            .map_err(|error| Refusal::statement(error, query.purpose, &head.header))?;
        let core = &head.header.core;
        head.log()
            .judge(core, head.root, query.day, B256::ZERO, now())?;
        Ok(Admitted {
            snapshot: dataset.snapshot.clone(),
            statement,
        })
    }

    /// What a request for a receipt is about. Columns are looked at first: they are published, so that the only thing
    /// a refusal can tell of subjects is that no row has the tag.
    ///
    /// # Errors
    /// Dataset or columns are unknown, or no row has the tag of the secret.
    pub(super) fn claim(&self, request: &ReceiptRequest) -> Result<Claim, Refusal> {
        let dataset = self.dataset(&request.dataset)?;
        let header = &dataset.head.header;
        let columns = places(&header.columns, &request.columns)?;
        let tag = tag(request.secret.expose(), header.core.dataset);
        let row = dataset.rows.row(dataset.snapshot.tags(), &tag);
        Ok(Claim {
            snapshot: dataset.snapshot.clone(),
            row: row.ok_or(Refusal::UnknownSubject)?,
            columns,
        })
    }
}

fn limit(what: &'static str, got: usize, most: usize) -> Result<(), CatalogError> {
    if got > most {
        Err(CatalogError::Limit { what, got, most })
    } else {
        Ok(())
    }
}

/// Seconds since the epoch.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}
