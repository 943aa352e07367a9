//! What the prover of the release statement knows.

use crate::{
    poseidon::{Use, hash},
    sumcheck::{Mismatch, check, check_rounds},
};
use ark_bn254::Fr;
use ark_ff::Zero;
use nectar_verifier::shape::Shape;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The salts of the three sponges. Fresh for every attempt (protocol, section 4), and wiped.
#[derive(Clone, Default, Zeroize, ZeroizeOnDrop)]
pub struct Salts {
    /// salt1, of com_N.
    pub table: Fr,
    /// salt2, of the round transcript.
    pub rounds: Fr,
    /// salt3, of com_v.
    pub evaluations: Fr,
}

/// The private side of the statement. It has no `Debug`: nothing of it may be printed. It is wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Witness {
    #[zeroize(skip)]
    pub(super) shape: Shape,
    pub(super) table: Vec<u64>,
    pub(super) salts: Salts,
    pub(super) rounds: Vec<Vec<Fr>>,
    pub(super) evaluations: Vec<Fr>,
    pub(super) mask: Fr,
}

impl Witness {
    /// Gathers a witness.
    ///
    /// `table` may leave out unused cells at its end, which are 0. `rounds` are the messages of all
    /// K rounds, each the coefficients c_0, c_2, .. c_degree. `evaluations` are those of all slots,
    /// used or not; `mask` is mu.
    pub fn new(
        shape: Shape,
        mut table: Vec<u64>,
        salts: Salts,
        rounds: Vec<Vec<Fr>>,
        evaluations: Vec<Fr>,
        mask: Fr,
    ) -> Result<Self, Mismatch> {
        table.resize(table.len().max(shape.cells()), 0);
        check("table", table.len(), shape.cells())?;
        check_rounds(shape.into(), &rounds, &evaluations)?;
        Ok(Self {
            shape,
            table,
            salts,
            rounds,
            evaluations,
            mask,
        })
    }

    /// A witness of zeros, for setup, where only the shape matters.
    pub(crate) fn unassigned(shape: Shape) -> Self {
        Self {
            shape,
            table: vec![0; shape.cells()],
            salts: Salts::default(),
            rounds: vec![vec![Fr::zero(); shape.degree()]; shape.rounds()],
            evaluations: vec![Fr::zero(); shape.slots()],
            mask: Fr::zero(),
        }
    }

    /// The shape the lists fit.
    pub fn shape(&self) -> Shape {
        self.shape
    }
}

/// com_N = Poseidon(salt1, N_*). Cells left out at the end of the table are 0.
pub fn table_commitment(shape: Shape, salt: Fr, table: &[u64]) -> Fr {
    let mut inputs = vec![salt];
    inputs.extend(table.iter().copied().map(Fr::from));
    inputs.resize(1 + shape.cells(), Fr::zero());
    hash(shape, Use::Table, &inputs)
}
