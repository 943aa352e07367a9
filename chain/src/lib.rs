//! The contracts of Nectar on a chain, over JSON-RPC: their deployment, what is sent to them, and what they hold.
//!
//! A node is believed in what it says of its chain, and in nothing else: its answers have limits, its words are cleaned
//! before they are shown, and nothing it sends makes this crate panic. Calldata is made by `nectar_verifier::solidity`
//! alone.

#![deny(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable
)]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

pub mod account;
pub mod artifact;
mod code;
pub mod deploy;
pub mod endpoint;
pub mod entry;
pub mod error;
mod interface;
pub mod keystore;
pub mod node;
pub mod publish;
pub mod refusal;
pub mod registry;
pub mod send;
pub mod submit;
mod transport;
