//! Transactions on their way: signed, sent, and followed until the chain is unlikely to drop them.

use crate::{
    account::{Account, Signed},
    error::ChainError,
    node::{Block, Node, Receipt},
};
use alloy_primitives::{Address, B256, TxKind};
use std::time::{Duration, Instant};

/// How often a transaction that the chain dropped is sent again.
const TRIES: usize = 8;
/// Looks at the chain in a row that do not find a transaction, or fail, until it counts as dropped, or lost.
const LOOKS: usize = 4;

/// How sure somebody wants to be, and how long to wait for it.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Blocks from the transaction's own on, itself among them.
    pub confirmations: u64,
    /// Most time for a transaction.
    pub wait: Duration,
}

/// What is told while a transaction is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It was handed to the node.
    Sent(B256),
    /// It is in this many blocks' past, of those wanted.
    Confirmations(u64),
    /// The chain was reorganised, and has it no longer; it is sent again.
    Dropped(B256),
}

/// Sends transactions of an account.
pub struct Sender<'a> {
    /// The node they are handed to.
    pub node: &'a Node,
    /// Who signs.
    pub account: &'a Account,
    /// When they are done.
    pub patience: Patience,
    /// Is told of every step.
    pub told: &'a dyn Fn(Step),
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
    /// The contract it made.
    pub contract: Option<Address>,
}

/// One look at the chain.
enum Look {
    /// The transaction is where it should be.
    Confirmed(Confirmed),
    /// It is known, and this many blocks deep.
    Waiting(u64),
    /// Nobody knows it.
    Missing,
}

impl Sender<'_> {
    /// Sends a transaction and waits until it is confirmed. One that a reorganisation dropped is sent again as it was,
    /// which cannot be mined twice; only if its number is taken by then a new one is signed.
    ///
    /// # Errors
    /// The contract refuses, the node is not reached, or the transaction fails or is not confirmed in time.
    pub async fn send(&self, to: TxKind, data: &[u8]) -> Result<Confirmed, ChainError> {
        let started = Instant::now();
        let mut signed = self.sign(to, data).await?;
        self.node.send(&signed).await?;
        for _ in 0..TRIES {
            (self.told)(Step::Sent(signed.hash));
            if let Some(confirmed) = self.follow(&signed, started).await? {
                return Ok(confirmed);
            }
            (self.told)(Step::Dropped(signed.hash));
            signed = self.again(signed, to, data).await?;
        }
        Err(ChainError::Dropped(TRIES))
    }

    async fn sign(&self, to: TxKind, data: &[u8]) -> Result<Signed, ChainError> {
        let from = self.account.address();
        let prepared = self.node.prepare(from, to, data).await?;
        Ok(self.account.sign(prepared)?)
    }

    /// Sends a dropped transaction again, or a new one if the account has sent others since.
    async fn again(&self, signed: Signed, to: TxKind, data: &[u8]) -> Result<Signed, ChainError> {
        let taken = self.node.nonce(self.account.address()).await? > signed.nonce;
        let mined = self.node.receipt(signed.hash).await?.is_some();
        if mined || !taken {
            // A node that still has it says so as an error; if it is lost, the next look tells.
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
        while started.elapsed() < self.patience.wait {
            match self.look(signed.hash).await {
                Ok(Look::Confirmed(confirmed)) => return Ok(Some(confirmed)),
                Ok(Look::Waiting(depth)) => {
                    (missing, failures) = (0, 0);
                    if depth > 0 {
                        state = format!("{depth} of {} confirmations", self.patience.confirmations);
                    }
                    (self.told)(Step::Confirmations(depth));
                }
                Ok(Look::Missing) => missing += 1,
                Err(error @ ChainError::Node { .. }) => {
                    failures += 1;
                    state = error.to_string();
                }
                Err(error) => return Err(error),
            }
            if missing >= LOOKS {
                return Ok(None);
            }
            if failures >= LOOKS {
                break;
            }
            tokio::time::sleep(self.node.pace()).await;
        }
        Err(ChainError::Unconfirmed {
            transaction: signed.hash,
            seconds: started.elapsed().as_secs(),
            state,
        })
    }

    async fn look(&self, transaction: B256) -> Result<Look, ChainError> {
        let Some(receipt) = self.node.receipt(transaction).await? else {
            let known = self.node.transaction(transaction).await?;
            return Ok(known.map_or(Look::Missing, |_| Look::Waiting(0)));
        };
        let head = self.node.head().await?.number();
        let depth = head.saturating_add(1).saturating_sub(receipt.block());
        if depth < self.patience.confirmations {
            return Ok(Look::Waiting(depth));
        }
        self.confirmed(transaction, &receipt).await
    }

    /// Sees to it that the receipt's block is in the chain that is as long as wanted.
    async fn confirmed(&self, transaction: B256, receipt: &Receipt) -> Result<Look, ChainError> {
        let block = self.node.block(receipt.block()).await?;
        let Some(block) = block.filter(|b| b.hash == receipt.block_hash) else {
            return Ok(Look::Missing);
        };
        if !receipt.succeeded() {
            return Err(ChainError::Failed {
                transaction,
                block: block.number(),
            });
        }
        Ok(Look::Confirmed(Confirmed {
            transaction,
            block,
            gas: receipt.gas(),
            contract: receipt.contract_address,
        }))
    }
}
