//! Why a lock is refused.

use alloy_primitives::B256;
use nectar_verifier::circuit::Circuit;

/// Why a lock is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// There is no id in the first line.
    #[error("its first line is not `id = \"0x..\"`")]
    NoId,
    /// Something after the first line was changed.
    #[error(
        "it was edited: its id is {got}, what follows has {want}; take the file as it was made"
    )]
    Id {
        /// The id stated.
        got: B256,
        /// The id of what follows.
        want: B256,
    },
    /// Another format.
    #[error("it is not a lock of parameters: {0}")]
    Format(String),
    /// The same content in another form.
    #[error("it is not in canonical form; take the file as it was made")]
    NotCanonical,
    /// The name of no circuit.
    #[error("it names a circuit {0:?}, want one of compact, wide, index")]
    UnknownCircuit(String),
    /// A circuit twice.
    #[error("it has two keys of circuit {0}, want one")]
    DuplicateKey(Circuit),
    /// The key is for another version of the circuit.
    #[error(
        "its key of circuit {circuit} was made for a circuit with fingerprint {got}, this program's has {want}: use the \
         version of this program that it was made for, or make it anew (development keys: in another folder; those of a \
         ceremony: by a new phase 2)"
    )]
    Fingerprint {
        /// The circuit.
        circuit: Circuit,
        /// Fingerprint stated.
        got: B256,
        /// Fingerprint of the circuit.
        want: String,
    },
    /// A development key is said to be of a ceremony, or the other way round.
    #[error(
        "it says of {0} that it is an INSECURE development key and it is none, or the other way round: do not use this set"
    )]
    Mislabelled(&'static str),
    /// The provenance of a key does not hold.
    #[error("circuit {circuit}: {what}")]
    Key {
        /// The circuit.
        circuit: Circuit,
        /// What is wrong.
        what: &'static str,
    },
    /// The provenance of the SRS does not fit it.
    #[error("the SRS: {0}")]
    Srs(&'static str),
}
