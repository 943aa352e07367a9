//! Files of a public ceremony are imported; every way of spoiling one is refused for its own reason.

#![cfg(test)]

mod snarkjs;

use alloy_primitives::B512;
use ark_bn254::{Bn254, Fq, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM, pairing::Pairing};
use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};
use blake2::{Blake2b512, Digest};
use nectar_params::{
    ParamsError,
    ceremony::Ceremony,
    ptau::{self, PUBLISHED, Ptau, PtauError, Section},
};
use nectar_verifier::field::PointError;
use snarkjs::{coordinates, g1, g2, outside_the_subgroup, section};
use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

fn path(power: &str) -> PathBuf {
    let name = format!("powersOfTau28_hez_final_{power}.ptau");
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn bytes() -> Vec<u8> {
    fs::read(path("08")).unwrap()
}

fn read(bytes: &[u8]) -> Result<Ptau, PtauError> {
    ptau::read(bytes, &|_| {})
}

fn import(power: &str) -> Ceremony {
    Ceremony::import(&path(power), None, &|_| {}).unwrap()
}

/// Where a point lies.
fn point(bytes: &[u8], id: u32, index: usize) -> Range<usize> {
    let size = if [3, 6].contains(&id) { 128 } else { 64 };
    let start = section(bytes, id).start + index * size;
    start..start + size
}

/// Why the file is refused once it is spoiled.
fn refused(spoil: impl FnOnce(&mut Vec<u8>)) -> PtauError {
    let mut bytes = bytes();
    spoil(&mut bytes);
    read(&bytes).unwrap_err()
}

/// What an import says of its file.
fn fault(error: ParamsError) -> PtauError {
    match error {
        ParamsError::Ptau { error, .. } => error,
        other => panic!("{other}"),
    }
}

#[test]
fn published_files_are_imported() {
    for (power, published) in ["08", "11"].into_iter().zip(PUBLISHED) {
        let ceremony = import(power);
        let provenance = ceremony.provenance();
        assert_eq!(provenance.blake2b, published.digest);
        assert_eq!(provenance.ceremony.as_deref(), Some(published.name));
        assert_eq!(provenance.contributions, 55);
        assert_eq!(provenance.power, power.parse::<u8>().unwrap());
        assert_eq!(ceremony.srs().verifier().bits, provenance.power);
        assert_eq!(ceremony.srs().verifier().digest(), published.srs, "{power}");
    }
}

/// Both files are cut from one ceremony.
#[test]
fn the_smaller_file_is_the_beginning_of_the_larger() {
    let (small, large) = (import("08"), import("11"));
    assert_eq!(
        small.srs().powers(8).unwrap(),
        large.srs().powers(8).unwrap()
    );
    assert!(small.srs().powers(9).is_err());
}

/// e(C - f(z) [1] + z W, [1]_2) = e(W, [tau]_2) for W the commitment to (f - f(z)) / (X - z).
#[test]
fn the_srs_opens_a_polynomial() {
    let ceremony = import("11");
    let powers = ceremony.srs().powers(11).unwrap();
    let f: Vec<Fr> = (1u64..=2049)
        .map(|i| Fr::from(i).pow([5]) + Fr::from(9u8))
        .collect();
    let z = Fr::from(123_456_789u64);
    // Horner's rule: the partial sums are the quotient's coefficients, the last one is f(z).
    let mut sums: Vec<Fr> = f
        .iter()
        .rev()
        .scan(Fr::ZERO, |sum, c| {
            *sum = *sum * z + c;
            Some(*sum)
        })
        .collect();
    let value = sums.pop().unwrap();
    sums.reverse();
    let commitment = G1Projective::msm(powers, &f).unwrap();
    let quotient = G1Projective::msm(&powers[..sums.len()], &sums).unwrap();
    let opens = |value: Fr| {
        let left = commitment - G1Affine::generator() * value + quotient * z;
        Bn254::pairing(left, G2Affine::generator())
            == Bn254::pairing(quotient, ceremony.srs().verifier().tau_g2)
    };
    assert!(opens(value));
    assert!(!opens(value + Fr::ONE));
}

#[test]
fn only_a_known_or_given_digest_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.ptau");
    // The content of a contribution is covered by the digest alone.
    let mut bytes = bytes();
    let at = section(&bytes, 7).end - 1;
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let digest = B512::from_slice(&Blake2b512::digest(&bytes));
    let import = |digest| Ceremony::import(&path, digest, &|_| {});

    let error = import(None).unwrap_err();
    assert!(
        error.to_string().contains(&format!("{digest:x}")),
        "{error}"
    );
    assert!(matches!(fault(error), PtauError::Unlisted { digest: d } if d == digest));
    let other = PUBLISHED[0].digest;
    let wrong = import(Some(other)).unwrap_err();
    let named = |e| matches!(e, PtauError::Digest { got, want } if got == digest && *want == other);
    assert!(named(fault(wrong)));

    let ceremony = import(Some(digest)).unwrap();
    assert_eq!(ceremony.provenance().ceremony, None);
    assert_eq!(ceremony.provenance().source, "other.ptau");
}

