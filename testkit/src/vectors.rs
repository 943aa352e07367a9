//! Test vectors for whoever writes a second verifier: made here, kept in `tests/vectors/v1`, checked by a test.

pub mod anchors;
pub mod bundle;
pub mod changes;
pub mod columns;
pub mod dates;
pub mod disclosure;
pub mod edit;
pub mod encodings;
pub mod headers;
pub mod malformed;
pub mod manifests;
pub mod merkle;
pub mod opening;
pub mod policies;
pub mod poseidon;
pub mod queries;
pub mod receipt_changes;
pub mod receipts;
pub mod refused;
pub mod schema;
pub mod text;
pub mod transcript;
pub mod wire;

use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt::{Debug, Display},
    fs,
    path::{Path, PathBuf},
};

/// One file of vectors.
pub trait Vectors: Serialize + DeserializeOwned + PartialEq + Debug {
    /// Name of the file.
    const FILE: &'static str;

    /// The vectors as the code makes them.
    fn make() -> Self;

    /// Reads every entry as a second implementation would, and panics where the code says otherwise.
    fn check(&self);
}

/// Where a file is kept.
pub fn path(file: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/v1")).join(file)
}

/// Writes a file anew.
///
/// # Panics
/// The folder cannot be written.
pub fn write<V: Vectors>() {
    let value = serde_json::to_value(V::make()).expect("JSON");
    let text = format!("{}\n", text::pretty(&value, 0));
    fs::write(path(V::FILE), text).expect("the folder can be written");
}

/// Checks the kept file: fields nobody reads are refused, its entries are those the code makes, and each holds.
///
/// # Panics
/// They are not.
pub fn check<V: Vectors>() {
    let text = fs::read_to_string(path(V::FILE)).expect("the file is kept");
    let kept: V = serde_json::from_str(&text).expect(V::FILE);
    kept.check();
    assert!(kept == V::make(), "{} is not what the code makes", V::FILE);
}

/// A name, what is changed, and the reason for which that is refused.
pub type Case<T> = (&'static str, fn(&mut T), &'static str);

/// Shows a refusal to be for the reason expected.
///
/// # Panics
/// Nothing is refused, or for another reason.
pub fn refused<T, E: Display>(name: &str, got: Result<T, E>, reason: &str) {
    match got {
        Ok(_) => panic!("{name}: accepted"),
        Err(e) => assert!(e.to_string().contains(reason), "{name}: {e}, not {reason}"),
    }
}
