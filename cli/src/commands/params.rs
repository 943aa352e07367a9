//! `nectar params`: the public parameters of proofs.

mod dev;
mod info;
mod key;
pub mod srs;
mod verify;

use crate::{
    failure::{Failure, Outcome},
    terminal::bar,
};
use clap::{Args, Subcommand};
use nectar_params::{ParamsError, ProverKeys, ptau::PtauError, set::Set, zkey::ZkeyError};
use std::path::{Path, PathBuf};

/// Makes, imports and checks the public parameters that proofs need
#[derive(Debug, Args)]
#[command(
    after_help = "A set of parameters is a folder: an SRS, that commitments are made and opened with, a key for each \
        circuit, and lock.toml, that says what they are and where they come from. Real ones come from ceremonies \
        (docs/ceremony.md):\n  nectar params srs import powers.ptau --out params/ours    # phase 1, a public \
        ceremony's file\n  nectar params key export --out circuits                   # what phase 2 begins with\n  \
        nectar params key import params/ours --circuit compact --zkey compact.zkey --ptau powers.ptau --circuit-hash ..\n  nectar params \
        verify params/ours --ptau powers.ptau --zkey compact=compact.zkey"
)]
pub struct Params {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Dev(dev::Dev),
    Srs(srs::Srs),
    Key(key::Key),
    Info(info::Info),
    Verify(verify::Verify),
}

impl Params {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        match self.action {
            Action::Dev(dev) => dev.run(),
            Action::Srs(srs) => srs.run(),
            Action::Key(key) => key.run(),
            Action::Info(info) => info.run(),
            Action::Verify(verify) => verify.run(),
        }
    }
}

/// Loads the parameters of a folder: a set, or one that holds a single set.
///
/// # Errors
/// There are none or several, or they are refused.
pub fn load(folder: &Path) -> Outcome<ProverKeys> {
    Ok(open(&find(folder)?)?.prover_keys())
}

/// Opens a set.
///
/// # Errors
/// The folder is that of none, or the set is refused.
pub fn open(folder: &Path) -> Outcome<Set> {
    if !Set::is_in(folder) {
        return Err(Failure::Usage(format!(
            "no parameters in {}: want a folder with a lock.toml, as `nectar params srs import` and `nectar params dev` \
             make them",
            folder.display()
        )));
    }
    Set::open(folder).map_err(failure)
}

/// The folder of the set that a folder is or holds.
fn find(folder: &Path) -> Outcome<PathBuf> {
    if Set::is_in(folder) {
        return Ok(folder.into());
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut sets: Vec<PathBuf> = entries
        .map(|e| e.path())
        .filter(|p| Set::is_in(p))
        .collect();
    sets.sort();
    match sets.as_slice() {
        [set] => Ok(set.clone()),
        [] => Err(Failure::Usage(format!(
            "no parameters in {0}; `nectar params dev --out {0}` makes insecure ones for development",
            folder.display()
        ))),
        several => {
            let names: Vec<String> = several.iter().map(|p| p.display().to_string()).collect();
            Err(Failure::Usage(format!(
                "several sets of parameters in {}; name one with --params: {}",
                folder.display(),
                names.join(", ")
            )))
        }
    }
}

/// A fault of parameters as a failure.
pub fn failure(error: ParamsError) -> Failure {
    match error {
        ParamsError::Io { .. }
        | ParamsError::Ptau {
            error: PtauError::Io(_) | PtauError::Randomness(_),
            ..
        }
        | ParamsError::Zkey {
            error: ZkeyError::Randomness(_),
            ..
        } => Failure::io(error),
        other => Failure::refused(other),
    }
}

/// Does with a `.ptau` file what reads all of it, with a bar.
fn watch<T>(
    path: &Path,
    what: &str,
    work: impl FnOnce(&dyn Fn(u64)) -> Result<T, ParamsError>,
) -> Outcome<T> {
    let length = path.metadata().map_err(Failure::at(path))?.len();
    let progress = bar(what, length);
    let done = work(&|bytes| progress.set_position(bytes));
    progress.finish_and_clear();
    done.map_err(failure)
}
