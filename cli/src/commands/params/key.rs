//! `nectar params key`: the circuits, and their keys of a phase-2 ceremony.

mod export;
pub mod import;

use crate::failure::Outcome;
use clap::{Args, Subcommand};

/// Writes circuits for a phase-2 ceremony, and imports the keys that come out of it
#[derive(Debug, Args)]
pub struct Key {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Export(export::Export),
    Import(import::Import),
}

impl Key {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        match self.action {
            Action::Export(export) => export.run(),
            Action::Import(import) => import.run(),
        }
    }
}
