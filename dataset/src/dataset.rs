//! A dataset on disk: schema, table of codes, and snapshots, each written whole or not at all.
//!
//! ```text
//! schema.toml                       the schema as the custodian wrote it
//! table.bin                         the table of codes and tags (secret)
//! snapshots/000001/header.bin       the ABI encoding of the header
//! snapshots/000001/commitments.bin  see `commitments`
//! snapshots/000001/head.json        root and since when it is the head
//! attestations/000001/ADDRESS.sig   65 bytes of an attestor's signature over the root
//! index/000001/0007.proof           a column's index proof, see `proofs`
//! ```
//! A snapshot's folder never changes once it is there; what is said of it later lies beside it.
//! The blinding key is never in this folder.

pub(super) mod proofs;

use super::{
    atomic,
    changes::Changes,
    commitments::{self, ReadError},
    fault::ImportErrors,
    import::Import,
    schema::{Schema, SchemaError},
    table::{Table, TableError},
};
use alloy_primitives::{Address, B256};
use nectar_engine::{
    ProveError,
    attest::{AttestError, AttestorKey},
    blinding::BlindingKey,
    manifest::Manifest,
    published::Unproven,
    snapshot::{Snapshot, SnapshotError},
};
use nectar_params::{ParamsError, ProverKeys};
use nectar_verifier::{
    date::Day,
    header::{Core, Header, HeaderError, dataset_id, purposes, purposes_digest},
    shape::Shape,
    trust::{Head, LogView},
};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The file of the table.
const TABLE: &str = "table.bin";
/// Largest header file.
const MAX_HEADER: u64 = 64 << 20;

/// A dataset's folder.
pub struct Dataset {
    folder: PathBuf,
    schema: Schema,
    table: Table,
}

/// What the folder itself records of a snapshot's publication.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadFile {
    root: B256,
    since: i64,
}

/// A new snapshot's particulars.
#[derive(Debug, Clone, Copy)]
pub struct Publication {
    /// The custodian's address.
    pub custodian: Address,
    /// The moment the consents are as of, in seconds since the epoch.
    pub as_of: i64,
    /// The moment the snapshot becomes the head.
    pub since: i64,
}

/// Why a dataset cannot be made, read or committed.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// The file system.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file system, while a folder was being written.
    #[error("writing the dataset: {0}")]
    Write(#[from] io::Error),
    /// The schema.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A stored header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Snapshot and table.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Keys.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// A root cannot be signed.
    #[error(transparent)]
    Attest(#[from] AttestError),
    /// An index proof cannot be made.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// Columns without an index proof.
    #[error(transparent)]
    Unproven(#[from] Unproven),
    /// A file is not what it should be.
    #[error("{path}: {what}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// There is no snapshot yet.
    #[error("the dataset has no snapshot yet")]
    NoSnapshot,
    /// The table is not the one the latest snapshot was made of.
    #[error(
        "the table has changed since snapshot {0} was committed; it has to be committed as the next one"
    )]
    Uncommitted(u64),
    /// A source that is to take the table's place.
    #[error(transparent)]
    Source(#[from] ImportErrors),
    /// Rows that cannot be told apart.
    #[error(
        "the dataset was imported without a `subject` in its schema, so that a row cannot be found again; name one and \
         import the file as a new dataset"
    )]
    NoSubjects,
}

impl Dataset {
    /// Makes a dataset's folder from a schema and the table imported under it.
    ///
    /// # Errors
    /// The folder exists, or cannot be written; nothing is left behind then.
    pub fn create(folder: &Path, schema_text: &str, table: &Table) -> Result<Self, DatasetError> {
        let schema = Schema::parse(schema_text)?;
        atomic::write_dir(folder, |tmp| -> Result<(), DatasetError> {
            fs::write(tmp.join("schema.toml"), schema_text)?;
            table.write(&tmp.join(TABLE))?;
            fs::create_dir(tmp.join("snapshots"))?;
            Ok(fs::create_dir(tmp.join("attestations"))?)
        })?;
        Ok(Dataset {
            folder: folder.into(),
            schema,
            table: table.clone(),
        })
    }

