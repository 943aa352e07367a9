//! Jobs: where they stand.

use super::{field::ConvertError, job_id::JobId};
use crate::v1;

/// A state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It is being worked on.
    Running,
    /// The bundle can be fetched.
    Succeeded,
    /// There will be no bundle.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// A stage of a running job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStage {
    /// The table and its commitment.
    Table,
    /// The sumcheck over the rows.
    Scan,
    /// Mask and evaluations.
    Mask,
    /// The opening of the masked combination.
    Opening,
    /// The proof of the release circuit.
    Circuit,
    /// The prover's own verification.
    Check,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobStatus {
    /// The job.
    pub id: JobId,
    /// Its state.
    pub state: JobState,
    /// The stage of a running job, if there is one to name.
    pub stage: Option<JobStage>,
    /// Progress in percent of stages.
    pub percent: u8,
}

impl JobState {
    /// Whether the job will never change again.
    pub fn is_final(self) -> bool {
        match self {
            JobState::Queued | JobState::Running => false,
            JobState::Succeeded | JobState::Failed | JobState::Cancelled => true,
        }
    }
}

impl From<JobState> for v1::JobState {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Queued => v1::JobState::Queued,
            JobState::Running => v1::JobState::Running,
            JobState::Succeeded => v1::JobState::Succeeded,
            JobState::Failed => v1::JobState::Failed,
            JobState::Cancelled => v1::JobState::Cancelled,
        }
    }
}

impl TryFrom<v1::JobState> for JobState {
    type Error = ConvertError;

    fn try_from(state: v1::JobState) -> Result<Self, ConvertError> {
        match state {
            v1::JobState::Unspecified => Err(ConvertError::Missing("state")),
            v1::JobState::Queued => Ok(JobState::Queued),
            v1::JobState::Running => Ok(JobState::Running),
            v1::JobState::Succeeded => Ok(JobState::Succeeded),
            v1::JobState::Failed => Ok(JobState::Failed),
            v1::JobState::Cancelled => Ok(JobState::Cancelled),
        }
    }
}

impl From<JobStage> for v1::JobStage {
    fn from(stage: JobStage) -> Self {
        match stage {
            JobStage::Table => v1::JobStage::Table,
            JobStage::Scan => v1::JobStage::Scan,
            JobStage::Mask => v1::JobStage::Mask,
            JobStage::Opening => v1::JobStage::Opening,
            JobStage::Circuit => v1::JobStage::Circuit,
            JobStage::Check => v1::JobStage::Check,
        }
    }
}

/// A stage this version does not know is no stage: the percentage tells enough.
fn stage(wire: i32) -> Option<JobStage> {
    match v1::JobStage::try_from(wire).unwrap_or_default() {
        v1::JobStage::Unspecified => None,
        v1::JobStage::Table => Some(JobStage::Table),
        v1::JobStage::Scan => Some(JobStage::Scan),
        v1::JobStage::Mask => Some(JobStage::Mask),
        v1::JobStage::Opening => Some(JobStage::Opening),
        v1::JobStage::Circuit => Some(JobStage::Circuit),
        v1::JobStage::Check => Some(JobStage::Check),
    }
}

impl From<&JobStatus> for v1::Job {
    fn from(s: &JobStatus) -> Self {
        v1::Job {
            id: s.id.to_string(),
            state: v1::JobState::from(s.state).into(),
            stage: s.stage.map(v1::JobStage::from).unwrap_or_default().into(),
            percent: s.percent.into(),
        }
    }
}

impl TryFrom<v1::Job> for JobStatus {
    type Error = ConvertError;

    fn try_from(job: v1::Job) -> Result<Self, ConvertError> {
        let unknown = ConvertError::Rule {
            field: "state",
            rule: "unknown",
        };
        let percent = job.percent.try_into().ok().filter(|p| *p <= 100);
        Ok(JobStatus {
            id: job.id.parse()?,
            state: v1::JobState::try_from(job.state)
                .map_err(|_| unknown)?
                .try_into()?,
            stage: stage(job.stage),
            percent: percent.ok_or(ConvertError::Rule {
                field: "percent",
                rule: "at most 100",
            })?,
        })
    }
}

impl TryFrom<Option<v1::Job>> for JobStatus {
    type Error = ConvertError;

    fn try_from(job: Option<v1::Job>) -> Result<Self, ConvertError> {
        job.ok_or(ConvertError::Missing("job"))?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: JobId = JobId::from_bytes([0xa5; 16]);

    #[test]
    fn states_survive_the_wire() {
        let status = JobStatus {
            id: ID,
            state: JobState::Running,
            stage: Some(JobStage::Mask),
            percent: 33,
        };
        assert_eq!(JobStatus::try_from(v1::Job::from(&status)), Ok(status));
    }

    #[test]
    fn only_what_can_be_ignored_is_ignored() {
        let job = |state, stage, percent| v1::Job {
            id: ID.to_string(),
            state,
            stage,
            percent,
        };
        assert_eq!(JobStatus::try_from(job(2, 99, 50)).unwrap().stage, None);
        for (job, want) in [
            (job(0, 0, 0), "state: missing"),
            (job(99, 0, 0), "state: unknown"),
            (job(2, 0, 101), "percent: at most 100"),
        ] {
            assert_eq!(JobStatus::try_from(job).unwrap_err().to_string(), want);
        }
    }
}
