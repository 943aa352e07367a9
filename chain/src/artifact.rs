//! The contracts as they are checked in, which this program carries with it.

use crate::error::ChainError;
use alloy_primitives::{B256, Bytes, keccak256};
use serde::Deserialize;
use std::collections::BTreeMap;

const REGISTRY: &str = include_str!("../../contracts/artifacts/NectarRegistry.json");
const VERIFIER: &str = include_str!("../../contracts/artifacts/NectarVerifier.json");

/// A contract as the compiler gave it.
#[derive(Debug, Clone, Deserialize)]
pub struct Artifact {
    abi: Vec<Entry>,
    /// What deploys it, before the encoded arguments of its constructor.
    pub bytecode: Bytes,
    /// What is deployed; its immutables are zero here.
    #[serde(rename = "deployedBytecode")]
    pub runtime: Bytes,
    /// Places of each immutable in what is deployed, 32 bytes each.
    immutables: BTreeMap<String, Vec<usize>>,
}

/// A part of a contract's interface.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// `function`, `event`, `error` ..
    #[serde(rename = "type")]
    pub kind: String,
    /// The name; constructors have none.
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    inputs: Vec<Input>,
}

#[derive(Debug, Clone, Deserialize)]
struct Input {
    #[serde(rename = "type")]
    kind: String,
    /// Fields of a struct.
    #[serde(default)]
    components: Vec<Input>,
}

impl Input {
    /// The type as signatures have it: structs are lists of their fields.
    fn signature(&self) -> String {
        match self.kind.strip_prefix("tuple") {
            Some(lists) => format!("({}){lists}", signatures(&self.components)),
            None => self.kind.clone(),
        }
    }
}

fn signatures(inputs: &[Input]) -> String {
    let all: Vec<_> = inputs.iter().map(Input::signature).collect();
    all.join(",")
}

impl Artifact {
    /// The registry.
    ///
    /// # Errors
    /// The program is damaged.
    pub fn registry() -> Result<Self, ChainError> {
        Artifact::read(REGISTRY).map_err(|_| ChainError::Artifact("NectarRegistry"))
    }

    /// The verifier.
    ///
    /// # Errors
    /// The program is damaged.
    pub fn verifier() -> Result<Self, ChainError> {
        Artifact::read(VERIFIER).map_err(|_| ChainError::Artifact("NectarVerifier"))
    }

    /// A contract from the text of its artifact.
    ///
    /// # Errors
    /// It is none.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The parts of a kind.
    pub fn entries(&self, kind: &str) -> impl Iterator<Item = &Entry> {
        self.abi.iter().filter(move |e| e.kind == kind)
    }

    /// What is deployed once the constructor has filled these immutables in.
    pub fn deployed(&self, immutables: &[(&str, B256)]) -> Vec<u8> {
        let mut code = self.runtime.to_vec();
        for (name, word) in immutables {
            for place in self.immutables.get(*name).into_iter().flatten() {
                if let Some(bytes) = code.get_mut(*place..).and_then(|c| c.get_mut(..32)) {
                    bytes.copy_from_slice(word.as_slice());
                }
            }
        }
        code
    }

    /// What an immutable is in deployed code, at the first of its places.
    pub fn immutable(&self, code: &[u8], name: &str) -> Option<B256> {
        let place = *self.immutables.get(name)?.first()?;
        Some(B256::from_slice(code.get(place..)?.get(..32)?))
    }

    /// How many immutables there are.
    #[cfg(test)]
    pub(crate) fn places(&self) -> usize {
        self.immutables.len()
    }

    /// The bytes that deploy the contract with the encoded arguments of its constructor.
    pub fn deployment(&self, arguments: &[u8]) -> Vec<u8> {
        [self.bytecode.as_ref(), arguments].concat()
    }
}

impl Entry {
    /// Name and types.
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, signatures(&self.inputs))
    }

    /// What calls of the function, or data of the error, begin with.
    pub fn selector(&self) -> [u8; 4] {
        selector(&self.signature())
    }
}

/// What calls of a function, or data of an error, begin with.
pub fn selector(signature: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = topic(signature).0;
    [a, b, c, d]
}

/// What an event is found by.
pub fn topic(signature: &str) -> B256 {
    keccak256(signature)
}
