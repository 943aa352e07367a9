//! Bytes that are not a receipt.

use super::bytes::{off_the_curve, plus_modulus};
use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use ark_bn254::G1Affine;
use nectar_testkit::{cohort::at, world::World};
use nectar_verifier::{
    abi,
    field::{PointError, compress},
    receipt::{MAGIC, MAX_BYTES, Receipt, ReceiptError},
};

/// The wire form of a receipt.
pub fn wire(receipt: &Receipt) -> abi::Receipt {
    abi::decode(&receipt.encode()[MAGIC.len()..], "receipt").expect("a receipt")
}

/// Reads a receipt from its wire form.
pub fn read(wire: &abi::Receipt) -> Result<(), ReceiptError> {
    Receipt::decode(&[&MAGIC, wire.abi_encode().as_slice()].concat()).map(|_| ())
}

fn honest() -> Receipt {
    World::tagged().receipt(11, &[at::SMOKER, at::CARE])
}

#[test]
fn scalars_at_or_above_the_modulus() {
    type Field = fn(&mut abi::Receipt) -> &mut B256;
    let fields: [(&str, Field); 6] = [
        ("tag", |r| &mut r.tag),
        ("mu", |r| &mut r.mu),
        ("F(z)", |r| &mut r.values[0]),
        ("F(1/z)", |r| &mut r.values[1]),
        ("S(z)", |r| &mut r.values[2]),
        ("S(1/z)", |r| &mut r.values[3]),
    ];
    let honest = wire(&honest());
    assert_eq!(read(&honest), Ok(()));
    for (name, field) in fields {
        let want = Err(ReceiptError::Point(PointError::NotCanonical));
        let mut receipt = honest.clone();
        plus_modulus(field(&mut receipt));
        assert_eq!(read(&receipt), want, "{name} + p");
        *field(&mut receipt) = B256::repeat_byte(0xff);
        assert_eq!(read(&receipt), want, "{name} = 2^256 - 1");
    }
}

#[test]
fn points_off_the_curve_or_the_identity() {
    type Field = fn(&mut abi::Receipt) -> &mut B256;
    let fields: [(&str, Field); 4] = [
        ("M", |r| &mut r.m),
        ("[S]", |r| &mut r.s),
        ("[Q]", |r| &mut r.q),
        ("[V]", |r| &mut r.v),
    ];
    let identity = compress::<32, _>(&G1Affine::identity());
    let honest = wire(&honest());
    for (name, field) in fields {
        for (bytes, error) in [
            (off_the_curve(), PointError::NotInGroup),
            (identity, PointError::Identity),
        ] {
            let mut receipt = honest.clone();
            *field(&mut receipt) = bytes.into();
            assert_eq!(read(&receipt), Err(ReceiptError::Point(error)), "{name}");
        }
    }
}

#[test]
fn commitments_off_the_curve_or_the_identity() {
    let changed = |point: [B256; 2]| {
        let mut receipt = wire(&honest());
        let mut vector: abi::SegmentOpening =
            abi::decode(&receipt.vectors[0], "segment opening").expect("an opening");
        vector.point = point;
        receipt.vectors[0] = vector.abi_encode().into();
        read(&receipt)
    };
    let one = B256::with_last_byte(1);
    let cases = [
        ([one, one], PointError::NotInGroup),
        ([B256::ZERO; 2], PointError::Identity),
        ([B256::repeat_byte(0xff), one], PointError::NotCanonical),
    ];
    assert_eq!(changed([one, B256::with_last_byte(2)]), Ok(()));
    for (point, error) in cases {
        assert_eq!(changed(point), Err(ReceiptError::Point(error)));
    }
}

#[test]
fn truncated_padded_and_oversized_files() {
    let bytes = honest().encode();
    assert!(Receipt::decode(&bytes).is_ok());
    for end in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        assert!(Receipt::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    for extra in [1, 31, 32, 64] {
        let padded = [bytes.as_slice(), &vec![0; extra]].concat();
        let got = Receipt::decode(&padded);
        assert!(matches!(got, Err(ReceiptError::Decode(_))), "{extra} more");
    }
    let mut other = bytes.clone();
    other[7] = 2;
    assert_eq!(Receipt::decode(&other), Err(ReceiptError::Magic));
    let large = vec![0; MAX_BYTES + 1];
    assert_eq!(
        Receipt::decode(&large),
        Err(ReceiptError::Size(MAX_BYTES + 1))
    );
}

/// No bit of the file is free: whatever is flipped, it is not accepted as the same receipt.
#[test]
fn every_part_of_the_file_is_bound() {
    let bytes = honest().encode();
    for place in (0..bytes.len()).step_by(37) {
        let mut bent = bytes.clone();
        bent[place] ^= 1;
        let verdict = Receipt::decode(&bent).map(|r| World::tagged().read(&r).is_ok());
        assert_ne!(verdict, Ok(true), "byte {place}");
    }
}
