//! The index statement: each row that exists has exactly one code, the rows that do not have none, and
//! the binary digits are those of the code (protocol, section 7).
//!
//! - [`Instance`]: the seven public inputs;
//! - [`Witness`]: salts, round messages, evaluations;
//! - [`predicate`]: the statement in plain Rust, which names the first violation;
//! - [`assign`]: an assignment of the statement's constraints, for proving.

mod constraints;
mod predicate;
mod witness;

pub use crate::sumcheck::{Mismatch, combination};
pub use constraints::assign;
pub(crate) use constraints::build;
pub use nectar_verifier::circuit::index::{
    BATCH, CODE, COM_V, INPUTS, Instance, L, LAMBDA, NAMES, PRESENCE, WEIGHT,
};
pub use predicate::{Violation, predicate};
pub use witness::{Salts, Witness, evaluation_commitment};

#[cfg(test)]
mod tests;
