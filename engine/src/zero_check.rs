//! The zero-check over the rows of one column (docs/protocol.md, section 7).
//!
//! The summand is eq(theta, x) (W - pres * prod_b (1 + beta_b (R^{2^b} - 1)) + sum_b gamma^{b+1} (beta_b^2 - beta_b)).
//! The factor of eq in the round's variable is taken out of the sum, which leaves a polynomial q of degree B + 1
//! (Gruen, ePrint 2024/108). Rows are digits at first: while a pair of blocks has few rows, what a group of digits
//! contributes is looked up by their pattern.

use super::{
    rounds::{Interpolation, Rounds},
    scan::{Scan, fold},
};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, One};
use nectar_circuits::poseidon::PoseidonTranscript;
use nectar_verifier::{
    circuit::index::{BITS, DEGREE, ROUNDS, SLOTS},
    index::{IndexChallenges, zero_point},
    opening::{eq_table, row_presence_at},
};
use rayon::prelude::*;

/// Variables bound before blocks are kept as field elements.
const LOOKUP_ROUNDS: usize = 3;
/// Most bits of a pattern that is looked up.
const PATTERN_BITS: usize = 12;
/// Variables of the zero-check's weights in one table; pairs are summed in runs of this power of two.
const RUN_BITS: usize = 12;
/// Points at which the product of digits is evaluated: 0, 2, 3, .. BITS + 1.
const POINTS: usize = BITS + 1;

/// Values of W and the digits in one block.
type Values = [Fr; SLOTS];

/// What pairs of blocks add up to.
#[derive(Clone, Copy)]
struct Sums {
    /// W at 0 and 1.
    codes: [Fr; 2],
    /// pres * prod_b (1 + beta_b (R^{2^b} - 1)) at 0, 2, 3, ..
    product: [Fr; POINTS],
    /// sum_b gamma^{b+1} (beta_b^2 - beta_b) at 0, at 1, and its leading coefficient.
    digits: [Fr; 3],
}

impl Sums {
    const ZERO: Sums = Sums {
        codes: [Fr::ZERO; 2],
        product: [Fr::ZERO; POINTS],
        digits: [Fr::ZERO; 3],
    };

    fn add(&mut self, weight: Fr, other: &Sums, points: usize) {
        let add = |(sum, value): (&mut Fr, &Fr)| *sum += weight * value;
        self.codes.iter_mut().zip(&other.codes).for_each(add);
        let product = self.product.iter_mut().zip(&other.product);
        product.take(points).for_each(add);
        self.digits.iter_mut().zip(&other.digits).for_each(add);
    }
}

/// The rules over a column of `bits` digits.
struct Rules {
    bits: usize,
    /// R^{2^b} - 1.
    steps: Vec<Fr>,
    /// gamma^{b+1}.
    batch: Vec<Fr>,
}

impl Rules {
    fn new(bits: usize, challenges: &IndexChallenges) -> Self {
        let squares = std::iter::successors(Some(challenges.code), |r| Some(r.square()));
        let powers = std::iter::successors(Some(challenges.batch), |g| Some(*g * challenges.batch));
        Rules {
            bits,
            steps: squares.map(|r| r - Fr::one()).take(bits).collect(),
            batch: powers.take(bits).collect(),
        }
    }

    /// Points of the product: q has degree B + 1, and its value at 1 follows from the claim.
    fn points(&self) -> usize {
        self.bits + 1
    }

    /// One pair of blocks, digits from `first` on only; `presence` is that of the blocks.
    fn pair(&self, low: &[Fr], high: &[Fr], first: usize, presence: [Fr; 2]) -> Sums {
        let mut sums = Sums::ZERO;
        let (mut values, mut slopes) = ([Fr::ONE; SLOTS], [Fr::ZERO; SLOTS]);
        (values[0], slopes[0]) = (presence[0], presence[1] - presence[0]);
        for (b, (low, high)) in low.iter().zip(high).enumerate() {
            let (step, slope) = (self.steps[first + b], *high - low);
            (values[b + 1], slopes[b + 1]) = (Fr::ONE + *low * step, slope * step);
            let digit = [low.square() - low, high.square() - high, slope.square()];
            let batch = self.batch[first + b];
            let add = |(sum, value): (&mut Fr, Fr)| *sum += batch * value;
            sums.digits.iter_mut().zip(digit).for_each(add);
        }
        let factors = low.len() + 1;
        let (values, slopes) = (&mut values[..factors], &slopes[..factors]);
        for (i, product) in sums.product[..self.points()].iter_mut().enumerate() {
            let steps = match i {
                0 => 0,
                1 => 2, // from 0 the next point is 2
                _ => 1,
            };
            for _ in 0..steps {
                values.iter_mut().zip(slopes).for_each(|(v, s)| *v += s);
            }
            *product = values.iter().product();
        }
        sums
    }

