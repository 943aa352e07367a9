//! `nectar chain submit`: an answer is entered.

use super::{
    error::failure,
    key::Key,
    network::{Progress, Target, Wait, block_on},
    report::{self, lines},
};
use crate::{
    commands::bundle,
    failure::Outcome,
    terminal::{print, print_json},
};
use clap::Args;
use nectar_answer::time::moment_text;
use nectar_chain::{
    registry::Registry,
    submit::{AnswerId, Submitted, submit},
};
use nectar_verifier::bundle::Bundle;
use serde_json::json;
use std::path::PathBuf;

/// Has a registry verify an answer and enter it; anybody can
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar chain submit answer.nectar --registry 0x34.. --keystore account.json\n\nA dry run comes \
        first: what the registry refuses is told by its reason, with exit code 1, and costs nothing. An answer that is \
        entered already is not sent again. If a reorganisation of the chain drops the transaction before it is settled, \
        it is sent again. Query and released cells become public for good."
)]
pub struct Submit {
    /// The bundle
    bundle: PathBuf,
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

impl Submit {
    /// Runs the command.
    ///
    /// # Errors
    /// The registry refuses the answer, and faults of files and network.
    pub fn run(self) -> Outcome {
        let bundle = bundle::read(&self.bundle)?;
        let account = self.key.account()?;
        let progress = Progress::new(self.target.depth, self.wait);
        block_on(async {
            let node = self.target.network.connect().await?;
            let registry = Registry::open(&node, self.target.registry)
                .await
                .map_err(failure)?;
            let done = progress.watch(&node, &account, async |sender| {
                submit(sender, &registry, &bundle).await.map_err(failure)
            });
            let (id, done) = done.await?;
            self.report(&bundle, id, &done, node.chain())
        })
    }

    fn report(&self, bundle: &Bundle, id: AnswerId, done: &Submitted, chain: u64) -> Outcome {
        let (time, confirmed) = match done {
            Submitted::Entered(confirmed) => (confirmed.block.time, Some(confirmed)),
            Submitted::AlreadyEntered(time) => (*time, None),
        };
        if self.json {
            return print_json(&json!({
                "status": confirmed.map_or("already", |_| "entered"),
                "chain": chain,
                "registry": self.target.registry.to_string(),
                "id": id.entry.to_string(),
                "statement": id.statement.to_string(),
                "time": time,
                "transaction": confirmed.map(report::object),
            }));
        }
        let (dataset, time) = (bundle.dataset.escape_debug(), moment_text(time));
        let words = match confirmed {
            Some(_) => format!(
                "ENTERED {dataset}, snapshot {}, at {time}",
                bundle.core.sequence
            ),
            None => format!("entered already at {time}; nothing was sent"),
        };
        let mut report = vec![
            ("id", id.entry.to_string()),
            ("statement", id.statement.to_string()),
            ("chain", chain.to_string()),
        ];
        report.extend(confirmed.map(report::transaction).into_iter().flatten());
        print(&format!("{words}\n{}", lines(&report)))
    }
}
