//! Whether the code at an address is that of a contract's artifact.

use crate::{artifact::Artifact, error::ChainError, node::Node};
use alloy_primitives::{Address, B256, U256, keccak256};
use nectar_verifier::{keys::Keys, solidity};

/// Checks that a contract is a registry, as of a block.
///
/// # Errors
/// It is none, or the node is not reached.
pub async fn check_registry(node: &Node, address: Address, at: B256) -> Result<(), ChainError> {
    let code = node.code(address, at).await?;
    compare(address, &code, &Artifact::registry()?.runtime)
}

/// Checks that a contract verifies answers under a pair of keys, as of a block: its code with every immutable, and the
/// key that it reads from another contract's code.
///
/// # Errors
/// It does not, or the node is not reached.
pub async fn check_verifier(
    node: &Node,
    address: Address,
    keys: &Keys,
    at: B256,
) -> Result<(), ChainError> {
    let artifact = Artifact::verifier()?;
    let code = node.code(address, at).await?;
    // The address of the key depends on the deployment alone.
    let address_of_key = artifact.immutable(&code, KEY_CODE).unwrap_or_default();
    let want = artifact.deployed(&immutables(keys, address_of_key));
    compare(address, &code, &want)?;
    let holder = Address::from_word(address_of_key);
    let key = node.code(holder, at).await?;
    compare(holder, &key, &solidity::key_code(keys))
}

/// The immutable that holds the address of the key.
const KEY_CODE: &str = "code";

/// What a verifier's constructor fills in.
fn immutables(keys: &Keys, address_of_key: B256) -> [(&'static str, B256); 5] {
    let triple = keys.triple();
    let small = |value: u8| U256::from(value).into();
    [
        ("srs", triple.srs),
        ("circuitKey", triple.key),
        ("shape", small(triple.circuit.id())),
        ("bits", small(keys.srs.bits)),
        (KEY_CODE, address_of_key),
    ]
}

fn compare(address: Address, code: &[u8], want: &[u8]) -> Result<(), ChainError> {
    match code {
        [] => Err(ChainError::NoContract(address)),
        code if code == want => Ok(()),
        code => Err(ChainError::OtherCode {
            address,
            got: keccak256(code),
            want: keccak256(want),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_immutable_is_left_out() {
        let verifier = Artifact::verifier().unwrap();
        let word = B256::repeat_byte(7);
        let filled = ["srs", "circuitKey", "shape", "bits", KEY_CODE].map(|name| (name, word));
        for (name, _) in filled {
            let code = verifier.deployed(&[(name, word)]);
            assert_eq!(verifier.immutable(&code, name), Some(word), "{name}");
        }
        assert_eq!(verifier.immutable_count(), filled.len());
        let registry = Artifact::registry().unwrap();
        assert_eq!(registry.immutable_count(), 0);
        assert_eq!(registry.deployed(&filled), registry.runtime);
    }
}
