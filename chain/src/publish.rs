//! What a custodian sends: snapshots, the first of which registers the dataset.

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

/// Which of its dataset's snapshots a registry is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The one to begin with: it registers the dataset.
    First,
    /// The one after the head.
    Next,
}

/// Makes a snapshot the head of its dataset, with the first of the signatures that the registry accepts. Gives the
/// attestor, too.
///
/// # Errors
/// The sender is not the custodian, no attestor is accepted, it is not the snapshot's turn, or the transaction does not
/// go through.
pub async fn publish(
    sender: &Sender<'_>,
    registry: &Registry<'_>,
    header: &Header,
    signatures: &[[u8; 65]],
    turn: Turn,
) -> Result<(Done, Address), ChainError> {
    let (core, root) = (&header.core, header.root());
    let (signature, attestor) = accepted(registry, root, signatures).await?;
    let head = registry.head(core.dataset).await?;
    if head.is_some_and(|h| (h.root, h.sequence) == (root, core.sequence)) {
        return Ok((Done::Already, attestor));
    }
    let own = sender.account.address();
    let custodian = match turn {
        Turn::First => Some(core.custodian),
        // Of a dataset without one, the registry says so.
        Turn::Next => registry.custodian(core.dataset).await?,
    };
    if let Some(custodian) = custodian.filter(|c| *c != own) {
        let sender = own;
        return Err(ChainError::NotCustodian { custodian, sender });
    }
    let (columns_root, signature) = (header.columns_root(), signature.to_vec());
    let call = match turn {
        Turn::First => solidity::register(core, columns_root, signature),
        Turn::Next => solidity::publish(core, columns_root, signature),
    };
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
