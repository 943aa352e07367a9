//! The contracts of Nectar on a chain, over JSON-RPC: their deployment, what is sent to them, and what they hold.
//!
//! A node is trusted for the state of its chain, and for nothing else: its answers have limits, its messages are
//! sanitised before they are shown, and nothing it sends makes this crate panic. Calldata is made by
//! `nectar_verifier::solidity` alone.

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
pub mod registry;
pub mod revert;
pub mod send;
pub mod submit;
mod transport;
