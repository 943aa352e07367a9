//! Bytes that are no key.

use crate::{
    circuit::{bytes, check_for, circuit, refused},
    file::{ALPHA, BETA_G2, DELTA_G1, coordinates, g2, other, replace, section, write},
    snarkjs::outside_the_subgroup,
};
use ark_bn254::{Fq, Fr};
use ark_ff::{BigInteger, PrimeField};
use nectar_params::zkey::{self, Section, ZkeyError as E};
use nectar_verifier::field::PointError;

fn word(id: u32, offset: usize, value: u32) -> E {
    refused(|b| write(b, id, offset, &value.to_le_bytes()))
}

#[test]
fn another_format_is_refused() {
    assert_eq!(refused(|b| b[0] = b'Z'), E::Magic);
    assert_eq!(refused(|b| b[4] = 2), E::Version { got: 2 });
    for got in [0, 9, 11, u32::MAX] {
        let error = refused(|b| b[8..12].copy_from_slice(&got.to_le_bytes()));
        assert_eq!(error, E::Sections { got });
    }
    for got in [0, 2, 10] {
        assert_eq!(word(1, 0, got), E::Protocol { got });
    }
}

#[test]
fn another_curve_is_refused() {
    // Sizes and lowest bytes of both primes.
    for offset in [0, 4, 36, 40] {
        assert_eq!(word(2, offset, 48), E::Curve);
    }
    // Another curve's header has another length.
    let error = refused(|b| {
        let mut header = b[section(b, 2)].to_vec();
        header[0] = 48;
        header.extend([0; 300]);
        replace(b, 2, &header);
    });
    assert_eq!(error, E::Curve);
}

#[test]
fn a_file_without_a_section_is_refused() {
    for id in 1..=10 {
        let at = section(&bytes(), id);
        let error = refused(|b| {
            b.drain(at.start - 12..at.end);
            b[8] = 9;
        });
        assert_eq!(error, E::Sections { got: 9 });
        // With the place of the missing one taken by another.
        let twin = Section::ALL[id as usize % 10];
        let error =
            refused(|b| b[at.start - 12..at.start - 8].copy_from_slice(&twin.id().to_le_bytes()));
        assert_eq!(error, E::DuplicateSection { section: twin });
        for got in [0, 11, u32::MAX] {
            let error =
                refused(|b| b[at.start - 12..at.start - 8].copy_from_slice(&got.to_le_bytes()));
            assert_eq!(error, E::Unknown { got });
        }
    }
}

#[test]
fn a_truncated_file_is_refused() {
    let whole = bytes();
    let sections = (1..=10).map(|id| section(&whole, id));
    let cuts = sections.flat_map(|s| [s.start - 12, s.start - 8, s.start - 1, s.start, s.end - 1]);
    for cut in [0, 3, 4, 11].into_iter().chain(cuts) {
        let error = zkey::read(&whole[..cut]).unwrap_err();
        assert!(
            matches!(error, E::Truncated { at } if at <= cut),
            "{cut}: {error}"
        );
    }
    // Every prefix gives an error and not a panic.
    for cut in 0..whole.len() {
        assert!(zkey::read(&whole[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn leftover_bytes_are_refused() {
    let at = bytes().len();
    assert_eq!(refused(|b| b.push(0)), E::Leftover { at });
}

#[test]
fn lengths_that_are_not_those_of_the_counts_are_refused() {
    for section in Section::ALL.into_iter().take(9) {
        let id = section.id();
        let error = refused(|b| {
            let content = b[self::section(b, id)].to_vec();
            replace(b, id, &content[..content.len() - 1]);
        });
        assert!(
            matches!(error, E::Length { section: s, .. } if s == section),
            "{error}"
        );
    }
    let huge = refused(|b| {
        let at = section(b, 5).start;
        b[at - 8..at].copy_from_slice(&u64::MAX.to_le_bytes());
    });
    assert!(matches!(huge, E::Truncated { .. }), "{huge}");
}

#[test]
fn counts_that_are_too_large_are_refused() {
    let length = |error, want| matches!(error, E::Length { section, .. } if section == want);
    assert!(length(word(2, 72, u32::MAX), Section::A));
    assert!(length(word(2, 76, 14), Section::Ic));
    assert_eq!(
        word(2, 76, 15),
        E::Inputs {
            public: 15,
            variables: 15
        }
    );
    assert_eq!(
        word(2, 72, 0),
        E::Inputs {
            public: 7,
            variables: 0
        }
    );
    assert_eq!(
        word(2, 76, u32::MAX),
        E::Inputs {
            public: u32::MAX,
            variables: 15
        }
    );
    assert!(length(word(2, 80, 1 << 27), Section::H));
    for got in [0, 1, 15, 17, 1 << 28, 1 << 31, u32::MAX] {
        assert_eq!(word(2, 80, got), E::Domain { got });
    }
    assert!(length(word(4, 0, u32::MAX), Section::Coefficients));
    for count in [0, 2, 4, u32::MAX] {
        let error = word(10, 64, count);
        assert!(
            matches!(error, E::Contributions { count: c, .. } if c == count),
            "{error}"
        );
    }
}

#[test]
fn bad_points_are_refused() {
    let off = coordinates([Fq::from(1u8); 2]);
    let prime = Fq::MODULUS.to_bytes_le();
    // Section, offset, index, bytes of a point.
    let places = [
        (Section::Header, ALPHA, 0, 64),
        (Section::Header, BETA_G2, 2, 128),
        (Section::Header, DELTA_G1, 4, 64),
        (Section::Ic, 7 * 64, 7, 64),
        (Section::A, 64, 1, 64),
        (Section::B1, 3 * 64, 3, 64),
        (Section::B2, 11 * 128, 11, 128),
        (Section::L, 0, 0, 64),
        (Section::H, 15 * 64, 15, 64),
        (Section::Contributions, 68, 0, 64),
        (Section::Contributions, 68 + 192, 0, 128),
    ];
    for (section, offset, index, size) in places {
        let with = |new: &[u8]| refused(|b| write(b, section.id(), offset, new));
        let error = |error| E::Point {
            section,
            index,
            error,
        };
        assert_eq!(with(&off), error(PointError::NotInGroup), "{section}");
        assert_eq!(with(&prime), error(PointError::NotCanonical), "{section}");
        assert_eq!(with(&[0xff; 32]), error(PointError::NotCanonical));
        let identity = with(&vec![0; size]);
        match section {
            Section::A | Section::B1 | Section::B2 | Section::L => {
                assert!(!matches!(identity, E::Point { .. }), "{section}");
            }
            _ => assert_eq!(identity, error(PointError::Identity), "{section}"),
        }
        if size == 128 {
            assert_eq!(
                with(&g2(outside_the_subgroup())),
                error(PointError::NotInGroup)
            );
        }
        assert!(!matches!(with(&other(size)), E::Point { .. }), "{section}");
    }
}

#[test]
fn a_coefficient_is_below_the_field_order() {
    let error = refused(|b| write(b, 4, 4 + 3 * 44 + 12, &Fr::MODULUS.to_bytes_le()));
    let scalar = E::Scalar {
        index: 3,
        error: PointError::NotCanonical,
    };
    assert_eq!(error, scalar);
}

/// Any one byte changed: an error, or, of a name, a key.
#[test]
fn no_byte_brings_it_down() {
    let whole = bytes();
    let name = section(&whole, 10).start + 68 + 392 + 2;
    for at in (0..whole.len()).step_by(97).chain([name]) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        let checked = check_for(&changed, &circuit());
        assert_eq!(checked.is_ok(), at == name, "{at}");
    }
}
