//! Files of public ceremonies that are imported without further ado.

use alloy_primitives::{B256, B512, fixed_bytes};
use nectar_verifier::trust::CEREMONY_SRS;

/// A published file, and what comes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The ceremony, and the file of it.
    pub name: &'static str,
    /// BLAKE2b-512 of the file, as published.
    pub digest: B512,
    /// Digest of the SRS that an import gives, one of those that verifiers know.
    pub srs: B256,
}

/// The Perpetual Powers of Tau after 54 contributions and the Hermez beacon, in sizes cut from the whole by snarkjs.
/// Digests: the table of <https://github.com/iden3/snarkjs#7-prepare-phase-2>.
pub const PUBLISHED: [Published; 2] = [
    Published {
        name: "Perpetual Powers of Tau, powersOfTau28_hez_final_08",
        digest: fixed_bytes!(
            "d6a8fb3a04feb600096c3b791f936a578c4e664d262e4aa24beed1b7a9a96aa5eb72864d628db247e9293384b74b36ffb52ca8d148d6e1b8b51e279fdf57b583"
        ),
        srs: CEREMONY_SRS[0],
    },
    Published {
        name: "Perpetual Powers of Tau, powersOfTau28_hez_final_11",
        digest: fixed_bytes!(
            "47c282116b892e5ac92ca238578006e31a47e7c7e70f0baa8b687f0a5203e28ea07bbbec765a98dcd654bad618475d4661bfaec3bd9ad2ed12e7abc251d94d33"
        ),
        srs: CEREMONY_SRS[1],
    },
];

impl Published {
    /// The file of a digest.
    pub fn of_digest(digest: B512) -> Option<&'static Published> {
        PUBLISHED.iter().find(|p| p.digest == digest)
    }
}
