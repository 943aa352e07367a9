//! What a verified answer says: statistics and figures with their bounds, tables, texts and JSON.
//!
//! Pure, and knows no terminal: [`derive()`] makes tables and plots of released cells, [`grid`], [`verdict`] and
//! [`receipt`] put them and what was verified into words, [`json`] into objects. A command line or a page decides how
//! they look.

#![expect(
    clippy::indexing_slicing,
    reason = "places are computed from the sizes of a verified table"
)]

pub mod answer;
mod derive;
pub mod grid;
pub mod json;
pub mod number;
pub mod policy;
pub mod question;
pub mod receipt;
mod released;
pub mod statistics;
pub mod summary;
pub mod time;
pub mod verdict;

pub use derive::derive;
pub use released::Released;
