//! Ids of jobs.

use std::{fmt, str::FromStr};

/// A job's id: 128 random bits. Whoever knows it may fetch the answer, so it is shown only where asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobId([u8; 16]);

/// Text that is no job id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job id has 32 lower-case hexadecimal digits")]
pub struct JobIdError;

impl JobId {
    /// The id of 16 random bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_text() {
        let id = JobId::from_bytes([0xa5; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        let bad = [
            "",
            "a5",
            &"A5".repeat(16),
            &"a5".repeat(17),
            &format!("{id}a"),
            &"é".repeat(16),
        ];
        for text in bad {
            assert_eq!(text.parse::<JobId>(), Err(JobIdError), "{text}");
        }
        assert_eq!(format!("{id:?}"), "JobId(..)");
    }
}
