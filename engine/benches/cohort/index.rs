//! The index proof of one column, and the verification of a whole manifest.

use crate::{
    Case,
    table::{consent, median, number, peak_rss_mib, snapshot},
};
use nectar_engine::{index_keys, prove_index};
use nectar_params::ProverKeys;
use nectar_verifier::{
    manifest::{ManifestVerifier, encode_head},
    trust::AcceptedKeys,
};
use serde::Serialize;
use std::time::Instant;

/// Columns of the manifest: those of the queries' table again and again, and one of consent.
const COLUMNS: usize = 20;
const VALUES: [u16; 5] = [111, 2, 64, 256, 16];

/// One column's index proof.
#[derive(Serialize)]
pub struct Index {
    kind: &'static str,
    codes: u16,
    rows: u32,
    segment_bits: u8,
    prove_s: f64,
    msm_s: f64,
    ratio: f64,
    proof_bytes: usize,
    peak_rss_mib: f64,
}

/// One manifest's verification, both cores.
#[derive(Serialize)]
pub struct Manifest {
    kind: &'static str,
    columns: usize,
    rows: u32,
    segment_bits: u8,
    verify_s: f64,
    manifest_bytes: usize,
    prove_s: f64,
    commit_s: f64,
}

/// Measures the index proof of a column of `codes` codes, the missing one among them.
pub fn measure(codes: u16, case: &Case, keys: &ProverKeys) -> Index {
    let columns = vec![number("x", codes - 1)];
    let (snapshot, _) = snapshot(columns, case.rows, case.segment_bits, keys);
    let once = || {
        let start = Instant::now();
        let proof = prove_index(&snapshot, keys, 0).expect("a proof");
        (start.elapsed(), proof)
    };
    let (time, proof, msm) = median(once);
    Index {
        kind: "index",
        codes,
        rows: case.rows,
        segment_bits: case.segment_bits,
        prove_s: time.as_secs_f64(),
        msm_s: msm.as_secs_f64(),
        ratio: time.as_secs_f64() / msm.as_secs_f64(),
        proof_bytes: proof.evaluation.size(),
        peak_rss_mib: peak_rss_mib(),
    }
}

/// Measures the verification of a whole manifest from its bytes.
pub fn measure_manifest(case: &Case, keys: &ProverKeys) -> Manifest {
    let name = |i: usize| format!("x{i}");
    let numbers = (0..COLUMNS - 1).map(|i| number(&name(i), VALUES[i % VALUES.len()]));
    let columns = numbers.chain([consent()]).collect();
    let (snapshot, commit) = snapshot(columns, case.rows, case.segment_bits, keys);
    let own = index_keys(keys).expect("keys");
    let start = Instant::now();
    let part = |column: u16| {
        let proof = prove_index(&snapshot, keys, column).expect("a proof");
        let part = snapshot.manifest().publish_column(column, &proof.encode());
        part.expect("a column")
    };
    let parts: Vec<Vec<u8>> = (0..COLUMNS as u16).map(part).collect();
    let prove = start.elapsed();
    let bytes = [encode_head(snapshot.header(), &own), parts.concat()].concat();
    let accepted = AcceptedKeys::compiled_in().with(own.triple());
    let start = Instant::now();
    let mut verifier = ManifestVerifier::new(&accepted);
    let pieces = bytes.chunks(1 << 20);
    pieces.for_each(|piece| verifier.push(piece).expect("a sound manifest"));
    let root = verifier.finish().expect("a whole manifest").root();
    let verify = start.elapsed();
    assert_eq!(root, snapshot.root());
    Manifest {
        kind: "manifest",
        columns: COLUMNS,
        rows: case.rows,
        segment_bits: case.segment_bits,
        verify_s: verify.as_secs_f64(),
        manifest_bytes: bytes.len(),
        prove_s: prove.as_secs_f64(),
        commit_s: commit.as_secs_f64(),
    }
}
