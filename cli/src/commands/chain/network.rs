//! The node, and the confirmations that are waited for.

use super::error::failure;
use crate::{
    failure::{Failure, Outcome},
    terminal::bar,
};
use alloy_primitives::Address;
use clap::{Args, value_parser};
use indicatif::ProgressBar;
use nectar_chain::{
    account::Account,
    endpoint::Endpoint,
    node::Node,
    send::{Sender, Settlement, Step},
};
use std::{env, time::Duration};

/// The URL of the node, where no argument has it.
const RPC: &str = "NECTAR_RPC_URL";

/// The node.
#[derive(Debug, Args)]
pub struct Network {
    /// A node of the chain [default: the environment's NECTAR_RPC_URL, which shows no secret to others on this machine]
    #[arg(long = "rpc", value_name = "URL")]
    url: Option<SecretUrl>,
    /// Ask a node over an unencrypted network, where others can read and change what is sent and answered
    #[arg(long)]
    insecure_plaintext: bool,
    /// Refuse to go on if the node serves another chain
    #[arg(long, value_name = "N")]
    chain_id: Option<u64>,
}

/// The registry, and how far below the head of the chain something counts.
#[derive(Debug, Args)]
pub struct Target {
    /// The registry's address
    #[arg(long, value_name = "ADDRESS")]
    pub registry: Address,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub depth: Depth,
}

/// How far below the head of the chain something counts.
#[derive(Debug, Clone, Copy, Args)]
pub struct Depth {
    /// Blocks from a transaction's own on, itself among them, after which it counts as settled
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = value_parser!(u64).range(1..=10_000))]
    pub confirmations: u64,
}

/// How long a transaction is waited for.
#[derive(Debug, Clone, Copy, Args)]
pub struct Wait {
    /// Most seconds to wait for a transaction
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    wait: u64,
}

/// A URL that may hold a secret, and is not shown.
#[derive(Clone)]
struct SecretUrl(String);

impl std::str::FromStr for SecretUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(SecretUrl(text.into()))
    }
}

impl std::fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}

impl Network {
    /// Connects to the node.
    ///
    /// # Errors
    /// No node is named, it is not reached, or it serves another chain.
    pub async fn connect(&self) -> Outcome<Node> {
        let url = self.url.clone().map(|h| h.0).or_else(|| env::var(RPC).ok());
        let url = url.ok_or_else(|| {
            Failure::Usage(format!(
                "no node: want --rpc URL, or the URL in the environment as {RPC}"
            ))
        })?;
        let endpoint = Endpoint::parse(&url, self.insecure_plaintext);
        let endpoint = endpoint.map_err(|e| failure(e.into()))?;
        Node::connect(&endpoint, self.chain_id)
            .await
            .map_err(failure)
    }
}

/// Runs a future to its end.
///
/// # Errors
/// Those of `work`, and a system without a runtime.
pub fn block_on<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::io)?;
    runtime.block_on(work)
}

/// A bar of confirmations.
pub struct Progress {
    bar: ProgressBar,
    settlement: Settlement,
}

impl Progress {
    /// A bar of as many confirmations as are wanted.
    pub fn new(depth: Depth, wait: Wait) -> Self {
        let settlement = Settlement {
            confirmations: depth.confirmations,
            timeout: Duration::from_secs(wait.wait),
        };
        Progress {
            bar: bar("asking the chain", settlement.confirmations),
            settlement,
        }
    }

    /// Does something with a sender whose steps the bar shows.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn watch<T>(
        &self,
        node: &Node,
        account: &Account,
        work: impl AsyncFnOnce(&Sender<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let on_step = |step| self.show(step);
        let sender = Sender {
            node,
            account,
            settlement: self.settlement,
            on_step: &on_step,
        };
        let done = work(&sender).await;
        self.bar.finish_and_clear();
        done
    }

    fn show(&self, step: Step) {
        match step {
            Step::Sent(transaction) => {
                self.bar.set_position(0);
                self.bar.set_message("waiting for the chain");
                self.print(&format!("sent transaction {transaction}"));
            }
            Step::Confirmations(blocks) => self.bar.set_position(blocks),
            Step::Dropped(transaction) => self.print(&format!(
                "the chain was reorganised and dropped transaction {transaction}; sending it again"
            )),
        }
    }

    fn print(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }
}
