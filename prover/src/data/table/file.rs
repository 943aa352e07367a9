//! Tables on disk: one file, written whole or not at all, and checked byte by byte when read.
//!
//! Integers little-endian: magic, version u32, rows u32, columns u32; per column a u32 length and the ABI
//! encoding of its descriptor; subjects u8 (0 or 1) and, if 1, the key and one digest a row; codes u16, column by
//! column; SHA-256 of all before it. It holds personal data in the clear.

use super::{Table, TableError, check_codes, check_columns, check_shape};
use crate::data::{
    atomic,
    subjects::{DIGEST, Digest, KEY, Subjects},
};
use alloy_sol_types::SolValue;
use nectar_verifier::{
    abi::{self, ColumnData},
    column::Column,
};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

pub(super) const MAGIC: [u8; 8] = *b"nectable";
const VERSION: u32 = 1;
/// Longest descriptor: 4,095 labels of 256 bytes with their ABI words stay below it.
const MAX_DESCRIPTOR: u32 = 1 << 21;
/// Codes moved at a time between file and memory.
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
                write_codes(&mut out, codes)?;
            }
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
