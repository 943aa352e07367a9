//! A registry on a chain, with the code that is checked in.

use crate::{
    artifact::Artifact,
    code,
    error::ChainError,
    interface::{self, Getter},
    node::{Block, Node},
};
use alloy_primitives::{Address, B256, Bytes};
use nectar_verifier::{
    circuit::Circuit,
    trust::{Head, KeyTriple},
};

/// A registry, looked at as of one block.
pub struct Registry<'a> {
    node: &'a Node,
    address: Address,
    at: Block,
}

impl<'a> Registry<'a> {
    /// The registry at an address, as of the newest block.
    ///
    /// # Errors
    /// Its code is not a registry's, or the node is not reached.
    pub async fn open(node: &'a Node, address: Address) -> Result<Self, ChainError> {
        Registry::open_at(node, address, node.head().await?).await
    }

    /// The registry at an address, as of a block.
    ///
    /// # Errors
    /// Its code is not a registry's, or the node is not reached.
    pub async fn open_at(node: &'a Node, address: Address, at: Block) -> Result<Self, ChainError> {
        code::check(node, address, &Artifact::registry()?, at.hash).await?;
        Ok(Registry { node, address, at })
    }

    /// Its address.
    pub fn address(&self) -> Address {
        self.address
    }

    /// The block as of which it is looked at.
    pub fn at(&self) -> Block {
        self.at
    }

    /// The node that is asked.
    pub(crate) fn node(&self) -> &'a Node {
        self.node
    }

    /// What a call would give.
    ///
    /// # Errors
    /// The contract refuses, or the node is not reached.
    pub async fn dry_run(&self, from: Address, data: Vec<u8>) -> Result<Bytes, ChainError> {
        self.node.call(from, self.address, data, self.at.hash).await
    }

    /// The custodian of a dataset.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn custodian(&self, dataset: B256) -> Result<Option<Address>, ChainError> {
        let custodian = self.read(interface::custodian(dataset)).await?;
        Ok(Some(custodian).filter(|c| !c.is_zero()))
    }

    /// The head of a dataset.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn head(&self, dataset: B256) -> Result<Option<Head>, ChainError> {
        let head = self.read(interface::head(dataset)).await?;
        Ok(Some(interface::log_head(dataset, head)).filter(|h| h.sequence > 0))
    }

    /// When an answer was entered, in seconds since the epoch.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn entry(&self, id: B256) -> Result<Option<i64>, ChainError> {
        let time = self.read(interface::entry(id)).await?;
        Ok(Some(time).filter(|t| *t > 0))
    }

    /// Whether it accepts an attestor's word.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn accepts(&self, attestor: Address) -> Result<bool, ChainError> {
        self.read(interface::attestor(attestor)).await
    }

    /// Checks that it verifies answers under a pair of keys by the contract that is checked in.
    ///
    /// # Errors
    /// It has none for them, or another; or the node is not reached.
    pub async fn check_verifier(&self, keys: &KeyTriple) -> Result<Address, ChainError> {
        let Circuit::Release(shape) = keys.circuit else {
            return Err(ChainError::Inconsistent(
                "answers are under release circuits",
            ));
        };
        let verifier = self
            .read(interface::verifier(keys.srs, keys.key, shape))
            .await?;
        let wrong = |what| ChainError::Code {
            address: self.address,
            what,
        };
        if verifier.is_zero() {
            return Err(wrong(
                "this registry has no verifier for the keys of this answer",
            ));
        }
        code::check(self.node, verifier, &Artifact::verifier()?, self.at.hash).await?;
        let (srs, key, own) = interface::verifier_keys();
        let at = self.at.hash;
        let srs = self.node.read(verifier, srs, at).await?;
        let key = self.node.read(verifier, key, at).await?;
        let own = self.node.read(verifier, own, at).await?;
        if (srs, key, own) == (keys.srs, keys.key, shape.id()) {
            Ok(verifier)
        } else {
            Err(wrong(
                "its verifier for the keys of this answer has other keys",
            ))
        }
    }

    async fn read<T>(&self, getter: Getter<T>) -> Result<T, ChainError> {
        self.node.read(self.address, getter, self.at.hash).await
    }
}
