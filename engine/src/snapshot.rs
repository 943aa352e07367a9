//! A snapshot as the prover holds it: the manifest, and the codes and the secret behind it.

use super::{
    blinding::{BlindingKey, Origin, Place},
    commit::{Committer, tags_digest, values_digest},
    manifest::{CommittedColumn, CommittedSegment, Manifest, ManifestError},
};
use alloy_primitives::B256;
use ark_bn254::{Fr, G1Affine};
use nectar_params::{ParamsError, srs::Srs};
use nectar_verifier::{
    column::{Column, Kind},
    header::{Core, Header, MAX_COLUMN_BYTES},
};
use rayon::prelude::*;
use std::sync::Arc;

/// Why a snapshot cannot be made or loaded.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Header and commitments.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The SRS does not serve the segment size.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// No randomness.
    #[error("the operating system has no randomness to give: {0}")]
    Randomness(#[from] getrandom::Error),
    /// Numbers of columns or rows that are not the header's.
    #[error("rows and header do not belong together: got {got} {what}, want {want}")]
    Count {
        /// What there is another number of.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many the header implies.
        want: usize,
    },
    /// A code outside its codebook.
    #[error("column {column:?} has code {got} in row {row}, want less than {want}")]
    Code {
        /// The column's name.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The code.
        got: u16,
        /// T_c.
        want: u16,
    },
    /// A tag column before others, or a second one.
    #[error("a tag column comes after all others, and there is one at most")]
    TagPlace,
    /// A parent that the header does not name.
    #[error("the parent is not the one the header names: its {what} is {got}, want {want}")]
    Parent {
        /// What differs.
        what: &'static str,
        /// That of the parent.
        got: String,
        /// What the header wants.
        want: String,
    },
    /// A column larger than a manifest may have.
    #[error(
        "the commitments of column {column:?} would have {got} bytes, want at most {want}; set larger segments or merge codes"
    )]
    TooLarge {
        /// The column's name.
        column: String,
        /// Bytes of its commitments.
        got: usize,
        /// Most bytes.
        want: usize,
    },
    /// Rows that are not those which were committed.
    #[error(
        "column {column:?}, segment {segment}: the table has changed since it was committed; commit it again"
    )]
    Changed {
        /// The column's name.
        column: String,
        /// The segment, from 0.
        segment: usize,
    },
    /// Commitments that are not those of the rows.
    #[error("column {column:?}, segment {segment}: the commitments are not those of the rows")]
    Commitment {
        /// The column's name.
        column: String,
        /// The segment, from 0.
        segment: usize,
    },
}

/// What the rows of a table hold.
#[derive(Clone, Default)]
pub struct Records {
    /// Codes by column, in schema order; a tag column, which has none, comes after all others.
    pub codes: Vec<Vec<u16>>,
    /// The tags, if the schema ends in a tag column.
    pub tags: Vec<Fr>,
}

impl From<Vec<Vec<u16>>> for Records {
    fn from(codes: Vec<Vec<u16>>) -> Self {
        Records {
            codes,
            tags: vec![],
        }
    }
}

/// The rows of one segment in one column.
#[derive(Clone, Copy)]
enum Cells<'a> {
    Codes(&'a [u16]),
    Tags(&'a [Fr]),
}

impl Cells<'_> {
    fn len(&self) -> usize {
        match self {
            Cells::Codes(codes) => codes.len(),
            Cells::Tags(tags) => tags.len(),
        }
    }

    /// The digest that enters the blindings.
    fn digest(&self) -> B256 {
        match self {
            Cells::Codes(codes) => values_digest(codes),
            Cells::Tags(tags) => tags_digest(tags),
        }
    }

    fn commit(&self, committer: &Committer<'_>, column: &Column, place: &Place) -> Vec<G1Affine> {
        match self {
            Cells::Codes(codes) => committer.segment(column, codes, place),
            Cells::Tags(tags) => vec![committer.tags(tags, place)],
        }
    }
}

