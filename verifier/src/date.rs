//! Civil dates as integers: days since 1970-01-01, and the month, week and day grids of date and consent columns.

use chrono::{Datelike, NaiveDate};

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
pub type Day = i32;

/// The grid of a date column: which period a date falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grid {
    /// Calendar months; period = year * 12 + month - 1.
    Month,
    /// Weeks that begin on Monday; period 0 holds 1970-01-01.
    Week,
    /// Days since 1970-01-01.
    Day,
}

const EPOCH_FROM_CE: i32 = 719_163;

/// The civil date of a day number; `None` outside the calendar's range.
pub fn civil(day: Day) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_FROM_CE)?)
}

/// The day number of a civil date.
pub fn day_of(date: NaiveDate) -> Day {
    date.num_days_from_ce().saturating_sub(EPOCH_FROM_CE)
}

/// The day number of `YYYY-MM-DD`; `None` for anything else.
pub fn parse_day(text: &str) -> Option<Day> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(day_of)
}

/// The civil day of a moment (seconds since the epoch) at a fixed offset from UTC in minutes.
pub fn day_at(seconds: i64, utc_offset_minutes: i16) -> Option<Day> {
    let local = seconds.checked_add(i64::from(utc_offset_minutes).checked_mul(60)?)?;
    i32::try_from(local.div_euclid(86_400)).ok()
}

impl Grid {
    /// The period that holds a day; `None` outside the calendar's range.
    pub fn period(self, day: Day) -> Option<i32> {
        match self {
            Grid::Day => Some(day),
            // 1970-01-01 was a Thursday, three days after its Monday.
            Grid::Week => Some(day.checked_add(3)?.div_euclid(7)),
            Grid::Month => {
                let date = civil(day)?;
                date.year()
                    .checked_mul(12)?
                    .checked_add(i32::try_from(date.month0()).ok()?)
            }
        }
    }

    /// The first day of a period; `None` outside the calendar's range.
    pub fn first_day(self, period: i32) -> Option<Day> {
        match self {
            Grid::Day => Some(period),
            Grid::Week => period.checked_mul(7)?.checked_sub(3),
            Grid::Month => {
                let month = u32::try_from(period.rem_euclid(12)).ok()?.checked_add(1)?;
                NaiveDate::from_ymd_opt(period.div_euclid(12), month, 1).map(day_of)
            }
        }
    }

    /// The period written as people write it: `2024-03`, or the first day of a week, or the day.
    pub fn label(self, period: i32) -> String {
        let Some(date) = self.first_day(period).and_then(civil) else {
            return format!("period {period}");
        };
        match self {
            Grid::Month => date.format("%Y-%m").to_string(),
            Grid::Week | Grid::Day => date.format("%Y-%m-%d").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days() {
        assert_eq!(parse_day("1970-01-01"), Some(0));
        assert_eq!(parse_day("2024-02-29"), Some(19_782));
        assert_eq!(parse_day("2023-02-29"), None);
        assert_eq!(Grid::Month.period(19_782), Some(2024 * 12 + 1));
        assert_eq!(Grid::Month.label(2024 * 12 + 1), "2024-02");
        assert_eq!(day_at(-1, 0), Some(-1));
        assert_eq!(day_at(86_399, 1), Some(1));
    }

    proptest! {
        #[test]
        fn a_period_holds_its_first_day(day in -700_000i32..1_000_000, g in 0..3) {
            let grid = [Grid::Month, Grid::Week, Grid::Day][usize::try_from(g).unwrap()];
            let period = grid.period(day).unwrap();
            let first = grid.first_day(period).unwrap();
            prop_assert!(first <= day && day < grid.first_day(period + 1).unwrap());
            prop_assert_eq!(grid.period(first), Some(period));
        }
    }
}
