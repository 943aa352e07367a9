//! The wire of the service: protocol buffers, and conversions between them and checked types.
//!
//! Generated types go no further than the client and the service's calls. What comes off the network is converted before anybody looks at it; every
//! conversion checks its lengths and limits.

mod convert;
#[expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated"
)]
pub mod v1;

pub use convert::{
    dataset::{
        DatasetHead, MAX_ATTESTATIONS, MAX_DATASETS, MAX_HEADER_BYTES, ManifestRequest,
        PublishedSnapshot,
    },
    field::ConvertError,
    job::{JobStage, JobState, JobStatus},
    job_id::{JobId, JobIdError},
    receipt::{MAX_RECEIPT_BYTES, ReceiptRequest, Secret},
    submission::{IDEMPOTENCY_KEY_BYTES, Submission, dataset_name},
};

/// The compiled `.proto` files with their comments, for reflection and tools like grpcurl.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/nectar.v1.bin"));