/// One point of each section is another one of the group, the digest given that of the changed file.
#[test]
fn a_changed_power_breaks_a_relation() {
    let five = Fr::from(5u8);
    let low = g1((G1Affine::generator() * five).into_affine());
    let high = g2((G2Affine::generator() * five).into_affine());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.ptau");
    let cases = [
        (2, 0, Section::TauG1),
        (2, 5, Section::TauG1),
        (2, 510, Section::TauG1),
        (3, 0, Section::TauG2),
        (3, 5, Section::TauG2),
        (3, 255, Section::TauG2),
        (4, 0, Section::AlphaTauG1),
        (4, 255, Section::AlphaTauG1),
        (5, 0, Section::BetaTauG1),
        (5, 128, Section::BetaTauG1),
        (6, 0, Section::BetaG2),
    ];
    for (id, index, want) in cases {
        let mut bytes = bytes();
        let at = point(&bytes, id, index);
        let new = if at.len() == 64 { &low } else { &high };
        bytes[at].copy_from_slice(new);
        fs::write(&path, &bytes).unwrap();
        let digest = B512::from_slice(&Blake2b512::digest(&bytes));
        let error = Ceremony::import(&path, Some(digest), &|_| {}).unwrap_err();
        let PtauError::Relation { section } = fault(error) else {
            panic!("{id} {index}");
        };
        assert_eq!(section, want, "{index}");
    }
}

#[test]
fn swapped_powers_break_a_relation() {
    for id in 2..=5 {
        let error = refused(|bytes| {
            let [a, b] = [7, 8].map(|i| point(bytes, id, i));
            let first = bytes[a.clone()].to_vec();
            bytes.copy_within(b.clone(), a.start);
            bytes[b].copy_from_slice(&first);
        });
        assert!(
            matches!(error, PtauError::Relation { section } if section.id() == id),
            "{error}"
        );
    }
}

/// Powers of 1 and of -1, right in every relation.
#[test]
fn a_secret_that_everybody_knows_is_refused() {
    for negative in [false, true] {
        let error = refused(|bytes| {
            for (id, count) in [(2, 511), (3, 256), (4, 256), (5, 256), (6, 1)] {
                for index in 0..count {
                    let sign = Fr::from(if negative && index % 2 == 1 { -1i8 } else { 1 });
                    let at = point(bytes, id, index);
                    let new = match at.len() {
                        64 => g1((G1Affine::generator() * sign).into_affine()),
                        _ => g2((G2Affine::generator() * sign).into_affine()),
                    };
                    bytes[at].copy_from_slice(&new);
                }
            }
        });
        assert!(matches!(error, PtauError::Trivial), "{error}");
    }
}

fn point_error(id: u32, index: usize, new: &[u8]) -> PointError {
    let error = refused(|bytes| {
        let at = point(bytes, id, index);
        bytes[at.start..at.start + new.len()].copy_from_slice(new);
    });
    let PtauError::Point {
        section,
        index: got,
        error,
    } = error
    else {
        panic!("{id} {index}: {error}");
    };
    assert_eq!((section.id(), got), (id, index as u64));
    error
}

#[test]
fn bad_points_are_refused() {
    let off = coordinates([Fq::from(1u8), Fq::from(1u8)]);
    let prime = Fq::MODULUS.to_bytes_le();
    for (id, index) in [(2, 510), (3, 200), (4, 3), (5, 255), (6, 0)] {
        assert_eq!(point_error(id, index, &off), PointError::NotInGroup);
        assert_eq!(
            point_error(
                id,
                index,
                &[0; 64].repeat(point(&bytes(), id, 0).len() / 64)
            ),
            PointError::Identity
        );
        assert_eq!(point_error(id, index, &prime), PointError::NotCanonical);
        assert_eq!(
            point_error(id, index, &[0xff; 32]),
            PointError::NotCanonical
        );
    }
    let outside = g2(outside_the_subgroup());
    for (id, index) in [(3, 9), (6, 0)] {
        assert_eq!(point_error(id, index, &outside), PointError::NotInGroup);
    }
}

