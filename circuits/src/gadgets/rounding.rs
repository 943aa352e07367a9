//! Rounding one cell to a multiple of its rounding unit (protocol, section 6).
//!
//! With S the raised cell, S = g*q + t and 0 <= t < g have one solution in integers, but in the field
//! a q out of range wraps around and makes any t fit (!). So everything is held in bits. With
//! g = base * 2^e, both sides times 2^(24-e) read
//!
//! ```text
//! S * 2^(24-e) = base * 2^24 * q  +  base * a + c,    q < 2^56, a < 2^24, c < base,
//! ```
//!
//! whose right side is a mixed-radix number below 2^88: one (q, a, c) for every S, and for an integer
//! S below 2^57 the q of it is floor(S / g). That takes 24 + 16 bits for the remainder whatever e is.

use super::{
    builder::{Builder, Number},
    num::Num,
    range::{bits, low_bits},
    rounding_unit::{EXPONENT_LIMIT, RoundingUnit},
};
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::disclosure::CELL_BITS;

const BASE_BITS: usize = 8;

/// The hint of a division; a dishonest prover chooses it freely.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Division {
    /// The quotient q.
    pub(crate) quotient: u128,
    /// a and c of the scaled remainder a * base + c.
    pub(crate) remainder: [u128; 2],
}

impl Division {
    /// What an honest prover hints. Without a rounding unit, in an unassigned witness, nothing is divided.
    pub(crate) fn honest<B: Builder>(
        sum: &Number<B>,
        unit: &RoundingUnit<B::Linear>,
        base: &Number<B>,
    ) -> Self {
        let [sum, size, scale, base] =
            [sum, &unit.size, &unit.scale, base].map(|number| low_bits(number.value));
        let rest = sum
            .checked_rem(size)
            .unwrap_or_default()
            .wrapping_mul(scale);
        Self {
            quotient: sum.checked_div(size).unwrap_or_default(),
            remainder: [rest.checked_div(base), rest.checked_rem(base)]
                .map(Option::unwrap_or_default),
        }
    }
}

/// The rounded cell. `zero` says whether the cell is 0 and is read where midpoints are taken.
pub(crate) fn round<B: Builder>(
    b: &mut B,
    cell: &Number<B>,
    zero: &Number<B>,
    unit: &RoundingUnit<B::Linear>,
    base: &Number<B>,
) -> Number<B> {
    let empty = b.product(zero, &unit.midpoint);
    // Where midpoints are taken, -1 is added, but not to 0: q = 0 then, and 0 comes out.
    let sum = cell.clone() + &unit.raise + &empty;
    let division = Division::honest::<B>(&sum, unit, base);
    let mut rounded = divide(b, &sum, unit, base, division);
    rounded.add_scaled(&(unit.midpoint.clone() - &empty), Fr::from(3));
    rounded
}

/// g * floor(sum / g).
pub(crate) fn divide<B: Builder>(
    b: &mut B,
    sum: &Number<B>,
    unit: &RoundingUnit<B::Linear>,
    base: &Number<B>,
    hint: Division,
) -> Number<B> {
    let [a, c] = hint.remainder;
    let quotient = Num::from_bits(&bits(b, hint.quotient, CELL_BITS as usize));
    let a = Num::from_bits(&bits(b, a, EXPONENT_LIMIT));
    let multiple = b.product(&quotient, &unit.size);
    let whole = b.product(&a, base);
    let c = below(b, base, c);
    let t = sum.clone() - &multiple;
    b.enforce(&t, &unit.scale, &(whole + &c));
    multiple
}

/// A number below the base, of 8 bits, hinted by `value`.
fn below<B: Builder>(b: &mut B, base: &Number<B>, value: u128) -> Number<B> {
    let number = Num::from_bits(&bits(b, value, BASE_BITS));
    let room = low_bits(base.value).wrapping_sub(value).wrapping_sub(1);
    let room = Num::from_bits(&bits(b, room, BASE_BITS));
    b.equal(&(number.clone() + &room + Fr::one()), base);
    number
}
