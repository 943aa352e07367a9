//! The contracts' artifacts, which are compiled in.

use alloy_json_abi::{Error, JsonAbi};
use alloy_primitives::{B256, Bytes};
use serde::Deserialize;
use std::collections::BTreeMap;

const REGISTRY: &str = include_str!("../../contracts/artifacts/NectarRegistry.json");
const VERIFIER: &str = include_str!("../../contracts/artifacts/NectarVerifier.json");

/// What the compiler made of a contract.
#[derive(Debug, Clone, Deserialize)]
pub struct Artifact {
    /// The interface.
    pub abi: JsonAbi,
    /// The creation code, before the encoded arguments of the constructor.
    pub bytecode: Bytes,
    /// The deployed code; its immutables are zero here.
    #[serde(rename = "deployedBytecode")]
    pub runtime: Bytes,
    /// Offsets of each immutable in the deployed code, 32 bytes each.
    immutables: BTreeMap<String, Vec<usize>>,
}

/// An artifact that is compiled in and cannot be read: the program is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the artifact of {contract} in this program is damaged: {source}")]
pub struct ArtifactError {
    contract: &'static str,
    source: serde_json::Error,
}

impl Artifact {
    /// The registry.
    ///
    /// # Errors
    /// The program is damaged.
    pub fn registry() -> Result<Self, ArtifactError> {
        Artifact::compiled_in("NectarRegistry", REGISTRY)
    }

    /// The verifier.
    ///
    /// # Errors
    /// The program is damaged.
    pub fn verifier() -> Result<Self, ArtifactError> {
        Artifact::compiled_in("NectarVerifier", VERIFIER)
    }

    fn compiled_in(contract: &'static str, text: &str) -> Result<Self, ArtifactError> {
        Artifact::read(text).map_err(|source| ArtifactError { contract, source })
    }

    /// A contract from the text of its artifact.
    ///
    /// # Errors
    /// It is none.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The error of the contract that the data of a reverted call begins with.
    pub fn error(&self, data: &[u8]) -> Option<&Error> {
        let mut errors = self.abi.errors();
        errors.find(|e| data.starts_with(e.selector().as_slice()))
    }

    /// The deployed code once the constructor has filled these immutables in.
    pub fn deployed(&self, immutables: &[(&str, B256)]) -> Vec<u8> {
        let mut code = self.runtime.to_vec();
        for (name, word) in immutables {
            for offset in self.immutables.get(*name).into_iter().flatten() {
                if let Some(bytes) = code.get_mut(*offset..).and_then(|c| c.get_mut(..32)) {
                    bytes.copy_from_slice(word.as_slice());
                }
            }
        }
        code
    }

    /// The value of an immutable in deployed code, at the first of its offsets.
    pub fn immutable(&self, code: &[u8], name: &str) -> Option<B256> {
        let offset = *self.immutables.get(name)?.first()?;
        Some(B256::from_slice(code.get(offset..)?.get(..32)?))
    }

    /// How many immutables there are.
    #[cfg(test)]
    pub(crate) fn immutable_count(&self) -> usize {
        self.immutables.len()
    }

    /// The bytes that deploy the contract with the encoded arguments of its constructor.
    pub fn deployment(&self, arguments: &[u8]) -> Vec<u8> {
        [self.bytecode.as_ref(), arguments].concat()
    }
}