#[test]
fn a_truncated_file_is_refused() {
    let whole = bytes();
    let ends = (1..=7).map(|id| section(&whole, id));
    let cuts = ends.flat_map(|s| [s.start - 5, s.start, s.start + 1, s.end - 1, s.end]);
    for cut in [0, 3, 4, 11]
        .into_iter()
        .chain(cuts)
        .chain([whole.len() - 1])
    {
        let error = read(&whole[..cut]).unwrap_err();
        assert!(
            matches!(error, PtauError::Truncated { at } if at <= cut as u64),
            "{cut}: {error}"
        );
    }
}

#[test]
fn leftover_bytes_are_refused() {
    let end = bytes().len() as u64;
    let error = refused(|bytes| bytes.push(0));
    assert!(
        matches!(error, PtauError::Leftover { at } if at == end),
        "{error}"
    );
}

#[test]
fn lagrange_forms_may_be_missing() {
    let whole = bytes();
    let mut short = whole[..section(&whole, 7).end].to_vec();
    short[8] = 7;
    let (long, short) = (read(&whole).unwrap(), read(&short).unwrap());
    assert_eq!(long.srs.verifier(), short.srs.verifier());
    assert_ne!(long.digest, short.digest);
}

/// Why the file is refused with another integer at a place counted from the start of a section.
fn with_u32(id: u32, offset: isize, value: u32) -> PtauError {
    refused(|bytes| {
        let at = section(bytes, id).start.strict_add_signed(offset);
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    })
}

#[test]
fn a_header_that_is_not_right_is_refused() {
    use PtauError as E;
    assert!(matches!(refused(|b| b[0] = b'P'), E::Magic));
    assert!(matches!(refused(|b| b[4] = 2), E::Version { got: 2 }));
    assert!(matches!(refused(|b| b[8] = 6), E::Sections { got: 6 }));
    assert!(matches!(refused(|b| b[8] = 12), E::Sections { got: 12 }));
    // One section fewer than there are.
    assert!(matches!(refused(|b| b[8] = 10), E::Leftover { .. }));
    // n8, the prime's lowest bytes, power, ceremony's power.
    assert!(matches!(with_u32(1, 0, 48), E::Curve));
    assert!(matches!(with_u32(1, 4, 1), E::Curve));
    for power in [0, 29, u32::MAX] {
        assert!(matches!(with_u32(1, 36, power), E::Power { got, .. } if got == power));
    }
    assert!(matches!(with_u32(1, 36, 3), E::Small { got: 3 }));
    assert!(matches!(with_u32(1, 40, 7), E::Power { ceremony: 7, .. }));
    assert!(matches!(with_u32(1, 40, 29), E::Power { ceremony: 29, .. }));
    let other = |e| {
        matches!(
            e,
            E::Length {
                section: Section::TauG1,
                got: 32_704,
                ..
            }
        )
    };
    assert!(other(with_u32(1, 36, 7)) && other(with_u32(1, 36, 9)));
}

#[test]
fn sections_out_of_place_are_refused() {
    use PtauError as E;
    for id in 1..=6 {
        for length in [0, 1, 64, u32::MAX] {
            let error = with_u32(id, -8, length);
            assert!(
                matches!(error, E::Length { section, got, .. } if section.id() == id && got == length.into()),
                "{error}"
            );
        }
    }
    for (id, got) in [(1, 2), (2, 3), (5, 4), (7, 12)] {
        let error = with_u32(id, -12, got);
        assert!(matches!(error, E::Order { got: g, want } if (g, want) == (got, id)));
    }
    for (id, got) in [(12, 7), (12, 11), (13, 12), (15, 16)] {
        assert!(matches!(with_u32(id, -12, got), E::Lagrange { got: g } if g == got));
    }
}

#[test]
fn contributions_that_do_not_fit_are_refused() {
    for count in [0, 56, u32::MAX] {
        let error = with_u32(7, 0, count);
        assert!(
            matches!(error, PtauError::Contributions { count: c, .. } if c == count),
            "{error}"
        );
    }
    let error = with_u32(7, -8, 3);
    assert!(
        matches!(error, PtauError::Contributions { length: 3, .. }),
        "{error}"
    );
}
