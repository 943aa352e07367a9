//! Where the cells of a column come from, and which of them are missing.

use super::{
    forms::{CodebookError, take},
    value::Value,
};

/// A column of the source, as one `[[column]]` of a schema names it.
#[derive(Debug, Clone)]
pub(super) struct SourceColumn {
    /// Name of the source column.
    pub from: String,
    /// Markers of missing cells.
    pub missing: Vec<String>,
}

impl SourceColumn {
    /// Takes `from` and `missing` out of a `[[column]]`, which has a name; `missing` are the schema's own markers.
    pub fn take(
        name: &str,
        table: &mut toml::Table,
        missing: &[String],
    ) -> Result<Self, CodebookError> {
        let from = take(table, "from")?.unwrap_or_else(|| name.into());
        let missing = take(table, "missing")?.unwrap_or_else(|| missing.to_vec());
        Ok(SourceColumn { from, missing })
    }

    /// Whether a cell is missing.
    pub fn is_missing(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Text(text) => self.missing.iter().any(|m| m == text),
            _ => false,
        }
    }
}
