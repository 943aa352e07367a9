//! A subject's receipt, step by step (docs/protocol.md, section 8).

use super::{
    opening::{Mask, open},
    snapshot::Snapshot,
    strategy::{Honest, Step, Strategy},
};
use ark_bn254::Fr;
use ark_ff::AdditiveGroup;
use nectar_params::{ParamsError, srs::Srs};
use nectar_verifier::{
    column::{Column, Kind, Leaf, LeafRef},
    opened::OpenedColumns,
    opening::eq_table,
    receipt::{Receipt, ReceiptError, Record, weights},
    transcript::{Transcript, TranscriptError},
};
use std::collections::{BTreeMap, BTreeSet};

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Nobody could tell whose the row is.
    #[error("the dataset has no tag column: a receipt would belong to nobody")]
    Untagged,
    /// A row past the last.
    #[error("row {row} does not exist: the snapshot has {rows} rows")]
    Row {
        /// The row asked for.
        row: u32,
        /// N.
        rows: u32,
    },
    /// Not the place of a column with codes.
    #[error("column {0} does not exist or has no codes")]
    Column(u16),
    /// A column asked for twice.
    #[error("column {0} is asked for twice")]
    Doubled(u16),
    /// The SRS does not serve the segment size.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// A challenge was 0 or +-1: try again with new randomness.
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
    /// The receipt made does not verify; it is destroyed.
    #[error("the receipt made does not verify and was destroyed: {0}")]
    Check(#[from] ReceiptError),
    /// No randomness.
    #[error("the operating system has no randomness to give: {0}")]
    Randomness(#[from] getrandom::Error),
}

/// Why names of columns are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// No column of that name has codes.
    #[error("the dataset has no column {0:?} that a receipt could open")]
    Unknown(String),
    /// A name given twice.
    #[error("column {0:?} is asked for twice")]
    Doubled(String),
}

/// The places of columns by their names; the tag column is none of them, as every receipt opens it.
///
/// # Errors
/// The first name that is refused.
pub fn places<'a>(columns: &[Column], names: &'a [String]) -> Result<Vec<u16>, ColumnsError> {
    let known: BTreeMap<&str, u16> = (0..)
        .zip(columns)
        .filter(|(_, column)| column.kind != Kind::Tag)
        .map(|(place, column)| (column.name.as_str(), place))
        .collect();
    let mut seen = BTreeSet::new();
    let place = |name: &'a String| match known.get(name.as_str()) {
        None => Err(ColumnsError::Unknown(name.clone())),
        Some(_) if !seen.insert(name) => Err(ColumnsError::Doubled(name.clone())),
        Some(place) => Ok(*place),
    };
    names.iter().map(place).collect()
}

/// Issues a receipt of a row (from 0) with its tag and its codes in `columns`, in any order; none shows the tag alone.
///
/// # Errors
/// [`IssueError`]; nothing of a failed attempt is kept.
pub fn issue(
    snapshot: &Snapshot,
    srs: &Srs,
    row: u32,
    columns: &[u16],
) -> Result<Receipt, IssueError> {
    let rows = snapshot.header().core.rows;
    if row >= rows {
        return Err(IssueError::Row { row, rows });
    }
    let receipt = unchecked(Honest, snapshot, srs, row, columns)?;
    receipt.check(srs.verifier())?;
    Ok(receipt)
}

/// Issues a receipt as `strategy` would, and checks nothing: what a custodian can send who does not follow the
/// protocol. Rows past the last are claimed to hold nothing.
///
/// # Errors
/// As [`issue`], but for row and check.
#[cfg(feature = "test-util")]
pub fn forge_receipt(
    strategy: impl Strategy,
    snapshot: &Snapshot,
    srs: &Srs,
    row: u32,
    columns: &[u16],
) -> Result<Receipt, IssueError> {
    unchecked(strategy, snapshot, srs, row, columns)
}

