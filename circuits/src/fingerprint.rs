//! Fingerprints of the circuits: a key is good for exactly one circuit, so a circuit that changes,
//! by intent or by an update of a dependency, must not do so unnoticed.

use crate::compiled::Compiled;
use alloy_primitives::{B256, Keccak256};
use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use nectar_verifier::{circuit::Circuit, shape::Shape};

/// The fingerprint of the circuit that keys in use were made for, in hexadecimal.
pub fn pinned(circuit: Circuit) -> &'static str {
    let text = match circuit {
        Circuit::Release(Shape::Compact) => include_str!("fingerprint/release-compact.txt"),
        Circuit::Release(Shape::Wide) => include_str!("fingerprint/release-wide.txt"),
        Circuit::Index => include_str!("fingerprint/index.txt"),
    };
    text.trim_ascii_end()
}

/// keccak256 over: the circuit's id, public inputs with the constant 1, private variables, constraints; then
/// for the matrices A, B, C every row as its number of terms and, by rising variable, variable and
/// coefficient. The id is one byte, coefficients 32 bytes big-endian, all else 8 bytes big-endian.
pub fn fingerprint(circuit: &Compiled) -> B256 {
    let mut hasher = Keccak256::new();
    hasher.update([circuit.circuit.id()]);
    let r1cs = &circuit.r1cs;
    for number in [r1cs.num_inputs, r1cs.num_witness, r1cs.num_constraints] {
        hasher.update((number as u64).to_be_bytes());
    }
    for row in r1cs.matrices.iter().flatten() {
        update_row(&mut hasher, row);
    }
    hasher.finalize()
}

fn update_row(hasher: &mut Keccak256, row: &[(Fr, usize)]) {
    let mut row = row.to_vec();
    row.sort_unstable_by_key(|&(_, variable)| variable);
    hasher.update((row.len() as u64).to_be_bytes());
    for (coefficient, variable) in row {
        hasher.update((variable as u64).to_be_bytes());
        hasher.update(coefficient.into_bigint().to_bytes_be());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a change of the circuit is meant, the files take the value printed here, and every key
    /// is made anew.
    #[test]
    fn circuits_are_the_pinned_ones() {
        for circuit in Circuit::ALL {
            let compiled = Compiled::new(circuit).expect("the circuit synthesises");
            let print = fingerprint(&compiled).to_string();
            assert_eq!(print, pinned(circuit), "{circuit}");
        }
    }
}
