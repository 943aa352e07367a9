//! `nectar chain register` and `nectar chain publish`: a snapshot becomes the head of its dataset.

use super::{
    error::failure,
    key::Key,
    network::{Progress, Target, Wait, block_on},
    report::{self, lines},
};
use crate::{
    commands::{import, snapshot},
    failure::Outcome,
    terminal::{print, print_json},
};
use clap::Args;
use nectar_chain::{
    publish::{Method, Publication, publish},
    registry::Registry,
};
use serde_json::json;
use std::path::PathBuf;

/// The latest snapshot, and where it becomes the head
#[derive(Debug, Args)]
pub struct Publish {
    /// The dataset's folder
    dataset: PathBuf,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    wait: Wait,
    #[command(flatten)]
    key: Key,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Publish {
    /// Runs the command.
    ///
    /// # Errors
    /// No snapshot or no attestation, another custodian, and faults of files and network.
    pub fn run(self, method: Method) -> Outcome {
        let dataset = snapshot::open(&self.dataset)?;
        let latest = dataset.latest().map_err(import::failure)?;
        let header = dataset.header(latest).map_err(import::failure)?;
        let signatures = dataset.attestations().map_err(import::failure)?;
        let account = self.key.account()?;
        let progress = Progress::new(self.target.depth, self.wait);
        block_on(async {
            let node = self.target.network.connect().await?;
            let registry = Registry::open(&node, self.target.registry)
                .await
                .map_err(failure)?;
            let done = progress.watch(&node, &account, async |sender| {
                let done = publish(sender, &registry, &header, &signatures, method).await;
                done.map_err(failure)
            });
            let (done, attestor) = done.await?;
            let (name, root, chain) = (&header.dataset, header.root(), node.chain());
            let object = json!({
                "chain": chain,
                "dataset": name,
                "sequence": latest,
                "root": root.to_string(),
                "attestor": attestor.to_string(),
            });
            let name = name.escape_debug();
            let words = format!(
                "{name}: snapshot {latest} is the head on chain {chain}, attested by {attestor}"
            );
            report(&done, self.json, object, &words)
        })
    }
}

/// Prints what came of a publication.
///
/// # Errors
/// Standard output cannot be written.
#[expect(clippy::indexing_slicing, reason = "a JSON object takes any key")]
fn report(
    done: &Publication,
    as_json: bool,
    mut object: serde_json::Value,
    words: &str,
) -> Outcome {
    let (confirmed, before) = match done {
        Publication::Published(confirmed) => (Some(confirmed), ""),
        Publication::AlreadyHead => (None, " already; nothing was sent"),
    };
    if as_json {
        object["status"] = confirmed.map_or("already", |_| "done").into();
        object["transaction"] = confirmed.map(report::object).into();
        return print_json(&object);
    }
    let transaction = confirmed.map(report::transaction);
    let report = lines(transaction.as_ref().map_or(&[], |t| t.as_slice()));
    print(&format!("{words}{before}\n{report}"))
}
