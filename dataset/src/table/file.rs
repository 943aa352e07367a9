//! Tables on disk: one file, written whole or not at all, and checked byte by byte when read.
//!
//! Integers little-endian: magic, version u32, rows u32, columns u32; per column a u32 length and the ABI
//! encoding of its descriptor; subjects u8 (0 or 1) and, if 1, the key and one digest a row; codes u16, column by
//! column; if the last column is one of tags, 32 bytes big-endian a row; SHA-256 of all before it. It holds
//! personal data in the clear.

use super::{Table, TableError, check_codes, check_columns, check_shape, split};
use crate::{
    atomic,
    subjects::{DIGEST, KEY, Subjects},
};
use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use nectar_verifier::{
    abi::{self, ColumnData},
    column::Column,
    field::{from_be, to_be},
};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

pub(super) const MAGIC: [u8; 8] = *b"nectable";
const VERSION: u32 = 2;
/// Longest descriptor: 4,095 labels of 256 bytes with their ABI words stay below it.
const MAX_DESCRIPTOR: u32 = 1 << 21;
/// Bytes of a tag.
const TAG: usize = 32;
/// What stands where a tag should.
const NO_TAG: TableError = TableError::Form("a tag is not below the field order");
/// Cells moved at a time between file and memory.
const CHUNK: usize = 1 << 15;

impl Table {
    /// Writes the table whole or not at all.
    ///
    /// # Errors
    /// A table that breaks a rule, and those of the file system.
    pub fn write(&self, path: &Path) -> Result<(), TableError> {
        self.validate()?;
        let written = atomic::write_file(path, |file| {
            let mut out = Hashed::new(file);
            self.write_head(&mut out)?;
            for codes in &self.codes {
                write_cells(&mut out, codes, |c| c.to_le_bytes())?;
            }
            write_cells(&mut out, &self.tags, to_be)?;
            Ok(out.inner.write_all(&out.hash.finalize())?)
        });
        written.map_err(|e: TableError| e.in_file(path))
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
        Self::read_file(path).map_err(|e| e.in_file(path))
    }

    fn read_file(path: &Path) -> Result<Self, TableError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut input = Hashed::new(BufReader::with_capacity(1 << 16, file));
        let table = read_body(&mut input, length)?;
        let got = B256::from_slice(&input.hash.finalize());
        let mut want = B256::ZERO;
        input.inner.read_exact(want.as_mut_slice())?;
        if got != want {
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
        return Err(TableError::Form(
            "the format version is not 2; import the source again",
        ));
    }
    let rows = input.integer()?;
    let count = usize::try_from(input.integer()?).unwrap_or(usize::MAX);
    check_shape(rows, count)?;
    let columns = (0..count)
        .map(|_| read_column(input))
        .collect::<Result<Vec<_>, _>>()?;
    check_columns(&columns)?;
    let named = read_subjects_flag(input)?;
    check_length(length, rows, &columns, named)?;
    let subjects = named.then(|| read_subjects(input, rows)).transpose()?;
    let (coded, tagged) = split(&columns);
    let codes = coded.iter().map(|c| read_codes(input, c, rows));
    let codes = codes.collect::<Result<_, _>>()?;
    let tags = match tagged {
        true => read_cells(input, rows, |b| from_be(&b).map_err(|_| NO_TAG))?,
        false => Vec::new(),
    };
    Ok(Table {
        columns,
        codes,
        tags,
        rows,
        subjects,
    })
}

/// What follows is allocated by these figures, so the file must be as long as they say.
fn check_length(length: u64, rows: u32, columns: &[Column], named: bool) -> Result<(), TableError> {
    let (coded, tagged) = split(columns);
    let part = |size: usize, count: usize| size.saturating_mul(count);
    let width = part(2, coded.len())
        .saturating_add(part(TAG, tagged.into()))
        .saturating_add(part(DIGEST, named.into()));
    let width = u64::try_from(width).unwrap_or(u64::MAX);
    if length < u64::from(rows).saturating_mul(width) {
        return Err(TableError::Form(
            "the file is shorter than its rows and columns",
        ));
    }
    Ok(())
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

/// Whether rows have subjects.
fn read_subjects_flag<R: Read>(input: &mut Hashed<R>) -> Result<bool, TableError> {
    match input.array()? {
        [0] => Ok(false),
        [1] => Ok(true),
        _ => Err(TableError::Form("the subjects flag is 0 or 1")),
    }
}

fn read_subjects<R: Read>(input: &mut Hashed<R>, rows: u32) -> Result<Subjects, TableError> {
    let key: [u8; KEY] = input.array()?;
    Ok(Subjects::new(key, read_cells(input, rows, Ok)?))
}

fn read_codes<R: Read>(
    input: &mut Hashed<R>,
    column: &Column,
    rows: u32,
) -> Result<Vec<u16>, TableError> {
    let codes = read_cells(input, rows, |b| Ok(u16::from_le_bytes(b)))?;
    check_codes(column, &codes).map(|()| codes)
}

/// Reads a cell of N bytes a row.
fn read_cells<const N: usize, T, R: Read>(
    input: &mut Hashed<R>,
    rows: u32,
    cell: impl Fn([u8; N]) -> Result<T, TableError>,
) -> Result<Vec<T>, TableError> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let mut cells = Vec::with_capacity(rows);
    let mut bytes = vec![[0; N]; rows.min(CHUNK)];
    while cells.len() < rows {
        let n = rows.saturating_sub(cells.len()).min(CHUNK);
        let part = bytes.get_mut(..n).unwrap_or_default();
        input.read_exact(part.as_flattened_mut())?;
        for bytes in part {
            cells.push(cell(*bytes)?);
        }
    }
    Ok(cells)
}

fn write_cells<const N: usize, T, W: Write>(
    out: &mut Hashed<W>,
    cells: &[T],
    bytes: impl Fn(&T) -> [u8; N],
) -> io::Result<()> {
    cells.chunks(CHUNK).try_for_each(|chunk| {
        let bytes: Vec<[u8; N]> = chunk.iter().map(&bytes).collect();
        out.write_all(bytes.as_flattened())
    })
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
