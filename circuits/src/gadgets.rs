//! The parts circuits are made of.
//!
//! A gadget is written once, generic over a [`Builder`]: with one builder it makes constraints, with
//! the other it only computes the values of the variables, in the same order.

pub(crate) mod builder;
pub(crate) mod disclosure;
pub(crate) mod num;
pub(crate) mod poseidon;
pub(crate) mod range;
pub(crate) mod rounding;
pub(crate) mod rounding_unit;
pub(crate) mod sumcheck;

pub(crate) use builder::{Builder, Constraints, Values};
pub(crate) use num::Num;

#[cfg(test)]
mod tests;
