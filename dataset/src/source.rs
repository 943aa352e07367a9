//! Source files of any format, read once from front to back into a [`Sink`].

use super::{
    csv, parquet,
    refusal::{Refusal, Rule},
    value::Value,
};
use nectar_verifier::header::MAX_ROWS;
use std::{
    fs::File,
    io::{Read, Seek},
    path::Path,
};

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

/// Reads a file: Parquet, gzip-compressed CSV or CSV, told apart by their first bytes. Returns the number of rows.
///
/// # Errors
/// A fault after which nothing more can be read.
pub(super) fn read<S: Sink>(path: &Path, sink: &mut S, progress: Progress) -> Result<u32, Refusal> {
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut magic = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut magic)
        .map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let rows = match magic.as_slice() {
        b"PAR1" => parquet::read(file, length, sink, progress),
        [0x1f, 0x8b, ..] => csv::read_gzip(file, length, sink, progress),
        _ => csv::read(file, length, sink, progress),
    }?;
    if rows == 0 {
        return Err(Refusal::file(Rule::NoRows));
    }
    progress(length, length);
    Ok(rows)
}

/// A fault of the file as a whole, in the words of the library that found it.
pub(super) fn unreadable(problem: impl std::fmt::Display) -> Refusal {
    Refusal::file(Rule::Unreadable(problem.to_string()))
}

/// Refuses headers that name a column twice, or too many columns.
pub(super) fn check_fields(fields: &[Field]) -> Result<(), Refusal> {
    if fields.len() > MAX_FIELDS {
        return Err(Refusal::file(Rule::TooManyColumns { limit: MAX_FIELDS }));
    }
    let mut names = std::collections::BTreeSet::new();
    match fields.iter().find(|f| !names.insert(&f.name)) {
        Some(field) => Err(Refusal::column(&field.name, Rule::DuplicateHeader)),
        None => Ok(()),
    }
}

/// The number of the row after `row`.
pub(super) fn next_row(row: u32) -> Result<u32, Refusal> {
    let next = row.checked_add(1).filter(|n| *n <= MAX_ROWS);
    next.ok_or_else(|| Refusal::file(Rule::TooManyRows))
}
