//! The one way from tokio to the cores. Field arithmetic runs on a thread of its own, which fans out to
//! rayon's pool; tokio's threads never run any. At most as many such threads as there are slots.

use std::{io, sync::Arc, thread};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Slots for work.
pub struct Bridge(Arc<Semaphore>);

/// A slot, free again once dropped.
pub struct Slot {
    _permit: OwnedSemaphorePermit,
}

impl Bridge {
    /// A bridge of so many slots.
    pub fn new(slots: usize) -> Self {
        Bridge(Arc::new(Semaphore::new(slots)))
    }

    /// Waits for a slot, first come, first served. `None` never happens: nobody closes the bridge.
    pub async fn slot(&self) -> Option<Slot> {
        let permit = self.0.clone().acquire_owned().await.ok()?;
        Some(Slot { _permit: permit })
    }
}

impl Slot {
    /// Starts work. The receiver sees the end of the channel when the work panics.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<oneshot::Receiver<T>> {
        let (sender, receiver) = oneshot::channel();
        let run = move || {
            // Nobody listens any more: the result is of no use.
            let _ = sender.send(work());
        };
        thread::Builder::new()
            .name("nectar-work".into())
            .spawn(run)?;
        Ok(receiver)
    }
}
