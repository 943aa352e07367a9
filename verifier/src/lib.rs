//! The Nectar protocol, defined once: statements, transcript, openings, bundles, and their verification.
//!
//! Pure: no clock, file, network or randomness, and no panic reachable from input bytes. Provers call this crate
//! for every byte they hash; verifiers need nothing else. Sections cited are those of `docs/protocol.md`.

#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss
    )
)]

pub mod abi;
pub mod bundle;
pub mod circuit;
pub mod column;
pub mod date;
pub mod decimal;
pub mod disclosure;
pub mod evaluation;
pub mod field;
pub mod header;
pub mod index;
pub mod keys;
pub mod layout;
pub mod manifest;
pub mod merkle;
pub mod opened;
pub mod opening;
pub mod policy;
pub mod proof;
pub mod query;
pub mod receipt;
pub mod shape;
#[cfg(feature = "solidity")]
pub mod solidity;
pub mod statement;
pub mod transcript;
pub mod trust;
pub mod verified;
