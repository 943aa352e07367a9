//! The release statement in plain Rust.

use super::{
    formula::Formula,
    parameters::{Parameters, UnpackError},
    witness::{Witness, table_commitment},
};
use crate::{
    poseidon::PoseidonTranscript,
    sumcheck::{combination, evaluation_commitment, rounds},
};
use ark_bn254::Fr;
use ark_ff::Zero;
use nectar_verifier::{
    circuit::release::Instance,
    disclosure::{DisclosureError, release},
};

/// The first rule of the statement that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// FLAGS has bits beyond the shape's.
    #[error("FLAGS is not a packed formula: it has bits beyond those of the shape")]
    Flags,
    /// POLICY is not a packed valid policy.
    #[error("POLICY: {0}")]
    Policy(#[from] UnpackError),
    /// com_N does not open to the table.
    #[error("com_N is not the commitment to the table")]
    Table,
    /// The rounds, started from the table's claim, do not end in the formula of the evaluations.
    #[error("the last claim of the sumcheck is not the formula of the evaluations")]
    Formula,
    /// com_v does not open to evaluations, mask and point.
    #[error("com_v is not the commitment to the evaluations")]
    Evaluations,
    /// No rows can give this table.
    #[error("disclosure rule: {0}")]
    Disclosure(#[from] DisclosureError),
    /// L is not the combination of evaluations, mask, point and the cells the rule releases.
    #[error("L is not the combination of the public values")]
    Linear,
}

/// Checks the statement, rule by rule in the order of the circuit.
pub fn predicate(instance: &Instance, witness: &Witness) -> Result<(), Violation> {
    let shape = witness.shape;
    let formula = Formula::unpack(shape, instance.flags).ok_or(Violation::Flags)?;
    let parameters = Parameters::unpack(instance.policy)?;

    let com_n = table_commitment(shape, witness.salts.table, &witness.table);
    holds(com_n == instance.com_n, Violation::Table)?;

    let fold = |sum: Fr, &cell: &u64| sum * instance.rho + Fr::from(cell);
    let claim = witness.table.iter().rev().fold(Fr::zero(), fold);
    let transcript = PoseidonTranscript::new(shape, instance.rho, witness.salts.rounds);
    let (claim, point) = rounds(transcript, claim, &witness.rounds);
    holds(
        formula.value(&witness.evaluations) == claim,
        Violation::Formula,
    )?;

    let (evaluations, mask) = (&witness.evaluations, witness.mask);
    let com_v = evaluation_commitment(shape, witness.salts.evaluations, evaluations, mask, &point);
    holds(com_v == instance.com_v, Violation::Evaluations)?;

    let Parameters { policy, widths } = parameters;
    let cells = release(&policy, formula.layout(), &widths, &witness.table)?;
    let l = combination(instance.lambda, evaluations, mask, &point, &cells);
    holds(l == instance.l, Violation::Linear)
}

fn holds(condition: bool, violation: Violation) -> Result<(), Violation> {
    if condition { Ok(()) } else { Err(violation) }
}
