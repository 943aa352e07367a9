//! Why parameters cannot be had.

use crate::{lock::error::LockError, ptau::error::PtauError, zkey::error::ZkeyError};
use alloy_primitives::B256;
use nectar_verifier::{circuit::Circuit, keys::KeyError};
use std::path::{Path, PathBuf};

/// Why parameters cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ParamsError {
    /// Reading or writing failed.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {what}; remove it, and make or import it again")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
    /// A part of a set is not the one that its lock names.
    #[error(
        "{path}: the digest of {what} is {got}, the lock wants {want}; remove it, and make or import it again"
    )]
    Digest {
        /// The file.
        path: PathBuf,
        /// What the digest is of.
        what: &'static str,
        /// Digest of what is there.
        got: B256,
        /// Digest in the lock.
        want: B256,
    },
    /// A file is larger than its kind may be.
    #[error("{path}: it has more than {most} bytes, the most a file of its kind may have")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes.
        most: u64,
    },
    /// A lock is refused.
    #[error("{path}: {error}")]
    Lock {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: LockError,
    },
    /// A folder holds another set than the one wanted.
    #[error("{folder}: it holds other parameters, which are not replaced; name another folder")]
    OtherSet {
        /// The folder.
        folder: PathBuf,
    },
    /// A part of a set is to be compared with files of a ceremony, and comes from none.
    #[error("it comes from a public seed and not from a ceremony: INSECURE")]
    NotOfFiles,
    /// A set has no key of a circuit.
    #[error(
        "{folder}: it has no key of circuit {circuit}; import that of a ceremony, or make an insecure one for development"
    )]
    NoKey {
        /// The set's folder.
        folder: PathBuf,
        /// The circuit.
        circuit: Circuit,
    },
    /// A ceremony's file is refused.
    #[error("{path}: {error}")]
    Ptau {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: PtauError,
    },
    /// A key file of a ceremony is refused.
    #[error("{path}: {error}")]
    Zkey {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: ZkeyError,
    },
    /// A key in a file is refused.
    #[error("{path}: {error}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: KeyError,
    },
    /// The SRS does not serve segments of this size.
    #[error("the SRS serves segments of at most 2^{most} rows, got 2^{got}")]
    SegmentBits {
        /// Bits of the segments.
        got: u8,
        /// Bits of the largest segments that the SRS serves.
        most: u8,
    },
    /// The circuit and its key do not fit.
    #[error("circuit {circuit}: {what}")]
    Circuit {
        /// The circuit.
        circuit: Circuit,
        /// What is wrong.
        what: String,
    },
}

impl ParamsError {
    /// Compares the digest of a part of a set with the one in its lock.
    pub(crate) fn check_digest(
        path: &Path,
        what: &'static str,
        got: B256,
        want: B256,
    ) -> Result<(), Self> {
        if got == want {
            return Ok(());
        }
        let path = path.into();
        Err(ParamsError::Digest {
            path,
            what,
            got,
            want,
        })
    }
}
