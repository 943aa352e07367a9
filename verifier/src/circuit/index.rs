//! Sizes and public inputs of the index circuit (docs/protocol.md, section 7).

use ark_bn254::Fr;

/// Sumcheck rounds: enough for every dataset.
pub const ROUNDS: usize = 26;
/// Digits of a code, used or not.
pub const BITS: usize = 12;
/// Hidden evaluations: W, then the digits.
pub const SLOTS: usize = 1 + BITS;
/// Degree of a round polynomial: eq(theta, .), presence, and one a digit.
pub const DEGREE: usize = 2 + BITS;

/// Number of public inputs, the constant 1 not among them.
pub const INPUTS: usize = 7;
/// Index of R, the challenge whose powers stand for codes.
pub const CODE: usize = 0;
/// Index of gamma, the challenge that adds the digits' equations to that of the codes.
pub const BATCH: usize = 1;
/// Index of pres(r), the evaluation of row presence.
pub const PRESENCE: usize = 2;
/// Index of eq(theta, r), the evaluation of the zero-check's weights.
pub const WEIGHT: usize = 3;
/// Index of com_v, the commitment to evaluations, mask and point.
pub const COM_V: usize = 4;
/// Index of lambda, the challenge that folds all long public values.
pub const LAMBDA: usize = 5;
/// Index of L, that fold.
pub const L: usize = 6;

/// Names of the public inputs, in their order.
pub const NAMES: [&str; INPUTS] = {
    let mut names = [""; INPUTS];
    names[CODE] = "code";
    names[BATCH] = "batch";
    names[PRESENCE] = "presence";
    names[WEIGHT] = "weight";
    names[COM_V] = "com_v";
    names[LAMBDA] = "lambda";
    names[L] = "l";
    names
};

/// The public inputs, by name.
///
/// Every verifier draws CODE and BATCH from the column's commitments, and computes PRESENCE and WEIGHT itself from the
/// point r, which is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Instance {
    /// R, the challenge whose powers stand for codes.
    pub code: Fr,
    /// gamma, the challenge that adds the digits' equations to that of the codes.
    pub batch: Fr,
    /// pres(r), the evaluation of row presence.
    pub presence: Fr,
    /// eq(theta, r), the evaluation of the zero-check's weights.
    pub weight: Fr,
    /// The commitment to evaluations, mask and point.
    pub com_v: Fr,
    /// The challenge that folds all long public values.
    pub lambda: Fr,
    /// That fold.
    pub l: Fr,
}

impl Instance {
    /// The inputs in their order.
    pub fn inputs(&self) -> [Fr; INPUTS] {
        let mut inputs = [Fr::default(); INPUTS];
        inputs[CODE] = self.code;
        inputs[BATCH] = self.batch;
        inputs[PRESENCE] = self.presence;
        inputs[WEIGHT] = self.weight;
        inputs[COM_V] = self.com_v;
        inputs[LAMBDA] = self.lambda;
        inputs[L] = self.l;
        inputs
    }
}
