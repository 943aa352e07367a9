//! The one way from tokio to the cores. Field arithmetic runs on a thread of its own, which fans out to
//! rayon's pool; tokio's threads never run any. At most as many such threads as there are permits.

use std::{io, sync::Arc, thread};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Permits for work.
pub struct ComputePool(Arc<Semaphore>);

/// Permission for one piece of work at a time, given back once dropped.
pub struct Permit {
    _permit: OwnedSemaphorePermit,
}

impl ComputePool {
    /// A pool of so many permits.
    pub fn new(permits: usize) -> Self {
        ComputePool(Arc::new(Semaphore::new(permits)))
    }

    /// Waits for a permit, first come, first served. `None` never happens: nobody closes the pool.
    pub async fn permit(&self) -> Option<Permit> {
        let permit = self.0.clone().acquire_owned().await.ok()?;
        Some(Permit { _permit: permit })
    }
}

impl Permit {
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
