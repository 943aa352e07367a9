//! Offsets of the ABI may overlap: a few kilobytes that unfold to far more are refused before they are unfolded.
//!
//! A test binary of its own, with one test, since it measures the memory of its process.

#![cfg(test)]

use alloy_sol_types::{SolType, SolValue, abi as token, abi::Token};
use nectar_testkit::{fuzz::fixtures, queries};
use nectar_verifier::{
    abi,
    bundle::{Bundle, MAGIC},
    header::Header,
    query::{MAX_QUERY_BYTES, Query},
};
use std::time::{Duration, Instant};

const WORD: usize = 32;
/// Words of a header's core.
const CORE: usize = 20;
/// Most memory the process ever has, in KiB: many times what the inputs measure, far less than they unfold to.
const MOST_KIB: u64 = 512 << 10;

fn word(n: usize) -> [u8; WORD] {
    let mut word = [0; WORD];
    word[WORD - 8..].copy_from_slice(&u64::try_from(n).expect("a number").to_be_bytes());
    word
}

/// A list whose elements are all the one that follows it.
fn overlapping(count: usize, element: &[u8]) -> Vec<u8> {
    let offset = word(count * WORD);
    let offsets = std::iter::repeat_n(offset.as_slice(), count);
    let length = word(count);
    let parts = std::iter::once(length.as_slice()).chain(offsets);
    parts.chain([element]).collect::<Vec<_>>().concat()
}

/// A query in which `count` axes are one axis of `count` groups that are one group of `bytes` of runs.
fn query(count: usize, bytes: usize) -> Vec<u8> {
    let set = [&word(0)[..], &word(2 * WORD), &word(bytes), &vec![1; bytes]].concat();
    let groups = overlapping(count, &set);
    let axis = [&word(0)[..], &word(0), &word(3 * WORD), &groups].concat();
    let axes = overlapping(count, &axis);
    let heads = 6 * WORD;
    let empty = word(0);
    let head = [
        word(WORD),
        word(0),
        word(0),
        word(0),
        word(heads + 2 * WORD),
    ];
    let rest = [word(heads + 2 * WORD), word(heads), empty, empty];
    let mut out = [head.as_flattened(), rest.as_flattened()].concat();
    // Both empty lists, literals and x, stand before the axes.
    out[4 * WORD..5 * WORD].copy_from_slice(&word(heads + WORD));
    out.extend(axes);
    out
}

/// Bytes in which every word that could be an offset or a length of a list is made the same, one after the other.
fn bent(sound: &[u8], prefix: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let words = (sound.len() - prefix) / WORD;
    let numbers = [1 << 6, 1 << 8, 1 << 10, 1 << 20, 1 << 31, usize::MAX >> 1];
    (0..words).flat_map(move |i| {
        numbers.map(|n| {
            let mut bytes = sound.to_vec();
            bytes[prefix + i * WORD..][..WORD].copy_from_slice(&word(n));
            bytes
        })
    })
}

/// A structure with a list of encodings replaced by `count` times the same `bytes`. `place` is the word after that of
/// the structure's own offset where the list's offset stands.
fn bomb(sound: &[u8], place: usize, count: usize, bytes: usize) -> Vec<u8> {
    let mut out = sound.to_vec();
    let list = word(out.len() - WORD);
    out[(1 + place) * WORD..][..WORD].copy_from_slice(&list);
    let element = [&word(bytes)[..], &vec![1; bytes]].concat();
    out.extend(overlapping(count, &element));
    out
}

/// The greatest memory of this process so far.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Bytes of `T` once all overlaps are copied out, if its tokens can be read.
fn unfolded<T: SolValue>(bytes: &[u8]) -> Option<usize> {
    let token = token::decode::<<T::SolType as SolType>::Token<'_>>(bytes).ok()?;
    Some(token.total_words() * WORD)
}

/// Checks that bytes unfold to `at_least` so many times their number, and are refused at once.
fn refused<T: SolValue, D>(
    what: &str,
    (bytes, skip): (&[u8], usize),
    at_least: usize,
    decode: fn(&[u8]) -> Option<D>,
) {
    let start = Instant::now();
    assert!(decode(bytes).is_none(), "{what} is accepted");
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{what} took {took:?}");
    let size = unfolded::<T>(&bytes[skip..]).expect("tokens");
    assert!(size >= at_least * bytes.len(), "{what} is no bomb");
}

#[test]
fn overlapping_offsets_are_refused_before_they_unfold() {
    for (count, bytes, times) in [(30, 1 << 10, 100), (500, 20 << 10, 10_000), (960, 0, 1000)] {
        let bomb = query(count, bytes);
        assert!(bomb.len() <= MAX_QUERY_BYTES);
        let what = format!("query {count} x {bytes}");
        refused::<abi::Query, _>(&what, (&bomb, 0), times, |b| Query::decode(b).ok());
    }
    let corpus = nectar_testkit::fuzz::corpus("bundle").expect("a corpus");
    let sound = (corpus.iter().find(|b| Bundle::decode(b).is_ok())).expect("a sound bundle");
    let header = fixtures::header(fixtures::clinic()).encode();
    for (count, bytes) in [(100, 4 << 10), (1000, 32 << 10), (30_000, 1 << 20)] {
        // After the core: dataset, purposes, columns; or dataset, purposes, root, columns, leaves.
        let bent = bomb(&header, CORE + 2, count, bytes);
        let what = format!("header {count} x {bytes}");
        refused::<abi::Header, _>(&what, (&bent, 0), 10, |b| Header::decode(b).ok());
        for place in [CORE + 3, CORE + 4] {
            let bent = bomb(&sound[MAGIC.len()..], place, count, bytes);
            let bent = [&MAGIC, bent.as_slice()].concat();
            let what = format!("bundle {count} x {bytes}");
            let skipped = (bent.as_slice(), MAGIC.len());
            refused::<abi::Bundle, _>(&what, skipped, 10, |b| Bundle::decode(b).ok());
        }
    }
    for bytes in bent(&queries::counts().encode(), 0) {
        let _ = Query::decode(&bytes);
    }
    for bytes in bent(sound, MAGIC.len()).step_by(7) {
        let _ = Bundle::decode(&bytes);
    }
    if let Some(peak) = peak_kib() {
        assert!(peak < MOST_KIB, "{peak} KiB");
    }
}
