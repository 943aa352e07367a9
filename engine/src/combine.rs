//! F: the combination of committed vectors that is opened, blindings included (docs/protocol.md, section 4, step 8).

use super::snapshot::Snapshot;
use ark_bn254::Fr;
use ark_ff::AdditiveGroup;
use nectar_verifier::{
    column::{Column, Leaf, LeafRef},
    evaluation::segment_weights,
    statement::Slot,
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What one column contributes: a value for each code, and how often each index vector's blinding enters.
pub(super) struct ColumnWeights {
    column: u16,
    by_code: Vec<Fr>,
    blindings: Vec<(Leaf, Fr)>,
}

/// Weighted vectors by column. The derived vectors are sums of index vectors, so their blindings are those of the
/// index vectors: X holds each t >= 2 once, X2 2t - 3 times (section 2). Digits have blindings of their own.
pub(super) fn column_weights(
    columns: &[Column],
    weights: BTreeMap<LeafRef, Fr>,
) -> Vec<ColumnWeights> {
    let mut slots = BTreeMap::<u16, [Slot; 2]>::new();
    for (leaf, weight) in weights {
        let [steps, digits] = slots.entry(leaf.0).or_default();
        let slot = match leaf.1 {
            Leaf::Bit(_) => digits,
            _ => steps,
        };
        slot.terms.insert(leaf, weight);
    }
    let weights = |(column, [steps, digits]): (u16, [Slot; 2])| {
        let codes = columns[usize::from(column)].codes();
        let mut by_code = steps.table(column, codes);
        // A_t enters with the step of the combined function at t.
        let steps = by_code.windows(2).map(|w| w[1] - w[0]);
        let mut blindings: Vec<(Leaf, Fr)> = (1..)
            .map(Leaf::Code)
            .zip(steps)
            .filter(|(_, step)| *step != Fr::ZERO)
            .collect();
        let digit_table = digits.table(column, codes);
        by_code
            .iter_mut()
            .zip(digit_table)
            .for_each(|(v, d)| *v += d);
        blindings.extend(digits.terms.into_iter().map(|((_, leaf), w)| (leaf, w)));
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
            .map(|(leaf, weight)| *weight * snapshot.key().blind(&place, *leaf))
            .sum()
    }
}
