//! The linear-time sumcheck over rows (docs/protocol.md, sections 3 and 4).
//!
//! Rows are bits and table entries at first: blocks of 2^j rows are evaluated from the codes through lookup
//! tables while j < [`LOOKUP_ROUNDS`], and only then kept as field elements. A pair of blocks in which a
//! one-literal clause is 0 in both contributes nothing and is skipped; that is where selective queries win.

use super::{
    rounds::{Interpolation, Rounds},
    rows::{CHUNK, Rows, Weight, clause_slots},
};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, One, Zero};
use nectar_circuits::poseidon::PoseidonTranscript;
use nectar_verifier::{opening::eq_table, statement::Statement};
use rayon::prelude::*;
use std::ops::Range;

/// Variables bound before blocks are kept as field elements: 2^3 rows make one element a slot.
const LOOKUP_ROUNDS: usize = 3;
/// Most slots of a shape.
const SLOTS: usize = 16;

type Values = [Fr; SLOTS];

/// What the sumcheck leaves: messages for the circuit, the point, and the slots' evaluations there.
pub struct Scan {
    /// Per round the coefficients c0, c2, .. c_degree.
    pub messages: Vec<Vec<Fr>>,
    /// r_1 .. r_K.
    pub point: Vec<Fr>,
    /// v_* of all slots in the circuit's order, 0 where unused.
    pub evaluations: Vec<Fr>,
}

/// The summand over the used slots: a product of factors, each 1 - prod(1 - v) over its slots.
struct Summand {
    factors: Vec<Range<usize>>,
    slots: usize,
}

impl Summand {
    fn new(statement: &Statement, weights: usize) -> Self {
        let mut factors = clause_slots(statement);
        let selectors = statement.literals().len() + 1;
        factors.extend((selectors..selectors + weights).map(|s| s..s + 1));
        Summand {
            factors,
            slots: selectors + weights,
        }
    }

    fn at(&self, values: &Values) -> Fr {
        let mut product = Fr::one();
        for slots in &self.factors {
            let factor = match &values[slots.clone()] {
                [single] => *single,
                many => Fr::one() - many.iter().map(|v| Fr::one() - v).product::<Fr>(),
            };
            if factor.is_zero() {
                return Fr::ZERO;
            }
            product *= factor;
        }
        product
    }

    /// Adds the summand at X = 0, 2, 3, .. for one pair of blocks.
    fn add(&self, low: &Values, high: &Values, sums: &mut [Fr]) {
        let Some((first, rest)) = sums.split_first_mut() else {
            return;
        };
        *first += self.at(low);
        let (mut values, mut slope) = (*high, *high);
        slope
            .iter_mut()
            .zip(low)
            .take(self.slots)
            .for_each(|(s, l)| *s -= l);
        for sum in rest {
            values
                .iter_mut()
                .zip(&slope)
                .take(self.slots)
                .for_each(|(v, s)| *v += s);
            *sum += self.at(&values);
        }
    }

    /// Sums over the pairs that are not skipped; `block(b)` gives the slots' values of a block.
    fn sums(&self, holds: &[u16], single: u16, block: impl Fn(usize) -> Values + Sync) -> Vec<Fr> {
        let zero = || vec![Fr::ZERO; self.slots];
        let chunk = |(c, holds): (usize, &[u16])| {
            let mut sums = zero();
            for (p, pair) in holds.chunks(2).enumerate() {
                if pair.iter().fold(0, |a, b| a | b) & single == single {
                    let b = c * CHUNK + 2 * p;
                    let high = if pair.len() == 2 {
                        block(b + 1)
                    } else {
                        [Fr::ZERO; SLOTS]
                    };
                    self.add(&block(b), &high, &mut sums);
                }
            }
            sums
        };
        holds
            .par_chunks(CHUNK)
            .enumerate()
            .map(chunk)
            .reduce(zero, |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            })
    }
}

/// A column's codes with a weight function's values by place in the block and code.
type Scaled<'a> = (&'a [u16], Vec<Vec<Fr>>);

/// Lookup tables for blocks of 2^level rows: eq-weighted sums of bits by pattern, and weights by code and place.
struct Lookup<'a> {
    rows: &'a Rows<'a>,
    level: usize,
    patterns: Vec<Fr>,
    weights: Vec<Vec<Scaled<'a>>>,
    selectors: usize,
}

impl<'a> Lookup<'a> {
    fn new(rows: &'a Rows<'a>, weights: &[Weight<'a>], selectors: usize, bound: &[Fr]) -> Self {
        let eq = eq_table(bound);
        let mut patterns = vec![Fr::ZERO];
        for e in &eq {
            patterns.extend(patterns.clone().into_iter().map(|p| p + e));
        }
        let scaled = |table: &[Fr]| {
            eq.iter()
                .map(|e| table.iter().map(|v| *v * e).collect())
                .collect()
        };
        let weight = |w: &Weight<'a>| {
            w.parts
                .iter()
                .map(|(codes, t)| (*codes, scaled(t)))
                .collect()
        };
        let weights = weights.iter().map(weight).collect();
        Lookup {
            rows,
            level: bound.len(),
            patterns,
            weights,
            selectors,
        }
    }

