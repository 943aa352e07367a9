//! `[[column]]` of a schema: from TOML to a column of the protocol and the encoder of its cells.

use super::{
    encoder::{Encoder, begun},
    fault::Rule,
    forms::{CodebookError, kind_of, take},
    source_column::SourceColumn,
    value::Value,
};
use nectar_verifier::{column::Column, date::Day};

/// A column of a schema: its codebook, where its cells come from, and how they become codes.
#[derive(Debug, Clone)]
pub(super) struct Codebook {
    pub column: Column,
    pub source: SourceColumn,
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
        let source = SourceColumn::take(name, &mut table, missing)?;
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
            source,
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
        match self.source.missing.iter().find(stated) {
            Some(text) => Err(CodebookError::Ambiguous(text.clone())),
            None => Ok(()),
        }
    }

    /// The code of a cell.
    pub fn code(&self, value: &Value) -> Result<u16, Rule> {
        if self.source.is_missing(value) {
            return Ok(0);
        }
        self.encoder.code(&self.column, value)
    }

    /// Whether a consent has begun, by the cell of its begin column.
    pub fn begun(&self, value: &Value, as_of: Day) -> Result<bool, Rule> {
        if self.source.is_missing(value) {
            return Err(Rule::NoBegin);
        }
        begun(value, as_of)
    }
}
