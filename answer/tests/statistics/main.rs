//! Statistics against published numbers, and against the true cells under rounding.

#![cfg(test)]

mod curves;
mod follow_up;
mod groups;
mod log_rank;
mod regression;
mod released;
mod studies;
mod tables;
