//! Bundles and keys as the contracts take them (`contracts/`).
//!
//! A contract sees no texts and no compressed points, and is sent no node that it can compute: the opened entries of a
//! tree share their siblings. What is left out is checked here, so that no bundle which [`Bundle::verify`] refuses for it
//! becomes calldata that a contract accepts.

use crate::{
    abi,
    bundle::{Bundle, OpenedBundle, VerifyError},
    evaluation::ProofError,
    field::{g1_to_be, g2_to_be, to_be},
    header::Core,
    keys::Keys,
    opened::ColumnOpening,
    opening::OpeningError,
    shape::Shape,
    statement::Statement,
};
use alloy_primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256, keccak256};
use alloy_sol_types::SolValue;
use ark_bn254::Fr;
use ark_ff::{Field, One};

/// Bytes of an encoded SRS before its points: digest of the powers, and their number.
const SRS_POINTS: usize = 33;

/// Selectors of the contracts' functions.
const VERIFY: [u8; 4] = [0x8f, 0xa2, 0xc7, 0xa0];
const REGISTER: [u8; 4] = [0xfd, 0x01, 0x8c, 0x5a];
const PUBLISH: [u8; 4] = [0xf8, 0x35, 0x80, 0x4e];
const SUBMIT: [u8; 4] = [0x3b, 0x08, 0x82, 0xf7];

/// The call of `NectarVerifier.verify` that verifies a bundle under its own root.
///
/// # Errors
/// As [`answer`].
pub fn calldata(bundle: &Bundle) -> Result<Vec<u8>, VerifyError> {
    Ok(verify(bundle.root(), answer(bundle)?))
}

/// A call of `NectarVerifier.verify`.
pub fn verify(root: B256, answer: abi::Answer) -> Vec<u8> {
    [VERIFY.as_slice(), &(root, answer).abi_encode_params()].concat()
}

/// A call of `NectarRegistry.register`, with an attestor's signature over the root.
pub fn register(core: &Core, columns_root: B256, signature: Vec<u8>) -> Vec<u8> {
    snapshot(REGISTER, core, columns_root, signature)
}

/// A call of `NectarRegistry.publish`, with an attestor's signature over the root.
pub fn publish(core: &Core, columns_root: B256, signature: Vec<u8>) -> Vec<u8> {
    snapshot(PUBLISH, core, columns_root, signature)
}

fn snapshot(selector: [u8; 4], core: &Core, columns_root: B256, signature: Vec<u8>) -> Vec<u8> {
    let parameters = (abi::Core::from(core), columns_root, Bytes::from(signature));
    [selector.as_slice(), &parameters.abi_encode_params()].concat()
}

/// A call of `NectarRegistry.submit`.
pub fn submit(shape: Shape, answer: abi::Answer) -> Vec<u8> {
    let parameters = (U256::from(shape.id()), answer);
    [SUBMIT.as_slice(), &parameters.abi_encode_params()].concat()
}

/// What the constructor of a verifying contract takes.
pub fn constructor(keys: &Keys) -> Vec<u8> {
    let srs = keys.srs.encode();
    abi::KeyBytes {
        powers: keys.srs.powers,
        bits: keys.srs.bits,
        srs: fixed(srs.get(SRS_POINTS..).unwrap_or_default()),
        shape: keys.circuit.circuit().id(),
        circuit: fixed(&keys.circuit.encode()),
    }
    .abi_encode()
}

/// The code of the contract that keeps a verifying contract's key: STOP, alpha, beta, delta, IC, \[tau\]_2.
pub fn key_code(keys: &Keys) -> Vec<u8> {
    let (srs, circuit) = (keys.srs.encode(), keys.circuit.encode());
    let part = |bytes: &[u8], words: std::ops::Range<usize>| {
        let part = bytes.get(words.start.saturating_mul(32)..words.end.saturating_mul(32));
        part.unwrap_or_default().to_vec()
    };
    let tau = srs.get(SRS_POINTS..).unwrap_or_default();
    let parts = [
        part(&circuit, 0..6),
        part(&circuit, 10..30),
        part(tau, 2..6),
    ];
    [vec![0], parts.concat()].concat()
}

/// The contracts' form of a bundle.
///
/// # Errors
/// The dataset's name or the openings are not those the header binds, the query has no statement, or a challenge is
/// refused.
pub fn answer(bundle: &Bundle) -> Result<abi::Answer, VerifyError> {
    let OpenedBundle {
        statement,
        commitments,
        ..
    } = bundle.open(bundle.root())?;
    let points: Vec<u8> = commitments.values().flatten().flat_map(g1_to_be).collect();
    let column = |(index, c): (&u16, &ColumnOpening)| abi::OpenedColumn {
        index: *index,
        descriptor: short((&c.column).into()),
    };
    Ok(abi::Answer {
        core: (&bundle.core).into(),
        purposes: bundle.purposes.clone(),
        columns: bundle.columns.iter().map(column).collect(),
        siblings: siblings(bundle, &statement),
        points: words(&points),
        query: bundle.query.encode().into(),
        cells: bundle.cells.iter().copied().map(U256::from).collect(),
        proof: proof(bundle, &statement)?,
    })
}

