//! Submission: an answer is entered in the registry, once.

use crate::{
    error::ChainError,
    registry::Registry,
    send::{Confirmed, Sender},
};
use alloy_primitives::{B256, TxKind};
use nectar_verifier::{bundle::Bundle, solidity, trust::entry_id};

/// The digests that name an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerId {
    /// The digest of its statement, D0.
    pub statement: B256,
    /// The id of its entry: the statement with the released cells.
    pub entry: B256,
}

impl AnswerId {
    /// Computes them from a bundle.
    ///
    /// # Errors
    /// The query has no statement.
    pub fn of(bundle: &Bundle) -> Result<Self, ChainError> {
        let statement = bundle.statement()?.digest(&bundle.core, bundle.root());
        let entry = entry_id(statement, &bundle.cells);
        Ok(AnswerId { statement, entry })
    }
}

/// What came of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// The answer was entered by this transaction.
    Entered(Confirmed),
    /// It was entered before, at this time in seconds since the epoch; nothing was sent.
    AlreadyEntered(i64),
}

/// Enters an answer. A dry run comes first, so that a call that reverts costs nothing.
///
/// # Errors
/// The bundle is refused, here or by the registry, or the transaction fails or is not confirmed.
pub async fn submit(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    bundle: &Bundle,
) -> Result<(AnswerId, Submitted), ChainError> {
    let id = AnswerId::of(bundle)?;
    if let Some(time) = registry.entry(id.entry).await? {
        return Ok((id, Submitted::AlreadyEntered(time)));
    }
    let shape = bundle.statement()?.shape();
    let call = solidity::submit(shape, solidity::answer(bundle)?);
    let returned = registry
        .dry_run(sender.account.address(), call.clone())
        .await?;
    if returned.as_ref() != id.entry.as_slice() {
        return Err(ChainError::Inconsistent(
            "its id of the answer is not the answer's",
        ));
    }
    let to = TxKind::Call(registry.address());
    let confirmed = sender.send(to, &call).await?;
    Ok((id, Submitted::Entered(confirmed)))
}
