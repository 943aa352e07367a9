//! The file of a snapshot's commitments.
//!
//! `NECTCOM\x02`, then column by column in schema order, segment by segment: the sequence number (u64, big-endian) of
//! the snapshot in which it was last committed, keccak256 of its codes or tags (32 bytes), the salt drawn for that
//! commitment (32 bytes), and the points of its vectors in manifest order, 64 bytes each. Counts follow from the header.
//! The header's roots authenticate the points. The digests make the file secret: whoever can guess a segment's rows can
//! check the guess.

use super::atomic;
use alloy_primitives::B256;
use nectar_engine::{
    blinding::Origin,
    manifest::{CommittedColumn, CommittedSegment},
};
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

/// Bytes of a segment before its points.
const SEGMENT_HEAD: usize = 8 + 32 + 32;
const MAGIC: [u8; 8] = *b"NECTCOM\x02";

/// Why the file cannot be read: the file system, or what is wrong with its content.
pub(super) enum ReadError {
    Io(io::Error),
    Content(String),
}

/// Writes the file whole or not at all.
pub(super) fn write(path: &Path, columns: &[CommittedColumn]) -> io::Result<()> {
    atomic::write_file(path, |out| {
        out.write_all(&MAGIC)?;
        for segment in columns.iter().flatten() {
            let origin = &segment.origin;
            out.write_all(&origin.sequence.to_be_bytes())?;
            out.write_all(origin.values.as_slice())?;
            out.write_all(origin.salt.as_slice())?;
            for point in &segment.points {
                out.write_all(&g1_to_be(point))?;
            }
        }
        Ok(())
    })
}

/// Reads the file; its length has to be the one the header implies.
pub(super) fn read(path: &Path, header: &Header) -> Result<Vec<CommittedColumn>, ReadError> {
    let segments = header.core.segments();
    let segment = |c: &Column| {
        c.leaf_count()
            .saturating_mul(G1_BYTES)
            .saturating_add(SEGMENT_HEAD)
    };
    let size = |c: &Column| segment(c).saturating_mul(segments);
    let want = header
        .columns
        .iter()
        .map(size)
        .fold(MAGIC.len(), usize::saturating_add);
    let length = fs::metadata(path).map_err(ReadError::Io)?.len();
    if usize::try_from(length) != Ok(want) {
        let what = format!("it has {length} bytes, its header implies {want}");
        return Err(ReadError::Content(what));
    }
    let bytes = fs::read(path).map_err(ReadError::Io)?;
    let mut rest = bytes
        .strip_prefix(&MAGIC)
        .ok_or_else(|| content("it is not a file of commitments"))?;
    let mut columns = Vec::with_capacity(header.columns.len());
    for column in &header.columns {
        let (own, after) = rest
            .split_at_checked(size(column))
            .ok_or_else(|| content("it is truncated"))?;
        let own: Result<_, _> = own.par_chunks(segment(column)).map(read_segment).collect();
        columns.push(own?);
        rest = after;
    }
    Ok(columns)
}

fn content(what: &str) -> ReadError {
    ReadError::Content(what.into())
}

fn read_segment(bytes: &[u8]) -> Result<CommittedSegment, ReadError> {
    let truncated = content("it is truncated");
    let Some((sequence, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(truncated);
    };
    let Some((values, rest)) = rest.split_first_chunk::<32>() else {
        return Err(truncated);
    };
    let Some((salt, points)) = rest.split_first_chunk::<32>() else {
        return Err(truncated);
    };
    let points: Result<Vec<_>, _> = points.chunks(G1_BYTES).map(g1_from_be).collect();
    Ok(CommittedSegment {
        origin: Origin {
            sequence: u64::from_be_bytes(*sequence),
            values: B256::from(*values),
            salt: B256::from(*salt),
        },
        points: points.map_err(|_| content("a commitment is not a valid curve point"))?,
    })
}