/// A descriptor with zeros, of which calldata is cheaper, for the hashes of nothing: contracts put these in.
fn short(mut d: abi::ColumnDescriptor) -> abi::ColumnDescriptor {
    let no_labels = keccak256(Vec::<B256>::new().abi_encode());
    for (hash, nothing) in [
        (&mut d.unit, KECCAK256_EMPTY),
        (&mut d.labels, no_labels),
        (&mut d.purpose, KECCAK256_EMPTY),
    ] {
        if *hash == nothing {
            *hash = B256::ZERO;
        }
    }
    d
}

/// The proof in the order of the transcript, and the inverse of z (z^2 - 1), which saves an inversion.
fn proof(bundle: &Bundle, statement: &Statement) -> Result<Vec<U256>, VerifyError> {
    let d0 = statement.digest(&bundle.core, bundle.root());
    let challenges = bundle.proof.challenges(d0, &bundle.cells);
    let (_, c) = challenges.map_err(ProofError::from)?;
    let z = c.opening.z;
    let product = z * (z.square() - Fr::one());
    let hint = product.inverse().ok_or(OpeningError::Identity);
    let hint = hint.map_err(ProofError::from)?;
    let e = &bundle.proof.evaluation;
    let mut bytes = to_be(&bundle.proof.com_n).to_vec();
    bytes.extend(to_be(&e.com_v));
    bytes.extend(g1_to_be(&e.m));
    bytes.extend(e.r.iter().chain([&e.l]).flat_map(to_be));
    bytes.extend(g1_to_be(&e.opening.s));
    bytes.extend(e.opening.values.iter().flat_map(to_be));
    bytes.extend(g1_to_be(&e.opening.q));
    bytes.extend(g1_to_be(&e.opening.v));
    bytes.extend(g1_to_be(&e.groth16.a));
    bytes.extend(g2_to_be(&e.groth16.b));
    bytes.extend(g1_to_be(&e.groth16.c));
    bytes.extend(to_be(&hint));
    Ok(words(&bytes))
}

/// Siblings of each column's opened vectors, and then of the columns.
fn siblings(bundle: &Bundle, statement: &Statement) -> Vec<B256> {
    let leaves = statement.leaves();
    let own = |(index, c): (&u16, &ColumnOpening)| {
        let opened = leaves.iter().zip(&bundle.leaves);
        let own = opened.filter(|((column, _), _)| column == index);
        let entry = |((_, leaf), o): (&_, _)| Some((c.column.leaf_index(*leaf)?, o));
        let entries = own.filter_map(entry);
        tree(entries.map(|(place, o)| (place, &*o.path)).collect())
    };
    let columns = bundle.columns.iter();
    let entries = columns.clone().map(|(i, c)| (usize::from(*i), &*c.path));
    let above = tree(entries.collect());
    columns.flat_map(own).chain(above).collect()
}

/// The siblings that entries of one tree need.
fn tree(entries: Vec<(usize, &[B256])>) -> Vec<B256> {
    let depth = entries.first().map_or(0, |(_, path)| path.len());
    unknown(&entries, depth)
}

/// The nodes on the paths of entries, which rise, that do not follow from other entries, in the order in which the
/// contract climbs: `level` levels up from the entries, all below the left child first, then all below the right one,
/// then the sibling of the only child.
fn unknown(entries: &[(usize, &[B256])], level: usize) -> Vec<B256> {
    let Some(level) = level.checked_sub(1) else {
        return vec![];
    };
    let is_left = |(place, _): &(usize, _)| (place >> level) & 1 == 0;
    let (left, right) = entries.split_at(entries.partition_point(is_left));
    match (left.first(), right.first()) {
        (Some(_), Some(_)) => [unknown(left, level), unknown(right, level)].concat(),
        (Some((_, path)), None) | (None, Some((_, path))) => {
            let mut nodes = unknown(entries, level);
            nodes.extend(path.get(level));
            nodes
        }
        (None, None) => vec![],
    }
}

fn words(bytes: &[u8]) -> Vec<U256> {
    let (words, _) = bytes.as_chunks::<32>();
    words.iter().map(|w| U256::from_be_bytes(*w)).collect()
}

fn fixed<const N: usize>(bytes: &[u8]) -> [U256; N] {
    let words = words(bytes);
    std::array::from_fn(|i| words.get(i).copied().unwrap_or_default())
}

/// What the constructor of a registry takes: whose word it accepts, and the contracts that verify for it.
pub fn registry(attestors: &[Address], verifiers: &[Address]) -> Vec<u8> {
    (attestors.to_vec(), verifiers.to_vec()).abi_encode_params()
}
