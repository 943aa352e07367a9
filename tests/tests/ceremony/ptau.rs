//! The locally made phase-1 file: what snarkjs would have made of its powers, and not to be taken for a real one.

use crate::{Context, read, write};
use nectar_params::{ceremony::Ceremony, phase1::Powers, ptau::read_for_phase2, srs::Srs};
use nectar_testkit::insecure_ptau::{CONTRIBUTOR, encode};
use std::path::{Path, PathBuf};

/// Power of the file that the compact release circuit needs.
const POWER: u32 = 15;
/// A power at which snarkjs prepares a file in a second.
const SMALL: u32 = 6;

/// The file for the compact release circuit, whose secrets everybody knows.
pub fn insecure(context: &Context) -> &Path {
    context.ptau.get_or_init(|| {
        let path = context.subfolder("phase1").join("insecure_15.ptau");
        write(&path, encode(POWER));
        path
    })
}

/// The file of the real ceremony that serves the small circuit.
pub fn real() -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../params/tests/data");
    data.join("powersOfTau28_hez_final_11.ptau")
}

/// What openings, and what keys of a domain of 2^`bits` elements take of a file.
pub fn powers(path: &Path, bits: u8) -> (Srs, Powers) {
    let file = read_for_phase2(read(path).as_slice(), bits, &|_| {});
    let (ptau, powers) = file.expect("a phase-1 file");
    (ptau.srs, powers)
}

/// snarkjs makes the Lagrange forms of the file's powers anew, and the same file comes out, byte by byte.
pub fn snarkjs_prepares_the_same_file(context: &Context) {
    let folder = context.subfolder("prepared");
    let ours = encode(SMALL);
    write(&folder.join("ours.ptau"), &ours);
    let prepare = [
        "powersoftau",
        "prepare",
        "phase2",
        "ours.ptau",
        "theirs.ptau",
    ];
    context.snarkjs.succeed(&folder, &prepare);
    let theirs = read(&folder.join("theirs.ptau"));
    let first = ours.iter().zip(&theirs).position(|(a, b)| a != b);
    assert_eq!((first, ours.len()), (None, theirs.len()));
}

/// Its contributor has a name that warns, it is of no known ceremony, and snarkjs finds no proof of a contribution.
pub fn the_insecure_file_says_so(context: &Context) {
    let path = insecure(context);
    let refused = Ceremony::import(path, None, &|_| {}).map(|_| ());
    let message = refused.expect_err("it is of no ceremony").to_string();
    assert!(message.contains("of no ceremony"), "{message}");
    let name = CONTRIBUTOR.as_bytes();
    assert!(CONTRIBUTOR.starts_with("INSECURE"));
    assert!(read(path).windows(name.len()).any(|bytes| bytes == name));

    let folder = context.subfolder("unproven");
    write(&folder.join("insecure.ptau"), encode(SMALL));
    let verify = ["powersoftau", "verify", "insecure.ptau"];
    let text = context.snarkjs.refuse(&folder, &verify);
    assert!(text.contains("INVALID"), "{text}");
}
