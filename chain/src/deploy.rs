//! Deployment: a verifier for each pair of keys, and a registry that knows them.

use crate::{
    artifact::Artifact,
    error::ChainError,
    send::{Confirmed, Sender},
};
use alloy_primitives::{Address, TxKind};
use nectar_verifier::{keys::KeyTriple, solidity, trust::TrustedKeys};

/// What was deployed.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// A verifier for each pair of keys.
    pub verifiers: Vec<(KeyTriple, Address, Confirmed)>,
    /// The registry.
    pub registry: (Address, Confirmed),
}

/// Deploys a verifier for each of `keys`, and a registry that accepts `attestors`.
///
/// # Errors
/// A contract refuses its keys, or a transaction fails or is not confirmed.
pub async fn deploy(
    sender: &Sender<'_>,
    keys: &[TrustedKeys],
    attestors: &[Address],
) -> Result<Deployed, ChainError> {
    let verifier = Artifact::verifier()?;
    let mut verifiers = vec![];
    for keys in keys {
        let arguments = solidity::constructor(keys.keys());
        let (address, confirmed) = create(sender, &verifier, &arguments).await?;
        verifiers.push((keys.keys().triple(), address, confirmed));
    }
    let addresses: Vec<_> = verifiers.iter().map(|(_, address, _)| *address).collect();
    let arguments = solidity::registry(attestors, &addresses);
    let registry = create(sender, &Artifact::registry()?, &arguments).await?;
    Ok(Deployed {
        verifiers,
        registry,
    })
}

async fn create(
    sender: &Sender<'_>,
    artifact: &Artifact,
    arguments: &[u8],
) -> Result<(Address, Confirmed), ChainError> {
    let code = artifact.deployment(arguments);
    let confirmed = sender.send(TxKind::Create, &code).await?;
    let address = confirmed.contract;
    let address = address.ok_or(ChainError::Inconsistent("a deployment created no contract"))?;
    Ok((address, confirmed))
}
