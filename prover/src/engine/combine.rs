//! F: the combination of committed vectors that is opened, blindings included (docs/protocol.md, section 4, step 8).

use super::snapshot::Snapshot;
use ark_bn254::Fr;
use ark_ff::AdditiveGroup;
use nectar_verifier::{
    proof::{Powers, leaf_weights, segment_weights},
    statement::{Slot, Statement},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What one column contributes: a value for each code, and how often each index vector's blinding enters.
pub(super) struct ColumnWeights {
    column: u16,
    by_code: Vec<Fr>,
    blindings: Vec<(u16, Fr)>,
}

/// The statement's committed vectors by column. The derived vectors are sums of index vectors, so their blindings
/// are those of the index vectors: X holds each t >= 2 once, X2 2t - 3 times (section 2).
pub(super) fn column_weights(
    statement: &Statement,
    rho: Fr,
    powers: &Powers,
) -> Vec<ColumnWeights> {
    let mut slots = BTreeMap::<u16, Slot>::new();
    for ((column, leaf), weight) in leaf_weights(statement, rho, powers) {
        slots
            .entry(column)
            .or_default()
            .terms
            .insert((column, leaf), weight);
    }
    let weights = |(column, slot): (u16, Slot)| {
        let by_code = slot.table(column, statement.codes(column));
        // A_t enters with the step of the combined function at t.
        let steps = by_code.windows(2).map(|w| w[1] - w[0]);
        let blindings = (1..)
            .zip(steps)
            .filter(|(_, step)| *step != Fr::ZERO)
            .collect();
        ColumnWeights {
            column,
            by_code,
            blindings,
        }
    };
    slots.into_iter().map(weights).collect()
}

/// The combination over all segments at the sumcheck's point: n + 1 coefficients, the mask not yet in it.
pub(super) fn combine(
    snapshot: &Snapshot,
    codes: &[Vec<u16>],
    columns: &[ColumnWeights],
    point: &[Fr],
) -> Vec<Fr> {
    let core = &snapshot.header().core;
    let n = 1usize << core.segment_bits;
    let zero = || vec![Fr::ZERO; n + 1];
    let add = |mut f: Vec<Fr>, (k, weight): (usize, &Fr)| {
        for c in columns {
            c.add_rows(&mut f, codes, k, *weight);
            f[n] += *weight * c.blinding(snapshot, k);
        }
        f
    };
    let sum = |mut a: Vec<Fr>, b: Vec<Fr>| {
        a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        a
    };
    segment_weights(core, point)
        .par_iter()
        .enumerate()
        .fold(zero, add)
        .reduce(zero, sum)
}

impl ColumnWeights {
    fn add_rows(&self, f: &mut [Fr], codes: &[Vec<u16>], segment: usize, weight: Fr) {
        let n = f.len() - 1;
        let table: Vec<Fr> = self.by_code.iter().map(|v| *v * weight).collect();
        let codes = &codes[usize::from(self.column)];
        for (f, code) in f.iter_mut().zip(codes[segment * n..].iter().take(n)) {
            *f += table[usize::from(*code)];
        }
    }

    fn blinding(&self, snapshot: &Snapshot, segment: usize) -> Fr {
        let place = snapshot.place(self.column, segment);
        self.blindings
            .iter()
            .map(|(t, weight)| *weight * snapshot.key().code(&place, *t))
            .sum()
    }
}
