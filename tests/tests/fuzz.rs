//! Every fuzz target over its corpus and over seeded mutations of it, for about a second each.

use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_tests::fuzz::TARGETS;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

const TIME: Duration = Duration::from_secs(1);

/// The files of a target's corpus, in the order of their names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(name);
    let entries = fs::read_dir(&folder).expect("every target has a corpus");
    let mut paths: Vec<_> = entries.map(|e| e.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|p| fs::read(p).expect("a file")).collect()
}

/// One of the things that go wrong with bytes.
fn mutate(rng: &mut StdRng, bytes: &mut Vec<u8>) {
    let at = |rng: &mut StdRng, len: usize| rng.gen_range(0..len.max(1));
    match rng.gen_range(0..7) {
        0 => bytes.truncate(at(rng, bytes.len())),
        1 => bytes.extend((0..at(rng, 64)).map(|_| 0u8)),
        2 => {
            let place = at(rng, bytes.len() + 1);
            bytes.insert(place, rng.r#gen());
        }
        3 if !bytes.is_empty() => {
            let place = at(rng, bytes.len());
            bytes.remove(place);
        }
        4 if bytes.len() >= 64 => {
            let [from, to] = [(); 2].map(|()| at(rng, bytes.len() / 32));
            let word: Vec<u8> = bytes[from * 32..][..32].to_vec();
            bytes[to * 32..][..32].copy_from_slice(&word);
        }
        5 if !bytes.is_empty() => {
            let place = at(rng, bytes.len());
            bytes[place] = [0, 1, 0x7f, 0x80, 0xff][at(rng, 5)];
        }
        _ if !bytes.is_empty() => {
            let place = at(rng, bytes.len());
            bytes[place] ^= 1 << rng.gen_range(0..8);
        }
        _ => {}
    }
}

fn smoke(name: &str) {
    let (_, target) = TARGETS.iter().find(|t| t.0 == name).expect("a target");
    let corpus = corpus(name);
    corpus.iter().for_each(|bytes| target(bytes));
    target(&[]);
    let mut rng = StdRng::seed_from_u64(1);
    let start = Instant::now();
    while start.elapsed() < TIME {
        let mut bytes = corpus[rng.gen_range(0..corpus.len())].clone();
        for _ in 0..rng.gen_range(1..5) {
            mutate(&mut rng, &mut bytes);
        }
        target(&bytes);
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            smoke(stringify!($name));
        })*

        #[test]
        fn every_target_is_run() {
            assert_eq!(TARGETS.map(|t| t.0), [$(stringify!($name)),*]);
        }
    };
}

targets!(bundle query header keys schema table csv parquet sql);
