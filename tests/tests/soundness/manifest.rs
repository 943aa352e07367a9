//! Published manifests with one thing changed, on the way or by the custodian who also writes the header.

use ark_bn254::G1Affine;
use ark_ec::AffineRepr;
use nectar_engine::manifest::Manifest;
use nectar_testkit::{
    keys::keys,
    published::{Published, at, toy_cohort, verifier_keys, verify},
    world::{accepted, attested},
};
use nectar_verifier::{
    column::Leaf,
    evaluation::ProofError,
    field::PointError,
    header::Header,
    index::{IndexProofError, MAX_BYTES},
    keys::{KeyTriple, Keys, VerifierSrs},
    manifest::{ColumnFault, ManifestError, ManifestVerifier, encode_column, encode_head},
    opening::OpeningError,
    shape::Shape,
    trust::{AcceptedKeys, AcceptedSnapshot, CheckedRoots, TrustError},
};

const IDENTITY: ColumnFault = ColumnFault::Proof(ProofError::Opening(OpeningError::Identity));
/// Bytes of magic and first length.
const START: usize = 12;

type Change = fn(&mut Vec<Vec<u8>>);

fn judge(parts: &[Vec<u8>]) -> Result<(), ManifestError> {
    verify(&parts.concat()).map(|_| ())
}

/// The honest parts, shown to be accepted.
fn honest() -> Vec<Vec<u8>> {
    let parts = Published::toy().parts();
    assert_eq!(judge(&parts), Ok(()));
    parts
}

/// Shows each change of the honest parts refused.
fn refused(cases: &[(&str, Change, ManifestError)]) {
    let honest = honest();
    for (name, change, want) in cases {
        let mut parts = honest.clone();
        change(&mut parts);
        assert_eq!(judge(&parts).as_ref(), Err(want), "{name}");
    }
}

fn fault(name: &str, error: ColumnFault) -> ManifestError {
    ManifestError::Column {
        name: name.into(),
        error,
    }
}

/// The part of a column: the head is part 0.
fn part(parts: &mut [Vec<u8>], column: u16) -> &mut Vec<u8> {
    &mut parts[usize::from(column) + 1]
}

/// Writes the length of a part anew.
fn announce(part: &mut [u8], length: u32) {
    part[..4].copy_from_slice(&length.to_be_bytes());
}

/// Replaces the end of a column's part by other bytes of whatever number, and says so.
fn splice(part: &mut Vec<u8>, keep: usize, end: &[u8]) {
    part.truncate(keep);
    part.extend_from_slice(end);
    let length = u32::try_from(part.len() - 4).expect("small");
    announce(part, length);
}

/// Bytes of a column's points in the toy, with the length before them.
fn points_end(column: u16) -> usize {
    let header = Published::toy().snapshot.header();
    let leaves = header.columns[usize::from(column)].leaf_count();
    4 + leaves * header.core.segments() * 64
}

#[test]
fn columns_moved_left_out_and_doubled() {
    let root = |name| fault(name, ColumnFault::Root);
    refused(&[
        ("moved", |p| p.swap(2, 3), root("sex")),
        ("left out", |p| drop(p.remove(2)), root("sex")),
        ("doubled", |p| p.insert(2, p[2].clone()), root("site")),
        (
            "of another shape",
            |p| p.swap(1, 2),
            fault("age", ColumnFault::Point(PointError::NotInGroup)),
        ),
    ]);
}

#[test]
fn truncated_anywhere() {
    let parts = honest();
    for whole in 0..parts.len() {
        let columns = if whole == 0 { 0 } else { 4 };
        let checked = whole.saturating_sub(1);
        let truncated = Err(ManifestError::Truncated { checked, columns });
        let next = &parts[whole];
        for more in [0, 1, 3, 5, 8, 11, next.len() / 2, next.len() - 1] {
            let cut = [parts[..whole].concat(), next[..more].to_vec()];
            assert_eq!(judge(&cut), truncated, "{more} bytes after {whole} parts");
        }
    }
}

#[test]
fn bytes_left_over() {
    refused(&[
        ("one", |p| p.push(vec![0]), ManifestError::Leftover),
        ("four", |p| p.push(vec![0; 4]), ManifestError::Leftover),
        ("a part", |p| p.push(p[4].clone()), ManifestError::Leftover),
        ("itself", |p| p.extend(p.clone()), ManifestError::Leftover),
    ]);
}

