//! Circuits out: the `.r1cs` file that snarkjs begins phase 2 with, and the `.sym` file that names its signals.
//!
//! The file is "r1cs", u32 version, u32 number of sections, and per section u32 id, u64 length, content; integers and
//! field elements are little-endian, not in Montgomery form. Source:
//! <https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md>.

use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use nectar_circuits::r1cs::R1cs;

/// The only version there is.
const VERSION: u32 = 1;
/// Header, constraints, labels.
const SECTIONS: u32 = 3;
/// Bytes of a field element.
const FIELD_BYTES: u32 = 32;

/// The bytes of a `.r1cs` file. Wires are the variables in their order: 1, the public inputs, the private variables,
/// which are all given as private inputs; there are no outputs. Every wire is its own label.
pub fn encode(r1cs: &R1cs) -> Vec<u8> {
    let mut out = b"r1cs".to_vec();
    out.extend(VERSION.to_le_bytes());
    out.extend(SECTIONS.to_le_bytes());
    section(&mut out, 1, header(r1cs));
    section(&mut out, 2, constraints(r1cs));
    let labels = 0..r1cs.variables() as u64;
    section(&mut out, 3, labels.flat_map(u64::to_le_bytes).collect());
    out
}

/// The text of a `.sym` file: label, wire, component and name of each public input, a line each.
pub fn symbols(names: &[&str]) -> String {
    let line = |(wire, name): (usize, &&str)| format!("{wire},{wire},0,main.{name}\n");
    (1..).zip(names).map(line).collect()
}

fn section(out: &mut Vec<u8>, id: u32, content: Vec<u8>) {
    out.extend(id.to_le_bytes());
    out.extend((content.len() as u64).to_le_bytes());
    out.extend(content);
}

/// Field size, prime, wires, outputs, public inputs, private inputs, labels, constraints.
fn header(r1cs: &R1cs) -> Vec<u8> {
    let wires = r1cs.variables();
    let mut out = FIELD_BYTES.to_le_bytes().to_vec();
    out.extend(Fr::MODULUS.to_bytes_le());
    for count in [wires, 0, r1cs.num_inputs - 1, r1cs.num_witness] {
        out.extend(number(count));
    }
    out.extend((wires as u64).to_le_bytes());
    out.extend(number(r1cs.num_constraints));
    out
}

/// Row by row, the three linear combinations: number of terms, and wire and factor of each, by rising wire.
fn constraints(r1cs: &R1cs) -> Vec<u8> {
    let mut out = vec![];
    for row in 0..r1cs.num_constraints {
        for matrix in &r1cs.matrices {
            let mut terms = matrix[row].clone();
            terms.sort_unstable_by_key(|&(_, wire)| wire);
            out.extend(number(terms.len()));
            for (factor, wire) in terms {
                out.extend(number(wire));
                out.extend(factor.into_bigint().to_bytes_le());
            }
        }
    }
    out
}

/// A count, which in circuits that BN254 has a domain for is below 2^32.
fn number(count: usize) -> [u8; 4] {
    (count as u32).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::One;

    /// x y = 2 z + 3, x public.
    fn small() -> R1cs {
        let one = Fr::one();
        R1cs {
            matrices: vec![
                vec![vec![(one, 1)]],
                vec![vec![(one, 2)]],
                vec![vec![(Fr::from(2u8), 3), (Fr::from(3u8), 0)]],
            ],
            num_inputs: 2,
            num_witness: 2,
            num_constraints: 1,
        }
    }

    /// Every byte, laid out by hand.
    #[test]
    fn bytes_are_those_of_the_format() {
        let word = |n: u32| n.to_le_bytes().to_vec();
        let long = |n: u64| n.to_le_bytes().to_vec();
        let field = |n: u8| [vec![n], vec![0; 31]].concat();
        let term = |wire, factor| [word(wire), field(factor)].concat();
        let want = [
            b"r1cs".to_vec(),
            word(1),
            word(3),
            [word(1), long(64), word(32)].concat(),
            Fr::MODULUS.to_bytes_le(),
            [word(4), word(0), word(1), word(2), long(4), word(1)].concat(),
            [word(2), long(3 * 4 + 4 * 36)].concat(),
            [word(1), term(1, 1), word(1), term(2, 1)].concat(),
            [word(2), term(0, 3), term(3, 2)].concat(),
            [word(3), long(32), long(0), long(1), long(2), long(3)].concat(),
        ];
        assert_eq!(encode(&small()), want.concat());
    }

    #[test]
    fn public_inputs_are_named() {
        assert_eq!(symbols(&["x", "y"]), "1,1,0,main.x\n2,2,0,main.y\n");
    }
}
