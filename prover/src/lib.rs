//! The custodian's side: data in, snapshots and bundles out.

pub mod attest;
pub mod client;
pub mod data;
pub mod engine;
pub mod service;
