//! CSV with a header line (RFC 4180, UTF-8, with or without byte order mark), plain or gzip-compressed.

use super::{
    fault::{Fault, MAX_CELL, Rule},
    sink::{Field, Progress, Sink, check_fields, next_row, unreadable},
    value::Value,
};
use csv::ByteRecord;
use flate2::bufread::MultiGzDecoder;
use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Read},
    rc::Rc,
};

/// Longest record in bytes; bounds memory where a quotation mark stays open.
const MAX_RECORD: u64 = 1 << 24;
/// Rows between two reports of progress.
const REPORT: u32 = 1 << 12;

/// Reads a plain file.
pub(super) fn read<S: Sink>(
    file: File,
    length: u64,
    sink: &mut S,
    progress: Progress,
) -> Result<u32, Fault> {
    let (file, done) = Counted::new(file, u64::MAX);
    read_text(file, sink, &|| progress(done.get(), length))
}

/// Reads a gzip-compressed file.
pub(super) fn read_gzip<S: Sink>(
    file: File,
    length: u64,
    sink: &mut S,
    progress: Progress,
) -> Result<u32, Fault> {
    let (file, done) = Counted::new(file, u64::MAX);
    let text = MultiGzDecoder::new(BufReader::new(file));
    read_text(text, sink, &|| progress(done.get(), length))
}

fn read_text<R: Read, S: Sink>(text: R, sink: &mut S, report: &dyn Fn()) -> Result<u32, Fault> {
    let (text, taken) = Counted::new(text, MAX_RECORD);
    let problem = |e: csv::Error| match taken.get() > MAX_RECORD {
        true => Fault::file(Rule::RecordLength),
        false => unreadable(e),
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(text);
    let fields = fields(reader.byte_headers().map_err(problem)?)?;
    check_fields(&fields)?;
    let Some(slots) = sink.header(&fields) else {
        return Ok(0);
    };
    let (mut record, mut row) = (ByteRecord::new(), 0);
    loop {
        taken.set(0);
        if !reader.read_byte_record(&mut record).map_err(problem)? {
            return Ok(row);
        }
        row = next_row(row)?;
        give_row(&record, row, fields.len(), &slots, sink);
        if row % REPORT == 0 {
            report();
        }
    }
}

fn fields(header: &ByteRecord) -> Result<Vec<Field>, Fault> {
    let field = |name: &[u8]| match str::from_utf8(name) {
        Ok(name) if name.len() <= MAX_CELL => Ok(Field {
            name: name.into(),
            unreadable: None,
        }),
        Ok(_) => Err(Fault::file(Rule::CellLength)),
        Err(_) => Err(Fault::file(Rule::Utf8)),
    };
    header.iter().map(field).collect()
}

fn give_row<S: Sink>(record: &ByteRecord, row: u32, want: usize, slots: &[usize], sink: &mut S) {
    if record.len() != want {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let (got, want) = (count(record.len()), count(want));
        return sink.broken_row(row, Rule::Ragged { got, want });
    }
    for (slot, &place) in slots.iter().enumerate() {
        sink.cell(slot, row, cell(record.get(place).unwrap_or_default()));
    }
}

fn cell(bytes: &[u8]) -> Result<Value<'_>, Rule> {
    if bytes.len() > MAX_CELL {
        return Err(Rule::CellLength);
    }
    str::from_utf8(bytes)
        .map(Value::Text)
        .map_err(|_| Rule::Utf8)
}

/// A reader that counts bytes and fails once the count has passed a limit. The count may be reset from outside.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
    limit: u64,
}

impl<R> Counted<R> {
    fn new(inner: R, limit: u64) -> (Self, Rc<Cell<u64>>) {
        let count = Rc::new(Cell::new(0));
        let counted = Counted {
            inner,
            count: Rc::clone(&count),
            limit,
        };
        (counted, count)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        let count = self
            .count
            .get()
            .saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        self.count.set(count);
        if count > self.limit {
            return Err(io::Error::other("too many bytes"));
        }
        Ok(n)
    }
}
