//! Sets of parameters are kept and read again; whatever is edited in them is refused for its own reason.

#![cfg(test)]

use alloy_primitives::keccak256;
use nectar_params::{
    ParamsError,
    ceremony::Ceremony,
    lock::{Lock, LockError, SrsSource},
    ptau::PtauError,
    set::Set,
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const DEV: &str = include_str!("../locks/insecure-dev-v1.toml");

fn ptau(power: &str) -> PathBuf {
    let name = format!("powersOfTau28_hez_final_{power}.ptau");
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

/// A set with the SRS of a real ceremony.
fn real(power: &str) -> (TempDir, Set) {
    let folder = tempfile::tempdir().unwrap();
    let (srs, provenance) = Ceremony::import(&ptau(power), None, &|_| {})
        .unwrap()
        .into_parts();
    let set = Set::create(folder.path(), srs, SrsSource::Ptau(provenance)).unwrap();
    (folder, set)
}

/// A lock's text with its id made anew.
fn sealed(text: &str) -> String {
    let (_, rest) = text.split_once('\n').unwrap();
    let id = keccak256([b"nectar/v1/parameters", rest.as_bytes()].concat());
    format!("id = \"{id}\"\n{rest}")
}

fn refused(text: &str) -> LockError {
    Lock::decode(text.as_bytes()).unwrap_err()
}

#[test]
fn a_set_is_read_again() {
    let (folder, set) = real("08");
    assert!(Set::is_in(folder.path()));
    let again = Set::open(folder.path()).unwrap();
    assert_eq!(again.lock(), set.lock());
    assert_eq!(again.id(), set.id());
    assert!(!again.lock().is_insecure());
    assert_eq!(again.srs().verifier(), set.srs().verifier());
    assert_eq!(again.srs().powers(8).unwrap(), set.srs().powers(8).unwrap());
    again.compare_srs(&ptau("08"), &|_| {}).unwrap();
    let other = again.compare_srs(&ptau("11"), &|_| {}).unwrap_err();
    let digest = |e: &ParamsError| {
        matches!(
            e,
            ParamsError::Ptau {
                error: PtauError::Digest { .. },
                ..
            }
        )
    };
    assert!(digest(&other), "{other}");
}

#[test]
fn a_circuit_without_a_key_is_named() {
    let (_folder, set) = real("08");
    for circuit in nectar_verifier::circuit::Circuit::ALL {
        let error = set.circuit(circuit).err().unwrap();
        assert!(matches!(error, ParamsError::NoKey { circuit: c, .. } if c == circuit));
    }
}

#[test]
fn an_srs_that_was_changed_or_swapped_is_refused() {
    let (folder, _) = real("08");
    let path = folder.path().join("srs.bin");
    let points = fs::read(&path).unwrap();
    let refused = |what: &str| {
        let error = Set::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    };
    let mut swapped = points.clone();
    let (seventh, eighth) = (225 + 7 * 64, 225 + 8 * 64);
    swapped.copy_within(seventh..eighth, eighth);
    fs::write(&path, swapped).unwrap();
    refused("its powers are not those of its header");
    let (other, _) = real("11");
    fs::copy(other.path().join("srs.bin"), &path).unwrap();
    refused("the digest of the SRS is 0x8fac34265a9b4a4f");
    fs::write(&path, points).unwrap();
    Set::open(folder.path()).unwrap();
}

/// Every byte after the id is covered by it.
#[test]
fn an_edited_lock_is_refused() {
    let lock = Lock::decode(DEV.as_bytes()).unwrap();
    assert_eq!(lock.encode(), DEV);
    assert!(lock.is_insecure());
    for (from, to) in [
        ("bits = 16", "bits = 15"),
        ("compact", "Compact"),
        ("key = \"0x5a", "key = \"0x5b"),
        ("insecure-public-seed", "a-ceremony"),
        ("\n\n", "\n\n\n"),
    ] {
        let edited = DEV.replacen(from, to, 1);
        assert_ne!(edited, DEV);
        assert!(matches!(refused(&edited), LockError::Id { .. }), "{from}");
    }
    assert!(matches!(refused(&format!("{DEV}#")), LockError::Id { .. }));
    for headless in ["", "id = \"0x\"\n", &format!("# a comment\n{DEV}")] {
        assert_eq!(refused(headless), LockError::NoId, "{headless}");
    }
}

/// Who makes the id anew still cannot say these.
#[test]
fn a_lock_cannot_lie_about_keys_this_program_knows() {
    let edit = |from: &str, to: &str| {
        assert!(DEV.contains(from), "{from}");
        refused(&sealed(&DEV.replacen(from, to, 1)))
    };
    assert_eq!(Lock::decode(sealed(DEV).as_bytes()).unwrap().encode(), DEV);
    let mark = "digest = \"0x77";
    let other = edit(mark, "digest = \"0x78");
    assert_eq!(other, LockError::Mislabelled("the SRS"));
    let other = edit("key = \"0x5a", "key = \"0x5b");
    assert_eq!(other, LockError::Mislabelled("compact"));
    let other = edit("fingerprint = \"0x6c", "fingerprint = \"0x6d");
    assert!(matches!(other, LockError::Fingerprint { .. }));
    let other = edit("\"wide\"", "\"broad\"");
    assert_eq!(other, LockError::UnknownCircuit("broad".into()));
    let other = edit("\"insecure-public-seed\"", "\"a-ceremony\"");
    assert!(matches!(other, LockError::Format(_)));
    let other = edit("bits = 16", "bits = 16\nmore = 1");
    assert!(matches!(other, LockError::Format(_)));
    let (_, key) = DEV.split_once("\n\n").unwrap();
    let (first, _) = key.split_once("\n\n").unwrap();
    let twice = sealed(&format!("{DEV}\n{first}\n"));
    assert!(matches!(refused(&twice), LockError::DuplicateKey(_)));
}

/// Development keys that are said to come out of a ceremony's file.
#[test]
fn a_development_srs_does_not_pass_for_a_real_one() {
    let (_folder, set) = real("08");
    let text = set.lock().encode();
    let dev = "0x77084a7a5e0911188a2a3b0a8d38befcbaacb87c5e02b546f2c24b99ed28da1a";
    let edit = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        refused(&sealed(&text.replacen(from, to, 1)))
    };
    let digest = set.lock().srs.digest.to_string();
    assert_eq!(edit(&digest, dev), LockError::Mislabelled("the SRS"));
    for (from, to) in [
        ("power = 8", "power = 9"),
        ("bits = 8", "bits = 9"),
        ("hez_final_08\"\npower", "hez_final_11\"\npower"),
        ("blake2b = \"0xd6", "blake2b = \"0xd7"),
        ("digest = \"0x46", "digest = \"0x47"),
    ] {
        assert!(matches!(edit(from, to), LockError::Srs(_)), "{from}");
    }
}

#[test]
fn an_oversized_lock_is_refused() {
    let (folder, _) = real("08");
    fs::write(folder.path().join("lock.toml"), vec![b'#'; (8 << 20) + 1]).unwrap();
    let error = Set::open(folder.path()).unwrap_err();
    assert!(matches!(error, ParamsError::TooLarge { .. }), "{error}");
}
