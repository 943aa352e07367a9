//! The release statement: a table, hidden, is what the sumcheck's rounds lead to from a point's
//! evaluations, and what is published is that table after the disclosure rule (protocol, sections 4
//! and 6).
//!
//! - [`Instance`]: the seven public inputs, [`Formula`] and [`Parameters`] packed in two of them;
//! - [`Witness`]: table, salts, round messages, evaluations;
//! - [`predicate`]: the statement in plain Rust, which names the first violation;
//! - [`assign`]: an assignment of the statement's constraints, for proving.

mod constraints;
mod formula;
mod parameters;
mod predicate;
mod witness;

pub use crate::sumcheck::{Mismatch, combination, evaluation_commitment};
pub use constraints::assign;
pub(crate) use constraints::build;
pub use formula::{Formula, Literal};
pub use nectar_verifier::circuit::release::{
    COM_N, COM_V, FLAGS, INPUTS, Instance, L, LAMBDA, NAMES, POLICY, RHO,
};
pub use parameters::{Parameters, UnpackError};
pub use predicate::{Violation, predicate};
pub use witness::{Salts, Witness, table_commitment};

#[cfg(test)]
mod tests;