    /// q at 0, 1, 2, .. B + 1; `total` is what (1 - theta) q(0) + theta q(1) has to be.
    fn values(&self, sums: &Sums, theta: Fr, total: Fr) -> Vec<Fr> {
        let [w0, w1] = sums.codes;
        let [d0, d1, d2] = sums.digits;
        let at = |(x, product): (u64, &Fr)| {
            let x = Fr::from(x);
            w0 + (w1 - w0) * x - product + d0 + (d1 - d0 - d2) * x + d2 * x.square()
        };
        let nodes = std::iter::once(0).chain(2..);
        let mut values: Vec<Fr> = nodes.zip(&sums.product[..self.points()]).map(at).collect();
        // theta is 0 for nobody: the transcript refuses it.
        let one = (total - (Fr::one() - theta) * values[0]) * theta.inverse().unwrap_or_default();
        values.insert(1, one);
        values
    }
}

/// What a group of digits contributes, by the pattern of their values in the rows of a pair.
struct Group {
    first: usize,
    width: usize,
    table: Vec<Sums>,
}

impl Group {
    fn new(rules: &Rules, eq: &[Fr], first: usize, width: usize) -> Self {
        let rows = 2 * eq.len();
        // The value of each digit in one block, by the pattern of the block's rows.
        let block = |pattern: usize| -> Vec<Fr> {
            let set = |b: usize| move |(i, _): &(usize, &Fr)| pattern >> (i * width + b) & 1 == 1;
            let digit = |b| eq.iter().enumerate().filter(set(b)).map(|(_, e)| e).sum();
            (0..width).map(digit).collect()
        };
        let half = eq.len() * width;
        let blocks: Vec<Vec<Fr>> = (0..1 << half).map(block).collect();
        let pair = |pattern: usize| {
            let (low, high) = (
                &blocks[pattern & ((1 << half) - 1)],
                &blocks[pattern >> half],
            );
            rules.pair(low, high, first, [Fr::ONE; 2])
        };
        Group {
            first,
            width,
            table: (0..1usize << (rows * width))
                .into_par_iter()
                .with_min_len(64)
                .map(pair)
                .collect(),
        }
    }

    fn at(&self, rows: &[u16]) -> &Sums {
        let mask = (1 << self.width) - 1;
        let digits = |code: &u16| usize::from(code >> self.first) & mask;
        let join = |pattern, code| pattern << self.width | digits(code);
        &self.table[rows.iter().rev().fold(0, join)]
    }
}

/// Rows in blocks of 2^level, looked up by code.
struct Lookup<'a> {
    codes: &'a [u16],
    rules: &'a Rules,
    bound: &'a [Fr],
    /// eq_i of the variables bound, and eq_i R^code by place i in the block and code.
    eq: Vec<Fr>,
    powers: Vec<Vec<Fr>>,
    groups: Vec<Group>,
}

impl<'a> Lookup<'a> {
    fn new(codes: &'a [u16], rules: &'a Rules, powers: &[Fr], bound: &'a [Fr]) -> Self {
        let eq = eq_table(bound);
        let scaled = |e: &Fr| powers.iter().map(|p| *p * e).collect();
        Lookup {
            codes,
            rules,
            bound,
            powers: eq.iter().map(scaled).collect(),
            groups: vec![],
            eq,
        }
    }

