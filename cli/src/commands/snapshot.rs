//! `nectar snapshot`: commits a dataset; shows, attests, proves and publishes what was committed; verifies it.

pub mod prove;
mod publish;
pub mod verify;

use super::{import::failure, params};
use crate::{
    anchors::{Anchor, Anchors},
    failure::Outcome,
    keyring::Keyring,
    terminal::{Terminal, bar, print, print_json},
    time::{now, parse_moment},
};
use alloy_primitives::{Address, hex};
use clap::{Args, Subcommand};
use nectar_answer::{number::whole, policy, time::moment_text};
use nectar_dataset::{Dataset, Publication};
use nectar_engine::snapshot::Snapshot as Committed;
use nectar_params::ProverKeys;
use nectar_verifier::{
    header::Header,
    trust::{Head, attestor},
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Commits to a dataset's state; shows, attests, proves, publishes and verifies what was committed
#[derive(Debug, Args)]
pub struct Snapshot {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Commit(Commit),
    Show(Show),
    Attest(Attest),
    Prove(prove::Prove),
    Publish(publish::Publish),
    Verify(verify::Verify),
}

/// Commits the dataset as its next snapshot, which becomes the head
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar snapshot commit cohort --keys keys --params params\n\nKeys of a first snapshot are \
        made. Keep the keys folder apart from the data, and keep it: without it the snapshot cannot answer."
)]
struct Commit {
    /// The dataset's folder
    dataset: PathBuf,
    /// The folder of secret keys
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// The moment the consents are as of [default: now]
    #[arg(long, value_name = "MOMENT", value_parser = parse_moment)]
    as_of: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Shows the latest snapshot, or the trust anchors a verifier of its answers needs
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar snapshot show cohort\n  nectar snapshot show cohort --trust > trust.toml"
)]
struct Show {
    /// The dataset's folder
    dataset: PathBuf,
    /// Print a trust file: heads, attestors, attestations
    #[arg(long, conflicts_with = "json")]
    trust: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Makes every commitment of the latest snapshot again, compares, and signs its root: the attestor's word
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar snapshot attest cohort --keys keys --params params\n\nThe attestor is given table and \
        keys, and vouches that the committed table is well formed."
)]
struct Attest {
    /// The dataset's folder
    dataset: PathBuf,
    /// The folder of secret keys: the dataset's blinding key, and the attestor's, which is made if there is none
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Snapshot {
    /// Runs the command.
    ///
    /// # Errors
    /// Keys or data that are refused, and I/O.
    pub fn run(self, terminal: Terminal) -> Outcome {
        match self.action {
            Action::Commit(commit) => commit.run(terminal),
            Action::Show(show) => show.run(terminal),
            Action::Attest(attest) => attest.run(),
            Action::Prove(prove) => prove.run(),
            Action::Publish(publish) => publish.run(),
            Action::Verify(verify) => verify.run(terminal),
        }
    }
}

impl Commit {
    fn run(self, terminal: Terminal) -> Outcome {
        let ring = Keyring::open(&self.keys, std::slice::from_ref(&self.dataset))?;
        let params = params::load(&self.params)?;
        let as_of = self.as_of.map_or_else(now, Ok)?;
        let committed = commit(&open(&self.dataset)?, &params, &ring, as_of)?;
        print_header(committed.header(), self.json, terminal)
    }
}

impl Show {
    fn run(self, terminal: Terminal) -> Outcome {
        let dataset = open(&self.dataset)?;
        if self.trust {
            return print(&anchors(&dataset)?.write()?);
        }
        let last = dataset.latest().map_err(failure)?;
        print_header(&dataset.header(last).map_err(failure)?, self.json, terminal)
    }
}

impl Attest {
    fn run(self) -> Outcome {
        let dataset = open(&self.dataset)?;
        let ring = Keyring::open(&self.keys, std::slice::from_ref(&self.dataset))?;
        let address = attest(&dataset, &params::load(&self.params)?, &ring)?.to_string();
        if self.json {
            return print_json(&json!({ "attestor": address }));
        }
        print(&format!(
            "attested by {address}\nNext: nectar snapshot show {} --trust > trust.toml\n",
            self.dataset.display()
        ))
    }
}

/// Opens a dataset's folder.
///
/// # Errors
/// It is none, or cannot be read.
pub fn open(folder: &Path) -> Outcome<Dataset> {
    Dataset::open(folder).map_err(failure)
}

/// Commits a dataset with a bar; the keys of a first snapshot are made.
///
/// # Errors
/// Keys, header, or I/O.
pub fn commit(
    dataset: &Dataset,
    params: &ProverKeys,
    ring: &Keyring,
    as_of: i64,
) -> Outcome<Committed> {
    let name = &dataset.schema().dataset;
    let first = dataset.sequences().map_err(failure)?.is_empty();
    let blinding = match first {
        true => ring.blinding_or_new(name)?,
        false => ring.blinding(name)?,
    };
    let publication = Publication {
        custodian: ring.signer("custodian")?.address(),
        as_of,
        since: now()?,
    };
    let progress = bar("committing", cells(dataset));
    let done = |n: usize| progress.inc(u64::try_from(n).unwrap_or(0));
    let committed = dataset.commit(params, blinding, publication, &done);
    progress.finish_and_clear();
    committed.map_err(failure)
}

/// Audits and attests the latest snapshot with a bar; gives the attestor's address.
///
/// # Errors
/// A commitment that is not that of the table, keys, or I/O.
pub fn attest(dataset: &Dataset, params: &ProverKeys, ring: &Keyring) -> Outcome<Address> {
    let (blinding, key) = (
        ring.blinding(&dataset.schema().dataset)?,
        ring.signer("attestor")?,
    );
    let progress = bar("auditing", cells(dataset));
    let done = |n: usize| progress.inc(u64::try_from(n).unwrap_or(0));
    let attested = dataset.attest(params, blinding, &key, &done);
    progress.finish_and_clear();
    attested.map_err(failure)?;
    Ok(key.address())
}

/// Cells of the dataset's table.
fn cells(dataset: &Dataset) -> u64 {
    let columns = u64::try_from(dataset.table().columns.len()).unwrap_or(u64::MAX);
    u64::from(dataset.table().rows).saturating_mul(columns)
}

/// The trust anchors the dataset's own folder gives: its heads, and whoever attested the latest.
///
/// # Errors
/// No snapshot, or I/O.
pub fn anchors(dataset: &Dataset) -> Outcome<Anchors> {
    let heads = dataset.log_view().map_err(failure)?.heads;
    let signatures = dataset.attestations().map_err(failure)?;
    let root = heads.last().map(|h| h.root).unwrap_or_default();
    let signers = signatures.iter().filter_map(|s| attestor(root, s).ok());
    let head = |h: &Head| Anchor {
        dataset: dataset.schema().dataset.clone(),
        sequence: h.sequence,
        root: h.root,
        since: h.since,
    };
    Ok(Anchors {
        attestors: signers.collect(),
        attestations: signatures.iter().map(hex::encode_prefixed).collect(),
        heads: heads.iter().map(head).collect(),
        ..Anchors::default()
    })
}

fn print_header(header: &Header, as_json: bool, terminal: Terminal) -> Outcome {
    if as_json {
        return print_json(&object(header));
    }
    let core = &header.core;
    let names: Vec<&str> = header.columns.iter().map(|c| c.name.as_str()).collect();
    let segment = whole(f64::from(1u32 << core.segment_bits.min(31)));
    let rows = whole(core.rows.into());
    let lines = [
        ("root", header.root().to_string()),
        ("as of", moment_text(core.as_of)),
        ("rows", format!("{rows} in segments of {segment}")),
        ("columns", names.join(", ")),
        ("policy", policy::sentence(&core.policy)),
        ("lag", format!("{} day(s)", core.lag)),
        ("custodian", core.custodian.to_string()),
    ];
    let lines: String = lines
        .iter()
        .map(|(name, line)| format!("  {name:<10} {line}\n"))
        .collect();
    let name = terminal.strong(&header.dataset);
    print(&format!("{name} snapshot {}\n{lines}", core.sequence))
}

fn object(header: &Header) -> serde_json::Value {
    let core = &header.core;
    let columns = header.columns.iter();
    let columns = columns.map(|c| json!({ "name": c.name, "codes": c.codes() }));
    json!({
        "dataset": header.dataset,
        "sequence": core.sequence,
        "root": header.root().to_string(),
        "parent": core.parent.to_string(),
        "as_of": core.as_of,
        "rows": core.rows,
        "segment_rows": 1u64 << core.segment_bits.min(63),
        "lag_days": core.lag,
        "custodian": core.custodian.to_string(),
        "policy": policy::sentence(&core.policy),
        "columns": columns.collect::<Vec<_>>(),
    })
}
