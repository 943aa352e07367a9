//! The program from outside: help, exit codes, and the whole way from a file to a verified answer.

#![cfg(test)]

mod help;
mod nectar;
mod params;
mod proven;
mod receipt;
mod refusals;
mod toy;
mod update;
mod workflow;