    fn block(&self, b: usize) -> Values {
        let range = b << self.level..((b + 1) << self.level).min(self.rows.len());
        let mut values = [Fr::ZERO; SLOTS];
        let holds = &self.rows.holds()[range.clone()];
        for (s, value) in values.iter_mut().enumerate().take(self.selectors) {
            let pattern = holds
                .iter()
                .rev()
                .fold(0, |p, h| p << 1 | usize::from(h >> s & 1));
            *value = self.patterns[pattern];
        }
        for (value, parts) in values[self.selectors..].iter_mut().zip(&self.weights) {
            for (codes, tables) in parts {
                for (code, table) in codes[range.clone()].iter().zip(tables) {
                    *value += table[usize::from(*code)];
                }
            }
        }
        values
    }
}

/// Runs all rounds; `weights` are the used ones among U, V, W at `rho`. `claim` is the combined table.
pub fn scan(
    statement: &Statement,
    rows: &Rows<'_>,
    rho: Fr,
    claim: Fr,
    mut transcript: PoseidonTranscript,
) -> Scan {
    let shape = statement.shape();
    let slots = statement.slots(rho);
    let used: Vec<usize> = slots
        .iter()
        .enumerate()
        .filter(|(_, s)| s.is_some())
        .map(|(i, _)| i)
        .collect();
    let selectors = statement.literals().len() + 1;
    let weights: Vec<_> = slots[shape.literals() + 1..]
        .iter()
        .flatten()
        .map(|s| rows.weight(statement, s))
        .collect();
    let summand = Summand::new(statement, weights.len());
    let interpolation = Interpolation::new(summand.slots);
    let mut rounds = Rounds::new(shape.degree(), claim);
    let (single, mut holds) = (rows.single(), rows.holds().to_vec());

    while rounds.point.len() < LOOKUP_ROUNDS {
        let lookup = Lookup::new(rows, &weights, selectors, &rounds.point);
        let sums = summand.sums(&holds, single, |b| lookup.block(b));
        let poly = interpolation.coefficients(completed(&sums, rounds.claim));
        rounds.push(poly, &mut transcript);
        holds = halve(&holds);
    }
    let lookup = Lookup::new(rows, &weights, selectors, &rounds.point);
    let mut blocks = materialise(&lookup, holds.len(), summand.slots);
    while rounds.point.len() < shape.rounds() {
        let sums = summand.sums(&holds, single, |b| gather(&blocks, b));
        let poly = interpolation.coefficients(completed(&sums, rounds.claim));
        let r = rounds.push(poly, &mut transcript);
        blocks = blocks.iter().map(|slot| fold(slot, r)).collect();
        holds = halve(&holds);
    }
    let mut evaluations = vec![Fr::ZERO; shape.slots()];
    for (place, slot) in used.into_iter().zip(blocks) {
        evaluations[place] = slot.first().copied().unwrap_or_default();
    }
    Scan {
        messages: rounds.messages,
        point: rounds.point,
        evaluations,
    }
}

/// Values at 0, 1, 2, ..: sums at 0, 2, 3, .. with the one at 1, which follows from the claim.
fn completed(sums: &[Fr], claim: Fr) -> impl Iterator<Item = Fr> + '_ {
    let zero = sums.first().copied().unwrap_or_default();
    [zero, claim - zero]
        .into_iter()
        .chain(sums.iter().skip(1).copied())
}

fn materialise(lookup: &Lookup<'_>, blocks: usize, slots: usize) -> Vec<Vec<Fr>> {
    let all: Vec<Values> = (0..blocks)
        .into_par_iter()
        .with_min_len(CHUNK / 8)
        .map(|b| lookup.block(b))
        .collect();
    (0..slots)
        .into_par_iter()
        .map(|s| all.iter().map(|v| v[s]).collect())
        .collect()
}

fn gather(blocks: &[Vec<Fr>], b: usize) -> Values {
    let mut values = [Fr::ZERO; SLOTS];
    values
        .iter_mut()
        .zip(blocks)
        .for_each(|(v, slot)| *v = slot[b]);
    values
}

/// Binds the least variable; a missing partner is zero.
pub(super) fn fold(slot: &[Fr], r: Fr) -> Vec<Fr> {
    let pair = |pair: &[Fr]| match pair {
        [low, high] => *low + r * (*high - low),
        [low] => *low - r * low,
        _ => Fr::ZERO,
    };
    slot.par_chunks(2)
        .with_min_len(CHUNK / 8)
        .map(pair)
        .collect()
}

fn halve(holds: &[u16]) -> Vec<u16> {
    holds
        .par_chunks(2)
        .with_min_len(CHUNK)
        .map(|p| p.iter().fold(0, |a, b| a | b))
        .collect()
}
