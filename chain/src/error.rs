//! Why something on a chain could not be done.

use crate::{account::KeyError, artifact::ArtifactError, endpoint::EndpointError, revert::Revert};
use alloy_primitives::{Address, B256};
use nectar_verifier::{bundle::VerifyError, statement::StatementError};

/// Why something on a chain could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A node's URL cannot be used.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A node is not reached, or its answer is not one of a node.
    #[error("the node at {node}: {what}")]
    Node {
        /// Scheme, host and port of its URL.
        node: String,
        /// What is wrong.
        what: String,
    },
    /// The node serves another chain than the one wanted.
    #[error("the node serves another chain: got id {got}, want {want}")]
    OtherChain {
        /// The id wanted.
        want: u64,
        /// The node's.
        got: u64,
    },
    /// A contract reverts a call.
    #[error(transparent)]
    Reverted(#[from] Revert),
    /// There is no code at an address.
    #[error("{0}: no contract at this address on this chain")]
    NoContract(Address),
    /// The code at an address is not that of the contract that is wanted there.
    #[error(
        "{address}: not a contract of Nectar, or not of this version: code hash: got {got}, want {want}"
    )]
    OtherCode {
        /// The address.
        address: Address,
        /// The hash of the code there.
        got: B256,
        /// The hash of the contract's code.
        want: B256,
    },
    /// A registry has no verifier for an answer's keys.
    #[error("{0}: this registry has no verifier for the keys of this answer")]
    NoVerifier(Address),
    /// A bundle is refused before anything is sent.
    #[error(transparent)]
    Bundle(#[from] VerifyError),
    /// A transaction was mined and reverted.
    #[error(
        "transaction {transaction} reverted in block {block}, though a dry run had succeeded: the state changed in \
         between"
    )]
    Failed {
        /// The transaction.
        transaction: B256,
        /// The block.
        block: u64,
    },
    /// A transaction is not confirmed in time.
    #[error(
        "transaction {transaction} is not confirmed after {seconds} s, and still may be: {state}"
    )]
    Unconfirmed {
        /// The transaction.
        transaction: B256,
        /// For how long it was followed.
        seconds: u64,
        /// Its last status.
        state: String,
    },
    /// The chain dropped a transaction too often.
    #[error("the chain dropped the transaction {0} times")]
    Dropped(usize),
    /// The chain was reorganised during a check.
    #[error("the chain was reorganised during the check")]
    Reorganised,
    /// A snapshot is sent by another account than the custodian's.
    #[error("a snapshot is published by its dataset's custodian: got {sender}, want {custodian}")]
    NotCustodian {
        /// The dataset's custodian, or whom its first header names.
        custodian: Address,
        /// The account that sends.
        sender: Address,
    },
    /// No attestation of a snapshot is by an attestor that the registry accepts; others attested it.
    #[error("the snapshot is not attested by an attestor that this registry accepts{}", by(.0))]
    NoAttestor(Vec<Address>),
    /// The registry has no entry of an answer.
    #[error("the registry {registry} has not entered this answer as of block {block}")]
    NotEntered {
        /// The registry.
        registry: Address,
        /// The block.
        block: u64,
    },
    /// The state of the registry, as the node tells it, is none that its code reaches.
    #[error("the registry's state is not consistent: {0}")]
    Inconsistent(&'static str),
    /// The contracts that are compiled in cannot be read.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
}

/// Those who attested, if any.
fn by(others: &[Address]) -> String {
    let names: Vec<_> = others.iter().map(Address::to_string).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!(": got {}", names.join(", ")),
    }
}

impl From<StatementError> for ChainError {
    fn from(error: StatementError) -> Self {
        ChainError::Bundle(error.into())
    }
}
