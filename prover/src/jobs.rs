//! Jobs: admission, queue, store, and the driver that works on them.

mod driver;
mod job;
mod store;

pub use job::{Job, State};

use super::{
    catalog::{Admitted, Catalog},
    compute_pool::ComputePool,
    config::Config,
    refusal::Refusal,
};
use driver::{Work, drive};
use nectar_proto::{JobId, Submission};
use std::{
    num::NonZeroU32,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use store::{Bounds, Store};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until, timeout_at},
};

/// All jobs of a service.
pub struct Jobs {
    catalog: Arc<Catalog>,
    store: Mutex<Store>,
    /// For jobs that are not over, running and queued.
    admissions: Arc<Semaphore>,
    compute: ComputePool,
    numbers: AtomicU64,
    tick: Duration,
    deadline: u32,
    ttl: Duration,
}

impl Jobs {
    /// No jobs yet.
    pub fn new(config: &Config, catalog: Arc<Catalog>) -> Arc<Self> {
        let bounds = Bounds {
            jobs: config.max_stored_jobs,
            bytes: config.max_stored_mebibytes.saturating_mul(1 << 20),
        };
        let admissions = config
            .max_running_jobs
            .saturating_add(config.max_queued_jobs);
        Arc::new(Jobs {
            catalog,
            store: Mutex::new(Store::new(bounds)),
            admissions: Arc::new(Semaphore::new(admissions)),
            compute: ComputePool::new(config.max_running_jobs),
            numbers: AtomicU64::new(1),
            tick: config.tick(),
            deadline: config.job_deadline_seconds,
            ttl: config.result_ttl(),
        })
    }

    /// A panic elsewhere leaves the store as it was between two calls.
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a submission in: a new job, or the one its idempotency key stands for.
    ///
    /// # Errors
    /// The query is refused, the key stands for something else, or the queue is full.
    pub fn submit(self: &Arc<Self>, submission: Submission) -> Result<Arc<Job>, Refusal> {
        if let Some(job) = self.store().repeated(&submission)? {
            return Ok(job);
        }
        let admitted = self.catalog.admit(&submission)?;
        let deadline = self.deadline(submission.deadline_seconds);
        let id = draw_id()?;

        let mut store = self.store();
        if let Some(job) = store.repeated(&submission)? {
            return Ok(job);
        }
        let admission = self.admissions.clone().try_acquire_owned()?;
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let job = Arc::new(Job::new(id, number, submission));
        store.insert(job.clone());
        drop(store);
        tracing::info!(job = number, "a job is queued");
        tokio::spawn(
            self.clone()
                .lead(job.clone(), admitted, admission, deadline),
        );
        Ok(job)
    }

    /// The job of an id.
    ///
    /// # Errors
    /// There is none, or no longer.
    pub fn find(&self, id: JobId) -> Result<Arc<Job>, Refusal> {
        self.store().get(id).ok_or(Refusal::UnknownJob)
    }

    /// Cancels a job; one that is over stays as it is.
    ///
    /// # Errors
    /// There is none, or no longer.
    pub fn cancel(&self, id: JobId) -> Result<Arc<Job>, Refusal> {
        let job = self.find(id)?;
        if job.publish(State::Cancelled) {
            tracing::info!(job = job.number(), "a job was cancelled");
        }
        Ok(job)
    }

    /// Takes no further submissions.
    pub fn close(&self) {
        self.admissions.close();
    }

    /// Waits until the jobs that are not over yet are, and their bundles were fetched.
    pub async fn drain(&self) {
        let unfinished = self.store().unfinished();
        for job in unfinished {
            job.settled().await;
        }
    }

    /// Aborts all jobs that are not over.
    pub fn abort(&self) {
        for job in self.store().unfinished() {
            job.publish(State::Failed);
        }
    }

    /// The earlier of the client's deadline and the service's own.
    fn deadline(&self, seconds: Option<NonZeroU32>) -> Instant {
        let seconds = seconds.map_or(self.deadline, |s| s.get().min(self.deadline));
        Instant::now() + Duration::from_secs(seconds.into())
    }

    /// Leads a job from the queue to its end. It counts as admitted until the engine has stopped.
    async fn lead(
        self: Arc<Self>,
        job: Arc<Job>,
        admitted: Admitted,
        admission: OwnedSemaphorePermit,
        deadline: Instant,
    ) {
        let mut run = pin!(self.run(&job, admitted));
        if timeout_at(deadline, &mut run).await.is_err() {
            if job.publish(State::Failed) {
                tracing::info!(job = job.number(), "a job's deadline passed");
            }
            run.await;
        }
        drop(admission);
        self.keep(&job);
    }

    async fn run(&self, job: &Arc<Job>, admitted: Admitted) {
        let permit = tokio::select! {
            biased;
            () = job.over() => return,
            permit = self.compute.permit() => permit,
        };
        let keys = self.catalog.keys().clone();
        if let Some(permit) = permit {
            drive(job.clone(), Work { admitted, keys }, permit, self.tick).await;
        }
    }

    /// Keeps a job that is over for a while. The first one kept starts the sweeper, which ends with the last.
    fn keep(self: &Arc<Self>, job: &Job) {
        let bytes = match job.state() {
            State::Succeeded(bundle) => bundle.len(),
            _ => 0,
        };
        let mut store = self.store();
        if store.finish(job.id(), bytes, Instant::now() + self.ttl) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }
}

/// Drops jobs as they expire, until none that is over is left.
async fn sweep(jobs: Weak<Jobs>) {
    while let Some(jobs) = jobs.upgrade() {
        let Some(next) = jobs.store().expire(Instant::now()) else {
            return;
        };
        drop(jobs);
        sleep_until(next).await;
    }
}

fn draw_id() -> Result<JobId, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "no randomness for a job id");
        Refusal::Fault
    })?;
    Ok(JobId::from_bytes(bytes))
}
