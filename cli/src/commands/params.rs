//! `nectar params`: the public parameters of proofs.

mod srs;

use crate::{
    failure::{Failure, Outcome},
    terminal::print,
};
use clap::{Args, Subcommand};
use nectar_params::{ParamsError, ProverKeys, dev, ptau::PtauError};
use std::path::{Path, PathBuf};

/// Makes the public parameters that proofs need, and imports those of ceremonies
#[derive(Debug, Args)]
pub struct Params {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Makes INSECURE development parameters: anybody can forge proofs under them
    #[command(
        after_help = "Example:\n  nectar params dev --out params\n\nThe seed is public, so everybody makes the same \
            parameters. Verifiers refuse them unless told --allow-dev-keys."
    )]
    Dev {
        /// The folder
        #[arg(long, value_name = "DIR", default_value = "params")]
        out: PathBuf,
    },
    Srs(srs::Srs),
}

impl Params {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        match self.action {
            Action::Dev { out } => make_insecure(&out),
            Action::Srs(srs) => srs.run(),
        }
    }
}

fn make_insecure(out: &Path) -> Outcome {
    dev::insecure_setup(out, &|part| eprintln!("making {part}")).map_err(failure)?;
    let folder = out.join(dev::ID);
    print(&format!(
        "{}: INSECURE development parameters, for tests and demonstrations only\n",
        folder.display()
    ))
}

/// Loads the parameters of a folder.
///
/// # Errors
/// There are none, or they are refused.
pub fn load(folder: &Path) -> Outcome<ProverKeys> {
    if !folder.join(dev::ID).exists() {
        return Err(Failure::Usage(format!(
            "no parameters in {0}; `nectar params dev --out {0}` makes insecure ones for development",
            folder.display()
        )));
    }
    dev::load(folder).map_err(failure)
}

/// A fault of parameters as a failure.
pub fn failure(error: ParamsError) -> Failure {
    match error {
        ParamsError::Io { .. }
        | ParamsError::Ptau {
            error: PtauError::Io(_) | PtauError::Randomness(_),
            ..
        } => Failure::io(error),
        other => Failure::refused(other),
    }
}
