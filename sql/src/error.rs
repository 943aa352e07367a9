//! Why a text is not compiled: where in the text, what, and what can be asked instead.

use nectar_verifier::query::QueryError;
use sqlparser::{ast::Spanned, tokenizer::Span};
use std::fmt;

/// Line and column in the text, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

/// A text that is not compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    /// Where in the text, if the reason has a place there.
    pub at: Option<Position>,
    /// Why.
    pub reason: Reason,
}

/// Up to three known names that resemble an unknown one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nearest(pub Vec<String>);

/// Why a text is not compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The text is longer than is read.
    #[error("the text has {got} {what}; at most {most} are read")]
    Length {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many there may be.
        most: usize,
    },
    /// The text is not SQL.
    #[error("not understood: {0}")]
    Syntax(String),
    /// SQL that has no proof.
    #[error("{what} cannot be proven: {why}; instead, {instead}")]
    Unprovable {
        /// The construct.
        what: String,
        /// What stands in its way.
        why: &'static str,
        /// The nearest thing that can be proven.
        instead: String,
    },
    /// A name or label the dataset does not have.
    #[error("unknown {what} {name:?}{nearest}")]
    Unknown {
        /// What is named.
        what: String,
        /// The name.
        name: String,
        /// Names that resemble it.
        nearest: Nearest,
    },
    /// A function or a constant that is not written as it has to be.
    #[error("{what} is not of the form wanted; write {usage}")]
    Usage {
        /// The function or constant.
        what: String,
        /// How to write it.
        usage: String,
    },
    /// A date that falls inside a period of a date column.
    #[error("{comparison} splits {period}, and {column} does not say more; nearest: {nearest}")]
    Splits {
        /// The comparison.
        comparison: String,
        /// The period it splits.
        period: String,
        /// The column.
        column: String,
        /// The nearest comparison that splits nothing.
        nearest: String,
    },
    /// The condition is false for every row.
    #[error("no row can match: {0}")]
    Never(&'static str),
    /// The condition is too large for a proof.
    #[error(
        "the condition needs {needs}; a proof holds 12 literals (a literal: one column in a set of values). Values of \
         one column joined by OR or IN are one literal; alternatives that do not overlap can be asked one by one"
    )]
    Condition {
        /// What it needs.
        needs: String,
    },
    /// The table is too large for a proof.
    #[error(
        "the table needs {cells} cells ({sizes}); a proof holds 256, a small one 64; instead, {instead}"
    )]
    Cells {
        /// Cells of the table.
        cells: usize,
        /// How they come about.
        sizes: String,
        /// The nearest table that fits.
        instead: String,
    },
    /// The query passes a limit that has no better words.
    #[error(transparent)]
    Query(#[from] QueryError),
}

impl Reason {
    /// SQL that has no proof, with the nearest thing that has.
    pub(super) fn unprovable(
        what: impl Into<String>,
        why: &'static str,
        instead: impl Into<String>,
    ) -> Self {
        Reason::Unprovable {
            what: what.into(),
            why,
            instead: instead.into(),
        }
    }

    /// A function or constant not written as it has to be.
    pub(super) fn usage(what: impl fmt::Display, usage: impl Into<String>) -> Self {
        Reason::Usage {
            what: what.to_string(),
            usage: usage.into(),
        }
    }

    /// The error at a part of the text.
    pub(super) fn at(self, part: &impl Spanned) -> SqlError {
        SqlError {
            at: position(part.span()),
            reason: self,
        }
    }

    /// The error of the text as a whole.
    pub(super) fn anywhere(self) -> SqlError {
        SqlError {
            at: None,
            reason: self,
        }
    }
}

impl Nearest {
    /// The names among `known` that resemble `name`, nearest first.
    pub(super) fn among<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        const LONGEST: usize = 64;
        let name = name.to_lowercase();
        if name.len() > LONGEST {
            return Nearest::default();
        }
        let far = name.chars().count().div_ceil(3).max(1);
        let resembles = |candidate: &'a str| {
            let lower = candidate.to_lowercase();
            if lower.len() > LONGEST.saturating_mul(2) {
                return None;
            }
            let distance = strsim::osa_distance(&name, &lower);
            let part = lower.contains(&name) || (lower.len() > 2 && name.contains(&lower));
            (distance <= far || part).then_some((distance, candidate))
        };
        let mut found: Vec<_> = known.into_iter().filter_map(resembles).collect();
        found.sort();
        Nearest(
            found
                .into_iter()
                .take(3)
                .map(|(_, n)| n.to_owned())
                .collect(),
        )
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, "; nearest: {}", self.0.join(", "))
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.at {
            write!(f, "line {line}, column {column}: ")?;
        }
        self.reason.fmt(f)
    }
}

impl std::error::Error for SqlError {}

/// The place where a span begins; spans the parser made up have none.
fn position(span: Span) -> Option<Position> {
    (span.start.line > 0).then_some(Position {
        line: span.start.line,
        column: span.start.column,
    })
}
