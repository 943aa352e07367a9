//! One subject's receipt: ten columns and the tag.

use crate::{
    Case,
    query::attested,
    table::{consent, median, number, on_one_thread, snapshot},
};
use nectar_engine::receipt::issue;
use nectar_params::ProverKeys;
use nectar_verifier::{
    column::{Column, Kind},
    trust::AcceptedKeys,
};
use serde::Serialize;
use std::time::Instant;

const VALUES: [u16; 9] = [111, 2, 64, 256, 16, 4095, 12, 31, 7];

/// One receipt.
#[derive(Serialize)]
pub struct Measurement {
    kind: &'static str,
    columns: usize,
    rows: u32,
    segment_bits: u8,
    issue_s: f64,
    msm_s: f64,
    ratio: f64,
    verify_ms: f64,
    bytes: usize,
}

/// Measures issue and verification; issue includes the custodian's own verification.
pub fn measure(case: &Case, keys: &ProverKeys) -> Measurement {
    let numbers = VALUES.iter().enumerate();
    let mut columns: Vec<Column> = numbers.map(|(i, v)| number(&format!("x{i}"), *v)).collect();
    columns.push(consent());
    let opened: Vec<u16> = (0..columns.len() as u16).collect();
    columns.push(Column {
        name: "tag".into(),
        kind: Kind::Tag,
    });
    let (snapshot, _) = snapshot(columns, case.rows, case.segment_bits, keys);
    let row = case.rows / 2;
    let once = || {
        let start = Instant::now();
        let receipt = issue(&snapshot, keys.srs(), row, &opened).expect("a receipt");
        (start.elapsed(), receipt)
    };
    let (time, receipt, msm) = median(once);
    let accepted = attested(&snapshot);
    let known = AcceptedKeys::compiled_in().with_insecure_dev_keys();
    let verify = on_one_thread(|| {
        receipt.verify(&accepted, &known).expect("a valid receipt");
    });
    Measurement {
        kind: "receipt",
        columns: opened.len(),
        rows: case.rows,
        segment_bits: case.segment_bits,
        issue_s: time.as_secs_f64(),
        msm_s: msm.as_secs_f64(),
        ratio: time.as_secs_f64() / msm.as_secs_f64(),
        verify_ms: verify.as_secs_f64() * 1e3,
        bytes: receipt.encode().len(),
    }
}
