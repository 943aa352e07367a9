//! `nectar params verify`: every check of a set, again.

use super::{failure, info, open, srs};
use crate::{failure::Outcome, terminal::print};
use clap::Args;
use nectar_params::{lock::KeyEntry, set::Set};
use std::path::PathBuf;

/// Checks everything in a set of parameters again, and against the files it comes from if those are given
#[derive(Debug, Args)]
pub struct Verify {
    /// The set's folder
    #[arg(value_name = "DIR")]
    set: PathBuf,
    /// The ceremony's file that the SRS comes from
    #[arg(long, value_name = "FILE")]
    ptau: Option<PathBuf>,
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// A set or a file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        let set = open(&self.set)?;
        let basis = srs::verify::check(&set, self.ptau.as_deref())?;
        print(&format!(
            "VERIFIED {basis}\n{}",
            srs::lines(&set.lock().srs)
        ))?;
        for entry in &set.lock().circuits {
            print(&self.key(&set, entry)?)?;
        }
        Ok(())
    }

    fn key(&self, set: &Set, entry: &KeyEntry) -> Outcome<String> {
        let circuit = entry.circuit().map_err(crate::failure::Failure::refused)?;
        set.verify_circuit(circuit).map_err(failure)?;
        Ok(info::key_lines(entry))
    }
}
