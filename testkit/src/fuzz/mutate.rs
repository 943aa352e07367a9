//! Mutations of seeds, the same ones on every run.

use ark_std::rand::{Rng, rngs::StdRng, seq::SliceRandom};

/// Longest input made.
const MOST: usize = 1 << 17;

/// What parsers stumble over.
const EXTREMES: &[&[u8]] = &[
    b"\0",
    &[0xff; 2],
    &[0xff; 4],
    &[0xff; 8],
    &[0xff; 32],
    &[0; 32],
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\0\0\0\0\0\0\0",
    b"9223372036854775808",
    b"-1",
    b"1e999",
    b"0.00000000000000000000000000000000000001",
    b"NaN",
    b"\"",
    b"'",
    b"\r\n",
    b",",
    b"(",
    b"[[",
    b"{",
    b"NOT ",
    b"9999-12-31",
    b"0000-01-01",
    "\u{feff}".as_bytes(),
    "\u{130}".as_bytes(),
];

/// A seed with one to four changes.
pub fn mutate(corpus: &[Vec<u8>], rng: &mut StdRng) -> Vec<u8> {
    let mut bytes = corpus.choose(rng).cloned().unwrap_or_default();
    for _ in 0..rng.gen_range(1..=4) {
        let other = corpus.choose(rng).map_or(&[][..], Vec::as_slice);
        change(&mut bytes, other, rng);
        bytes.truncate(MOST);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], rng: &mut StdRng) {
    let at = rng.gen_range(0..=bytes.len());
    match rng.gen_range(0..9) {
        0 => bytes.truncate(at),
        1 => drop(bytes.splice(
            at..,
            other[rng.gen_range(0..=other.len())..].iter().copied(),
        )),
        2 => drop(bytes.splice(at..at, extreme(rng))),
        3 => overwrite(bytes, at, extreme(rng)),
        4 => blow_up(bytes, rng),
        5 => repeat(bytes, at, rng),
        6 => drop(bytes.drain(at..(at + rng.gen_range(0..64)).min(bytes.len()))),
        7 => overwrite(bytes, at, [rng.r#gen()]),
        _ => flip(bytes, at, rng),
    }
}

fn extreme(rng: &mut StdRng) -> impl Iterator<Item = u8> + use<> {
    EXTREMES[rng.gen_range(0..EXTREMES.len())].iter().copied()
}

fn flip(bytes: &mut [u8], at: usize, rng: &mut StdRng) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << rng.gen_range(0..8);
    }
}

fn overwrite(bytes: &mut [u8], at: usize, with: impl IntoIterator<Item = u8>) {
    bytes
        .iter_mut()
        .skip(at)
        .zip(with)
        .for_each(|(b, w)| *b = w);
}

/// Writes a large or a near number into a word of the ABI, where lengths and offsets stand.
fn blow_up(bytes: &mut [u8], rng: &mut StdRng) {
    let words = bytes.len() / 32;
    let word = rng.gen_range(0..=words) * 32 + bytes.len() % 32;
    let number = rng.r#gen::<u64>() >> rng.gen_range(0..64);
    overwrite(bytes, word + 24, number.to_be_bytes());
}

/// Repeats a short part many times: nesting, long cells, many columns.
fn repeat(bytes: &mut Vec<u8>, at: usize, rng: &mut StdRng) {
    let end = (at + rng.gen_range(1..33)).min(bytes.len());
    let part = bytes[at..end].repeat(1 << rng.gen_range(0..12));
    bytes.splice(at..at, part);
}
