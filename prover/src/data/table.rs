//! A dataset as columns of codes, in memory and as one checked file.
//!
//! File, integers little-endian: magic, version u32, rows u32, columns u32; per column u32 length and the ABI encoding
//! of its descriptor; subjects u8 (0 or 1) and, if 1, the key and one digest a row; codes u16, column by column; SHA-256
//! of all before it. The file holds personal data in the clear.

use super::{
    atomic,
    subjects::{DIGEST, Digest, KEY, Subjects},
};
use alloy_sol_types::SolValue;
use ark_std::rand::{CryptoRng, RngCore, seq::SliceRandom};
use nectar_verifier::{
    abi::{self, ColumnData},
    column::{Column, Kind},
    header::{MAX_COLUMNS, MAX_ROWS},
};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

const MAGIC: [u8; 8] = *b"nectable";
const VERSION: u32 = 1;
/// Longest descriptor: 4,095 labels of 256 bytes with their ABI words stay below it.
const MAX_DESCRIPTOR: u32 = 1 << 21;
/// Codes moved at a time between file and memory.
const CHUNK: usize = 1 << 15;

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
    /// The file was changed after it was written, or broken.
    #[error("table: the checksum differs; restore the file from a copy or import again")]
    Checksum,
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

    /// Writes the table whole or not at all.
    ///
    /// # Errors
    /// A table that breaks a rule, and those of the file system.
    pub fn write(&self, path: &Path) -> Result<(), TableError> {
        self.validate()?;
        atomic::write_file(path, |file| {
            let mut out = Hashed::new(file);
            self.write_head(&mut out)?;
            for codes in &self.codes {
                write_codes(&mut out, codes)?;
            }
            Ok(out.inner.write_all(&out.hash.finalize())?)
        })
    }

    fn write_head<W: Write>(&self, out: &mut Hashed<W>) -> Result<(), TableError> {
        let columns = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        out.write_all(&MAGIC)?;
        for n in [VERSION, self.rows, columns] {
            out.write_all(&n.to_le_bytes())?;
        }
        for column in &self.columns {
            let data = ColumnData::from(column).abi_encode();
            let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
            out.write_all(&length.to_le_bytes())?;
            out.write_all(&data)?;
        }
        out.write_all(&[u8::from(self.subjects.is_some())])?;
        if let Some(subjects) = &self.subjects {
            out.write_all(subjects.key())?;
            out.write_all(subjects.digests().as_flattened())?;
        }
        Ok(())
    }

    /// Reads a table back and checks all of it.
    ///
    /// # Errors
    /// Whatever [`Table::write`] does not write.
    pub fn read(path: &Path) -> Result<Self, TableError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut input = Hashed::new(BufReader::with_capacity(1 << 16, file));
        let table = read_body(&mut input, length)?;
        let want = input.hash.finalize();
        let mut got = [0; 32];
        input.inner.read_exact(&mut got)?;
        if got != want[..] {
            return Err(TableError::Checksum);
        }
        if input.inner.read(&mut [0])? != 0 {
            return Err(TableError::Form("bytes are left over after the checksum"));
        }
        Ok(table)
    }
}

fn read_body<R: Read>(input: &mut Hashed<R>, length: u64) -> Result<Table, TableError> {
    if input.array()? != MAGIC {
        return Err(TableError::Form("the file is not a table of codes"));
    }
    if input.integer()? != VERSION {
        return Err(TableError::Form("the format version is not 1"));
    }
    let rows = input.integer()?;
    let count = usize::try_from(input.integer()?).unwrap_or(usize::MAX);
    check_shape(rows, count)?;
    // What follows is allocated by these figures, so the file must be as long as they say.
    if length / 2 < u64::from(rows).saturating_mul(u64::try_from(count).unwrap_or(u64::MAX)) {
        return Err(TableError::Form(
            "the file is shorter than its rows and columns",
        ));
    }
    let columns = (0..count)
        .map(|_| read_column(input))
        .collect::<Result<Vec<_>, _>>()?;
    check_columns(&columns)?;
    let subjects = read_subjects(input, rows)?;
    let codes = columns
        .iter()
        .map(|c| read_codes(input, c, rows))
        .collect::<Result<_, _>>()?;
    Ok(Table {
        columns,
        codes,
        rows,
        subjects,
    })
}

fn read_column<R: Read>(input: &mut Hashed<R>) -> Result<Column, TableError> {
    let length = input.integer()?;
    if length > MAX_DESCRIPTOR {
        return Err(TableError::Form(
            "a column's descriptor is longer than 2 MiB",
        ));
    }
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    input.read_exact(&mut bytes)?;
    let data: ColumnData = abi::decode(&bytes, "column")?;
    Ok(Column::try_from(&data)?)
}

fn read_subjects<R: Read>(
    input: &mut Hashed<R>,
    rows: u32,
) -> Result<Option<Subjects>, TableError> {
    match input.array()? {
        [0] => return Ok(None),
        [1] => (),
        _ => return Err(TableError::Form("the mark for subjects is 0 or 1")),
    }
    let key: [u8; KEY] = input.array()?;
    let mut digests: Vec<Digest> = Vec::new();
    let mut left = usize::try_from(rows).unwrap_or(usize::MAX);
    while left > 0 {
        let mut chunk = vec![[0; DIGEST]; left.min(CHUNK)];
        input.read_exact(chunk.as_flattened_mut())?;
        left = left.saturating_sub(chunk.len());
        digests.append(&mut chunk);
    }
    Ok(Some(Subjects::new(key, digests)))
}

fn read_codes<R: Read>(
    input: &mut Hashed<R>,
    column: &Column,
    rows: u32,
) -> Result<Vec<u16>, TableError> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let mut codes: Vec<u16> = Vec::with_capacity(rows);
    let mut bytes = vec![0; CHUNK.saturating_mul(2)];
    while codes.len() < rows {
        let n = rows.saturating_sub(codes.len()).min(CHUNK);
        let part = bytes.get_mut(..n.saturating_mul(2)).unwrap_or_default();
        input.read_exact(part)?;
        let first = codes.len();
        codes.extend(part.as_chunks().0.iter().map(|&b| u16::from_le_bytes(b)));
        check_codes(column, codes.get(first..).unwrap_or_default(), first)?;
    }
    Ok(codes)
}

fn write_codes<W: Write>(out: &mut Hashed<W>, codes: &[u16]) -> io::Result<()> {
    codes.chunks(CHUNK).try_for_each(|chunk| {
        let bytes: Vec<[u8; 2]> = chunk.iter().map(|c| c.to_le_bytes()).collect();
        out.write_all(bytes.as_flattened())
    })
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

/// A reader or writer that hashes what passes through it.
struct Hashed<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashed<T> {
    fn new(inner: T) -> Self {
        Hashed {
            inner,
            hash: Sha256::new(),
        }
    }
}

impl<R: Read> Hashed<R> {
    fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.inner.read_exact(bytes)?;
        self.hash.update(bytes);
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes).map(|()| bytes)
    }

    fn integer(&mut self) -> io::Result<u32> {
        self.array().map(u32::from_le_bytes)
    }
}

impl<W: Write> Hashed<W> {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.inner.write_all(bytes)
    }
}

#[cfg(test)]
mod tests;
