//! Statistics against published numbers, and against the true cells under rounding.

mod groups;
mod regression;
mod released;
mod tables;
