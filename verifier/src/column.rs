//! Columns and their codebooks (docs/protocol.md, section 1), and which vectors of a column are committed (section 2).

mod wire;

use crate::{
    abi,
    date::{Day, Grid},
    decimal::Decimal,
};
use alloy_primitives::{B256, keccak256};
use alloy_sol_types::SolValue;

/// Largest number of codes of a column, code 0 ("missing") included.
pub const MAX_CODES: u16 = 4096;
/// Longest name, label or unit in bytes.
pub const MAX_TEXT: usize = 256;

/// What the codes of a column mean. Code 0 is "missing" in every kind that has codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Code t >= 1 is `labels[t - 1]`.
    Categorical {
        /// Distinct labels in code order.
        labels: Vec<String>,
    },
    /// Code t >= 1 is `(min + (t - 1) * step) / 10^scale`.
    Number {
        /// Least value, times 10^scale.
        min: i64,
        /// Distance of neighbouring values, times 10^scale; positive.
        step: i64,
        /// Decimal places, at most 9; 0 makes an integer column.
        scale: u8,
        /// Number of values.
        count: u16,
        /// Unit shown to people; may be empty.
        unit: String,
    },
    /// Code t >= 1 is the period `first + t - 1` of the grid.
    Date {
        /// The grid.
        grid: Grid,
        /// Period of code 1.
        first: i32,
        /// Number of periods.
        count: u16,
    },
    /// Code 1 is false, 2 is true.
    Boolean,
    /// Consent for one purpose on the month grid: the code is the last month wholly covered, counted from
    /// `first` as 1; 0 is none or withdrawn.
    Consent {
        /// The purpose by name.
        purpose: String,
        /// Month period of code 1.
        first: i32,
        /// Number of months.
        count: u16,
    },
    /// One field element a row, opened by receipts only.
    Tag,
}

/// A named column with its codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in queries.
    pub name: String,
    /// Codebook.
    pub kind: Kind,
}

/// A committed vector of a column, in manifest order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leaf {
    /// The index vector A_t, 1 <= t < T_c: rows whose code is at least t.
    Code(u16),
    /// The binary digit b of the code.
    Bit(u8),
    /// X: the value code - 1 (0 where missing).
    X,
    /// X squared.
    X2,
    /// The tags of a tag column.
    Tag,
}

/// A committed vector of the manifest: column and leaf.
pub type LeafRef = (u16, Leaf);

impl Leaf {
    /// How transcripts and blindings name the vector: kind, and the code or digit.
    pub fn id(self) -> (u8, u16) {
        match self {
            Leaf::Code(t) => (0, t),
            Leaf::Bit(b) => (1, u16::from(b)),
            Leaf::Tag => (2, 0),
            Leaf::X => (3, 0),
            Leaf::X2 => (4, 0),
        }
    }
}

/// Why a codebook is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column:?}: {rule}")]
pub struct ColumnError {
    /// Name of the column.
    pub column: String,
    /// The rule that is broken.
    pub rule: &'static str,
}

/// Whether a name, label or unit is short enough and safe to print: no control characters, and none that change the
/// direction of writing, with which one label could be made to look like another.
pub fn text_ok(text: &str) -> bool {
    let steers = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.len() <= MAX_TEXT && !text.chars().any(|c| c.is_control() || steers(c))
}

/// The identifier of a purpose: keccak256 of its name.
pub fn purpose_id(name: &str) -> B256 {
    keccak256(name.as_bytes())
}

