//! Refusals: the answers to requests that are not served, and their gRPC codes.
//!
//! A refusal follows from the request, from published headers and from how busy the service is, never from
//! records, but for one: whether a row has the tag of a secret. What goes wrong once records are read is told as one
//! state, `FAILED`, or one refusal, and nothing else.

use alloy_primitives::B256;
use nectar_engine::receipt::ColumnsError;
use nectar_proto::{ConvertError, MAX_RECEIPT_BYTES};
use nectar_verifier::{column::Kind, header::Header, statement::StatementError, trust::TrustError};
use tokio::sync::TryAcquireError;
use tonic::{Code, Status};

/// Most purposes named in a refusal.
const MAX_NAMED: usize = 8;

/// Why a request is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The message is malformed.
    #[error(transparent)]
    Malformed(#[from] ConvertError),
    /// No such dataset.
    #[error("unknown dataset")]
    UnknownDataset,
    /// Not the root of the dataset's head.
    #[error("unknown snapshot: only the dataset's head is kept; leave the root empty for it")]
    UnknownSnapshot,
    /// Index proofs are missing.
    #[error(
        "columns of the snapshot have no index proof yet: its custodian has to make them and start the service again"
    )]
    Unproven,
    /// No such job, or no longer.
    #[error("unknown job, or one that was dropped some time after its end")]
    UnknownJob,
    /// The query was written for another snapshot.
    #[error("the root is not that of the dataset's head; fetch the snapshot again")]
    OtherHead,
    /// No verifier would accept the query.
    #[error(transparent)]
    Statement(StatementError),
    /// No column records consent for the query's purpose, which is known by its id alone.
    #[error("no consent column for purpose {purpose}; the dataset has: {}", listed(.known))]
    Purpose {
        /// Id of the query's purpose.
        purpose: B256,
        /// Names of the purposes in the header, in schema order.
        known: Vec<String>,
    },
    /// No verifier would accept the query's date now.
    #[error(transparent)]
    Date(#[from] TrustError),
    /// An idempotency key came with something else before.
    #[error("the idempotency key stands for another submission")]
    KeyReused,
    /// No such column, or one twice.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// No row for the secret. There are no other words for anything that is wrong with a subject.
    #[error("no row of the dataset has the tag of this secret")]
    UnknownSubject,
    /// A receipt does not fit into one message. That follows from the columns, not from what they hold.
    #[error(
        "the receipt has {0} bytes, at most {MAX_RECEIPT_BYTES} are sent; ask for fewer columns"
    )]
    ReceiptSize(usize),
    /// The queue is full.
    #[error("too many jobs or receipts; try again later")]
    Busy,
    /// All streams are taken.
    #[error("too many streams; try again later")]
    Streams,
    /// The client took nothing of a stream for too long.
    #[error("the stream was not read for too long and is ended; fetch it again")]
    Stalled,
    /// The service is going down.
    #[error("the service is shutting down")]
    Closed,
    /// The job has no bundle yet.
    #[error("the job is not finished")]
    NotFinished,
    /// The job has no bundle and never will.
    #[error("the job has no bundle")]
    NoBundle,
    /// A fault of the service.
    #[error("internal fault")]
    Fault,
}

impl Refusal {
    /// Why a query for a purpose has no statement over a snapshot.
    pub(super) fn statement(error: StatementError, purpose: B256, header: &Header) -> Self {
        if error != StatementError::Purpose {
            return Refusal::Statement(error);
        }
        let names = header.columns.iter().filter_map(|c| match &c.kind {
            Kind::Consent { purpose, .. } => Some(purpose.clone()),
            _ => None,
        });
        Refusal::Purpose {
            purpose,
            known: names.collect(),
        }
    }
}

/// The first names of a list, for people.
fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "none".into();
    }
    let mut shown: Vec<_> = names.iter().take(MAX_NAMED).cloned().collect();
    if names.len() > MAX_NAMED {
        shown.push("..".into());
    }
    shown.join(", ")
}

impl From<TryAcquireError> for Refusal {
    fn from(error: TryAcquireError) -> Self {
        match error {
            TryAcquireError::Closed => Refusal::Closed,
            TryAcquireError::NoPermits => Refusal::Busy,
        }
    }
}

impl From<&Refusal> for Code {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Malformed(_)
            | Refusal::Statement(_)
            | Refusal::Purpose { .. }
            | Refusal::Date(_)
            | Refusal::Columns(_)
            | Refusal::ReceiptSize(_) => Code::InvalidArgument,
            Refusal::UnknownDataset
            | Refusal::UnknownSnapshot
            | Refusal::UnknownJob
            | Refusal::UnknownSubject => Code::NotFound,
            Refusal::OtherHead | Refusal::Unproven | Refusal::NotFinished | Refusal::NoBundle => {
                Code::FailedPrecondition
            }
            Refusal::KeyReused => Code::AlreadyExists,
            Refusal::Busy | Refusal::Streams => Code::ResourceExhausted,
            Refusal::Stalled => Code::DeadlineExceeded,
            Refusal::Closed => Code::Unavailable,
            Refusal::Fault => Code::Internal,
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        Status::new((&refusal).into(), refusal.to_string())
    }
}
