//! Commitments of columns by bucket sums (docs/protocol.md, section 2): one pass over the rows adds each row's power
//! to the bucket of its code, and sums over buckets give every index vector, digit and derived vector.

use super::blinding::{BlindingKey, Place};
use alloy_primitives::{B256, keccak256};
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM, scalar_mul::BatchMulPreprocessing};
use ark_ff::AdditiveGroup;
use nectar_verifier::{column::Column, field::to_be, manifest::derived};

/// The bases of one segment size, with a table for blindings.
pub struct Committer<'a> {
    powers: &'a [G1Affine],
    blinding: BatchMulPreprocessing<G1Projective>,
    key: &'a BlindingKey,
}

/// The digest of one segment's codes that enters its blindings.
pub fn values_digest(codes: &[u16]) -> B256 {
    keccak256(
        codes
            .iter()
            .flat_map(|c| c.to_be_bytes())
            .collect::<Vec<u8>>(),
    )
}

/// The digest of one segment's tags that enters its blinding.
pub fn tags_digest(tags: &[Fr]) -> B256 {
    keccak256(tags.iter().flat_map(to_be).collect::<Vec<u8>>())
}

impl<'a> Committer<'a> {
    /// `powers` are [tau^0]_1 ..= [tau^n]_1, n the rows of a segment.
    pub fn new(powers: &'a [G1Affine], key: &'a BlindingKey) -> Self {
        let last = powers.last().copied().unwrap_or_default();
        // Sized for about as many blindings as a large column has codes.
        let blinding = BatchMulPreprocessing::new(last.into_group(), 1 << 12);
        Committer {
            powers,
            blinding,
            key,
        }
    }

    /// Rows of a segment.
    pub fn segment_rows(&self) -> usize {
        self.powers.len() - 1
    }

    /// Commits all vectors of one segment's codes, in manifest order.
    pub fn segment(&self, column: &Column, codes: &[u16], place: &Place) -> Vec<G1Affine> {
        let count = usize::from(column.codes());
        let buckets = self.buckets(codes, count);
        let (t_blinds, b_blinds) = self.blindings(column, place);
        let thermometer = suffix_sums(&buckets[1..]);
        let digits = (0..column.bits()).map(|b| digit(&buckets, b));
        let plain: Vec<G1Projective> = thermometer.into_iter().chain(digits).collect();
        let blinds = self.blinding.batch_mul(&[t_blinds, b_blinds].concat());
        let mut points: Vec<G1Projective> =
            plain.into_iter().zip(blinds).map(|(p, b)| p + b).collect();
        if column.is_numeric() {
            let derived = derived(points[..count - 1].iter());
            points.extend(derived);
        }
        G1Projective::normalize_batch(&points)
    }

    /// Commits one segment of a tag column.
    pub fn tags(&self, tags: &[Fr], place: &Place) -> G1Affine {
        let plain = G1Projective::msm_unchecked(&self.powers[..tags.len()], tags);
        let blind = self.blinding.batch_mul(&[self.key.tag(place)]);
        (plain + blind[0]).into_affine()
    }

    /// Sum of the powers of the rows with each code.
    fn buckets(&self, codes: &[u16], count: usize) -> Vec<G1Projective> {
        let mut buckets = vec![G1Projective::ZERO_BUCKET; count];
        for (code, power) in codes.iter().zip(self.powers).filter(|(c, _)| **c > 0) {
            buckets[usize::from(*code)] += power;
        }
        buckets.into_iter().map(Into::into).collect()
    }

    fn blindings(&self, column: &Column, place: &Place) -> (Vec<Fr>, Vec<Fr>) {
        let codes = (1..column.codes())
            .map(|t| self.key.code(place, t))
            .collect();
        let bits = (0..column.bits()).map(|b| self.key.bit(place, b)).collect();
        (codes, bits)
    }
}

/// A_t for t = 1 ..: sums from the highest code down.
fn suffix_sums(buckets: &[G1Projective]) -> Vec<G1Projective> {
    let mut sum = G1Projective::ZERO;
    let mut sums: Vec<_> = buckets
        .iter()
        .rev()
        .map(|b| {
            sum += b;
            sum
        })
        .collect();
    sums.reverse();
    sums
}

fn digit(buckets: &[G1Projective], bit: u8) -> G1Projective {
    buckets
        .iter()
        .enumerate()
        .filter(|(code, _)| code >> bit & 1 == 1)
        .map(|(_, b)| b)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        blinding::Origin,
        testing::{dev_srs, number},
    };
    use nectar_verifier::{column::Leaf, statement::Slot};

    /// Every committed vector is the MSM of the vector it stands for, blinding on the last power.
    #[test]
    fn bucket_sums_are_commitments_of_the_vectors() {
        let (srs, key) = (dev_srs(), BlindingKey::from_bytes([7; 32]));
        let powers = srs.powers(4).unwrap();
        let column = number(9);
        let codes: Vec<u16> = (0..13u16).map(|i| (i * 7 + i / 3) % 10).collect();
        let place = Place {
            dataset: B256::ZERO,
            column: 0,
            segment: 0,
            origin: Origin {
                sequence: 1,
                values: values_digest(&codes),
                salt: B256::repeat_byte(3),
            },
        };
        let committed = Committer::new(powers, &key).segment(&column, &codes, &place);
        for (l, leaf) in column.leaves().into_iter().enumerate() {
            let mut slot = Slot::default();
            slot.terms.insert((0, leaf), Fr::from(1u8));
            let mut table = slot.table(0, column.codes());
            if let Leaf::Bit(b) = leaf {
                table = (0..column.codes()).map(|t| Fr::from(t >> b & 1)).collect();
            }
            let mut scalars: Vec<Fr> = codes.iter().map(|c| table[usize::from(*c)]).collect();
            scalars.resize(16, Fr::ZERO);
            scalars.push(match leaf {
                Leaf::Code(t) => key.code(&place, t),
                Leaf::Bit(b) => key.bit(&place, b),
                Leaf::X => (2..10).map(|t| key.code(&place, t)).sum(),
                Leaf::X2 => (2..10)
                    .map(|t| key.code(&place, t) * Fr::from(2 * t - 3))
                    .sum(),
                Leaf::Tag => panic!("a number column has no tags"),
            });
            let want = G1Projective::msm_unchecked(powers, &scalars).into_affine();
            assert_eq!(committed[l], want, "{leaf:?}");
        }
    }

    /// A tag column's commitment is the MSM of its tags, zeros where no row is, and the blinding on the last power.
    #[test]
    fn tags_are_committed_with_their_blinding() {
        let (srs, key) = (dev_srs(), BlindingKey::from_bytes([7; 32]));
        let powers = srs.powers(4).unwrap();
        let tags: Vec<Fr> = (1..14u64).map(|i| -Fr::from(i * i)).collect();
        let place = Place {
            dataset: B256::ZERO,
            column: 3,
            segment: 0,
            origin: Origin {
                sequence: 1,
                values: tags_digest(&tags),
                salt: B256::repeat_byte(3),
            },
        };
        let mut scalars = tags.clone();
        scalars.resize(16, Fr::ZERO);
        scalars.push(key.tag(&place));
        let want = G1Projective::msm_unchecked(powers, &scalars).into_affine();
        assert_eq!(Committer::new(powers, &key).tags(&tags, &place), want);
    }
}
