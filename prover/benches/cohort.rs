//! Cohort queries on a uniform random table, each case in a process of its own, against one MSM of 2^20 random
//! scalars of ark-ec in the same process.
//!
//! `cargo bench -p nectar-prover --bench cohort [-- --json] [--rows N,N,..] [--segment-bits B,B,..]`

use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, VariableBaseMSM, scalar_mul::BatchMulPreprocessing};
use ark_ff::UniformRand;
use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_params::{ProverKeys, dev};
use nectar_prover::{
    attest::AttestorKey,
    engine::{
        Observer, Stage, blinding::BlindingKey, default_segment_bits, prove, snapshot::Snapshot,
    },
};
use nectar_verifier::{
    bundle::Bundle,
    column::{Column, Kind},
    date::{Grid, parse_day},
    header::{Core, Header, dataset_id, purposes, purposes_digest},
    keys::Keys,
    policy::{Policy, Rounding},
    query::{Axis, AxisKind, CodeSet, Literal, Query, Variant},
    shape::Shape,
    trust::{AcceptedKeys, AcceptedSnapshot, Head, LogView},
};
use serde::{Deserialize, Serialize};
use std::{
    path::Path,
    process::Command,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Runs of each measurement; the median is reported.
const RUNS: usize = 3;
const MSM_BITS: u32 = 20;
const DATE: &str = "2026-06-15";

/// One line of output.
#[derive(Serialize, Deserialize)]
struct Measurement {
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

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|i| args.get(i + 1))
            .cloned()
    };
    let list = |name: &str, default: &str| -> Vec<u32> {
        let text = value(name).unwrap_or_else(|| default.into());
        text.split(',')
            .map(|n| n.parse().expect("a list of numbers"))
            .collect()
    };
    if let Some(query) = value("--case") {
        let case = measure(
            &query,
            list("--rows", "")[0],
            list("--segment-bits", "")[0] as u8,
        );
        println!("{}", serde_json::to_string(&case).expect("numbers"));
        return;
    }
    let json = args.iter().any(|a| a == "--json");
    // Keys are made before any case is measured.
    dev::insecure_setup(folder(), &|_| {}).expect("development keys");
    if !json {
        println!(
            "query     rows seg  prove/msm  prove s  scan s  opening s  groth16 s  verify ms  proof B  bundle kB  peak MiB  commit cells/s"
        );
    }
    // 0 stands for the default of the table's size.
    for bits in list("--segment-bits", "0") {
        for rows in list("--rows", "1000,65536,262144,1048576,4194304") {
            for query in ["Q1", "Q2"] {
                let bits = if bits == 0 {
                    default_segment_bits(rows).into()
                } else {
                    bits
                };
                run_case(query, rows, bits, json);
            }
        }
    }
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// Measures one case in a process of its own, so that its peak memory is its own.
fn run_case(query: &str, rows: u32, bits: u32, json: bool) {
    let program = std::env::current_exe().expect("own path");
    let (rows, bits) = (rows.to_string(), bits.to_string());
    let args = ["--case", query, "--rows", &rows, "--segment-bits", &bits];
    let output = Command::new(program)
        .args(args)
        .output()
        .expect("a child process");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let line = String::from_utf8_lossy(&output.stdout);
    if json {
        println!("{}", line.trim());
        return;
    }
    let m: Measurement = serde_json::from_str(&line).expect("one measurement");
    println!(
        "{:5} {:8} 2^{:2} {:10.3} {:8.3} {:7.3} {:10.3} {:10.3} {:10.2} {:8} {:10.1} {:9.0} {:15.0}",
        m.query,
        m.rows,
        m.segment_bits,
        m.ratio,
        m.prove_s,
        m.scan_s,
        m.opening_s,
        m.groth16_s,
        m.verify_ms,
        m.proof_bytes,
        m.bundle_bytes as f64 / 1e3,
        m.peak_rss_mib,
        m.commit_cells_per_s
    );
}

/// When each stage began.
#[derive(Default)]
struct Clock(Mutex<Vec<(Stage, Instant)>>);

impl Observer for Clock {
    fn stage(&self, stage: Stage) {
        self.0
            .lock()
            .expect("one thread")
            .push((stage, Instant::now()));
    }
}

impl Clock {
    fn length(&self, stage: Stage) -> Duration {
        let times = self.0.lock().expect("one thread");
        let at = times
            .iter()
            .position(|t| t.0 == stage)
            .expect("every stage is entered");
        times[at + 1].1 - times[at].1
    }
}

fn measure(query: &str, rows: u32, bits: u8) -> Measurement {
    let keys = dev::load(folder()).expect("development keys");
    let (snapshot, commit) = snapshot(rows, bits, &keys);
    let query_ir = match query {
        "Q1" => q1(),
        _ => q2(),
    };
    let msm_before = msm();
    let _ = run(&snapshot, &keys, &query_ir); // loads the circuit key
    let mut runs: Vec<_> = (0..RUNS)
        .map(|_| run(&snapshot, &keys, &query_ir))
        .collect();
    runs.sort_by_key(|r| r.0);
    let (prove, clock, bundle) = runs.swap_remove(RUNS / 2);
    let peak_rss_mib = peak_rss_mib();
    let msm_s = (msm_before + msm()).as_secs_f64() / 2.0;
    let cells = f64::from(rows) * snapshot.header().columns.len() as f64;
    Measurement {
        query: query.into(),
        rows,
        segment_bits: bits,
        prove_s: prove.as_secs_f64(),
        msm_s,
        ratio: prove.as_secs_f64() / msm_s,
        scan_s: (clock.length(Stage::Table) + clock.length(Stage::Scan)).as_secs_f64(),
        opening_s: (clock.length(Stage::Mask) + clock.length(Stage::Opening)).as_secs_f64(),
        groth16_s: clock.length(Stage::Circuit).as_secs_f64(),
        verify_ms: verify(&bundle, &snapshot, &keys).as_secs_f64() * 1e3,
        proof_bytes: bundle.proof.size(),
        bundle_bytes: bundle.encode().len(),
        peak_rss_mib,
        commit_cells_per_s: cells / commit.as_secs_f64(),
    }
}

