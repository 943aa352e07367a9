//! `nectar snapshot prove`: the proofs that a snapshot's columns are well formed.

use super::open;
use crate::{
    commands::{import::failure, params},
    failure::Outcome,
    keyring::Keyring,
    terminal::{bar, print, print_json},
};
use clap::Args;
use nectar_answer::number::whole;
use nectar_dataset::{Dataset, ProofState};
use nectar_params::ProverKeys;
use nectar_verifier::column::Column;
use serde_json::json;
use std::path::PathBuf;

/// Proves that every column of the latest snapshot is well formed, so that nobody has to take an attestor's word
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar snapshot prove cohort --keys keys --params params\n\nMay be stopped at any time: run \
        again, it goes on with the columns that lack a proof. Columns that have not changed keep their proofs from \
        snapshot to snapshot. Then `nectar serve` and `nectar snapshot publish` can give the whole manifest to anybody \
        who wants to check it with `nectar snapshot verify`."
)]
pub struct Prove {
    /// The dataset's folder
    dataset: PathBuf,
    /// The folder of secret keys
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How many columns ended how.
#[derive(Debug, Default)]
pub struct Tally {
    /// Made now.
    pub proved: usize,
    /// Kept from an earlier snapshot.
    pub kept: usize,
    /// There already.
    pub present: usize,
}

impl Prove {
    /// Runs the command.
    ///
    /// # Errors
    /// Keys or data that are refused, and I/O.
    pub fn run(self) -> Outcome {
        let dataset = open(&self.dataset)?;
        let ring = Keyring::open(&self.keys, std::slice::from_ref(&self.dataset))?;
        let sequence = dataset.latest().map_err(failure)?;
        let tally = prove(&dataset, &params::load(&self.params)?, &ring)?;
        let name = &dataset.schema().dataset;
        let Tally {
            proved,
            kept,
            present,
        } = tally;
        if self.json {
            return print_json(&json!({
                "dataset": name,
                "sequence": sequence,
                "proved": proved,
                "kept": kept,
                "present": present,
            }));
        }
        print(&format!(
            "{name} snapshot {sequence}: index proofs of {} columns ({proved} made, {kept} kept from earlier snapshots, \
             {present} there already)\nNext: nectar snapshot verify {}\n",
            proved + kept + present,
            self.dataset.display()
        ))
    }
}

/// Proves every column of the latest snapshot that lacks a proof, with a bar.
///
/// # Errors
/// Keys or data that are refused, and I/O.
pub fn prove(dataset: &Dataset, params: &ProverKeys, ring: &Keyring) -> Outcome<Tally> {
    let blinding = ring.blinding(&dataset.schema().dataset)?;
    let table = dataset.table();
    let coded = table.columns.iter().filter(|c| c.codes() > 0).count();
    let progress = bar("proving", u64::try_from(coded).unwrap_or(u64::MAX));
    let rows = whole(table.rows.into());
    let mut tally = Tally::default();
    let mut told = |column: &Column, state| match state {
        ProofState::Begun => {
            let (name, codes) = (&column.name, column.codes());
            progress.set_message(format!("{name}: {rows} rows, {codes} codes"));
        }
        ended => {
            tally.count(ended);
            progress.inc(1);
        }
    };
    let proved = dataset.prove(params, blinding, &mut told);
    progress.finish_and_clear();
    proved.map_err(failure)?;
    Ok(tally)
}

impl Tally {
    fn count(&mut self, state: ProofState) {
        match state {
            ProofState::Begun => (),
            ProofState::Present => self.present += 1,
            ProofState::Kept => self.kept += 1,
            ProofState::Proved => self.proved += 1,
        }
    }
}
