//! A file read from its first byte to its last, every byte hashed.

use super::error::{PtauError, Section};
use crate::{neighbours::Neighbours, point::Point, weights::Weights};
use alloy_primitives::B512;
use blake2::{Blake2b512, Digest};
use rayon::prelude::*;
use std::io::{ErrorKind, Read};

/// Bytes of a section in memory at once; whole points.
const CHUNK: usize = 1 << 20;

/// The unread rest of a file, and the hash of what was read.
pub(super) struct Source<'a, R> {
    reader: R,
    hash: Blake2b512,
    at: u64,
    progress: &'a dyn Fn(u64),
}

/// A section's points: the first ones, and the relations of all.
pub(super) struct List<P: Point> {
    /// The first points, as many as were to be kept.
    pub kept: Vec<P>,
    /// All points, combined.
    pub neighbours: Neighbours<P::Group>,
}

impl<'a, R: Read> Source<'a, R> {
    /// Begins a file; `progress` is told how many bytes were read.
    pub fn new(reader: R, progress: &'a dyn Fn(u64)) -> Self {
        Source {
            reader,
            hash: Blake2b512::new(),
            at: 0,
            progress,
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), PtauError> {
        let at = self.at;
        self.reader.read_exact(bytes).map_err(|e| match e.kind() {
            ErrorKind::UnexpectedEof => PtauError::Truncated { at },
            _ => PtauError::Io(e),
        })?;
        self.hash.update(&bytes);
        self.at += bytes.len() as u64;
        (self.progress)(self.at);
        Ok(())
    }

    /// The next bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], PtauError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes).map(|()| bytes)
    }

    /// The next integer.
    pub fn u32(&mut self) -> Result<u32, PtauError> {
        self.array().map(u32::from_le_bytes)
    }

    /// Id and length of the next section.
    pub fn next_section(&mut self) -> Result<(u32, u64), PtauError> {
        Ok((self.u32()?, u64::from_le_bytes(self.array()?)))
    }

    /// Begins the section that has to come next; gives its length.
    pub fn any_section(&mut self, want: u32) -> Result<u64, PtauError> {
        match self.next_section()? {
            (got, length) if got == want => Ok(length),
            (got, _) => Err(PtauError::Order { got, want }),
        }
    }

    /// Begins the section that has to come next, of a length that is known.
    pub fn section(&mut self, section: Section, want: u64) -> Result<(), PtauError> {
        let got = self.any_section(section.id())?;
        if got == want {
            Ok(())
        } else {
            Err(PtauError::Length { section, got, want })
        }
    }

    /// Reads a section of `count` points and keeps the first `keep` of them, or all. `count` is at most 2^29.
    pub fn list<P: Point>(
        &mut self,
        section: Section,
        count: u64,
        keep: usize,
    ) -> Result<List<P>, PtauError> {
        self.section(section, count * P::BYTES as u64)?;
        let mut list = List {
            kept: vec![],
            neighbours: Neighbours::new(Weights::fresh()?),
        };
        let (mut done, most) = (0, (CHUNK / P::BYTES) as u64);
        while done < count {
            let now = most.min(count - done);
            let points = self.points(section, done, now as usize)?;
            list.neighbours.push(&points);
            let missing = keep - list.kept.len();
            list.kept.extend(points.iter().take(missing));
            done += now;
        }
        Ok(list)
    }

    /// The next `count` points, the first of which is at place `first` of its section.
    fn points<P: Point>(
        &mut self,
        section: Section,
        first: u64,
        count: usize,
    ) -> Result<Vec<P>, PtauError> {
        let mut bytes = vec![0; count * P::BYTES];
        self.fill(&mut bytes)?;
        let points: Vec<_> = bytes.par_chunks_exact(P::BYTES).map(P::read).collect();
        let point = |(index, point): (u64, Result<P, _>)| {
            point.map_err(|error| PtauError::Point {
                section,
                index,
                error,
            })
        };
        (first..).zip(points).map(point).collect()
    }

    /// Passes over bytes, which only the digest covers.
    pub fn skip(&mut self, length: u64) -> Result<(), PtauError> {
        let mut buffer = vec![0; CHUNK];
        let mut rest = length;
        while rest > 0 {
            let now = rest.min(CHUNK as u64);
            self.fill(&mut buffer[..now as usize])?;
            rest -= now;
        }
        Ok(())
    }

    /// Ends the file, which has to have no more bytes; gives its digest.
    pub fn end(mut self) -> Result<B512, PtauError> {
        let at = self.at;
        match self.reader.read_exact(&mut [0]) {
            Ok(()) => Err(PtauError::Leftover { at }),
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                Ok(B512::from_slice(&self.hash.finalize()))
            }
            Err(e) => Err(PtauError::Io(e)),
        }
    }
}
