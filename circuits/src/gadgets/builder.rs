//! What a gadget builds into: constraints, or only the values of their variables.

use super::num::{Linear, Num, Terms};
use ark_bn254::Fr;
use ark_ff::One;
use ark_relations::gr1cs::{ConstraintSystemRef, LinearCombination, SynthesisError, Variable};
use zeroize::Zeroizing;

/// The parts of the circuits, named for reports and tests. The index circuit has rounds, formula,
/// evaluations and the linear check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The packed formula flags and the packed policy are bits.
    Parameters,
    /// com_N opens to the table.
    Table,
    /// The round messages reduce the first claim to the last.
    Rounds,
    /// The last claim is the formula of the evaluations.
    Formula,
    /// com_v opens to evaluations, mask and point.
    Evaluations,
    /// Rounding units of the 64 positions.
    RoundingUnits,
    /// Support tests, rounding and suppression of every cell.
    Disclosure,
    /// L is the combination of everything public and long.
    Linear,
}

/// Receives variables and constraints in the order of the circuit.
pub(crate) trait Builder {
    /// How numbers remember their variables.
    type Linear: Linear;

    /// A new public input.
    fn input(&mut self, value: Fr) -> Num<Self::Linear>;

    /// A new private variable.
    fn witness(&mut self, value: Fr) -> Num<Self::Linear>;

    /// New private variables.
    fn witnesses(&mut self, values: &[Fr]) -> Vec<Number<Self>> {
        values.iter().map(|&value| self.witness(value)).collect()
    }

    /// Demands `a * b = c`. Variables on the side of `b` cost the most when proving.
    fn enforce(&mut self, a: &Number<Self>, b: &Number<Self>, c: &Number<Self>);

    /// Says which part of the circuit the constraints from here on belong to.
    fn section(&mut self, _: Section) {}

    /// A variable for `a * b`.
    fn product(&mut self, a: &Number<Self>, b: &Number<Self>) -> Number<Self> {
        let c = self.witness(a.value * b.value);
        self.enforce(a, b, &c);
        c
    }

    /// Demands `a = b`.
    fn equal(&mut self, a: &Number<Self>, b: &Number<Self>) {
        self.enforce(&(a.clone() - b), &Num::one(), &Num::default());
    }

    /// A variable for a combination that is used too often to be written out each time.
    fn shorthand(&mut self, of: &Number<Self>) -> Number<Self> {
        let short = self.witness(of.value);
        self.equal(of, &short);
        short
    }
}

/// The numbers of a builder.
pub(crate) type Number<B> = Num<<B as Builder>::Linear>;

/// Computes values only: what proving needs once the matrices are known. They are wiped when dropped.
pub(crate) struct Values {
    /// The constant 1 and the public inputs.
    instance: Vec<Fr>,
    witness: Zeroizing<Vec<Fr>>,
}

impl Values {
    /// Room for the private variables of every circuit: a list that outgrows its room moves, and leaves
    /// a copy behind that nobody wipes.
    const ROOM: usize = 1 << 16;

    /// Nothing but the constant 1.
    pub(crate) fn new() -> Self {
        Self {
            instance: vec![Fr::one()],
            witness: Zeroizing::new(Vec::with_capacity(Self::ROOM)),
        }
    }

    /// The full assignment: 1, public inputs, private variables.
    pub(crate) fn into_assignment(self) -> Zeroizing<Vec<Fr>> {
        Zeroizing::new([&self.instance[..], &self.witness].concat())
    }
}

impl Builder for Values {
    type Linear = ();

    fn input(&mut self, value: Fr) -> Num<()> {
        self.instance.push(value);
        Num { value, terms: () }
    }

    fn witness(&mut self, value: Fr) -> Num<()> {
        debug_assert!(self.witness.len() < Self::ROOM);
        self.witness.push(value);
        Num { value, terms: () }
    }

    fn enforce(&mut self, _: &Num<()>, _: &Num<()>, _: &Num<()>) {}
}

/// Makes constraints in an arkworks constraint system.
pub(crate) struct Constraints {
    cs: ConstraintSystemRef<Fr>,
    /// The first failure, kept so that gadgets need not pass it on.
    failure: Option<SynthesisError>,
    /// The first constraint of each section.
    sections: Vec<(Section, usize)>,
}

impl Constraints {
    /// Builds into `cs`.
    pub(crate) fn new(cs: ConstraintSystemRef<Fr>) -> Self {
        Self {
            cs,
            failure: None,
            sections: Vec::new(),
        }
    }

    /// The first constraint of each section, or the first failure.
    pub(crate) fn finish(self) -> Result<Vec<(Section, usize)>, SynthesisError> {
        self.failure.map_or(Ok(self.sections), Err)
    }

    fn number(&mut self, value: Fr, variable: Result<Variable, SynthesisError>) -> Num<Terms> {
        let variable = variable.unwrap_or_else(|failure| {
            self.failure.get_or_insert(failure);
            Variable::Zero
        });
        Num {
            value,
            terms: Terms::variable(variable),
        }
    }
}

impl Builder for Constraints {
    type Linear = Terms;

    fn section(&mut self, section: Section) {
        self.sections.push((section, self.cs.num_constraints()));
    }

    fn input(&mut self, value: Fr) -> Num<Terms> {
        let variable = self.cs.new_input_variable(|| Ok(value));
        self.number(value, variable)
    }

    fn witness(&mut self, value: Fr) -> Num<Terms> {
        let variable = self.cs.new_witness_variable(|| Ok(value));
        self.number(value, variable)
    }

    fn enforce(&mut self, a: &Num<Terms>, b: &Num<Terms>, c: &Num<Terms>) {
        let side = |number: &Num<Terms>| LinearCombination(number.terms.0.clone());
        let done = self
            .cs
            .enforce_r1cs_constraint(|| side(a), || side(b), || side(c));
        if let Err(failure) = done {
            self.failure.get_or_insert(failure);
        }
    }
}
