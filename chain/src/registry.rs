//! A registry on a chain, whose code is that of the artifact.

use crate::{
    code,
    error::ChainError,
    interface::{self, Getter},
    node::{Block, Node},
};
use alloy_primitives::{Address, B256, Bytes};
use nectar_verifier::{keys::Keys, trust::Head};

/// A registry, read as of one block.
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
        code::check_registry(node, address, at.hash).await?;
        Ok(Registry { node, address, at })
    }

    /// Its address.
    pub fn address(&self) -> Address {
        self.address
    }

    /// The block as of which it is read.
    pub fn at(&self) -> Block {
        self.at
    }

    /// The node that it is read from.
    pub(crate) fn node(&self) -> &'a Node {
        self.node
    }

    /// The data that a call would return.
    ///
    /// # Errors
    /// The contract reverts, or the node is not reached.
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
        let (root, sequence, since) = self.read(interface::head(dataset)).await?;
        let head = Head {
            dataset,
            sequence,
            root,
            since,
        };
        Ok(Some(head).filter(|h| h.sequence > 0))
    }

    /// When an answer was entered, in seconds since the epoch.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn entry(&self, id: B256) -> Result<Option<i64>, ChainError> {
        let time = self.read(interface::entry(id)).await?;
        Ok(Some(time).filter(|t| *t > 0))
    }

    /// Whether it accepts an attestor.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn accepts(&self, attestor: Address) -> Result<bool, ChainError> {
        self.read(interface::attestor(attestor)).await
    }

    /// The contract that verifies answers under a pair of keys, whose code is that of the artifact.
    ///
    /// # Errors
    /// There is none, or it has other code or keys; or the node is not reached.
    pub async fn verifier(&self, keys: &Keys) -> Result<Address, ChainError> {
        let verifier = self.read(interface::verifier(&keys.triple())).await?;
        if verifier.is_zero() {
            return Err(ChainError::NoVerifier(self.address));
        }
        code::check_verifier(self.node, verifier, keys, self.at.hash).await?;
        Ok(verifier)
    }

    async fn read<T>(&self, getter: Getter<T>) -> Result<T, ChainError> {
        self.node.read(self.address, getter, self.at.hash).await
    }
}
