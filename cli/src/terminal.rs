//! What may be printed where: plain text into files and pipes, lines and bars onto terminals.

use crate::failure::{Failure, Outcome};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};

/// Widest table or plot where nobody says how wide the output is.
const WIDTH: usize = 100;

/// What standard output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Whether box-drawing and block characters may be used.
    pub drawn: bool,
    /// Whether text may be set in bold.
    bold: bool,
}

impl Terminal {
    /// Looks at standard output and at `NO_COLOR` (<https://no-color.org>).
    pub fn detect() -> Self {
        let drawn = std::io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Terminal {
            drawn,
            bold: drawn && !plain,
        }
    }

    /// Files and pipes.
    #[cfg(test)]
    pub const fn plain() -> Self {
        Terminal {
            drawn: false,
            bold: false,
        }
    }

    /// Columns of text.
    pub fn width(self) -> usize {
        let columns = std::env::var("COLUMNS").ok();
        let columns = columns.and_then(|c| c.parse().ok());
        columns.unwrap_or(WIDTH).clamp(40, 200)
    }

    /// A text that stands out where that is possible; what it says never depends on it.
    pub fn strong(self, text: &str) -> String {
        if self.bold {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.into()
        }
    }
}

/// A bar on standard error for work of a known length; nothing is drawn where that is no terminal.
pub fn bar(what: &str, length: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg:<22} [{bar:40}] {percent:>3} %  {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_string());
    bar
}

/// Prints to standard output. A reader that has gone away, as in `nectar show .. | head`, is no failure.
///
/// # Errors
/// Standard output cannot be written.
pub fn print(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::io(e)),
        _ => Ok(()),
    }
}

/// Prints JSON to standard output, indented.
///
/// # Errors
/// Standard output cannot be written.
pub fn print_json(value: &serde_json::Value) -> Outcome {
    print(&format!("{value:#}\n"))
}
