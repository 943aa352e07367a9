//! Streams of messages to clients: so many at once, in chunks of bounded size, and none for a client that takes nothing.

use super::refusal::Refusal;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Semaphore, mpsc},
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Most bytes of a bundle or manifest in one message.
const CHUNK_BYTES: usize = 1 << 20;
/// How long a client may take nothing, as while it checks a large column, before it loses its stream to others.
const STALL: Duration = Duration::from_secs(600);

/// What a call that streams answers with.
pub type Messages<T> = ReceiverStream<Result<T, Status>>;

/// The streams of a service.
pub struct Streams {
    permits: Arc<Semaphore>,
    stall: Duration,
}

/// The service's end of one stream.
pub struct Sender<T> {
    messages: mpsc::Sender<Result<T, Status>>,
    stall: Duration,
}

impl Streams {
    /// At most so many streams at once.
    pub fn new(most: usize) -> Self {
        Streams {
            permits: Arc::new(Semaphore::new(most)),
            stall: STALL,
        }
    }

    /// Opens a stream that `fill` sends to. It ends with `fill`, and with its refusal if there is one, so that what was
    /// cut off does not look whole.
    ///
    /// # Errors
    /// There are as many streams as there may be.
    pub fn open<T, F>(&self, fill: impl FnOnce(Sender<T>) -> F) -> Result<Messages<T>, Refusal>
    where
        T: Send + 'static,
        F: Future<Output = Result<(), Refusal>> + Send + 'static,
    {
        let permit = self.permits.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Refusal::Streams)?;
        // One message on its way, and room for the refusal even when that one is not taken.
        let (messages, receiver) = mpsc::channel(2);
        let last = messages.clone().try_reserve_owned();
        let last = last.map_err(|_| Refusal::Fault)?;
        let filled = fill(Sender {
            messages,
            stall: self.stall,
        });
        tokio::spawn(async move {
            let _permit = permit;
            if let Err(refusal) = filled.await {
                last.send(Err(refusal.into()));
            }
        });
        Ok(ReceiverStream::new(receiver))
    }
}

impl<T> Sender<T> {
    /// Sends a message once the one before it was taken.
    ///
    /// # Errors
    /// The client took nothing for too long, or is gone.
    pub async fn send(&self, message: T) -> Result<(), Refusal> {
        match timeout(self.stall, self.messages.send(Ok(message))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Refusal::Stalled),
        }
    }

    /// Sends bytes in chunks, each as the message that `message` makes of it.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub async fn send_chunks(
        &self,
        bytes: &[u8],
        message: impl Fn(Vec<u8>) -> T,
    ) -> Result<(), Refusal> {
        for chunk in bytes.chunks(CHUNK_BYTES) {
            self.send(message(chunk.to_vec())).await?;
        }
        Ok(())
    }

    /// Waits until the client is gone.
    pub async fn closed(&self) {
        self.messages.closed().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;
    use tokio_stream::StreamExt;
    use tonic::Code;

    const BYTES: usize = 3 * CHUNK_BYTES + 1;

    fn streams(stall: Duration) -> Streams {
        Streams {
            stall,
            ..Streams::new(1)
        }
    }

    fn open(streams: &Streams) -> Result<Messages<Vec<u8>>, Refusal> {
        streams.open(|sender| async move { sender.send_chunks(&vec![7; BYTES], |c| c).await })
    }

    #[tokio::test]
    async fn a_reader_who_stalls_loses_its_stream() {
        let stall = Duration::from_millis(50);
        let streams = streams(stall);
        let mut stalled = open(&streams).unwrap();
        assert_eq!(open(&streams).map(|_| ()), Err(Refusal::Streams));
        sleep(10 * stall).await;
        open(&streams).unwrap();

        let first = stalled.next().await.unwrap();
        assert_eq!(first.unwrap().len(), CHUNK_BYTES);
        let end = stalled.next().await.unwrap().unwrap_err();
        assert_eq!(end.code(), Code::DeadlineExceeded);
        assert!(stalled.next().await.is_none());
    }

    #[tokio::test]
    async fn a_reader_who_is_slow_gets_everything() {
        let stall = Duration::from_secs(5);
        let mut stream = open(&streams(stall)).unwrap();
        let mut lengths = vec![];
        while let Some(chunk) = stream.next().await {
            lengths.push(chunk.unwrap().len());
            sleep(Duration::from_millis(20)).await;
        }
        let [full, rest] = [CHUNK_BYTES, 1];
        assert_eq!(lengths, [full, full, full, rest]);
    }

    #[tokio::test]
    async fn a_reader_who_goes_gives_its_stream_back() {
        let streams = streams(STALL);
        drop(open(&streams).unwrap());
        sleep(Duration::from_millis(200)).await;
        open(&streams).unwrap();
    }
}
