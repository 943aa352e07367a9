//! The file of a snapshot's commitments.
//!
//! `NECTCOM\x01`, then column by column in schema order: for each segment the sequence number (u64, big-endian) of
//! the snapshot in which it was last committed, then for each vector in manifest order its segments' points, 64
//! bytes each. Counts follow from the header. The header's roots authenticate the points.

use super::atomic;
use crate::engine::{commit::ColumnCommitments, snapshot::CommittedColumn};
use nectar_verifier::{
    column::Column,
    field::{G1_BYTES, g1_from_be, g1_to_be},
    header::Header,
};
use rayon::prelude::*;
use std::{
    fs,
    io::{self, Write},
    path::Path,
};

const MAGIC: [u8; 8] = *b"NECTCOM\x01";

/// Why the file cannot be read: the file system, or what is wrong with its content.
pub(super) enum ReadError {
    Io(io::Error),
    Content(&'static str),
}

/// Writes the file whole or not at all.
pub(super) fn write(path: &Path, columns: &[CommittedColumn]) -> io::Result<()> {
    atomic::write_file(path, |out| {
        out.write_all(&MAGIC)?;
        for column in columns {
            for sequence in &column.sequences {
                out.write_all(&sequence.to_be_bytes())?;
            }
            for point in column.commitments.vectors.iter().flatten() {
                out.write_all(&g1_to_be(point))?;
            }
        }
        Ok(())
    })
}

/// Reads the file; its length has to be the one the header implies.
pub(super) fn read(path: &Path, header: &Header) -> Result<Vec<CommittedColumn>, ReadError> {
    let segments = header.core.segments();
    let size = |c: &Column| {
        c.leaf_count()
            .saturating_mul(G1_BYTES)
            .saturating_add(8)
            .saturating_mul(segments)
    };
    let want = header
        .columns
        .iter()
        .map(size)
        .fold(MAGIC.len(), usize::saturating_add);
    let length = fs::metadata(path).map_err(ReadError::Io)?.len();
    if usize::try_from(length) != Ok(want) {
        return Err(ReadError::Content(
            "its length is not the one its header implies",
        ));
    }
    let bytes = fs::read(path).map_err(ReadError::Io)?;
    let mut rest = bytes
        .strip_prefix(&MAGIC)
        .ok_or(ReadError::Content("it is not a file of commitments"))?;
    let mut columns = Vec::with_capacity(header.columns.len());
    for column in &header.columns {
        let (own, after) = rest
            .split_at_checked(size(column))
            .ok_or(ReadError::Content("it is truncated"))?;
        columns.push(read_column(own, segments)?);
        rest = after;
    }
    Ok(columns)
}

fn read_column(bytes: &[u8], segments: usize) -> Result<CommittedColumn, ReadError> {
    let (sequences, points) = bytes
        .split_at_checked(segments * 8)
        .ok_or(ReadError::Content("it is truncated"))?;
    let sequences = sequences
        .as_chunks::<8>()
        .0
        .iter()
        .map(|s| u64::from_be_bytes(*s))
        .collect();
    let points: Result<Vec<_>, _> = points.par_chunks(G1_BYTES).map(g1_from_be).collect();
    let points =
        points.map_err(|_| ReadError::Content("it holds what is no point of the curve"))?;
    let vectors = points.chunks(segments).map(<[_]>::to_vec).collect();
    Ok(CommittedColumn {
        commitments: ColumnCommitments { vectors },
        sequences,
    })
}
