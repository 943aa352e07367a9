//! Queries on the wire.

use super::{Axis, AxisKind, CodeSet, Literal, Query, Variant};
use crate::abi::{self, DecodeError};

impl From<&CodeSet> for abi::CodeSet {
    fn from(s: &CodeSet) -> Self {
        let runs: Vec<u8> = s
            .runs
            .iter()
            .flat_map(|(lo, hi)| lo.to_be_bytes().into_iter().chain(hi.to_be_bytes()))
            .collect();
        abi::CodeSet {
            missing: s.missing,
            runs: runs.into(),
        }
    }
}

impl TryFrom<&abi::CodeSet> for CodeSet {
    type Error = DecodeError;

    fn try_from(s: &abi::CodeSet) -> Result<Self, DecodeError> {
        let (quads, rest) = s.runs.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(DecodeError {
                what: "list of runs",
            });
        }
        let run =
            |&[a, b, c, d]: &[u8; 4]| (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        Ok(CodeSet {
            missing: s.missing,
            runs: quads.iter().map(run).collect(),
        })
    }
}

impl From<&Query> for abi::Query {
    fn from(q: &Query) -> Self {
        let literal = |l: &Literal| abi::Literal {
            column: l.column,
            joins: l.joins,
            set: (&l.set).into(),
        };
        let axis = |a: &Axis| abi::Axis {
            column: a.column,
            kind: match a.kind {
                AxisKind::Partition => 0,
                AxisKind::Cumulative => 1,
            },
            groups: a.groups.iter().map(Into::into).collect(),
        };
        abi::Query {
            variant: match q.variant {
                Variant::Counts => 0,
                Variant::Moments => 1,
                Variant::Gram => 2,
            },
            purpose: q.purpose,
            day: q.day,
            literals: q.literals.iter().map(literal).collect(),
            axes: q.axes.iter().map(axis).collect(),
            x: q.x.clone(),
        }
    }
}

impl TryFrom<&abi::Query> for Query {
    type Error = DecodeError;

    fn try_from(q: &abi::Query) -> Result<Self, DecodeError> {
        let literal = |l: &abi::Literal| -> Result<_, DecodeError> {
            Ok(Literal {
                column: l.column,
                joins: l.joins,
                set: (&l.set).try_into()?,
            })
        };
        let axis = |a: &abi::Axis| -> Result<_, DecodeError> {
            let kind = match a.kind {
                0 => AxisKind::Partition,
                1 => AxisKind::Cumulative,
                _ => {
                    return Err(DecodeError {
                        what: "kind of axis",
                    });
                }
            };
            let groups = a
                .groups
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?;
            Ok(Axis {
                column: a.column,
                kind,
                groups,
            })
        };
        Ok(Query {
            variant: match q.variant {
                0 => Variant::Counts,
                1 => Variant::Moments,
                2 => Variant::Gram,
                _ => {
                    return Err(DecodeError {
                        what: "query variant",
                    });
                }
            },
            purpose: q.purpose,
            day: q.day,
            literals: q.literals.iter().map(literal).collect::<Result<_, _>>()?,
            axes: q.axes.iter().map(axis).collect::<Result<_, _>>()?,
            x: q.x.clone(),
        })
    }
}
