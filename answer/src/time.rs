//! Moments and civil days as people write them.

use chrono::DateTime;
use nectar_verifier::date::{Day, civil};

/// A civil day as people write it.
pub fn day_text(day: Day) -> String {
    civil(day).map_or_else(|| format!("day {day}"), |d| d.to_string())
}

/// A moment as people write it, in UTC.
pub fn moment_text(seconds: i64) -> String {
    let moment = DateTime::from_timestamp(seconds, 0);
    moment.map_or_else(
        || format!("{seconds} s since 1970"),
        |m| m.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(moment_text(1_795_219_200), "2026-11-21 00:00:00 UTC");
    }
}
