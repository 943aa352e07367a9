//! `nectar params key export`: the circuits, for `snarkjs zkey new`.

use crate::{
    failure::{Failure, Outcome},
    terminal::print,
};
use clap::Args;
use nectar_circuits::{
    compiled::{Compiled, input_names},
    fingerprint::fingerprint,
};
use nectar_params::r1cs;
use nectar_verifier::circuit::Circuit;
use std::{fs, path::PathBuf};

/// Writes each circuit as .r1cs, with the names of its public inputs as .sym
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar params key export --out circuits\n  snarkjs r1cs info circuits/compact.r1cs\n\n\
        Everybody who builds this version gets the same bytes. The fingerprint is the one that lock.toml names."
)]
pub struct Export {
    /// The folder, which is made if need be
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Export {
    /// Runs the command.
    ///
    /// # Errors
    /// I/O.
    pub fn run(self) -> Outcome {
        fs::create_dir_all(&self.out).map_err(Failure::at(&self.out))?;
        for circuit in Circuit::ALL {
            print(&self.write(circuit)?)?;
        }
        Ok(())
    }

    fn write(&self, circuit: Circuit) -> Outcome<String> {
        let compiled = Compiled::new(circuit).map_err(Failure::refused)?;
        let path = self.out.join(format!("{circuit}.r1cs"));
        fs::write(&path, r1cs::encode(&compiled.r1cs)).map_err(Failure::at(&path))?;
        let names = path.with_extension("sym");
        fs::write(&names, r1cs::symbols(&input_names(circuit))).map_err(Failure::at(&names))?;
        Ok(format!(
            "{}\n  constraints {}, needs a .ptau file of power {} or more\n  fingerprint {}\n",
            path.display(),
            compiled.r1cs.num_constraints,
            compiled.r1cs.domain_size().ilog2(),
            fingerprint(&compiled),
        ))
    }
}
