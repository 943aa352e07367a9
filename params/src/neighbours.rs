//! Whether points are s^0 P, s^1 P, s^2 P, ..: every relation of neighbours, checked by one random combination.

use crate::weights::Weights;
use ark_bn254::{Bn254, G1Affine, G1Projective, G2Affine, G2Projective, g1, g2};
use ark_ec::{AffineRepr, CurveGroup, pairing::Pairing, short_weierstrass::Projective};
use ark_ff::Zero;

/// A list's points and their successors, combined with the same weights; the list comes piece by piece.
pub(crate) struct Neighbours<G: CurveGroup> {
    weights: Weights,
    last: Option<G::Affine>,
    low: G,
    high: G,
}

impl<G: CurveGroup> Neighbours<G> {
    /// An empty list.
    pub fn new(weights: Weights) -> Self {
        Neighbours {
            weights,
            last: None,
            low: G::zero(),
            high: G::zero(),
        }
    }

    /// Adds the next points of the list.
    pub fn push(&mut self, points: &[G::Affine]) {
        let list: Vec<G::Affine> = self.last.iter().chain(points).copied().collect();
        let Some((last, low)) = list.split_last() else {
            return;
        };
        let weights: Vec<G::ScalarField> = self.weights.draw(low.len());
        self.low += G::msm_unchecked(low, &weights);
        self.high += G::msm_unchecked(&list[1..], &weights);
        self.last = Some(*last);
    }
}

impl Neighbours<Projective<g1::Config>> {
    /// Whether every point is s times the one before it, given [s]_2.
    pub fn rise_by(&self, s: G2Affine) -> bool {
        same_ratio([self.low, self.high], [G2Affine::generator(), s])
    }
}

impl Neighbours<Projective<g2::Config>> {
    /// Whether every point is s times the one before it, given [s]_1.
    pub fn rise_by(&self, s: G1Affine) -> bool {
        same_ratio([G1Affine::generator(), s], [self.low, self.high])
    }
}

/// Whether b / a in G1 is d / c in G2, of [a, b] and [c, d]: e(a, d) = e(b, c).
pub(crate) fn same_ratio<P, Q>([a, b]: [P; 2], [c, d]: [Q; 2]) -> bool
where
    P: Into<G1Projective>,
    Q: Into<G2Projective>,
{
    let (g1, g2): ([G1Projective; 2], [G2Projective; 2]) =
        ([a.into(), -b.into()], [d.into(), c.into()]);
    Bn254::multi_pairing(g1, g2).is_zero()
}
