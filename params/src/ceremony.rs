//! An SRS of a ceremony and where it comes from.

use crate::{
    error::ParamsError,
    phase1::Powers,
    ptau::{self, Ptau, PtauError, Published},
    srs::{BITS, Srs},
};
use alloy_primitives::{B256, B512};
use blake2::{Blake2b512, Digest};
use serde::{Deserialize, Serialize};
use std::{fs::File, path::Path};

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
        let read = |file| ptau::read(file, progress).map(|ptau| (ptau, ()));
        open(path, digest, read).map(|(ceremony, ())| ceremony)
    }

    /// [`Ceremony::import`], with the powers that keys of circuits with a domain of size 2^`bits` are made of.
    ///
    /// # Errors
    /// As [`Ceremony::import`]; the file serves no domain of this size.
    pub fn import_for_phase2(
        path: &Path,
        digest: Option<B512>,
        bits: u8,
        progress: &dyn Fn(u64),
    ) -> Result<(Self, Powers), ParamsError> {
        open(path, digest, |file| {
            ptau::read_for_phase2(file, bits, progress)
        })
    }

    fn new(ptau: Ptau, source: String, published: Option<&Published>) -> Self {
        let provenance = Provenance {
            source,
            blake2b: ptau.digest,
            ceremony: published.map(|p| p.name.into()),
            power: ptau.power,
            contributions: ptau.contributions,
        };
        Ceremony {
            srs: ptau.srs,
            provenance,
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

    /// SRS and provenance.
    pub fn into_parts(self) -> (Srs, Provenance) {
        (self.srs, self.provenance)
    }
}

impl Provenance {
    /// Whether this is the provenance of the same file, whatever its name.
    pub(crate) fn same_file_as(&self, other: &Provenance) -> bool {
        let source = other.source.clone();
        Provenance {
            source,
            ..self.clone()
        } == *other
    }

    /// Checks that this is about an SRS of a digest that serves segments of 2^`bits` rows.
    pub(crate) fn check(&self, srs: B256, bits: u8) -> Result<(), &'static str> {
        let published = Published::of_digest(self.blake2b);
        if bits != self.power.min(*BITS.end()) {
            return Err("its power is not that of its source");
        }
        if published.is_some_and(|p| p.srs != srs) {
            return Err("it is not that of the ceremony's file");
        }
        self.check_name()
    }

    /// Checks that this names a ceremony if and only if the file is one of it.
    pub(crate) fn check_name(&self) -> Result<(), &'static str> {
        let published = Published::of_digest(self.blake2b);
        if self.ceremony.as_deref() == published.map(|p| p.name) {
            Ok(())
        } else {
            Err("its source does not name the ceremony of its digest")
        }
    }
}

/// Opens a file, reads it, and sees whose it is.
fn open<T>(
    path: &Path,
    digest: Option<B512>,
    read: impl FnOnce(File) -> Result<(Ptau, T), PtauError>,
) -> Result<(Ceremony, T), ParamsError> {
    let refuse = |error| ParamsError::Ptau {
        path: path.into(),
        error,
    };
    let file = File::open(path).map_err(|e| refuse(PtauError::Io(e)))?;
    let (ptau, more) = read(file).map_err(refuse)?;
    let published = accept(ptau.digest, digest).map_err(refuse)?;
    Ok((Ceremony::new(ptau, name_of(path), published), more))
}

/// BLAKE2b-512 of a file.
///
/// # Errors
/// I/O.
pub fn blake2b(path: &Path) -> Result<B512, ParamsError> {
    let io = |error| ParamsError::Io {
        path: path.into(),
        error,
    };
    let mut hash = Blake2b512::new();
    let mut file = File::open(path).map_err(io)?;
    std::io::copy(&mut file, &mut hash).map_err(io)?;
    Ok(B512::from_slice(&hash.finalize()))
}

/// The name of a file, without its folder.
pub(crate) fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into()
}

/// Whether a file may be imported, by its digest and the one wanted, if any; gives what is known of it.
fn accept(got: B512, want: Option<B512>) -> Result<Option<&'static Published>, PtauError> {
    let published = Published::of_digest(got);
    match want {
        Some(want) if want != got => Err(PtauError::Digest {
            got,
            want: want.into(),
        }),
        None if published.is_none() => Err(PtauError::Unlisted { digest: got }),
        _ => Ok(published),
    }
}
