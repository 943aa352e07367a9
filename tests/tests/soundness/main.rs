//! What must be shown to fail (docs/protocol.md, section 10): each test first shows the honest case pass, then breaks
//! one rule, and is rejected for the right reason.

mod bundle;
mod bytes;
mod elements;
mod forgeries;
mod keys;
mod meaning;
mod prover;
mod query;
mod receipt_bytes;
mod receipt_forgeries;
mod receipts;
mod time;
