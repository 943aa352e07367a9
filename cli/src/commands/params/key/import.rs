//! `nectar params key import`: from a ceremony's file to the key that proves.

use crate::{
    commands::params::{failure, info::key_lines, open, watch},
    failure::{Failure, Outcome},
    terminal::print,
};
use alloy_primitives::B512;
use clap::Args;
use nectar_params::{
    lock::KeySource,
    phase2::{self, Files},
};
use nectar_verifier::circuit::Circuit;
use std::path::PathBuf;

/// Checks a circuit's .zkey file completely, and adds the key to a set of parameters
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar params key export --out circuits\n  snarkjs zkey new circuits/compact.r1cs powers.ptau \
        first.zkey    # prints the circuit hash\n  nectar params key import params/ours --circuit compact --zkey \
        compact_final.zkey --ptau powers.ptau --circuit-hash \"$CIRCUIT_HASH\" --digest \"$PUBLISHED_B2SUM\"\n\nChecked \
        are the matrices, every point against the circuit and the powers of tau, and every contribution, the beacon \
        included. The circuit hash ties the contributions to this circuit: take it from your own run of snarkjs. Whether \
        the contributors are who they say, only they know: compare the hashes with those they published."
)]
pub struct Import {
    /// The set's folder, which `nectar params srs import` makes
    #[arg(value_name = "DIR")]
    set: PathBuf,
    /// The circuit: compact, wide or index
    #[arg(long, value_name = "NAME", value_parser = circuit)]
    circuit: Circuit,
    /// The file, as snarkjs writes it
    #[arg(long, value_name = "FILE")]
    zkey: PathBuf,
    /// The powers of tau it was made with
    #[arg(long, value_name = "FILE")]
    ptau: PathBuf,
    /// The circuit hash that `snarkjs zkey new` printed to you, for the circuit as you exported it and that .ptau file
    #[arg(long, value_name = "HEX")]
    circuit_hash: B512,
    /// BLAKE2b-512 digest the .ptau file has to have, if this program does not know it as published
    #[arg(long, value_name = "HEX")]
    digest: Option<B512>,
}

impl Import {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, a key that is there already, and I/O.
    pub fn run(self) -> Outcome {
        let mut set = open(&self.set)?;
        if set.lock().circuit(self.circuit).is_some() {
            return Err(Failure::Usage(format!(
                "{} has a key of circuit {} already, which is not replaced; begin another set",
                self.set.display(),
                self.circuit
            )));
        }
        let files = Files {
            zkey: &self.zkey,
            ptau: &self.ptau,
            digest: self.digest,
            circuit_hash: self.circuit_hash,
        };
        let (key, source) = watch(&self.ptau, "checking", |progress| {
            phase2::import(self.circuit, files, progress)
        })?;
        set.add(&key, KeySource::Zkey(source.into()))
            .map_err(failure)?;
        let lines: String = set
            .lock()
            .circuit(self.circuit)
            .map(key_lines)
            .unwrap_or_default();
        print(&format!(
            "{}: a key of a ceremony\n  id         {}\n{lines}",
            self.set.display(),
            set.id()
        ))
    }
}

/// A circuit by its name.
pub fn circuit(name: &str) -> Result<Circuit, String> {
    let known = Circuit::ALL.into_iter().find(|c| c.name() == name);
    known.ok_or_else(|| format!("no circuit {name:?}: want compact, wide or index"))
}
