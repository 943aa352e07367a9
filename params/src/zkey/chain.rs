//! The contributions, each checked to be made on top of those before it by somebody who knew its secret.

use super::{
    contribution::{Contribution, Contributions},
    error::ZkeyError,
    record::{self, Beacon},
    stream::Stream,
};
use crate::neighbours::same_ratio;
use alloy_primitives::B512;
use ark_bn254::{G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use blake2::{Blake2b512, Digest};
use nectar_verifier::field::{g1_to_be, g2_to_be};
use sha2::Sha256;

/// Checks all contributions, by which delta came from 1 to `delta_g1` and `delta_g2`; gives what is kept of them.
///
/// # Errors
/// The first rule that one breaks.
pub(super) fn check(
    contributions: &Contributions,
    delta_g1: G1Affine,
    delta_g2: G2Affine,
) -> Result<Vec<record::Contribution>, ZkeyError> {
    let (one, list) = (G1Affine::generator(), &contributions.list);
    let last = list.last().ok_or(ZkeyError::NoContribution)?;
    if list.iter().all(|c| c.beacon.is_some()) {
        return Err(ZkeyError::OnlyBeacons);
    }
    if delta_g1 == one {
        return Err(ZkeyError::Trivial);
    }
    let mut before = Blake2b512::new().chain_update(contributions.start);
    let mut delta = one;
    for (number, contribution) in (1..).zip(list) {
        contribution.check(number, &before, delta)?;
        contribution.hash_into(&mut before);
        delta = contribution.delta;
    }
    if last.delta != delta_g1 {
        return Err(ZkeyError::LastDelta);
    }
    if !same_ratio([one, delta_g1], [G2Affine::generator(), delta_g2]) {
        return Err(ZkeyError::DeltaG2);
    }
    // Last, since it takes longest: up to minutes.
    for (number, contribution) in (1..).zip(list) {
        let beacon = contribution.beacon.as_ref();
        if beacon.is_some_and(|b| public_key(b) != contribution.public_g1) {
            return Err(ZkeyError::Beacon { number });
        }
    }
    Ok(list.iter().map(Contribution::record).collect())
}

impl Contribution {
    /// Checks a contribution, given the hash and delta of those before it.
    fn check(&self, number: usize, before: &Blake2b512, delta: G1Affine) -> Result<(), ZkeyError> {
        let mut transcript = before.clone();
        for point in &self.public_g1 {
            transcript.update(g1_to_be(point));
        }
        if transcript.finalize()[..] != self.transcript {
            return Err(ZkeyError::Transcript { number });
        }
        let (seed, _) = self
            .transcript
            .split_first_chunk()
            .unwrap_or((&[0; 32], &[]));
        // Nobody knows the logarithm of this point, so that only who knows the secret can multiply it.
        let public_g2 = [Stream::new(seed).g2(), self.public_g2];
        if !same_ratio(self.public_g1, public_g2) {
            return Err(ZkeyError::PublicKey { number });
        }
        if !same_ratio([delta, self.delta], public_g2) {
            return Err(ZkeyError::DeltaAfter { number });
        }
        Ok(())
    }

    /// Adds what later transcripts cover.
    fn hash_into(&self, hash: &mut Blake2b512) {
        for point in [&self.delta].into_iter().chain(&self.public_g1) {
            hash.update(g1_to_be(point));
        }
        hash.update(g2_to_be(&self.public_g2));
        hash.update(self.transcript);
    }

    fn record(&self) -> record::Contribution {
        let mut hash = Blake2b512::new();
        self.hash_into(&mut hash);
        record::Contribution {
            name: self.name.clone(),
            hash: B512::from_slice(&hash.finalize()),
            beacon: self.beacon.clone(),
        }
    }
}

/// The public key in G1 of the secret that a beacon gives.
fn public_key(beacon: &Beacon) -> [G1Affine; 2] {
    let first = Sha256::digest(&beacon.hash);
    let hash = (1..1u64 << beacon.exponent).fold(first, |hash, _| Sha256::digest(hash));
    let mut stream = Stream::new(&hash.into());
    let secret = stream.scalar();
    let point = stream.g1();
    [point, (point * secret).into_affine()]
}
