//! A set of parameters: a folder with `lock.toml`, `srs.bin`, and `<circuit>.pk` for each circuit that has a key.
//!
//! The lock is written last, so a set is as before or as after whatever was interrupted; files it does not name are
//! not part of the set.

use crate::{
    ceremony::Ceremony,
    circuit::CircuitKey,
    error::ParamsError,
    file,
    lock::{KeyEntry, KeySource, LOCK, Lock, MAX_LOCK_BYTES, SrsEntry, SrsSource},
    phase2::{self, Files},
    prover_keys::ProverKeys,
    ptau::PtauError,
    public_seed::insecure_circuit,
    srs::{RawSrs, Srs},
};
use alloy_primitives::{B256, keccak256};
use nectar_circuits::fingerprint::fingerprint;
use nectar_verifier::circuit::Circuit;
use std::path::{Path, PathBuf};

const SRS: &str = "srs.bin";

/// A set whose lock and SRS were checked; keys are when they are loaded.
#[derive(Debug, Clone)]
pub struct Set {
    folder: PathBuf,
    lock: Lock,
    srs: Srs,
}

impl Set {
    /// Whether a folder is that of a set.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(LOCK).exists()
    }

    /// Makes a set of an SRS alone, in a folder that is made if need be.
    ///
    /// # Errors
    /// The folder holds a set, or I/O.
    pub fn create(folder: &Path, srs: Srs, source: SrsSource) -> Result<Self, ParamsError> {
        if Set::is_in(folder) {
            let folder = folder.into();
            return Err(ParamsError::OtherSet { folder });
        }
        srs.write(&folder.join(SRS))?;
        let lock = Lock {
            srs: SrsEntry {
                digest: srs.verifier().digest(),
                bits: srs.verifier().bits,
                source,
            },
            circuits: vec![],
        };
        let folder = folder.to_path_buf();
        let set = Set { folder, lock, srs };
        set.write_lock().map(|()| set)
    }

    /// Opens a set: all of the lock and of the SRS is checked.
    ///
    /// # Errors
    /// I/O, malformed files, files that do not belong together.
    pub fn open(folder: &Path) -> Result<Self, ParamsError> {
        let lock = Lock::read(&folder.join(LOCK))?;
        let path = folder.join(SRS);
        let srs = RawSrs::read(&path)?.validate(&path)?;
        ParamsError::check_digest(&path, "the SRS", srs.verifier().digest(), lock.srs.digest)?;
        if srs.verifier().bits != lock.srs.bits {
            let what = "it serves segments of another size than its lock says";
            return Err(ParamsError::Malformed { path, what });
        }
        let folder = folder.to_path_buf();
        Ok(Set { folder, lock, srs })
    }

    /// Adds the key of a circuit that has none. Others may have added keys since the set was opened; they stay.
    ///
    /// # Errors
    /// There is a key already, or I/O.
    pub fn add(&mut self, key: &CircuitKey, source: KeySource) -> Result<(), ParamsError> {
        // This file stays as it is: who has it locked is the only one to write.
        let _lock = file::lock(&self.folder.join(SRS))?;
        self.lock = Lock::read(&self.folder.join(LOCK))?;
        let circuit = key.verifier().circuit();
        if self.lock.circuit(circuit).is_some() {
            return Err(self.other_set());
        }
        let entry = KeyEntry {
            name: circuit.name().into(),
            fingerprint: fingerprint(key.compiled()),
            key: key.verifier().digest(),
            file: key.write(&self.path(circuit))?,
            source,
        };
        self.lock.circuits.push(entry);
        self.write_lock()
    }

    fn write_lock(&self) -> Result<(), ParamsError> {
        let (path, text) = (self.folder.join(LOCK), self.lock.encode());
        if text.len() as u64 > MAX_LOCK_BYTES {
            let most = MAX_LOCK_BYTES;
            return Err(ParamsError::TooLarge { path, most });
        }
        file::write(&path, text.as_bytes())
    }

    fn other_set(&self) -> ParamsError {
        ParamsError::OtherSet {
            folder: self.folder.clone(),
        }
    }

    fn path(&self, circuit: Circuit) -> PathBuf {
        self.folder.join(format!("{circuit}.pk"))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it consists of.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// Its id.
    pub fn id(&self) -> B256 {
        self.lock.id()
    }

    /// Its SRS.
    pub fn srs(&self) -> &Srs {
        &self.srs
    }

    /// Imports the `.ptau` file that the SRS comes from again, and compares. `progress` is told how many bytes are
    /// done.
    ///
    /// # Errors
    /// As [`Ceremony::import`]; the SRS comes from no file, or another SRS or provenance comes out of this one.
    pub fn compare_srs(&self, path: &Path, progress: &dyn Fn(u64)) -> Result<(), ParamsError> {
        let SrsSource::Ptau(kept) = &self.lock.srs.source else {
            return Err(ParamsError::NotOfFiles);
        };
        let again = Ceremony::import(path, Some(kept.blake2b), progress)?;
        if again.provenance().same_file_as(kept) && again.srs().verifier() == self.srs.verifier() {
            Ok(())
        } else {
            Err(ParamsError::Ptau {
                path: path.into(),
                error: PtauError::NotItsSource,
            })
        }
    }

    /// Loads the key of a circuit, if it is the lock's.
    ///
    /// # Errors
    /// There is none, I/O, or another key.
    pub fn circuit(&self, circuit: Circuit) -> Result<CircuitKey, ParamsError> {
        let (path, entry) = (self.path(circuit), self.entry(circuit)?);
        let key = CircuitKey::read(&path, circuit, entry.file)?;
        let digest = key.verifier().digest();
        ParamsError::check_digest(&path, "the verification key", digest, entry.key)?;
        Ok(key)
    }

    fn entry(&self, circuit: Circuit) -> Result<&KeyEntry, ParamsError> {
        self.lock
            .circuit(circuit)
            .ok_or_else(|| ParamsError::NoKey {
                folder: self.folder.clone(),
                circuit,
            })
    }

    /// Loads the key of a circuit and makes again what can be made again without other files: the circuit, whose
    /// fingerprint has to be the lock's, and a key that comes from the public seed.
    ///
    /// # Errors
    /// As [`Set::circuit`], or another circuit or key is made.
    pub fn verify_circuit(&self, circuit: Circuit) -> Result<(), ParamsError> {
        let key = self.circuit(circuit)?;
        let entry = self.entry(circuit)?;
        let refuse = |what: &str| ParamsError::Circuit {
            circuit,
            what: what.into(),
        };
        if entry.fingerprint != fingerprint(key.compiled()) {
            return Err(refuse(
                "the fingerprint in its lock is not that of the circuit",
            ));
        }
        if entry.source == KeySource::InsecurePublicSeed
            && insecure_circuit(circuit)?.encode() != key.encode()
        {
            return Err(refuse("its key is not that of the public seed"));
        }
        Ok(())
    }

    /// Imports the files that a circuit's key comes from again, and compares. `progress` is told how many bytes of the
    /// `.ptau` file are done.
    ///
    /// # Errors
    /// As [`phase2::import`]; the key comes from no files, or another key or provenance comes out of these.
    pub fn compare_key(
        &self,
        circuit: Circuit,
        zkey: &Path,
        ptau: &Path,
        progress: &dyn Fn(u64),
    ) -> Result<(), ParamsError> {
        let entry = self.entry(circuit)?;
        let KeySource::Zkey(kept) = &entry.source else {
            return Err(ParamsError::NotOfFiles);
        };
        let files = Files {
            zkey,
            ptau,
            digest: Some(kept.phase1.blake2b),
            circuit_hash: kept.phase2.circuit_hash,
        };
        let (key, source) = phase2::import(circuit, files, progress)?;
        let bytes = key.encode().unwrap_or_default();
        if source.same_files_as(kept) && keccak256(bytes) == entry.file {
            Ok(())
        } else {
            Err(ParamsError::Circuit {
                circuit,
                what: "its key or its provenance is not that of these files".into(),
            })
        }
    }

    /// The set as provers use it.
    pub fn prover_keys(self) -> ProverKeys {
        let srs = self.srs.clone();
        ProverKeys::new(srs, move |circuit| self.circuit(circuit))
    }
}
