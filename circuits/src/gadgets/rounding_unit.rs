//! The rounding unit of each position, from layout and policy (protocol, section 6).
//!
//! Every layout repeats after 64 cells, so all that depends on position is computed 64 times,
//! whatever the number of cells.

use super::{
    builder::{Builder, Number},
    num::Num,
    range::decompose,
};
use ark_bn254::Fr;
use ark_ff::{Field, One};
use nectar_verifier::{
    layout::{Layout, WIDTHS},
    policy::W_LIMIT,
};
use std::collections::BTreeMap;

/// Cells after which every layout repeats.
pub(crate) const POSITIONS: usize = 64;

/// The greatest exponent of a rounding unit: two widths of 12.
pub(crate) const EXPONENT_LIMIT: usize = 2 * W_LIMIT as usize;

const K_BITS: usize = 28;
const BASE_BITS: usize = 8;
const WIDTH_BITS: usize = 4;

/// The public policy in bits.
pub(crate) struct Policy<L> {
    pub(crate) k: Num<L>,
    pub(crate) base: Num<L>,
    /// Whether the base is odd.
    odd: Num<L>,
    midpoint: Num<L>,
    pub(crate) zeros: Num<L>,
    widths: Vec<Vec<Num<L>>>,
}

/// One bit a layout, of which exactly one is set.
pub(crate) type Layouts<L> = [Num<L>; 4];

/// What rounding a cell needs to know about its position.
#[derive(Clone)]
pub(crate) struct RoundingUnit<L> {
    /// g = base * 2^e.
    pub(crate) size: Num<L>,
    /// What is added to a cell before it is divided: floor(g/2), or -1 where midpoints are taken.
    pub(crate) raise: Num<L>,
    /// 2^24 / 2^e: scales every remainder below g to one below base * 2^24.
    pub(crate) scale: Num<L>,
    /// Whether midpoints are taken.
    pub(crate) midpoint: Num<L>,
}

/// Decomposes the packed policy.
pub(crate) fn policy<B: Builder>(b: &mut B, packed: &Number<B>) -> Policy<B::Linear> {
    let all = decompose(b, packed, K_BITS + BASE_BITS + 2 + WIDTHS * WIDTH_BITS);
    let (k, rest) = all.split_at(K_BITS);
    let (base, rest) = rest.split_at(BASE_BITS);
    let (switches, widths) = rest.split_at(2);
    Policy {
        k: b.shorthand(&Num::from_bits(k)),
        base: b.shorthand(&Num::from_bits(base)),
        odd: base[0].clone(),
        midpoint: switches[0].clone(),
        zeros: switches[1].clone(),
        widths: widths.chunks(WIDTH_BITS).map(<[_]>::to_vec).collect(),
    }
}

/// One bit a layout from the two bits of its number.
pub(crate) fn layouts<B: Builder>(b: &mut B, number: &[Number<B>; 2]) -> Layouts<B::Linear> {
    let [low, high] = number;
    let both = b.product(low, high);
    let moments = low.clone() - &both;
    let gram4 = high.clone() - &both;
    let counts = moments.not() - high;
    [counts, moments, gram4, both]
}

/// The rounding units of all positions.
pub(crate) fn rounding_units<B: Builder>(
    b: &mut B,
    policy: &Policy<B::Linear>,
    layouts: &Layouts<B::Linear>,
) -> Vec<RoundingUnit<B::Linear>> {
    let powers = columns(b, policy, power);
    let unwidened = columns(b, policy, none_set);
    let powers = select(b, layouts, &powers);
    let unwidened = select(b, layouts, &unwidened);
    let midpoints = midpoints(b, policy, layouts);
    let parts = powers.iter().zip(&unwidened).zip(midpoints);
    parts
        .map(|((power, same), midpoint)| rounding_unit(b, policy, power, same, midpoint))
        .collect()
}

