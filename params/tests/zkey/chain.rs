//! Contributions that are not made on top of each other, or by nobody.

use crate::{
    circuit::{CIRCUIT_HASH, POWERS, bytes, circuit, refused},
    file::{contributions, other, with_contributions},
};
use alloy_primitives::B512;
use nectar_params::zkey::{self, ZkeyError as E};

/// Offsets in a contribution.
const DELTA: usize = 0;
const G1_S: usize = 64;
const G1_SX: usize = 128;
const G2_SPX: usize = 192;
const TRANSCRIPT: usize = 320;
const KIND: usize = 384;
const PARAMETERS: usize = 392;

fn with(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> E {
    refused(|b| {
        let mut list = contributions(b);
        change(&mut list);
        with_contributions(b, &list);
    })
}

/// With other parameters of a contribution.
fn with_parameters(index: usize, parameters: &[u8]) -> E {
    with(|c| {
        c[index].truncate(PARAMETERS - 4);
        c[index].extend((parameters.len() as u32).to_le_bytes());
        c[index].extend(parameters);
    })
}

fn put(contribution: &mut [u8], offset: usize, new: &[u8]) {
    contribution[offset..offset + new.len()].copy_from_slice(new);
}

#[test]
fn a_key_without_contributions_is_refused() {
    assert_eq!(with(Vec::clear), E::NoContribution);
}

/// Every contribution is right, but to another circuit, or with other powers.
#[test]
fn contributions_to_another_circuit_are_refused() {
    let want = B512::repeat_byte(1);
    let raw = zkey::read(&bytes()).unwrap();
    let refused = raw
        .check(&circuit(), &POWERS, want)
        .map(|_| ())
        .unwrap_err();
    let (got, want) = (CIRCUIT_HASH, want.into());
    assert_eq!(refused, E::CircuitHash { got, want });
}

#[test]
fn a_missing_contribution_is_noticed() {
    assert_eq!(with(|c| drop(c.remove(0))), E::Transcript { number: 1 });
    assert_eq!(with(|c| drop(c.remove(1))), E::Transcript { number: 2 });
    assert_eq!(with(|c| drop(c.pop())), E::LastDelta);
    assert_eq!(with(|c| c.swap(0, 1)), E::Transcript { number: 1 });
    assert_eq!(with(|c| c.swap(1, 2)), E::Transcript { number: 2 });
    let doubled = with(|c| c.push(c[2].clone()));
    assert_eq!(doubled, E::Transcript { number: 4 });
}

#[test]
fn a_changed_contribution_is_noticed() {
    for index in 0..3 {
        let number = index + 1;
        let at = |offset, size| with(|c| put(&mut c[index], offset, &other(size)));
        assert_eq!(at(DELTA, 64), E::DeltaAfter { number });
        assert_eq!(at(G1_S, 64), E::Transcript { number });
        assert_eq!(at(G1_SX, 64), E::Transcript { number });
        assert_eq!(at(G2_SPX, 128), E::PublicKey { number });
        let error = with(|c| c[index][TRANSCRIPT + 63] ^= 1);
        assert_eq!(error, E::Transcript { number });
    }
    // The hash that the transcript begins with.
    let error = refused(|b| crate::file::write(b, 10, 0, &[0; 64]));
    assert!(matches!(error, E::CircuitHash { .. }));
    let mut other = bytes();
    crate::file::write(&mut other, 10, 0, &[0; 64]);
    let raw = zkey::read(&other).unwrap();
    let error = raw.check(&circuit(), &POWERS, B512::ZERO).map(|_| ());
    assert_eq!(error, Err(E::Transcript { number: 1 }));
}

#[test]
fn a_changed_beacon_is_noticed() {
    let whole = contributions(&bytes())[2].clone();
    let end = whole.len() - 1;
    assert_eq!(with(|c| c[2][end] ^= 1), E::Beacon { number: 3 });
    // Name, 2, exponent.
    let exponent = PARAMETERS + 2 + 6 + 1;
    assert_eq!(whole[exponent], 10);
    assert_eq!(with(|c| c[2][exponent] = 11), E::Beacon { number: 3 });
    for got in [0, 9, 33, 63, 255] {
        let error = with(|c| c[2][exponent] = got);
        assert_eq!(error, E::Exponent { number: 3, got });
    }
    // A contribution that claims to come from one.
    let beacon = [vec![2, 10, 3, 32], vec![7; 32]].concat();
    let error = with(|c| {
        c[0][KIND] = 1;
        c[0].truncate(PARAMETERS - 4);
        c[0].extend((beacon.len() as u32).to_le_bytes());
        c[0].extend(&beacon);
    });
    assert_eq!(error, E::Beacon { number: 1 });
}

#[test]
fn malformed_parameters_are_refused() {
    let number = 1;
    for got in [2, 255] {
        let error = with(|c| c[0][KIND] = got);
        assert_eq!(
            error,
            E::Kind {
                number,
                got: got.into()
            }
        );
    }
    // No exponent and hash of a beacon.
    assert_eq!(with(|c| c[0][KIND] = 1), E::Parameters { number });
    let bad: [&[u8]; 10] = [
        &[0],
        &[4],
        &[1],
        &[1, 2, b'a'],
        &[1, 1, 0xff],
        &[1, 1, b'a', 1, 1, b'b'],
        &[2],
        &[2, 10],
        &[2, 10, 3, 0],
        &[3, 1, 7, 2, 10],
    ];
    for parameters in bad {
        let error = with_parameters(0, parameters);
        assert_eq!(error, E::Parameters { number }, "{parameters:?}");
    }
    for (length, long) in [(64, false), (65, true), (255, true)] {
        let name = [vec![1, length], vec![b'a'; length.into()]].concat();
        let mut bytes = bytes();
        let mut list = contributions(&bytes);
        list[0].truncate(PARAMETERS - 4);
        list[0].extend((name.len() as u32).to_le_bytes());
        list[0].extend(&name);
        with_contributions(&mut bytes, &list);
        let error = nectar_params::zkey::read(&bytes).map(|_| ()).err();
        let got = length.into();
        assert_eq!(error, long.then_some(E::Name { number, got }));
    }
    let huge = with(|c| put(&mut c[2], PARAMETERS - 4, &[0xff; 4]));
    assert!(matches!(huge, E::Contributions { count: 3, .. }), "{huge}");
}