impl Column {
    /// Checks the codebook's limits.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ColumnError> {
        match self.broken_rule() {
            None => Ok(()),
            Some(rule) => Err(ColumnError {
                column: self.name.clone(),
                rule,
            }),
        }
    }

    fn broken_rule(&self) -> Option<&'static str> {
        if self.name.is_empty() || !text_ok(&self.name) {
            return Some("a name has 1 to 256 bytes and no control characters");
        }
        match &self.kind {
            Kind::Categorical { labels } => {
                let distinct: std::collections::BTreeSet<_> = labels.iter().collect();
                if labels.is_empty() || labels.len() >= usize::from(MAX_CODES) {
                    return Some("a categorical column has 1 to 4095 labels");
                }
                if distinct.len() != labels.len() {
                    return Some("labels are distinct");
                }
                if !labels.iter().all(|l| !l.is_empty() && text_ok(l)) {
                    return Some("a label has 1 to 256 bytes and no control characters");
                }
                None
            }
            Kind::Number {
                min,
                step,
                scale,
                count,
                unit,
            } => {
                if *step <= 0 {
                    return Some("the step of a number column is positive");
                }
                if *scale > 9 {
                    return Some("a number column has at most 9 decimal places");
                }
                if !text_ok(unit) {
                    return Some("a unit has at most 256 bytes and no control characters");
                }
                let last = i64::from(*count)
                    .checked_mul(*step)
                    .and_then(|w| min.checked_add(w));
                if last.is_none_or(|l| l.unsigned_abs() > 1 << 52) || min.unsigned_abs() > 1 << 52 {
                    return Some("the values of a number column stay within 2^52 of zero");
                }
                // X and X2 of one value are 0, and a commitment to 0 is no point.
                if *count == 1 {
                    return Some(
                        "a number column has at least 2 values: widen its range, or make it categorical",
                    );
                }
                count_rule(*count)
            }
            Kind::Date { grid, first, count } => period_rule(*grid, *first, *count),
            Kind::Consent {
                purpose,
                first,
                count,
            } => {
                if purpose.is_empty() || !text_ok(purpose) {
                    return Some("a purpose has 1 to 256 bytes and no control characters");
                }
                period_rule(Grid::Month, *first, *count)
            }
            Kind::Boolean | Kind::Tag => None,
        }
    }

    /// T_c: the number of codes, 0 included; 0 for a tag column, which has none.
    pub fn codes(&self) -> u16 {
        match &self.kind {
            Kind::Categorical { labels } => u16::try_from(labels.len())
                .unwrap_or(u16::MAX)
                .saturating_add(1),
            Kind::Number { count, .. } | Kind::Date { count, .. } | Kind::Consent { count, .. } => {
                count.saturating_add(1)
            }
            Kind::Boolean => 3,
            Kind::Tag => 0,
        }
    }

    /// B_c: binary digits of the largest code.
    pub fn bits(&self) -> u8 {
        match self.codes() {
            0 => 0,
            t => u8::try_from(16u32.saturating_sub(t.saturating_sub(1).leading_zeros()))
                .unwrap_or(16),
        }
    }

    /// Whether sums and products of the column may be asked for.
    pub fn is_numeric(&self) -> bool {
        matches!(self.kind, Kind::Number { .. })
    }

    /// Whether a query may name the column in a literal or an axis.
    pub fn is_queryable(&self) -> bool {
        !matches!(self.kind, Kind::Consent { .. } | Kind::Tag)
    }

    /// The committed vectors in manifest order: t = 1 .. T_c - 1, bits, X, X2, or one tag (section 2).
    pub fn leaves(&self) -> Vec<Leaf> {
        if self.kind == Kind::Tag {
            return vec![Leaf::Tag];
        }
        let codes = (1..self.codes()).map(Leaf::Code);
        let bits = (0..self.bits()).map(Leaf::Bit);
        let derived = [Leaf::X, Leaf::X2]
            .into_iter()
            .filter(|_| self.is_numeric());
        codes.chain(bits).chain(derived).collect()
    }

    /// The number of committed vectors.
    pub fn leaf_count(&self) -> usize {
        if self.kind == Kind::Tag {
            return 1;
        }
        usize::from(self.codes())
            .saturating_sub(1)
            .saturating_add(usize::from(self.bits()))
            .saturating_add(if self.is_numeric() { 2 } else { 0 })
    }

    /// The place of a vector in manifest order; `None` where the column does not have it.
    pub fn leaf_index(&self, leaf: Leaf) -> Option<usize> {
        let codes = usize::from(self.codes());
        let digits = usize::from(self.bits());
        match leaf {
            Leaf::Code(t) if t >= 1 && t < self.codes() => Some(usize::from(t).saturating_sub(1)),
            Leaf::Bit(b) if b < self.bits() => codes.checked_sub(1)?.checked_add(usize::from(b)),
            Leaf::X if self.is_numeric() => codes.checked_sub(1)?.checked_add(digits),
            Leaf::X2 if self.is_numeric() => codes.checked_add(digits),
            Leaf::Tag if self.kind == Kind::Tag => Some(0),
            _ => None,
        }
    }

    /// The consent code that covers a day: `period(d)` of section 1.
    ///
    /// `None` when the column holds no consent or the day is outside 1 ..= T_c - 1. It is never clamped:
    /// period 0 would admit everybody who withdrew.
    pub fn consent_code(&self, day: Day) -> Option<u16> {
        let Kind::Consent { first, count, .. } = &self.kind else {
            return None;
        };
        let code = Grid::Month
            .period(day)?
            .checked_sub(*first)?
            .checked_add(1)?;
        u16::try_from(code)
            .ok()
            .filter(|c| (1..=*count).contains(c))
    }

    /// The meaning of a code as people write it.
    pub fn label(&self, code: u16) -> String {
        let Some(index) = code.checked_sub(1) else {
            return "missing".into();
        };
        match &self.kind {
            Kind::Categorical { labels } => labels
                .get(usize::from(index))
                .cloned()
                .unwrap_or_else(|| format!("code {code}")),
            Kind::Number {
                min, step, scale, ..
            } => {
                let v = i64::from(index).saturating_mul(*step).saturating_add(*min);
                let places = usize::from(*scale);
                Decimal::new(v.into(), *scale).map_or_else(String::new, |d| format!("{d:.places$}"))
            }
            Kind::Date { grid, first, .. } => grid.label(first.saturating_add(i32::from(index))),
            Kind::Consent { first, .. } => {
                Grid::Month.label(first.saturating_add(i32::from(index)))
            }
            Kind::Boolean => if code == 1 { "false" } else { "true" }.into(),
            Kind::Tag => String::new(),
        }
    }

    /// The least value and the step of a number column in its unit.
    pub fn scale(&self) -> Option<(f64, f64)> {
        let Kind::Number {
            min, step, scale, ..
        } = &self.kind
        else {
            return None;
        };
        let unit = 10f64.powi(i32::from(*scale));
        #[expect(
            clippy::cast_precision_loss,
            reason = "validate() keeps both within 2^53"
        )]
        Some((*min as f64 / unit, *step as f64 / unit))
    }

    /// The digest that binds name, kind and codebook into the manifest root (section 2).
    pub fn descriptor(&self) -> B256 {
        keccak256(abi::ColumnDescriptor::from(self).abi_encode())
    }
}

