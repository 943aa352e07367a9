//! Requests for receipts, and the secrets that authorise them.

use super::{
    dataset::MAX_HEADER_BYTES,
    field::{ConvertError, array, limit},
    submission::dataset_name,
};
use crate::v1;
use nectar_verifier::{column::MAX_TEXT, header::MAX_COLUMNS};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Most bytes of a receipt that travels in one message.
pub const MAX_RECEIPT_BYTES: usize = MAX_HEADER_BYTES;

/// What a subject of one dataset keeps, and whoever knows it can ask for their receipts. The row's tag is its hash.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// A secret kept by the caller.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Secret(bytes)
    }

    /// The bytes.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Asks for a receipt of the row whose tag is made of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRequest {
    /// Name of the dataset.
    pub dataset: String,
    /// The subject's secret.
    pub secret: Secret,
    /// Names of the columns to open.
    pub columns: Vec<String>,
}

impl From<&ReceiptRequest> for v1::IssueReceiptRequest {
    fn from(r: &ReceiptRequest) -> Self {
        v1::IssueReceiptRequest {
            dataset: r.dataset.clone(),
            secret: r.secret.expose().to_vec(),
            columns: r.columns.clone(),
        }
    }
}

impl TryFrom<v1::IssueReceiptRequest> for ReceiptRequest {
    type Error = ConvertError;

    fn try_from(r: v1::IssueReceiptRequest) -> Result<Self, ConvertError> {
        let secret = Zeroizing::new(r.secret);
        limit("columns", r.columns.len(), MAX_COLUMNS)?;
        for name in &r.columns {
            limit("bytes of a column's name", name.len(), MAX_TEXT)?;
        }
        Ok(ReceiptRequest {
            dataset: dataset_name(r.dataset)?,
            secret: Secret(array("secret", &secret)?),
            columns: r.columns,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> ReceiptRequest {
        ReceiptRequest {
            dataset: "lung".into(),
            secret: Secret::from_bytes([0xa5; 32]),
            columns: vec!["age".into(), "consent".into()],
        }
    }

    fn check(mutate: impl FnOnce(&mut v1::IssueReceiptRequest), want: &str) {
        let mut wire = v1::IssueReceiptRequest::from(&request());
        mutate(&mut wire);
        let got = ReceiptRequest::try_from(wire).unwrap_err().to_string();
        assert_eq!(got, want);
    }

    #[test]
    fn requests_survive_the_wire() {
        let wire = v1::IssueReceiptRequest::from(&request());
        assert_eq!(ReceiptRequest::try_from(wire), Ok(request()));
    }

    #[test]
    fn bad_fields_are_refused_by_name() {
        for length in [0, 31, 33] {
            let want = format!("secret: got {length} bytes, want 32");
            check(|r| r.secret.resize(length, 0), &want);
        }
        check(
            |r| r.dataset.clear(),
            "dataset: a name is not empty and has no control characters",
        );
        check(
            |r| r.columns = vec!["x".into(); 1025],
            "columns: got 1025, at most 1024",
        );
        check(
            |r| r.columns.push("x".repeat(257)),
            "bytes of a column's name: got 257, at most 256",
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", request());
        assert!(
            shown.contains("Secret(..)") && !shown.contains("165"),
            "{shown}"
        );
    }
}
