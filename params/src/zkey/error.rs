//! Why a key file is refused.

use alloy_primitives::B512;
use nectar_verifier::field::PointError;
use std::fmt;

/// A section of a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Which proof system.
    Protocol = 1,
    /// Curve, sizes, and the points that verification keys hold.
    Header,
    /// The public inputs' points.
    Ic,
    /// The entries of the matrices A and B.
    Coefficients,
    /// A's polynomials at tau, in G1.
    A,
    /// B's polynomials at tau, in G1.
    B1,
    /// B's polynomials at tau, in G2.
    B2,
    /// The private variables' points, over delta.
    L,
    /// The quotient's points, over delta.
    H,
    /// Who contributed.
    Contributions,
}

impl Section {
    /// All, by their ids.
    pub const ALL: [Section; 10] = [
        Section::Protocol,
        Section::Header,
        Section::Ic,
        Section::Coefficients,
        Section::A,
        Section::B1,
        Section::B2,
        Section::L,
        Section::H,
        Section::Contributions,
    ];

    /// The id in the file, 1 to 10.
    pub const fn id(self) -> u32 {
        self as u32
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Section::Protocol => "protocol",
            Section::Header => "header",
            Section::Ic => "IC",
            Section::Coefficients => "coefficients",
            Section::A => "A",
            Section::B1 => "B1",
            Section::B2 => "B2",
            Section::L => "L",
            Section::H => "H",
            Section::Contributions => "contributions",
        };
        write!(f, "section {} ({name})", self.id())
    }
}

