//! The faults for which an import refuses a file: row, column, value and the rule broken, all of a file at once.
//!
//! The values named are personal data: they are for the custodian who imports, not for logs that others read.

use std::{fmt, path::PathBuf};

/// Most faults that are kept; more are counted.
pub const KEPT: usize = 100;
/// Longest cell of a source in bytes.
pub const MAX_CELL: usize = 4096;
/// Longest value shown, in characters.
const SHOWN: usize = 60;

/// The rule a source breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each message says what the variant and its fields are"
)]
pub enum Rule {
    #[error("not one of the column's {labels} labels; add it to `labels`, or to `missing`")]
    UnknownLabel { labels: usize },
    #[error("not a decimal number of at most 36 digits")]
    NotANumber,
    #[error("outside {first} to {last}; correct the value, or widen `min` and `max`")]
    NumberRange { first: String, last: String },
    #[error(
        "between the values of the codebook, which are {first} and every {step} from there; see `step` and `round`"
    )]
    OffGrid { first: String, step: String },
    #[error("not a date; want YYYY-MM-DD")]
    NotADate,
    #[error("outside {first} to {last}; correct the date, or widen `first` and `last`")]
    DateRange { first: String, last: String },
    #[error("not among the spellings of true and false: {spellings}")]
    NotABoolean { spellings: String },
    #[error("not the last day of consent: want YYYY-MM-DD, or one of {words}")]
    NotConsent { words: String },
    #[error("the column wants a {want}, this is a {got}")]
    WrongType {
        want: &'static str,
        got: &'static str,
    },
    #[error("consent without the day it begins")]
    NoBegin,
    #[error("not a tag: want 64 hexadecimal digits, with or without 0x, or a missing cell")]
    NotATag,
    #[error("not below the field order; a tag is a hash reduced modulo the order")]
    TagRange,
    #[error("row {row} has the same tag; want one tag per subject")]
    DuplicateTag { row: u32 },
    #[error("not UTF-8 text; convert the file to UTF-8")]
    Utf8,
    #[error("longer than 4096 bytes")]
    CellLength,
    #[error("the subject id is missing")]
    NoSubject,
    #[error("this subject is in row {row} already; want one row per subject")]
    DuplicateSubject { row: u32 },
    #[error(
        "no row for {count} of the dataset's subjects; keep their rows and withdraw the consents, or leave the cells \
         empty"
    )]
    MissingSubjects { count: usize },
    #[error("{got} fields, the header has {want}")]
    Ragged { got: u64, want: u64 },
    #[error("a record longer than 16 MiB; a quotation mark may be open")]
    RecordLength,
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("the file has no rows")]
    NoRows,
    #[error("more than 2^26 rows")]
    TooManyRows,
    #[error("more than {limit} columns")]
    TooManyColumns { limit: usize },
    #[error("the header names this column twice; rename one")]
    DuplicateHeader,
    #[error("the file has no such column; it has {known}")]
    NoSuchColumn { known: String },
    #[error("the type {got} is not read; store it as text, number, boolean or date")]
    ColumnType { got: String },
}

/// One place and the rule broken there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// Data row, from 1, the header not counted.
    pub row: Option<u32>,
    /// Name of the column.
    pub column: Option<String>,
    /// The value, cut to 60 characters.
    pub value: Option<String>,
    /// The rule.
    pub rule: Rule,
}

impl Fault {
    /// A fault of the whole file.
    pub(super) fn file(rule: Rule) -> Self {
        Fault {
            row: None,
            column: None,
            value: None,
            rule,
        }
    }

    /// A fault of a column.
    pub(super) fn column(name: &str, rule: Rule) -> Self {
        Fault {
            column: Some(name.into()),
            ..Self::file(rule)
        }
    }

    /// A fault of a row.
    pub(super) fn row(row: u32, rule: Rule) -> Self {
        Fault {
            row: Some(row),
            ..Self::file(rule)
        }
    }

    /// Adds the value, cut to what is shown.
    pub(super) fn with_value(mut self, value: &str) -> Self {
        let mut shown: String = value.chars().take(SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        self.value = Some(shown);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}, ")?;
        }
        if let Some(column) = &self.column {
            write!(f, "column {column:?}, ")?;
        }
        if let Some(value) = &self.value {
            write!(f, "value {value:?}: ")?;
        }
        self.rule.fmt(f)
    }
}

/// Everything a file was refused for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportErrors {
    /// The file.
    pub file: PathBuf,
    /// The first hundred faults.
    pub found: Vec<Fault>,
    /// Number of all faults.
    pub total: u64,
}

impl ImportErrors {
    /// None yet.
    pub(super) fn new(file: PathBuf) -> Self {
        ImportErrors {
            file,
            found: Vec::new(),
            total: 0,
        }
    }

    /// Counts a fault and keeps it if there is room; `make` is called only then.
    pub(super) fn push(&mut self, make: impl FnOnce() -> Fault) {
        self.total = self.total.saturating_add(1);
        if self.found.len() < KEPT {
            self.found.push(make());
        }
    }
}

impl std::error::Error for ImportErrors {}

impl fmt::Display for ImportErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        for fault in &self.found {
            writeln!(f, "{file}: {fault}")?;
        }
        let kept = u64::try_from(self.found.len()).unwrap_or(u64::MAX);
        match self.total.saturating_sub(kept) {
            0 => write!(f, "{file}: refused, nothing was imported"),
            more => write!(f, "{file}: refused with {more} more, nothing was imported"),
        }
    }
}