impl Records {
    /// A column cut into segments of n rows.
    fn segments(&self, column: usize, n: usize) -> Vec<Cells<'_>> {
        match self.codes.get(column) {
            Some(codes) => codes.chunks(n).map(Cells::Codes).collect(),
            None => self.tags.chunks(n).map(Cells::Tags).collect(),
        }
    }
}

/// A snapshot with everything a proof needs.
pub struct Snapshot {
    manifest: Arc<Manifest>,
    records: Records,
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
        records: impl Into<Records>,
        parent: Option<&Manifest>,
        srs: &Srs,
        key: BlindingKey,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, SnapshotError> {
        let records = records.into();
        check_records(&header, &records)?;
        check_parent(&header, parent)?;
        check_sizes(&header)?;
        let committer = Committer::new(srs.powers(header.core.segment_bits)?, &key);
        let salt = fresh_salt()?;
        let commit = |(i, column): (usize, &Column)| -> CommittedColumn {
            let segment = |(k, cells): (usize, Cells<'_>)| {
                let (values, sequence) = (cells.digest(), header.core.sequence);
                let kept = parent.and_then(|p| kept(p, &header, i, k, values));
                let segment = kept.unwrap_or_else(|| {
                    let origin = Origin {
                        sequence,
                        values,
                        salt,
                    };
                    CommittedSegment {
                        origin,
                        points: cells.commit(
                            &committer,
                            column,
                            &place(&header.core, i, k, origin),
                        ),
                    }
                });
                done(cells.len());
                segment
            };
            let segments = records.segments(i, committer.segment_rows());
            segments.into_par_iter().enumerate().map(segment).collect()
        };
        let columns = header.columns.iter().enumerate().map(commit).collect();
        drop(committer);
        Ok(Snapshot {
            manifest: Manifest::new(header, columns)?.into(),
            records,
            key,
        })
    }

    /// Puts a stored snapshot together and checks that the rows are those that were committed.
    ///
    /// # Errors
    /// The table has changed since.
    pub fn load(
        manifest: Manifest,
        records: impl Into<Records>,
        key: BlindingKey,
    ) -> Result<Self, SnapshotError> {
        let snapshot = Snapshot {
            manifest: Arc::new(manifest),
            records: records.into(),
            key,
        };
        check_records(snapshot.header(), &snapshot.records)?;
        let same = |_: &Place, cells: Cells<'_>, committed: &CommittedSegment| {
            cells.digest() == committed.origin.values
        };
        match snapshot.failing_segment(same) {
            None => Ok(snapshot),
            Some((column, segment)) => Err(SnapshotError::Changed { column, segment }),
        }
    }

    /// Makes every commitment again from rows and blindings and compares: what an attestor does who is given both.
    ///
    /// # Errors
    /// [`SnapshotError::Commitment`]: the first that is not that of the rows.
    pub fn audit(&self, srs: &Srs, done: &(dyn Fn(usize) + Sync)) -> Result<(), SnapshotError> {
        let header = self.header();
        let committer = Committer::new(srs.powers(header.core.segment_bits)?, &self.key);
        let sound = |place: &Place, cells: Cells<'_>, committed: &CommittedSegment| {
            let column = &header.columns[usize::from(place.column)];
            let same = cells.commit(&committer, column, place) == committed.points;
            done(cells.len());
            same
        };
        match self.failing_segment(sound) {
            None => Ok(()),
            Some((column, segment)) => Err(SnapshotError::Commitment { column, segment }),
        }
    }

    /// The first segment of which something does not hold, with its column's name; columns in turn, segments at once.
    fn failing_segment(
        &self,
        holds: impl Fn(&Place, Cells<'_>, &CommittedSegment) -> bool + Sync,
    ) -> Option<(String, usize)> {
        let n = 1usize << self.header().core.segment_bits;
        let mut columns = self.manifest.columns().iter().enumerate();
        columns.find_map(|(i, committed)| {
            let segments = self.records.segments(i, n).into_par_iter().enumerate();
            let column = u16::try_from(i).unwrap_or(u16::MAX);
            let fails = |(k, cells): &(usize, Cells<'_>)| {
                !holds(&self.place(column, *k), *cells, &committed[*k])
            };
            let (segment, _) = segments.find_first(fails)?;
            Some((self.header().columns[i].name.clone(), segment))
        })
    }

    /// Header and commitments.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The same, to be kept elsewhere without the secret.
    pub fn shared_manifest(&self) -> Arc<Manifest> {
        self.manifest.clone()
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
        &self.records.codes
    }

    /// The tags; none where the schema has no tag column.
    pub fn tags(&self) -> &[Fr] {
        &self.records.tags
    }

    /// The dataset's secret.
    pub(super) fn key(&self) -> &BlindingKey {
        &self.key
    }

    /// Where a segment of a column stands, for its blindings.
    pub(super) fn place(&self, column: u16, segment: usize) -> Place {
        let i = usize::from(column);
        let committed = &self.manifest.columns()[i][segment];
        place(&self.header().core, i, segment, committed.origin)
    }
}

