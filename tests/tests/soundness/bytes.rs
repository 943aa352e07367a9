//! Bytes that are not a bundle, and bytes that are not algebra.

use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ff::{BigInteger, Field, PrimeField};
use nectar_testkit::{queries, world::World};
use nectar_verifier::{
    abi,
    bundle::{Bundle, BundleError, MAGIC, MAX_BYTES},
    field::{PointError, compress},
    query::{MAX_QUERY_BYTES, Query},
};

/// The wire form of the honest answer to [`queries::counts`].
fn honest() -> abi::Bundle {
    let bytes = World::clinic().honest(&queries::counts()).encode();
    abi::decode(&bytes[MAGIC.len()..], "bundle").expect("a bundle")
}

fn decode(bundle: &abi::Bundle) -> Result<(), BundleError> {
    Bundle::decode(&[&MAGIC, bundle.abi_encode().as_slice()].concat()).map(|_| ())
}

/// x + p, which arkworks' own parsers would take for x.
pub(crate) fn plus_modulus(x: &mut B256) {
    let mut sum = ark_ff::BigInt::<4>::default();
    for (limb, word) in sum.0.iter_mut().rev().zip(x.0.as_chunks::<8>().0) {
        *limb = u64::from_be_bytes(*word);
    }
    let carry = sum.add_with_carry(&ark_bn254::Fr::MODULUS);
    assert!(!carry, "four times the modulus fits 256 bits");
    *x = B256::from_slice(&sum.to_bytes_be());
}

#[test]
fn scalars_at_or_above_the_modulus() {
    type Field = fn(&mut abi::Proof) -> &mut B256;
    let fields: [(&str, Field); 9] = [
        ("com_N", |p| &mut p.comN),
        ("com_v", |p| &mut p.evaluation.comV),
        ("r_1", |p| &mut p.evaluation.r[0]),
        ("r_24", |p| &mut p.evaluation.r[23]),
        ("L", |p| &mut p.evaluation.l),
        ("F(z)", |p| &mut p.evaluation.values[0]),
        ("F(1/z)", |p| &mut p.evaluation.values[1]),
        ("S(z)", |p| &mut p.evaluation.values[2]),
        ("S(1/z)", |p| &mut p.evaluation.values[3]),
    ];
    assert_eq!(decode(&honest()), Ok(()));
    for (name, field) in fields {
        let want = Err(BundleError::Point(PointError::NotCanonical));
        let mut bundle = honest();
        plus_modulus(field(&mut bundle.proof));
        assert_eq!(decode(&bundle), want, "{name} + p");
        *field(&mut bundle.proof) = B256::repeat_byte(0xff);
        assert_eq!(decode(&bundle), want, "{name} = 2^256 - 1");
    }
}

/// A point of the twist outside the subgroup of prime order.
fn outside_the_subgroup() -> G2Affine {
    (0u64..)
        .filter_map(|x| G2Affine::get_point_from_x_unchecked(Fq2::new(Fq::from(x), Fq::ONE), true))
        .find(|p| !p.is_in_correct_subgroup_assuming_on_curve())
        .expect("most points of the twist are")
}

/// A compressed abscissa without a point.
pub(crate) fn off_the_curve() -> [u8; 32] {
    let off = (0u64..)
        .find(|x| G1Affine::get_point_from_x_unchecked(Fq::from(*x), true).is_none())
        .expect("every other abscissa");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&off.to_le_bytes());
    bytes
}

#[test]
fn points_off_the_curve_outside_the_subgroup_or_the_identity() {
    type Field = fn(&mut abi::Proof) -> &mut B256;
    let fields: [(&str, Field); 6] = [
        ("M", |p| &mut p.evaluation.m),
        ("[S]", |p| &mut p.evaluation.s),
        ("[Q]", |p| &mut p.evaluation.q),
        ("[V]", |p| &mut p.evaluation.v),
        ("A", |p| &mut p.evaluation.a),
        ("C", |p| &mut p.evaluation.c),
    ];
    let identity = compress::<32, _>(&G1Affine::identity());
    let cases = [
        ("off the curve", off_the_curve(), PointError::NotInGroup),
        ("identity", identity, PointError::Identity),
        ("x of all ones", [0xff; 32], PointError::NotInGroup),
    ];
    for (name, field) in fields {
        for (what, bytes, error) in cases {
            let mut bundle = honest();
            *field(&mut bundle.proof) = B256::from(bytes);
            let got = decode(&bundle);
            assert_eq!(got, Err(BundleError::Point(error)), "{name} {what}");
        }
    }
    let g2 = [
        (
            "outside the subgroup",
            outside_the_subgroup(),
            PointError::NotInGroup,
        ),
        ("identity", G2Affine::identity(), PointError::Identity),
    ];
    for (what, point, error) in g2 {
        let mut bundle = honest();
        let bytes = compress::<64, _>(&point);
        bundle.proof.evaluation.b = [
            B256::from_slice(&bytes[..32]),
            B256::from_slice(&bytes[32..]),
        ];
        assert_eq!(decode(&bundle), Err(BundleError::Point(error)), "B {what}");
    }
}