fn unchecked(
    strategy: impl Strategy,
    snapshot: &Snapshot,
    srs: &Srs,
    row: u32,
    columns: &[u16],
) -> Result<Receipt, IssueError> {
    let mut record = record(snapshot, srs, row, columns)?;
    let powers = srs.powers(record.core.segment_bits)?;
    let attempt = snapshot.key().receipt(snapshot.root(), row, columns)?;
    let mask = Mask::draw(&attempt, powers);
    let m = mask.commit(powers);
    let mut mu = mask.evaluate(&eq_table(&record.point()));
    strategy.step(Step::Record(&mut record, &m, &mut mu));
    let claims = record.claims();
    let (mut transcript, mut lambda) =
        Transcript::receipt(record.root(), record.row, &claims, &m, &mu)?;
    strategy.step(Step::Lambda(&mut lambda));
    let weights = weights(lambda, claims.len());
    // The mask comes first: what it covers is never there without it.
    let mut f = vec![Fr::ZERO; powers.len()];
    mask.add_to(&mut f, weights[claims.len()]);
    for ((leaf, _), weight) in claims.iter().zip(&weights) {
        add(snapshot, record.segment(), leaf, *weight, &mut f);
    }
    strategy.step(Step::Combination(&mut f));
    let opening = open(powers, &f, &record.point(), None, &mut transcript)?;
    Ok(Receipt {
        record,
        m,
        mu,
        opening,
    })
}

/// What the snapshot holds at a row, with the commitments it is held by.
fn record(snapshot: &Snapshot, srs: &Srs, row: u32, columns: &[u16]) -> Result<Record, IssueError> {
    let (manifest, header) = (snapshot.manifest(), snapshot.header());
    let at = usize::try_from(row).unwrap_or(usize::MAX);
    let columns = opened(snapshot, columns)?;
    let codes = columns.keys().filter_map(|place| {
        let codes = snapshot.codes().get(usize::from(*place))?;
        Some(codes.get(at).copied().unwrap_or_default())
    });
    let mut record = Record {
        core: header.core.clone(),
        dataset: header.dataset.clone(),
        purposes: header.purposes(),
        columns_root: manifest.columns_root(),
        srs: srs.verifier().encode(),
        codes: codes.collect(),
        columns,
        row,
        tag: snapshot.tags().get(at).copied().unwrap_or_default(),
        vectors: vec![],
    };
    let segment = record.segment();
    let vector = |((place, leaf), _): (LeafRef, Fr)| manifest.segment(place, leaf, segment);
    record.vectors = record.claims().into_iter().filter_map(vector).collect();
    Ok(record)
}

/// The columns asked for, and the tag column.
fn opened(snapshot: &Snapshot, columns: &[u16]) -> Result<OpenedColumns, IssueError> {
    let manifest = snapshot.manifest();
    let last = snapshot.header().core.columns - 1;
    let tag = manifest
        .column(last)
        .filter(|c| c.column.kind == Kind::Tag)
        .ok_or(IssueError::Untagged)?;
    let mut opened = OpenedColumns::from([(last, tag)]);
    for place in columns {
        let coded = usize::from(*place) < snapshot.codes().len();
        let column = manifest.column(*place).filter(|_| coded);
        let column = column.ok_or(IssueError::Column(*place))?;
        if opened.insert(*place, column).is_some() {
            return Err(IssueError::Doubled(*place));
        }
    }
    Ok(opened)
}

/// F += weight times one segment of a digit or of the tags, blinding included.
fn add(snapshot: &Snapshot, segment: usize, leaf: &LeafRef, weight: Fr, f: &mut [Fr]) {
    let (column, leaf) = *leaf;
    let place = snapshot.place(column, segment);
    let n = f.len() - 1;
    f[n] += weight * snapshot.key().blind(&place, leaf);
    let (rows, start) = (f.iter_mut().take(n), segment * n);
    match leaf {
        Leaf::Bit(b) => rows
            .zip(&snapshot.codes()[usize::from(column)][start..])
            .filter(|(_, code)| **code >> b & 1 == 1)
            .for_each(|(f, _)| *f += weight),
        _ => rows
            .zip(&snapshot.tags()[start..])
            .for_each(|(f, tag)| *f += weight * tag),
    }
}
