//! Columns on the wire: a codebook in full, and the fixed-size descriptor that binds it.

use super::{Column, Kind};
use crate::{
    abi::{ColumnData, ColumnDescriptor, DecodeError},
    date::Grid,
};
use alloy_primitives::{B256, keccak256};
use alloy_sol_types::SolValue;

fn grid_id(grid: Grid) -> u8 {
    match grid {
        Grid::Month => 0,
        Grid::Week => 1,
        Grid::Day => 2,
    }
}

fn grid_of(id: u8) -> Option<Grid> {
    [Grid::Month, Grid::Week, Grid::Day]
        .get(usize::from(id))
        .copied()
}

impl From<&Column> for ColumnData {
    fn from(c: &Column) -> Self {
        let mut data = ColumnData {
            kind: 0,
            codes: c.codes(),
            min: 0,
            step: 0,
            scale: 0,
            name: c.name.clone(),
            unit: String::new(),
            labels: vec![],
            purpose: String::new(),
        };
        match &c.kind {
            Kind::Categorical { labels } => data.labels.clone_from(labels),
            Kind::Number {
                min,
                step,
                scale,
                unit,
                ..
            } => {
                (data.kind, data.min, data.step, data.scale) = (1, *min, *step, *scale);
                data.unit.clone_from(unit);
            }
            Kind::Date { grid, first, .. } => {
                (data.kind, data.min, data.scale) = (2, i64::from(*first), grid_id(*grid));
            }
            Kind::Boolean => data.kind = 3,
            Kind::Consent { purpose, first, .. } => {
                (data.kind, data.min) = (4, i64::from(*first));
                data.purpose.clone_from(purpose);
            }
            Kind::Tag => data.kind = 5,
        }
        data
    }
}

impl From<&Column> for ColumnDescriptor {
    fn from(c: &Column) -> Self {
        let data = ColumnData::from(c);
        let labels: Vec<B256> = data.labels.iter().map(keccak256).collect();
        ColumnDescriptor {
            kind: data.kind,
            codes: data.codes,
            min: data.min,
            step: data.step,
            scale: data.scale,
            name: keccak256(&data.name),
            unit: keccak256(&data.unit),
            labels: keccak256(labels.abi_encode()),
            purpose: keccak256(&data.purpose),
        }
    }
}

impl TryFrom<&ColumnData> for Column {
    type Error = DecodeError;

    /// Refuses data that no valid column encodes to.
    fn try_from(d: &ColumnData) -> Result<Self, DecodeError> {
        let refuse = DecodeError { what: "column" };
        let first = i32::try_from(d.min);
        let count = d.codes.saturating_sub(1);
        let kind = match d.kind {
            0 => Kind::Categorical {
                labels: d.labels.clone(),
            },
            1 => Kind::Number {
                min: d.min,
                step: d.step,
                scale: d.scale,
                count,
                unit: d.unit.clone(),
            },
            2 => Kind::Date {
                grid: grid_of(d.scale).ok_or(refuse)?,
                first: first.map_err(|_| refuse)?,
                count,
            },
            3 => Kind::Boolean,
            4 => Kind::Consent {
                purpose: d.purpose.clone(),
                first: first.map_err(|_| refuse)?,
                count,
            },
            5 => Kind::Tag,
            _ => return Err(refuse),
        };
        let c = Column {
            name: d.name.clone(),
            kind,
        };
        c.validate().map_err(|_| refuse)?;
        if ColumnData::from(&c) == *d {
            Ok(c)
        } else {
            Err(refuse)
        }
    }
}
