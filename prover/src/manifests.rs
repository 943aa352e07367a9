//! Published manifests on their way. A manifest is made column by column as it is fetched, never as a whole, and not
//! on the threads that answer calls.

use super::{
    refusal::Refusal,
    stream::{Messages, Sender, Streams},
};
use nectar_engine::published::PublishedManifest;
use nectar_proto::v1::GetManifestResponse;
use std::sync::Arc;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Manifests on their way at once: each holds one column in memory.
const MOST: usize = 16;

/// Permits for manifests on their way, beside those for streams.
pub struct Manifests(Arc<Semaphore>);

impl Manifests {
    /// All permits are free.
    pub fn new() -> Self {
        Manifests(Arc::new(Semaphore::new(MOST)))
    }

    /// Sends a manifest.
    ///
    /// # Errors
    /// No permit is free.
    pub fn stream(
        &self,
        manifest: Arc<PublishedManifest>,
        streams: &Streams,
    ) -> Result<Messages<GetManifestResponse>, Refusal> {
        let permit = self.0.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Refusal::Streams)?;
        streams.open(|sender| async move {
            let _permit = permit;
            deliver(manifest, &sender).await
        })
    }
}

/// Sends part after part.
async fn deliver(
    manifest: Arc<PublishedManifest>,
    sender: &Sender<GetManifestResponse>,
) -> Result<(), Refusal> {
    for number in 0.. {
        let manifest = manifest.clone();
        let part = spawn_blocking(move || manifest.part(number)).await;
        let Some(part) = part.map_err(|_| Refusal::Fault)? else {
            break;
        };
        let message = |chunk| GetManifestResponse { chunk };
        sender.send_chunks(&part, message).await?;
    }
    Ok(())
}
