//! What every source gives its rows to, whatever the file's format, and the rules that hold for all of them.

use super::{
    fault::{Fault, Rule},
    value::Value,
};
use nectar_verifier::header::MAX_ROWS;
use std::collections::BTreeSet;

/// Most columns of a source file.
pub(super) const MAX_FIELDS: usize = 4096;

/// Told now and then: bytes read, bytes in all.
pub(super) type Progress<'a> = &'a dyn Fn(u64, u64);

/// A column of a source file.
pub(super) struct Field {
    /// Name in the file.
    pub name: String,
    /// Its type, where cells of that type cannot be read.
    pub unreadable: Option<String>,
}

/// Takes what a source file holds.
pub(super) trait Sink {
    /// Takes the columns and answers which place fills each slot; `None` gives up.
    ///
    /// A place may fill several slots, or none. Within a row, or a batch of rows, slots are filled in this order.
    fn header(&mut self, fields: &[Field]) -> Option<Vec<usize>>;

    /// Takes the cell of a slot in a row, counted from 1.
    fn cell(&mut self, slot: usize, row: u32, value: Result<Value, Rule>);

    /// Takes a row that cannot be read as cells.
    fn broken_row(&mut self, row: u32, rule: Rule);
}

/// A fault of the file as a whole, in the words of the library that found it.
pub(super) fn unreadable(problem: impl std::fmt::Display) -> Fault {
    Fault::file(Rule::Unreadable(problem.to_string()))
}

/// Refuses headers that name a column twice, or too many columns.
pub(super) fn check_fields(fields: &[Field]) -> Result<(), Fault> {
    if fields.len() > MAX_FIELDS {
        return Err(Fault::file(Rule::TooManyColumns { limit: MAX_FIELDS }));
    }
    let mut names = BTreeSet::new();
    match fields.iter().find(|f| !names.insert(&f.name)) {
        Some(field) => Err(Fault::column(&field.name, Rule::DuplicateHeader)),
        None => Ok(()),
    }
}

/// The number of the row after `row`.
pub(super) fn next_row(row: u32) -> Result<u32, Fault> {
    let next = row.checked_add(1).filter(|n| *n <= MAX_ROWS);
    next.ok_or_else(|| Fault::file(Rule::TooManyRows))
}
