//! Two cohort queries.

use crate::{
    Case,
    table::{DATE, consent, median, number, on_one_thread, peak_rss_mib, snapshot},
};
use nectar_engine::{Observer, Stage, attest::AttestorKey, prove, snapshot::Snapshot, statement};
use nectar_params::ProverKeys;
use nectar_verifier::{
    bundle::Bundle,
    date::parse_day,
    keys::Keys,
    query::{Axis, AxisKind, CodeSet, Literal, Query, Variant},
    trust::{AcceptedKeys, AcceptedSnapshot, Head, LogView},
};
use serde::Serialize;
use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// One query over one table.
#[derive(Serialize)]
pub struct Measurement {
    kind: &'static str,
    query: String,
    rows: u32,
    segment_bits: u8,
    prove_s: f64,
    msm_s: f64,
    ratio: f64,
    scan_s: f64,
    opening_s: f64,
    groth16_s: f64,
    verify_ms: f64,
    proof_bytes: usize,
    bundle_bytes: usize,
    peak_rss_mib: f64,
    commit_cells_per_s: f64,
}

/// When each stage began.
#[derive(Default)]
struct Clock(Mutex<Vec<(Stage, Instant)>>);

impl Observer for Clock {
    fn stage(&self, stage: Stage) {
        let mut times = self.0.lock().expect("one thread");
        times.push((stage, Instant::now()));
    }
}

impl Clock {
    fn length(&self, stage: Stage) -> Duration {
        let times = self.0.lock().expect("one thread");
        let at = times.iter().position(|t| t.0 == stage);
        let at = at.expect("every stage is entered");
        times[at + 1].1 - times[at].1
    }
}

/// Measures query `name`, Q1 or Q2.
pub fn measure(name: &str, case: &Case, keys: &ProverKeys) -> Measurement {
    let columns = vec![
        number("age", 111),
        number("sex", 2),
        number("dx", 64),
        number("hba1c", 256),
        number("site", 16),
        consent(),
    ];
    let cells = f64::from(case.rows) * columns.len() as f64;
    let (snapshot, commit) = snapshot(columns, case.rows, case.segment_bits, keys);
    let query = if name == "Q1" { q1() } else { q2() };
    let once = || {
        let (start, clock) = (Instant::now(), Clock::default());
        let statement = statement(&snapshot, &query).expect("a statement");
        let bundle = prove(&snapshot, keys, &statement, 0, &clock).expect("an answer");
        (start.elapsed(), (clock, bundle))
    };
    let (time, (clock, bundle), msm) = median(once);
    let length = |stages: [Stage; 2]| stages.map(|s| clock.length(s).as_secs_f64()).iter().sum();
    Measurement {
        kind: "query",
        query: name.into(),
        rows: case.rows,
        segment_bits: case.segment_bits,
        prove_s: time.as_secs_f64(),
        msm_s: msm.as_secs_f64(),
        ratio: time.as_secs_f64() / msm.as_secs_f64(),
        scan_s: length([Stage::Table, Stage::Scan]),
        opening_s: length([Stage::Mask, Stage::Opening]),
        groth16_s: clock.length(Stage::Circuit).as_secs_f64(),
        verify_ms: verify(&bundle, &snapshot, keys).as_secs_f64() * 1e3,
        proof_bytes: bundle.proof.size(),
        bundle_bytes: bundle.encode().len(),
        peak_rss_mib: peak_rss_mib(),
        commit_cells_per_s: cells / commit.as_secs_f64(),
    }
}

/// What a verifier does with a decoded bundle once keys and snapshot are accepted, on one thread.
fn verify(bundle: &Bundle, snapshot: &Snapshot, keys: &ProverKeys) -> Duration {
    let shape = bundle.statement().expect("a statement").shape();
    let own = Keys {
        srs: *keys.srs().verifier(),
        circuit: keys.circuit(shape).expect("a key").verifier().clone(),
    };
    let known = AcceptedKeys::compiled_in().with(own.triple());
    let opened = bundle.open(snapshot.root()).expect("openings");
    let trusted = opened.keys(&known).expect("accepted keys");
    let accepted = attested(snapshot);
    let core = &snapshot.header().core;
    let head = Head {
        dataset: core.dataset,
        sequence: core.sequence,
        root: snapshot.root(),
        since: core.as_of,
    };
    let log = LogView {
        heads: vec![head],
        entries: vec![],
    };
    on_one_thread(|| {
        bundle
            .open(snapshot.root())
            .and_then(|opened| opened.verify(&accepted, &trusted, &log, core.as_of))
            .expect("a valid bundle");
    })
}

/// A snapshot accepted on an attestor's word.
pub fn attested(snapshot: &Snapshot) -> AcceptedSnapshot {
    let attestor = AttestorKey::generate().expect("randomness");
    let root = snapshot.root();
    AcceptedSnapshot::attested(
        root,
        &attestor.attest(root).expect("a signature"),
        &[attestor.address()],
    )
    .expect("an attested root")
}

fn literal(column: u16, lo: u16, hi: u16) -> Literal {
    Literal {
        column,
        joins: false,
        set: CodeSet::run(lo, hi),
    }
}

/// `COUNT(*), SUM(hba1c) WHERE age BETWEEN 40 AND 65 AND sex = 1 AND dx = 7`
fn q1() -> Query {
    let day = parse_day(DATE).expect("a date");
    let mut q = Query::for_purpose(Variant::Moments, "research", day);
    q.literals = vec![literal(0, 41, 66), literal(1, 2, 2), literal(2, 8, 8)];
    q.x = vec![3];
    q
}

/// The same without dx, `GROUP BY site`.
fn q2() -> Query {
    let mut q = q1();
    q.literals.pop();
    let groups = (1..=16).map(|site| CodeSet::run(site, site)).collect();
    q.axes = vec![Axis {
        column: 4,
        kind: AxisKind::Partition,
        groups,
    }];
    q
}
