//! How a command fails: a message for people, and the exit code scripts go by.

use std::{fmt::Display, path::Path, process::ExitCode};

/// Why a command did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Something was examined and refused: a proof, a query, a file's content. Exit code 1.
    #[error("{0}")]
    Refused(String),
    /// The command was not given what it needs. Exit code 2.
    #[error("{0}")]
    Usage(String),
    /// A file, the network or the operating system. Exit code 3.
    #[error("{0}")]
    Io(String),
}

/// The result of a command.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A refusal in the words of an error.
    pub fn refused(error: impl Display) -> Self {
        Failure::Refused(error.to_string())
    }

    /// A misuse in the words of an error.
    pub fn usage(error: impl Display) -> Self {
        Failure::Usage(error.to_string())
    }

    /// A fault of the system in the words of an error.
    pub fn io(error: impl Display) -> Self {
        Failure::Io(error.to_string())
    }

    /// A fault of the system at a path.
    pub fn at(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |error| Failure::Io(format!("{}: {error}", path.display()))
    }

    /// The process' exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Refused(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Io(_) => 3,
        })
    }
}
