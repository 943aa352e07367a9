//! The TOML schema of a dataset: its name, clock, policy, subject id, and the codebook of each column.
//!
//! ```toml
//! dataset = "cohort"
//! subject = "patient_id"     # source column; kept as keyed digests only
//! policy = "opensafely"      # or { k = 8, base = 5, rounding = "nearest", zeros = true, w_max = 12 }
//! utc_offset = 60            # minutes; 0 if left out
//! lag_days = 1               # 1 if left out
//! segment_bits = 16          # chosen by the number of rows if left out
//! missing = ["", "NA"]       # [""] if left out; any column may have its own
//!
//! [[column]]
//! name = "sex"
//! from = "gender"            # source column; the name if left out
//! kind = "categorical"
//! labels = ["female", "male"]
//!
//! [[column]]
//! name = "hba1c"
//! kind = "decimal"           # or "integer"
//! min = "3.5"
//! max = "20"
//! step = "0.1"               # 1 if left out
//! unit = "%"
//! round = "nearest"          # or "down"; values off the grid are refused if left out
//!
//! [[column]]
//! name = "diagnosed"
//! kind = "date"
//! grid = "month"             # or "week", "day"
//! first = "2000-01"
//! last = "2024-12"
//!
//! [[column]]
//! name = "smoker"
//! kind = "boolean"
//! true = ["yes"]             # compared without regard to case
//! false = ["no"]
//!
//! [[column]]
//! name = "consent_until"     # the last day of consent, "open", or "withdrawn"; missing is none
//! from_date = "consent_from" # optional: the day it begins
//! kind = "consent"
//! purpose = "research"
//! first = "2020-01"
//! last = "2035-12"
//! open = ["open"]
//! withdrawn = ["withdrawn"]
//!
//! [[column]]                 # optional, one at most, and the last
//! name = "tag"               # 64 hexadecimal digits, of the subject's own secret; missing is none, and made up
//! from = "receipt_tag"
//! kind = "tag"
//! ```

use super::{
    codebook::Codebook,
    forms::CodebookError,
    profiles::{self, ProfileError},
    tags::{TagColumn, is_tag},
};
use nectar_engine::default_segment_bits;
use nectar_verifier::{
    column::{Column, Kind, text_ok},
    header::{MAX_COLUMNS, MAX_LAG, SEGMENT_BITS},
    policy::Policy,
};
use serde::Deserialize;
use std::{collections::BTreeSet, path::Path};

/// Longest schema in bytes: a thousand columns of labels stay far below it.
pub const MAX_SCHEMA: usize = 1 << 26;
/// Greatest offset from UTC in minutes.
const MAX_OFFSET: u16 = 18 * 60;

/// A checked schema.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Name of the dataset.
    pub dataset: String,
    /// Offset from UTC in minutes in which days are counted.
    pub utc_offset: i16,
    /// Days by which a query's date may lag behind the moment of the answer.
    pub lag_days: u8,
    /// The disclosure policy.
    pub policy: Policy,
    /// The source column that holds the subject's id, if one is named.
    pub subject: Option<String>,
    segment_bits: Option<u8>,
    /// Markers of missing cells.
    pub(super) missing: Vec<String>,
    /// Of the columns with codes.
    pub(super) codebooks: Vec<Codebook>,
    /// The column after them.
    pub(super) tag: Option<TagColumn>,
}

