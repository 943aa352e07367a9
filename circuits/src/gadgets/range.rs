//! Bits and ranges.

use super::{
    builder::{Builder, Number},
    num::Num,
};
use ark_bn254::Fr;
use ark_ff::{Field, One, PrimeField, Zero};

/// A variable that is 0 or 1. One constraint.
pub(crate) fn bit<B: Builder>(b: &mut B, value: bool) -> Number<B> {
    let bit = b.witness(Fr::from(u64::from(value)));
    b.enforce(&bit, &(bit.clone() - Fr::one()), &Num::default());
    bit
}

/// `count` bits, least first, hinted by the low bits of `value`. They are bound to nothing yet: the
/// caller uses their combination where the number is due, which saves a constraint.
pub(crate) fn bits<B: Builder>(b: &mut B, value: u128, count: usize) -> Vec<Number<B>> {
    (0..count).map(|i| bit(b, value >> i & 1 == 1)).collect()
}

/// The bits of a number, least first; the number is thereby below 2^`count`.
pub(crate) fn decompose<B: Builder>(b: &mut B, number: &Number<B>, count: usize) -> Vec<Number<B>> {
    let bits = bits(b, low_bits(number.value), count);
    b.equal(&Num::from_bits(&bits), number);
    bits
}

/// A bit that says whether a number is zero. Two constraints.
pub(crate) fn is_zero<B: Builder>(b: &mut B, number: &Number<B>) -> Number<B> {
    let inverse = b.witness(number.value.inverse().unwrap_or_default());
    let zero = b.witness(Fr::from(u64::from(number.value.is_zero())));
    b.enforce(number, &inverse, &zero.not());
    b.enforce(number, &zero, &Num::default());
    zero
}

/// The low 128 bits of a field element: hints only need to be right for numbers in range.
pub(crate) fn low_bits(value: Fr) -> u128 {
    let [low, high, ..] = value.into_bigint().0;
    u128::from(low) | u128::from(high) << 64
}
