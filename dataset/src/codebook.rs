//! `[[column]]` of a schema: from TOML to a column of the protocol and the encoder of its cells.

use super::{
    encoder::{Encoder, begun},
    forms::{kind_of, take},
    origin::Origin,
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
    #[error("no kind {0:?}, want categorical, integer, decimal, date, boolean, consent or tag")]
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
    /// Tags anywhere but at the end.
    #[error(
        "a tag column comes last, and there is one at most; move it behind all others, or remove it"
    )]
    TagPlace,
    /// A spelling with two meanings.
    #[error("{0:?} has two meanings; remove one of them")]
    Ambiguous(String),
}

/// A column of a schema: its codebook, where its cells come from, and how they become codes.
#[derive(Debug, Clone)]
pub(super) struct Codebook {
    pub column: Column,
    pub origin: Origin,
    /// Name of the source column with the day a consent begins.
    pub begin: Option<String>,
    encoder: Encoder,
}

impl Codebook {
    /// Reads one `[[column]]`; `missing` are the schema's markers, for columns without their own.
    pub fn new(
        name: &str,
        mut table: toml::Table,
        missing: &[String],
    ) -> Result<Self, CodebookError> {
        let origin = Origin::take(name, &mut table, missing)?;
        let kind: String = take(&mut table, "kind")?.unwrap_or_default();
        let parts = kind_of(&kind, table)?;
        let column = Column {
            name: name.into(),
            kind: parts.kind,
        };
        column.validate()?;
        let encoder = Encoder::new(&column.kind, parts.words, parts.round);
        let encoder = encoder.ok_or(CodebookError::TagPlace)?;
        let codebook = Codebook {
            column,
            origin,
            begin: parts.begin,
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
        match self.origin.missing.iter().find(stated) {
            Some(text) => Err(CodebookError::Ambiguous(text.clone())),
            None => Ok(()),
        }
    }

    /// The code of a cell.
    pub fn code(&self, value: &Value) -> Result<u16, Rule> {
        if self.origin.is_missing(value) {
            return Ok(0);
        }
        self.encoder.code(&self.column, value)
    }

    /// Whether a consent has begun, by the cell of its begin column.
    pub fn begun(&self, value: &Value, as_of: Day) -> Result<bool, Rule> {
        if self.origin.is_missing(value) {
            return Err(Rule::NoBegin);
        }
        begun(value, as_of)
    }
}
