//! How answers look on a terminal.

pub mod plot;
pub mod table;

use crate::terminal::Terminal;
use nectar_answer::{answer::Answer, summary::Summary};
use std::fmt::Write;

/// The whole answer as text.
pub fn answer(answer: &Answer, terminal: Terminal) -> String {
    let mut text = String::new();
    for section in &answer.sections {
        let _ = writeln!(text, "{}", table::section(section, terminal));
    }
    for plot in &answer.plots {
        let drawn = plot::plot(plot, terminal);
        if !drawn.is_empty() {
            let _ = writeln!(text, "{drawn}");
        }
    }
    text
}

/// What was verified, as text.
pub fn summary(summary: &Summary, terminal: Terminal) -> String {
    let mut text = format!("{} {}\n", terminal.strong(summary.word), summary.of);
    let names = summary.values.iter().map(|(name, _)| name.chars().count());
    let width = names.max().unwrap_or(0);
    for (name, value) in &summary.values {
        let _ = writeln!(text, "  {name:<width$}  {value}");
    }
    if !summary.values.is_empty() {
        text.push('\n');
    }
    let headings = summary.lines.iter().map(|(heading, _)| heading.len());
    let width = headings.max().unwrap_or(0);
    for (heading, line) in &summary.lines {
        let _ = writeln!(text, "  {heading:<width$} {line}");
    }
    text
}
