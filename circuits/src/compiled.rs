//! What setup and proving take of a circuit, whatever it states.

pub use crate::gadgets::builder::Section;

use crate::gadgets::Constraints;
use crate::{index, release};
use ark_bn254::Fr;
use ark_ff::Zero;
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystem, ConstraintSystemRef, Matrix, OptimizationGoal,
    R1CS_PREDICATE_LABEL, SynthesisError, SynthesisMode,
};
use nectar_verifier::circuit::Circuit;

/// A circuit with an assignment of nothing, as arkworks takes it for setup.
#[derive(Clone, Copy, Debug)]
pub struct Blank(pub Circuit);

impl ConstraintSynthesizer<Fr> for Blank {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        self.build(cs).map(|_| ())
    }
}

impl Blank {
    /// Makes the constraints, which are the same for every assignment, and returns the first of each part.
    fn build(self, cs: ConstraintSystemRef<Fr>) -> Result<Vec<(Section, usize)>, SynthesisError> {
        let mut b = Constraints::new(cs);
        match self.0 {
            Circuit::Release(shape) => release::build(
                &mut b,
                &release::Instance::default(),
                &release::Witness::blank(shape),
            ),
            Circuit::Index => index::build(
                &mut b,
                &index::Instance::default(),
                &index::Witness::blank(),
            ),
        }
        b.finish()
    }
}

/// A circuit's matrices, made once, as `create_proof_with_reduction_and_matrices` takes it.
pub struct Compiled {
    /// The circuit.
    pub circuit: Circuit,
    /// The matrices A, B and C, row by row, over 1, the public inputs and the private variables.
    pub matrices: Vec<Matrix<Fr>>,
    /// Public inputs with the constant 1.
    pub num_inputs: usize,
    /// Private variables.
    pub num_witness: usize,
    /// Constraints.
    pub num_constraints: usize,
    /// The first constraint of each part.
    pub sections: Vec<(Section, usize)>,
}

impl Compiled {
    /// Synthesises the circuit, in the way Groth16's setup does.
    pub fn new(circuit: impl Into<Circuit>) -> Result<Self, SynthesisError> {
        let circuit = circuit.into();
        let cs = ConstraintSystem::new_ref();
        cs.set_optimization_goal(OptimizationGoal::Constraints);
        cs.set_mode(SynthesisMode::Setup);
        let sections = Blank(circuit).build(cs.clone())?;
        cs.finalize();
        let mut matrices = cs.to_matrices()?;
        let missing = SynthesisError::PredicateNotFound;
        Ok(Self {
            circuit,
            matrices: matrices.remove(R1CS_PREDICATE_LABEL).ok_or(missing)?,
            num_inputs: cs.num_instance_variables(),
            num_witness: cs.num_witness_variables(),
            num_constraints: cs.num_constraints(),
            sections,
        })
    }

    /// The size of the domain a proof is computed over.
    pub fn domain_size(&self) -> usize {
        (self.num_constraints + self.num_inputs).next_power_of_two()
    }

    /// Entries that are not zero, of all matrices.
    pub fn entries(&self) -> usize {
        self.matrices.iter().flatten().map(Vec::len).sum()
    }

    /// The part that holds the first constraint an assignment does not satisfy.
    pub fn broken(&self, assignment: &[Fr]) -> Option<Section> {
        let row = self.broken_constraint(assignment)?;
        let before = self.sections.partition_point(|&(_, first)| first <= row);
        self.sections
            .get(before.checked_sub(1)?)
            .map(|&(section, _)| section)
    }

    fn broken_constraint(&self, assignment: &[Fr]) -> Option<usize> {
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

#[cfg(test)]
pub(crate) mod tests;