/// Why a schema is refused.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The file system.
    #[error("schema {file}: {problem}")]
    Io {
        /// The file.
        file: String,
        /// The problem.
        problem: std::io::Error,
    },
    /// Not TOML, or not a schema.
    #[error("schema: {0}")]
    Toml(#[from] toml::de::Error),
    /// A field outside its range.
    #[error("schema: {0}")]
    Field(&'static str),
    /// The policy.
    #[error("schema: {0}")]
    Policy(#[from] ProfileError),
    /// A column's codebook.
    #[error("schema: column {column:?}: {error}")]
    Column {
        /// Name of the column.
        column: String,
        /// The rule broken.
        error: CodebookError,
    },
    /// A `[[column]]` without a name.
    #[error("schema: column number {0} has no `name`, or one that is not text")]
    Nameless(usize),
    /// A name or purpose used twice.
    #[error("schema: {what} {name:?} is used twice")]
    Twice {
        /// What is named.
        what: &'static str,
        /// The name.
        name: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    dataset: String,
    #[serde(default)]
    utc_offset: i16,
    #[serde(default = "one_day")]
    lag_days: u8,
    policy: toml::Value,
    subject: Option<String>,
    segment_bits: Option<u8>,
    #[serde(default = "empty_text")]
    missing: Vec<String>,
    column: Vec<toml::Table>,
}

fn one_day() -> u8 {
    1
}

fn empty_text() -> Vec<String> {
    vec![String::new()]
}

impl Schema {
    /// Reads a schema file.
    ///
    /// # Errors
    /// Those of the file system and of [`Schema::parse`].
    pub fn read(path: &Path) -> Result<Self, SchemaError> {
        let problem = |problem| SchemaError::Io {
            file: path.display().to_string(),
            problem,
        };
        let length = std::fs::metadata(path).map_err(problem)?.len();
        if usize::try_from(length).map_or(true, |l| l > MAX_SCHEMA) {
            return Err(SchemaError::Field("the file is longer than 64 MiB"));
        }
        Self::parse(&std::fs::read_to_string(path).map_err(problem)?)
    }

    /// Reads and checks a schema.
    ///
    /// # Errors
    /// The first rule that is broken, with the column it is broken in.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let mut document: Document = toml::from_str(text)?;
        check_fields(&document)?;
        let policy = profiles::policy(&document.policy)?;
        let count = document.column.len();
        let tag = document.column.pop_if(|last| is_tag(last));
        let missing = &document.missing;
        let codebooks = (1..)
            .zip(document.column)
            .map(|(number, table)| column(number, table, missing, Codebook::new))
            .collect::<Result<Vec<_>, _>>()?;
        let tag = tag.map(|table| column(count, table, missing, TagColumn::new));
        let schema = Schema {
            dataset: document.dataset,
            utc_offset: document.utc_offset,
            lag_days: document.lag_days,
            policy,
            subject: document.subject,
            segment_bits: document.segment_bits,
            missing: document.missing,
            codebooks,
            tag: tag.transpose()?,
        };
        schema.refuse_repeats().map(|()| schema)
    }

    /// The columns of the dataset, in schema order.
    pub fn columns(&self) -> Vec<Column> {
        self.all_columns().cloned().collect()
    }

    fn all_columns(&self) -> impl Iterator<Item = &Column> {
        let tag = self.tag.iter().map(|t| &t.column);
        self.codebooks.iter().map(|c| &c.column).chain(tag)
    }

    /// s for a dataset of `rows` rows: as the schema says, else as it was in the snapshot before, else what the engine
    /// is fastest with. Another s than before makes every segment a new one.
    pub fn segment_bits(&self, rows: u32, before: Option<u8>) -> u8 {
        let stated = self.segment_bits.or(before);
        stated.unwrap_or_else(|| default_segment_bits(rows))
    }

    fn refuse_repeats(&self) -> Result<(), SchemaError> {
        let (mut names, mut purposes) = (BTreeSet::new(), BTreeSet::new());
        let twice = |what, name: &str| {
            Err(SchemaError::Twice {
                what,
                name: name.into(),
            })
        };
        for Column { name, kind } in self.all_columns() {
            if !names.insert(name) {
                return twice("the column name", name);
            }
            if let Kind::Consent { purpose, .. } = kind
                && !purposes.insert(purpose)
            {
                return twice("the purpose", purpose);
            }
        }
        Ok(())
    }
}

fn check_fields(d: &Document) -> Result<(), SchemaError> {
    let name = &d.dataset;
    let named = !name.is_empty() && text_ok(name);
    let rules = [
        (
            named,
            "`dataset` has 1 to 256 bytes, no control characters and none that change the direction of writing",
        ),
        (
            d.utc_offset.unsigned_abs() <= MAX_OFFSET,
            "`utc_offset` is in minutes and at most 18 hours",
        ),
        (d.lag_days <= MAX_LAG, "`lag_days` is at most 31"),
        (
            d.segment_bits.is_none_or(|s| SEGMENT_BITS.contains(&s)),
            "`segment_bits` is 4 to 16",
        ),
        (
            (1..=MAX_COLUMNS).contains(&d.column.len()),
            "a dataset has 1 to 1024 columns",
        ),
        (
            !d.column.iter().all(is_tag),
            "a dataset has a column besides its tags",
        ),
    ];
    let broken = rules.iter().find(|(kept, _)| !kept);
    broken.map_or(Ok(()), |(_, rule)| Err(SchemaError::Field(rule)))
}

/// Reads one `[[column]]` by `new`, which is given its name, the rest of it, and the schema's markers.
fn column<T>(
    number: usize,
    mut table: toml::Table,
    missing: &[String],
    new: impl Fn(&str, toml::Table, &[String]) -> Result<T, CodebookError>,
) -> Result<T, SchemaError> {
    let Some(toml::Value::String(name)) = table.remove("name") else {
        return Err(SchemaError::Nameless(number));
    };
    new(&name, table, missing).map_err(|error| SchemaError::Column {
        column: name,
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::Schema;

    #[test]
    fn the_documented_schema_is_one() {
        let lines = include_str!("schema.rs")
            .lines()
            .filter_map(|l| l.strip_prefix("//!"));
        let text: Vec<_> = lines
            .skip_while(|l| !l.contains("```toml"))
            .skip(1)
            .collect();
        let text = text.join("\n").replace("```", "");
        assert_eq!(Schema::parse(&text).unwrap().columns().len(), 6);
    }
}
