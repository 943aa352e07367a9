//! Files of keys: read whole, replaced in one step.

use crate::ParamsError;
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

/// Largest file of keys.
const MAX_BYTES: u64 = 1 << 30;

/// Reads a file of at most [`MAX_BYTES`].
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ParamsError> {
    let io = |error| ParamsError::Io {
        path: path.into(),
        error,
    };
    if fs::metadata(path).map_err(io)?.len() > MAX_BYTES {
        return Err(ParamsError::Malformed {
            path: path.into(),
            what: "it is larger than 1 GiB",
        });
    }
    fs::read(path).map_err(io)
}

/// Writes beside the target and renames: readers see the old file or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ParamsError> {
    let io = |error| ParamsError::Io {
        path: path.into(),
        error,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let temporary = path.with_extension(format!("tmp-{}", std::process::id()));
    let mut file = File::create(&temporary).map_err(io)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(io)?;
    fs::rename(&temporary, path).map_err(io)
}
