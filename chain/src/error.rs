//! Why something on a chain could not be done.

use crate::{
    account::KeyError, artifact::ArtifactError, endpoint::EndpointError, refusal::Refusal,
};
use alloy_primitives::{Address, B256};
use nectar_verifier::{bundle::VerifyError, statement::StatementError};

/// Why something on a chain could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// Nothing can be asked at this URL.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A node is not reached, or answers what no node should.
    #[error("the node at {node}: {what}")]
    Node {
        /// The node, without the secrets its URL may hold.
        node: String,
        /// What is wrong.
        what: String,
    },
    /// The node serves another chain than the one wanted.
    #[error("the node serves chain {got}, not {want}: give the URL of a node of that chain")]
    OtherChain {
        /// The chain wanted.
        want: u64,
        /// The chain it is.
        got: u64,
    },
    /// A contract refuses a call.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The code at an address is not that of the contract that is wanted there.
    #[error("{address}: {what}")]
    Code {
        /// The address.
        address: Address,
        /// What is wrong.
        what: &'static str,
    },
    /// A bundle is refused before anything is sent.
    #[error(transparent)]
    Bundle(#[from] VerifyError),
    /// A transaction was mined and failed.
    #[error(
        "transaction {transaction} failed in block {block}, though a dry run went well: the chain changed in between; \
         run the command again to see why"
    )]
    Failed {
        /// The transaction.
        transaction: B256,
        /// The block.
        block: u64,
    },
    /// A transaction is not confirmed in time.
    #[error(
        "transaction {transaction} is not confirmed after {seconds} s ({state}); it may still be: run the command again \
         later, it notices what is done already"
    )]
    Unconfirmed {
        /// The transaction.
        transaction: B256,
        /// How long was waited.
        seconds: u64,
        /// How far it came.
        state: String,
    },
    /// The chain dropped a transaction too often.
    #[error(
        "the chain dropped the transaction {0} times; run the command again when it has settled"
    )]
    Dropped(usize),
    /// The chain changed under a check.
    #[error("the chain was reorganised during the check; run the command again")]
    Reorganised,
    /// A snapshot is sent by somebody else than the custodian.
    #[error(
        "the dataset's custodian is {custodian}, and the key given is that of {sender}: use the custodian's key, which \
         `nectar snapshot commit` took from its keys folder (--keys)"
    )]
    NotCustodian {
        /// The dataset's custodian, or whom its first header names.
        custodian: Address,
        /// Whose key was given.
        sender: Address,
    },
    /// No signature over a root is by an attestor whom the registry accepts.
    #[error("no attestor that this registry accepts has signed the snapshot{}; `nectar snapshot attest` signs it", by(.0))]
    NoAttestor(Vec<Address>),
    /// The registry knows nothing of an answer.
    #[error("the registry {registry} has not entered this answer as of block {block}")]
    NotEntered {
        /// The registry.
        registry: Address,
        /// The block.
        block: u64,
    },
    /// The registry's own record is not as its code makes it.
    #[error("the registry's record is not consistent: {0}")]
    Inconsistent(&'static str),
    /// The contracts that are compiled in cannot be read.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
}

/// Who did, for who reads that nobody did.
fn by(others: &[Address]) -> String {
    let names: Vec<_> = others.iter().map(Address::to_string).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!(", only {}", names.join(", ")),
    }
}

impl From<StatementError> for ChainError {
    fn from(error: StatementError) -> Self {
        ChainError::Bundle(error.into())
    }
}
