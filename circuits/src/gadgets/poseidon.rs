//! Poseidon in constraints: three an S-box, and every dense combination once.
//!
//! x^5 takes x2 = x * x, x4 = x2 * x2 and x4 * x = x^5. The third product is no variable of its own:
//! what is allocated is the input of the next S-boxes, of which x^5 is a combination (the inverse of
//! the linear layer), so the first two sides stay single variables and the dense side is the third.

use super::{
    builder::{Builder, Number},
    num::{Linear, Num},
};
use crate::poseidon::{FULL_ROUNDS, Params, PoseidonTranscript, Use};
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::circuit::Circuit;

const HALF: usize = FULL_ROUNDS / 2;

/// Hashes a list as [`crate::poseidon::hash`] does.
fn hash<B: Builder>(b: &mut B, circuit: Circuit, purpose: Use, inputs: &[Number<B>]) -> Number<B> {
    let mut sponge = Sponge::new(circuit, purpose.tag(inputs.len()));
    for block in inputs.chunks(sponge.params.rate()) {
        sponge.absorb(b, block);
    }
    sponge.output().clone()
}

/// Demands that a public commitment opens to a salt and lists.
pub(crate) fn commitment<B: Builder>(
    b: &mut B,
    circuit: Circuit,
    purpose: Use,
    salt: &Number<B>,
    lists: &[&[Number<B>]],
    want: &Number<B>,
) {
    let mut inputs = vec![salt.clone()];
    inputs.extend(lists.concat());
    let digest = hash(b, circuit, purpose, &inputs);
    b.equal(&digest, want);
}

/// A sponge that absorbs blocks of at most `rate` numbers.
pub(crate) struct Sponge<L> {
    params: &'static Params,
    state: Vec<Num<L>>,
}

impl<L: Linear> Sponge<L> {
    fn new(circuit: Circuit, tag: Fr) -> Self {
        let params = Params::of(circuit);
        let mut state = vec![Num::default(); params.width()];
        state[0] = Num::constant(tag);
        Self { params, state }
    }

    /// The transcript of the sumcheck, started as [`PoseidonTranscript::new`] does.
    pub(crate) fn transcript<B: Builder<Linear = L>>(
        b: &mut B,
        circuit: Circuit,
        challenge: &Num<L>,
        salt: &Num<L>,
    ) -> Self {
        let mut sponge = Self::new(circuit, PoseidonTranscript::tag(circuit));
        sponge.absorb(b, &[challenge.clone(), salt.clone()]);
        sponge
    }

    /// Adds a block to the rate part and permutes.
    pub(crate) fn absorb<B: Builder<Linear = L>>(&mut self, b: &mut B, block: &[Num<L>]) {
        for (element, input) in self.state[1..].iter_mut().zip(block) {
            *element += input;
        }
        self.state = permute(b, self.params, &self.state);
    }

    /// The first element of the rate part: digest or challenge.
    pub(crate) fn output(&self) -> &Num<L> {
        &self.state[1]
    }
}

/// The inputs of all S-boxes of one permutation, and what it gives.
struct Trace<L> {
    first: Vec<Vec<Num<L>>>,
    partial: Vec<Num<L>>,
    last: Vec<Vec<Num<L>>>,
    output: Vec<Num<L>>,
}

fn permute<B: Builder>(b: &mut B, params: &Params, state: &[Number<B>]) -> Vec<Number<B>> {
    let trace = allocate(b, params, state);
    for round in 0..HALF - 1 {
        full_round(
            b,
            params,
            &trace.first[round],
            &trace.first[round + 1],
            round + 1,
        );
    }
    inner_rounds(b, params, &trace);
    for round in 0..HALF {
        let next = trace.last.get(round + 1).unwrap_or(&trace.output);
        let index = HALF + params.partial_rounds() + round + 1;
        full_round(b, params, &trace.last[round], next, index);
    }
    trace.output
}

/// Variables for the inputs of every S-box but those of the first round, which are combinations of
/// the state, and for the output.
fn allocate<B: Builder>(b: &mut B, params: &Params, state: &[Number<B>]) -> Trace<B::Linear> {
    let width = params.width();
    let mut values: Vec<Fr> = state.iter().map(|number| number.value).collect();
    let mut inputs = Vec::with_capacity(FULL_ROUNDS * width + params.partial_rounds());
    params.permute_observed(&mut values, |input| inputs.push(input));

    let constants = params.first_constants().iter();
    let entering = state
        .iter()
        .zip(constants)
        .map(|(number, &c)| number.clone() + c)
        .collect();
    let mut rest = inputs.into_iter().skip(width).chain(values);
    let mut take = |count| -> Vec<Number<B>> {
        rest.by_ref()
            .take(count)
            .map(|value| b.witness(value))
            .collect()
    };
    let mut first = vec![entering];
    first.extend((1..HALF).map(|_| take(width)));
    let partial = take(params.partial_rounds());
    let last = (0..HALF).map(|_| take(width)).collect();
    Trace {
        first,
        partial,
        last,
        output: take(width),
    }
}

/// One full round whose outputs meet the inputs of round `index`, again a full one.
fn full_round<B: Builder>(
    b: &mut B,
    params: &Params,
    inputs: &[Number<B>],
    next: &[Number<B>],
    index: usize,
) {
    let basis: Vec<_> = next.iter().collect();
    for (i, input) in inputs.iter().enumerate() {
        let (constant, row) = params.full_output(i, index);
        let mut terms = B::Linear::combine(row, &basis);
        terms.add_scaled(&B::Linear::constant(constant), Fr::one());
        sbox(b, input, terms);
    }
}

/// The last full round before the partial rounds, and these.
fn inner_rounds<B: Builder>(b: &mut B, params: &Params, trace: &Trace<B::Linear>) {
    let one = Num::one();
    let basis: Vec<_> = trace.last[0]
        .iter()
        .chain(&trace.partial)
        .chain([&one])
        .collect();
    for (i, input) in trace.first[HALF - 1].iter().enumerate() {
        sbox(b, input, B::Linear::combine(params.entry_output(i), &basis));
    }
    for (i, input) in trace.partial.iter().enumerate() {
        sbox(
            b,
            input,
            B::Linear::combine(params.partial_output(i), &basis),
        );
    }
}

/// Demands that the fifth power of `input` is the given combination.
fn sbox<B: Builder>(b: &mut B, input: &Number<B>, output: B::Linear) {
    let x2 = b.product(input, input);
    let x4 = b.product(&x2, &x2);
    let x5 = Num {
        value: x4.value * input.value,
        terms: output,
    };
    b.enforce(&x4, input, &x5);
}