    /// With tables for pairs of blocks.
    fn with_groups(mut self) -> Self {
        let bits = self.rules.bits;
        let widest = (PATTERN_BITS / (2 * self.eq.len())).max(1);
        let width = bits.div_ceil(bits.div_ceil(widest));
        let group = |first| Group::new(self.rules, &self.eq, first, width.min(bits - first));
        self.groups = (0..bits).step_by(width).map(group).collect();
        self
    }

    fn block(&self, b: usize) -> Values {
        let start = (b << self.bound.len()).min(self.codes.len());
        let mut values = [Fr::ZERO; SLOTS];
        for (i, code) in self.codes[start..].iter().take(self.eq.len()).enumerate() {
            values[0] += self.powers[i][usize::from(*code)];
            for (bit, value) in values[1..=self.rules.bits].iter_mut().enumerate() {
                if code >> bit & 1 == 1 {
                    *value += self.eq[i];
                }
            }
        }
        values
    }

    fn pair(&self, p: usize) -> Sums {
        let rows = 2 * self.eq.len();
        match self.codes.get(p * rows..(p + 1) * rows) {
            Some(rows) => self.whole(rows),
            None => {
                let presence = |b| presence(self.codes.len(), self.bound, b);
                let blocks = [self.block(2 * p), self.block(2 * p + 1)];
                pair(self.rules, &blocks, [presence(2 * p), presence(2 * p + 1)])
            }
        }
    }

    /// A pair all of whose rows exist.
    fn whole(&self, rows: &[u16]) -> Sums {
        let mut groups = self.groups.iter().map(|g| g.at(rows));
        let mut sums = groups.next().copied().unwrap_or(Sums::ZERO);
        for other in groups {
            let products = sums.product.iter_mut().zip(&other.product);
            let products = products.take(self.rules.points());
            products.for_each(|(p, o)| *p *= o);
            let digits = sums.digits.iter_mut().zip(&other.digits);
            digits.for_each(|(d, o)| *d += o);
        }
        let (low, high) = rows.split_at(self.eq.len());
        sums.codes = [low, high].map(|rows| {
            let power = |(code, powers): (&u16, &Vec<Fr>)| powers[usize::from(*code)];
            rows.iter().zip(&self.powers).map(power).sum()
        });
        sums
    }
}

/// Presence of a block of rows: its part of the prefix of `rows` ones, at the variables bound.
fn presence(rows: usize, bound: &[Fr], block: usize) -> Fr {
    let first = block << bound.len();
    let left = u64::try_from(rows.saturating_sub(first)).unwrap_or(u64::MAX);
    row_presence_at(bound, left)
}

fn pair(rules: &Rules, [low, high]: &[Values; 2], presence: [Fr; 2]) -> Sums {
    let digits = 1..=rules.bits;
    let mut sums = rules.pair(&low[digits.clone()], &high[digits], 0, presence);
    sums.codes = [low[0], high[0]];
    sums
}

/// The zero-check's weights of pairs in one round: `low` of a pair in its run, `high` of the run.
struct Weights {
    low: Vec<Fr>,
    high: Vec<Fr>,
}

impl Weights {
    /// `theta` are the coordinates of the variables above the round's.
    fn new(theta: &[Fr]) -> Self {
        let (low, high) = theta.split_at(theta.len().min(RUN_BITS));
        Weights {
            low: eq_table(low),
            high: eq_table(high),
        }
    }

    fn sum(&self, pairs: usize, points: usize, pair: impl Fn(usize) -> Sums + Sync) -> Sums {
        let run = |(c, weight): (usize, &Fr)| {
            let mut sums = Sums::ZERO;
            let first = c * self.low.len();
            for (p, weight) in (first..pairs).zip(&self.low) {
                sums.add(*weight, &pair(p), points);
            }
            let mut weighted = Sums::ZERO;
            weighted.add(*weight, &sums, points);
            weighted
        };
        let add = |mut a: Sums, b: Sums| {
            a.add(Fr::ONE, &b, points);
            a
        };
        let runs = self.high.par_iter().enumerate().map(run);
        runs.reduce(|| Sums::ZERO, add)
    }
}

