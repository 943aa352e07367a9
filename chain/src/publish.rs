//! Publication: a snapshot becomes the head of its dataset; the first one registers it.

use crate::{
    error::ChainError,
    registry::Registry,
    send::{Confirmed, Sender},
};
use alloy_primitives::{Address, B256, TxKind};
use nectar_verifier::{header::Header, solidity, trust::attestor};

/// What came of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// The snapshot became the head by this transaction.
    Published(Confirmed),
    /// It was the head already; nothing was sent.
    AlreadyHead,
}

/// The function of the registry that takes a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Of the first snapshot: it registers the dataset.
    Register,
    /// Of the snapshot after the head.
    Publish,
}

/// Makes a snapshot the head of its dataset, with the first of the signatures that is by an attestor that the registry
/// accepts; returns that attestor, too.
///
/// # Errors
/// The sender is not the custodian, no attestor is accepted, the snapshot does not follow the head, or the transaction
/// fails or is not confirmed.
pub async fn publish(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    header: &Header,
    signatures: &[[u8; 65]],
    method: Method,
) -> Result<(Publication, Address), ChainError> {
    let (core, root) = (&header.core, header.root());
    let (signature, attestor) = accepted_signature(registry, root, signatures).await?;
    let head = registry.head(core.dataset).await?;
    if head.is_some_and(|h| (h.root, h.sequence) == (root, core.sequence)) {
        return Ok((Publication::AlreadyHead, attestor));
    }
    let own = sender.account.address();
    let custodian = match method {
        Method::Register => Some(core.custodian),
        // For a dataset without one, the dry run reverts.
        Method::Publish => registry.custodian(core.dataset).await?,
    };
    if let Some(custodian) = custodian.filter(|c| *c != own) {
        let sender = own;
        return Err(ChainError::NotCustodian { custodian, sender });
    }
    let (columns_root, signature) = (header.columns_root(), signature.to_vec());
    let call = match method {
        Method::Register => solidity::register(core, columns_root, signature),
        Method::Publish => solidity::publish(core, columns_root, signature),
    };
    registry.dry_run(own, call.clone()).await?;
    let to = TxKind::Call(registry.address());
    let confirmed = sender.send(to, &call).await?;
    Ok((Publication::Published(confirmed), attestor))
}

/// The first signature by an attestor that the registry accepts.
async fn accepted_signature<'s>(
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
