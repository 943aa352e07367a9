//! Transactions: signed, sent, and followed until the chain is unlikely to drop them.

use crate::{
    account::{Account, Signed},
    error::ChainError,
    node::{Block, Node, Receipt},
};
use alloy_primitives::{Address, B256, TxKind};
use std::time::{Duration, Instant};

/// How often a transaction is sent that the chain drops.
const MAX_SENDS: usize = 8;
/// Polls in a row that do not find a transaction, or fail, until it counts as dropped, or lost.
const MAX_MISSES: usize = 4;

/// When a transaction counts as settled.
#[derive(Debug, Clone, Copy)]
pub struct Settlement {
    /// Blocks from the transaction's own on, itself among them.
    pub confirmations: u64,
    /// Most time for a transaction.
    pub timeout: Duration,
}

/// A transaction's progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The node has it.
    Sent(B256),
    /// It has so many confirmations.
    Confirmations(u64),
    /// The chain was reorganised and no longer has it; it is sent again.
    Dropped(B256),
}

/// Sends transactions of an account.
pub struct Sender<'a> {
    /// The node that they are sent to.
    pub node: &'a Node,
    /// Signs them.
    pub account: &'a Account,
    /// When they are done.
    pub settlement: Settlement,
    /// Called at every step.
    pub on_step: &'a dyn Fn(Step),
}

/// A transaction that is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// Its hash.
    pub transaction: B256,
    /// The block it is in.
    pub block: Block,
    /// The gas it used.
    pub gas: u64,
    /// The contract it created.
    pub contract: Option<Address>,
}

/// A transaction's status at one poll.
enum Status {
    /// It has the confirmations wanted.
    Confirmed(Confirmed),
    /// The node knows it; so many confirmations.
    Pending(u64),
    /// The node does not know it.
    Unknown,
}

impl Sender<'_> {
    /// Sends a transaction and waits until it is confirmed. One that a reorganisation dropped is sent again as it was,
    /// which cannot be mined twice; only if its nonce is used by then a new one is signed.
    ///
    /// # Errors
    /// The contract reverts, the node is not reached, or the transaction fails or is not confirmed in time.
    pub async fn send(&self, to: TxKind, data: &[u8]) -> Result<Confirmed, ChainError> {
        let started = Instant::now();
        let mut signed = self.sign(to, data).await?;
        self.node.send(&signed).await?;
        for _ in 0..MAX_SENDS {
            (self.on_step)(Step::Sent(signed.hash));
            if let Some(confirmed) = self.follow(&signed, started).await? {
                return Ok(confirmed);
            }
            (self.on_step)(Step::Dropped(signed.hash));
            signed = self.resend(signed, to, data).await?;
        }
        Err(ChainError::Dropped(MAX_SENDS))
    }

    async fn sign(&self, to: TxKind, data: &[u8]) -> Result<Signed, ChainError> {
        let from = self.account.address();
        let prepared = self.node.prepare(from, to, data).await?;
        Ok(self.account.sign(prepared)?)
    }

    /// Sends a dropped transaction again, or a new one if another of the account's has its nonce.
    async fn resend(&self, signed: Signed, to: TxKind, data: &[u8]) -> Result<Signed, ChainError> {
        let nonce_used = self.node.mined(self.account.address()).await? > signed.nonce;
        let mined = self.node.receipt(signed.hash).await?.is_some();
        if mined || !nonce_used {
            // A node that still has it answers with an error; if it is lost, the next poll shows it.
            let _ = self.node.send(&signed).await;
            return Ok(signed);
        }
        let signed = self.sign(to, data).await?;
        self.node.send(&signed).await?;
        Ok(signed)
    }

    /// Waits for a transaction; nothing if the chain dropped it.
    async fn follow(
        &self,
        signed: &Signed,
        started: Instant,
    ) -> Result<Option<Confirmed>, ChainError> {
        let (mut missing, mut failures, mut state) = (0, 0, String::from("not mined yet"));
        while started.elapsed() < self.settlement.timeout {
            match self.status(signed.hash).await {
                Ok(Status::Confirmed(confirmed)) => return Ok(Some(confirmed)),
                Ok(Status::Pending(depth)) => {
                    (missing, failures) = (0, 0);
                    if depth > 0 {
                        let want = self.settlement.confirmations;
                        state = format!("confirmations: got {depth}, want {want}");
                    }
                    (self.on_step)(Step::Confirmations(depth));
                }
                Ok(Status::Unknown) => missing += 1,
                Err(error @ ChainError::Node { .. }) => {
                    failures += 1;
                    state = error.to_string();
                }
                Err(error) => return Err(error),
            }
            if missing >= MAX_MISSES {
                return Ok(None);
            }
            if failures >= MAX_MISSES {
                break;
            }
            tokio::time::sleep(self.node.poll_interval()).await;
        }
        Err(ChainError::Unconfirmed {
            transaction: signed.hash,
            seconds: started.elapsed().as_secs(),
            state,
        })
    }

    async fn status(&self, transaction: B256) -> Result<Status, ChainError> {
        let Some(receipt) = self.node.receipt(transaction).await? else {
            let known = self.node.transaction(transaction).await?;
            return Ok(known.map_or(Status::Unknown, |_| Status::Pending(0)));
        };
        let head = self.node.head().await?.number;
        let depth = head.saturating_add(1).saturating_sub(receipt.block_number);
        if depth < self.settlement.confirmations {
            return Ok(Status::Pending(depth));
        }
        self.confirmed(transaction, &receipt).await
    }

    /// Checks that the receipt's block is in the chain that has the confirmations wanted.
    async fn confirmed(&self, transaction: B256, receipt: &Receipt) -> Result<Status, ChainError> {
        let block = self.node.block(receipt.block_number).await?;
        let Some(block) = block.filter(|b| b.hash == receipt.block_hash) else {
            return Ok(Status::Unknown);
        };
        if !receipt.succeeded() {
            return Err(ChainError::Failed {
                transaction,
                block: block.number,
            });
        }
        Ok(Status::Confirmed(Confirmed {
            transaction,
            block,
            gas: receipt.gas_used,
            contract: receipt.contract_address,
        }))
    }
}
