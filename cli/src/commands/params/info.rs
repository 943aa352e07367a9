//! `nectar params info`: what a set consists of.

use super::{open, srs};
use crate::{
    failure::{Failure, Outcome},
    terminal::{print, print_json},
};
use clap::Args;
use nectar_params::{
    lock::{KeyEntry, KeySource, Lock},
    phase2::ZkeySource,
    set::Set,
    zkey::Contribution,
};
use serde_json::json;
use std::path::PathBuf;

/// Shows what a set of parameters consists of and where it comes from
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nectar params info params/ours")]
pub struct Info {
    /// The set's folder
    #[arg(value_name = "DIR")]
    set: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Info {
    /// Runs the command.
    ///
    /// # Errors
    /// A set that is refused, and I/O.
    pub fn run(self) -> Outcome {
        let set = open(&self.set)?;
        if self.json {
            return print_json(&object(set.lock())?);
        }
        let id = set.id();
        let (name, lines) = (self.set.display(), lines(&set));
        print(&format!("{name}\n  id         {id}\n{lines}"))
    }
}

fn object(lock: &Lock) -> Outcome<serde_json::Value> {
    let content = serde_json::to_value(lock).map_err(Failure::refused)?;
    Ok(json!({
        "id": lock.id().to_string(),
        "insecure": lock.is_insecure(),
        "lock": content,
    }))
}

/// What is known of a set, some lines a part.
fn lines(set: &Set) -> String {
    let keys: String = set.lock().circuits.iter().map(key_lines).collect();
    let keys = match keys.is_empty() {
        true => "  no circuit keys\n",
        false => &keys,
    };
    format!("{}{keys}", srs::lines(&set.lock().srs))
}

/// What is known of a circuit's key.
pub fn key_lines(entry: &KeyEntry) -> String {
    let KeyEntry {
        name,
        fingerprint,
        key,
        source,
        ..
    } = entry;
    let source = match source {
        KeySource::InsecurePublicSeed => {
            "  source     INSECURE: a public seed, anybody can forge proofs\n".to_string()
        }
        KeySource::Zkey(source) => zkey_lines(source),
    };
    format!("  key        {name}, {key}\n  circuit    {fingerprint}\n{source}")
}

fn zkey_lines(source: &ZkeySource) -> String {
    let contribution = |c: &Contribution| {
        let beacon = match &c.beacon {
            Some(b) => format!(", beacon {} hashed 2^{} times", b.hash, b.exponent),
            None => String::new(),
        };
        format!(
            "  by         {}{beacon}\n             {:x}\n",
            c.name.escape_debug(),
            c.hash
        )
    };
    let contributions: String = source
        .phase2
        .contributions
        .iter()
        .map(contribution)
        .collect();
    let ZkeySource {
        source,
        phase1,
        phase2,
    } = source;
    format!(
        "  source     {}\n  BLAKE2b    {:x}\n  first key  circuit hash {:x}\n  made with  {}, BLAKE2b {:x}\n{contributions}",
        source.escape_debug(),
        phase2.blake2b,
        phase2.circuit_hash,
        phase1.source.escape_debug(),
        phase1.blake2b,
    )
}
