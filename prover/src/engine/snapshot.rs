//! A snapshot as the prover holds it: the manifest, and the codes and the secret behind it.

use super::{
    blinding::{BlindingKey, Place},
    commit::{Committer, values_digest},
    manifest::{CommittedColumn, CommittedSegment, Manifest, ManifestError},
};
use alloy_primitives::B256;
use nectar_params::{ParamsError, srs::Srs};
use nectar_verifier::{
    column::{Column, Kind},
    header::{Core, Header},
};
use rayon::prelude::*;

/// Why a snapshot cannot be made or loaded.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Header and commitments.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The SRS does not serve the segment size.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// Codes, parent and header do not belong together.
    #[error("the snapshot's parts do not belong together: {0}")]
    Mismatch(&'static str),
}

/// A snapshot with everything a proof needs.
pub struct Snapshot {
    manifest: Manifest,
    codes: Vec<Vec<u16>>,
    key: BlindingKey,
}

impl Snapshot {
    /// Commits a table. Segments that did not change since `parent` keep their commitments, except in consent
    /// columns, which are committed afresh as a whole: nobody may see whose consent changed (section 1).
    ///
    /// `header` comes without roots. `done` is called with numbers of cells as they are committed, out of rows times
    /// columns.
    ///
    /// # Errors
    /// An invalid header, an SRS too small, a parent that is not the header's, or codes that are not the schema's.
    pub fn commit(
        header: Header,
        codes: Vec<Vec<u16>>,
        parent: Option<&Manifest>,
        srs: &Srs,
        key: BlindingKey,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, SnapshotError> {
        check_codes(&header, &codes)?;
        check_parent(&header, parent)?;
        let committer = Committer::new(srs.powers(header.core.segment_bits)?, &key);
        let commit = |(i, (column, codes)): (usize, (&Column, &Vec<u16>))| {
            let segment = |(k, codes): (usize, &[u16])| {
                let values = values_digest(codes);
                let kept = parent.and_then(|p| kept(p, &header, i, k, values));
                let sequence = header.core.sequence;
                let segment = kept.unwrap_or_else(|| CommittedSegment {
                    sequence,
                    values,
                    points: committer.segment(
                        column,
                        codes,
                        &place(&header.core, i, k, sequence, values),
                    ),
                });
                done(codes.len());
                segment
            };
            codes
                .par_chunks(committer.segment_rows())
                .enumerate()
                .map(segment)
                .collect()
        };
        let columns: Vec<CommittedColumn> = header
            .columns
            .iter()
            .zip(&codes)
            .enumerate()
            .map(commit)
            .collect();
        drop(committer);
        Ok(Snapshot {
            manifest: Manifest::new(header, columns)?,
            codes,
            key,
        })
    }

    /// Puts a stored snapshot together and checks that the codes are those that were committed.
    ///
    /// # Errors
    /// [`SnapshotError::Mismatch`]: the table has changed since.
    pub fn load(
        manifest: Manifest,
        codes: Vec<Vec<u16>>,
        key: BlindingKey,
    ) -> Result<Self, SnapshotError> {
        check_codes(manifest.header(), &codes)?;
        let n = 1usize << manifest.header().core.segment_bits;
        let same = |(committed, codes): (&CommittedColumn, &Vec<u16>)| {
            let digests = codes.par_chunks(n).map(values_digest);
            digests
                .zip(committed)
                .all(|(values, segment)| values == segment.values)
        };
        if manifest.columns().iter().zip(&codes).all(same) {
            Ok(Snapshot {
                manifest,
                codes,
                key,
            })
        } else {
            Err(SnapshotError::Mismatch(
                "the table has changed since it was committed; commit it again",
            ))
        }
    }

    /// Makes every commitment again from codes and blindings and compares: what an attestor does who is given both.
    ///
    /// # Errors
    /// [`SnapshotError::Mismatch`]: a commitment is not that of the codes.
    pub fn audit(&self, srs: &Srs, done: &(dyn Fn(usize) + Sync)) -> Result<(), SnapshotError> {
        let header = self.header();
        let committer = Committer::new(srs.powers(header.core.segment_bits)?, &self.key);
        let sound = |(i, column): (usize, &Column)| {
            let segments = self.codes[i]
                .par_chunks(committer.segment_rows())
                .enumerate();
            segments.into_par_iter().all(|(k, codes)| {
                let place = self.place(u16::try_from(i).unwrap_or(u16::MAX), k);
                let same = committer.segment(column, codes, &place)
                    == self.manifest.columns()[i][k].points;
                done(codes.len());
                same
            })
        };
        if header.columns.iter().enumerate().all(sound) {
            Ok(())
        } else {
            Err(SnapshotError::Mismatch(
                "a commitment is not that of the codes",
            ))
        }
    }

    /// Header and commitments.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The header.
    pub fn header(&self) -> &Header {
        self.manifest.header()
    }

    /// The root.
    pub fn root(&self) -> B256 {
        self.manifest.root()
    }

    /// All columns of codes, in schema order.
    pub fn codes(&self) -> &[Vec<u16>] {
        &self.codes
    }

    /// The dataset's secret.
    pub(super) fn key(&self) -> &BlindingKey {
        &self.key
    }

    /// Where a segment of a column stands, for its blindings.
    pub(super) fn place(&self, column: u16, segment: usize) -> Place {
        let i = usize::from(column);
        let committed = &self.manifest.columns()[i][segment];
        place(
            &self.header().core,
            i,
            segment,
            committed.sequence,
            committed.values,
        )
    }
}

fn place(core: &Core, column: usize, segment: usize, sequence: u64, values: B256) -> Place {
    Place {
        dataset: core.dataset,
        sequence,
        column: u16::try_from(column).unwrap_or(u16::MAX),
        segment: u32::try_from(segment).unwrap_or(u32::MAX),
        values,
    }
}

/// The parent's commitments of a segment, if neither its codes nor its codebook changed and it holds no consent.
fn kept(
    parent: &Manifest,
    header: &Header,
    i: usize,
    k: usize,
    values: B256,
) -> Option<CommittedSegment> {
    let column = header.columns.get(i)?;
    let same = parent.header().columns.get(i) == Some(column)
        && parent.header().core.segment_bits == header.core.segment_bits
        && parent.header().core.srs == header.core.srs;
    let segment = parent.columns().get(i)?.get(k)?;
    let consent = matches!(column.kind, Kind::Consent { .. });
    (same && !consent && segment.values == values).then(|| segment.clone())
}

fn check_parent(header: &Header, parent: Option<&Manifest>) -> Result<(), SnapshotError> {
    let follows = |p: &Manifest| {
        header.core.dataset == p.header().core.dataset
            && header.core.parent == p.root()
            && p.header().core.sequence.checked_add(1) == Some(header.core.sequence)
    };
    if parent.is_none_or(follows) {
        Ok(())
    } else {
        Err(SnapshotError::Mismatch(
            "the parent is not the one the header names",
        ))
    }
}

fn check_codes(header: &Header, codes: &[Vec<u16>]) -> Result<(), SnapshotError> {
    let rows = usize::try_from(header.core.rows).unwrap_or(usize::MAX);
    if codes.len() != header.columns.len() || codes.iter().any(|c| c.len() != rows) {
        return Err(SnapshotError::Mismatch(
            "rows or columns of codes and header",
        ));
    }
    let valid = |(column, codes): (&Column, &Vec<u16>)| codes.iter().all(|c| *c < column.codes());
    if header.columns.iter().zip(codes).all(valid) {
        Ok(())
    } else {
        Err(SnapshotError::Mismatch("codes and codebook of a column"))
    }
}
