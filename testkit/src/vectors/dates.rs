//! Days, periods and consent codes.

use super::Vectors;
use crate::cohort::{CONSENT_MONTHS, consent, day};
use nectar_verifier::date::{Grid, civil, day_at, parse_day};
use serde::{Deserialize, Serialize};

/// A civil day with its periods.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Date {
    civil: String,
    day: i32,
    month: i32,
    week: i32,
    month_begins: i32,
    week_begins: i32,
}

/// A moment in a zone.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moment {
    seconds: i64,
    utc_offset: i16,
    day: i32,
}

/// The consent code of a day; none where a query is refused.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    civil: String,
    code: Option<u16>,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    dates: Vec<Date>,
    moments: Vec<Moment>,
    consent_min: i32,
    consent_codes: u16,
    consent: Vec<Code>,
}

fn date(text: &str) -> Date {
    let day = day(text);
    let [month, week] = [Grid::Month, Grid::Week].map(|g| g.period(day).expect("a period"));
    Date {
        civil: text.into(),
        day,
        month,
        week,
        month_begins: Grid::Month.first_day(month).expect("a day"),
        week_begins: Grid::Week.first_day(week).expect("a day"),
    }
}

fn moment((seconds, utc_offset): (i64, i16)) -> Moment {
    Moment {
        seconds,
        utc_offset,
        day: day_at(seconds, utc_offset).expect("a day"),
    }
}

fn code(text: &str) -> Code {
    Code {
        civil: text.into(),
        code: consent("research").consent_code(day(text)),
    }
}

impl Vectors for Dates {
    const FILE: &'static str = "dates.json";

    fn make() -> Self {
        let dates = [
            "1969-12-28",
            "1969-12-29",
            "1969-12-31",
            "1970-01-01",
            "1970-01-04",
            "1970-01-05",
            "1899-12-31",
            "1900-02-28",
            "1900-03-01",
            "0001-01-01",
            "2000-02-29",
            "2024-02-29",
            "2026-06-15",
            "2100-03-01",
        ];
        let moments = [
            (0, 0),
            (-1, 0),
            (86_399, 0),
            (86_400, 0),
            (0, -1),
            (86_399, 1),
            (1_781_500_000, 1080),
            (1_781_500_000, -1080),
        ];
        let consent = [
            "2024-12-31",
            "2025-01-01",
            "2025-01-31",
            "2026-06-15",
            "2026-12-31",
            "2027-01-01",
        ];
        Dates {
            dates: dates.map(date).into(),
            moments: moments.map(moment).into(),
            consent_min: 2025 * 12,
            consent_codes: CONSENT_MONTHS + 1,
            consent: consent.map(code).into(),
        }
    }

    fn check(&self) {
        for d in &self.dates {
            assert_eq!(parse_day(&d.civil), Some(d.day));
            assert_eq!(civil(d.day).map(|c| c.to_string()), Some(d.civil.clone()));
            assert_eq!(d, &date(&d.civil));
        }
        for m in &self.moments {
            assert_eq!(
                m.day,
                i32::try_from((m.seconds + 60 * i64::from(m.utc_offset)).div_euclid(86_400))
                    .expect("a day")
            );
        }
        for c in &self.consent {
            let month = Grid::Month.period(day(&c.civil)).expect("a month");
            let code = u16::try_from(month - self.consent_min + 1).ok();
            assert_eq!(
                c.code,
                code.filter(|c| (1..self.consent_codes).contains(c)),
                "{}",
                c.civil
            );
        }
    }
}
