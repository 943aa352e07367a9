//! Files of keys: read whole, replaced in one step.

use crate::error::ParamsError;
use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
};

/// Largest file of keys.
pub(crate) const MAX_KEY_BYTES: u64 = 1 << 30;

/// Reads a file of at most `most` bytes.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>, ParamsError> {
    let io = |error| ParamsError::Io {
        path: path.into(),
        error,
    };
    let mut bytes = vec![];
    let mut file = File::open(path).map_err(io)?.take(most + 1);
    file.read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > most {
        let path = path.into();
        return Err(ParamsError::TooLarge { path, most });
    }
    Ok(bytes)
}

/// Locks a file until what is given back is dropped; waits for others who have it locked.
pub(crate) fn lock(path: &Path) -> Result<File, ParamsError> {
    let io = |error| ParamsError::Io {
        path: path.into(),
        error,
    };
    let file = File::open(path).map_err(io)?;
    file.lock().map_err(io)?;
    Ok(file)
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
    fs::rename(&temporary, path).map_err(io)?;
    // The folder's entry has to outlast a loss of power before anything names the file.
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder).and_then(|f| f.sync_all()).map_err(io),
        None => Ok(()),
    }
}
