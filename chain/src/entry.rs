//! The entry of an answer: read as of one block, and checked here as far as it can be.

use crate::{
    error::ChainError,
    interface,
    node::{Block, Event, Node},
    registry::Registry,
    submit::AnswerId,
};
use alloy_primitives::{Address, B256, U256};
use nectar_verifier::{
    bundle::Bundle,
    keys::Keys,
    trust::{AcceptedSnapshot, Head, LogView},
};
use std::ops::RangeInclusive;

/// An answer that a registry has entered.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: AnswerId,
    /// When it was entered, in seconds since the epoch.
    pub time: i64,
    /// The block and the transaction that entered it.
    pub entered: (u64, B256),
    /// The contract that verified it.
    pub verifier: Address,
    /// The head of its dataset now.
    pub head: Head,
    /// The root, as attested by that attestor; none if it was published through another contract, so that the signature
    /// is not found.
    pub snapshot: Option<AcceptedSnapshot>,
    /// The attestor of the snapshot, whom the registry accepts.
    pub attestor: Address,
    root: B256,
    sequence: u64,
}

/// Looks an answer up, as of the registry's block.
///
/// # Errors
/// It is not entered, the registry's state is not one that its code reaches, the chain is reorganised meanwhile, or the
/// node is not reached.
pub async fn look_up(
    registry: &Registry<'_>,
    bundle: &Bundle,
    keys: &Keys,
) -> Result<Entry, ChainError> {
    let (id, core, root) = (AnswerId::of(bundle)?, &bundle.core, bundle.root());
    let at = registry.at();
    let Some(time) = registry.entry(id.entry).await? else {
        return Err(ChainError::NotEntered {
            registry: registry.address(),
            block: at.number,
        });
    };
    let verifier = registry.verifier(keys).await?;
    let head = registry.head(core.dataset).await?;
    let head = head.ok_or(ChainError::Inconsistent("an entry without a head"))?;
    let entered = entered(registry, bundle, id, time).await?;
    let published = published(registry, core.dataset, core.sequence, root, &head).await?;
    let (attestor, snapshot) = published;
    if !registry.node().contains(at.number, at.hash).await? {
        return Err(ChainError::Reorganised);
    }
    Ok(Entry {
        id,
        time,
        entered,
        verifier,
        head,
        snapshot,
        attestor,
        root,
        sequence: core.sequence,
    })
}

impl Entry {
    /// Whether the answer's snapshot is still the head.
    pub fn is_of_head(&self) -> bool {
        self.head.root == self.root
    }

    /// The entry as a log: the root was the head when the answer was entered, as the registry requires.
    pub fn log(&self) -> LogView {
        let then = Head {
            root: self.root,
            sequence: self.sequence,
            since: self.time,
            ..self.head
        };
        // Another became the head after the entry, if within the same second.
        let now = Head {
            since: self.head.since.max(self.time.saturating_add(1)),
            ..self.head
        };
        let heads = match self.is_of_head() {
            true => vec![then],
            false => vec![then, now],
        };
        LogView {
            heads,
            entries: vec![(self.id.entry, self.time)],
        }
    }
}

/// Block and transaction of the event that says the answer was verified.
async fn entered(
    registry: &Registry<'_>,
    bundle: &Bundle,
    id: AnswerId,
    time: i64,
) -> Result<(u64, B256), ChainError> {
    let topics = interface::answer_verified(bundle.core.dataset, bundle.root(), id.statement);
    let blocks = blocks_at(registry.node(), registry.at(), time).await?;
    let events = registry
        .node()
        .events(registry.address(), blocks, &topics)
        .await?;
    let cells = bundle.cells.iter().copied().map(U256::from).collect();
    let own = Some((id.entry, cells));
    let event = events.iter().find(|e| interface::entered(&e.data) == own);
    let event = event.ok_or(ChainError::Inconsistent("the entry has no event"))?;
    Ok((event.block_number, event.transaction_hash))
}

/// Who attested the snapshot, and the root as attested by them if the signature is found.
async fn published(
    registry: &Registry<'_>,
    dataset: B256,
    sequence: u64,
    root: B256,
    head: &Head,
) -> Result<(Address, Option<AcceptedSnapshot>), ChainError> {
    let blocks = match head.root == root {
        true => blocks_at(registry.node(), registry.at(), head.since).await?,
        // When a former head was published is not kept.
        false => 0..=registry.at().number,
    };
    let topics = interface::snapshot_published(dataset, sequence);
    let events = registry
        .node()
        .events(registry.address(), blocks, &topics)
        .await?;
    let own = |event: &Event| {
        let (published, attestor) = interface::published(&event.data)?;
        (published == root).then_some((event.transaction_hash, attestor))
    };
    let missing = ChainError::Inconsistent("the snapshot was never published");
    let (transaction, attestor) = events.iter().find_map(own).ok_or(missing)?;
    let known = registry.node().transaction(transaction).await?;
    let signature = known.and_then(|k| interface::signature(&k.input));
    let accept = |s: Vec<u8>| AcceptedSnapshot::attested(root, &s, &[attestor]).ok();
    Ok((attestor, signature.and_then(accept)))
}

/// The blocks of a time, up to one: found by bisection, since nodes return events of few blocks at once.
async fn blocks_at(
    node: &Node,
    until: Block,
    time: i64,
) -> Result<RangeInclusive<u64>, ChainError> {
    let first = first_after(node, until, time.saturating_sub(1)).await?;
    let after = first_after(node, until, time).await?;
    Ok(first..=after.saturating_sub(1).max(first))
}

/// The first block whose time is after a moment; the one after `until` if none is.
async fn first_after(node: &Node, until: Block, time: i64) -> Result<u64, ChainError> {
    let (mut low, mut high) = (0, until.number.saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        let block = node.block(middle).await?.ok_or(ChainError::Reorganised)?;
        if block.time > time {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    Ok(low)
}
