//! Notes of snapshots whose manifests were checked here, so that none is checked twice: `nectar/checked.toml` in the
//! user's folder of state unless it is said where. Only a successful check writes it, and it is never looked for among
//! files that others hand out.

use crate::failure::{Failure, Outcome};
use alloy_primitives::B256;
use nectar_dataset::atomic;
use nectar_verifier::{
    circuit::Circuit,
    keys::KeyTriple,
    trust::{AcceptedSnapshot, CheckedRoots},
};
use serde::{Deserialize, Serialize};
use std::{
    env, fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

/// The file's place in the folder of state, `$XDG_STATE_HOME` or `~/.local/state`.
const FILE: &str = "nectar/checked.toml";
/// Largest file: some 50,000 notes.
const MAX_BYTES: u64 = 16 << 20;
const HEAD: &str = "# Snapshots whose manifests `nectar snapshot verify` has checked here. Whoever can change this file decides what\n\
                    # its reader accepts; it may be deleted at any time, and snapshots be checked again.\n\n";

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notes {
    #[serde(default, rename = "checked")]
    notes: Vec<Note>,
}

/// A root, and the digests of the keys its index proofs were checked under.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    root: B256,
    srs: B256,
    key: B256,
}

impl From<Note> for (B256, KeyTriple) {
    fn from(note: Note) -> Self {
        let Note { root, srs, key } = note;
        let circuit = Circuit::Index;
        (root, KeyTriple { srs, key, circuit })
    }
}

/// Where the notes are: as said, or in the user's folder of state.
///
/// # Errors
/// The user has no such folder.
pub fn place(said: Option<&Path>) -> Outcome<PathBuf> {
    let state = || {
        let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
        let named = named.filter(|path| path.is_absolute());
        named.or_else(|| Some(env::home_dir()?.join(".local/state")))
    };
    let place = said
        .map(Path::to_path_buf)
        .or_else(|| Some(state()?.join(FILE)));
    place.ok_or_else(|| {
        Failure::Usage(
            "no home folder to note checked snapshots in; name a file with --checked".into(),
        )
    })
}

/// Reads the notes; no file is no notes.
///
/// # Errors
/// I/O, or a file that is none.
pub fn read(path: &Path) -> Outcome<CheckedRoots> {
    let malformed = |what: String| {
        Failure::Usage(format!(
            "{}: not a file of checked snapshots: {what}\ndelete it, and check the snapshots again with `nectar \
             snapshot verify`",
            path.display()
        ))
    };
    let bytes = match fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(CheckedRoots::default()),
        Ok(file) if file.len() > MAX_BYTES => return Err(malformed("it is too large".into())),
        _ => fs::read(path).map_err(Failure::at(path))?,
    };
    let text = str::from_utf8(&bytes).map_err(|e| malformed(e.to_string()))?;
    let notes: Notes = toml::from_str(text).map_err(|e| malformed(e.to_string()))?;
    let notes = notes.notes.into_iter().map(<(B256, KeyTriple)>::from);
    Ok(CheckedRoots::from_own_notes(notes))
}

/// Adds a snapshot that was checked just now.
///
/// # Errors
/// I/O, or a file that is none.
pub fn note(path: &Path, snapshot: &AcceptedSnapshot) -> Outcome {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(Failure::at(folder))?;
    }
    let mut roots = read(path)?;
    roots.note(snapshot);
    let note = |(root, keys): (&B256, &KeyTriple)| Note {
        root: *root,
        srs: keys.srs,
        key: keys.key,
    };
    let notes = roots.iter().map(note).collect();
    let body = toml::to_string(&Notes { notes }).map_err(Failure::refused)?;
    let text = format!("{HEAD}{body}");
    atomic::write_file(path, |out| out.write_all(text.as_bytes())).map_err(Failure::at(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nectar_verifier::trust::{AcceptedKeys, INSECURE_DEV_KEYS};

    const ROOT: B256 = B256::repeat_byte(3);

    fn text(key: &KeyTriple) -> String {
        let KeyTriple { srs, key, .. } = key;
        format!("[[checked]]\nroot = \"{ROOT}\"\nsrs = \"{srs}\"\nkey = \"{key}\"\n")
    }

    #[test]
    fn a_root_is_accepted_under_a_key_that_still_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checked.toml");
        let dev = AcceptedKeys::compiled_in().with_insecure_dev_keys();
        assert_eq!(read(&path).unwrap().accept(ROOT, &dev), None);

        let index = INSECURE_DEV_KEYS
            .iter()
            .find(|k| k.circuit == Circuit::Index)
            .unwrap();
        fs::write(&path, text(index)).unwrap();
        let noted = read(&path).unwrap();
        let accepted = noted.accept(ROOT, &dev).unwrap();
        assert!(accepted.rests_on_insecure_dev_keys());
        assert_eq!(noted.accept(ROOT, &AcceptedKeys::compiled_in()), None);
        assert_eq!(noted.accept(B256::ZERO, &dev), None);
        note(&path, &accepted).unwrap();
        assert_eq!(read(&path).unwrap(), noted);

        let other = KeyTriple {
            key: B256::repeat_byte(9),
            ..*index
        };
        fs::write(&path, text(&other)).unwrap();
        assert_eq!(read(&path).unwrap().accept(ROOT, &dev), None);
    }

    #[test]
    fn a_malformed_file_is_refused_and_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checked.toml");
        for text in ["root = 1", "[[checked]]\nroot = \"0x12\"", "\u{0}"] {
            fs::write(&path, text).unwrap();
            let refused = read(&path).unwrap_err();
            assert!(
                matches!(&refused, Failure::Usage(m) if m.contains("delete it")),
                "{refused}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
}
