//! Import of a dataset: codebooks, CSV and Parquet sources, and the table of codes on disk.
//!
//! A [`schema::Schema`] (TOML) says what the columns of a source mean, [`import::Import`] turns the source into a
//! [`table::Table`] of two bytes a cell, and [`infer`] proposes a schema for a file that has none. No function here
//! panics on what a file holds; whatever is refused is named with its place and the rule it breaks.

pub mod atomic;
mod codebook;
mod commitments;
mod csv;
pub mod dataset;
mod decimal;
mod encoder;
mod forms;
pub mod import;
pub mod infer;
mod origin;
mod parquet;
pub mod profiles;
pub mod refusal;
pub mod schema;
mod source;
pub mod subjects;
pub mod table;
mod tags;
mod value;