    /// Opens a dataset's folder.
    ///
    /// # Errors
    /// Files that are missing, malformed, or do not belong together.
    pub fn open(folder: &Path) -> Result<Self, DatasetError> {
        let schema = Schema::read(&folder.join("schema.toml"))?;
        let path = folder.join(TABLE);
        let table = Table::read(&path)?;
        if table.columns != schema.columns() {
            return Err(DatasetError::Malformed {
                path,
                what: "its columns are not those of schema.toml".into(),
            });
        }
        Ok(Dataset {
            folder: folder.into(),
            schema,
            table,
        })
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The table of codes.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Takes in a new state of the source: subjects of the table keep their rows, which get new codes, and new ones
    /// come after them in a secret random order. A subject without a tag in the file keeps the one it had. On disk the
    /// table is the old or the new one at any moment. Snapshots are left as they are: [`Dataset::commit`] comes next.
    ///
    /// `as_of` is the civil day, in the schema's offset, by which consents must have begun. `progress` is told bytes
    /// read and bytes in all.
    ///
    /// # Errors
    /// A dataset without subject ids, a source that is refused (also for lacking a subject of the table), or the file
    /// system; the table is then as it was.
    pub fn update(
        &mut self,
        source: &Path,
        as_of: Day,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Changes, DatasetError> {
        let (schema, old) = (&self.schema, &self.table);
        let subjects = old.subjects.as_ref().filter(|_| schema.subject.is_some());
        let subjects = subjects.ok_or(DatasetError::NoSubjects)?;
        let new = Import::update(schema, source, as_of, (old, subjects), progress)?;
        let changes = Changes::between(old, &new);
        new.write(&self.folder.join(TABLE))?;
        self.table = new;
        Ok(changes)
    }

    /// Sequence numbers of the snapshots there are, rising from 1.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn sequences(&self) -> Result<Vec<u64>, DatasetError> {
        let path = self.folder.join("snapshots");
        let names = fs::read_dir(&path).map_err(|error| DatasetError::Io { path, error })?;
        let number = |e: io::Result<fs::DirEntry>| e.ok()?.file_name().to_str()?.parse().ok();
        let mut sequences: Vec<u64> = names.filter_map(number).collect();
        sequences.sort_unstable();
        Ok(sequences)
    }

    /// Commits the table as the next snapshot. `done` is told numbers of cells as they are committed.
    ///
    /// # Errors
    /// Keys, header, or the file system; the folder is then as it was.
    pub fn commit(
        &self,
        keys: &ProverKeys,
        blinding: BlindingKey,
        publication: Publication,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Snapshot, DatasetError> {
        let parent = match self.latest() {
            Ok(sequence) => Some(self.manifest(sequence)?),
            Err(DatasetError::NoSnapshot) => None,
            Err(e) => return Err(e),
        };
        let header = self.next_header(keys, publication, parent.as_ref())?;
        let sequence = header.core.sequence;
        let records = self.table.records();
        let snapshot =
            Snapshot::commit(header, records, parent.as_ref(), keys.srs(), blinding, done)?;
        atomic::write_dir(
            &self.snapshot_folder(sequence),
            |tmp| -> Result<(), DatasetError> {
                fs::write(tmp.join("header.bin"), snapshot.header().encode())?;
                let columns = snapshot.manifest().columns();
                commitments::write(&tmp.join("commitments.bin"), columns)?;
                let head = HeadFile {
                    root: snapshot.root(),
                    since: publication.since,
                };
                let text = serde_json::to_string_pretty(&head).map_err(io::Error::other)?;
                Ok(fs::write(tmp.join("head.json"), text)?)
            },
        )?;
        Ok(snapshot)
    }

    fn next_header(
        &self,
        keys: &ProverKeys,
        publication: Publication,
        parent: Option<&Manifest>,
    ) -> Result<Header, DatasetError> {
        let columns = self.table.columns.clone();
        let key = |shape: Shape| keys.circuit(shape).map(|k| k.verifier().digest());
        let core = Core {
            dataset: dataset_id(&self.schema.dataset),
            sequence: parent.map_or(1, |p| p.header().core.sequence.saturating_add(1)),
            parent: parent.map(Manifest::root).unwrap_or_default(),
            as_of: publication.as_of,
            utc_offset: self.schema.utc_offset,
            lag: self.schema.lag_days,
            custodian: publication.custodian,
            rows: self.table.rows,
            segment_bits: self.schema.segment_bits(
                self.table.rows,
                parent.map(|p| p.header().core.segment_bits),
            ),
            columns: u16::try_from(columns.len()).unwrap_or(u16::MAX),
            purposes: purposes_digest(&purposes(&columns)),
            policy: self.schema.policy,
            srs: keys.srs().verifier().digest(),
            compact_key: key(Shape::Compact)?,
            wide_key: key(Shape::Wide)?,
        };
        Ok(Header {
            core,
            dataset: self.schema.dataset.clone(),
            columns,
            leaves_roots: vec![],
        })
    }

    fn snapshot_folder(&self, sequence: u64) -> PathBuf {
        self.folder.join("snapshots").join(format!("{sequence:06}"))
    }

    fn attestation_folder(&self, sequence: u64) -> PathBuf {
        self.folder
            .join("attestations")
            .join(format!("{sequence:06}"))
    }

    /// Sequence number of the latest snapshot.
    ///
    /// # Errors
    /// There is none yet, or the folder cannot be read.
    pub fn latest(&self) -> Result<u64, DatasetError> {
        self.sequences()?
            .last()
            .copied()
            .ok_or(DatasetError::NoSnapshot)
    }

    /// Loads the latest snapshot; commitments are checked against its root, codes against what was committed.
    ///
    /// # Errors
    /// No snapshot yet, or a table that has changed since.
    pub fn snapshot(&self, blinding: BlindingKey) -> Result<Snapshot, DatasetError> {
        let sequence = self.latest()?;
        let manifest = self.manifest(sequence)?;
        let loaded = Snapshot::load(manifest, self.table.records(), blinding);
        loaded.map_err(|e| match e {
            SnapshotError::Changed { .. }
            | SnapshotError::Count { .. }
            | SnapshotError::Code { .. } => DatasetError::Uncommitted(sequence),
            other => other.into(),
        })
    }

    /// Header and commitments of a snapshot, checked against the root that was published.
    ///
    /// # Errors
    /// A file that cannot be read, or is malformed.
    pub fn manifest(&self, sequence: u64) -> Result<Manifest, DatasetError> {
        let folder = self.snapshot_folder(sequence);
        let header = self.header(sequence)?;
        let path = folder.join("commitments.bin");
        let columns = commitments::read(&path, &header).map_err(|e| match e {
            ReadError::Io(error) => DatasetError::Io { path, error },
            ReadError::Content(what) => DatasetError::Malformed { path, what },
        })?;
        let manifest = Manifest::load(header, columns).map_err(SnapshotError::from)?;
        let (got, want) = (manifest.root(), self.head(sequence)?.root);
        if got == want {
            Ok(manifest)
        } else {
            let what = format!("its root is {got}, the one that was published is {want}");
            Err(DatasetError::Malformed { path: folder, what })
        }
    }

    /// The header of a snapshot.
    ///
    /// # Errors
    /// It cannot be read or is malformed.
    pub fn header(&self, sequence: u64) -> Result<Header, DatasetError> {
        let path = self.snapshot_folder(sequence).join("header.bin");
        let bytes = read_limited(&path, MAX_HEADER)?;
        Ok(Header::decode(&bytes)?)
    }

    fn head(&self, sequence: u64) -> Result<HeadFile, DatasetError> {
        let path = self.snapshot_folder(sequence).join("head.json");
        let bytes = read_limited(&path, 1 << 12)?;
        serde_json::from_slice(&bytes).map_err(|_| DatasetError::Malformed {
            path,
            what: "it is not a head record".into(),
        })
    }

    /// The folder's own record of heads. It is the custodian's word; a public log or chain is what verifiers want.
    ///
    /// # Errors
    /// A record cannot be read.
    pub fn log_view(&self) -> Result<LogView, DatasetError> {
        let dataset = dataset_id(&self.schema.dataset);
        let head = |sequence: u64| {
            let head = self.head(sequence)?;
            Ok(Head {
                dataset,
                sequence,
                root: head.root,
                since: head.since,
            })
        };
        let heads = self
            .sequences()?
            .into_iter()
            .map(head)
            .collect::<Result<_, DatasetError>>()?;
        Ok(LogView {
            heads,
            entries: vec![],
        })
    }

    /// Makes every commitment of the latest snapshot again, compares, and only then signs its root and keeps the
    /// signature. `done` is told numbers of cells as they are checked.
    ///
    /// # Errors
    /// No snapshot, a commitment that is not that of the table, or the file system.
    pub fn attest(
        &self,
        keys: &ProverKeys,
        blinding: BlindingKey,
        attestor: &AttestorKey,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<(), DatasetError> {
        let snapshot = self.snapshot(blinding)?;
        snapshot.audit(keys.srs(), done)?;
        let folder = self.attestation_folder(snapshot.header().core.sequence);
        fs::create_dir_all(&folder)?;
        let signature = attestor.attest(snapshot.root())?;
        let path = folder.join(format!("{}.sig", attestor.address()));
        atomic::write_file(&path, |w| w.write_all(&signature))?;
        Ok(())
    }

    /// The signatures over the latest snapshot's root.
    ///
    /// # Errors
    /// No snapshot, or the file system.
    pub fn attestations(&self) -> Result<Vec<[u8; 65]>, DatasetError> {
        let folder = self.attestation_folder(self.latest()?);
        let Ok(entries) = fs::read_dir(&folder) else {
            return Ok(vec![]);
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.sort();
        let signature = |path: PathBuf| {
            let bytes = read_limited(&path, 65)?;
            bytes.try_into().map_err(|_| DatasetError::Malformed {
                path,
                what: "it is not a signature of 65 bytes".into(),
            })
        };
        paths
            .into_iter()
            .filter(|p| p.extension().is_some_and(|e| e == "sig"))
            .map(signature)
            .collect()
    }
}

/// Reads a file of at most `most` bytes.
fn read_limited(path: &Path, most: u64) -> Result<Vec<u8>, DatasetError> {
    let io = |error| DatasetError::Io {
        path: path.into(),
        error,
    };
    let got = fs::metadata(path).map_err(io)?.len();
    if got > most {
        return Err(DatasetError::Malformed {
            path: path.into(),
            what: format!("it has {got} bytes, at most {most} are possible"),
        });
    }
    fs::read(path).map_err(io)
}

#[cfg(test)]
mod tests;
