//! A cell as a source file holds it, before any codebook is applied.

use nectar_verifier::{
    date::{Day, Grid},
    decimal::Decimal,
};
use std::fmt;

/// A cell. CSV gives text only; Parquet gives its own types.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    /// A null.
    Null,
    /// Text, the empty one included.
    Text(&'a str),
    /// A number.
    Number(Decimal),
    /// A truth value.
    Boolean(bool),
    /// A civil date.
    Day(Day),
}

impl Value<'_> {
    /// The name of the type for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Text(_) => "text",
            Value::Number(_) => "number",
            Value::Boolean(_) => "boolean",
            Value::Day(_) => "date",
        }
    }

    /// Calls `f` with the cell as text; a null is the empty text.
    pub fn with_text<T>(&self, f: impl FnOnce(&str) -> T) -> T {
        match self {
            Value::Text(text) => f(text),
            other => f(&other.to_string()),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => number.fmt(f),
            Value::Boolean(value) => value.fmt(f),
            Value::Day(day) => f.write_str(&Grid::Day.label(*day)),
        }
    }
}
