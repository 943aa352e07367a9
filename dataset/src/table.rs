//! A dataset as columns of codes and tags, in memory; [`file`] is its form on disk.

mod file;

use super::{order::permute, subjects::Subjects};
use ark_bn254::Fr;
use ark_std::rand::{CryptoRng, RngCore, seq::SliceRandom};
use nectar_engine::snapshot::Records;
use nectar_verifier::{
    abi,
    column::{Column, Kind},
    header::{MAX_COLUMNS, MAX_ROWS},
};
use std::{io, path::Path};

/// Columns of codes, two bytes a cell, and tags, all in one row order.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns; a tag column may be the last.
    pub columns: Vec<Column>,
    /// Per column but that of tags one code a row.
    pub codes: Vec<Vec<u16>>,
    /// One tag a row where there is a tag column, else empty.
    pub tags: Vec<Fr>,
    /// N.
    pub rows: u32,
    /// Which row is whose, where the schema names a subject id.
    pub subjects: Option<Subjects>,
}

/// Codes and tags are personal data and are never shown.
impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Table({} rows, {} columns)",
            self.rows,
            self.columns.len()
        )
    }
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
    /// The digests are not shown: with few rows, the table could be guessed from its own.
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
    /// Puts columns and what the rows hold together.
    ///
    /// # Errors
    /// Codebooks, lengths or codes that break a rule of section 1.
    pub fn new(
        columns: Vec<Column>,
        records: impl Into<Records>,
        subjects: Option<Subjects>,
    ) -> Result<Self, TableError> {
        let Records { codes, tags } = records.into();
        let rows = codes.first().map_or(0, Vec::len);
        let table = Table {
            columns,
            codes,
            tags,
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
        let (coded, tagged) = split(&self.columns);
        let lengths = self.codes.iter().all(|c| c.len() == rows);
        if !lengths || self.codes.len() != coded.len() {
            return Err(TableError::Form("every column has one code a row"));
        }
        if self.tags.len() != if tagged { rows } else { 0 } {
            return Err(TableError::Form("a tag column has one tag a row"));
        }
        if self.subjects.as_ref().is_some_and(|s| s.len() != rows) {
            return Err(TableError::Form("every row has one subject"));
        }
        let mut pairs = coded.iter().zip(&self.codes);
        pairs.try_for_each(|(column, codes)| check_codes(column, codes))
    }

    /// Puts the rows into a uniformly random order, the same in every column.
    pub fn shuffle<R: RngCore + CryptoRng>(&mut self, rng: &mut R) {
        let mut order: Vec<u32> = (0..self.rows).collect();
        order.shuffle(rng);
        self.arrange(&order);
    }

    /// Puts the rows into the order of `order`, which names each row once.
    pub(super) fn arrange(&mut self, order: &[u32]) {
        for codes in &mut self.codes {
            *codes = permute(codes, order);
        }
        self.tags = permute(&self.tags, order);
        if let Some(subjects) = &mut self.subjects {
            subjects.permute(order);
        }
    }

    /// What the rows hold, copied for a snapshot.
    pub fn records(&self) -> Records {
        Records {
            codes: self.codes.clone(),
            tags: self.tags.clone(),
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
    let (coded, _) = split(columns);
    if coded.is_empty() || coded.iter().any(|c| c.kind == Kind::Tag) {
        return Err(TableError::Form(
            "one tag column at most comes after others",
        ));
    }
    Ok(columns.iter().try_for_each(Column::validate)?)
}

/// The columns with codes, and whether a tag column comes after them.
fn split(columns: &[Column]) -> (&[Column], bool) {
    match columns.split_last() {
        Some((last, coded)) if last.kind == Kind::Tag => (coded, true),
        _ => (columns, false),
    }
}

fn check_codes(column: &Column, codes: &[u16]) -> Result<(), TableError> {
    let limit = column.codes();
    let Some(place) = codes.iter().position(|&c| c >= limit) else {
        return Ok(());
    };
    Err(TableError::Code {
        column: column.name.clone(),
        row: place,
        code: codes.get(place).copied().unwrap_or_default(),
        codes: limit,
    })
}

#[cfg(test)]
mod tests;