/// Runs all rounds over a column's codes; 2^row_bits is the least power of two that holds its segments.
pub(super) fn zero_check(
    codes: &[u16],
    bits: usize,
    row_bits: usize,
    challenges: &IndexChallenges,
    transcript: PoseidonTranscript,
) -> Scan {
    let rules = Rules::new(bits, challenges);
    let powers = std::iter::successors(Some(Fr::ONE), |p| Some(*p * challenges.code));
    let powers: Vec<Fr> = powers.take(1 << bits).collect();
    let mut check = Check {
        theta: zero_point(challenges.zero),
        row_bits,
        interpolation: Interpolation::new(bits + 1),
        rounds: Rounds::new(DEGREE, Fr::ZERO),
        factor: Fr::ONE,
        rules: &rules,
        transcript,
    };
    while check.rounds.point.len() < LOOKUP_ROUNDS {
        let bound = check.rounds.point.clone();
        let lookup = Lookup::new(codes, &rules, &powers, &bound).with_groups();
        let pairs = codes.len().div_ceil(2 << bound.len());
        check.round(pairs, |p| lookup.pair(p));
    }
    let bound = check.rounds.point.clone();
    let lookup = Lookup::new(codes, &rules, &powers, &bound);
    let mut blocks = materialise(&lookup, bits + 1);
    while check.rounds.point.len() < ROUNDS {
        let bound = check.rounds.point.clone();
        let block = |b: usize| -> Values {
            std::array::from_fn(|s| {
                blocks
                    .get(s)
                    .and_then(|v| v.get(b))
                    .copied()
                    .unwrap_or_default()
            })
        };
        let presence = |b| presence(codes.len(), &bound, b);
        let r = check.round(blocks[0].len().div_ceil(2), |p| {
            let both = [2 * p, 2 * p + 1];
            pair(&rules, &both.map(block), both.map(presence))
        });
        blocks = blocks.iter().map(|slot| fold(slot, r)).collect();
    }
    let mut evaluations = vec![Fr::ZERO; SLOTS];
    for (evaluation, slot) in evaluations.iter_mut().zip(&blocks) {
        *evaluation = slot.first().copied().unwrap_or_default();
    }
    let Rounds {
        messages, point, ..
    } = check.rounds;
    Scan {
        messages,
        point,
        evaluations,
    }
}

fn materialise(lookup: &Lookup<'_>, slots: usize) -> Vec<Vec<Fr>> {
    let blocks = lookup.codes.len().div_ceil(lookup.eq.len());
    let all: Vec<Values> = (0..blocks)
        .into_par_iter()
        .with_min_len(1 << 10)
        .map(|b| lookup.block(b))
        .collect();
    let slot = |s: usize| all.iter().map(|v| v[s]).collect();
    (0..slots).into_par_iter().map(slot).collect()
}

/// Where the zero-check stands.
struct Check<'a> {
    theta: Vec<Fr>,
    row_bits: usize,
    interpolation: Interpolation,
    rounds: Rounds,
    /// eq of theta and the challenges so far.
    factor: Fr,
    rules: &'a Rules,
    transcript: PoseidonTranscript,
}

impl Check<'_> {
    /// One round over so many pairs of blocks; gives the challenge.
    fn round(&mut self, pairs: usize, pair: impl Fn(usize) -> Sums + Sync) -> Fr {
        let j = self.rounds.point.len();
        let (theta, next) = (self.theta[j], j + 1);
        // Past the rows' variables all is 0 but the first pair.
        let beyond = &self.theta[next.max(self.row_bits)..];
        let outside = beyond.iter().map(|t| Fr::ONE - t).product::<Fr>() * self.factor;
        let weights = Weights::new(&self.theta[next.min(self.row_bits)..self.row_bits]);
        let sums = weights.sum(pairs, self.rules.points(), pair);
        let total = self.rounds.claim * outside.inverse().unwrap_or_default();
        let values = self.rules.values(&sums, theta, total);
        let q = self.interpolation.coefficients(values);
        let (constant, slope) = (Fr::ONE - theta, theta + theta - Fr::ONE);
        let mut poly = vec![Fr::ZERO; q.len() + 1];
        for (i, c) in q.iter().enumerate() {
            let c = *c * outside;
            poly[i] += c * constant;
            poly[i + 1] += c * slope;
        }
        let r = self.rounds.push(poly, &mut self.transcript);
        self.factor *= constant + slope * r;
        r
    }
}