fn run(snapshot: &Snapshot, keys: &ProverKeys, query: &Query) -> (Duration, Clock, Bundle) {
    let (start, clock) = (Instant::now(), Clock::default());
    let bundle = prove(snapshot, keys, query, 0, &clock).expect("an answer");
    (start.elapsed(), clock, bundle)
}

/// What a verifier does with a decoded bundle once keys and snapshot are accepted, on one thread.
fn verify(bundle: &Bundle, snapshot: &Snapshot, keys: &ProverKeys) -> Duration {
    let circuit = keys
        .circuit(bundle.statement().expect("a statement").shape())
        .expect("a key");
    let own = Keys {
        srs: *keys.srs().verifier(),
        circuit: circuit.verifier().clone(),
    };
    let trusted = bundle
        .keys(&AcceptedKeys::compiled_in().with(own.triple()))
        .expect("accepted keys");
    let attestor = AttestorKey::generate().expect("randomness");
    let root = snapshot.root();
    let accepted = AcceptedSnapshot::attested(root, &attestor.attest(root), &[attestor.address()]);
    let accepted = accepted.expect("an attested root");
    let core = &snapshot.header().core;
    let head = Head {
        dataset: core.dataset,
        sequence: core.sequence,
        root,
        since: core.as_of,
    };
    let log = LogView {
        heads: vec![head],
        entries: vec![],
    };
    let once = || {
        let start = Instant::now();
        bundle
            .verify(&accepted, &trusted, &log, core.as_of)
            .expect("a valid bundle");
        start.elapsed()
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    pool.install(|| {
        let mut times: Vec<_> = (0..9).map(|_| once()).collect();
        times.sort();
        times[4]
    })
}

fn msm() -> Duration {
    let mut rng = StdRng::seed_from_u64(1);
    let count = 1 << MSM_BITS;
    let scalars: Vec<Fr> = (0..count).map(|_| Fr::rand(&mut rng)).collect();
    let bases = BatchMulPreprocessing::new(G1Projective::from(G1Affine::generator()), count)
        .batch_mul(&scalars);
    let start = Instant::now();
    let _ = std::hint::black_box(G1Projective::msm(&bases, &scalars).expect("equal lengths"));
    start.elapsed()
}

fn peak_rss_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .map_or(f64::NAN, |k| k / 1024.0)
}

/// The table of the benchmark: age, sex, dx, hba1c, site, consent; uniform, seeded.
fn snapshot(rows: u32, bits: u8, keys: &ProverKeys) -> (Snapshot, Duration) {
    let number = |count| Kind::Number {
        min: 0,
        step: 1,
        scale: 0,
        count,
        unit: String::new(),
    };
    let first = Grid::Month
        .period(parse_day("2020-01-01").expect("a date"))
        .expect("a month");
    let columns = [
        ("age", number(111)),
        ("sex", number(2)),
        ("dx", number(64)),
        ("hba1c", number(256)),
        ("site", number(16)),
        (
            "consent",
            Kind::Consent {
                purpose: "research".into(),
                first,
                count: 120,
            },
        ),
    ];
    let columns: Vec<Column> = columns
        .map(|(name, kind)| Column {
            name: name.into(),
            kind,
        })
        .into();
    let mut rng = StdRng::seed_from_u64(7);
    let mut code = |c: &Column| match &c.kind {
        Kind::Consent { count, .. } => {
            if rng.gen_bool(0.8) {
                *count
            } else {
                0
            }
        }
        _ => rng.gen_range(1..c.codes()),
    };
    let codes: Vec<Vec<u16>> = columns
        .iter()
        .map(|c| (0..rows).map(|_| code(c)).collect())
        .collect();
    let verifier = |shape: Shape| keys.circuit(shape).expect("a key").verifier().digest();
    let core = Core {
        dataset: dataset_id("bench"),
        sequence: 1,
        parent: Default::default(),
        as_of: i64::from(parse_day(DATE).expect("a date")) * 86_400,
        utc_offset: 0,
        lag: 1,
        custodian: Default::default(),
        rows,
        segment_bits: bits,
        columns: columns.len() as u16,
        purposes: purposes_digest(&purposes(&columns)),
        policy: Policy::new(8, 5, Rounding::Nearest, true, 12).expect("a valid policy"),
        srs: keys.srs().verifier().digest(),
        compact_key: verifier(Shape::Compact),
        wide_key: Default::default(),
    };
    let header = Header {
        core,
        dataset: "bench".into(),
        columns,
        leaves_roots: vec![],
    };
    let start = Instant::now();
    let key = BlindingKey::from_bytes([1; 32]);
    let snapshot =
        Snapshot::commit(header, codes, None, keys.srs(), key, &|_| {}).expect("a snapshot");
    (snapshot, start.elapsed())
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
