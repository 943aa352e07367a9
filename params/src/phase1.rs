//! What phase 2 takes of phase 1: the powers of tau that the keys of circuits are made of.

use ark_bn254::{G1Affine, G2Affine};

/// Powers of one secret tau for a domain of size n = 2^`bits`, with all relations checked; only
/// [`ptau::read_for_phase2`](crate::ptau::read_for_phase2) makes them.
#[derive(Debug, Clone)]
pub struct Powers {
    pub(crate) bits: u8,
    /// [tau^i]_1 for i < 2n - 1.
    pub(crate) tau_g1: Vec<G1Affine>,
    /// [tau^i]_2 for i < n.
    pub(crate) tau_g2: Vec<G2Affine>,
    /// [alpha tau^i]_1 for i < n.
    pub(crate) alpha_g1: Vec<G1Affine>,
    /// [beta tau^i]_1 for i < n.
    pub(crate) beta_g1: Vec<G1Affine>,
    /// [beta]_2.
    pub(crate) beta_g2: G2Affine,
}

impl Powers {
    /// The domain has 2^`bits` elements.
    pub fn bits(&self) -> u8 {
        self.bits
    }
}
