//! The public inputs of the release circuit (docs/protocol.md, section 6).

use ark_bn254::Fr;

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
/// The last two are computed by every verifier from query and header; the circuit relies on their being a packed
/// formula and a packed valid policy.
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
    /// The packed formula flags, see [`crate::statement::Statement::flags`].
    pub flags: Fr,
    /// The packed policy, see [`crate::policy::Policy::pack`].
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
