//! `nectar params dev`: parameters from a public seed.

use super::{failure, watch};
use crate::{failure::Outcome, terminal::print};
use clap::Args;
use nectar_params::{ceremony::Ceremony, dev};
use std::path::PathBuf;

/// Makes INSECURE development parameters: anybody can forge proofs under them
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar params dev --out params\n  nectar params dev --out params --ptau \
        powersOfTau28_hez_final_11.ptau\n\nThe seed is public, so everybody makes the same parameters. Verifiers \
        refuse them unless told --allow-dev-keys. With --ptau the SRS is that of a ceremony, and only the circuits' \
        keys are insecure: proofs can be forged all the same, commitments cannot be opened falsely."
)]
pub struct Dev {
    /// The folder, in which a set insecure-dev-v1 is made
    #[arg(long, value_name = "DIR", default_value = "params")]
    out: PathBuf,
    /// A ceremony's file to take the SRS from
    #[arg(long, value_name = "FILE")]
    ptau: Option<PathBuf>,
}

impl Dev {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, a folder with other parameters, and I/O.
    pub fn run(self) -> Outcome {
        let import = |path: &PathBuf| {
            watch(path, "importing", |progress| {
                Ceremony::import(path, None, progress)
            })
        };
        let ceremony = self.ptau.as_ref().map(import).transpose()?;
        let folder = self.out.join(dev::ID);
        let step = |part: &str| eprintln!("making {part}");
        let set = dev::insecure_setup(&folder, ceremony, &step).map_err(failure)?;
        print(&format!(
            "{}: INSECURE development parameters, for tests and demonstrations only\n  id         {}\n",
            folder.display(),
            set.id(),
        ))
    }
}
