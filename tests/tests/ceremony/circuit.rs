//! A small circuit of seven public inputs: a private sequence, each step under one of six public keys, ends in the
//! seventh. Its domain is as large as the small file of the real ceremony allows.

use ark_bn254::Fr;
use ark_relations::{
    gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, SynthesisError, Variable},
    lc,
};
use nectar_circuits::r1cs::R1cs;

/// Names of the public inputs.
pub const NAMES: [&str; 7] = ["end", "key1", "key2", "key3", "key4", "key5", "key6"];
/// Steps, a constraint each.
const STEPS: usize = 1_500;
/// Power of the domain's size.
pub const BITS: u8 = 11;

/// The circuit with an assignment.
pub struct Sequence {
    keys: [Fr; 6],
    /// x_0, x_1, and x_{i+2} = (x_i + i) (x_{i+1} + key).
    values: Vec<Fr>,
}

impl Sequence {
    /// The assignment of a beginning.
    pub fn new(seed: u64) -> Self {
        let keys = [1, 2, 3, 4, 5, 6].map(|i| Fr::from(seed + i));
        let mut values = vec![Fr::from(seed), Fr::from(seed * seed)];
        for i in 0..STEPS {
            let next = (values[i] + Fr::from(i as u64)) * (values[i + 1] + keys[i % 6]);
            values.push(next);
        }
        Sequence { keys, values }
    }

    /// The public inputs.
    pub fn inputs(&self) -> [Fr; 7] {
        let [a, b, c, d, e, f] = self.keys;
        [self.values[STEPS + 1], a, b, c, d, e, f]
    }

    /// 1, the public inputs, the private variables.
    pub fn assignment(&self) -> Vec<Fr> {
        [&[Fr::from(1u8)], &self.inputs()[..], &self.values].concat()
    }

    /// The constraints, which are the same for every assignment.
    pub fn r1cs() -> R1cs {
        let r1cs = R1cs::new(Sequence::new(0)).expect("the circuit can be synthesised");
        assert_eq!(r1cs.domain_size(), 1 << BITS);
        r1cs
    }
}

impl ConstraintSynthesizer<Fr> for Sequence {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        let input = |value| cs.new_input_variable(|| Ok(value));
        let inputs = self.inputs().map(input);
        let witness = |value| cs.new_witness_variable(|| Ok(value));
        let values = self.values.into_iter().map(witness);
        let values: Vec<Variable> = values.collect::<Result<_, _>>()?;
        let [end, keys @ ..] = inputs;
        for (i, step) in values.windows(3).enumerate() {
            let [x, y, z] = [step[0], step[1], step[2]];
            let (key, place) = (keys[i % 6]?, Fr::from(i as u64));
            cs.enforce_r1cs_constraint(
                || lc!() + x + (place, Variable::One),
                || lc!() + y + key,
                || lc!() + z,
            )?;
        }
        let (end, last) = (end?, values[STEPS + 1]);
        cs.enforce_r1cs_constraint(|| lc!() + last, || lc!() + Variable::One, || lc!() + end)
    }
}
