//! The fields of each kind of `[[column]]`, and the codebooks they make.

use super::encoder::{Round, strict_day, strict_month};
use nectar_verifier::{
    column::{ColumnError, Kind, MAX_CODES},
    date::Grid,
    decimal::Decimal,
};
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::HashMap;

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
    /// A bound that is not a date.
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Categorical {
    labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    min: Written,
    max: Written,
    step: Option<Written>,
    #[serde(default)]
    unit: String,
    round: Option<Round>,
}

/// A number as TOML writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Integer(i64),
    Float(f64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Date {
    #[serde(default)]
    grid: WrittenGrid,
    first: String,
    last: String,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum WrittenGrid {
    #[default]
    Month,
    Week,
    Day,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Boolean {
    r#true: Vec<String>,
    r#false: Vec<String>,
}

impl Default for Boolean {
    fn default() -> Self {
        let words = |w: [&str; 5]| w.map(String::from).to_vec();
        Boolean {
            r#true: words(["true", "t", "yes", "y", "1"]),
            r#false: words(["false", "f", "no", "n", "0"]),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    purpose: String,
    first: String,
    last: String,
    from_date: Option<String>,
    #[serde(default = "open_words")]
    open: Vec<String>,
    #[serde(default = "withdrawn_words")]
    withdrawn: Vec<String>,
}

fn open_words() -> Vec<String> {
    vec!["open".into()]
}

fn withdrawn_words() -> Vec<String> {
    vec!["withdrawn".into()]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tag {}

/// What the fields of a kind say.
pub(super) struct Parts {
    pub kind: Kind,
    /// Source column with the day a consent begins.
    pub begin: Option<String>,
    /// Words with codes of their own.
    pub words: HashMap<String, u16>,
    /// Where numbers between the values of the codebook go.
    pub round: Option<Round>,
}

impl From<Kind> for Parts {
    fn from(kind: Kind) -> Self {
        Parts {
            kind,
            begin: None,
            words: HashMap::new(),
            round: None,
        }
    }
}

/// Reads the fields of a kind.
pub(super) fn kind_of(kind: &str, table: toml::Table) -> Result<Parts, CodebookError> {
    match kind {
        "categorical" => {
            let Categorical { labels } = form(table)?;
            Ok(Kind::Categorical { labels }.into())
        }
        "integer" => number(form(table)?, true),
        "decimal" => number(form(table)?, false),
        "date" => date(&form(table)?).map(Parts::from),
        "boolean" => {
            let spelt: Boolean = form(table)?;
            Ok(Parts {
                words: words(&spelt.r#false, 1, &spelt.r#true, 2)?,
                ..Kind::Boolean.into()
            })
        }
        "consent" => consent(form(table)?),
        "tag" => form(table).map(|Tag {}| Kind::Tag.into()),
        other => Err(CodebookError::Kind(other.into())),
    }
}

fn form<T: DeserializeOwned>(table: toml::Table) -> Result<T, CodebookError> {
    table
        .try_into()
        .map_err(|e: toml::de::Error| CodebookError::Form(e.message().into()))
}

/// Takes one field out of a table, if it is there.
pub(super) fn take<T: DeserializeOwned>(
    table: &mut toml::Table,
    key: &str,
) -> Result<Option<T>, CodebookError> {
    let problem = |e: toml::de::Error| CodebookError::Form(format!("`{key}`: {}", e.message()));
    let value = table.remove(key).map(|v| v.try_into().map_err(problem));
    value.transpose()
}

fn number(n: Number, integer: bool) -> Result<Parts, CodebookError> {
    let step = n.step.unwrap_or(Written::Integer(1));
    let [min, max, step] = [
        decimal(&n.min, "min")?,
        decimal(&n.max, "max")?,
        decimal(&step, "step")?,
    ];
    let scale = min.scale().max(max.scale()).max(step.scale());
    if integer && scale > 0 {
        return Err(CodebookError::Grid(
            "bounds and step of an integer column are integers",
        ));
    }
    let scaled = |d: Decimal| d.at_scale(scale).and_then(|v| i64::try_from(v).ok());
    let all = [min, max, step].map(scaled);
    let [Some(min), Some(max), Some(step)] = all else {
        return Err(CodebookError::Grid(
            "bounds and step have at most 18 digits",
        ));
    };
    let kind = Kind::Number {
        min,
        step,
        scale,
        count: values(min, max, step)?,
        unit: n.unit,
    };
    Ok(Parts {
        round: n.round,
        ..kind.into()
    })
}

fn values(min: i64, max: i64, step: i64) -> Result<u16, CodebookError> {
    let span = max.checked_sub(min).filter(|s| *s >= 0);
    let span = span.ok_or(CodebookError::Grid("`max` is not below `min`"))?;
    if step <= 0 {
        return Err(CodebookError::Grid("`step` is positive"));
    }
    if span.checked_rem(step) != Some(0) {
        return Err(CodebookError::Grid(
            "`max` is `min` plus a whole number of steps",
        ));
    }
    let count = span.checked_div(step).and_then(|s| s.checked_add(1));
    let count = count.and_then(|c| u16::try_from(c).ok());
    count.filter(|c| *c < MAX_CODES).ok_or(CodebookError::Grid(
        "at most 4095 values lie between `min` and `max`; use a larger step, or bands",
    ))
}

fn decimal(written: &Written, field: &'static str) -> Result<Decimal, CodebookError> {
    let number = match written {
        Written::Integer(n) => Decimal::new((*n).into(), 0),
        // Fifteen digits survive the way through binary floating point unchanged.
        Written::Float(f) => {
            Decimal::parse(&f.to_string()).filter(|d| d.digits().unsigned_abs() < 10u128.pow(15))
        }
        Written::Text(text) => Decimal::parse(text),
    };
    number.ok_or(CodebookError::Number { field })
}

fn date(d: &Date) -> Result<Kind, CodebookError> {
    let (grid, want) = match d.grid {
        WrittenGrid::Month => (Grid::Month, "YYYY-MM or YYYY-MM-DD"),
        WrittenGrid::Week => (Grid::Week, "YYYY-MM-DD"),
        WrittenGrid::Day => (Grid::Day, "YYYY-MM-DD"),
    };
    let first = period(&d.first, "first", grid, want)?;
    let last = period(&d.last, "last", grid, want)?;
    let count = values(first.into(), last.into(), 1).map_err(|_| {
        CodebookError::Grid(
            "`first` is not after `last`, and at most 4095 periods lie between them",
        )
    })?;
    Ok(Kind::Date { grid, first, count })
}

fn period(
    text: &str,
    field: &'static str,
    grid: Grid,
    want: &'static str,
) -> Result<i32, CodebookError> {
    let month = || (grid == Grid::Month).then(|| strict_month(text)).flatten();
    let day = strict_day(text).or_else(month);
    day.and_then(|d| grid.period(d))
        .ok_or_else(|| CodebookError::Period {
            field,
            got: text.into(),
            want,
        })
}

fn consent(c: Consent) -> Result<Parts, CodebookError> {
    let months = Date {
        grid: WrittenGrid::Month,
        first: c.first,
        last: c.last,
    };
    let Kind::Date { first, count, .. } = date(&months)? else {
        return Err(CodebookError::Kind("consent".into()));
    };
    let kind = Kind::Consent {
        purpose: c.purpose,
        first,
        count,
    };
    Ok(Parts {
        begin: c.from_date,
        words: words(&c.withdrawn, 0, &c.open, count)?,
        ..kind.into()
    })
}

/// Two lists of spellings and their codes, in lower case and without a spelling in both.
fn words(
    one: &[String],
    one_code: u16,
    other: &[String],
    other_code: u16,
) -> Result<HashMap<String, u16>, CodebookError> {
    let mut words: HashMap<_, _> = one
        .iter()
        .map(|w| (w.to_ascii_lowercase(), one_code))
        .collect();
    for word in other {
        let meant = *words.entry(word.to_ascii_lowercase()).or_insert(other_code);
        if meant != other_code {
            return Err(CodebookError::Ambiguous(word.clone()));
        }
    }
    Ok(words)
}