fn count_rule(count: u16) -> Option<&'static str> {
    (count == 0 || count >= MAX_CODES).then_some("a column has 1 to 4095 values besides missing")
}

fn period_rule(grid: Grid, first: i32, count: u16) -> Option<&'static str> {
    let last = first
        .checked_add(i32::from(count))
        .and_then(|p| grid.first_day(p));
    if grid.first_day(first).is_none() || last.is_none() {
        return Some("the periods of a column lie within the calendar");
    }
    count_rule(count)
}

/// Lookup of columns by their place in the schema: the whole schema, or the part a bundle carries.
pub trait Columns {
    /// The column at a place, if it is known.
    fn column(&self, index: u16) -> Option<&Column>;
}

impl Columns for [Column] {
    fn column(&self, index: u16) -> Option<&Column> {
        self.get(usize::from(index))
    }
}

impl Columns for std::collections::BTreeMap<u16, Column> {
    fn column(&self, index: u16) -> Option<&Column> {
        self.get(&index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(count: u16) -> Column {
        Column {
            name: "x".into(),
            kind: Kind::Number {
                min: -15,
                step: 5,
                scale: 1,
                count,
                unit: "mg".into(),
            },
        }
    }

    #[test]
    fn labels_are_exact() {
        let c = number(10);
        assert_eq!(c.label(0), "missing");
        assert_eq!(c.label(1), "-1.5");
        assert_eq!(c.label(4), "0.0");
        assert_eq!(c.label(5), "0.5");
    }

    #[test]
    fn a_number_column_has_two_values() {
        assert_eq!(number(2).validate(), Ok(()));
        let error = number(1).validate().unwrap_err();
        assert!(error.rule.starts_with("a number column has at least 2"));
    }

    #[test]
    fn consent_period_is_never_clamped() {
        let kind = Kind::Consent {
            purpose: "research".into(),
            first: 2024 * 12,
            count: 12,
        };
        let c = Column {
            name: "c".into(),
            kind,
        };
        let day = |s| crate::date::parse_day(s).unwrap();
        assert_eq!(c.consent_code(day("2023-12-31")), None);
        assert_eq!(c.consent_code(day("2024-01-01")), Some(1));
        assert_eq!(c.consent_code(day("2024-12-31")), Some(12));
        assert_eq!(c.consent_code(day("2025-01-01")), None);
    }

    proptest! {
        #[test]
        fn leaves_stand_where_leaf_index_says(count in 1u16..4095) {
            let c = number(count);
            let leaves = c.leaves();
            prop_assert_eq!(leaves.len(), c.leaf_count());
            for (i, l) in leaves.into_iter().enumerate() {
                prop_assert_eq!(c.leaf_index(l), Some(i));
            }
            prop_assert!(1u32 << c.bits() >= u32::from(c.codes()));
            prop_assert!(1u32 << (c.bits() - 1) < u32::from(c.codes()));
        }
    }
}
