//! A [`Dataset`] on disk and what leads to it: codebooks, CSV and Parquet sources, and the table of codes.
//!
//! A [`schema::Schema`] (TOML) says what the columns of a source mean, [`import::Import`] turns the source into a
//! [`table::Table`] of two bytes a cell, and [`infer`] proposes a schema for a file that has none. No function here
//! panics on what a file holds; whatever is refused is named with its place and the rule it breaks.

pub mod atomic;
mod changes;
mod codebook;
mod commitments;
mod csv;
mod dataset;
mod encoder;
pub mod fault;
mod forms;
pub mod import;
pub mod infer;
mod order;
mod parquet;
pub mod profiles;
pub mod schema;
mod sink;
mod source;
mod source_column;
pub mod subjects;
pub mod table;
mod tags;
mod value;

pub use changes::Changes;
pub use dataset::{Dataset, DatasetError, Publication, proofs::ProofState};
