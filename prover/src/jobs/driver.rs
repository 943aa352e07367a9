//! Drives one job from the queue to its end.
//!
//! Nothing of a running job is published between ticks of the coarse clock, which counts from the job's start: a
//! client who chose the phase could otherwise measure the scan, whose time depends on the records. A permit is
//! given back on a tick, too, or the next job's start would tell; and the engine hears of a cancellation on a tick, or
//! how long it goes on would tell which stage it was in at the moment the client chose.

use super::job::{Job, State};
use crate::{catalog::Admitted, compute_pool::Permit};
use nectar_engine::{Observer, ProveError, Stage, prove};
use nectar_params::ProverKeys;
use nectar_verifier::bundle::MAX_BYTES;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::oneshot::{self, error::TryRecvError},
    time::{Instant, interval_at},
};

/// Attempts at a job when challenges come out as the few values that are refused.
const ATTEMPTS: u32 = 3;

/// What a job works on.
pub struct Work {
    /// The statement and its snapshot.
    pub admitted: Admitted,
    /// The keys.
    pub keys: Arc<ProverKeys>,
}

/// The bytes of a bundle, or why there are none: for the log, never for clients.
type Answer = Result<Arc<[u8]>, JobError>;

#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error(transparent)]
    Prove(#[from] ProveError),
    #[error("the bundle has {0} bytes, at most {MAX_BYTES} are served")]
    Size(usize),
}

/// What passes between engine and driver: where the engine is, and whether to stop. Read and set on ticks only.
struct JobProgress {
    job: Arc<Job>,
    entered: AtomicUsize,
    stop: AtomicBool,
}

impl Observer for JobProgress {
    fn stage(&self, stage: Stage) {
        let index = Stage::ALL.iter().position(|s| *s == stage);
        self.entered
            .store(index.map_or(0, |i| i + 1), Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl JobProgress {
    fn new(job: Arc<Job>) -> Self {
        JobProgress {
            job,
            entered: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        }
    }

    /// Tells clients where the engine is, and the engine whether the job is over.
    fn tick(&self) {
        self.job.publish(State::Running(self.now()));
        self.stop.store(self.job.is_over(), Ordering::Relaxed);
    }

    fn now(&self) -> Option<Stage> {
        let index = self.entered.load(Ordering::Relaxed).checked_sub(1)?;
        Stage::ALL.get(index).copied()
    }
}

/// Works on a job under its permit. Returns on a tick, when the engine has stopped.
pub async fn drive(job: Arc<Job>, work: Work, permit: Permit, tick: Duration) {
    let progress = Arc::new(JobProgress::new(job.clone()));
    job.publish(State::Running(None));
    let mut ticks = interval_at(Instant::now() + tick, tick);
    let observer = progress.clone();
    let mut answer = match permit.run(move || answer(&work, &observer)) {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(job = job.number(), %error, "no thread for a job");
            ticks.tick().await;
            job.publish(State::Failed);
            return;
        }
    };
    loop {
        ticks.tick().await;
        let Some(last) = end(&job, &mut answer) else {
            progress.tick();
            continue;
        };
        job.publish(last);
        return;
    }
}

/// The state a job ends in, once its engine has stopped.
fn end(job: &Job, answer: &mut oneshot::Receiver<Answer>) -> Option<State> {
    let number = job.number();
    match answer.try_recv() {
        Err(TryRecvError::Empty) => None,
        Err(TryRecvError::Closed) => {
            tracing::error!(job = number, "a job panicked");
            Some(State::Failed)
        }
        Ok(Err(JobError::Prove(ProveError::Cancelled))) => {
            tracing::info!(job = number, "a job was aborted");
            Some(State::Failed)
        }
        Ok(Err(error)) => {
            tracing::error!(job = number, %error, "a job failed");
            Some(State::Failed)
        }
        Ok(Ok(bundle)) => {
            tracing::info!(job = number, bytes = bundle.len(), "a job succeeded");
            Some(State::Succeeded(bundle))
        }
    }
}

fn answer(work: &Work, progress: &JobProgress) -> Answer {
    let Admitted {
        snapshot,
        statement,
    } = &work.admitted;
    let attempt = |n| prove(snapshot, &work.keys, statement, n, progress);
    let mut proven = attempt(0);
    for n in 1..ATTEMPTS {
        let Err(ProveError::Transcript(_)) = proven else {
            break;
        };
        proven = attempt(n);
    }
    let bytes = proven?.encode();
    if bytes.len() > MAX_BYTES {
        return Err(JobError::Size(bytes.len()));
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::B256;
    use nectar_proto::{JobId, JobState, Submission};
    use nectar_verifier::query::{Query, Variant};

    fn progress() -> JobProgress {
        let submission = Submission {
            dataset: "d".into(),
            root: B256::ZERO,
            query: Query::for_purpose(Variant::Counts, "research", 0),
            idempotency_key: None,
            deadline_seconds: None,
        };
        JobProgress::new(Arc::new(Job::new(
            JobId::from_bytes([1; 16]),
            1,
            submission,
        )))
    }

    #[test]
    fn the_engine_hears_of_the_end_on_a_tick() {
        let progress = progress();
        progress.tick();
        progress.job.publish(State::Cancelled);
        assert!(!progress.cancelled());
        progress.tick();
        assert!(progress.cancelled());
    }

    #[test]
    fn clients_hear_of_stages_on_a_tick() {
        let progress = progress();
        progress.stage(Stage::Scan);
        assert_eq!(progress.job.status().state, JobState::Queued);
        progress.stage(Stage::Mask);
        progress.tick();
        assert_eq!(
            progress.job.status(),
            State::Running(Some(Stage::Mask)).status(progress.job.id())
        );
    }
}
