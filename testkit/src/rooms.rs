//! The shape of the tree, measured: which modules import each other in a circle, the digests of the files that others
//! hold us to, and how large the program is.

mod circles;
mod digests;
mod modules;
mod names;
#[cfg(test)]
mod tests;
mod workspace;

pub use circles::{Circle, Cycles};
pub use digests::Digests;
pub use workspace::{Error, manifest, members};

use serde::Serialize;
use std::{
    env::{self, consts::EXE_SUFFIX},
    fmt::{self, Display, Formatter},
    fs,
    path::{Path, PathBuf},
};

/// One measurement. In JSON an object whose field `case` says which.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "case", rename_all = "lowercase")]
pub enum Case {
    /// Circles of imports.
    Cycles(Cycles),
    /// Digests of what must not change unnoticed.
    Digests(Digests),
    /// The command line, built for release.
    Binary {
        /// Its size; none where it is not built.
        bytes: Option<u64>,
    },
}

/// Takes every measurement of the workspace at `root`.
///
/// # Errors
/// A file of it cannot be read or is not what its name says.
pub fn measure(root: &Path) -> Result<[Case; 3], Error> {
    let bytes = fs::metadata(program(root)).ok().map(|m| m.len());
    Ok([
        Case::Cycles(Cycles::read(root)?),
        Case::Digests(Digests::read(root)?),
        Case::Binary { bytes },
    ])
}

/// Where cargo puts the command line that it builds for release.
fn program(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), PathBuf::from)
        .join(format!("release/nectar{EXE_SUFFIX}"))
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Case::Cycles(cycles) => write!(f, "{cycles}"),
            Case::Digests(digests) => write!(f, "{digests}"),
            Case::Binary { bytes: Some(n) } => write!(f, "program: {n} bytes"),
            Case::Binary { bytes: None } => write!(f, "program: not built"),
        }
    }
}
