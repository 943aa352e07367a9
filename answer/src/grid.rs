//! A section as a grid of texts: a statistic takes a column for its value, one for its sampling interval where it has
//! one, and one for what rounding leaves open.

use crate::{
    answer::{Entry, Section},
    number::{count, interval, probability, real},
};
use std::collections::BTreeSet;

/// Stands for a cell the disclosure rule withheld.
pub const WITHHELD: &str = "withheld";

/// Texts in rows and columns, with remarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The columns.
    pub columns: Vec<GridColumn>,
    /// The rows, each of as many texts as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Remarks, a sentence each, with those that explain marks in the rows.
    pub notes: Vec<String>,
}

/// A column of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridColumn {
    /// Its heading.
    pub heading: String,
    /// Whether it holds numbers, which are aligned at their ends.
    pub numeric: bool,
}

/// What a column of the section needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    Label,
    Count,
    Rounded,
    Estimated,
}

impl From<&Section> for Grid {
    fn from(section: &Section) -> Self {
        let widths: Vec<Width> = (0..section.headings.len())
            .map(|column| width(section, column))
            .collect();
        let headings = section.headings.iter().zip(&widths);
        let row = |row: &Vec<Entry>| {
            let entries = row.iter().zip(&widths);
            entries
                .flat_map(|(entry, width)| texts(entry, *width))
                .collect()
        };
        Grid {
            columns: headings
                .flat_map(|(name, width)| columns(name, *width))
                .collect(),
            rows: section.rows.iter().map(row).collect(),
            notes: section
                .notes
                .iter()
                .cloned()
                .chain(remarks(section))
                .collect(),
        }
    }
}

fn width(section: &Section, column: usize) -> Width {
    let entries = section.rows.iter().filter_map(|row| row.get(column));
    let width = |entry: &Entry| match entry {
        Entry::Text(_) => Width::Label,
        Entry::Count(_) | Entry::Probability(_) | Entry::Withheld | Entry::Undefined(_) => {
            Width::Count
        }
        Entry::Statistic {
            confidence: None, ..
        } => Width::Rounded,
        Entry::Statistic { .. } => Width::Estimated,
    };
    entries.map(width).max().unwrap_or(Width::Label)
}

fn columns(name: &str, width: Width) -> Vec<GridColumn> {
    let more: &[&str] = match width {
        Width::Label | Width::Count => &[],
        Width::Rounded => &["rounding"],
        Width::Estimated => &["95 % conf.", "rounding"],
    };
    let headings = std::iter::once(name).chain(more.iter().copied());
    headings
        .map(|heading| GridColumn {
            heading: heading.into(),
            numeric: width != Width::Label,
        })
        .collect()
}

/// The texts of an entry, as many as its column has.
fn texts(entry: &Entry, width: Width) -> Vec<String> {
    let mut texts = match entry {
        Entry::Text(text) => vec![text.clone()],
        Entry::Count(figure) => vec![count(figure)],
        Entry::Probability(figure) => vec![probability(figure)],
        Entry::Withheld => vec![WITHHELD.into()],
        Entry::Undefined(_) => vec!["undefined".into()],
        Entry::Statistic { .. } => statistic(entry, width),
    };
    let places = match width {
        Width::Label | Width::Count => 1,
        Width::Rounded => 2,
        Width::Estimated => 3,
    };
    texts.resize(places, String::new());
    texts
}

fn statistic(entry: &Entry, width: Width) -> Vec<String> {
    let Entry::Statistic {
        figure,
        confidence,
        clamped,
    } = entry
    else {
        return vec![];
    };
    let shown = figure.is_informative();
    let sampling = confidence.as_ref().filter(|_| shown);
    let spread = sampling.map_or(figure.high() - figure.low(), |c| c.high - c.low);
    let mark = if *clamped { " (clamped)" } else { "" };
    let value = match shown {
        true => format!("{}{mark}", real(figure.value(), spread)),
        false => format!("?{mark}"),
    };
    let rounding = match figure.is_exact() {
        true => "exact".into(),
        false => interval(figure.low(), figure.high()),
    };
    match width {
        Width::Estimated => {
            let sampling = sampling.map_or_else(String::new, |c| interval(c.low, c.high));
            vec![value, sampling, rounding]
        }
        _ => vec![value, rounding],
    }
}

/// What the marks in the table mean, where they occur.
fn remarks(section: &Section) -> Vec<String> {
    let any = |test: &dyn Fn(&Entry) -> bool| section.rows.iter().flatten().any(test);
    let mut remarks = vec![];
    if any(&|e| *e == Entry::Withheld) {
        remarks.push(format!(
            "{WITHHELD}: not released under the disclosure policy"
        ));
    }
    if any(&|e| matches!(e, Entry::Statistic { figure, .. } if !figure.is_informative())) {
        remarks.push("?: rounding may exceed the figure, so only its interval is printed".into());
    }
    if any(&|e| matches!(e, Entry::Statistic { clamped: true, .. })) {
        remarks.push("clamped: rounding made a variance negative; 0 stands in its place".into());
    }
    let reasons = section.rows.iter().flatten().filter_map(|e| match e {
        Entry::Undefined(why) => Some(why.clone()),
        _ => None,
    });
    let reasons: BTreeSet<_> = reasons.collect();
    remarks.extend(
        reasons
            .into_iter()
            .map(|why| match why.starts_with("undefined") {
                true => why,
                false => format!("undefined: {why}"),
            }),
    );
    remarks
}
