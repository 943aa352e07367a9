//! Honest witnesses from a toy prover: a few random rows, a random formula, and the sumcheck done in
//! the plainest way.

use super::super::*;
use crate::{
    poseidon::PoseidonTranscript,
    sumcheck::toy::{Run, prove},
};
use ark_bn254::Fr;
use ark_ff::{Field, One, UniformRand, Zero};
use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_verifier::{
    disclosure::release,
    layout::{Layout, WIDTHS},
    policy::{Policy, Rounding, W_LIMIT},
    shape::Shape,
};

/// Policies with thresholds low enough that a few rows give released and withheld cells.
/// The last withholds whole grams.
const POLICIES: [(u32, u8, Rounding, bool); 6] = [
    (2, 1, Rounding::Nearest, true),
    (3, 5, Rounding::Nearest, true),
    (3, 5, Rounding::Nearest, false),
    (2, 4, Rounding::Nearest, true),
    (7, 6, Rounding::Midpoint6, true),
    (48, 5, Rounding::Nearest, true),
];

/// One row: bits of consent and literals, and the three weight vectors.
struct Row {
    bits: Vec<bool>,
    weights: [Vec<u64>; 3],
}

/// A query and the rows it runs over.
pub(super) struct Toy {
    pub(super) shape: Shape,
    pub(super) formula: Formula,
    pub(super) parameters: Parameters,
    pub(super) table: Vec<u64>,
    strides: [usize; 3],
    used: [bool; 3],
    rows: Vec<Row>,
    rng: StdRng,
}

/// An honest proof's two sides, and the point they end in.
#[derive(Clone)]
pub(super) struct Honest {
    pub(super) instance: Instance,
    pub(super) witness: Witness,
    pub(super) point: Vec<Fr>,
    pub(super) released: Vec<u64>,
}

impl Toy {
    /// Everything at random from a seed.
    pub(super) fn random(seed: u64, shape: Shape, layout: Layout) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let literals: Vec<Literal> = (0..rng.gen_range(0..=shape.literals()))
            .map(|i| Literal {
                used: true,
                joins: i > 0 && rng.r#gen(),
            })
            .collect();
        let (k, base, mode, zeros) = POLICIES[rng.gen_range(0..POLICIES.len())];
        let policy = Policy::new(k, base, mode, zeros, W_LIMIT).expect("valid");
        let mut widths = [0; WIDTHS];
        widths.fill_with(|| rng.gen_range(0..=5));
        let (sizes, strides) = sizes(&mut rng, shape, layout);
        let used = sizes.map(|size| size > 1);
        let formula = Formula::new(shape, &literals, used, layout).expect("fits");
        let rows = (0..60)
            .map(|_| row(&mut rng, literals.len(), layout, sizes, &widths))
            .collect();
        let parameters = Parameters { policy, widths };
        let mut toy = Self {
            shape,
            formula,
            parameters,
            table: Vec::new(),
            strides,
            used,
            rows,
            rng,
        };
        toy.table = toy.tabulate();
        toy
    }

    /// The true table.
    fn tabulate(&self) -> Vec<u64> {
        let mut table = vec![0; self.shape.cells()];
        for row in &self.rows {
            let mut slots = self.slots(row, Fr::zero());
            slots[self.shape.slots() - 3..].fill(Fr::one());
            if self.formula.value(&slots).is_zero() {
                continue;
            }
            for (a, u) in row.weights[0].iter().enumerate() {
                for (c, v) in row.weights[1].iter().enumerate() {
                    for (b, w) in row.weights[2].iter().enumerate() {
                        let [x, y, z] = self.strides;
                        table[a * x + c * y + b * z] += u * v * w;
                    }
                }
            }
        }
        table
    }

    /// The values of one row's slots; unused ones are 0.
    fn slots(&self, row: &Row, rho: Fr) -> Vec<Fr> {
        let mut slots: Vec<Fr> = row
            .bits
            .iter()
            .map(|&bit| Fr::from(u64::from(bit)))
            .collect();
        slots.resize(1 + self.shape.literals(), Fr::zero());
        for ((weights, stride), used) in row.weights.iter().zip(self.strides).zip(self.used) {
            let step = rho.pow([stride as u64]);
            let fold = |sum: Fr, &weight: &u64| sum * step + Fr::from(weight);
            let value = weights.iter().rev().fold(Fr::zero(), fold);
            slots.push(if used { value } else { Fr::zero() });
        }
        slots
    }

    /// Runs the prover with fresh challenges and salts.
    pub(super) fn prove(&mut self) -> Honest {
        let [rho, lambda, mask, table, rounds, evaluations] =
            [(); 6].map(|()| Fr::rand(&mut self.rng));
        let salts = Salts {
            table,
            rounds,
            evaluations,
        };
        let rows = self.rows.iter().map(|row| self.slots(row, rho)).collect();
        let Run {
            messages,
            values,
            point,
        } = prove(
            self.shape.into(),
            PoseidonTranscript::new(self.shape, rho, salts.rounds),
            rows,
            |slots| self.formula.value(slots),
        );
        let Parameters { policy, widths } = self.parameters;
        let released =
            release(&policy, self.formula.layout(), &widths, &self.table).expect("in range");
        let instance = Instance {
            rho,
            com_n: table_commitment(self.shape, salts.table, &self.table),
            com_v: evaluation_commitment(self.shape, salts.evaluations, &values, mask, &point),
            lambda,
            l: combination(lambda, &values, mask, &point, &released),
            flags: Fr::from(self.formula.pack()),
            policy: self.parameters.pack(),
        };
        let witness = Witness::new(
            self.shape,
            self.table.clone(),
            salts,
            messages,
            values,
            mask,
        );
        Honest {
            instance,
            witness: witness.expect("fits"),
            point,
            released,
        }
    }
}

