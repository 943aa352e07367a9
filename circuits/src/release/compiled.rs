//! What proving takes once the circuit is known: its matrices, made once, and an assignment of
//! values, made without a single linear combination.

use super::constraints::build;
use super::instance::Instance;
use super::witness::Witness;
use crate::gadgets::builder::Section;
use crate::gadgets::{Constraints, Values};
use ark_bn254::Fr;
use ark_ff::Zero;
use ark_relations::gr1cs::{
    ConstraintSystem, Matrix, OptimizationGoal, R1CS_PREDICATE_LABEL, SynthesisError, SynthesisMode,
};
use nectar_verifier::shape::Shape;

/// The release circuit of one shape, as `create_proof_with_reduction_and_matrices` takes it.
pub struct Compiled {
    /// The shape.
    pub shape: Shape,
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

/// The full assignment: 1, public inputs, private variables.
///
/// Total: it assigns values to a witness that breaks the statement as well, and the constraints are
/// then not satisfied.
pub fn assign(instance: &Instance, witness: &Witness) -> Vec<Fr> {
    let mut values = Values::with_capacity(1 << 16);
    build(&mut values, instance, witness);
    values.into_assignment()
}

impl Compiled {
    /// Synthesises the circuit, in the way Groth16's setup does.
    pub fn new(shape: Shape) -> Result<Self, SynthesisError> {
        let cs = ConstraintSystem::new_ref();
        cs.set_optimization_goal(OptimizationGoal::Constraints);
        cs.set_mode(SynthesisMode::Setup);
        let mut constraints = Constraints::new(cs.clone());
        build(
            &mut constraints,
            &Instance::default(),
            &Witness::blank(shape),
        );
        let sections = constraints.finish()?;
        cs.finalize();
        let mut matrices = cs.to_matrices()?;
        let missing = SynthesisError::PredicateNotFound;
        Ok(Self {
            shape,
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
