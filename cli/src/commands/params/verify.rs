//! `nectar params verify`: every check of a set, again.

use super::{failure, info, key::import::circuit, open, srs, watch};
use crate::{
    failure::{Failure, Outcome},
    terminal::print,
};
use alloy_primitives::B512;
use clap::Args;
use nectar_params::{
    ceremony::blake2b,
    lock::{KeyEntry, KeySource, SrsSource},
    set::Set,
};
use nectar_verifier::circuit::Circuit;
use std::path::{Path, PathBuf};

/// Checks everything in a set of parameters again, and against the files it comes from if those are given
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar params verify params/ours\n  nectar params verify params/ours --ptau powers.ptau \
        --zkey compact=compact.zkey --zkey wide=wide.zkey --zkey index=index.zkey\n\nWithout the files, the circuits \
        are made again, and all digests, the SRS and the id of the set are checked. With them, everything is redone that \
        an import does. Exit code 0 means verified, 1 refused."
)]
pub struct Verify {
    /// The set's folder
    #[arg(value_name = "DIR")]
    set: PathBuf,
    /// The powers of tau that SRS and keys come from; several, if they are not the same file
    #[arg(long, value_name = "FILE")]
    ptau: Vec<PathBuf>,
    /// A circuit and its .zkey file, as in compact=compact.zkey
    #[arg(long, value_name = "NAME=FILE", value_parser = named, requires = "ptau")]
    zkey: Vec<(Circuit, PathBuf)>,
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// A set or a file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        let set = open(&self.set)?;
        print(&format!(
            "{}\n  id         {}\n",
            self.set.display(),
            set.id()
        ))?;
        let ptau = match &set.lock().srs.source {
            SrsSource::Ptau(source) => self.ptau_of(source.blake2b)?,
            // With keys of a ceremony, the file is theirs.
            SrsSource::InsecurePublicSeed if !self.zkey.is_empty() => None,
            SrsSource::InsecurePublicSeed => self.ptau.first().map(PathBuf::as_path),
        };
        let basis = srs::verify::check(&set, ptau)?;
        print(&format!(
            "VERIFIED {basis}\n{}",
            srs::lines(&set.lock().srs)
        ))?;
        for (place, (circuit, _)) in self.zkey.iter().enumerate() {
            let missing = set.lock().circuit(*circuit).is_none();
            if missing || self.zkey.iter().take(place).any(|(c, _)| c == circuit) {
                let what = if missing {
                    "the set has no key of"
                } else {
                    "--zkey twice names"
                };
                return Err(Failure::Usage(format!("{what} circuit {circuit}")));
            }
        }
        for entry in &set.lock().circuits {
            let basis = self.check(&set, entry)?;
            print(&format!("VERIFIED {basis}\n{}", info::key_lines(entry)))?;
        }
        Ok(())
    }

    fn check(&self, set: &Set, entry: &KeyEntry) -> Outcome<&'static str> {
        let circuit = entry.circuit().map_err(Failure::refused)?;
        set.verify_circuit(circuit).map_err(failure)?;
        let file = self.zkey.iter().find(|(c, _)| *c == circuit);
        match (&entry.source, file) {
            (KeySource::InsecurePublicSeed, None) => {
                Ok("the key of this circuit and of the public seed: INSECURE")
            }
            (KeySource::InsecurePublicSeed, Some(_)) => Err(Failure::Refused(format!(
                "circuit {circuit}: its key comes from a public seed, and from no ceremony's file: INSECURE"
            ))),
            (KeySource::Zkey(_), None) => Ok(
                "the key of the lock, for this circuit; that it comes out of the file below is not shown without --zkey",
            ),
            (KeySource::Zkey(source), Some((_, zkey))) => {
                let missing = || Failure::usage("--zkey needs --ptau");
                let ptau = self.ptau_of(source.phase1.blake2b)?.ok_or_else(missing)?;
                watch(ptau, circuit.name(), |progress| {
                    set.compare_key(circuit, zkey, ptau, progress)
                })?;
                Ok(
                    "the key of this circuit, made of those powers by these contributions, and that of the file",
                )
            }
        }
    }
}

impl Verify {
    /// The file of a digest among those given; the only one, whatever its digest, so that a wrong one is called so.
    fn ptau_of(&self, digest: B512) -> Outcome<Option<&Path>> {
        if let [] | [_] = self.ptau.as_slice() {
            return Ok(self.ptau.first().map(PathBuf::as_path));
        }
        for path in &self.ptau {
            if blake2b(path).map_err(failure)? == digest {
                return Ok(Some(path));
            }
        }
        Err(Failure::Refused(format!(
            "none of the .ptau files has the BLAKE2b-512 digest {digest:x}"
        )))
    }
}

/// A circuit and a file.
fn named(text: &str) -> Result<(Circuit, PathBuf), String> {
    let (name, file) = text
        .split_once('=')
        .ok_or("want a circuit and its file, as in compact=compact.zkey")?;
    Ok((circuit(name)?, file.into()))
}
