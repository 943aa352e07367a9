//! Constraints as matrices: what setup, proving and the exchange of circuits take of a statement.

use ark_bn254::Fr;
use ark_ff::Zero;
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, ConstraintSystemRef, Matrix, OptimizationGoal,
    R1CS_PREDICATE_LABEL, SynthesisError, SynthesisMode,
};

/// A rank-1 constraint system: of an assignment z, (A z) (B z) = (C z) row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct R1cs {
    /// The matrices A, B and C, row by row, over 1, the public inputs and the private variables.
    pub matrices: Vec<Matrix<Fr>>,
    /// Public inputs with the constant 1.
    pub num_inputs: usize,
    /// Private variables.
    pub num_witness: usize,
    /// Constraints.
    pub num_constraints: usize,
}

impl R1cs {
    /// Synthesises a circuit in the way Groth16's setup does.
    ///
    /// # Errors
    /// Whatever the circuit's synthesis gives.
    pub fn new(circuit: impl ConstraintSynthesizer<Fr>) -> Result<Self, SynthesisError> {
        Self::build(|cs| circuit.generate_constraints(cs)).map(|((), r1cs)| r1cs)
    }

    /// [`R1cs::new`], with what `build` gives back.
    pub(crate) fn build<T>(
        build: impl FnOnce(ConstraintSystemRef<Fr>) -> Result<T, SynthesisError>,
    ) -> Result<(T, Self), SynthesisError> {
        let cs = ConstraintSystem::new_ref();
        cs.set_optimization_goal(OptimizationGoal::Constraints);
        cs.set_mode(SynthesisMode::Setup);
        let built = build(cs.clone())?;
        cs.finalize();
        let mut matrices = cs.to_matrices()?;
        let missing = SynthesisError::PredicateNotFound;
        let r1cs = R1cs {
            matrices: matrices.remove(R1CS_PREDICATE_LABEL).ok_or(missing)?,
            num_inputs: cs.num_instance_variables(),
            num_witness: cs.num_witness_variables(),
            num_constraints: cs.num_constraints(),
        };
        Ok((built, r1cs))
    }

    /// Elements of an assignment: 1, the public inputs, the private variables.
    pub fn variables(&self) -> usize {
        self.num_inputs + self.num_witness
    }

    /// The size of the domain a proof is computed over.
    pub fn domain_size(&self) -> usize {
        (self.num_constraints + self.num_inputs).next_power_of_two()
    }

    /// Entries that are not zero, of all matrices.
    pub fn entries(&self) -> usize {
        self.matrices.iter().flatten().map(Vec::len).sum()
    }

    /// The first constraint an assignment does not satisfy.
    pub fn first_violated(&self, assignment: &[Fr]) -> Option<usize> {
        let side = |matrix: usize, row: usize| {
            let terms = self.matrices.get(matrix).and_then(|rows| rows.get(row));
            terms
                .into_iter()
                .flatten()
                .fold(Fr::zero(), |sum, &(factor, variable)| {
                    sum + factor * assignment.get(variable).copied().unwrap_or_default()
                })
        };
        (0..self.num_constraints).find(|&row| side(0, row) * side(1, row) != side(2, row))
    }
}
