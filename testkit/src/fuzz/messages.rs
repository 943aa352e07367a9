//! What comes off the network.

use nectar_proto::{
    DatasetHead, JobId, JobStatus, PublishedSnapshot, ReceiptRequest, Submission, v1,
};
use prost::Message;
use std::fmt::Debug;

/// Decodes the message the first byte names, and converts it.
pub fn message(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    match kind % 17 {
        0 => converted::<v1::SubmitQueryRequest, Submission>(bytes),
        1 => converted::<v1::Snapshot, PublishedSnapshot>(bytes),
        2 => converted::<v1::Dataset, DatasetHead>(bytes),
        3 => converted::<v1::Job, JobStatus>(bytes),
        4 => list(bytes),
        5 => drop(decoded::<v1::GetSnapshotResponse>(bytes).map(PublishedSnapshot::try_from)),
        6 => drop(decoded::<v1::SubmitQueryResponse>(bytes).map(|r| JobStatus::try_from(r.job))),
        7 => drop(decoded::<v1::GetJobResponse>(bytes).map(|r| JobStatus::try_from(r.job))),
        8 => drop(decoded::<v1::WatchJobResponse>(bytes).map(|r| JobStatus::try_from(r.job))),
        9 => drop(decoded::<v1::CancelJobResponse>(bytes).map(|r| JobStatus::try_from(r.job))),
        10 => drop(decoded::<v1::GetBundleResponse>(bytes)),
        11 => drop(decoded::<v1::GetSnapshotRequest>(bytes)),
        12 => drop(decoded::<v1::ListDatasetsRequest>(bytes)),
        13 => drop(decoded::<v1::GetBundleRequest>(bytes)),
        15 => converted::<v1::IssueReceiptRequest, ReceiptRequest>(bytes),
        16 => drop(decoded::<v1::IssueReceiptResponse>(bytes)),
        _ => str::from_utf8(bytes).map_or((), id),
    }
}

/// A message that was decoded is the same after another round.
fn decoded<M: Message + Default + PartialEq>(bytes: &[u8]) -> Option<M> {
    let message = M::decode(bytes).ok()?;
    let again = M::decode(message.encode_to_vec().as_slice()).expect("what was encoded");
    assert!(again == message);
    Some(message)
}

/// A message that is converted survives the wire.
fn converted<M, T>(bytes: &[u8])
where
    M: Message + Default + PartialEq + for<'a> From<&'a T>,
    T: TryFrom<M, Error: Debug> + PartialEq + Debug,
{
    let Some(Ok(value)) = decoded::<M>(bytes).map(T::try_from) else {
        return;
    };
    let again = T::try_from(M::from(&value)).expect("what was encoded");
    assert_eq!(again, value);
}

fn list(bytes: &[u8]) {
    let _ = decoded::<v1::ListDatasetsResponse>(bytes).map(<Vec<DatasetHead>>::try_from);
}

fn id(text: &str) {
    if let Ok(id) = text.parse::<JobId>() {
        assert_eq!(id.to_string(), text, "an id has one text");
    }
}
