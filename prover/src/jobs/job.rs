//! One job: what was asked, and what is published of it.

use nectar_engine::Stage;
use nectar_proto::{JobId, JobStage, JobState, JobStatus, Submission};
use std::sync::Arc;
use tokio::sync::watch;

/// A job. Its published state is the one truth about it: whoever works on it stops once that is final.
pub struct Job {
    id: JobId,
    number: u64,
    submission: Submission,
    view: watch::Sender<JobView>,
}

/// What clients may see of a job.
#[derive(Debug, Clone)]
pub struct JobView {
    /// Where the job stands.
    pub state: State,
    /// Whether the whole bundle was handed to the network once.
    pub delivered: bool,
}

/// Where a job stands.
#[derive(Debug, Clone)]
pub enum State {
    /// It waits for its turn.
    Queued,
    /// It is being worked on.
    Running(Option<Stage>),
    /// The bytes of the bundle.
    Succeeded(Arc<[u8]>),
    /// There will be no bundle.
    Failed,
    /// A client cancelled it.
    Cancelled,
}

impl Job {
    /// A job that waits. `number` names it in the log: the id would let whoever reads the log fetch the answer.
    pub fn new(id: JobId, number: u64, submission: Submission) -> Self {
        let view = JobView {
            state: State::Queued,
            delivered: false,
        };
        Job {
            id,
            number,
            submission,
            view: watch::Sender::new(view),
        }
    }

    /// The id.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// The name in the log.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What was asked.
    pub fn submission(&self) -> &Submission {
        &self.submission
    }

    /// What is published now.
    pub fn state(&self) -> State {
        self.view.borrow().state.clone()
    }

    /// Where the job stands, as clients are told.
    pub fn status(&self) -> JobStatus {
        self.view.borrow().state.status(self.id)
    }

    /// Follows what is published.
    pub fn watch(&self) -> watch::Receiver<JobView> {
        self.view.subscribe()
    }

    /// Whether the job will never change again.
    pub fn is_over(&self) -> bool {
        self.view.borrow().state.is_final()
    }

    /// Publishes a state, unless the one before is final or the same; says whether it did.
    pub fn publish(&self, state: State) -> bool {
        self.view.send_if_modified(|view| {
            let news = !view.state.is_final() && !view.state.looks_like(&state);
            if news {
                view.state = state;
            }
            news
        })
    }

    /// Notes that the bundle was handed to the network.
    pub fn delivered(&self) {
        self.view.send_modify(|p| p.delivered = true);
    }

    /// Waits until the job is over.
    pub async fn over(&self) {
        // The sender lives in self, so the wait ends with the state alone.
        let _ = self.watch().wait_for(|p| p.state.is_final()).await;
    }

    /// Waits until the job is over and its bundle, if there is one, was fetched.
    pub async fn settled(&self) {
        let settled = |p: &JobView| match p.state {
            State::Succeeded(_) => p.delivered,
            _ => p.state.is_final(),
        };
        let _ = self.watch().wait_for(settled).await;
    }
}

impl State {
    /// Whether the job will never change again.
    pub fn is_final(&self) -> bool {
        !matches!(self, State::Queued | State::Running(_))
    }

    fn looks_like(&self, other: &State) -> bool {
        match (self, other) {
            (State::Running(a), State::Running(b)) => a == b,
            _ => false,
        }
    }

    /// As clients are told.
    pub fn status(&self, id: JobId) -> JobStatus {
        let (state, stage, percent) = match self {
            State::Queued => (JobState::Queued, None, 0),
            State::Running(stage) => (JobState::Running, *stage, stage.map_or(0, percent)),
            State::Succeeded(_) => (JobState::Succeeded, None, 100),
            State::Failed => (JobState::Failed, None, 0),
            State::Cancelled => (JobState::Cancelled, None, 0),
        };
        JobStatus {
            id,
            state,
            stage: stage.map(wire),
            percent,
        }
    }
}

/// Stages before this one, in percent of all.
fn percent(stage: Stage) -> u8 {
    let before = Stage::ALL.iter().filter(|s| **s < stage).count();
    u8::try_from(before * 100 / Stage::ALL.len()).unwrap_or(100)
}

fn wire(stage: Stage) -> JobStage {
    match stage {
        Stage::Table => JobStage::Table,
        Stage::Scan => JobStage::Scan,
        Stage::Mask => JobStage::Mask,
        Stage::Opening => JobStage::Opening,
        Stage::Circuit => JobStage::Circuit,
        Stage::Check => JobStage::Check,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::B256;
    use nectar_verifier::query::{Query, Variant};

    fn job() -> Job {
        let submission = Submission {
            dataset: "d".into(),
            root: B256::ZERO,
            query: Query::for_purpose(Variant::Counts, "research", 0),
            idempotency_key: None,
            deadline_seconds: None,
        };
        Job::new(JobId::from_bytes([1; 16]), 1, submission)
    }

    #[test]
    fn final_states_stay() {
        for last in [State::Failed, State::Cancelled, State::Succeeded([].into())] {
            let job = job();
            assert!(job.publish(last));
            let before = job.status();
            assert!(!job.publish(State::Running(None)));
            assert!(!job.publish(State::Succeeded([1].into())));
            assert_eq!(job.status(), before);
        }
    }

    #[test]
    fn percentages_are_of_stages() {
        let got = Stage::ALL.map(percent);
        assert_eq!(got, [0, 16, 33, 50, 66, 83]);
    }

    #[test]
    fn nothing_is_told_twice() {
        let job = job();
        let mut watch = job.watch();
        assert!(job.publish(State::Running(Some(Stage::Scan))));
        watch.mark_unchanged();
        assert!(!job.publish(State::Running(Some(Stage::Scan))));
        assert!(!watch.has_changed().unwrap());
    }
}