#[test]
fn commitments_off_the_curve() {
    let change = |at: usize, byte: u8| {
        let mut bundle = honest();
        let mut leaf: abi::LeafOpening =
            abi::decode(&bundle.leaves[0], "vector opening").expect("an opening");
        let mut points = leaf.points.to_vec();
        points[at] = byte;
        leaf.points = points.into();
        bundle.leaves[0] = leaf.abi_encode().into();
        decode(&bundle)
    };
    assert_eq!(
        change(63, 1),
        Err(BundleError::Point(PointError::NotInGroup))
    );
    assert_eq!(
        change(0, 0xff),
        Err(BundleError::Point(PointError::NotCanonical))
    );
}

#[test]
fn truncated_padded_and_oversized_files() {
    let bytes = World::clinic().honest(&queries::counts()).encode();
    assert!(Bundle::decode(&bytes).is_ok());
    for end in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        assert!(Bundle::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    for extra in [1, 31, 32, 64] {
        let padded = [bytes.as_slice(), &vec![0; extra]].concat();
        assert!(
            matches!(Bundle::decode(&padded), Err(BundleError::Decode(_))),
            "{extra} more"
        );
    }
    let mut other = bytes.clone();
    other[7] = 2;
    assert_eq!(Bundle::decode(&other).map(|_| ()), Err(BundleError::Magic));
    let large = vec![0; MAX_BYTES + 1];
    assert_eq!(
        Bundle::decode(&large).map(|_| ()),
        Err(BundleError::Size(MAX_BYTES + 1))
    );
}

/// No bit of the file is free: whatever is flipped, it is not accepted as the same answer.
#[test]
fn every_part_of_the_file_is_bound() {
    let world = World::clinic();
    let bytes = world.honest(&queries::counts()).encode();
    for place in (0..bytes.len()).step_by(211) {
        let mut bent = bytes.clone();
        bent[place] ^= 1;
        let verdict = Bundle::decode(&bent).map(|b| world.judge(&b));
        assert!(!matches!(verdict, Ok(Ok(()))), "byte {place}");
    }
}

/// Offsets that overlap would unfold kilobytes to gigabytes: 700 axes that are all one, of 700 groups that are all
/// one. Refused at once.
#[test]
fn shared_tails_do_not_unfold() {
    let word = |n: usize| {
        let mut w = [0; 32];
        w[24..].copy_from_slice(&(n as u64).to_be_bytes());
        w
    };
    let count = 700;
    let mut words = vec![word(32)];
    // variant, purpose, day, literals, axes, x
    words.extend([
        word(0),
        word(0),
        word(0),
        word(6 * 32),
        word(7 * 32),
        word(6 * 32),
    ]);
    words.push(word(0));
    words.push(word(count));
    words.extend(vec![word(count * 32); count]);
    // One axis: column, kind, groups; then the groups, which all are the same set.
    words.extend([word(1), word(0), word(3 * 32), word(count)]);
    words.extend(vec![word(count * 32); count]);
    words.extend([word(0), word(64), word(16_000)]);
    words.extend(vec![word(7); 500]);
    let bytes = words.concat();
    assert!(bytes.len() < MAX_QUERY_BYTES);
    assert!(Query::decode(&bytes).is_err());
}

/// A list that says it is longer than the file.
#[test]
fn lengths_beyond_the_file() {
    let bytes = queries::counts().encode();
    for place in (0..bytes.len()).step_by(32) {
        let mut bent = bytes.clone();
        bent[place + 28..place + 32].copy_from_slice(&[0xff; 4]);
        // Only the purpose is any 32 bytes.
        let read = Query::decode(&bent);
        assert_eq!(
            read.is_ok(),
            place == 64 || bent == bytes,
            "word at {place}"
        );
    }
}
