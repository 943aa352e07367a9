//! Why parameters cannot be had.

use crate::{lock::error::LockError, ptau::error::PtauError, zkey::error::ZkeyError};
use nectar_verifier::{circuit::Circuit, keys::KeyError};
use std::path::PathBuf;

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
    /// A part of a set is compared with files it does not come from.
    #[error("it comes from a public seed and from no ceremony's files: INSECURE")]
    NotOfFiles,
    /// A set has no key of a circuit.
    #[error(
        "{folder}: it has no key of circuit {circuit}; `nectar params key import` adds that of a ceremony, \
         `nectar params dev` makes insecure ones"
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
    #[error("the SRS serves segments of at most 2^{most} rows, not 2^{got}")]
    SegmentBits {
        /// Bits wanted.
        got: u8,
        /// Bits there are.
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