fn place(core: &Core, column: usize, segment: usize, origin: Origin) -> Place {
    Place {
        dataset: core.dataset,
        column: u16::try_from(column).unwrap_or(u16::MAX),
        segment: u32::try_from(segment).unwrap_or(u32::MAX),
        origin,
    }
}

/// 32 bytes of the operating system.
fn fresh_salt() -> Result<B256, SnapshotError> {
    let mut salt = B256::ZERO;
    getrandom::fill(salt.as_mut_slice())?;
    Ok(salt)
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
    (same && !consent && segment.origin.values == values).then(|| segment.clone())
}

fn check_parent(header: &Header, parent: Option<&Manifest>) -> Result<(), SnapshotError> {
    let Some(parent) = parent else {
        return Ok(());
    };
    let (core, before) = (&header.core, &parent.header().core);
    let same = |what, got: String, want: String| match got == want {
        true => Ok(()),
        false => Err(SnapshotError::Parent { what, got, want }),
    };
    let sequence = u128::from(before.sequence) + 1;
    same(
        "dataset",
        before.dataset.to_string(),
        core.dataset.to_string(),
    )?;
    same("root", parent.root().to_string(), core.parent.to_string())?;
    same(
        "successor's number",
        sequence.to_string(),
        core.sequence.to_string(),
    )
}

fn check_sizes(header: &Header) -> Result<(), SnapshotError> {
    let size = |c| (c, header.commitments_bytes(c));
    let mut sizes = header.columns.iter().map(size);
    match sizes.find(|(_, bytes)| *bytes > MAX_COLUMN_BYTES) {
        None => Ok(()),
        Some((column, got)) => Err(SnapshotError::TooLarge {
            column: column.name.clone(),
            got,
            want: MAX_COLUMN_BYTES,
        }),
    }
}

fn check_records(header: &Header, records: &Records) -> Result<(), SnapshotError> {
    let tagged = header.columns.iter().any(|c| c.kind == Kind::Tag);
    let coded = header.columns.len() - usize::from(tagged);
    let (coded, rest) = header.columns.split_at(coded);
    if rest.iter().any(|c| c.kind != Kind::Tag) || coded.iter().any(|c| c.kind == Kind::Tag) {
        return Err(SnapshotError::TagPlace);
    }
    let rows = usize::try_from(header.core.rows).unwrap_or(usize::MAX);
    let Records { codes, tags } = records;
    count("columns of codes", codes.len(), coded.len())?;
    count("tags", tags.len(), rest.len() * rows)?;
    for (column, codes) in coded.iter().zip(codes) {
        count("rows", codes.len(), rows)?;
        let want = column.codes();
        if let Some((row, got)) = codes.iter().copied().enumerate().find(|(_, c)| *c >= want) {
            return Err(SnapshotError::Code {
                column: column.name.clone(),
                row,
                got,
                want,
            });
        }
    }
    Ok(())
}

fn count(what: &'static str, got: usize, want: usize) -> Result<(), SnapshotError> {
    match got == want {
        true => Ok(()),
        false => Err(SnapshotError::Count { what, got, want }),
    }
}
