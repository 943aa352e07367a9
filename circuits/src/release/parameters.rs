//! The packed policy of the release statement.

use ark_bn254::Fr;
use ark_ff::PrimeField;
use nectar_verifier::{
    layout::WIDTHS,
    policy::{Policy, PolicyError, Rounding, W_LIMIT},
};

/// Policy and column widths, as the circuit sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// The policy. Its cap on widths is not packed and counts as none.
    pub policy: Policy,
    /// The widths w_1 .. w_7.
    pub widths: [u8; WIDTHS],
}

/// Why a public input is not a packed policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// Bits beyond the 66 of a packed policy.
    #[error("a packed policy has at most 66 bits")]
    Length,
    /// A width above 12.
    #[error("width of x_{column} is {got}, want at most {W_LIMIT}")]
    Width {
        /// The column, from 1.
        column: usize,
        /// Its width.
        got: u8,
    },
    /// The policy is not valid.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl Parameters {
    /// Reverses [`Policy::pack`].
    pub fn unpack(packed: Fr) -> Result<Self, UnpackError> {
        let bits = small(packed)
            .filter(|bits| bits >> 66 == 0)
            .ok_or(UnpackError::Length)?;
        let field = |from: u32, count: u32| (bits >> from) & ((1 << count) - 1);
        let mut widths = [0; WIDTHS];
        for (i, width) in widths.iter_mut().enumerate() {
            *width = field(38 + 4 * i as u32, 4) as u8;
            if *width > W_LIMIT {
                return Err(UnpackError::Width {
                    column: i + 1,
                    got: *width,
                });
            }
        }
        let mode = if field(36, 1) == 0 {
            Rounding::Nearest
        } else {
            Rounding::Midpoint6
        };
        let (k, base, zeros) = (field(0, 28) as u32, field(28, 8) as u8, field(37, 1) == 1);
        Ok(Self {
            policy: Policy::new(k, base, mode, zeros, W_LIMIT)?,
            widths,
        })
    }

    /// The public input.
    pub fn pack(&self) -> Fr {
        Fr::from(self.policy.pack(&self.widths))
    }
}

/// A field element below 2^128 as an integer.
pub(super) fn small(value: Fr) -> Option<u128> {
    let [low, high, rest @ ..] = value.into_bigint().0;
    (rest == [0, 0]).then_some(u128::from(low) | u128::from(high) << 64)
}
