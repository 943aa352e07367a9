//! Published manifests on their way. A manifest is made column by column as it is fetched, never as a whole, and not
//! on the threads that answer calls.

use super::{
    refusal::Refusal,
    rpc::{Answers, CHUNK_BYTES},
};
use nectar_engine::published::PublishedManifest;
use nectar_proto::v1::GetManifestResponse;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::spawn_blocking,
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Manifests on their way at once: each holds one column in memory.
const MOST: usize = 16;
/// How long a client may take nothing, as while it checks a large column, before it loses its place to others.
const PATIENCE: Duration = Duration::from_secs(600);

type Sender = mpsc::Sender<Result<GetManifestResponse, Status>>;

/// The places for manifests on their way.
pub struct Manifests(Arc<Semaphore>);

impl Manifests {
    /// All places are free.
    pub fn new() -> Self {
        Manifests(Arc::new(Semaphore::new(MOST)))
    }

    /// Sends a manifest; `permit` is given back at the end.
    ///
    /// # Errors
    /// No place is free.
    pub fn stream(
        &self,
        manifest: Arc<PublishedManifest>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Answers<GetManifestResponse>, Refusal> {
        let place = self.0.clone().try_acquire_owned();
        let place = place.map_err(|_| Refusal::Streams)?;
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let _places = (permit, place);
            deliver(manifest, &sender).await;
        });
        Ok(ReceiverStream::new(receiver))
    }
}

/// Sends part after part. The stream ends early when nobody listens.
async fn deliver(manifest: Arc<PublishedManifest>, sender: &Sender) {
    for number in 0.. {
        let manifest = manifest.clone();
        let part = match spawn_blocking(move || manifest.part(number)).await {
            Ok(Some(part)) => part,
            Ok(None) => return,
            Err(_) => {
                // Without this the manifest would look as if it ended here.
                let _ = sender.send(Err(Refusal::Fault.into())).await;
                return;
            }
        };
        for chunk in part.chunks(CHUNK_BYTES) {
            if !send(chunk, sender).await {
                return;
            }
        }
    }
}

/// Whether the client has taken the piece.
async fn send(chunk: &[u8], sender: &Sender) -> bool {
    let chunk = chunk.to_vec();
    let sent = sender.send(Ok(GetManifestResponse { chunk }));
    matches!(timeout(PATIENCE, sent).await, Ok(Ok(())))
}
