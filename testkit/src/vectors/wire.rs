//! Queries and codebooks in JSON, field by field as the ABI has them.

use alloy_primitives::B256;
use nectar_verifier::{
    abi,
    column::Column,
    policy::{Policy, PolicyError, Rounding},
    query,
};
use serde::{Deserialize, Serialize};

/// A set of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    missing: bool,
    runs: Vec<(u16, u16)>,
}

/// A literal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Literal {
    column: u16,
    joins: bool,
    set: Set,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    column: u16,
    kind: u8,
    groups: Vec<Set>,
}

/// A query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    variant: u8,
    purpose: B256,
    day: i32,
    literals: Vec<Literal>,
    axes: Vec<Axis>,
    x: Vec<u16>,
}

impl From<&query::CodeSet> for Set {
    fn from(s: &query::CodeSet) -> Self {
        Set {
            missing: s.missing,
            runs: s.runs.clone(),
        }
    }
}

impl From<&Set> for query::CodeSet {
    fn from(s: &Set) -> Self {
        query::CodeSet {
            missing: s.missing,
            runs: s.runs.clone(),
        }
    }
}

impl From<&query::Query> for Query {
    fn from(q: &query::Query) -> Self {
        let literal = |l: &query::Literal| Literal {
            column: l.column,
            joins: l.joins,
            set: (&l.set).into(),
        };
        let axis = |a: &query::Axis| Axis {
            column: a.column,
            kind: u8::from(a.kind == query::AxisKind::Cumulative),
            groups: a.groups.iter().map(Into::into).collect(),
        };
        Query {
            variant: match q.variant {
                query::Variant::Counts => 0,
                query::Variant::Moments => 1,
                query::Variant::Gram => 2,
            },
            purpose: q.purpose,
            day: q.day,
            literals: q.literals.iter().map(literal).collect(),
            axes: q.axes.iter().map(axis).collect(),
            x: q.x.clone(),
        }
    }
}

impl From<&Query> for query::Query {
    fn from(q: &Query) -> Self {
        let literal = |l: &Literal| query::Literal {
            column: l.column,
            joins: l.joins,
            set: (&l.set).into(),
        };
        let axis = |a: &Axis| query::Axis {
            column: a.column,
            kind: [query::AxisKind::Partition, query::AxisKind::Cumulative][usize::from(a.kind)],
            groups: a.groups.iter().map(Into::into).collect(),
        };
        let variants = [
            query::Variant::Counts,
            query::Variant::Moments,
            query::Variant::Gram,
        ];
        query::Query {
            variant: variants[usize::from(q.variant)],
            purpose: q.purpose,
            day: q.day,
            literals: q.literals.iter().map(literal).collect(),
            axes: q.axes.iter().map(axis).collect(),
            x: q.x.clone(),
        }
    }
}

/// A codebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    kind: u8,
    codes: u16,
    min: i64,
    step: i64,
    scale: u8,
    name: String,
    unit: String,
    labels: Vec<String>,
    purpose: String,
}

impl From<abi::ColumnData> for Codebook {
    fn from(d: abi::ColumnData) -> Self {
        Codebook {
            kind: d.kind,
            codes: d.codes,
            min: d.min,
            step: d.step,
            scale: d.scale,
            name: d.name,
            unit: d.unit,
            labels: d.labels,
            purpose: d.purpose,
        }
    }
}

impl From<&Column> for Codebook {
    fn from(c: &Column) -> Self {
        abi::ColumnData::from(c).into()
    }
}

impl From<&Codebook> for abi::ColumnData {
    fn from(c: &Codebook) -> Self {
        let c = c.clone();
        abi::ColumnData {
            kind: c.kind,
            codes: c.codes,
            min: c.min,
            step: c.step,
            scale: c.scale,
            name: c.name,
            unit: c.unit,
            labels: c.labels,
            purpose: c.purpose,
        }
    }
}

impl Codebook {
    /// The column, if it is one.
    ///
    /// # Errors
    /// No valid column has this codebook.
    pub fn column(&self) -> Result<Column, abi::DecodeError> {
        Column::try_from(&abi::ColumnData::from(self))
    }
}

/// A policy's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Threshold.
    pub k: u32,
    /// Rounding base.
    pub base: u8,
    /// Midpoint-6 rounding.
    pub midpoint: bool,
    /// Zeros are released.
    pub zeros: bool,
    /// Width cap.
    #[serde(rename = "wMax")]
    pub w_max: u8,
}

impl Rule {
    /// The policy.
    ///
    /// # Errors
    /// A rule of section 6 is broken.
    pub fn policy(&self) -> Result<Policy, PolicyError> {
        let mode = match self.midpoint {
            true => Rounding::Midpoint6,
            false => Rounding::Nearest,
        };
        Policy::new(self.k, self.base, mode, self.zeros, self.w_max)
    }
}
