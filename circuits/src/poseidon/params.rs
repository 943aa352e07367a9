//! Parameters of the permutation, and three forms of its linear layers.
//!
//! Round constants and matrix come from the Grain LFSR of the Poseidon paper; round numbers are the
//! paper's for 128 bits, exponent 5 and this width. One definition, three forms: the dense matrix
//! for full rounds, sparse matrices for partial rounds computed natively, and for the circuit the
//! inverse view, in which every S-box output is a combination of later S-box inputs.

use super::linear::{Matrix, apply, dot, identity, invert, multiply};
use ark_bn254::Fr;
use ark_crypto_primitives::sponge::poseidon::find_poseidon_ark_and_mds;
use ark_ff::{Field, PrimeField, Zero};
use nectar_verifier::{circuit::Circuit, shape::Shape};
use std::sync::LazyLock;

/// Rounds in which every element passes the S-box; half of them before the partial rounds.
pub const FULL_ROUNDS: usize = 8;

const HALF: usize = FULL_ROUNDS / 2;

/// The permutation of one width, with everything that is computed once.
pub struct Params {
    /// Constants added before the S-boxes of each round.
    constants: Vec<Vec<Fr>>,
    mds: Matrix,
    partial_rounds: usize,
    sparse: Sparse,
    inverse: Inverse,
}

/// The partial rounds in another basis of elements 1 .. of the state, where each round's matrix has
/// one full row and one full column only (appendix B of the Poseidon paper).
struct Sparse {
    rounds: Vec<SparseRound>,
    /// Leads back to the ordinary basis after the last partial round.
    back: Matrix,
}

struct SparseRound {
    row: Vec<Fr>,
    column: Vec<Fr>,
    constants: Vec<Fr>,
}

/// S-box outputs as combinations of later S-box inputs, for the circuit.
struct Inverse {
    mds: Matrix,
    /// Outputs of the last full round before the partial ones, over [`Params::basis`].
    entry: Vec<Vec<Fr>>,
    /// Outputs of the partial rounds, over [`Params::basis`].
    partial: Vec<Vec<Fr>>,
}

impl Params {
    /// The parameters a circuit hashes with: rate 8 in the compact release circuit, else 16.
    pub fn of(circuit: impl Into<Circuit>) -> &'static Self {
        static RATE_8: LazyLock<Params> = LazyLock::new(|| Params::generate(8, 63));
        static RATE_16: LazyLock<Params> = LazyLock::new(|| Params::generate(16, 68));
        match circuit.into() {
            Circuit::Release(Shape::Compact) => &RATE_8,
            Circuit::Release(Shape::Wide) | Circuit::Index => &RATE_16,
        }
    }

    /// Derives the parameters for a rate.
    pub(super) fn generate(rate: usize, partial_rounds: usize) -> Self {
        let (constants, mds) = find_poseidon_ark_and_mds::<Fr>(
            u64::from(Fr::MODULUS_BIT_SIZE),
            rate,
            FULL_ROUNDS as u64,
            partial_rounds as u64,
            0,
        );
        let inner = &constants[HALF..=HALF + partial_rounds];
        let sparse = Sparse::new(&mds, inner);
        let inverse = Inverse::new(&mds, inner);
        Self {
            constants,
            mds,
            partial_rounds,
            sparse,
            inverse,
        }
    }

    /// Elements of the state: the rate and one capacity element.
    pub fn width(&self) -> usize {
        self.mds.len()
    }

    /// Elements absorbed by one permutation.
    pub fn rate(&self) -> usize {
        self.width() - 1
    }

    /// Rounds in which only element 0 passes the S-box.
    pub fn partial_rounds(&self) -> usize {
        self.partial_rounds
    }

    /// Permutes a state.
    pub fn permute(&self, state: &mut [Fr]) {
        self.permute_observed(state, |_| ());
    }

    /// Permutes a state and shows the input of every S-box, in order.
    pub fn permute_observed(&self, state: &mut [Fr], mut observe: impl FnMut(Fr)) {
        for constants in &self.constants[..HALF] {
            self.full_round(state, constants, &mut observe);
        }
        add(state, &self.constants[HALF]);
        for round in &self.sparse.rounds {
            observe(state[0]);
            state[0] = power_5(state[0]);
            round.mix(state);
        }
        let end = apply(&self.sparse.back, &state[1..]);
        state[1..].copy_from_slice(&end);
        let zeros = vec![Fr::zero(); self.width()];
        for i in 0..HALF {
            // The partial rounds have already added the constants of the round after them.
            let constants = match i {
                0 => &zeros,
                _ => &self.constants[HALF + self.partial_rounds + i],
            };
            self.full_round(state, constants, &mut observe);
        }
    }

    fn full_round(&self, state: &mut [Fr], constants: &[Fr], mut observe: impl FnMut(Fr)) {
        add(state, constants);
        for element in state.iter_mut() {
            observe(*element);
            *element = power_5(*element);
        }
        let mixed = apply(&self.mds, state);
        state.copy_from_slice(&mixed);
    }

    /// Constants of the first round.
    pub(crate) fn first_constants(&self) -> &[Fr] {
        &self.constants[0]
    }

    /// Output `i` of a full round as constant and coefficients over the inputs of the next full
    /// round, which is round `next` counted over all rounds; the last round is followed by the
    /// permutation's output, where no constants are added.
    pub(crate) fn full_output(&self, i: usize, next: usize) -> (Fr, &[Fr]) {
        let row = &self.inverse.mds[i];
        let constant = self
            .constants
            .get(next)
            .map_or(Fr::zero(), |added| -dot(row, added));
        (constant, row)
    }

    /// Output `i` of the full round before the partial ones, over the basis; the last is constant.
    ///
    /// The basis is: the inputs of the full round after the partial ones (one an element), the
    /// inputs of the partial rounds (one a round), and 1.
    pub(crate) fn entry_output(&self, i: usize) -> &[Fr] {
        &self.inverse.entry[i]
    }

    /// Output of partial round `i` over the basis of [`Params::entry_output`].
    pub(crate) fn partial_output(&self, i: usize) -> &[Fr] {
        &self.inverse.partial[i]
    }
}

