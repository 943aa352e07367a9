//! `nectar chain publish`: a snapshot becomes the head of its dataset.

use super::{
    failure,
    key::Key,
    network::{Place, Progress, Wait, wait},
    register::report,
};
use crate::{
    commands::{import, snapshot},
    failure::Outcome,
};
use clap::Args;
use nectar_chain::{publish::publish, registry::Registry};
use serde_json::json;
use std::path::PathBuf;

/// Publishes the latest snapshot as the dataset's head: its root, on an attestor's word
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar snapshot attest cohort --keys keys\n  nectar chain publish cohort --registry 0x34.. \
        --keys keys\n\nNothing but the header's fixed part, one root and a signature leaves the folder. Snapshots are \
        published one by one, in order, by the custodian whom the header names: that is the key in the keys folder the \
        snapshot was committed with."
)]
pub struct Publish {
    /// The dataset's folder
    dataset: PathBuf,
    #[command(flatten)]
    place: Place,
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
    pub fn run(self) -> Outcome {
        let dataset = snapshot::open(&self.dataset)?;
        let latest = dataset.latest().map_err(import::failure)?;
        let header = dataset.header(latest).map_err(import::failure)?;
        let signatures = dataset.attestations().map_err(import::failure)?;
        let account = self.key.account()?;
        let progress = Progress::new(self.place.depth, self.wait);
        wait(async {
            let node = self.place.network.connect().await?;
            let registry = Registry::open(&node, self.place.registry)
                .await
                .map_err(failure)?;
            let done = progress.watch(&node, &account, async |sender| {
                let done = publish(sender, &registry, &header, &signatures).await;
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
                "{name}: snapshot {latest} is the head on chain {chain}, on the word of {attestor}"
            );
            report(&done, self.json, object, &words)
        })
    }
}