/// Sizes and strides of U, V and W.
fn sizes(rng: &mut StdRng, shape: Shape, layout: Layout) -> ([usize; 3], [usize; 3]) {
    let cells = shape.cells();
    match layout {
        Layout::Counts => {
            let [a, c, s] = [
                rng.gen_range(1..=4),
                rng.gen_range(1..=4),
                rng.gen_range(1..=4),
            ];
            ([a, c, s], [c * s, s, 1])
        }
        Layout::Moments => {
            let [a, c] = [rng.gen_range(1..=4), rng.gen_range(1..=2)];
            ([a, c, 4], [c * 4, 4, 1])
        }
        Layout::Gram4 => ([4, rng.gen_range(1..=cells / 16), 4], [4, 16, 1]),
        Layout::Gram8 => ([8, rng.gen_range(1..=cells / 64), 8], [8, 64, 1]),
    }
}

fn row(
    rng: &mut StdRng,
    literals: usize,
    layout: Layout,
    sizes: [usize; 3],
    widths: &[u8; WIDTHS],
) -> Row {
    let bits = (0..=literals).map(|_| rng.gen_bool(0.85)).collect();
    let xs: Vec<u64> = widths
        .iter()
        .map(|&w| rng.gen_range(0..1u64 << w))
        .collect();
    let mut group = |size: usize| {
        let chosen = rng.gen_range(0..size);
        (0..size)
            .map(|i| u64::from(size == 1 || i == chosen))
            .collect::<Vec<_>>()
    };
    let powers = |size: usize| [&[1], &xs[..size - 1]].concat();
    let weights = match layout {
        Layout::Counts => sizes.map(group),
        Layout::Moments => {
            let [u, v] = [group(sizes[0]), group(sizes[1])];
            let present = u64::from(rng.gen_bool(0.8));
            [
                u,
                v,
                vec![present, present * xs[0], present * xs[0] * xs[0], 1],
            ]
        }
        Layout::Gram4 | Layout::Gram8 => [powers(sizes[0]), group(sizes[1]), powers(sizes[2])],
    };
    Row { bits, weights }
}
