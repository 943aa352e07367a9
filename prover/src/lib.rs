//! The custodian's side: data import, commitments, proofs and the service (architecture page).

pub mod data;
