//! Running the program.

use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A command in a folder, its output taken.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nectar"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder, arguments).output().unwrap().into()
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// The JSON that a run which has to succeed printed.
    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.succeeded()).unwrap()
    }

    /// The output of a run that has to succeed.
    #[track_caller]
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Checks exit code and message of a run that has to fail.
    #[track_caller]
    pub fn failed(self, code: i32, message: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.contains(message), "want {message:?}, got {self:?}");
    }
}
