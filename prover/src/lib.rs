//! The custodian's side: data in, snapshots and bundles out.

pub mod service;
