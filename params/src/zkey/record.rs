//! What is kept of a key file: whose contributions made it.

use alloy_primitives::{B512, Bytes};
use serde::{Deserialize, Serialize};

/// The second phase of a key's ceremony.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase2 {
    /// BLAKE2b-512 of the key file.
    pub blake2b: B512,
    /// The hash of the circuit's first key, on which the first contribution was made: `snarkjs zkey new` prints it.
    pub circuit_hash: B512,
    /// All contributions, the first one first.
    pub contributions: Vec<Contribution>,
}

/// One contribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// What the contributor calls himself, of at most 64 characters, which are any; empty if he gave no name.
    pub name: String,
    /// The hash that snarkjs shows contributors, by which they find their contribution again.
    pub hash: B512,
    /// The beacon, if the secret comes from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beacon: Option<Beacon>,
}

/// A public value that nobody could foresee, from which everybody can compute the contribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beacon {
    /// The value, of 1 to 255 bytes.
    pub hash: Bytes,
    /// It is hashed 2^`exponent` times, 2^10 to 2^32.
    pub exponent: u8,
}
