//! Parameters: the SRS, circuit keys, and where they come from. The only crate that reads key files.

pub mod circuit;
pub mod dev;
mod file;
pub mod srs;

use nectar_verifier::{keys::KeyError, shape::Shape};
use std::{path::PathBuf, sync::OnceLock};

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
    #[error("{path}: {what}; remove it and make it again")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
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
    #[error("circuit {shape}: {what}")]
    Circuit {
        /// The shape.
        shape: Shape,
        /// What is wrong.
        what: String,
    },
}

/// Everything a prover needs: the SRS, and a circuit key for each shape, loaded when first used.
pub struct ProverKeys {
    srs: srs::Srs,
    circuits: [OnceLock<circuit::CircuitKey>; 2],
    source: Box<dyn Fn(Shape) -> Result<circuit::CircuitKey, ParamsError> + Send + Sync>,
}

impl ProverKeys {
    /// Keys whose circuits come from `source` when first used.
    pub fn new(
        srs: srs::Srs,
        source: impl Fn(Shape) -> Result<circuit::CircuitKey, ParamsError> + Send + Sync + 'static,
    ) -> Self {
        ProverKeys {
            srs,
            circuits: Default::default(),
            source: Box::new(source),
        }
    }

    /// The SRS.
    pub fn srs(&self) -> &srs::Srs {
        &self.srs
    }

    /// The key of a shape.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn circuit(&self, shape: Shape) -> Result<&circuit::CircuitKey, ParamsError> {
        let cell = match shape {
            Shape::Compact => &self.circuits[0],
            Shape::Wide => &self.circuits[1],
        };
        if let Some(key) = cell.get() {
            return Ok(key);
        }
        let key = (self.source)(shape)?;
        Ok(cell.get_or_init(|| key))
    }
}
