//! `nectar params srs verify`: the kept SRS, checked again.

use super::lines;
use crate::{
    commands::params::{open, watch},
    failure::Outcome,
    terminal::print,
};
use clap::Args;
use nectar_params::{lock::SrsSource, set::Set};
use std::path::{Path, PathBuf};

/// Checks a kept SRS again, and against the file it comes from if that is given
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar params srs verify params/ours\n  nectar params srs verify params/ours --ptau \
        powersOfTau28_hez_final_11.ptau\n\nAn SRS of a ceremony this program knows is compared with the digest that is \
        part of the program. For others, only --ptau tells whether the SRS comes out of the file. Exit code 0 means \
        verified, 1 refused."
)]
pub struct Verify {
    /// The set's folder
    #[arg(value_name = "DIR")]
    set: PathBuf,
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
        let set = open(&self.set)?;
        let basis = check(&set, self.ptau.as_deref())?;
        print(&format!("VERIFIED {basis}\n{}", lines(&set.lock().srs)))
    }
}

/// Compares the SRS of an open set with its source, if that is at hand; gives what the verdict rests on.
///
/// # Errors
/// The file is another, or gives another SRS.
pub fn check(set: &Set, ptau: Option<&Path>) -> Outcome<&'static str> {
    if let Some(ptau) = ptau {
        watch(ptau, "comparing", |progress| {
            set.compare_srs(ptau, progress)
        })?;
        return Ok("powers of one secret, and those of the file");
    }
    Ok(match &set.lock().srs.source {
        SrsSource::InsecurePublicSeed => "powers of one secret, which everybody knows: INSECURE",
        SrsSource::Ptau(p) if p.ceremony.is_some() => {
            "powers of one secret, and those of the ceremony"
        }
        SrsSource::Ptau(_) => {
            "powers of one secret; that they come out of the file below is not shown without --ptau"
        }
    })
}
