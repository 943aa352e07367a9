//! Moments and civil days as commands are given them.

use crate::failure::{Failure, Outcome};
use chrono::{DateTime, NaiveDate};
use nectar_verifier::date::{Day, parse_day};
use std::time::{SystemTime, UNIX_EPOCH};

/// This moment, in seconds since the epoch.
///
/// # Errors
/// The system's clock stands before 1970.
pub fn now() -> Outcome<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_err(Failure::io)?.as_secs();
    i64::try_from(seconds).map_err(Failure::io)
}

/// Reads a moment: `2026-11-21T09:30:00Z`, `2026-11-21` (midnight UTC) or seconds since the epoch.
pub fn parse_moment(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.timestamp());
    }
    let day: Result<NaiveDate, _> = text.parse();
    let midnight = day.ok().and_then(|d| d.and_hms_opt(0, 0, 0));
    let midnight = midnight
        .ok_or("want a moment such as 2026-11-21T09:30:00Z, a date, or seconds since 1970-01-01")?;
    Ok(midnight.and_utc().timestamp())
}

/// Reads a civil day, `YYYY-MM-DD`.
pub fn parse_civil(text: &str) -> Result<Day, String> {
    parse_day(text).ok_or_else(|| "want a date as YYYY-MM-DD".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_three_forms() {
        for text in ["2026-11-21T00:00:00Z", "2026-11-21", "1795219200"] {
            assert_eq!(parse_moment(text), Ok(1_795_219_200), "{text}");
        }
        assert!(parse_moment("yesterday").is_err());
    }
}
