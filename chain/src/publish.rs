//! What a custodian sends: snapshots, the first of which registers the dataset.

use crate::{
    error::ChainError,
    registry::Registry,
    send::{Confirmed, Sender},
};
use alloy_primitives::{Address, B256, TxKind};
use nectar_verifier::{
    header::{Core, Header},
    solidity,
    trust::attestor,
};

/// What became of something that is done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Just now.
    Now(Confirmed),
    /// Before; nothing was sent.
    Already,
}

/// Registers a dataset: the snapshot is its first head there, with the first of the signatures that the registry
/// accepts. Gives the attestor, too.
///
/// # Errors
/// The sender is not the custodian whom the header names, no attestor is accepted, the dataset is registered, or the
/// transaction does not go through.
pub async fn register(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    header: &Header,
    signatures: &[[u8; 65]],
) -> Result<(Done, Address), ChainError> {
    let named = Some(header.core.custodian);
    make_head(
        sender,
        registry,
        header,
        signatures,
        named,
        solidity::register,
    )
    .await
}

/// Publishes the snapshot after the head, as [`register`] the first.
///
/// # Errors
/// The sender is not the dataset's custodian, no attestor is accepted, the snapshot does not follow the head, or the
/// transaction does not go through.
pub async fn publish(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    header: &Header,
    signatures: &[[u8; 65]],
) -> Result<(Done, Address), ChainError> {
    let known = registry.custodian(header.core.dataset).await?;
    make_head(
        sender,
        registry,
        header,
        signatures,
        known,
        solidity::publish,
    )
    .await
}

/// Sends a call that makes a snapshot the head, if it is not, from a custodian; where none is known, the registry
/// refuses.
async fn make_head(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    header: &Header,
    signatures: &[[u8; 65]],
    custodian: Option<Address>,
    call: fn(&Core, B256, Vec<u8>) -> Vec<u8>,
) -> Result<(Done, Address), ChainError> {
    let (core, root) = (&header.core, header.root());
    let (signature, attestor) = accepted(registry, root, signatures).await?;
    let head = registry.head(core.dataset).await?;
    if head.is_some_and(|h| (h.root, h.sequence) == (root, core.sequence)) {
        return Ok((Done::Already, attestor));
    }
    let own = sender.account.address();
    if let Some(custodian) = custodian.filter(|c| *c != own) {
        let sender = own;
        return Err(ChainError::NotCustodian { custodian, sender });
    }
    let call = call(core, header.columns_root(), signature.to_vec());
    registry.dry_run(own, call.clone()).await?;
    let to = TxKind::Call(registry.address());
    let confirmed = sender.send(to, &call).await?;
    Ok((Done::Now(confirmed), attestor))
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