/// Why a key file is refused. Contributions are counted from 1, as snarkjs counts them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZkeyError {
    /// The first four bytes.
    #[error("it does not begin with \"zkey\": want a .zkey file as snarkjs writes it")]
    Magic,
    /// Another format.
    #[error("it is of version {got}, want 1")]
    Version {
        /// Version stated.
        got: u32,
    },
    /// Number of sections.
    #[error("it states {got} sections, want 10")]
    Sections {
        /// Sections stated.
        got: u32,
    },
    /// A section that keys of this proof system do not have.
    #[error("section {got} is unknown: want 1 to 10")]
    Unknown {
        /// Id found.
        got: u32,
    },
    /// A section occurs twice.
    #[error("{section} occurs twice")]
    DuplicateSection {
        /// The section.
        section: Section,
    },
    /// The file ends too early.
    #[error("it is truncated: it ends within the bytes from {at} on; fetch it again")]
    Truncated {
        /// Where the bytes begin that are not all there.
        at: usize,
    },
    /// The file goes on after its last section.
    #[error("bytes are left over after its last section, from byte {at} on; fetch it again")]
    Leftover {
        /// Where its last section ends.
        at: usize,
    },
    /// A section's length is not that of its content.
    #[error("{section} has {got} bytes, want {want}")]
    Length {
        /// The section.
        section: Section,
        /// Bytes stated.
        got: u64,
        /// Bytes wanted.
        want: u64,
    },
    /// Another proof system.
    #[error("it is a key of protocol {got}, want 1: make it with `snarkjs groth16 setup`")]
    Protocol {
        /// Protocol stated.
        got: u32,
    },
    /// Another curve.
    #[error("it is for another curve than BN254 (bn128 in snarkjs)")]
    Curve,
    /// The size of the domain.
    #[error("its domain has {got} elements, want a power of two from 2 to 2^27")]
    Domain {
        /// Elements stated.
        got: u32,
    },
    /// More public inputs than variables.
    #[error("it states {public} public inputs, want fewer than its {variables} variables")]
    Inputs {
        /// Public inputs stated.
        public: u32,
        /// Variables stated.
        variables: u32,
    },
    /// A point is not valid.
    #[error("point {index} of {section}: {error}")]
    Point {
        /// The section.
        section: Section,
        /// The point's place, from 0.
        index: usize,
        /// What is wrong.
        error: PointError,
    },
    /// A coefficient is not a field element.
    #[error("coefficient {index}: {error}")]
    Scalar {
        /// The coefficient's place, from 0.
        index: usize,
        /// What is wrong.
        error: PointError,
    },
    /// The contributions do not fill their section.
    #[error("it states {count} contributions, which do not fill their section of {length} bytes")]
    Contributions {
        /// Contributions stated.
        count: u32,
        /// Bytes of the section.
        length: usize,
    },
    /// A contribution is neither a person's nor a beacon's.
    #[error("contribution {number} is of type {got}, want 0, or 1 for a beacon")]
    Kind {
        /// The contribution.
        number: usize,
        /// Type stated.
        got: u32,
    },
    /// What comes with a contribution is not what its type has.
    #[error(
        "contribution {number}: its parameters are malformed: want a name, and of a beacon its hash and exponent"
    )]
    Parameters {
        /// The contribution.
        number: usize,
    },
    /// A name is too long.
    #[error("contribution {number}: its name has {got} characters, want at most 64")]
    Name {
        /// The contribution.
        number: usize,
        /// Characters.
        got: usize,
    },
    /// A beacon takes too little or too long.
    #[error("contribution {number}: its beacon is hashed 2^{got} times, want 2^10 to 2^32")]
    Exponent {
        /// The contribution.
        number: usize,
        /// Exponent stated.
        got: u8,
    },
    /// For a circuit with other variables.
    #[error(
        "it is for a circuit of {got} variables, want {want}; export the circuit again and make a key for it"
    )]
    Variables {
        /// Variables of the key.
        got: usize,
        /// Variables of the circuit.
        want: usize,
    },
    /// For a circuit with other public inputs.
    #[error(
        "it is for a circuit of {got} public inputs, want {want}; export the circuit again and make a key for it"
    )]
    PublicInputs {
        /// Public inputs of the key, with the constant 1.
        got: usize,
        /// Public inputs of the circuit, with the constant 1.
        want: usize,
    },
    /// For a circuit of another size.
    #[error(
        "it is for a domain of {got} elements, want {want}; export the circuit again and make a key for it"
    )]
    DomainSize {
        /// Elements for the key.
        got: usize,
        /// Elements for the circuit.
        want: usize,
    },
    /// Powers for a domain of another size.
    #[error(
        "the powers of tau are for a domain of 2^{got} elements, want 2^{want}; read them for this circuit"
    )]
    Powers {
        /// Bits of the powers' domain.
        got: u8,
        /// Bits of the key's domain.
        want: u8,
    },
    /// A matrix has two entries at one place.
    #[error("matrix {matrix} has two coefficients in row {row} for variable {variable}")]
    DuplicateCoefficient {
        /// 0 for A, 1 for B.
        matrix: u32,
        /// The row.
        row: usize,
        /// The variable.
        variable: usize,
    },
    /// The matrices differ from the circuit's.
    #[error(
        "the key and the circuit differ in matrix {matrix}, row {row}, variable {variable}; export the circuit again \
         and make a key for it"
    )]
    Coefficient {
        /// 0 for A, 1 for B.
        matrix: u32,
        /// The row.
        row: usize,
        /// The variable.
        variable: usize,
    },
    /// \[alpha\]_1 is another.
    #[error("its alpha is not that of the powers of tau; give the .ptau file it was made with")]
    Alpha,
    /// \[beta\]_1 is another.
    #[error(
        "its beta in G1 is not that of the powers of tau; give the .ptau file it was made with"
    )]
    BetaG1,
    /// \[beta\]_2 is another.
    #[error(
        "its beta in G2 is not that of the powers of tau; give the .ptau file it was made with"
    )]
    BetaG2,
    /// gamma is not 1.
    #[error("its gamma is not the generator, as snarkjs makes it")]
    Gamma,
    /// A section's points are not the circuit's.
    #[error(
        "{section} does not hold the circuit's polynomials at tau; give the circuit and the .ptau file it was made with"
    )]
    Points {
        /// The section.
        section: Section,
    },
    /// The contributions were made to another circuit, or with other powers.
    #[error(
        "its contributions begin with circuit hash {got:x}, want {:x}: they were made to another circuit, or with \
         another .ptau file",
        .want.as_ref()
    )]
    CircuitHash {
        /// The hash in the file.
        got: B512,
        /// The hash of one's own first key; boxed to keep errors small.
        want: Box<B512>,
    },
    /// Nobody contributed.
    #[error(
        "nobody has contributed to it, so that anybody can forge proofs; run `snarkjs zkey contribute`"
    )]
    NoContribution,
    /// delta, or its negative, follows from the beacons alone.
    #[error(
        "everybody can compute its delta, so that anybody can forge proofs: it has no contribution but beacons, or they \
         undo each other"
    )]
    PublicDelta,
    /// A contribution is not made on top of the ones before it.
    #[error("contribution {number}: its transcript is not that of the contributions before it")]
    Transcript {
        /// The contribution.
        number: usize,
    },
    /// A contribution does not show that its maker knew a secret.
    #[error("contribution {number}: its public keys in G1 and G2 are not of one secret")]
    PublicKey {
        /// The contribution.
        number: usize,
    },
    /// A contribution changed delta by another factor than its secret.
    #[error("contribution {number}: its delta is not the one before times its secret")]
    DeltaAfter {
        /// The contribution.
        number: usize,
    },
    /// delta is not the last contribution's.
    #[error("its delta in G1 is not that of its last contribution")]
    LastDelta,
    /// delta in G2 is another.
    #[error("its delta in G2 is not that in G1")]
    DeltaG2,
    /// A beacon's secret is not the one of its hash.
    #[error("contribution {number}: its public key is not the one that its beacon gives")]
    Beacon {
        /// The contribution.
        number: usize,
    },
    /// The system gives no randomness.
    #[error("no randomness from the system: {0}")]
    Randomness(#[from] getrandom::Error),
}
