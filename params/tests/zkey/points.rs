//! Keys of other circuits, of other powers, and with points that are not the circuit's.

use crate::{
    circuit::{CIRCUIT_HASH, bytes, check_for, circuit, data, powers, refused, whole},
    file::{
        ALPHA, BETA_G1, BETA_G2, DELTA_G1, DELTA_G2, GAMMA, g1, other, read_g1, replace, section,
        write,
    },
};
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{FftField, Field};
use nectar_circuits::r1cs::R1cs;
use nectar_params::zkey::{self, Section, ZkeyError as E};
use std::fs;

fn for_circuit(change: impl FnOnce(&mut R1cs)) -> E {
    let mut r1cs = circuit();
    change(&mut r1cs);
    check_for(&bytes(), &r1cs).map(|_| ()).unwrap_err()
}

#[test]
fn another_circuit_is_refused() {
    let one = Fr::from(1u8);
    let coefficient = |matrix, row, variable| E::Coefficient {
        matrix,
        row,
        variable,
    };
    let points = |section| E::Points { section };
    let error = for_circuit(|c| c.num_witness += 1);
    assert_eq!(error, E::Variables { got: 15, want: 16 });
    let error = for_circuit(|c| (c.num_inputs, c.num_witness) = (9, 6));
    assert_eq!(error, E::PublicInputs { got: 8, want: 9 });
    let error = for_circuit(|c| c.num_constraints = 9);
    assert_eq!(error, E::DomainSize { got: 16, want: 32 });
    // A, B, and C, which the list of coefficients does not have.
    let error = for_circuit(|c| c.matrices[0][2][1].0 += one);
    assert_eq!(error, coefficient(0, 2, 4));
    let error = for_circuit(|c| c.matrices[0][5].push((one, 3)));
    assert_eq!(error, coefficient(0, 5, 3));
    let error = for_circuit(|c| c.matrices[1][3][0].1 = 13);
    assert_eq!(error, coefficient(1, 3, 11));
    let error = for_circuit(|c| c.matrices[2][3][0].0 += one);
    assert_eq!(error, points(Section::Ic));
    let error = for_circuit(|c| c.matrices[2][0][0].0 += one);
    assert_eq!(error, points(Section::L));
    // A constraint more, which moves the public inputs' rows.
    let error = for_circuit(|c| {
        c.matrices.iter_mut().for_each(|rows| rows.push(vec![]));
        c.num_constraints += 1;
    });
    assert_eq!(error, coefficient(0, 6, 0));
}

#[test]
fn powers_for_another_domain_are_refused() {
    let check = |bits| {
        zkey::read(&bytes())
            .unwrap()
            .check(&circuit(), &powers(&whole(), bits), CIRCUIT_HASH)
    };
    for got in [0, 3, 5, 8] {
        assert_eq!(check(got).unwrap_err(), E::Powers { got, want: 4 });
    }
}

