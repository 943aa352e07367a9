//! A section as a table: a statistic takes a column for its value, one for its sampling interval where it has one,
//! and one for what rounding leaves open.

use super::number::{count, interval, real};
use crate::{
    answer::{Entry, Section},
    terminal::Terminal,
};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

/// Stands for a cell the disclosure rule withheld.
pub const WITHHELD: &str = "withheld";

/// What a column of the section needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    Label,
    Count,
    Rounded,
    Estimated,
}

/// The section as text.
pub fn section(section: &Section, terminal: Terminal) -> String {
    let mut text = String::new();
    if let Some(title) = &section.title {
        text.push_str(&format!("{}\n", terminal.strong(title)));
    }
    if !section.rows.is_empty() {
        text.push_str(&body(section, terminal));
        text.push('\n');
    }
    for note in section.notes.iter().cloned().chain(remarks(section)) {
        text.push_str(&format!("  {note}\n"));
    }
    text
}

/// An empty table in the style of the terminal.
pub fn blank(terminal: Terminal) -> Table {
    let mut table = Table::new();
    table.load_style(if terminal.drawn {
        presets::UTF8_FULL_CONDENSED
    } else {
        presets::ASCII_MARKDOWN
    });
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(terminal.width()).unwrap_or(u16::MAX));
    table
}

fn body(section: &Section, terminal: Terminal) -> String {
    let widths: Vec<Width> = (0..section.headings.len())
        .map(|column| width(section, column))
        .collect();
    let mut table = blank(terminal);
    let headings = section.headings.iter().zip(&widths);
    table.set_header(headings.flat_map(|(name, width)| heading(name, *width)));
    for row in &section.rows {
        let entries = row.iter().zip(&widths);
        table.add_row(entries.flat_map(|(entry, width)| cells(entry, *width)));
    }
    table.trim_fmt()
}

fn width(section: &Section, column: usize) -> Width {
    let entries = section.rows.iter().filter_map(|row| row.get(column));
    let width = |entry: &Entry| match entry {
        Entry::Text(_) => Width::Label,
        Entry::Count(_) | Entry::Withheld | Entry::Undefined(_) => Width::Count,
        Entry::Statistic {
            confidence: None, ..
        } => Width::Rounded,
        Entry::Statistic { .. } => Width::Estimated,
    };
    let rank = |w: &Width| *w as usize;
    entries.map(width).max_by_key(rank).unwrap_or(Width::Label)
}

fn heading(name: &str, width: Width) -> Vec<String> {
    let extra: &[&str] = match width {
        Width::Label | Width::Count => &[],
        Width::Rounded => &["rounding"],
        Width::Estimated => &["95 % conf.", "rounding"],
    };
    std::iter::once(name)
        .chain(extra.iter().copied())
        .map(Into::into)
        .collect()
}

fn cells(entry: &Entry, width: Width) -> Vec<Cell> {
    let texts = match entry {
        Entry::Text(text) => vec![text.clone()],
        Entry::Count(figure) => vec![count(figure)],
        Entry::Withheld => vec![WITHHELD.into()],
        Entry::Undefined(_) => vec!["undefined".into()],
        Entry::Statistic { .. } => statistic(entry, width),
    };
    let places = match width {
        Width::Label | Width::Count => 1,
        Width::Rounded => 2,
        Width::Estimated => 3,
    };
    let align = match width {
        Width::Label => CellAlignment::Left,
        _ => CellAlignment::Right,
    };
    let padding = std::iter::repeat(String::new());
    texts
        .into_iter()
        .chain(padding)
        .take(places)
        .map(|text| Cell::new(text).set_alignment(align))
        .collect()
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
    let reasons: std::collections::BTreeSet<_> = reasons.collect();
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
