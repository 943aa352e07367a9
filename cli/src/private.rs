//! Files for their owner's eyes alone: never written over, never read where others can read them, too.

use crate::failure::{Failure, Outcome};
use nectar_dataset::atomic;
use std::{fs, io::ErrorKind, path::Path};
use zeroize::Zeroizing;

/// Largest file of a secret.
const MAX_SECRET: u64 = 1 << 14;

/// Writes a new file that nobody but its owner can read.
///
/// # Errors
/// The file exists already, or I/O.
pub fn write_new(path: &Path, bytes: &[u8]) -> Outcome {
    atomic::write_new(path, bytes).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Failure::Usage(format!(
            "{} exists already and is not written over; choose another name, or move it away",
            path.display()
        )),
        _ => Failure::at(path)(e),
    })
}

/// Reads the file of a secret.
///
/// # Errors
/// I/O, a file larger than a secret can be, or one that others may read.
pub fn read_secret(path: &Path) -> Outcome<Zeroizing<String>> {
    let length = fs::metadata(path).map_err(Failure::at(path))?.len();
    if length > MAX_SECRET {
        let shown = path.display();
        return Err(Failure::Refused(format!(
            "{shown}: larger than a secret's file can be"
        )));
    }
    refuse_readable_by_others(path)?;
    let text = fs::read_to_string(path).map_err(Failure::at(path))?;
    Ok(Zeroizing::new(text))
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)
        .map_err(Failure::at(path))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "{} may be read by others; run `chmod 600` on it, or make a new one if somebody may have",
        path.display()
    )))
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &Path) -> Outcome {
    Ok(())
}
