//! What a receipt claims of one row, and the commitments it claims it of.

use super::error::ReceiptError;
use crate::{
    abi::PurposeColumn,
    column::{Column, Kind, Leaf, LeafRef},
    header::{Core, purposes_digest},
    keys::VerifierSrs,
    merkle::{self, PathError},
    opened::OpenedColumns,
};
use alloy_primitives::B256;
use ark_bn254::{Fr, G1Affine};

/// The row's segment of one committed vector, opened under its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentOpening {
    /// The commitment.
    pub point: G1Affine,
    /// Merkle path to the root over the vector's segments.
    pub segments: Vec<B256>,
    /// Merkle path from there to the column's leaves root.
    pub leaves: Vec<B256>,
}

/// One row of a snapshot: its tag, and its codes in chosen columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The snapshot header's fixed part.
    pub core: Core,
    /// Name of the dataset.
    pub dataset: String,
    /// The purpose -> column map: it tells which consents the receipt does not open.
    pub purposes: Vec<PurposeColumn>,
    /// Root over all columns.
    pub columns_root: B256,
    /// The opening's key, as [`VerifierSrs::encode`] writes it.
    pub srs: Vec<u8>,
    /// The opened columns; the schema's last, that of the tags, is always among them.
    pub columns: OpenedColumns,
    /// The row, from 0.
    pub row: u32,
    /// The row's code in each opened column but the tag column, in column order.
    pub codes: Vec<u16>,
    /// The row's tag.
    pub tag: Fr,
    /// The opened vectors in the order of [`Record::claims`].
    pub vectors: Vec<SegmentOpening>,
}

impl Record {
    /// The snapshot root that header and columns lead to.
    pub fn root(&self) -> B256 {
        self.core.root(self.columns_root)
    }

    /// The segment the row lies in: row div n.
    pub fn segment(&self) -> usize {
        let bits = u32::from(self.core.segment_bits);
        let segment = self.row.checked_shr(bits).unwrap_or(0);
        usize::try_from(segment).unwrap_or(usize::MAX)
    }

    /// The point at which vectors are opened: the binary digits of row mod n, least first.
    pub fn point(&self) -> Vec<Fr> {
        let digit = |j| Fr::from(self.row.checked_shr(u32::from(j)).unwrap_or(0) & 1);
        (0..self.core.segment_bits).map(digit).collect()
    }

    /// The claimed codes with their columns.
    pub fn codes(&self) -> impl Iterator<Item = (u16, &Column, u16)> {
        let tag = self.tag_place();
        let coded = self.columns.iter().filter(move |(place, _)| **place != tag);
        let columns = coded.map(|(place, c)| (*place, &c.column));
        columns.zip(&self.codes).map(|((p, c), code)| (p, c, *code))
    }

    /// The opened vectors with the values claimed of them at the row: the digits of each code, least first, columns
    /// rising, and last the tag.
    pub fn claims(&self) -> Vec<(LeafRef, Fr)> {
        let digits = self.codes().flat_map(|(place, column, code)| {
            let digit = move |b: u8| Fr::from(code.checked_shr(b.into()).unwrap_or(0) & 1);
            (0..column.bits()).map(move |b| ((place, Leaf::Bit(b)), digit(b)))
        });
        let tag = ((self.tag_place(), Leaf::Tag), self.tag);
        digits.chain([tag]).collect()
    }

    /// The place of the tag column. It is fixed, so that a row has one tag: of two tag columns a custodian could show
    /// one to each of two subjects who share a row.
    fn tag_place(&self) -> u16 {
        self.core.columns.saturating_sub(1)
    }

    /// Checks that the record is one of its snapshot, whatever its values.
    pub(super) fn check(&self, srs: &VerifierSrs) -> Result<(), ReceiptError> {
        let core = &self.core;
        if !core.is_of(&self.dataset) {
            return Err(ReceiptError::Dataset);
        }
        if core.purposes != purposes_digest(&self.purposes) {
            return Err(ReceiptError::Purposes);
        }
        if core.srs != srs.digest() || core.segment_bits > srs.bits {
            return Err(ReceiptError::Srs);
        }
        if self.row >= core.rows {
            let (row, rows) = (self.row, core.rows);
            return Err(ReceiptError::Row { row, rows });
        }
        self.check_codes()?;
        self.check_paths()
    }

    fn check_codes(&self) -> Result<(), ReceiptError> {
        let tag = self.columns.get(&self.tag_place());
        if tag.is_none_or(|c| c.column.kind != Kind::Tag) {
            return Err(ReceiptError::Tag);
        }
        if self.codes.len().checked_add(1) != Some(self.columns.len()) {
            return Err(ReceiptError::Openings);
        }
        // A tag column elsewhere has no codes, so none fits it.
        let past = self.codes().find(|(_, c, code)| *code >= c.codes());
        past.map_or(Ok(()), |(column, c, code)| {
            let codes = c.codes();
            Err(ReceiptError::Code {
                column,
                code,
                codes,
            })
        })
    }

    fn check_paths(&self) -> Result<(), ReceiptError> {
        let claims = self.claims();
        if claims.len() != self.vectors.len() {
            return Err(ReceiptError::Openings);
        }
        for (place, c) in &self.columns {
            c.verify(*place, &self.core, self.columns_root)
                .map_err(|error| path(*place, error))?;
        }
        for (((place, leaf), _), vector) in claims.into_iter().zip(&self.vectors) {
            self.check_vector(place, leaf, vector)
                .map_err(|error| path(place, error))?;
        }
        Ok(())
    }

    fn check_vector(&self, place: u16, leaf: Leaf, v: &SegmentOpening) -> Result<(), PathError> {
        let node = merkle::commitment(&v.point);
        let vector =
            merkle::root_from_path(node, self.segment(), self.core.segments(), &v.segments)?;
        let column = self.columns.get(&place).ok_or(PathError::Position)?;
        column.verify_vector(leaf, vector, &v.leaves)
    }
}

fn path(column: u16, error: PathError) -> ReceiptError {
    ReceiptError::Path { column, error }
}
