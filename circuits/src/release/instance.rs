//! The public inputs of the release statement.

use ark_bn254::Fr;
use ark_ff::PrimeField;
use nectar_verifier::layout::WIDTHS;
use nectar_verifier::policy::{Policy, PolicyError, Rounding, W_LIMIT};

/// Number of public inputs, the constant 1 not among them.
pub const INPUTS: usize = 7;
/// Index of rho, the challenge that folds the table.
pub const RHO: usize = 0;
/// Index of com_N, the commitment to the table.
pub const COM_N: usize = 1;
/// Index of com_v, the commitment to evaluations, mask and point.
pub const COM_V: usize = 2;
/// Index of lambda, the challenge that folds all long public values.
pub const LAMBDA: usize = 3;
/// Index of L, that fold.
pub const L: usize = 4;
/// Index of the packed formula flags.
pub const FLAGS: usize = 5;
/// Index of the packed policy.
pub const POLICY: usize = 6;

/// Names of the public inputs, in their order.
pub const NAMES: [&str; INPUTS] = {
    let mut names = [""; INPUTS];
    names[RHO] = "rho";
    names[COM_N] = "com_n";
    names[COM_V] = "com_v";
    names[LAMBDA] = "lambda";
    names[L] = "l";
    names[FLAGS] = "flags";
    names[POLICY] = "policy";
    names
};

/// The public inputs, by name.
///
/// The last two are computed by every verifier from query and header; the circuit relies on their
/// being a packed formula and a packed valid policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Instance {
    /// The challenge that folds the table.
    pub rho: Fr,
    /// The commitment to the table.
    pub com_n: Fr,
    /// The commitment to evaluations, mask and point.
    pub com_v: Fr,
    /// The challenge that folds all long public values.
    pub lambda: Fr,
    /// That fold.
    pub l: Fr,
    /// The packed formula flags, see [`super::Formula`].
    pub flags: Fr,
    /// The packed policy, see [`Policy::pack`].
    pub policy: Fr,
}

impl Instance {
    /// The inputs in their order.
    pub fn inputs(&self) -> [Fr; INPUTS] {
        let mut inputs = [Fr::default(); INPUTS];
        inputs[RHO] = self.rho;
        inputs[COM_N] = self.com_n;
        inputs[COM_V] = self.com_v;
        inputs[LAMBDA] = self.lambda;
        inputs[L] = self.l;
        inputs[FLAGS] = self.flags;
        inputs[POLICY] = self.policy;
        inputs
    }
}

/// Policy and column widths, as the circuit sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// The policy. Its cap on widths is not packed and counts as none.
    pub policy: Policy,
    /// The widths w_1 .. w_7.
    pub widths: [u8; WIDTHS],
}

/// Why a packed policy is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// Bits beyond the 66 of a packed policy.
    #[error("packed policy is longer than 66 bits")]
    Length,
    /// A width above 12.
    #[error("width of x_{column} is {got}, want at most {W_LIMIT}")]
    Width {
        /// The column, from 1.
        column: usize,
        /// Its width.
        got: u8,
    },
    /// No valid policy.
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
