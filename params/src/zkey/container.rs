//! Bytes and what is left of them; a file's sections; a section's points.

use super::error::{Section, ZkeyError};
use crate::point::Point;
use nectar_verifier::field::PointError;
use rayon::prelude::*;

/// The only version there is.
const VERSION: u32 = 1;

/// The unread rest of bytes, and how many were read.
pub(super) struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Rest<'a> {
    /// Begins bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Rest { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether all were read.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next bytes; none if there are fewer.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        (self.bytes, self.at) = (rest, self.at + count);
        Some(taken)
    }

    /// The next bytes, as many as the type has.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// The next byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    /// The next integer.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// The next long integer.
    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

/// A file's sections, each of which it has once.
pub(super) struct Container<'a>([&'a [u8]; Section::ALL.len()]);

impl<'a> Container<'a> {
    /// Splits a file, whose sections may come in any order.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ZkeyError> {
        let mut rest = Rest::new(bytes);
        preamble(&mut rest)?;
        let mut found = [None; Section::ALL.len()];
        for _ in Section::ALL {
            let (section, content) = next(&mut rest)?;
            match found.get_mut(section as usize - 1) {
                Some(place @ None) => *place = Some(content),
                _ => return Err(ZkeyError::DuplicateSection { section }),
            }
        }
        if !rest.is_empty() {
            return Err(ZkeyError::Leftover { at: rest.at() });
        }
        // Ten sections of ten ids, none twice: all are there.
        Ok(Container(found.map(Option::unwrap_or_default)))
    }

    /// A section's content.
    pub fn section(&self, section: Section) -> &'a [u8] {
        self.0
            .get(section as usize - 1)
            .copied()
            .unwrap_or_default()
    }

    /// A section's content, of a length that is known.
    pub fn exactly(&self, section: Section, want: u64) -> Result<&'a [u8], ZkeyError> {
        let content = self.section(section);
        match content.len() as u64 {
            got if got == want => Ok(content),
            got => Err(ZkeyError::Length { section, got, want }),
        }
    }

    /// The points of a section that holds `count` and no identity.
    pub fn points<P: Point>(&self, section: Section, count: usize) -> Result<Vec<P>, ZkeyError> {
        self.read(section, count, P::read)
    }

    /// The points of a section that holds `count`, the identity for each variable that does not occur.
    pub fn points_or_identity<P: Point>(
        &self,
        section: Section,
        count: usize,
    ) -> Result<Vec<P>, ZkeyError> {
        self.read(section, count, |bytes| match P::read(bytes) {
            Err(PointError::Identity) => Ok(P::zero()),
            point => point,
        })
    }

    fn read<P: Point>(
        &self,
        section: Section,
        count: usize,
        read: impl Fn(&[u8]) -> Result<P, PointError> + Send + Sync,
    ) -> Result<Vec<P>, ZkeyError> {
        let content = self.exactly(section, count as u64 * P::BYTES as u64)?;
        let points: Vec<_> = content.par_chunks_exact(P::BYTES).map(read).collect();
        let point = |(index, point): (usize, Result<P, _>)| {
            point.map_err(|error| ZkeyError::Point {
                section,
                index,
                error,
            })
        };
        points.into_iter().enumerate().map(point).collect()
    }
}

/// Reads up to the first section.
fn preamble(rest: &mut Rest) -> Result<(), ZkeyError> {
    let truncated = ZkeyError::Truncated { at: rest.at() };
    let magic: [u8; 4] = rest.array().ok_or(truncated.clone())?;
    if magic != *b"zkey" {
        return Err(ZkeyError::Magic);
    }
    match rest.u32().ok_or(truncated.clone())? {
        VERSION => {}
        got => return Err(ZkeyError::Version { got }),
    }
    match rest.u32().ok_or(truncated)? {
        got if got == Section::ALL.len() as u32 => Ok(()),
        got => Err(ZkeyError::Sections { got }),
    }
}

/// Reads the next section.
fn next<'a>(rest: &mut Rest<'a>) -> Result<(Section, &'a [u8]), ZkeyError> {
    let truncated = ZkeyError::Truncated { at: rest.at() };
    let (got, length) = rest.u32().zip(rest.u64()).ok_or(truncated.clone())?;
    let section = Section::ALL.into_iter().find(|s| s.id() == got);
    let section = section.ok_or(ZkeyError::Unknown { got })?;
    let length = usize::try_from(length).map_err(|_| truncated.clone())?;
    let content = rest.take(length).ok_or(truncated)?;
    Ok((section, content))
}
