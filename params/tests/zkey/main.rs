//! Keys that snarkjs made are imported; every way of spoiling one is refused for its own reason.

#![cfg(test)]

mod chain;
mod circuit;
mod container;
mod file;
mod good;
mod points;
#[path = "../snarkjs/mod.rs"]
mod snarkjs;
