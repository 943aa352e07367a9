//! The true table: plain integer sums over the cohort's rows (docs/protocol.md, section 3).

use super::rows::{CHUNK, Rows};
use nectar_verifier::{
    layout::Layout,
    query::{Axis, AxisKind},
    statement::Statement,
};
use rayon::prelude::*;

/// By code: the group of a partition, or one less than the number of cumulative groups the code is in.
struct Classes<'a> {
    codes: &'a [u16],
    class: Vec<Option<usize>>,
    kind: AxisKind,
    size: usize,
}

impl<'a> Classes<'a> {
    fn new(axis: &Axis, rows: &Rows<'a>) -> Self {
        let class = |code: u16| match axis.kind {
            AxisKind::Partition => axis.groups.iter().position(|g| g.contains(code)),
            AxisKind::Cumulative => axis.groups.iter().rposition(|g| g.contains(code)),
        };
        Classes {
            codes: rows.codes(axis.column),
            class: (0..=nectar_verifier::column::MAX_CODES)
                .map(class)
                .collect(),
            kind: axis.kind,
            size: axis.groups.len(),
        }
    }

    fn of(&self, row: usize) -> Option<usize> {
        self.class
            .get(usize::from(self.codes[row]))
            .copied()
            .flatten()
    }
}

/// All cells of the shape, 0 where the layout has none. Sums fit u64: 2^26 rows of squares below 2^24.
pub fn table(statement: &Statement, rows: &Rows<'_>) -> Vec<u64> {
    let axes: Vec<_> = statement
        .query()
        .axes
        .iter()
        .map(|a| Classes::new(a, rows))
        .collect();
    let x: Vec<&[u16]> = statement.query().x.iter().map(|x| rows.codes(*x)).collect();
    let layout = statement.layout();
    let cells = statement.shape().cells();
    let chunk = |c: usize| {
        let mut sums = vec![0u64; cells];
        for row in (c * CHUNK..((c + 1) * CHUNK).min(rows.len())).filter(|row| rows.selects(*row)) {
            let place = axes
                .iter()
                .try_fold(0, |at, axis| Some(at * axis.size + axis.of(row)?));
            if let Some(place) = place {
                add(layout, &x, row, &mut sums[place * layout.group()..]);
            }
        }
        sums
    };
    let total = (0..rows.len().div_ceil(CHUNK)).into_par_iter().map(chunk);
    let mut sums = total.reduce(
        || vec![0; cells],
        |a, b| a.iter().zip(b).map(|(a, b)| a + b).collect(),
    );
    accumulate(&axes, &mut sums);
    sums
}

/// Adds one row to its group's cells.
fn add(layout: Layout, x: &[&[u16]], row: usize, cells: &mut [u64]) {
    let value = |column: &[u16]| u64::from(column[row].saturating_sub(1));
    match (layout, x) {
        (Layout::Counts, _) => cells[0] += 1,
        (Layout::Moments, [x]) => {
            let v = value(x);
            cells[0] += u64::from(x[row] > 0);
            cells[1] += v;
            cells[2] += v * v;
            cells[3] += 1;
        }
        _ => {
            let stride = if layout == Layout::Gram4 { 4 } else { 8 };
            let values: Vec<u64> = std::iter::once(1)
                .chain(x.iter().map(|x| value(x)))
                .collect();
            for (a, va) in values.iter().enumerate() {
                for (b, vb) in values.iter().enumerate() {
                    cells[a * stride + b] += va * vb;
                }
            }
        }
    }
}

/// Turns classes of cumulative axes into the counts of their groups: group a holds all classes from a on.
fn accumulate(axes: &[Classes<'_>], cells: &mut [u64]) {
    let mut stride = 1;
    for axis in axes.iter().rev() {
        if axis.kind == AxisKind::Cumulative {
            let span: usize = axes.iter().map(|a| a.size).product();
            for place in (0..span)
                .rev()
                .filter(|p| p / stride % axis.size + 1 < axis.size)
            {
                cells[place] += cells[place + stride];
            }
        }
        stride *= axis.size;
    }
}
