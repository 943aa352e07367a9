//! Why a file of a ceremony is refused.

use alloy_primitives::B512;
use nectar_verifier::field::PointError;
use std::fmt;

/// A section every file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Curve and sizes.
    Header = 1,
    /// [tau^i]_1 for i < 2^(power + 1) - 1.
    TauG1,
    /// [tau^i]_2 for i < 2^power.
    TauG2,
    /// [alpha tau^i]_1 for i < 2^power.
    AlphaTauG1,
    /// [beta tau^i]_1 for i < 2^power.
    BetaTauG1,
    /// \[beta\]_2.
    BetaG2,
    /// Who contributed.
    Contributions,
}

impl Section {
    /// The id in the file, 1 to 7.
    pub const fn id(self) -> u32 {
        self as u32
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Section::Header => "header",
            Section::TauG1 => "tauG1",
            Section::TauG2 => "tauG2",
            Section::AlphaTauG1 => "alphaTauG1",
            Section::BetaTauG1 => "betaTauG1",
            Section::BetaG2 => "betaG2",
            Section::Contributions => "contributions",
        };
        write!(f, "section {} ({name})", self.id())
    }
}

/// Why a file of a ceremony is refused.
#[derive(Debug, thiserror::Error)]
pub enum PtauError {
    /// Reading failed.
    #[error("{0}")]
    Io(std::io::Error),
    /// The first four bytes.
    #[error("it does not begin with \"ptau\": want a .ptau file as snarkjs writes it")]
    Magic,
    /// Another format.
    #[error("it is of version {got}, want 1")]
    Version {
        /// Version stated.
        got: u32,
    },
    /// Number of sections.
    #[error("it states {got} sections, want 7 to 11")]
    Sections {
        /// Sections stated.
        got: u32,
    },
    /// A section is missing, a duplicate, or at another place.
    #[error("section {got} is where section {want} should be")]
    Order {
        /// Id found.
        got: u32,
        /// Id wanted.
        want: u32,
    },
    /// Something else follows than Lagrange forms.
    #[error(
        "section {got} is unknown, a duplicate or out of order: after section 7 come 12 to 15 only"
    )]
    Lagrange {
        /// Id found.
        got: u32,
    },
    /// A section's length is not that of its power.
    #[error("{section} has {got} bytes, want {want}")]
    Length {
        /// The section.
        section: Section,
        /// Bytes stated.
        got: u64,
        /// Bytes wanted.
        want: u64,
    },
    /// The file ends too early.
    #[error("it is truncated: it ends within the bytes from {at} on; fetch it again")]
    Truncated {
        /// Where the bytes begin that are not all there.
        at: u64,
    },
    /// The file goes on after its last section.
    #[error("bytes are left over after its last section, from byte {at} on; fetch it again")]
    Leftover {
        /// Where its last section ends.
        at: u64,
    },
    /// Another curve.
    #[error("it is for another curve than BN254 (bn128 in snarkjs)")]
    Curve,
    /// The power is out of range.
    #[error(
        "its power is {got} and its ceremony's {ceremony}, want 1 to 28, and no more than the ceremony's"
    )]
    Power {
        /// Power of the file.
        got: u32,
        /// Power of the ceremony.
        ceremony: u32,
    },
    /// The power serves no segment.
    #[error(
        "its power is {got}, want at least 4: the smallest segments have 2^4 rows; use a larger file"
    )]
    Small {
        /// Power of the file.
        got: u32,
    },
    /// The file is too small for a circuit.
    #[error(
        "its power is {got}, want at least {want} for the domain of the circuit; use a larger file"
    )]
    Domain {
        /// Power of the file.
        got: u8,
        /// Bits of the domain.
        want: u8,
    },
    /// The contributions do not fit their section, or there is none.
    #[error(
        "it states {count} contributions in {length} bytes, want at least one, and 1,504 bytes or more for each"
    )]
    Contributions {
        /// Contributions stated.
        count: u32,
        /// Bytes of the section.
        length: u64,
    },
    /// A point is not valid.
    #[error("point {index} of {section}: {error}")]
    Point {
        /// The section.
        section: Section,
        /// The point's place, from 0.
        index: u64,
        /// What is wrong.
        error: PointError,
    },
    /// A section does not fit the others.
    #[error("{section} does not hold consecutive powers of the one secret of the file")]
    Relation {
        /// The section.
        section: Section,
    },
    /// tau is 1 or -1.
    #[error("its secret is 1 or -1, which everybody knows: nobody has contributed to it")]
    Trivial,
    /// The system gives no randomness.
    #[error("no randomness from the system: {0}")]
    Randomness(#[from] getrandom::Error),
    /// The file is another than wanted.
    #[error(
        "its BLAKE2b-512 digest is {got:x}, want {:x}; fetch it again from its publisher",
        .want.as_ref()
    )]
    Digest {
        /// Digest of the file.
        got: B512,
        /// Digest given by whoever imports it; boxed to keep errors small.
        want: Box<B512>,
    },
    /// The file is of no ceremony this program knows.
    #[error(
        "it is of no ceremony this program knows; if you know from its publisher that its BLAKE2b-512 digest is \
         {digest:x}, give that digest"
    )]
    Unlisted {
        /// Digest of the file.
        digest: B512,
    },
    /// The set's SRS was not made of this file.
    #[error("the set's SRS or its provenance is not that of this file; import it again")]
    NotItsSource,
}
