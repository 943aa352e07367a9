//! Single fields: what all conversions check, and why a message is refused.

use super::job_id::JobIdError;
use alloy_primitives::B256;
use nectar_verifier::{abi::DecodeError, header::HeaderError};

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// A field of fixed length has another.
    #[error("{field}: got {got} bytes, want {want}")]
    Length {
        /// The field.
        field: &'static str,
        /// Bytes present.
        got: usize,
        /// Bytes wanted.
        want: usize,
    },
    /// A field is too large.
    #[error("{field}: got {got}, at most {most}")]
    Limit {
        /// The field, with its unit.
        field: &'static str,
        /// How much there is.
        got: usize,
        /// How much there may be.
        most: usize,
    },
    /// A field that has to be there is not.
    #[error("{0}: missing")]
    Missing(&'static str),
    /// A field breaks its rule.
    #[error("{field}: {rule}")]
    Rule {
        /// The field.
        field: &'static str,
        /// The rule.
        rule: &'static str,
    },
    /// A job id is none.
    #[error(transparent)]
    JobId(#[from] JobIdError),
    /// The query's bytes are not one encoded query.
    #[error("query: {0}")]
    Query(#[from] DecodeError),
    /// The header's bytes are not a valid header.
    #[error(transparent)]
    Header(#[from] HeaderError),
}

/// Checks that there is not more than there may be.
///
/// # Errors
/// [`ConvertError::Limit`].
pub fn limit(field: &'static str, got: usize, most: usize) -> Result<(), ConvertError> {
    if got > most {
        Err(ConvertError::Limit { field, got, most })
    } else {
        Ok(())
    }
}

/// Bytes of a fixed length.
///
/// # Errors
/// [`ConvertError::Length`].
pub fn array<const N: usize>(field: &'static str, bytes: &[u8]) -> Result<[u8; N], ConvertError> {
    let length = ConvertError::Length {
        field,
        got: bytes.len(),
        want: N,
    };
    bytes.try_into().map_err(|_| length)
}

/// The 32 bytes of a root.
///
/// # Errors
/// [`ConvertError::Length`].
pub fn root(field: &'static str, bytes: &[u8]) -> Result<B256, ConvertError> {
    array(field, bytes).map(B256::new)
}
