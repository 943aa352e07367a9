//! `nectar params srs info`: what a folder keeps.

use super::lines;
use crate::{
    commands::params::open,
    failure::{Failure, Outcome},
    terminal::{print, print_json},
};
use clap::Args;
use std::path::PathBuf;

/// Shows a kept SRS and where it comes from, once it is checked
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nectar params srs info params/ours")]
pub struct Info {
    /// The set's folder
    #[arg(value_name = "DIR")]
    set: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Info {
    /// Runs the command.
    ///
    /// # Errors
    /// An SRS that is refused, and I/O.
    pub fn run(self) -> Outcome {
        let set = open(&self.set)?;
        let entry = &set.lock().srs;
        if self.json {
            return print_json(&serde_json::to_value(entry).map_err(Failure::refused)?);
        }
        print(&format!("{}\n{}", self.set.display(), lines(entry)))
    }
}
