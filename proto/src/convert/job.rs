//! Jobs: their ids and where they stand.

use super::ConvertError;
use crate::v1;
use std::{fmt, str::FromStr};

/// A job's id: 128 random bits. Whoever knows it may fetch the answer, so it is shown only where asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobId([u8; 16]);

/// Text that is no job id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job id has 32 lower-case hexadecimal digits")]
pub struct JobIdError;

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
    /// It was called off.
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

impl JobId {
    /// The id of 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        JobId(bytes)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JobId(..)")
    }
}

impl FromStr for JobId {
    type Err = JobIdError;

    fn from_str(text: &str) -> Result<Self, JobIdError> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return Err(JobIdError);
        };
        let bytes: Vec<u8> = pairs.iter().map(byte).collect::<Result<_, _>>()?;
        bytes.try_into().map(JobId).map_err(|_| JobIdError)
    }
}

fn byte(digits: &[u8; 2]) -> Result<u8, JobIdError> {
    let digit = |d: u8| match d {
        b'0'..=b'9' => Ok(d.wrapping_sub(b'0')),
        b'a'..=b'f' => Ok(d.wrapping_sub(b'a').wrapping_add(10)),
        _ => Err(JobIdError),
    };
    let [high, low] = *digits;
    Ok(digit(high)? << 4 | digit(low)?)
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

    const ID: JobId = JobId([0xa5; 16]);

    #[test]
    fn ids_have_one_text() {
        assert_eq!(ID.to_string().parse(), Ok(ID));
        let bad = [
            "",
            "a5",
            &"A5".repeat(16),
            &"a5".repeat(17),
            &format!("{ID}a"),
            &"é".repeat(16),
        ];
        for text in bad {
            assert_eq!(text.parse::<JobId>(), Err(JobIdError), "{text}");
        }
        assert_eq!(format!("{ID:?}"), "JobId(..)");
    }

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
