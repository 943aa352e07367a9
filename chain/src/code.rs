//! Whether the code at an address is that of a contract as it is checked in.

use crate::{artifact::Artifact, error::ChainError, node::Node};
use alloy_primitives::{Address, B256};

/// What pushes an immutable: it is zero in the compiler's output, and a value in what is deployed.
const PUSH32: u8 = 0x7f;
const WORD: usize = 32;

/// Checks that a contract's code is, as of a block.
///
/// # Errors
/// It is not, or the node is not reached.
pub async fn check(
    node: &Node,
    address: Address,
    artifact: &Artifact,
    at: B256,
) -> Result<(), ChainError> {
    let code = node.code(address, at).await?;
    let what = match code.as_ref() {
        [] => "there is no contract at this address on this chain",
        code if same(code, &artifact.runtime) => return Ok(()),
        _ => "the contract there is not Nectar's, or not of this version: its code is another",
    };
    Err(ChainError::Code { address, what })
}

/// Whether code is what the compiler gave, but for its immutables.
fn same(code: &[u8], compiled: &[u8]) -> bool {
    if code.len() != compiled.len() {
        return false;
    }
    let (mut code, mut compiled) = (code, compiled);
    while let ([byte, code_rest @ ..], [want, compiled_rest @ ..]) = (code, compiled) {
        if byte != want {
            return false;
        }
        (code, compiled) = (code_rest, compiled_rest);
        let immutable = compiled
            .get(..WORD)
            .is_some_and(|w| w.iter().all(|b| *b == 0));
        if *want == PUSH32 && immutable {
            code = code.get(WORD..).unwrap_or_default();
            compiled = compiled.get(WORD..).unwrap_or_default();
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_immutables_may_differ() {
        let compiled = [&[1, PUSH32][..], &[0; 32], &[2]].concat();
        let deployed = [&[1, PUSH32][..], &[7; 32], &[2]].concat();
        assert!(same(&deployed, &compiled) && same(&compiled, &compiled));
        assert!(!same(&compiled, &deployed), "a constant is none");
        for place in [0, 1, 34] {
            let mut other = deployed.clone();
            other[place] ^= 1;
            assert!(!same(&other, &compiled), "{place}");
        }
        assert!(!same(&deployed[..34], &compiled));
        assert!(!same(&[&deployed[..], &[0]].concat(), &compiled));
    }

    #[test]
    fn the_registry_has_no_immutables() {
        let registry = Artifact::registry().unwrap().runtime;
        let mut zeros = registry.windows(1 + WORD);
        let free = |w: &[u8]| w[0] == PUSH32 && w[1..].iter().all(|b| *b == 0);
        assert!(!zeros.any(free));
    }
}
