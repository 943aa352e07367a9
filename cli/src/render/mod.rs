//! How answers look: text for people, JSON for machines.

pub mod json;
pub mod number;
pub mod plot;
pub mod policy;
pub mod question;
pub mod receipt;
pub mod seal;
pub mod table;

use crate::{answer::Answer, terminal::Terminal};
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
