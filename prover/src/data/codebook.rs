//! `[[column]]` of a schema: from TOML to a column of the protocol and the encoder of its cells.

use super::{
    encoder::{Encoder, begun},
    forms::{kind_of, read},
    refusal::Rule,
    value::Value,
};
use nectar_verifier::{
    column::{Column, ColumnError},
    date::Day,
};

/// Why a column of a schema is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodebookError {
    /// Not in the form of its kind.
    #[error("{0}")]
    Form(String),
    /// A limit of the protocol.
    #[error("{}", .0.rule)]
    Limit(#[from] ColumnError),
    /// A kind there is none of.
    #[error("no kind {0:?}, want categorical, integer, decimal, date, boolean or consent")]
    Kind(String),
    /// A number that is not exact.
    #[error("`{field}` is not an exact decimal number; write it as a string such as \"0.05\"")]
    Number {
        /// The field.
        field: &'static str,
    },
    /// Bounds and step that do not fit.
    #[error("{0}")]
    Grid(&'static str),
    /// A bound that is no date.
    #[error("`{field}` is {got:?}, want {want}")]
    Period {
        /// The field.
        field: &'static str,
        /// What stands there.
        got: String,
        /// The form wanted.
        want: &'static str,
    },
    /// A spelling with two meanings.
    #[error("{0:?} has two meanings; remove one of them")]
    Ambiguous(String),
}

/// A column of a schema: its codebook, where its cells come from, and how they become codes.
#[derive(Debug, Clone)]
pub(super) struct Codebook {
    pub column: Column,
    /// Name of the source column.
    pub from: String,
    /// Name of the source column with the day a consent begins.
    pub begin: Option<String>,
    missing: Vec<String>,
    encoder: Encoder,
}

impl Codebook {
    /// Reads one `[[column]]`; `missing` are the schema's markers, for columns without their own.
    pub fn new(
        name: &str,
        mut table: toml::Table,
        missing: &[String],
    ) -> Result<Self, CodebookError> {
        let mut text = |key| match table.remove(key) {
            Some(value) => read(value, key).map(Some),
            None => Ok(None),
        };
        let from: String = text("from")?.unwrap_or_else(|| name.into());
        let kind = text("kind")?.unwrap_or_default();
        let missing = match table.remove("missing") {
            Some(own) => read(own, "missing")?,
            None => missing.to_vec(),
        };
        let parts = kind_of(&kind, table)?;
        let column = Column {
            name: name.into(),
            kind: parts.kind,
        };
        column.validate()?;
        let encoder = Encoder::new(&column.kind, parts.words, parts.round);
        let encoder = encoder.ok_or_else(|| CodebookError::Kind("tag".into()))?;
        let codebook = Codebook {
            column,
            from,
            begin: parts.begin,
            missing,
            encoder,
        };
        codebook.refuse_marked_labels().map(|()| codebook)
    }

    fn refuse_marked_labels(&self) -> Result<(), CodebookError> {
        let stated = |text: &&String| match &self.encoder {
            Encoder::Label(words) => words.contains_key(*text),
            Encoder::Boolean(words) | Encoder::Consent { words, .. } => {
                words.contains_key(&text.to_ascii_lowercase())
            }
            Encoder::Number { .. } | Encoder::Period { .. } => false,
        };
        match self.missing.iter().find(stated) {
            Some(text) => Err(CodebookError::Ambiguous(text.clone())),
            None => Ok(()),
        }
    }

    /// The code of a cell.
    pub fn code(&self, value: &Value) -> Result<u16, Rule> {
        if self.is_missing(value) {
            return Ok(0);
        }
        self.encoder.code(&self.column, value)
    }

    /// Whether a consent has begun, by the cell of its begin column.
    pub fn begun(&self, value: &Value, as_of: Day) -> Result<bool, Rule> {
        if self.is_missing(value) {
            return Err(Rule::NoBegin);
        }
        begun(value, as_of)
    }

    fn is_missing(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Text(text) => self.missing.iter().any(|m| m == text),
            _ => false,
        }
    }
}
