//! The proposed schema as TOML, with the reason of each choice beside it.

use super::survey::{MAX_LABELS, Survey};
use crate::{
    encoder::{strict_day, strict_month},
    profiles,
};
use nectar_verifier::{column::text_ok, date::Grid, decimal::Decimal, header::MAX_COLUMNS};
use std::{collections::BTreeSet, fmt::Write as _, path::Path};

/// Longest line of labels.
const WIDTH: usize = 110;

/// Most months proposed for a consent column.
const MAX_CONSENT: i32 = 25 * 12;

/// What becomes of a column.
enum Choice {
    /// A codebook: the lines of its kind, and what to check.
    Column { lines: String, note: Option<String> },
    /// No codebook can hold it.
    LeftOut(String),
}

/// The whole document.
pub(super) fn document(path: &Path, rows: u32, surveys: &[Survey]) -> String {
    let subject = subject(rows, surveys);
    let mut out = head(path, rows, subject, surveys);
    let others = surveys
        .iter()
        .filter(|s| subject.is_none_or(|n| n.name != s.name));
    let mut count = 0;
    let mut purposes = 0;
    for (number, survey) in (1..).zip(others) {
        let choice = match choose(survey, &mut purposes) {
            Choice::Column { .. } if count == MAX_COLUMNS => {
                Choice::LeftOut("a dataset has at most 1024 columns".into())
            }
            choice => choice,
        };
        count = count.saturating_add(usize::from(matches!(choice, Choice::Column { .. })));
        out.push_str(&column(number, survey, choice));
    }
    out
}

/// The column that tells subjects apart: the first one named like an id, else the first that could.
fn subject(rows: u32, surveys: &[Survey]) -> Option<&Survey> {
    let named = |s: &&Survey| {
        let name = s.name.to_lowercase();
        ["id", "nbr", "patient", "subject", "person", "pseudonym"]
            .iter()
            .any(|w| name.contains(w))
    };
    let unique = || surveys.iter().filter(|s| s.identifies(rows));
    unique().find(named).or_else(|| unique().next())
}

fn head(path: &Path, rows: u32, subject: Option<&Survey>, surveys: &[Survey]) -> String {
    let stem = path.file_name().unwrap_or_default().to_string_lossy();
    let stem: String = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| text_ok(c.encode_utf8(&mut [0; 4])))
        .collect();
    let dataset = if stem.is_empty() {
        "dataset"
    } else {
        stem.as_str()
    };
    let markers: BTreeSet<_> = surveys
        .iter()
        .flat_map(|s| &s.markers)
        .copied()
        .chain([""])
        .collect();
    let markers: Vec<_> = markers.into_iter().map(quoted).collect();
    let profiles = profiles::all().unwrap_or_default();
    let profiles: Vec<_> = profiles.iter().map(|p| p.name.as_str()).collect();
    let subject = match subject {
        Some(s) => format!(
            "subject = {} # no two rows have the same\n",
            quoted(&s.name)
        ),
        None => "# subject = \"..\" # no column tells rows apart; name the one that must\n".into(),
    };
    format!(
        "# Proposed from {:?} ({rows} rows). Check every kind, bound and label before it is used:\n\
         # codebooks are public, and a label or bound can give a person away.\n\
         dataset = {}\n\
         {subject}\
         policy = \"opensafely\" # or {}, or {{ k = .., base = .., zeros = .. }}\n\
         utc_offset = 0 # minutes\n\
         lag_days = 1\n\
         missing = [{}]\n",
        path.file_name().unwrap_or_default(),
        quoted(dataset),
        profiles.join(", "),
        markers.join(", "),
    )
}

fn column(number: usize, survey: &Survey, choice: Choice) -> String {
    let name = &survey.name;
    let (lines, note) = match choice {
        Choice::Column { lines, note } => (lines, note),
        Choice::LeftOut(reason) => {
            return format!("\n# [[column]]\n# name = {name:?}\n# Left out: {reason}.\n");
        }
    };
    let note = note.map_or_else(String::new, |n| format!("# {n}\n"));
    let named = match !name.is_empty() && text_ok(name) {
        true => format!("name = {}\n", quoted(name)),
        false => format!("name = \"column {number}\"\nfrom = {}\n", quoted(name)),
    };
    format!("\n[[column]]\n{note}{named}{lines}")
}

fn choose(s: &Survey, purposes: &mut u32) -> Choice {
    if let Some(kind) = &s.unreadable {
        return Choice::LeftOut(format!(
            "the type {kind} is not read; store it as text, number, boolean or date"
        ));
    }
    if s.present == 0 {
        return Choice::LeftOut("it has no values".into());
    }
    if boolean(s) {
        return plain("kind = \"boolean\"\n".into());
    }
    consent(s, purposes)
        .or_else(|| date(s))
        .or_else(|| number(s))
        .unwrap_or_else(|| categorical(s))
}

fn plain(lines: String) -> Choice {
    Choice::Column { lines, note: None }
}

/// Words for both truth values and nothing else.
fn boolean(s: &Survey) -> bool {
    let Some(labels) = &s.labels else {
        return false;
    };
    let lower: BTreeSet<_> = labels.iter().map(|l| l.to_ascii_lowercase()).collect();
    let among = |words: [&str; 3]| lower.iter().filter(|l| words.contains(&l.as_str())).count();
    let (yes, no) = (among(["true", "yes", "y"]), among(["false", "no", "n"]));
    yes > 0 && no > 0 && yes.saturating_add(no) == lower.len()
}

