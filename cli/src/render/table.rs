//! Sections of answers as tables of a terminal.

use crate::terminal::Terminal;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use nectar_answer::{answer::Section, grid::Grid};

/// The section as text.
pub fn section(section: &Section, terminal: Terminal) -> String {
    let mut text = String::new();
    if let Some(title) = &section.title {
        text.push_str(&format!("{}\n", terminal.strong(title)));
    }
    let grid = Grid::from(section);
    if !grid.rows.is_empty() {
        text.push_str(&body(&grid, terminal));
        text.push('\n');
    }
    for note in &grid.notes {
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
    if terminal.drawn {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(terminal.width()).unwrap_or(u16::MAX));
    }
    table
}

fn body(grid: &Grid, terminal: Terminal) -> String {
    let mut table = blank(terminal);
    table.set_header(grid.columns.iter().map(|c| &c.heading));
    for row in &grid.rows {
        let cells = row.iter().zip(&grid.columns).map(|(text, column)| {
            Cell::new(text).set_alignment(match column.numeric {
                true => CellAlignment::Right,
                false => CellAlignment::Left,
            })
        });
        table.add_row(cells);
    }
    table.trim_fmt()
}
