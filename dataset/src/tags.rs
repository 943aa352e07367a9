//! The tag column: one field element a row, which a subject made of a secret and a receipt of the row shows.

use super::{
    fault::Rule,
    forms::{CodebookError, kind_of},
    source_column::SourceColumn,
    value::Value,
};
use alloy_primitives::hex;
use ark_bn254::Fr;
use ark_std::{UniformRand, rand::rngs::OsRng};
use nectar_verifier::{column::Column, field::from_be};

/// The kind, as schemas write it.
const KIND: &str = "tag";

/// Whether a `[[column]]` is one of tags.
pub(super) fn is_tag(table: &toml::Table) -> bool {
    table.get("kind").and_then(toml::Value::as_str) == Some(KIND)
}

/// The tag column of a schema. It has no codes, and it is the last.
#[derive(Debug, Clone)]
pub(super) struct TagColumn {
    pub column: Column,
    pub source: SourceColumn,
}

impl TagColumn {
    /// Reads one `[[column]]`; `missing` are the schema's markers, for columns without their own.
    pub fn new(
        name: &str,
        mut table: toml::Table,
        missing: &[String],
    ) -> Result<Self, CodebookError> {
        let source = SourceColumn::take(name, &mut table, missing)?;
        table.remove("kind");
        let column = Column {
            name: name.into(),
            kind: kind_of(KIND, table)?.kind,
        };
        column.validate()?;
        match source.missing.iter().find(|m| parse(m).is_ok()) {
            Some(marker) => Err(CodebookError::Ambiguous(marker.clone())),
            None => Ok(TagColumn { column, source }),
        }
    }

    /// The tag of a cell; none where the subject gave no secret.
    pub fn tag(&self, value: &Value) -> Result<Option<Fr>, Rule> {
        match self.source.is_missing(value) {
            true => Ok(None),
            false => value.with_text(parse).map(Some),
        }
    }
}

fn parse(text: &str) -> Result<Fr, Rule> {
    let bytes = hex::decode_to_array(text).map_err(|_| Rule::NotATag)?;
    from_be(&bytes).map_err(|_| Rule::TagRange)
}

/// Rows with the tag of an earlier row: rising, as (earlier, later), counted from 1.
pub(super) fn repeated(tags: &[Option<Fr>]) -> Vec<(u32, u32)> {
    // Any order brings equal tags together; that of the words in memory costs no conversion.
    let words = |(row, tag): (u32, &Option<Fr>)| Some((tag.as_ref()?.0, row));
    let mut given: Vec<_> = (1..).zip(tags).filter_map(words).collect();
    given.sort_unstable();
    let same = given.chunk_by(|(a, _), (b, _)| a == b);
    let mut pairs: Vec<_> = same
        .filter_map(|rows| rows.split_first())
        .flat_map(|(&(_, first), later)| later.iter().map(move |&(_, row)| (first, row)))
        .collect();
    pairs.sort_unstable_by_key(|&(_, later)| later);
    pairs
}

/// The tags with a uniformly random one wherever none was given, so that nobody can tell who gave none.
pub(super) fn complete(tags: Vec<Option<Fr>>) -> Vec<Fr> {
    let drawn = || Fr::rand(&mut OsRng);
    tags.into_iter().map(|t| t.unwrap_or_else(drawn)).collect()
}