impl Sparse {
    /// `constants` are those of the partial rounds and of the round after them.
    fn new(mds: &Matrix, constants: &[Vec<Fr>]) -> Self {
        // A state x of the ordinary basis is (z_0, back * z_rest). That map commutes with the S-box
        // of a partial round, so it can be carried through all of them and applied once.
        let mut back = identity(mds.len() - 1);
        let mut rounds = Vec::new();
        for added in &constants[1..] {
            let whole = multiply(mds, &extend(&back));
            back = whole[1..].iter().map(|row| row[1..].to_vec()).collect();
            let undo = invert(&back).expect("minors of an MDS matrix are not singular");
            let first_column: Vec<Fr> = whole[1..].iter().map(|row| row[0]).collect();
            let mut moved = vec![added[0]];
            moved.extend(apply(&undo, &added[1..]));
            rounds.push(SparseRound {
                row: whole[0].clone(),
                column: apply(&undo, &first_column),
                constants: moved,
            });
        }
        Self { rounds, back }
    }
}

impl SparseRound {
    /// Applies matrix and constants to a state whose element 0 has passed the S-box.
    fn mix(&self, state: &mut [Fr]) {
        let first = dot(&self.row, state) + self.constants[0];
        let output = state[0];
        for (element, (factor, constant)) in state[1..]
            .iter_mut()
            .zip(self.column.iter().zip(&self.constants[1..]))
        {
            *element += *factor * output + constant;
        }
        state[0] = first;
    }
}

impl Inverse {
    /// `constants` are those of the partial rounds and of the round after them.
    ///
    /// Walks the partial rounds backwards: what a round's matrix was given is the inverse matrix
    /// times the next inputs less their constants. Of these only the inputs of S-boxes are
    /// variables, the others are combinations of later ones.
    fn new(mds: &Matrix, constants: &[Vec<Fr>]) -> Self {
        let mds = invert(mds).expect("an MDS matrix is not singular");
        let (width, rounds) = (mds.len(), constants.len() - 1);
        let basis = width + rounds + 1;
        let unit = |k: usize| {
            (0..basis)
                .map(|j| Fr::from(u64::from(j == k)))
                .collect::<Vec<_>>()
        };
        let mut next: Vec<Vec<Fr>> = (0..width).map(unit).collect();
        let mut partial = Vec::new();
        for i in (0..rounds).rev() {
            next = before(&mds, &next, &constants[i + 1]);
            partial.push(std::mem::replace(&mut next[0], unit(width + i)));
        }
        partial.reverse();
        let entry = before(&mds, &next, &constants[0]);
        Self {
            mds,
            entry,
            partial,
        }
    }
}

/// What the matrix was given, from what it gave with constants added, both as combinations.
fn before(inverse: &Matrix, next: &[Vec<Fr>], constants: &[Fr]) -> Vec<Vec<Fr>> {
    let combine = |row: &Vec<Fr>| {
        let mut sum = vec![Fr::zero(); next[0].len()];
        for ((factor, input), constant) in row.iter().zip(next).zip(constants) {
            for (term, coefficient) in sum.iter_mut().zip(input) {
                *term += *factor * coefficient;
            }
            if let Some(term) = sum.last_mut() {
                *term -= *factor * constant;
            }
        }
        sum
    };
    inverse.iter().map(combine).collect()
}

/// A map of elements 1 .. as a map of the state.
fn extend(inner: &Matrix) -> Matrix {
    let mut whole = identity(inner.len() + 1);
    for (row, values) in whole[1..].iter_mut().zip(inner) {
        row[1..].copy_from_slice(values);
    }
    whole
}

fn add(state: &mut [Fr], constants: &[Fr]) {
    for (element, constant) in state.iter_mut().zip(constants) {
        *element += constant;
    }
}

/// The S-box.
fn power_5(x: Fr) -> Fr {
    x.square().square() * x
}
