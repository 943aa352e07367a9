//! Files and folders that appear whole or not at all: written beside their place, synced, then renamed.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Writes a file under a temporary name in the same folder and renames it into place once it is on disk.
///
/// Replaces what was there. Only the owner may read the file.
///
/// # Errors
/// Those of `fill` and of the file system; the place is then as it was before.
pub fn write_file<T, E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&File>) -> Result<T, E>,
) -> Result<T, E> {
    let folder = folder_of(path);
    let temporary = tempfile::NamedTempFile::new_in(&folder)?;
    let mut writer = BufWriter::with_capacity(1 << 16, temporary.as_file());
    let value = fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|e| e.error)?;
    sync(&folder)?;
    Ok(value)
}

/// Writes a file as [`write_file`] does, where there is none yet.
///
/// # Errors
/// Those of the file system, and `AlreadyExists`; the place is then as it was before.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    let mut temporary = tempfile::NamedTempFile::new_in(&folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist_noclobber(path).map_err(|e| e.error)?;
    sync(&folder)
}

/// Fills a temporary folder beside `path` and renames it into place once everything in it is on disk.
///
/// # Errors
/// Those of `fill` and of the file system, and `AlreadyExists` where `path` exists; nothing is then left behind.
pub fn write_dir<T, E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<T, E>,
) -> Result<T, E> {
    refuse_existing(path)?;
    let folder = folder_of(path);
    let temporary = tempfile::TempDir::new_in(&folder)?;
    let value = fill(temporary.path())?;
    sync_tree(temporary.path())?;
    refuse_existing(path)?;
    fs::rename(temporary.path(), path)?;
    let _renamed = temporary.keep();
    sync(&folder)?;
    Ok(value)
}

fn refuse_existing(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let text = format!("{} exists already", path.display());
    Err(io::Error::new(io::ErrorKind::AlreadyExists, text))
}

/// The folder a path lies in; the current one for a bare name.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn sync_tree(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            sync(&entry.path())?;
        }
    }
    sync(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name = |e: io::Result<fs::DirEntry>| e.unwrap().file_name().into_string().unwrap();
        fs::read_dir(folder).unwrap().map(name).collect()
    }

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_file(&path, |w| w.write_all(b"one")).unwrap();
        let failed = write_file(&path, |w| {
            w.write_all(b"two")?;
            Err::<(), _>(io::Error::other("no"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_file(&path, |w| w.write_all(b"two")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_folder_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d");
        let fill = |tmp: &Path| {
            fs::create_dir(tmp.join("sub"))?;
            fs::write(tmp.join("sub/x"), b"x")
        };
        let failed = write_dir(&path, |tmp| {
            fill(tmp)?;
            Err::<(), _>(io::Error::other("no"))
        });
        assert!(failed.is_err());
        assert!(names(folder.path()).is_empty());
        write_dir(&path, fill).unwrap();
        assert_eq!(fs::read(path.join("sub/x")).unwrap(), b"x");
        let again = write_dir(&path, fill).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["d"]);
    }
}
