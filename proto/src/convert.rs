//! Conversions between messages and checked types, one module per noun.

pub mod dataset;
pub mod field;
pub mod job;
pub mod job_id;
pub mod receipt;
pub mod submission;
