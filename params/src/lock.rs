//! `lock.toml`: what a set of parameters consists of, by digest, and where each part comes from.
//!
//! The first line is `id = "0x.."`, keccak256 of all bytes after it: the id names the whole of the set, provenance
//! included, and a file that was edited is refused.

pub(crate) mod error;

pub use error::LockError;

use crate::{ceremony::Provenance, error::ParamsError, file, phase2::ZkeySource};
use alloy_primitives::{B256, Keccak256};
use nectar_circuits::fingerprint::pinned;
use nectar_verifier::{circuit::Circuit, keys::KeyTriple, trust::INSECURE_DEV_KEYS};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Name of the file in a set's folder.
pub const LOCK: &str = "lock.toml";
/// Largest file; a contribution takes some 250 bytes, so it serves ceremonies of ten thousand contributors.
pub(crate) const MAX_LOCK_BYTES: u64 = 8 << 20;
const TAG: &[u8] = b"nectar/v1/parameters";
const HEAD: &str = "id = \"";

/// What a set consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The SRS of the commitments.
    pub srs: SrsEntry,
    /// The keys of circuits, at most one of each.
    #[serde(default, rename = "circuit", skip_serializing_if = "Vec::is_empty")]
    pub circuits: Vec<KeyEntry>,
}

/// An SRS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SrsEntry {
    /// Digest of the SRS, as headers name it.
    pub digest: B256,
    /// It serves segments of at most 2^bits rows.
    pub bits: u8,
    /// Where it comes from.
    pub source: SrsSource,
}

/// Where an SRS comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SrsSource {
    /// From a public seed: everybody knows its secret.
    InsecurePublicSeed,
    /// From a ceremony's file.
    Ptau(Provenance),
}

/// A circuit's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// Name of the circuit.
    pub name: String,
    /// Fingerprint of the circuit the key was made for.
    pub fingerprint: B256,
    /// Digest of the verification key, as headers name it.
    pub key: B256,
    /// keccak256 of the file with the proving key.
    pub file: B256,
    /// Where it comes from.
    pub source: KeySource,
}

/// Where a circuit's key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeySource {
    /// From a public seed: everybody knows its secrets.
    InsecurePublicSeed,
    /// From a phase-2 ceremony's file.
    Zkey(Box<ZkeySource>),
}

/// The id a file begins with; the rest of it is a [`Lock`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "id")]
    _id: B256,
    srs: SrsEntry,
    #[serde(default, rename = "circuit")]
    circuits: Vec<KeyEntry>,
}

impl Lock {
    /// Reads a lock and checks it: that nobody edited it, that its keys are for this program's circuits, and that what
    /// it says of development keys is true.
    ///
    /// # Errors
    /// I/O, or [`LockError`].
    pub fn read(path: &Path) -> Result<Self, ParamsError> {
        let bytes = file::read(path, MAX_LOCK_BYTES)?;
        let refuse = |error| ParamsError::Lock {
            path: path.into(),
            error,
        };
        Lock::decode(&bytes).map_err(refuse)
    }

    /// [`Lock::read`], of bytes.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LockError> {
        let format = |e: &str| LockError::Format(e.escape_debug().to_string());
        let text = str::from_utf8(bytes).map_err(|e| format(&e.to_string()))?;
        let (line, rest) = text.split_once('\n').ok_or(LockError::NoId)?;
        let id = line
            .strip_prefix(HEAD)
            .and_then(|l| l.strip_suffix('"'))
            .and_then(|id| id.parse().ok());
        let (got, want) = (id.ok_or(LockError::NoId)?, id_of(rest));
        if got != want {
            return Err(LockError::Id { got, want });
        }
        let document: Document = toml::from_str(text).map_err(|e| format(e.message()))?;
        let lock = Lock {
            srs: document.srs,
            circuits: document.circuits,
        };
        // One lock has one text, and so one id.
        if lock.encode() != text {
            return Err(LockError::NotCanonical);
        }
        lock.check().map(|()| lock)
    }

    /// The text of the file.
    pub fn encode(&self) -> String {
        let body = self.body();
        format!("{HEAD}{}\"\n{body}", id_of(&body))
    }

    /// The id of the set.
    pub fn id(&self) -> B256 {
        id_of(&self.body())
    }

    fn body(&self) -> String {
        // Nothing in these types is without a form in TOML.
        toml::to_string(self).unwrap_or_default()
    }

    /// The entry of a circuit.
    pub fn circuit(&self, circuit: Circuit) -> Option<&KeyEntry> {
        self.circuits.iter().find(|e| e.name == circuit.name())
    }

    /// What verifiers who accept the set accept.
    pub fn triples(&self) -> impl Iterator<Item = KeyTriple> {
        let triple = |circuit| {
            self.circuit(circuit).map(|entry| KeyTriple {
                srs: self.srs.digest,
                key: entry.key,
                circuit,
            })
        };
        Circuit::ALL.into_iter().filter_map(triple)
    }

    /// Whether any part of it is from a public seed.
    pub fn is_insecure(&self) -> bool {
        let keys = self.circuits.iter().map(|e| &e.source);
        self.srs.source == SrsSource::InsecurePublicSeed
            || keys
                .into_iter()
                .any(|s| *s == KeySource::InsecurePublicSeed)
    }

    fn check(&self) -> Result<(), LockError> {
        self.srs.check()?;
        for (place, entry) in self.circuits.iter().enumerate() {
            let circuit = entry.circuit()?;
            if self.circuits[..place].iter().any(|e| e.name == entry.name) {
                return Err(LockError::DuplicateKey(circuit));
            }
            entry.check(circuit)?;
        }
        Ok(())
    }
}

impl SrsEntry {
    fn check(&self) -> Result<(), LockError> {
        let known = INSECURE_DEV_KEYS.iter().any(|dev| dev.srs == self.digest);
        if known != (self.source == SrsSource::InsecurePublicSeed) {
            return Err(LockError::Mislabelled("the SRS"));
        }
        match &self.source {
            SrsSource::InsecurePublicSeed => Ok(()),
            SrsSource::Ptau(provenance) => provenance
                .check(self.digest, self.bits)
                .map_err(LockError::Srs),
        }
    }
}

impl KeyEntry {
    /// The circuit it is the key of.
    ///
    /// # Errors
    /// There is none of its name.
    pub fn circuit(&self) -> Result<Circuit, LockError> {
        Circuit::ALL
            .into_iter()
            .find(|c| c.name() == self.name)
            .ok_or_else(|| LockError::UnknownCircuit(self.name.clone()))
    }

    fn check(&self, circuit: Circuit) -> Result<(), LockError> {
        let want = pinned(circuit);
        if self.fingerprint.to_string() != want {
            return Err(LockError::Fingerprint {
                circuit,
                got: self.fingerprint,
                want: want.into(),
            });
        }
        let known = INSECURE_DEV_KEYS.iter().any(|dev| dev.key == self.key);
        if known != (self.source == KeySource::InsecurePublicSeed) {
            return Err(LockError::Mislabelled(circuit.name()));
        }
        match &self.source {
            KeySource::InsecurePublicSeed => Ok(()),
            KeySource::Zkey(source) => source
                .check()
                .map_err(|what| LockError::Key { circuit, what }),
        }
    }
}

fn id_of(rest: &str) -> B256 {
    let mut hasher = Keccak256::new();
    hasher.update(TAG);
    hasher.update(rest);
    hasher.finalize()
}
