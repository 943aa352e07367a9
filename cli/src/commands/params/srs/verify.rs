//! `nectar params srs verify`: the kept SRS, checked again.

use super::{lines, read, watch};
use crate::{failure::Outcome, terminal::print};
use clap::Args;
use nectar_params::ceremony::Ceremony;
use std::path::PathBuf;

/// Checks a kept SRS again, and against the file it comes from if that is given
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar params srs verify params/hermez\n  nectar params srs verify params/hermez --ptau \
        powersOfTau28_hez_final_11.ptau\n\nAn SRS of a ceremony this program knows is compared with the digest that is \
        part of the program. For others, only --ptau tells whether the SRS comes out of the file. Exit code 0 means \
        verified, 1 refused."
)]
pub struct Verify {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The ceremony's file, to import it again and compare
    #[arg(long, value_name = "FILE")]
    ptau: Option<PathBuf>,
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// An SRS or a file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        let ceremony = read(&self.folder)?;
        if let Some(ptau) = &self.ptau {
            watch(ptau, "comparing", |progress| {
                ceremony.compare(ptau, progress)
            })?;
        }
        let (basis, lines) = (self.basis(&ceremony), lines(&ceremony));
        print(&format!("VERIFIED {basis}\n{lines}"))
    }

    /// What the verdict rests on.
    fn basis(&self, ceremony: &Ceremony) -> &'static str {
        match (&self.ptau, &ceremony.provenance().ceremony) {
            (Some(_), _) => "powers of one secret, and those of the file",
            (None, Some(_)) => "powers of one secret, and those of the ceremony",
            (None, None) => {
                "powers of one secret; that they come out of the file below is not shown without --ptau"
            }
        }
    }
}
