//! The disclosure rule in plain Rust (protocol, section 6): what becomes of a table of true cells.
//!
//! The release circuit proves exactly this function; the two are tested against each other.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "cells are below 2^57, weights below 2^7, and what is rounded to is at least 1"
)]

use crate::{
    layout::{Layout, Tested, WIDTHS},
    policy::{Policy, Rounding, W_LIMIT},
};
use thiserror::Error;

/// Stands where a cell was withheld.
pub const SUPPRESSED: u64 = u64::MAX;

/// True cells are below 2^56: SUM(x^2) over 2^26 rows of 12-bit values reaches 2^50.
pub const CELL_BITS: u32 = 56;

/// Tested numbers of rows are below 2^28.
pub const SUPPORT_BITS: u32 = 28;

/// Why a table is none that rows can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DisclosureError {
    /// The table ends inside a group.
    #[error("table has {cells} cells, want a multiple of {group}")]
    PartialGroup {
        /// Cells given.
        cells: usize,
        /// Cells in a group of the layout.
        group: usize,
    },
    /// A cell of 2^56 or more.
    #[error("cell {cell} is {got}, want less than 2^{CELL_BITS}")]
    Cell {
        /// Index of the cell.
        cell: usize,
        /// Its value.
        got: u64,
    },
    /// A tested number of rows of 2^28 or more.
    #[error("cell {cell} counts {got} rows, want less than 2^{SUPPORT_BITS}")]
    Support {
        /// Index of the cell.
        cell: usize,
        /// Its value.
        got: u64,
    },
    /// COUNT(x) exceeds COUNT(*).
    #[error("cells from {cell} have {values} values in {rows} rows")]
    Missing {
        /// Index of the group's first cell.
        cell: usize,
        /// COUNT(x).
        values: u64,
        /// COUNT(*).
        rows: u64,
    },
}

/// Applies the rule to a table of true cells: each becomes its rounded value or [`SUPPRESSED`].
pub fn release(
    policy: &Policy,
    layout: Layout,
    widths: &[u8; WIDTHS],
    cells: &[u64],
) -> Result<Vec<u64>, DisclosureError> {
    check_ranges(layout, cells)?;
    let group = layout.group();
    let mut released = Vec::with_capacity(cells.len());
    for chunk in cells.chunks_exact(group) {
        let passes = group_passes(policy, layout, chunk);
        released.extend(chunk.iter().enumerate().map(|(j, &cell)| match passes {
            true => round(policy, layout, widths, j, cell),
            false => SUPPRESSED,
        }));
    }
    Ok(released)
}

/// The rounding unit of cell `j`: base * 2^e with the exponent e of section 6. Widths above 12 count as 12.
pub fn rounding_unit(policy: &Policy, layout: Layout, widths: &[u8; WIDTHS], j: usize) -> u64 {
    let exponent: u32 = layout
        .terms(j)
        .iter()
        .zip(widths)
        .map(|(&times, &w)| u32::from(times) * u32::from(w.min(W_LIMIT)))
        .sum();
    u64::from(policy.base()) << exponent
}

/// The greatest distance between the released value `o` of cell `j` and a true value behind it.
///
/// A released number of rows that says 0 is 0, for no count of k or more rounds there. A sum that
/// says 0 is not negative, which spares the lower half of its class. The mark bounds nothing.
pub fn error_bound(
    policy: &Policy,
    layout: Layout,
    widths: &[u8; WIDTHS],
    j: usize,
    o: u64,
) -> u64 {
    let g = rounding_unit(policy, layout, widths, j);
    match (o, layout.is_sum(j)) {
        (SUPPRESSED, _) => u64::MAX,
        (0, false) => 0,
        (0, true) => g - 1 - g / 2,
        // In both modes: the midpoint of a class of six has two values below it and three above.
        _ => g / 2,
    }
}

fn check_ranges(layout: Layout, cells: &[u64]) -> Result<(), DisclosureError> {
    let group = layout.group();
    if !cells.len().is_multiple_of(group) {
        return Err(DisclosureError::PartialGroup {
            cells: cells.len(),
            group,
        });
    }
    for (cell, &got) in cells.iter().enumerate() {
        if got >> CELL_BITS != 0 {
            return Err(DisclosureError::Cell { cell, got });
        }
        if layout.tested(cell) == Tested::Support && got >> SUPPORT_BITS != 0 {
            return Err(DisclosureError::Support { cell, got });
        }
    }
    if layout == Layout::Moments {
        check_missing(cells)?;
    }
    Ok(())
}

fn check_missing(cells: &[u64]) -> Result<(), DisclosureError> {
    for (index, chunk) in cells.chunks_exact(Layout::Moments.group()).enumerate() {
        if let &[values, _, _, rows] = chunk
            && values > rows
        {
            let cell = index * Layout::Moments.group();
            return Err(DisclosureError::Missing { cell, values, rows });
        }
    }
    Ok(())
}

/// Whether every test of one group passes.
fn group_passes(policy: &Policy, layout: Layout, group: &[u64]) -> bool {
    let k = u64::from(policy.k());
    group
        .iter()
        .enumerate()
        .all(|(j, &cell)| match layout.tested(j) {
            Tested::Support => cell >= k || (cell == 0 && policy.zeros()),
            Tested::Missing => matches!(missing(group), Some(rows) if rows == 0 || rows >= k),
            Tested::Nothing => true,
        })
}

/// COUNT(*) - COUNT(x) of a group in the moments layout.
fn missing(group: &[u64]) -> Option<u64> {
    match group {
        &[values, _, _, rows] => rows.checked_sub(values),
        _ => None,
    }
}

fn round(policy: &Policy, layout: Layout, widths: &[u8; WIDTHS], j: usize, cell: u64) -> u64 {
    if policy.mode() == Rounding::Midpoint6 && !layout.is_sum(j) {
        return match cell.checked_sub(1) {
            None => 0,
            Some(above) => above - above % 6 + 3,
        };
    }
    let g = rounding_unit(policy, layout, widths, j);
    let raised = cell + g / 2;
    raised - raised % g
}

#[cfg(test)]
#[path = "disclosure/tests.rs"]
mod tests;
