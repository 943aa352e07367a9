//! `nectar params srs import`: from a ceremony's file to the SRS that is kept.

use super::lines;
use crate::{
    commands::params::{failure, watch},
    failure::{Failure, Outcome},
    terminal::print,
};
use alloy_primitives::B512;
use clap::Args;
use nectar_params::{ceremony::Ceremony, lock::SrsSource, set::Set};
use std::path::PathBuf;

/// Checks every point and relation of a ceremony's .ptau file, and keeps the SRS that is in it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar params srs import powersOfTau28_hez_final_11.ptau --out params/ours\n  nectar \
        params srs import other.ptau --out params/other --digest \"$PUBLISHED_B2SUM\"\n\nImported are files whose \
        digest this program knows to be published (powersOfTau28_hez_final_08 and _11), and others by the digest \
        you give. Take it from the ceremony's publisher, not from the file: who made a file alone knows its secret \
        and can forge every opening."
)]
pub struct Import {
    /// The file, as snarkjs writes it
    #[arg(value_name = "FILE")]
    ptau: PathBuf,
    /// The folder of the set, which is made
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// BLAKE2b-512 digest the file has to have, 128 hexadecimal digits as b2sum prints them
    #[arg(long, value_name = "HEX")]
    digest: Option<B512>,
}

impl Import {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, a folder that holds an SRS, and I/O.
    pub fn run(self) -> Outcome {
        let folder = self.out.display();
        if Set::is_in(&self.out) {
            return Err(Failure::Usage(format!(
                "{folder} holds parameters already, which are not replaced; name another folder"
            )));
        }
        let import = |progress: &dyn Fn(u64)| Ceremony::import(&self.ptau, self.digest, progress);
        let (srs, provenance) = watch(&self.ptau, "importing", import)?.into_parts();
        let set = Set::create(&self.out, srs, SrsSource::Ptau(provenance)).map_err(failure)?;
        let lines = lines(&set.lock().srs);
        print(&format!("{folder}: the SRS of a ceremony\n{lines}"))
    }
}
