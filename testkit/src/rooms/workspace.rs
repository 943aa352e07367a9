//! The workspace's manifests and files, and what is wrong with one of them.

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};
use toml::Table;

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}", file.display())]
pub struct Error {
    /// Where.
    pub file: PathBuf,
    /// What.
    pub what: String,
}

impl Error {
    pub(super) fn new(file: &Path, what: impl Display) -> Self {
        Error {
            file: file.into(),
            what: what.to_string(),
        }
    }
}

/// The folders of the workspace's crates, as the manifest at `root` lists them.
///
/// # Errors
/// The manifest cannot be read, or lists none.
pub fn members(root: &Path) -> Result<Vec<String>, Error> {
    let file = root.join("Cargo.toml");
    let members = manifest(&file)?
        .get("workspace")
        .and_then(|w| w.get("members")?.as_array())
        .and_then(|m| m.iter().map(|v| v.as_str().map(str::to_owned)).collect());
    members.ok_or_else(|| Error::new(&file, "it lists no members of a workspace"))
}

/// A manifest of cargo.
///
/// # Errors
/// It cannot be read, or is no TOML.
pub fn manifest(file: &Path) -> Result<Table, Error> {
    text(file)?.parse().map_err(|e| Error::new(file, e))
}

/// A file as text.
pub(super) fn text(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file).map_err(|e| Error::new(file, e))
}
