//! Record receipts: one file that shows a subject what a snapshot holds of them (docs/protocol.md, section 8).
//!
//! A receipt opens the digits of chosen columns and the tag at one row, under a mask of its own, and nothing else.

mod error;
mod proof;
mod record;
mod verified;
mod wire;

pub use error::{MAX_BYTES, ReceiptError};
pub use proof::{Receipt, weights};
pub use record::{Record, SegmentOpening};
pub use verified::{VerifiedReceipt, tag};
pub use wire::MAGIC;
