//! What a custodian sends: a dataset's registration, and its snapshots.

use crate::{
    error::ChainError,
    registry::Registry,
    send::{Confirmed, Sender},
};
use alloy_primitives::{Address, B256, TxKind};
use nectar_verifier::{header::Header, solidity, trust::attestor};

/// What became of something that is done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Just now.
    Now(Confirmed),
    /// Before; nothing was sent.
    Already,
}

/// Makes the sender custodian of a dataset.
///
/// # Errors
/// Another is, or the transaction does not go through.
pub async fn register(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    dataset: B256,
) -> Result<Done, ChainError> {
    let own = sender.account.address();
    if registry.custodian(dataset).await? == Some(own) {
        return Ok(Done::Already);
    }
    send(sender, registry, solidity::register(dataset)).await
}

/// Publishes a snapshot as the head of its dataset, with the first of the signatures that the registry accepts. Gives
/// the attestor, too.
///
/// # Errors
/// The sender is not the custodian, no attestor is accepted, the snapshot does not follow the head, or the transaction
/// does not go through.
pub async fn publish(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    header: &Header,
    signatures: &[[u8; 65]],
) -> Result<(Done, Address), ChainError> {
    let (core, root) = (&header.core, header.root());
    let (signature, attestor) = accepted(registry, root, signatures).await?;
    let head = registry.head(core.dataset).await?;
    if head.is_some_and(|h| (h.root, h.sequence) == (root, core.sequence)) {
        return Ok((Done::Already, attestor));
    }
    if core.custodian != sender.account.address() {
        return Err(ChainError::NotCustodian {
            custodian: core.custodian,
            sender: sender.account.address(),
        });
    }
    let call = solidity::publish(core, header.columns_root(), signature.to_vec());
    Ok((send(sender, registry, call).await?, attestor))
}

/// The first signature by somebody whose word the registry accepts.
async fn accepted<'s>(
    registry: &Registry<'_>,
    root: B256,
    signatures: &'s [[u8; 65]],
) -> Result<(&'s [u8; 65], Address), ChainError> {
    let mut known = vec![];
    for signature in signatures {
        let Ok(signer) = attestor(root, signature) else {
            continue;
        };
        if registry.accepts(signer).await? {
            return Ok((signature, signer));
        }
        known.push(signer);
    }
    Err(ChainError::NoAttestor(known))
}

/// Sends a call after a dry run, so that a refusal costs nothing.
async fn send(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    call: Vec<u8>,
) -> Result<Done, ChainError> {
    let own = sender.account.address();
    registry.dry_run(own, call.clone()).await?;
    let to = TxKind::Call(registry.address());
    sender.send(to, &call).await.map(Done::Now)
}
