//! Released cells with the query and the codebooks that give them their meaning.

use crate::statistics::{Figure, Scale, StatisticsError, gram::Gram, moments::Moments};
use nectar_verifier::{
    column::{Column, Columns},
    query::{AxisKind, Query, Variant},
    verified::{Cell, Verified, describe},
};
use std::collections::BTreeMap;

/// One group: its place on each axis, 0 where there is no axis.
pub type Group = [usize; 3];

/// The cells of an answer, in the order they were released.
#[derive(Debug, Clone)]
pub struct Released {
    /// The query.
    pub query: Query,
    columns: BTreeMap<u16, Column>,
    cells: Vec<Option<Figure>>,
}

impl From<&Verified> for Released {
    fn from(verified: &Verified) -> Self {
        let query = verified.statement().query().clone();
        let [na, nc, nb] = verified.sizes();
        let gram = query.variant == Variant::Gram;
        // A gram runs group, row, column; the others run as their axes do.
        let (outer, inner) = if gram { (nc, na) } else { (na, nc) };
        let places = (0..outer).flat_map(|o| (0..inner).map(move |i| (o, i)));
        let cells = places.flat_map(|(o, i)| {
            let (a, c) = if gram { (i, o) } else { (o, i) };
            (0..nb).map(move |b| verified.cell(a, c, b).and_then(figure))
        });
        let named = query.axes.iter().map(|a| a.column);
        let columns = named
            .chain(query.x.iter().copied())
            .chain(query.literals.iter().map(|l| l.column))
            .filter_map(|i| Some((i, verified.column(i)?.clone())));
        Released {
            columns: columns.collect(),
            cells: cells.collect(),
            query,
        }
    }
}

/// A released cell as a figure; the mark has none.
fn figure(cell: Cell) -> Option<Figure> {
    match cell {
        Cell::Suppressed => None,
        // Cells are below 2^57: the interval absorbs what is lost.
        Cell::Released { value, bound } => {
            let low = value.saturating_sub(bound) as f64;
            let high = value.saturating_add(bound) as f64;
            Figure::within(value as f64, low, high).ok()
        }
    }
}

impl Released {
    /// Cells made by hand.
    #[cfg(test)]
    pub fn fixed(
        query: Query,
        columns: impl IntoIterator<Item = (u16, Column)>,
        cells: &[Option<Figure>],
    ) -> Self {
        Released {
            query,
            columns: columns.into_iter().collect(),
            cells: cells.to_vec(),
        }
    }

    /// Groups of an axis; 1 where there is none.
    pub fn size(&self, axis: usize) -> usize {
        self.query.axes.get(axis).map_or(1, |a| a.groups.len())
    }

    /// All groups, the first axis slowest.
    pub fn groups(&self) -> Vec<Group> {
        let [na, nb, nc] = [0, 1, 2].map(|axis| self.size(axis));
        let pairs = (0..na).flat_map(|a| (0..nb).map(move |b| (a, b)));
        pairs
            .flat_map(|(a, b)| (0..nc).map(move |c| [a, b, c]))
            .collect()
    }

    /// The place of a group among all.
    fn place(&self, [a, b, c]: Group) -> usize {
        (a * self.size(1) + b) * self.size(2) + c
    }

    fn cell(&self, group: Group, per_group: usize, cell: usize) -> Option<Figure> {
        let place = self.place(group) * per_group + cell;
        self.cells.get(place).copied().flatten()
    }

    /// A column of the dataset.
    pub fn column(&self, column: u16) -> Option<&Column> {
        self.columns.column(column)
    }

    /// The name of a column with its unit.
    pub fn name(&self, column: u16) -> String {
        use nectar_verifier::column::Kind;
        match self.column(column) {
            Some(Column {
                name,
                kind: Kind::Number { unit, .. },
            }) if !unit.is_empty() => format!("{name} ({unit})"),
            Some(c) => c.name.clone(),
            None => format!("column {column}"),
        }
    }

    /// The heading of an axis.
    pub fn axis_name(&self, axis: usize) -> String {
        let axis = self.query.axes.get(axis);
        axis.map_or_else(String::new, |a| self.name(a.column))
    }

    /// The label of a group of an axis.
    pub fn label(&self, axis: usize, group: usize) -> String {
        let label = || {
            let axis = self.query.axes.get(axis)?;
            let (column, set) = (self.column(axis.column)?, axis.groups.get(group)?);
            Some(match (axis.kind, set.least()) {
                (AxisKind::Cumulative, Some(least)) => format!("{} or more", column.label(least)),
                _ => describe(column, set),
            })
        };
        label().unwrap_or_else(|| format!("group {group}"))
    }

    /// The records in a group; `None` where withheld, and in a gram, whose records are complete cases.
    pub fn count(&self, group: Group) -> Option<Figure> {
        match self.query.variant {
            Variant::Counts => self.cell(group, 1, 0),
            Variant::Moments => self.cell(group, 4, 3),
            Variant::Gram => None,
        }
    }

    /// The moments of a group; `None` where withheld.
    pub fn moments(&self, group: Group) -> Result<Option<Moments>, StatisticsError> {
        let x = self.query.x.first().copied();
        let scale = self.scale(x.unwrap_or(u16::MAX))?;
        let cell = |b| self.cell(group, 4, b);
        let moments = || {
            Some(Moments {
                count: cell(0)?,
                sum: cell(1)?,
                sum_of_squares: cell(2)?,
                scale,
            })
        };
        Ok(moments())
    }

    /// The gram of a group; withheld cells refuse it.
    pub fn gram(&self, group: Group) -> Result<Gram, StatisticsError> {
        let side = self.query.x.len() + 1;
        let scales: Result<Vec<_>, _> = self.query.x.iter().map(|x| self.scale(*x)).collect();
        let cells = (0..side * side).map(|j| self.cell(group, side * side, j));
        let cells: Option<Vec<_>> = cells.collect();
        let cells = cells.ok_or_else(|| StatisticsError::Suppressed(vec![(0, 0)]))?;
        Gram::new(&scales?, &cells)
    }

    /// The moments of one column of a gram.
    pub fn gram_moments(&self, group: Group, x: usize) -> Result<Option<Moments>, StatisticsError> {
        let side = self.query.x.len() + 1;
        let scale = self.scale(self.query.x.get(x).copied().unwrap_or(u16::MAX))?;
        let cell = |row: usize, column: usize| self.cell(group, side * side, row * side + column);
        let moments = || {
            Some(Moments {
                count: cell(0, 0)?,
                sum: cell(0, x + 1)?,
                sum_of_squares: cell(x + 1, x + 1)?,
                scale,
            })
        };
        Ok(moments())
    }

    /// The place of a column among those of the gram.
    pub fn place_in_gram(&self, column: u16) -> usize {
        let place = self.query.x.iter().position(|x| *x == column);
        place.unwrap_or(usize::MAX)
    }

    fn scale(&self, column: u16) -> Result<Scale, StatisticsError> {
        let scale = self.column(column).and_then(Column::scale);
        let (min, step) = scale.ok_or(StatisticsError::Undefined("not a number column"))?;
        Scale::new(min, step)
    }
}
