//! When to stop.

use std::io;
use tokio::signal::unix::{SignalKind, signal};

/// Waits for SIGTERM or ctrl-c. Handlers are in place once this returns the future.
///
/// # Errors
/// The operating system takes no handler.
pub fn requested() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
    })
}
