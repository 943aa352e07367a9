//! Weights of random linear combinations, by which many equations are checked as one.

use ark_ff::UniformRand;
use ark_std::rand::{SeedableRng, rngs::StdRng};

/// A stream of weights below 2^127: a false equation survives with chance 2^-127.
pub(crate) struct Weights(StdRng);

impl Weights {
    /// Weights of a seed. Whoever made the equations must not have been able to choose them by the seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Weights(StdRng::from_seed(seed))
    }

    /// Weights that nobody knew before.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Weights::from_seed(seed))
    }

    /// The next weights.
    pub fn draw<F: From<u128>>(&mut self, count: usize) -> Vec<F> {
        (0..count)
            .map(|_| F::from(u128::rand(&mut self.0) >> 1))
            .collect()
    }
}
