//! What setup and proving take of a circuit, whatever it states.

pub use crate::gadgets::builder::Section;

use crate::{gadgets::Constraints, index, r1cs::R1cs, release};
use ark_bn254::Fr;
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, SynthesisError};
use nectar_verifier::circuit::{Circuit, PUBLIC_INPUTS};

/// A circuit whose variables have no values yet, as arkworks takes it for setup.
#[derive(Clone, Copy, Debug)]
pub struct UnassignedCircuit(pub Circuit);

impl ConstraintSynthesizer<Fr> for UnassignedCircuit {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        self.build(cs).map(|_| ())
    }
}

/// Names of a circuit's public inputs, in their order.
pub fn input_names(circuit: Circuit) -> [&'static str; PUBLIC_INPUTS] {
    match circuit {
        Circuit::Release(_) => release::NAMES,
        Circuit::Index => index::NAMES,
    }
}

impl UnassignedCircuit {
    /// Makes the constraints, which are the same for every assignment, and returns the first of each part.
    fn build(self, cs: ConstraintSystemRef<Fr>) -> Result<Vec<(Section, usize)>, SynthesisError> {
        let mut b = Constraints::new(cs);
        match self.0 {
            Circuit::Release(shape) => release::build(
                &mut b,
                &release::Instance::default(),
                &release::Witness::unassigned(shape),
            ),
            Circuit::Index => index::build(
                &mut b,
                &index::Instance::default(),
                &index::Witness::unassigned(),
            ),
        }
        b.finish()
    }
}

/// A circuit's constraints, made once.
pub struct Compiled {
    /// The circuit.
    pub circuit: Circuit,
    /// Its constraints.
    pub r1cs: R1cs,
    /// The first constraint of each part.
    pub sections: Vec<(Section, usize)>,
}

impl Compiled {
    /// Synthesises the circuit, in the way Groth16's setup does.
    pub fn new(circuit: impl Into<Circuit>) -> Result<Self, SynthesisError> {
        let circuit = circuit.into();
        let (sections, r1cs) = R1cs::build(|cs| UnassignedCircuit(circuit).build(cs))?;
        Ok(Self {
            circuit,
            r1cs,
            sections,
        })
    }

    /// The part that holds the first constraint an assignment does not satisfy.
    pub fn violated_section(&self, assignment: &[Fr]) -> Option<Section> {
        let row = self.r1cs.first_violated(assignment)?;
        let before = self.sections.partition_point(|&(_, first)| first <= row);
        self.sections
            .get(before.checked_sub(1)?)
            .map(|&(section, _)| section)
    }
}

#[cfg(test)]
pub(crate) mod tests;
