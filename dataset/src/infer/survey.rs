//! What one column of a file holds, gathered cell by cell in bounded memory.

use super::numbers::Numbers;
use crate::{
    encoder::{strict_day, strict_month},
    sink::Field,
    value::Value,
};
use nectar_verifier::{
    column::{MAX_CODES, text_ok},
    date::Day,
    decimal::Decimal,
};
use std::{
    collections::{BTreeSet, HashSet, hash_map::RandomState},
    hash::BuildHasher,
};

/// Cells taken for missing wherever they stand.
const MARKERS: [&str; 8] = ["", "?", "NA", "N/A", "NULL", "null", "NaN", "nan"];

/// Most labels of a column.
pub(super) const MAX_LABELS: usize = MAX_CODES as usize - 1;

/// What every value of a column has been so far. A field is `None` once a value did not fit it.
#[derive(Debug)]
pub(super) struct Survey {
    /// Name in the file.
    pub name: String,
    /// Its type, where cells of that type cannot be read.
    pub unreadable: Option<String>,
    /// Cells with a value.
    pub present: u32,
    /// Markers of missing cells that were seen.
    pub markers: BTreeSet<&'static str>,
    /// Distinct values, while a categorical column can hold them.
    pub labels: Option<BTreeSet<String>>,
    /// The grid of the numbers, while all are.
    pub numbers: Option<Numbers>,
    /// First and last day, while all are dates.
    pub days: Option<(Day, Day)>,
    /// Whether a date was a month without a day.
    pub months_only: bool,
    /// First and last day of consent, while all are such or the words for open and withdrawn.
    pub consents: Option<Option<(Day, Day)>>,
    /// Whether a value cannot be a label, by [`text_ok`].
    pub unfit_text: bool,
    /// Hashes of the values, while no two are equal and they could be ids.
    unique: Option<HashSet<u64>>,
    hasher: RandomState,
}

impl Survey {
    pub fn new(field: &Field) -> Self {
        Survey {
            name: field.name.clone(),
            unreadable: field.unreadable.clone(),
            present: 0,
            markers: BTreeSet::new(),
            labels: Some(BTreeSet::new()),
            numbers: None,
            days: None,
            months_only: false,
            consents: Some(None),
            unfit_text: false,
            unique: Some(HashSet::new()),
            hasher: RandomState::new(),
        }
    }

    /// Adds a cell.
    pub fn take(&mut self, value: &Value) {
        match *value {
            Value::Null => return,
            Value::Text(text) => {
                if let Some(marker) = MARKERS.iter().find(|m| **m == text) {
                    self.markers.insert(marker);
                    return;
                }
            }
            Value::Number(_) | Value::Boolean(_) | Value::Day(_) => (),
        }
        let first = self.present == 0;
        self.present = self.present.saturating_add(1);
        self.take_number(value, first);
        self.take_day(value, first);
        value.with_text(|text| {
            self.take_label(text);
            self.take_id(text);
        });
    }

    fn take_number(&mut self, value: &Value, first: bool) {
        let number = match value {
            Value::Number(number) => Some(*number),
            // A leading zero is part of a code or id, not of a number.
            Value::Text(text) if !padded(text) => Decimal::parse(text),
            _ => None,
        };
        self.numbers = match number {
            Some(d) if first => Numbers::new(d),
            Some(d) => self.numbers.and_then(|n| n.with(d)),
            None => None,
        };
    }

    fn take_day(&mut self, value: &Value, first: bool) {
        let month = match value {
            Value::Text(text) => strict_month(text),
            _ => None,
        };
        let day = match value {
            Value::Day(day) => Some(*day),
            Value::Text(text) => strict_day(text),
            _ => None,
        };
        self.months_only |= month.is_some();
        self.days = match (day.or(month), self.days) {
            (Some(day), None) if first => Some((day, day)),
            (Some(day), Some(days)) => Some(widened(days, day)),
            _ => None,
        };
        let word =
            value.with_text(|t| ["open", "withdrawn"].contains(&t.to_ascii_lowercase().as_str()));
        self.consents = match (self.consents, day) {
            (Some(None), Some(day)) => Some(Some((day, day))),
            (Some(Some(days)), Some(day)) => Some(Some(widened(days, day))),
            (seen, None) if word => seen,
            _ => None,
        };
    }

    fn take_label(&mut self, text: &str) {
        if !text_ok(text) {
            self.unfit_text = true;
            self.labels = None;
        }
        let Some(labels) = &mut self.labels else {
            return;
        };
        if !labels.contains(text) {
            labels.insert(text.into());
        }
        if labels.len() > MAX_LABELS {
            self.labels = None;
        }
    }

    fn take_id(&mut self, text: &str) {
        let plain = self.days.is_none() && self.numbers.is_none_or(|n| n.integral());
        let hash = self.hasher.hash_one(text);
        if !plain || self.unique.as_mut().is_some_and(|seen| !seen.insert(hash)) {
            self.unique = None;
        }
    }

    /// Whether every row has a value, and no two the same.
    pub fn identifies(&self, rows: u32) -> bool {
        self.unique.is_some() && self.present == rows && rows > 1
    }
}

fn widened((first, last): (Day, Day), day: Day) -> (Day, Day) {
    (first.min(day), last.max(day))
}

fn padded(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")
}
