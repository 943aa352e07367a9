//! Source files of any format, read once from front to back into a [`Sink`].

use super::{
    csv,
    fault::{Fault, Rule},
    parquet,
    sink::{Progress, Sink, unreadable},
};
use std::{
    fs::File,
    io::{Read, Seek},
    path::Path,
};

/// Reads a file: Parquet, gzip-compressed CSV or CSV, told apart by their first bytes. Returns the number of rows.
///
/// # Errors
/// A fault after which nothing more can be read.
pub(super) fn read<S: Sink>(path: &Path, sink: &mut S, progress: Progress) -> Result<u32, Fault> {
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
        return Err(Fault::file(Rule::NoRows));
    }
    progress(length, length);
    Ok(rows)
}