/// `purposes` counts the purposes proposed so far: no two columns may have the same.
fn consent(s: &Survey, purposes: &mut u32) -> Option<Choice> {
    let days = s
        .consents
        .filter(|_| s.name.to_lowercase().contains("consent"))?;
    let [first, last] = match days {
        // The month before the first end, so that it has a code; far ends mean open-ended.
        Some((first, last)) => {
            let first = Grid::Month.period(first)?.checked_sub(1)?;
            let last = Grid::Month.period(last)?;
            [first, last.min(first.checked_add(MAX_CONSENT)?)]
        }
        None => [2020 * 12, 2035 * 12 + 11],
    };
    let [first, last] = [first, last].map(|p| Grid::Month.label(p));
    strict_month(&first).and(strict_month(&last))?;
    *purposes = purposes.saturating_add(1);
    let purpose = match *purposes {
        1 => "research".into(),
        n => format!("purpose {n}"),
    };
    let lines = format!(
        "kind = \"consent\"\npurpose = \"{purpose}\"\nfirst = {}\nlast = {}\n",
        quoted(&first),
        quoted(&last)
    );
    let note = "The last day of consent. Name the purpose; let `last` lie years ahead, as open-ended consent ends there.";
    Some(Choice::Column {
        lines,
        note: Some(note.into()),
    })
}

/// The finest grid of days, weeks or months that stays below 400 periods, or months up to the limit.
fn date(s: &Survey) -> Option<Choice> {
    let (first, last) = s.days?;
    if [first, last]
        .iter()
        .any(|d| strict_day(&Grid::Day.label(*d)).is_none())
    {
        return Some(Choice::LeftOut(
            "it has dates outside the years 0 to 9999".into(),
        ));
    }
    let span = |grid: Grid| Some(grid.period(last)?.saturating_sub(grid.period(first)?));
    let short = |grid: &Grid| !s.months_only && span(*grid).is_some_and(|n| n < 400);
    let grid = [Grid::Day, Grid::Week]
        .into_iter()
        .find(short)
        .unwrap_or(Grid::Month);
    let limit = i32::try_from(MAX_LABELS).unwrap_or(i32::MAX);
    if span(grid)? >= limit {
        return Some(Choice::LeftOut(
            "its dates span more than 4095 months".into(),
        ));
    }
    let name = match grid {
        Grid::Day => "day",
        Grid::Week => "week",
        Grid::Month => "month",
    };
    let [first, last] = [first, last].map(|d| match grid {
        Grid::Month => grid.period(d).map_or_else(String::new, |p| grid.label(p)),
        Grid::Week | Grid::Day => Grid::Day.label(d),
    });
    let lines = format!(
        "kind = \"date\"\ngrid = \"{name}\"\nfirst = {}\nlast = {}\n",
        quoted(&first),
        quoted(&last)
    );
    Some(plain(lines))
}

fn number(s: &Survey) -> Option<Choice> {
    let numbers = s.numbers?;
    let kind = if numbers.integral() {
        "integer"
    } else {
        "decimal"
    };
    let limit = i128::try_from(MAX_LABELS).unwrap_or(i128::MAX);
    if numbers.count() > limit {
        let note = format!(
            "Rounded: {} steps from least to greatest, at most 4095 fit. Choose `step` and `round`.",
            numbers.count()
        );
        return Some(Choice::Column {
            lines: format!(
                "kind = \"{kind}\"\n{}round = \"nearest\"\n",
                bounds(numbers.coarser()?)
            ),
            note: Some(note),
        });
    }
    let distinct = s.labels.as_ref().map_or(usize::MAX, BTreeSet::len);
    let coded = numbers.integral() && distinct <= 12;
    let note = format!(
        "{distinct} distinct values: categorical, if they are codes; boolean, if 0 and 1 mean no and yes."
    );
    Some(Choice::Column {
        lines: format!("kind = \"{kind}\"\n{}", bounds(numbers.bounds()?)),
        note: coded.then_some(note),
    })
}

/// The lines of bounds and step; a decimal is written as text, a step of 1 not at all.
fn bounds([min, max, step]: [Decimal; 3]) -> String {
    let value = |d: Decimal| match d.scale() {
        0 => d.to_string(),
        _ => quoted(&d.to_string()),
    };
    let mut lines = format!("min = {}\nmax = {}\n", value(min), value(max));
    if step.to_string() != "1" {
        let _ = writeln!(lines, "step = {}", value(step));
    }
    lines
}

fn categorical(s: &Survey) -> Choice {
    let Some(labels) = &s.labels else {
        return Choice::LeftOut(match s.unfit_text {
            true => "values longer than 256 bytes, or with characters that control or change the direction of writing".into(),
            false => "more than 4095 distinct values; group them, or name it as `subject`".into(),
        });
    };
    let many = u32::try_from(labels.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(5)
        > s.present
        && labels.len() > 5;
    let note = many.then(|| {
        format!(
            "{} labels for {} values: may tell persons apart; group them.",
            labels.len(),
            s.present
        )
    });
    Choice::Column {
        lines: format!("kind = \"categorical\"\n{}", list(labels)),
        note,
    }
}

fn list(labels: &BTreeSet<String>) -> String {
    let items: Vec<_> = labels.iter().map(|l| quoted(l)).collect();
    let line = format!("labels = [{}]\n", items.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let mut out = String::from("labels = [");
    let mut width = usize::MAX;
    for item in items {
        if width.saturating_add(item.len()) > WIDTH {
            out.push_str("\n   ");
            width = 3;
        }
        let _ = write!(out, " {item},");
        width = width.saturating_add(item.len()).saturating_add(2);
    }
    out.push_str("\n]\n");
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}
