//! Submission: an answer is entered in the registry, once.

use crate::{
    error::ChainError,
    registry::Registry,
    send::{Confirmed, Sender},
};
use alloy_primitives::{B256, TxKind};
use nectar_verifier::{bundle::Bundle, solidity, trust::entry_id};

/// What the registry calls an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// The digest of its statement.
    pub d0: B256,
    /// Its id: the statement with the released cells.
    pub id: B256,
}

impl Name {
    /// Computed from the bundle itself.
    ///
    /// # Errors
    /// The query has no statement.
    pub fn of(bundle: &Bundle) -> Result<Self, ChainError> {
        let d0 = bundle.statement()?.digest(&bundle.core, bundle.root());
        let id = entry_id(d0, &bundle.cells);
        Ok(Name { d0, id })
    }
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// It is entered now.
    Entered(Confirmed),
    /// It was before, at this time; nothing was sent.
    Already(i64),
}

/// Enters an answer. A dry run comes first: what the registry refuses costs nothing.
///
/// # Errors
/// The bundle is refused, here or by the registry, or the transaction does not go through.
pub async fn submit(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    bundle: &Bundle,
) -> Result<(Name, Submitted), ChainError> {
    let name = Name::of(bundle)?;
    if let Some(time) = registry.entry(name.id).await? {
        return Ok((name, Submitted::Already(time)));
    }
    let shape = bundle.statement()?.shape();
    let call = solidity::submit(shape, solidity::answer(bundle)?);
    let given = registry
        .dry_run(sender.account.address(), call.clone())
        .await?;
    if given.as_ref() != name.id.as_slice() {
        return Err(ChainError::Inconsistent(
            "it gives the answer another id than it has",
        ));
    }
    let to = TxKind::Call(registry.address());
    let confirmed = sender.send(to, &call).await?;
    Ok((name, Submitted::Entered(confirmed)))
}
