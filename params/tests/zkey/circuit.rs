//! The circuit of the key files, and what made them.

use crate::file::section;
use alloy_primitives::{B512, fixed_bytes};
use ark_bn254::Fr;
use ark_ff::Field;
use blake2::{Blake2b512, Digest};
use nectar_circuits::r1cs::R1cs;
use nectar_params::{
    phase1::Powers,
    ptau,
    zkey::{self, Zkey, ZkeyError},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// What `snarkjs zkey new` prints for the circuit over either file.
pub const CIRCUIT_HASH: B512 = fixed_bytes!(
    "e03d2a53108ebd9e3d367d7b9a01e695cba50cc61f3962c5fd021e37e46c4ae8cd5a74d0daa07c4ba2982a1ae72e80b1ce277b711ce1cda460e4ed811fa147ae"
);

/// A file of `tests/data`.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

/// The key made with the file of 2^8 powers.
pub fn bytes() -> Vec<u8> {
    fs::read(data("small_08.zkey")).unwrap()
}

/// Powers for a domain of 2^`bits` elements.
pub fn powers(ptau: &[u8], bits: u8) -> Powers {
    ptau::read_for_phase2(ptau, bits, &|_| {}).unwrap().1
}

/// The file of 2^8 powers.
pub fn whole() -> Vec<u8> {
    fs::read(data("powersOfTau28_hez_final_08.ptau")).unwrap()
}

pub static POWERS: LazyLock<Powers> = LazyLock::new(|| powers(&whole(), 4));

/// Imports a key of a circuit over the file of 2^8 powers.
pub fn check_for(bytes: &[u8], r1cs: &R1cs) -> Result<Zkey, ZkeyError> {
    zkey::read(bytes)?.check(r1cs, &POWERS, CIRCUIT_HASH)
}

/// Why the key is refused once it is spoiled.
pub fn refused(spoil: impl FnOnce(&mut Vec<u8>)) -> ZkeyError {
    let mut bytes = bytes();
    spoil(&mut bytes);
    check_for(&bytes, &circuit()).map(|_| ()).unwrap_err()
}

/// A linear combination of wires with small factors.
fn row(terms: &[(i64, usize)]) -> Vec<(Fr, usize)> {
    terms.iter().map(|&(f, wire)| (Fr::from(f), wire)).collect()
}

/// Seven public inputs at 1 to 7 and seven private variables, the last of which occurs nowhere; the domain has 16
/// elements.
pub fn circuit() -> R1cs {
    let constraints = [
        [row(&[(1, 1)]), row(&[(1, 2)]), row(&[(1, 8)])],
        [row(&[(1, 8)]), row(&[(1, 3)]), row(&[(1, 9)])],
        [
            row(&[(1, 9), (2, 4)]),
            row(&[(1, 5), (-1, 0)]),
            row(&[(1, 10)]),
        ],
        [row(&[(1, 10)]), row(&[(1, 11)]), row(&[(1, 6)])],
        [row(&[(3, 11), (1, 7)]), row(&[(1, 0)]), row(&[(1, 12)])],
        [row(&[(1, 12)]), row(&[(1, 12)]), row(&[(1, 13), (5, 0)])],
    ];
    let matrix = |part: usize| constraints.iter().map(|c| c[part].clone()).collect();
    R1cs {
        matrices: [0, 1, 2].map(matrix).to_vec(),
        num_inputs: 8,
        num_witness: 7,
        num_constraints: constraints.len(),
    }
}

/// An assignment that satisfies the circuit.
pub fn assignment() -> Vec<Fr> {
    let mut z: Vec<Fr> = [1u64, 3, 5, 7, 11, 13, 17, 19].map(Fr::from).to_vec();
    z.push(z[1] * z[2]);
    z.push(z[8] * z[3]);
    z.push((z[9] + z[4] + z[4]) * (z[5] - z[0]));
    z.push(z[6] * z[10].inverse().unwrap());
    z.push(Fr::from(3u8) * z[11] + z[7]);
    z.push(z[12] * z[12] - Fr::from(5u8));
    z.push(Fr::from(23u8));
    z
}

/// The ceremony's file cut to 2^4 powers: the circuit's domain is the largest it serves.
pub fn cut() -> Vec<u8> {
    let whole = whole();
    let mut out = b"ptau".to_vec();
    out.extend([1u32, 7].map(u32::to_le_bytes).concat());
    let lengths = [44, 31 * 64, 16 * 128, 16 * 64, 16 * 64, 128, usize::MAX];
    for (id, most) in (1u32..).zip(lengths) {
        let content = &whole[section(&whole, id)];
        let content = &content[..most.min(content.len())];
        out.extend(id.to_le_bytes());
        out.extend((content.len() as u64).to_le_bytes());
        out.extend(content);
    }
    let power = section(&out, 1).start + 36;
    out[power] = 4;
    out
}

/// The files that snarkjs made the keys of, written for whoever makes keys like them: `tests/data/README.md`.
#[test]
fn the_files_given_to_snarkjs_are_made_again() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let files = [
        (
            "small.r1cs",
            nectar_params::r1cs::encode(&circuit()),
            "644021ca22e662a8",
        ),
        ("cut_04.ptau", cut(), "ec4a587ea5841976"),
    ];
    for (name, bytes, digest) in files {
        fs::write(folder.join(name), &bytes).unwrap();
        let got = B512::from_slice(&Blake2b512::digest(&bytes));
        assert_eq!(format!("{got:x}")[..16], *digest, "{name}");
    }
}

#[test]
fn the_assignment_satisfies_the_circuit() {
    assert_eq!(circuit().first_violated(&assignment()), None);
    assert_eq!(circuit().domain_size(), 16);
}
