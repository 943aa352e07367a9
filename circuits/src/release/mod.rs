//! The release statement: a table, hidden, is what the sumcheck's rounds lead to from a point's
//! evaluations, and what is published is that table after the disclosure rule (protocol, sections 4
//! and 6).
//!
//! - [`Instance`]: the seven public inputs, [`Formula`] and [`Parameters`] packed in two of them;
//! - [`Witness`]: table, salts, round messages, evaluations;
//! - [`predicate`]: the statement in plain Rust, which names the rule that is broken;
//! - [`Release`]: the statement in constraints;
//! - [`Compiled`] and [`assign`]: what proving takes, without synthesis.

mod compiled;
mod constraints;
mod formula;
mod instance;
mod predicate;
mod witness;

pub use crate::gadgets::builder::Section;
pub use compiled::{Compiled, assign};
pub use constraints::Release;
pub use formula::{Formula, Literal};
pub use instance::{
    COM_N, COM_V, FLAGS, INPUTS, Instance, L, LAMBDA, POLICY, Parameters, RHO, UnpackError,
};
pub use predicate::{Broken, next_claim, predicate};
pub use witness::{Mismatch, Salts, Witness, combination, evaluation_commitment, table_commitment};

#[cfg(test)]
mod tests;