/// The rounding unit base * `power`, where `same` says that the power is 1.
fn rounding_unit<B: Builder>(
    b: &mut B,
    policy: &Policy<B::Linear>,
    power: &Number<B>,
    same: &Number<B>,
    midpoint: Number<B>,
) -> RoundingUnit<B::Linear> {
    let size = b.product(power, &policy.base);
    let odd = b.product(same, &policy.odd);
    let half = Fr::from(2).inverse().unwrap_or_default();
    let mut raise = &(size.clone() - &odd) * half;
    // The base is 6 where midpoints are taken, and half of it 3: what is left is -1.
    raise.add_scaled(&midpoint, -Fr::from(4));
    let whole = Fr::from(1u64 << EXPONENT_LIMIT);
    let scale = b.witness(whole * power.value.inverse().unwrap_or_default());
    b.enforce(&scale, power, &Num::constant(whole));
    RoundingUnit {
        size,
        raise,
        scale,
        midpoint,
    }
}

/// Something of the constant 1, which has width 0, and of each column's width.
fn columns<B: Builder>(
    b: &mut B,
    policy: &Policy<B::Linear>,
    of: impl Fn(&mut B, &[Number<B>]) -> Number<B>,
) -> Vec<Number<B>> {
    let mut all = vec![Num::one()];
    all.extend(policy.widths.iter().map(|width| of(b, width)));
    all
}

/// 2^w from the bits of w.
fn power<B: Builder>(b: &mut B, bits: &[Number<B>]) -> Number<B> {
    let factor = |(i, bit): (u32, &Number<B>)| bit * Fr::from((1u64 << (1 << i)) - 1) + Fr::one();
    product_of(b, (0..).zip(bits).map(factor))
}

/// Whether no bit is set.
fn none_set<B: Builder>(b: &mut B, bits: &[Number<B>]) -> Number<B> {
    product_of(b, bits.iter().map(Num::not))
}

fn product_of<B: Builder>(b: &mut B, factors: impl Iterator<Item = Number<B>>) -> Number<B> {
    factors
        .reduce(|product, factor| b.product(&product, &factor))
        .unwrap_or_else(Num::one)
}

/// For each position the product over the two columns that the layout in force puts there.
fn select<B: Builder>(
    b: &mut B,
    layouts: &Layouts<B::Linear>,
    columns: &[Number<B>],
) -> Vec<Number<B>> {
    let mut pairs: BTreeMap<[usize; 2], Number<B>> = BTreeMap::new();
    let mut chosen: BTreeMap<(u8, [usize; 2]), Number<B>> = BTreeMap::new();
    for j in 0..POSITIONS {
        for (layout, flag) in Layout::ALL.into_iter().zip(layouts) {
            let [x, y] = factors(layout, j);
            let pair = pairs.entry([x, y]).or_insert_with(|| match x {
                0 => columns[y].clone(),
                _ => b.product(&columns[x], &columns[y]),
            });
            chosen
                .entry((layout.id(), [x, y]))
                .or_insert_with(|| match y {
                    0 => flag.clone(),
                    _ => b.product(pair, flag),
                });
        }
    }
    let at = |j| Layout::ALL.map(|layout| &chosen[&(layout.id(), factors(layout, j))]);
    (0..POSITIONS).map(|j| Num::sum(at(j))).collect()
}

/// The two columns of a cell, the lesser first, 0 for the constant 1.
fn factors(layout: Layout, j: usize) -> [usize; 2] {
    let terms = layout.terms(j);
    let mut columns = (1..)
        .zip(terms)
        .flat_map(|(column, times)| (0..times).map(move |_| column));
    match [columns.next(), columns.next()] {
        [Some(x), Some(y)] => [x, y],
        [Some(x), None] => [0, x],
        _ => [0, 0],
    }
}

/// For each position whether the cell there is rounded to a midpoint.
fn midpoints<B: Builder>(
    b: &mut B,
    policy: &Policy<B::Linear>,
    layouts: &Layouts<B::Linear>,
) -> Vec<Number<B>> {
    let flags = layouts
        .each_ref()
        .map(|layout| b.product(layout, &policy.midpoint));
    let counted = |j| {
        Layout::ALL
            .into_iter()
            .zip(&flags)
            .filter(move |(l, _)| !l.is_sum(j))
    };
    (0..POSITIONS)
        .map(|j| Num::sum(counted(j).map(|(_, flag)| flag)))
        .collect()
}
