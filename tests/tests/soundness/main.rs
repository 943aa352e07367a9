//! What must be shown to fail (docs/protocol.md, section 10): each test first shows the honest case pass, then breaks
//! one rule, and is rejected for the right reason.

#![cfg(test)]

mod bundle;
mod bytes;
mod elements;
mod forgeries;
mod index;
mod index_proof;
mod keys;
mod manifest;
mod meaning;
mod prover;
mod query;
mod receipt_bytes;
mod receipt_forgeries;
mod receipts;
mod time;
