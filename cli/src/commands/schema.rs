//! `nectar schema`: proposals for schemas.

use super::import::refusals;
use crate::{
    failure::{Failure, Outcome},
    terminal::{Terminal, bar, print},
};
use clap::{Args, Subcommand};
use nectar_dataset::infer;
use std::path::PathBuf;

/// Works with schemas: what the columns of a file mean
#[derive(Debug, Args)]
pub struct Schema {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Proposes a schema for a CSV or Parquet file; read it before you use it
    #[command(
        after_help = "Example:\n  nectar schema infer patients.csv > schema.toml\n\nThe proposal is a starting point: \
            its bounds and labels are those that occur, and which column holds consent is for you to say."
    )]
    Infer {
        /// The file: CSV, gzip-compressed CSV, or Parquet
        file: PathBuf,
    },
}

impl Schema {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that cannot be read or has no schema.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let Action::Infer { file } = self.action;
        let progress = bar("reading", 1);
        let proposal = infer::propose(&file, &|done, all| {
            progress.set_length(all);
            progress.set_position(done);
        });
        progress.finish_and_clear();
        let text = proposal.map_err(|e| Failure::Refused(refusals(&e, terminal)))?;
        print(&text)
    }
}
