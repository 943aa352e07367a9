//! Submissions: a query with where it goes.

use super::field::{ConvertError, limit, root};
use crate::v1;
use alloy_primitives::B256;
use nectar_verifier::{
    column::MAX_TEXT,
    query::{MAX_QUERY_BYTES, Query},
};
use std::{num::NonZeroU32, ops::RangeInclusive};

/// How long an idempotency key may be. Until clients have identities it is shared by all of them, so it has to be
/// random.
pub const IDEMPOTENCY_KEY_BYTES: RangeInclusive<usize> = 16..=64;

/// A query for a dataset's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Name of the dataset.
    pub dataset: String,
    /// Root of the snapshot for whose schema the query was written.
    pub root: B256,
    /// The query.
    pub query: Query,
    /// Under which a repeated submission gives the same job.
    pub idempotency_key: Option<String>,
    /// Seconds after which the job is of no use; `None` leaves it to the service.
    pub deadline_seconds: Option<NonZeroU32>,
}

impl From<&Submission> for v1::SubmitQueryRequest {
    fn from(s: &Submission) -> Self {
        v1::SubmitQueryRequest {
            dataset: s.dataset.clone(),
            snapshot_root: s.root.to_vec(),
            query: s.query.encode(),
            idempotency_key: s.idempotency_key.clone().unwrap_or_default(),
            deadline_seconds: s.deadline_seconds.map_or(0, NonZeroU32::get),
        }
    }
}

impl TryFrom<v1::SubmitQueryRequest> for Submission {
    type Error = ConvertError;

    fn try_from(r: v1::SubmitQueryRequest) -> Result<Self, ConvertError> {
        limit("bytes of a query", r.query.len(), MAX_QUERY_BYTES)?;
        Ok(Submission {
            dataset: dataset_name(r.dataset)?,
            root: root("snapshot_root", &r.snapshot_root)?,
            query: Query::decode(&r.query)?,
            idempotency_key: idempotency_key(r.idempotency_key)?,
            deadline_seconds: NonZeroU32::new(r.deadline_seconds),
        })
    }
}

/// Checks the name of a dataset.
///
/// # Errors
/// Empty, longer than a name may be, or with control characters.
pub fn dataset_name(name: String) -> Result<String, ConvertError> {
    limit("bytes of a dataset's name", name.len(), MAX_TEXT)?;
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(ConvertError::Rule {
            field: "dataset",
            rule: "a name is not empty and has no control characters",
        });
    }
    Ok(name)
}

fn idempotency_key(key: String) -> Result<Option<String>, ConvertError> {
    if key.is_empty() {
        return Ok(None);
    }
    if !IDEMPOTENCY_KEY_BYTES.contains(&key.len()) {
        return Err(ConvertError::Rule {
            field: "idempotency_key",
            rule: "a key has 16 to 64 bytes",
        });
    }
    Ok(Some(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nectar_verifier::query::Variant;

    fn submission() -> Submission {
        Submission {
            dataset: "lung".into(),
            root: B256::repeat_byte(7),
            query: Query::for_purpose(Variant::Counts, "research", 20_000),
            idempotency_key: Some("0123456789abcdef".into()),
            deadline_seconds: NonZeroU32::new(60),
        }
    }

    fn check(mutate: impl FnOnce(&mut v1::SubmitQueryRequest), want: &str) {
        let mut request = v1::SubmitQueryRequest::from(&submission());
        mutate(&mut request);
        let got = Submission::try_from(request).unwrap_err().to_string();
        assert_eq!(got, want);
    }

    #[test]
    fn submissions_survive_the_wire() {
        let request = v1::SubmitQueryRequest::from(&submission());
        assert_eq!(Submission::try_from(request), Ok(submission()));
    }

    #[test]
    fn bad_fields_are_refused_by_name() {
        check(
            |r| r.dataset.clear(),
            "dataset: a name is not empty and has no control characters",
        );
        check(
            |r| r.dataset = "x".repeat(257),
            "bytes of a dataset's name: got 257, at most 256",
        );
        check(
            |r| r.snapshot_root.truncate(31),
            "snapshot_root: got 31 bytes, want 32",
        );
        check(
            |r| r.idempotency_key.truncate(15),
            "idempotency_key: a key has 16 to 64 bytes",
        );
        check(
            |r| r.query.push(0),
            "query: not the canonical ABI encoding of a query",
        );
        check(
            |r| r.query.resize(MAX_QUERY_BYTES + 1, 0),
            "bytes of a query: got 65537, at most 65536",
        );
    }
}
