//! Runs of snarkjs.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// An installed snarkjs.
pub struct Snarkjs {
    program: PathBuf,
}

/// What a run came to.
struct Answer {
    /// It ended well and reported no error; some of its commands end well after one.
    good: bool,
    /// All that it printed, without colours.
    text: String,
}

impl Snarkjs {
    /// The one in a folder where npm installed it.
    pub fn of(folder: &Path) -> Self {
        Snarkjs {
            program: folder.join("node_modules/snarkjs/build/cli.cjs"),
        }
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Answer {
        let output = Command::new("node")
            .arg(&self.program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .output()
            .expect("node has been found before");
        let text = [output.stdout, output.stderr].concat();
        let text = plain(&String::from_utf8_lossy(&text));
        let good = output.status.success() && !text.contains("[ERROR]");
        Answer { good, text }
    }

    /// A run in a folder that has to end well; gives what it printed.
    ///
    /// # Panics
    /// It does not: with all that it printed.
    pub fn succeed(&self, folder: &Path, arguments: &[&str]) -> String {
        let Answer { good, text } = self.run(folder, arguments);
        assert!(good, "snarkjs {} has failed:\n{text}", arguments.join(" "));
        text
    }

    /// A run in a folder that has to report an error; gives what it printed.
    ///
    /// # Panics
    /// It does not: with all that it printed.
    pub fn refuse(&self, folder: &Path, arguments: &[&str]) -> String {
        let Answer { good, text } = self.run(folder, arguments);
        assert!(
            !good,
            "snarkjs {} should have failed:\n{text}",
            arguments.join(" ")
        );
        text
    }
}

/// Text without the sequences that colour it: an escape, up to the next letter.
fn plain(text: &str) -> String {
    let mut pieces = text.split('\x1b');
    let first = pieces.next().unwrap_or_default().to_string();
    pieces.fold(first, |out, piece| {
        let end = piece.find(|c: char| c.is_ascii_alphabetic());
        out + piece
            .get(end.map_or(piece.len(), |at| at + 1)..)
            .unwrap_or_default()
    })
}
