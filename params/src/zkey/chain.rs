//! The contributions, each checked to be made on top of those before it by somebody who knew its secret.

use super::{
    contribution::{Contribution, Contributions},
    error::ZkeyError,
    record::{self, Beacon},
    stream::Stream,
};
use crate::neighbours::same_ratio;
use alloy_primitives::B512;
use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::One;
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
    let mut known = Fr::one();
    for (number, contribution) in (1..).zip(list) {
        if let Some(beacon) = &contribution.beacon {
            let (secret, public_key) = key_pair(beacon);
            if public_key != contribution.public_g1 {
                return Err(ZkeyError::Beacon { number });
            }
            known *= secret;
        }
    }
    let known = (one * known).into_affine();
    if delta_g1 == known || delta_g1 == -known {
        return Err(ZkeyError::PublicDelta);
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

/// The secret that a beacon gives, and its public key in G1.
fn key_pair(beacon: &Beacon) -> (Fr, [G1Affine; 2]) {
    let first = Sha256::digest(&beacon.hash);
    let hash = (1..1u64 << beacon.exponent).fold(first, |hash, _| Sha256::digest(hash));
    let mut stream = Stream::new(&hash.into());
    let secret = stream.scalar();
    let point = stream.g1();
    (secret, [point, (point * secret).into_affine()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::Field;

    /// What each contributor multiplies delta with.
    enum Part {
        Secret(Fr),
        Beacon,
    }

    fn beacon() -> Beacon {
        Beacon {
            hash: vec![9; 32].into(),
            exponent: 10,
        }
    }

    /// Contributions by people who follow the rules, whatever their secrets.
    fn made(parts: &[Part]) -> (Contributions, Fr) {
        let mut list: Vec<Contribution> = vec![];
        let (start, mut delta) = ([3; 64], Fr::one());
        for part in parts {
            let point = (G1Affine::generator() * Fr::from(7u8)).into_affine();
            let (secret, public_g1, beacon) = match part {
                Part::Secret(s) => (*s, [point, (point * s).into_affine()], None),
                Part::Beacon => {
                    let (secret, public) = key_pair(&beacon());
                    (secret, public, Some(beacon()))
                }
            };
            delta *= secret;
            let mut hash = Blake2b512::new().chain_update(start);
            list.iter().for_each(|c| c.hash_into(&mut hash));
            public_g1.iter().for_each(|p| hash.update(g1_to_be(p)));
            let transcript: [u8; 64] = hash.finalize().into();
            let seed = transcript.first_chunk().unwrap();
            list.push(Contribution {
                delta: (G1Affine::generator() * delta).into_affine(),
                public_g1,
                public_g2: (Stream::new(seed).g2() * secret).into_affine(),
                transcript,
                name: String::new(),
                beacon,
            });
        }
        (Contributions { start, list }, delta)
    }

    fn checked(parts: &[Part]) -> Result<usize, ZkeyError> {
        let (contributions, delta) = made(parts);
        let g1 = (G1Affine::generator() * delta).into_affine();
        let g2 = (G2Affine::generator() * delta).into_affine();
        check(&contributions, g1, g2).map(|records| records.len())
    }

    /// Everybody can forge under such a key, though every contribution is well made.
    #[test]
    fn a_delta_that_everybody_knows_is_refused() {
        use Part::{Beacon, Secret};
        let s = Fr::from(1234u32);
        let inverse = s.inverse().unwrap();
        assert_eq!(checked(&[Secret(s), Beacon]), Ok(2));
        assert_eq!(checked(&[Secret(s), Secret(s), Beacon]), Ok(3));
        for parts in [
            &[Beacon][..],
            &[Secret(Fr::one())],
            &[Secret(-Fr::one())],
            &[Secret(Fr::one()), Beacon],
            &[Secret(s), Secret(inverse)],
            &[Secret(s), Beacon, Secret(inverse)],
            &[Secret(s), Secret(-inverse), Beacon],
        ] {
            assert_eq!(checked(parts), Err(ZkeyError::PublicDelta));
        }
    }
}
