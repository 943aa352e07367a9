//! Receipts for subjects: made while the call waits, under limits of their own, so that neither queries nor receipts
//! keep the other from its turn.
//!
//! As with jobs, a receipt and the permit under which it was made leave on a tick of the coarse clock: the work passes over the
//! codes of other people, too.

use super::{
    catalog::{Catalog, Claim},
    compute_pool::{ComputePool, Permit},
    config::Config,
    refusal::Refusal,
};
use nectar_engine::receipt::{IssueError, issue};
use nectar_params::ProverKeys;
use nectar_proto::{MAX_RECEIPT_BYTES, ReceiptRequest};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot::error::TryRecvError},
    time::{Instant, interval_at},
};

/// All receipts under way.
pub struct Receipts {
    catalog: Arc<Catalog>,
    /// For receipts under way, running and queued.
    admissions: Arc<Semaphore>,
    compute: ComputePool,
    tick: Duration,
}

/// Why there is no receipt: for the log, never for clients.
#[derive(Debug, thiserror::Error)]
enum ReceiptError {
    #[error(transparent)]
    Issue(#[from] IssueError),
    #[error("no thread: {0}")]
    Thread(#[from] io::Error),
    #[error("the work panicked")]
    Panic,
}

impl Receipts {
    /// No receipts yet.
    pub fn new(config: &Config, catalog: Arc<Catalog>) -> Self {
        let admissions = config
            .max_running_receipts
            .saturating_add(config.max_queued_receipts);
        Receipts {
            catalog,
            admissions: Arc::new(Semaphore::new(admissions)),
            compute: ComputePool::new(config.max_running_receipts),
            tick: config.tick(),
        }
    }

    /// The bytes of a receipt for the subject who knows the secret.
    ///
    /// # Errors
    /// Dataset, columns or secret are unknown, the receipt is too large, or the queue is full.
    pub async fn issue(&self, request: ReceiptRequest) -> Result<Vec<u8>, Refusal> {
        let claim = self.catalog.claim(&request)?;
        // The secret is not kept while the call waits.
        drop(request);
        let admission = self.admissions.clone().try_acquire_owned()?;
        let permit = self.compute.permit().await.ok_or(Refusal::Closed)?;
        let keys = self.catalog.keys().clone();
        // A call that is cancelled does not free its permit before the work has ended.
        let work = tokio::spawn(work(claim, keys, permit, admission, self.tick));
        let receipt = work.await.unwrap_or(Err(ReceiptError::Panic));
        let receipt = receipt.map_err(|error| {
            tracing::error!(%error, "a receipt failed");
            Refusal::Fault
        })?;
        tracing::info!(bytes = receipt.len(), "a receipt was issued");
        match receipt.len() {
            bytes if bytes > MAX_RECEIPT_BYTES => Err(Refusal::ReceiptSize(bytes)),
            _ => Ok(receipt),
        }
    }

    /// Takes no further requests.
    pub fn close(&self) {
        self.admissions.close();
    }
}

/// Works on a receipt. Returns on a tick, and frees its permits then.
async fn work(
    claim: Claim,
    keys: Arc<ProverKeys>,
    permit: Permit,
    _admission: OwnedSemaphorePermit,
    tick: Duration,
) -> Result<Vec<u8>, ReceiptError> {
    let mut ticks = interval_at(Instant::now() + tick, tick);
    let mut receipt = permit.run(move || {
        let Claim {
            snapshot,
            row,
            columns,
        } = claim;
        issue(&snapshot, keys.srs(), row, &columns).map(|receipt| receipt.encode())
    })?;
    loop {
        ticks.tick().await;
        match receipt.try_recv() {
            Ok(receipt) => return Ok(receipt?),
            Err(TryRecvError::Closed) => return Err(ReceiptError::Panic),
            Err(TryRecvError::Empty) => (),
        }
    }
}
