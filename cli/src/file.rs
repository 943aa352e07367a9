//! Files that are given to commands, within limits.

use crate::failure::{Failure, Outcome};
use std::{fs::File, io::Read, path::Path};

/// Reads a file of at most `most` bytes, which is to be `what`.
///
/// # Errors
/// I/O, or a larger file.
pub fn read_limited(path: &Path, most: usize, what: &str) -> Outcome<Vec<u8>> {
    let file = File::open(path).map_err(Failure::at(path))?;
    let mut bytes = vec![];
    // One byte more shows that there are more, whatever the file said of its length.
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = file.take(limit).read_to_end(&mut bytes);
    read.map_err(Failure::at(path))?;
    if bytes.len() > most {
        return Err(Failure::Refused(format!(
            "{}: more than {most} bytes, and {what} has at most so many",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Reads a text of at most `most` bytes, which is to be `what`.
///
/// # Errors
/// I/O, a larger file, or bytes that are not UTF-8.
pub fn read_text(path: &Path, most: usize, what: &str) -> Outcome<String> {
    let bytes = read_limited(path, most, what)?;
    String::from_utf8(bytes)
        .map_err(|e| Failure::Refused(format!("{}: not UTF-8 text: {e}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_limit_and_a_text_is_utf8() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, [b'a', b'b', 0xff]).unwrap();
        assert_eq!(read_limited(&path, 3, "a test").unwrap().len(), 3);
        let text = |got: Outcome<String>| got.unwrap_err().to_string();
        assert!(text(read_text(&path, 2, "a test")).contains("more than 2 bytes"));
        assert!(text(read_text(&path, 3, "a test")).contains("not UTF-8"));
        // A file that has no length of its own.
        let endless = Path::new("/dev/zero");
        if endless.exists() {
            assert!(read_limited(endless, 10, "a test").is_err());
        }
    }
}
