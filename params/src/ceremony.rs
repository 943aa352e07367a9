//! An SRS of a ceremony and where it comes from: two files in a folder, `srs.bin` and `ceremony.toml`.

use crate::{
    ParamsError, file,
    ptau::{self, Ptau, PtauError, Published},
    srs::{RawSrs, Srs},
};
use alloy_primitives::{B256, B512};
use serde::{Deserialize, Serialize};
use std::{fs::File, path::Path};

const SRS: &str = "srs.bin";
const PROVENANCE: &str = "ceremony.toml";
/// Largest `ceremony.toml`.
const MAX_BYTES: u64 = 16 << 10;

/// An SRS with its provenance.
#[derive(Debug, Clone)]
pub struct Ceremony {
    srs: Srs,
    provenance: Provenance,
}

/// What is known of the file that an SRS comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Name of the file, without its folder.
    pub source: String,
    /// BLAKE2b-512 of the file.
    pub blake2b: B512,
    /// The ceremony; none if whoever imported the file gave its digest.
    pub ceremony: Option<String>,
    /// The file has 2^(power + 1) - 1 powers in G1.
    pub power: u8,
    /// Contributions the file states.
    pub contributions: u32,
    /// Digest of the SRS.
    pub srs: B256,
}

impl Ceremony {
    /// Imports a `.ptau` file: one that is [`ptau::PUBLISHED`], or the one of `digest`. `progress` is told how many
    /// bytes are done.
    ///
    /// # Errors
    /// I/O, whatever [`ptau::read`] refuses, or another file than wanted.
    pub fn import(
        path: &Path,
        digest: Option<B512>,
        progress: &dyn Fn(u64),
    ) -> Result<Self, ParamsError> {
        let refuse = |error| ParamsError::Ptau {
            path: path.into(),
            error,
        };
        let file = File::open(path).map_err(|e| refuse(PtauError::Io(e)))?;
        let ptau = ptau::read(file, progress).map_err(refuse)?;
        let published = accept(ptau.digest, digest).map_err(refuse)?;
        let source = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Ceremony::new(ptau, source.into(), published))
    }

    fn new(ptau: Ptau, source: String, published: Option<&Published>) -> Self {
        let provenance = Provenance {
            source,
            blake2b: ptau.digest,
            ceremony: published.map(|p| p.name.into()),
            power: ptau.power,
            contributions: ptau.contributions,
            srs: ptau.srs.verifier().digest(),
        };
        Ceremony {
            srs: ptau.srs,
            provenance,
        }
    }

    /// Whether a folder holds any of the files.
    pub fn is_in(folder: &Path) -> bool {
        [SRS, PROVENANCE].iter().any(|f| folder.join(f).exists())
    }

    /// Writes the files into a folder, which is made if need be; each is replaced in one step.
    ///
    /// # Errors
    /// I/O.
    pub fn write(&self, folder: &Path) -> Result<(), ParamsError> {
        let path = folder.join(PROVENANCE);
        let text = toml::to_string(&self.provenance).map_err(|_| ParamsError::Malformed {
            path: path.clone(),
            what: "it cannot be written",
        })?;
        self.srs.write(&folder.join(SRS))?;
        file::write(&path, text.as_bytes())
    }

    /// Reads the files and checks all of the SRS, that the provenance is about it, and that a ceremony is named only
    /// by those of its files.
    ///
    /// # Errors
    /// I/O, malformed files, files that do not belong together.
    pub fn read(folder: &Path) -> Result<Self, ParamsError> {
        let path = folder.join(SRS);
        let srs = RawSrs::read(&path)?.validate(&path)?;
        let path = folder.join(PROVENANCE);
        let malformed = |what| ParamsError::Malformed {
            path: path.clone(),
            what,
        };
        let bytes = file::read(&path, MAX_BYTES)?;
        let provenance: Provenance =
            toml::from_slice(&bytes).map_err(|_| malformed("it is not a ceremony's provenance"))?;
        provenance.check(&srs).map_err(malformed)?;
        Ok(Ceremony { srs, provenance })
    }

    /// Imports the `.ptau` file again and compares. `progress` is told how many bytes are done.
    ///
    /// # Errors
    /// As [`Ceremony::import`]; another SRS or provenance comes out of the file.
    pub fn compare(&self, path: &Path, progress: &dyn Fn(u64)) -> Result<(), ParamsError> {
        let again = Ceremony::import(path, Some(self.provenance.blake2b), progress)?;
        // A file may have been renamed.
        let provenance = Provenance {
            source: self.provenance.source.clone(),
            ..again.provenance
        };
        if provenance == self.provenance {
            Ok(())
        } else {
            Err(ParamsError::Ptau {
                path: path.into(),
                error: PtauError::Other,
            })
        }
    }

    /// The SRS.
    pub fn srs(&self) -> &Srs {
        &self.srs
    }

    /// Where it comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

impl Provenance {
    /// Checks that this is about an SRS.
    fn check(&self, srs: &Srs) -> Result<(), &'static str> {
        let published = Published::of_digest(self.blake2b);
        let name = published.map(|p| p.name);
        if self.srs != srs.verifier().digest() {
            return Err("it is about another SRS than the one beside it");
        }
        if srs.verifier().bits != self.power.min(*crate::srs::BITS.end()) {
            return Err("its power is not that of the SRS");
        }
        if self.ceremony.as_deref() != name || published.is_some_and(|p| p.srs != self.srs) {
            return Err("it does not name the ceremony of its digest and SRS");
        }
        Ok(())
    }
}

/// Whether a file may be imported, by its digest and the one wanted, if any; gives what is known of it.
fn accept(got: B512, want: Option<B512>) -> Result<Option<&'static Published>, PtauError> {
    let published = Published::of_digest(got);
    match want {
        Some(want) if want != got => Err(PtauError::Digest { got }),
        None if published.is_none() => Err(PtauError::Unlisted { digest: got }),
        _ => Ok(published),
    }
}
