//! A dataset as columns of codes, in memory; [`file`] is its form on disk.

mod file;

use super::subjects::Subjects;
use ark_std::rand::{CryptoRng, RngCore, seq::SliceRandom};
use nectar_verifier::{
    abi,
    column::{Column, Kind},
    header::{MAX_COLUMNS, MAX_ROWS},
};
use std::{io, path::Path};

/// Columns of codes, two bytes a cell, all in one row order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns; tag columns are not among them.
    pub columns: Vec<Column>,
    /// Per column one code a row.
    pub codes: Vec<Vec<u16>>,
    /// N.
    pub rows: u32,
    /// Which row is whose, where the schema names a subject id.
    pub subjects: Option<Subjects>,
}

/// Why a table is refused.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file system.
    #[error("table: {0}")]
    Io(#[from] io::Error),
    /// A column's codebook.
    #[error("table: {0}")]
    Column(#[from] nectar_verifier::column::ColumnError),
    /// A column's descriptor.
    #[error("table: {0}")]
    Descriptor(#[from] abi::DecodeError),
    /// Not a table, or not one of this version, or parts that do not fit together.
    #[error("table: {0}")]
    Form(&'static str),
    /// A code outside the codebook.
    #[error("table: column {column:?} has code {code} in row {row}, want less than {codes}")]
    Code {
        /// Name of the column.
        column: String,
        /// Row in the table's order, from 0.
        row: usize,
        /// The code.
        code: u16,
        /// T_c.
        codes: u16,
    },
    /// Any of these, in a file.
    #[error("{file}: {problem}")]
    File {
        /// The file.
        file: String,
        /// The problem.
        problem: Box<TableError>,
    },
    /// The file was changed after it was written, or broken.
    #[error("table: the checksum differs; restore the file from a copy or import again")]
    Checksum,
}

impl TableError {
    fn in_file(self, path: &Path) -> Self {
        TableError::File {
            file: path.display().to_string(),
            problem: Box::new(self),
        }
    }
}

impl Table {
    /// Puts columns and codes together.
    ///
    /// # Errors
    /// Codebooks, lengths or codes that break a rule of section 1.
    pub fn new(
        columns: Vec<Column>,
        codes: Vec<Vec<u16>>,
        subjects: Option<Subjects>,
    ) -> Result<Self, TableError> {
        let rows = codes.first().map_or(0, Vec::len);
        let table = Table {
            columns,
            codes,
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            subjects,
        };
        table.validate().map(|()| table)
    }

    /// Checks every rule a table read from disk is held to.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), TableError> {
        check_shape(self.rows, self.columns.len())?;
        check_columns(&self.columns)?;
        let rows = usize::try_from(self.rows).unwrap_or(usize::MAX);
        let lengths = self.codes.iter().all(|c| c.len() == rows);
        if !lengths || self.codes.len() != self.columns.len() {
            return Err(TableError::Form("every column has one code a row"));
        }
        if self.subjects.as_ref().is_some_and(|s| s.len() != rows) {
            return Err(TableError::Form("every row has one subject"));
        }
        let mut pairs = self.columns.iter().zip(&self.codes);
        pairs.try_for_each(|(column, codes)| check_codes(column, codes, 0))
    }

    /// Puts the rows into a uniformly random order, the same in every column.
    pub fn shuffle<R: RngCore + CryptoRng>(&mut self, rng: &mut R) {
        let mut order: Vec<u32> = (0..self.rows).collect();
        order.shuffle(rng);
        for codes in &mut self.codes {
            *codes = permute(codes, &order);
        }
        if let Some(subjects) = &mut self.subjects {
            subjects.permute(&order);
        }
    }
}

fn check_shape(rows: u32, columns: usize) -> Result<(), TableError> {
    if !(1..=MAX_ROWS).contains(&rows) {
        return Err(TableError::Form("a table has 1 to 2^26 rows"));
    }
    if !(1..=MAX_COLUMNS).contains(&columns) {
        return Err(TableError::Form("a table has 1 to 1024 columns"));
    }
    Ok(())
}

fn check_columns(columns: &[Column]) -> Result<(), TableError> {
    let names: std::collections::BTreeSet<_> = columns.iter().map(|c| &c.name).collect();
    if names.len() != columns.len() {
        return Err(TableError::Form("column names are distinct"));
    }
    if columns.iter().any(|c| c.kind == Kind::Tag) {
        return Err(TableError::Form(
            "tag columns have no codes and no place here",
        ));
    }
    Ok(columns.iter().try_for_each(Column::validate)?)
}

fn check_codes(column: &Column, codes: &[u16], first: usize) -> Result<(), TableError> {
    let limit = column.codes();
    let Some(place) = codes.iter().position(|&c| c >= limit) else {
        return Ok(());
    };
    Err(TableError::Code {
        column: column.name.clone(),
        row: first.saturating_add(place),
        code: codes.get(place).copied().unwrap_or_default(),
        codes: limit,
    })
}

/// `values` in the order of `order`, which names each place once.
pub(super) fn permute<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    let place = |&i: &u32| usize::try_from(i).ok().and_then(|i| values.get(i)).copied();
    order.iter().filter_map(place).collect()
}

#[cfg(test)]
mod tests;