#[test]
fn lengths_that_are_not_those_of_the_parts() {
    let most = points_end(at::AGE) - 4 + MAX_BYTES;
    let huge = usize::try_from(u32::MAX).expect("64 bits");
    let size = |got, most| ManifestError::Size { got, most };
    refused(&[
        (
            "a column of 4 GiB",
            |p| announce(&mut p[1], u32::MAX),
            size(huge, most),
        ),
        (
            "a column of a byte too many",
            |p| {
                let most = points_end(at::AGE) - 4 + MAX_BYTES;
                announce(&mut p[1], u32::try_from(most + 1).expect("small"));
            },
            size(most + 1, most),
        ),
        (
            "a head of 4 GiB",
            |p| announce(&mut p[0][8..], u32::MAX),
            size(huge, (64 << 20) + (1 << 12)),
        ),
        (
            "an empty column",
            |p| announce(&mut p[1], 0),
            fault("age", ColumnFault::Missing),
        ),
        (
            "a point too few",
            |p| splice(&mut p[4], 4 + 64, &[]),
            fault("tag", ColumnFault::Missing),
        ),
    ]);
}

#[test]
fn other_first_bytes() {
    refused(&[
        ("magic", |p| p[0][0] ^= 1, ManifestError::Magic),
        ("version", |p| p[0][7] = 2, ManifestError::Magic),
    ]);
    let mut parts = honest();
    parts[0][START + 31] ^= 1;
    assert!(matches!(judge(&parts), Err(ManifestError::Decode(_))));
}

#[test]
fn proofs_missing_and_unasked_for() {
    let tag = fault("tag", ColumnFault::Tag);
    refused(&[
        (
            "a tag column with a proof",
            |p| {
                let proof = p[2][points_end(at::SEX)..].to_vec();
                splice(&mut p[4], points_end(at::TAG), &proof);
            },
            tag.clone(),
        ),
        (
            "a tag column with a byte",
            |p| splice(&mut p[4], points_end(at::TAG), &[0]),
            tag,
        ),
        (
            "the proof of another column",
            |p| {
                let proof = p[2][points_end(at::SEX)..].to_vec();
                splice(&mut p[3], points_end(at::SITE), &proof);
            },
            fault("site", IDENTITY),
        ),
    ]);
    for keep in [0, 1, 31, 32, 500] {
        let mut parts = honest();
        splice(&mut parts[2], points_end(at::SEX) + keep, &[]);
        let refused = judge(&parts).expect_err("no proof");
        let ManifestError::Column { name, error } = refused else {
            panic!("{refused}");
        };
        assert_eq!(name, "sex");
        assert!(
            matches!(error, ColumnFault::Encoding(IndexProofError::Decode(_))),
            "{error}"
        );
    }
}

#[test]
fn commitments_that_are_no_points() {
    let point = |error| fault("age", ColumnFault::Point(error));
    refused(&[
        (
            "off the curve",
            |p| p[1][4 + 63] ^= 1,
            point(PointError::NotInGroup),
        ),
        (
            "not canonical",
            |p| p[1][4] = 0xff,
            point(PointError::NotCanonical),
        ),
        (
            "the identity",
            |p| p[1][4..68].fill(0),
            point(PointError::Identity),
        ),
    ]);
}

/// A commitment of the toy with the generator added, by its place among the column's vectors.
fn bend(header: &Header, points: &mut [G1Affine], column: u16, leaf: Leaf) {
    let place = header.columns[usize::from(column)].leaf_index(leaf);
    let point = &mut points[place.expect("a vector")];
    *point = (*point + G1Affine::generator()).into();
}

/// The toy with a commitment changed, under its own header or under one that its author has made to fit.
fn bent(column: u16, leaf: Leaf, fits: bool) -> Result<(), ManifestError> {
    let toy = Published::toy();
    let (manifest, place) = (toy.snapshot.manifest(), usize::from(column));
    let mut columns = manifest.columns().to_vec();
    bend(
        manifest.header(),
        &mut columns[place][1].points,
        column,
        leaf,
    );
    let forged = Manifest::new(manifest.header().clone(), columns).expect("a manifest");
    let mut parts = honest();
    if fits {
        parts[0] = encode_head(forged.header(), &verifier_keys());
    }
    let proof = toy.proofs[place].as_ref().map(|p| p.encode());
    let bytes = forged.publish_column(column, &proof.unwrap_or_default());
    *part(&mut parts, column) = bytes.expect("a column");
    judge(&parts)
}

#[test]
fn a_commitment_changed() {
    honest();
    let cases = [
        (at::AGE, "age", Leaf::Code(3)),
        (at::AGE, "age", Leaf::Bit(1)),
        (at::AGE, "age", Leaf::X),
        (at::AGE, "age", Leaf::X2),
        (at::SEX, "sex", Leaf::Code(1)),
        (at::TAG, "tag", Leaf::Tag),
    ];
    for (column, name, leaf) in cases {
        let refused = bent(column, leaf, false);
        assert_eq!(refused, Err(fault(name, ColumnFault::Root)), "{leaf:?}");
    }
}