/// The list of coefficients, changed.
fn coefficients(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> E {
    refused(|b| {
        let mut list: Vec<Vec<u8>> = b[section(b, 4)][4..]
            .chunks(44)
            .map(<[u8]>::to_vec)
            .collect();
        change(&mut list);
        let count = (list.len() as u32).to_le_bytes().to_vec();
        replace(b, 4, &[count, list.concat()].concat());
    })
}

#[test]
fn changed_coefficients_are_refused() {
    let coefficient = |matrix, row, variable| E::Coefficient {
        matrix,
        row,
        variable,
    };
    // The first one is row 0 of A, variable 1, the second one row 0 of B, variable 2.
    assert_eq!(coefficients(|c| c[0][12] ^= 1), coefficient(0, 0, 1));
    assert_eq!(coefficients(|c| c[1][12] ^= 1), coefficient(1, 0, 2));
    assert_eq!(coefficients(|c| c[1][0] = 2), coefficient(1, 0, 2));
    assert_eq!(coefficients(|c| c[0][8] = 15), coefficient(0, 0, 1));
    assert_eq!(coefficients(|c| drop(c.remove(0))), coefficient(0, 0, 1));
    // The last one keeps the last public input apart.
    assert_eq!(coefficients(|c| drop(c.pop())), coefficient(0, 13, 7));
    let error = coefficients(|c| c.push(c[1].clone()));
    let doubled = E::DuplicateCoefficient {
        matrix: 1,
        row: 0,
        variable: 2,
    };
    assert_eq!(error, doubled);
}

#[test]
fn coefficients_come_in_any_order() {
    let mut bytes = bytes();
    let content = bytes[section(&bytes, 4)].to_vec();
    let (count, list) = content.split_at(4);
    let turned = list.rchunks(44).collect::<Vec<_>>().concat();
    replace(&mut bytes, 4, &[count, &turned].concat());
    assert!(check_for(&bytes, &circuit()).is_ok());
}

#[test]
fn other_points_of_the_header_are_refused() {
    let with = |offset, size| refused(|b| write(b, 2, offset, &other(size)));
    assert_eq!(with(ALPHA, 64), E::Alpha);
    assert_eq!(with(BETA_G1, 64), E::BetaG1);
    assert_eq!(with(BETA_G2, 128), E::BetaG2);
    assert_eq!(with(GAMMA, 128), E::Gamma);
    assert_eq!(with(DELTA_G1, 64), E::LastDelta);
    assert_eq!(with(DELTA_G2, 128), E::DeltaG2);
    let one = g1(G1Affine::generator());
    assert_eq!(refused(|b| write(b, 2, DELTA_G1, &one)), E::LastDelta);
}

#[test]
fn one_other_point_is_refused() {
    let lists = [
        (Section::Ic, 8, 64),
        (Section::A, 15, 64),
        (Section::B1, 15, 64),
        (Section::B2, 15, 128),
        (Section::L, 7, 64),
        (Section::H, 16, 64),
    ];
    for (section, count, size) in lists {
        // The last variable's are identities.
        for index in [0, 1, count / 2, count - 1] {
            let error = refused(|b| write(b, section.id(), index * size, &other(size)));
            assert_eq!(error, E::Points { section }, "{index}");
        }
        let error = refused(|b| {
            let at = self::section(b, section.id());
            b[at].rotate_left(size);
        });
        assert_eq!(error, E::Points { section }, "turned");
    }
}

/// Changes all points of a section in G1.
fn changed(section: Section, change: impl Fn(usize, G1Affine) -> G1Projective) -> E {
    refused(|b| change_all(b, section, change))
}

fn change_all(b: &mut Vec<u8>, section: Section, change: impl Fn(usize, G1Affine) -> G1Projective) {
    let content = b[self::section(b, section.id())].to_vec();
    let points = content.chunks(64).map(read_g1).enumerate();
    let new = points.flat_map(|(i, p)| g1(change(i, p).into_affine()));
    replace(b, section.id(), &new.collect::<Vec<_>>());
}

#[test]
fn points_over_another_delta_are_refused() {
    for section in [Section::L, Section::H, Section::A, Section::Ic] {
        let error = changed(section, |_, p| p * Fr::from(2u8));
        assert_eq!(error, E::Points { section });
    }
}

/// No proof of an honest prover shows this one: the values it combines sum to 0 with these factors. Of either form.
#[test]
fn a_point_hidden_in_the_quotients_is_refused() {
    let g = Fr::get_root_of_unity(32).unwrap();
    let hidden = G1Affine::generator() * Fr::from(5u8);
    let section = Section::H;
    for mut key in [bytes(), fs::read(data("small_04.zkey")).unwrap()] {
        assert!(check_for(&key, &circuit()).is_ok());
        change_all(&mut key, section, |i, p| {
            hidden * g.pow([2 * i as u64 + 1]) + p
        });
        let error = check_for(&key, &circuit()).map(|_| ());
        assert_eq!(error, Err(E::Points { section }));
    }
}
