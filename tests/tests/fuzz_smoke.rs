//! A short run of every fuzz target: its corpus, and as many mutations of it as take about a second. The same
//! inputs on every run.

#![cfg(test)]

use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_testkit::fuzz::{TARGETS, Target, corpus, mutate::mutate, target};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest input shown whole.
const SHOWN: usize = 1 << 13;

/// Runs a target and shows the input should it fail.
fn check(name: &str, target: Target, bytes: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| target(bytes))).is_err() {
        let hex: String = bytes
            .iter()
            .take(SHOWN)
            .map(|b| format!("{b:02x}"))
            .collect();
        panic!("{name}: an input of {} bytes fails: {hex}", bytes.len());
    }
}

/// Runs a target over its corpus and mutations of it.
fn smoke(name: &str, mutations: u32) {
    let (target, corpus) = (target(name), corpus(name).expect("a corpus"));
    assert!(!corpus.is_empty(), "{name}: the corpus is empty");
    for bytes in &corpus {
        check(name, target, bytes);
    }
    let mut rng = StdRng::seed_from_u64(1);
    for _ in 0..mutations {
        check(name, target, &mutate(&corpus, &mut rng));
    }
}

macro_rules! smoke {
    ($($name:ident: $mutations:expr,)*) => {
        $(
            #[test]
            fn $name() {
                smoke(stringify!($name), $mutations);
            }
        )*

        #[test]
        fn every_target_is_run() {
            let names: Vec<&str> = TARGETS.iter().map(|t| t.0).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

smoke! {
    bundle: 3000,
    config: 10_000,
    csv: 1500,
    dataset: 500,
    header: 20_000,
    index_proof: 10_000,
    infer: 500,
    keys: 10_000,
    lock: 20_000,
    manifest: 300,
    parquet: 150,
    proto: 20_000,
    ptau: 300,
    query: 20_000,
    receipt: 3000,
    schema: 5000,
    sql: 5000,
    table: 500,
    zkey: 1000,
}
