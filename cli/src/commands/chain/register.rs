//! `nectar chain register`: who the custodian of a dataset is.

use super::{
    failure,
    key::Key,
    lines,
    network::{self, Place, Progress, Wait, wait},
};
use crate::{
    failure::Outcome,
    terminal::{print, print_json},
};
use clap::Args;
use nectar_chain::{
    publish::{Done, register},
    registry::Registry,
};
use nectar_verifier::header::dataset_id;
use serde_json::json;

/// Makes the key's account custodian of a dataset, for good
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar chain register --dataset cohort --registry 0x34.. --keys keys\n\nOnly the custodian \
        publishes snapshots. Snapshots name their custodian in the header, by the key in the keys folder they were \
        committed with: register with that key (--keys). Its account pays, and has to hold what that costs."
)]
pub struct Register {
    /// Name of the dataset
    #[arg(long, value_name = "NAME")]
    dataset: String,
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

impl Register {
    /// Runs the command.
    ///
    /// # Errors
    /// The dataset has another custodian, and faults of files and network.
    pub fn run(self) -> Outcome {
        let account = self.key.account()?;
        let progress = Progress::new(self.place.depth, self.wait);
        wait(async {
            let node = self.place.network.connect().await?;
            let registry = Registry::open(&node, self.place.registry)
                .await
                .map_err(failure)?;
            let done = progress.watch(&node, &account, async |sender| {
                let done = register(sender, &registry, dataset_id(&self.dataset)).await;
                done.map_err(failure)
            });
            let (done, own) = (done.await?, account.address());
            report(
                &done,
                self.json,
                json!({
                    "chain": node.chain(),
                    "dataset": self.dataset,
                    "custodian": own.to_string(),
                }),
                &format!(
                    "{}: {own} is the custodian on chain {}",
                    self.dataset.escape_debug(),
                    node.chain()
                ),
            )
        })
    }
}

/// Prints what became of something that is done once.
///
/// # Errors
/// Standard output cannot be written.
pub fn report(done: &Done, as_json: bool, mut object: serde_json::Value, words: &str) -> Outcome {
    let (confirmed, before) = match done {
        Done::Now(confirmed) => (Some(confirmed), ""),
        Done::Already => (None, " already; nothing was sent"),
    };
    if as_json {
        object["status"] = confirmed.map_or("already", |_| "done").into();
        object["transaction"] = confirmed.map(network::object).into();
        return print_json(&object);
    }
    let transaction = confirmed.map(network::transaction);
    let report = lines(transaction.as_ref().map_or(&[], |t| t.as_slice()));
    print(&format!("{words}{before}\n{report}"))
}