/// The custodian writes the header too, so the root alone says nothing.
#[test]
fn a_commitment_changed_together_with_its_root() {
    honest();
    let cases = [
        (at::AGE, "age", Leaf::X, ColumnFault::Derived),
        (at::AGE, "age", Leaf::X2, ColumnFault::Derived),
        (at::AGE, "age", Leaf::Code(1), IDENTITY),
        (at::AGE, "age", Leaf::Code(3), ColumnFault::Derived),
        (at::AGE, "age", Leaf::Bit(1), IDENTITY),
        (at::SEX, "sex", Leaf::Code(2), IDENTITY),
        (at::SEX, "sex", Leaf::Bit(0), IDENTITY),
    ];
    for (column, name, leaf, want) in cases {
        let refused = bent(column, leaf, true);
        assert_eq!(refused, Err(fault(name, want)), "{leaf:?}");
    }
    // Tags are any elements.
    assert_eq!(bent(at::TAG, Leaf::Tag, true), Ok(()));
}

/// The toy under another header.
fn under(change: impl Fn(&mut Header)) -> Result<(), ManifestError> {
    let mut header = Published::toy().snapshot.header().clone();
    change(&mut header);
    let mut parts = honest();
    parts[0] = encode_head(&header, &verifier_keys());
    judge(&parts)
}

#[test]
fn headers_of_other_commitments() {
    assert_eq!(under(|_| {}), Ok(()));
    let root = under(|h| h.leaves_roots[1].0[0] ^= 1);
    assert_eq!(root, Err(fault("sex", ColumnFault::Root)));
    let swapped = under(|h| h.leaves_roots.swap(1, 2));
    assert_eq!(swapped, Err(fault("sex", ColumnFault::Root)));
    let rows = under(|h| h.core.rows += 1);
    assert_eq!(rows, Err(fault("age", IDENTITY)));
    let keys = under(|h| h.core.srs.0[0] ^= 1);
    assert_eq!(keys, Err(ManifestError::Srs));
    let invalid = under(|h| h.core.lag = 200);
    assert!(matches!(invalid, Err(ManifestError::Header(_))));
}

/// The toy with other keys in its head.
fn with_keys(keys: &Keys) -> Result<(), ManifestError> {
    let mut parts = honest();
    parts[0] = encode_head(Published::toy().snapshot.header(), keys);
    judge(&parts)
}

#[test]
fn keys_that_are_not_trusted() {
    let own = verifier_keys();
    assert_eq!(with_keys(&own), Ok(()));
    let release = Keys {
        circuit: keys()
            .circuit(Shape::Compact)
            .expect("a key")
            .verifier()
            .clone(),
        ..own.clone()
    };
    let foreign = ManifestError::Trust(TrustError::Keys);
    assert_eq!(with_keys(&release), Err(foreign));
    let mut srs: VerifierSrs = own.srs;
    srs.powers.0[0] ^= 1;
    assert_eq!(with_keys(&Keys { srs, ..own }), Err(ManifestError::Srs));

    let none = AcceptedKeys::compiled_in();
    let refused = ManifestVerifier::new(&none).push(&honest().concat());
    assert_eq!(refused, Err(ManifestError::Trust(TrustError::DevKeys)));
}

/// A stream that broke a rule once stays refused, also where sound parts follow.
#[test]
fn sound_parts_after_a_broken_one() {
    let parts = honest();
    let accepted = accepted();
    let mut verifier = ManifestVerifier::new(&accepted);
    assert_eq!(verifier.push(&parts[0]), Ok(()));
    assert_eq!(verifier.checked(), 0);
    let broken = Err(fault("age", ColumnFault::Missing));
    assert_eq!(verifier.push(&encode_column([], &[])), broken);
    for part in &parts[1..] {
        assert_eq!(verifier.push(part), broken);
    }
    assert_eq!(verifier.finish().map(|_| ()), broken);
}

fn triple() -> KeyTriple {
    verifier_keys().triple()
}

/// Notes of manifests checked before: only what rests on a check is noted, and only under keys still accepted.
#[test]
fn roots_checked_before() {
    let toy = Published::toy();
    let proven = verify(&toy.encode()).expect("the honest manifest");
    let root = proven.root();
    let mut notes = CheckedRoots::default();
    notes.note(&attested(root));
    assert_eq!(notes, CheckedRoots::default());
    assert_eq!(notes.accept(root, &accepted()), None);
    notes.note(&proven);
    assert_eq!(notes.accept(root, &accepted()), Some(proven));
    let kept = CheckedRoots::from_own_notes(notes.iter().map(|(root, keys)| (*root, *keys)));
    assert_eq!(kept, notes);

    let without = AcceptedKeys::compiled_in();
    assert_eq!(notes.accept(root, &without), None);
    let others = without.clone().with(KeyTriple {
        key: root,
        ..triple()
    });
    assert_eq!(notes.accept(root, &others), None);
    let still = |s: AcceptedSnapshot| (s.root(), s.rests_on_insecure_dev_keys());
    let again = notes.accept(root, &without.with(triple()));
    assert_eq!(again.map(still), Some((root, true)));
    let other = toy_cohort().header(None).core.dataset;
    assert_eq!(notes.accept(other, &accepted()), None);
}
