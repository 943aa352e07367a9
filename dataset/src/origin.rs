//! Where the cells of a column come from, and which of them are missing.

use super::{codebook::CodebookError, forms::take, value::Value};

/// A source column, as one `[[column]]` of a schema names it.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// Name of the source column.
    pub from: String,
    /// Markers of missing cells.
    pub missing: Vec<String>,
}

impl Origin {
    /// Takes `from` and `missing` out of a `[[column]]`, which has a name; `missing` are the schema's own markers.
    pub fn take(
        name: &str,
        table: &mut toml::Table,
        missing: &[String],
    ) -> Result<Self, CodebookError> {
        let from = take(table, "from")?.unwrap_or_else(|| name.into());
        let missing = take(table, "missing")?.unwrap_or_else(|| missing.to_vec());
        Ok(Origin { from, missing })
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
