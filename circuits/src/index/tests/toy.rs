//! Witnesses from a toy prover: the rows of one small column, well formed or not.

use super::super::{predicate::formula, *};
use crate::{
    poseidon::PoseidonTranscript,
    sumcheck::toy::{Run, prove},
};
use ark_bn254::Fr;
use ark_ff::{Field, UniformRand};
use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_verifier::circuit::{Circuit, index::BITS};

/// One row as it is committed.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) exists: bool,
    /// The codes that the index vectors give it, and how often; honestly one if it exists, else none.
    pub(super) codes: Vec<(i64, u64)>,
    /// What stands in the digits' vectors, least first.
    pub(super) digits: [u64; BITS],
}

/// A column.
pub(super) struct Toy {
    pub(super) rows: Vec<Row>,
    rng: StdRng,
}

/// A proof's two sides, and the point they end in.
#[derive(Clone)]
pub(super) struct Honest {
    pub(super) instance: Instance,
    pub(super) witness: Witness,
    pub(super) point: Vec<Fr>,
}

impl Row {
    /// A row of a code.
    pub(super) fn of(code: u64) -> Self {
        Self {
            exists: true,
            codes: vec![(1, code)],
            digits: std::array::from_fn(|b| code >> b & 1),
        }
    }

    /// A place past the last row.
    pub(super) fn none() -> Self {
        Self {
            exists: false,
            codes: vec![],
            digits: [0; BITS],
        }
    }

    /// What the formula combines: weight, presence, W, and the digits.
    fn values(&self, code: Fr, weight: Fr) -> Vec<Fr> {
        let codes = self.codes.iter();
        let w = codes
            .map(|&(times, t)| Fr::from(times) * code.pow([t]))
            .sum();
        let mut values = vec![weight, Fr::from(u64::from(self.exists)), w];
        values.extend(self.digits.map(Fr::from));
        values
    }
}

impl Toy {
    /// A well-formed column at random from a seed: at least 20 rows, codes of at most `bits` digits,
    /// and places past the last row.
    pub(super) fn random(seed: u64, bits: u32) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut rows: Vec<_> = (0..rng.gen_range(20..60))
            .map(|_| Row::of(rng.gen_range(0..1 << bits)))
            .collect();
        rows.resize(64, Row::none());
        Self { rows, rng }
    }

    /// Runs the prover with fresh challenges and salts, whether the column is well formed or not.
    pub(super) fn prove(&mut self) -> Honest {
        let batch = Fr::rand(&mut self.rng);
        self.prove_batched(batch)
    }

    /// Runs the prover with a given BATCH.
    ///
    /// Random weights of the rows stand for eq(theta, .): the statement does not ask where WEIGHT is from.
    pub(super) fn prove_batched(&mut self, batch: Fr) -> Honest {
        let [code, lambda, mask, rounds, evaluations] = [(); 5].map(|()| Fr::rand(&mut self.rng));
        let salts = Salts {
            rounds,
            evaluations,
        };
        let rng = &mut self.rng;
        let rows = self.rows.iter();
        let rows = rows.map(|row| row.values(code, Fr::rand(rng))).collect();
        let at = |values: &[Fr]| Instance {
            code,
            batch,
            weight: values[0],
            presence: values[1],
            ..Instance::default()
        };
        let Run {
            messages,
            values,
            point,
        } = prove(
            Circuit::Index,
            PoseidonTranscript::new(Circuit::Index, code, salts.rounds),
            rows,
            |values| formula(&at(values), &values[2..]),
        );
        let opened = values[2..].to_vec();
        let instance = Instance {
            lambda,
            ..at(&values)
        };
        let witness = Witness::new(salts, messages, opened, mask).expect("fits");
        let mut honest = Honest {
            instance,
            witness,
            point,
        };
        honest.commit();
        honest.combine();
        honest
    }
}

impl Honest {
    /// Replays the transcript, and makes com_v and L anew, as a prover who lies earlier would.
    pub(super) fn close(&mut self) {
        let salt = self.witness.salts.rounds;
        let mut transcript = PoseidonTranscript::new(Circuit::Index, self.instance.code, salt);
        let messages = self.witness.rounds.iter();
        self.point = messages.map(|m| transcript.challenge(m)).collect();
        self.commit();
        self.combine();
    }

    /// Makes com_v anew.
    pub(super) fn commit(&mut self) {
        let (witness, point) = (&self.witness, &self.point);
        let salt = witness.salts.evaluations;
        self.instance.com_v =
            evaluation_commitment(salt, &witness.evaluations, witness.mask, point);
    }

    /// Makes L anew.
    pub(super) fn combine(&mut self) {
        let (witness, point) = (&self.witness, &self.point);
        let lambda = self.instance.lambda;
        self.instance.l = combination(lambda, &witness.evaluations, witness.mask, point, &[]);
    }
}
