//! The Nectar protocol, defined once.
#![deny(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod disclosure;
pub mod layout;
pub mod policy;
pub mod shape;
