//! Refusals: the answers to requests that are not served, and their gRPC codes.
//!
//! A refusal follows from the request, from published headers and from how busy the service is, never from
//! records, but for one: whether a row has the tag of a secret. What goes wrong once records are read is told as one
//! state, `FAILED`, or one refusal, and nothing else.

use nectar_engine::receipt::ColumnsError;
use nectar_proto::{ConvertError, MAX_RECEIPT_BYTES};
use nectar_verifier::{statement::StatementError, trust::TrustError};
use tokio::sync::TryAcquireError;
use tonic::{Code, Status};

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
        "the snapshot's index proofs are not there yet: its custodian makes them with `nectar snapshot prove` and \
         starts the service again"
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
    Statement(#[from] StatementError),
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
    /// All places of the queue are taken.
    #[error("too many jobs or receipts; try again later")]
    Busy,
    /// All streams are taken.
    #[error("too many streams; try again later")]
    Streams,
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
