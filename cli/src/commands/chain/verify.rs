//! `nectar chain verify`: an answer against a registry, and the proof against itself.

use super::{
    error::failure,
    network::{Target, block_on},
    report::lines,
};
use crate::{
    accepted::Accepted,
    commands::{
        bundle,
        verify::{self, not_verified},
    },
    failure::{Failure, Outcome},
    render,
    terminal::{Terminal, print, print_json},
};
use clap::Args;
use nectar_answer::{
    Released, derive, json,
    time::moment_text,
    verdict::{self, HeadSource},
};
use nectar_chain::{
    entry::{Entry, look_up},
    error::ChainError,
    node::{Block, Node},
    registry::Registry,
};
use nectar_verifier::{
    bundle::OpenedBundle,
    trust::TrustedKeys,
    verified::{Verdict, Verified},
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Verifies an answer that a registry has entered: needs the bundle, a node, and no key
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar chain verify answer.nectar --registry 0x34.. --rpc https://node.example\n\nThe registry \
        says when the answer was entered and that its snapshot was the dataset's head then; the proof is checked here \
        once more. Get the registry's address from a source you trust: its code is compared with the contracts this \
        program was built with, but who deployed it chose the attestors that it trusts for the form of snapshots. The node \
        is trusted for the state of the chain. Exit code 0 means verified, 1 refused or not entered."
)]
pub struct Verify {
    /// The bundle
    bundle: PathBuf,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    accepted: Accepted,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What the chain says, and of when.
struct Report<'a> {
    entry: &'a Entry,
    chain: u64,
    at: Block,
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// The answer is not entered or not verified, and faults of files and network.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let bundle = bundle::read(&self.bundle)?;
        let opened = bundle.open(bundle.root()).map_err(not_verified)?;
        let keys = opened.keys(&self.accepted.keys()?).map_err(not_verified)?;
        block_on(async {
            let node = self.target.network.connect().await?;
            let at = self.settled(&node).await?;
            let registry = Registry::open_at(&node, self.target.registry, at).await;
            let entry = look_up(&registry.map_err(refused)?, &bundle, keys.keys()).await;
            let entry = entry.map_err(refused)?;
            let verdict = check(opened, &keys, &entry, at)?;
            let chain = node.chain();
            let entry = &entry;
            self.present(&verdict, &Report { entry, chain, at }, terminal)
        })
    }

    /// The newest block that counts as settled.
    async fn settled(&self, node: &Node) -> Outcome<Block> {
        let head = node.head().await.map_err(failure)?.number;
        let number = head.saturating_sub(self.target.depth.confirmations.saturating_sub(1));
        let block = node.block(number).await.map_err(failure)?;
        block.ok_or_else(|| failure(ChainError::Reorganised))
    }

    #[expect(clippy::indexing_slicing, reason = "a JSON object takes any key")]
    fn present(&self, verdict: &Verdict, report: &Report<'_>, terminal: Terminal) -> Outcome {
        let answer = derive(&Released::from(timed(verdict)?), &[]);
        if self.json {
            let mut value = json::verdict(verdict, &answer);
            value["registry"] = self.object(report);
            return print_json(&value);
        }
        let tables = render::answer(&answer, terminal);
        let established = verdict::summary(verdict, HeadSource::Registry);
        let summary = render::summary(&established, terminal);
        let entry = lines(&self.lines(report));
        print(&format!(
            "{tables}\n{summary}entered in registry {}\n{entry}",
            self.target.registry
        ))
    }

    fn lines(&self, Report { entry, chain, at }: &Report<'_>) -> Vec<(&'static str, String)> {
        let (block, transaction) = entry.entered;
        let standing = match entry.is_of_head() {
            true => "the snapshot is still the head of its dataset".into(),
            false => {
                let (sequence, since) = (entry.head.sequence, moment_text(entry.head.since));
                format!("the snapshot was the head then; snapshot {sequence} is since {since}")
            }
        };
        vec![
            ("chain", format!("{chain}, as of block {}", at.number)),
            (
                "entered",
                format!("{}, in block {block}", moment_text(entry.time)),
            ),
            ("transaction", transaction.to_string()),
            ("id", entry.id.entry.to_string()),
            ("verifier", entry.verifier.to_string()),
            ("standing", standing),
        ]
    }

    fn object(&self, Report { entry, chain, at }: &Report<'_>) -> Value {
        let (block, transaction) = entry.entered;
        json!({
            "chain": chain,
            "as_of_block": at.number,
            "address": self.target.registry.to_string(),
            "id": entry.id.entry.to_string(),
            "time": entry.time,
            "block": block,
            "transaction": transaction.to_string(),
            "verifier": entry.verifier.to_string(),
            "attestor": entry.attestor.to_string(),
            "is_head": entry.is_of_head(),
            "head_sequence": entry.head.sequence,
        })
    }
}

/// Verifies the bundle by what the chain says.
fn check(
    opened: OpenedBundle<'_>,
    keys: &TrustedKeys,
    entry: &Entry,
    at: Block,
) -> Outcome<Verdict> {
    let snapshot = entry.snapshot.as_ref().ok_or_else(|| {
        verify::refused(format!(
            "the answer is entered, but the signature of attestor {} is not found, since the snapshot was published \
             through another contract; verify with `nectar verify --trust`, which takes the signature from a file",
            entry.attestor
        ))
    })?;
    let verdict = opened.verify(snapshot, keys, &entry.log(), at.time);
    verdict.map_err(not_verified)
}

fn timed(verdict: &Verdict) -> Outcome<&Verified> {
    match verdict {
        Verdict::Verified(verified) => Ok(verified),
        Verdict::Historical(_) => Err(verify::refused("the time of the answer is not known")),
    }
}

/// What is found wrong, as a refusal to verify; faults of the network are none.
fn refused(error: ChainError) -> Failure {
    match failure(error) {
        Failure::Refused(why) => verify::refused(why),
        other => other,
    }
}
