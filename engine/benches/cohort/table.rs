//! Tables of uniform random codes, and the yardstick.

use crate::{MSM_BITS, RUNS};
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, VariableBaseMSM, scalar_mul::BatchMulPreprocessing};
use ark_ff::UniformRand;
use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_engine::{
    blinding::BlindingKey,
    snapshot::{Records, Snapshot},
};
use nectar_params::ProverKeys;
use nectar_verifier::{
    column::{Column, Kind},
    date::{Grid, parse_day},
    header::{Core, Header, dataset_id, purposes, purposes_digest},
    policy::{Policy, Rounding},
    shape::Shape,
};
use std::time::{Duration, Instant};

/// The day of the snapshot.
pub const DATE: &str = "2026-06-15";

/// One multiplication of 2^20 random scalars in G1 by ark-ec.
pub fn msm() -> Duration {
    let mut rng = StdRng::seed_from_u64(1);
    let count = 1 << MSM_BITS;
    let scalars: Vec<Fr> = (0..count).map(|_| Fr::rand(&mut rng)).collect();
    let bases = BatchMulPreprocessing::new(G1Projective::from(G1Affine::generator()), count)
        .batch_mul(&scalars);
    let start = Instant::now();
    let _ = std::hint::black_box(G1Projective::msm(&bases, &scalars).expect("equal lengths"));
    start.elapsed()
}

/// The median of [`RUNS`] runs with what that run gave, after one to warm up, and the yardstick of the same minutes.
pub fn median<T>(once: impl Fn() -> (Duration, T)) -> (Duration, T, Duration) {
    let before = msm();
    let _ = once();
    let mut runs: Vec<_> = (0..RUNS).map(|_| once()).collect();
    runs.sort_by_key(|r| r.0);
    let (time, value) = runs.swap_remove(RUNS / 2);
    (time, value, (before + msm()) / 2)
}

/// The median of nine runs on one thread.
pub fn on_one_thread(once: impl Fn() + Sync) -> Duration {
    let timed = || {
        let start = Instant::now();
        once();
        start.elapsed()
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(|| {
        let mut times: Vec<_> = (0..9).map(|_| timed()).collect();
        times.sort();
        times[4]
    })
}

/// The greatest memory of this process so far.
pub fn peak_rss_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .map_or(f64::NAN, |k| k / 1024.0)
}

/// A number column of `count` values.
pub fn number(name: &str, count: u16) -> Column {
    let kind = Kind::Number {
        min: 0,
        step: 1,
        scale: 0,
        count,
        unit: String::new(),
    };
    let name = name.into();
    Column { name, kind }
}

/// Consent to research over ten years.
pub fn consent() -> Column {
    let first = Grid::Month.period(parse_day("2020-01-01").expect("a date"));
    Column {
        name: "consent".into(),
        kind: Kind::Consent {
            purpose: "research".into(),
            first: first.expect("a month"),
            count: 120,
        },
    }
}

/// Commits a table of these columns, its codes uniform and seeded; four in five have consented. Says how long the
/// commitment took.
pub fn snapshot(
    columns: Vec<Column>,
    rows: u32,
    bits: u8,
    keys: &ProverKeys,
) -> (Snapshot, Duration) {
    let mut rng = StdRng::seed_from_u64(7);
    let mut code = |c: &Column| match &c.kind {
        Kind::Consent { count, .. } => u16::from(rng.gen_bool(0.8)) * count,
        _ => rng.gen_range(1..c.codes()),
    };
    let coded = columns.iter().filter(|c| c.kind != Kind::Tag);
    let codes: Vec<Vec<u16>> = coded
        .map(|c| (0..rows).map(|_| code(c)).collect())
        .collect();
    let tagged = codes.len() < columns.len();
    let tags = (0..u64::from(rows)).filter(|_| tagged).map(Fr::from);
    let records = Records {
        tags: tags.collect(),
        codes,
    };
    let key = BlindingKey::from_bytes([1; 32]);
    let header = header(columns, rows, bits, keys);
    let start = Instant::now();
    let snapshot = Snapshot::commit(header, records, None, keys.srs(), key, &|_| {});
    (snapshot.expect("a snapshot"), start.elapsed())
}

fn header(columns: Vec<Column>, rows: u32, bits: u8, keys: &ProverKeys) -> Header {
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
    Header {
        core,
        dataset: "bench".into(),
        columns,
        leaves_roots: vec![],
    }
}
