//! Published manifests: a header, every commitment under it, and the proof that each column is well formed
//! (docs/protocol.md, sections 2 and 7).
//!
//! `NECTMAN\x01`, then parts, each a length (u32, big-endian) and as many bytes: first the [`abi::Manifest`] with
//! header and keys, then one part a column in schema order: the points of all its vectors in manifest order, each
//! vector's segments in order, 64 bytes a point, and after them the index proof (a tag column has none). A verifier
//! takes the bytes as they come and holds one part at a time.

use crate::{
    abi::{self, DecodeError},
    circuit::Circuit,
    column::{Column, Kind, Leaf},
    evaluation::{Commitments, ProofError},
    field::{G1_BYTES, PointError, g1_from_be, g1_to_be},
    header::{Header, HeaderError, MAX_HEADER_BYTES},
    index::{self, IndexProof, IndexProofError, IndexStatement},
    keys::{KeyError, Keys, VerifierKey, VerifierSrs},
    merkle::{self, Tree},
    trust::{AcceptedKeys, AcceptedSnapshot, TrustError, TrustedKeys},
};
use alloy_sol_types::SolValue;
use ark_bn254::{G1Affine, G1Projective};
use ark_ec::CurveGroup;
use ark_ff::AdditiveGroup;
use std::ops::AddAssign;

/// First bytes of every published manifest: name and format version.
pub const MAGIC: [u8; 8] = *b"NECTMAN\x01";
/// Bytes of a part's length.
const LENGTH: usize = 4;
/// Most bytes of the first part: a header and two keys.
const MAX_HEAD: usize = MAX_HEADER_BYTES + (1 << 12);

/// Why a manifest is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Wrong first bytes or another version.
    #[error("not a Nectar manifest of version 1")]
    Magic,
    /// A part is longer or shorter than the header allows.
    #[error("a part of the manifest has {got} bytes, want at most {most}")]
    Size {
        /// Bytes announced.
        got: usize,
        /// Most there can be.
        most: usize,
    },
    /// The manifest ends early.
    #[error("the manifest ends early: {checked} of {columns} columns are there")]
    Truncated {
        /// Columns checked.
        checked: usize,
        /// Columns there should be.
        columns: usize,
    },
    /// The manifest goes on after the last column.
    #[error("bytes are left over after the last column")]
    Leftover,
    /// Not the one encoding.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The header breaks a rule.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Keys are malformed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Keys are not trusted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The header names another SRS: these commitments are under another one than the proofs.
    #[error("the snapshot header names another SRS than the manifest brings")]
    Srs,
    /// A column.
    #[error("column {name:?}: {error}")]
    Column {
        /// Its name.
        name: String,
        /// What is wrong.
        error: ColumnFault,
    },
}

/// Why a column is not well formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// Fewer points than the header says.
    #[error("commitments are missing")]
    Missing,
    /// A commitment is not a point.
    #[error("a commitment is not a valid curve point: {0}")]
    Point(#[from] PointError),
    /// The commitments are not those of the header.
    #[error("the commitments are not under the header's root")]
    Root,
    /// X or X2 is not the sum of index vectors it stands for.
    #[error("a derived vector is not the sum of the index vectors")]
    Derived,
    /// A tag column has no index proof, every other has one.
    #[error("a tag column has no index proof, and bytes follow its commitments")]
    Tag,
    /// The index proof is not one.
    #[error(transparent)]
    Encoding(#[from] IndexProofError),
    /// The index proof does not hold.
    #[error("the index proof does not hold: {0}")]
    Proof(#[from] ProofError),
}

/// X = sum_{t>=2} A_t and X2 = sum_{t>=2} (2t - 3) A_t of one segment, from A_1 .. A_{T-1} (section 2).
/// With R_t = A_t + A_{t+1} + ..: X = R_2 and X2 = R_2 + 2 (R_3 + R_4 + ..).
pub fn derived<P>(thermometer: impl DoubleEndedIterator<Item = P>) -> [G1Projective; 2]
where
    G1Projective: AddAssign<P>,
{
    // From the highest code down: R_t, R_{t+1}, and the sum of all R_u with u > t.
    let zero = G1Projective::ZERO;
    let step = |[mut sum, _, above]: [G1Projective; 3], a: P| {
        let before = sum;
        sum += a;
        [sum, before, above + before]
    };
    let [_, x, above] = thermometer.rev().fold([zero; 3], step);
    [x, x + (above - x).double()]
}

/// A column as it is published.
struct Published {
    /// By vector in manifest order, all segments of each.
    vectors: Vec<Vec<G1Affine>>,
    proof: Option<IndexProof>,
}

/// The first bytes of a published manifest, up to its columns.
pub fn encode_head(header: &Header, keys: &Keys) -> Vec<u8> {
    let head = abi::Manifest {
        header: header.encode().into(),
        srs: keys.srs.encode().into(),
        key: keys.circuit.encode().into(),
    };
    let part = with_length([[0; LENGTH].as_slice(), &head.abi_encode()].concat());
    [MAGIC.as_slice(), &part].concat()
}

/// A column's part: the segments of each vector in manifest order, and the encoded index proof, empty for a tag
/// column.
pub fn encode_column<'a>(points: impl IntoIterator<Item = &'a G1Affine>, proof: &[u8]) -> Vec<u8> {
    // Columns are large: one copy, with room for the length, which is known at the end.
    let mut part = vec![0; LENGTH];
    points.into_iter().for_each(|p| part.extend(g1_to_be(p)));
    part.extend(proof);
    with_length(part)
}

/// Writes a part's length into its first bytes.
fn with_length(mut part: Vec<u8>) -> Vec<u8> {
    let length = part.len().saturating_sub(LENGTH);
    let length = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    part.iter_mut().zip(length).for_each(|(p, l)| *p = l);
    part
}

impl Published {
    fn decode(header: &Header, column: &Column, bytes: &[u8]) -> Result<Self, ColumnFault> {
        let points = bytes.split_at_checked(header.commitments_bytes(column));
        let (points, proof) = points.ok_or(ColumnFault::Missing)?;
        let points = points.as_chunks::<G1_BYTES>().0.iter();
        let points = points
            .map(|p| g1_from_be(p))
            .collect::<Result<Vec<_>, _>>()?;
        let segments = header.core.segments().max(1);
        let vectors = points.chunks(segments).map(<[_]>::to_vec).collect();
        let proof = match (&column.kind, proof) {
            (Kind::Tag, []) => None,
            (Kind::Tag, _) => return Err(ColumnFault::Tag),
            _ => Some(IndexProof::decode(proof)?),
        };
        Ok(Published { vectors, proof })
    }

    fn leaves_root(&self) -> alloy_primitives::B256 {
        Tree::new(self.vectors.iter().map(|v| merkle::vector(v)).collect()).root()
    }

    fn vector(&self, column: &Column, leaf: Leaf) -> Option<&Vec<G1Affine>> {
        self.vectors.get(column.leaf_index(leaf)?)
    }

    /// Whether X and X2 are the sums of index vectors, segment by segment.
    fn derived_hold(&self, column: &Column, segments: usize) -> bool {
        let (Some(x), Some(x2)) = (self.vector(column, Leaf::X), self.vector(column, Leaf::X2))
        else {
            return !column.is_numeric();
        };
        let codes = usize::from(column.codes()).saturating_sub(1);
        let thermometer = self.vectors.get(..codes).unwrap_or_default();
        let sums =
            (0..segments).flat_map(|k| derived(thermometer.iter().filter_map(move |v| v.get(k))));
        let sums: Vec<G1Projective> = sums.collect();
        let want = x.iter().zip(x2).flat_map(|(x, x2)| [x, x2]);
        G1Projective::normalize_batch(&sums).iter().eq(want)
    }

    /// The vectors the statement is about.
    fn commitments(vectors: Vec<Vec<G1Affine>>, statement: &IndexStatement<'_>) -> Commitments {
        let leaves = statement.column.leaves().into_iter();
        let placed = leaves.map(|leaf| (statement.place, leaf)).zip(vectors);
        let about = statement.leaves();
        placed.filter(|(leaf, _)| about.contains(leaf)).collect()
    }

    fn check(self, header: &Header, place: usize, keys: &Keys) -> Result<(), ColumnFault> {
        let column = header.columns.get(place).ok_or(ColumnFault::Missing)?;
        let leaves_root = self.leaves_root();
        if header.leaves_roots.get(place) != Some(&leaves_root) {
            return Err(ColumnFault::Root);
        }
        if !self.derived_hold(column, header.core.segments()) {
            return Err(ColumnFault::Derived);
        }
        let Some(proof) = &self.proof else {
            return Ok(());
        };
        let statement = IndexStatement {
            core: &header.core,
            place: u16::try_from(place).map_err(|_| ColumnFault::Missing)?,
            column,
            leaves_root,
        };
        let commitments = Self::commitments(self.vectors, &statement);
        Ok(proof.verify(&statement, &commitments, keys)?)
    }
}

/// What has been read of a manifest.
enum State {
    Magic,
    Head,
    Columns {
        header: Box<Header>,
        keys: Box<TrustedKeys>,
        checked: usize,
    },
    /// A rule was broken: whatever comes now, the manifest is refused.
    Refused(ManifestError),
}

/// Checks a published manifest as its bytes arrive. Success is the [`AcceptedSnapshot`] that
/// [`ManifestVerifier::finish`] gives.
pub struct ManifestVerifier<'a> {
    accepted: &'a AcceptedKeys,
    buffer: Vec<u8>,
    state: State,
}

impl<'a> ManifestVerifier<'a> {
    /// Begins; `accepted` has to hold the keys the manifest names.
    pub fn new(accepted: &'a AcceptedKeys) -> Self {
        ManifestVerifier {
            accepted,
            buffer: vec![],
            state: State::Magic,
        }
    }

    /// Takes the next bytes, any number of them, and checks every part that is complete.
    ///
    /// # Errors
    /// The first rule that is broken; it stays the answer to all that is pushed later.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ManifestError> {
        let taken = self.advance(bytes);
        if let Err(error) = &taken {
            self.state = State::Refused(error.clone());
            self.buffer.clear();
        }
        taken
    }

    fn advance(&mut self, bytes: &[u8]) -> Result<(), ManifestError> {
        let mut rest = bytes;
        loop {
            let want = self.wanted()?;
            let (taken, left) =
                rest.split_at(want.saturating_sub(self.buffer.len()).min(rest.len()));
            self.buffer.extend_from_slice(taken);
            rest = left;
            if self.buffer.len() < want {
                return Ok(());
            }
            if self.is_whole() {
                let part = std::mem::take(&mut self.buffer);
                self.take(&part)?;
            }
        }
    }

    /// The header, once it has arrived.
    pub fn header(&self) -> Option<&Header> {
        match &self.state {
            State::Columns { header, .. } => Some(header),
            _ => None,
        }
    }

    /// Columns checked so far.
    pub fn checked(&self) -> usize {
        match &self.state {
            State::Columns { checked, .. } => *checked,
            _ => 0,
        }
    }

    /// Accepts the snapshot once every column was checked.
    ///
    /// # Errors
    /// [`ManifestError::Truncated`], [`ManifestError::Leftover`], or the rule that was broken before.
    pub fn finish(self) -> Result<AcceptedSnapshot, ManifestError> {
        let (checked, columns) = (self.checked(), self.header().map_or(0, |h| h.columns.len()));
        match &self.state {
            State::Columns { header, keys, .. } if checked == columns => {
                if self.buffer.is_empty() {
                    Ok(AcceptedSnapshot::proven(header.root(), keys))
                } else {
                    Err(ManifestError::Leftover)
                }
            }
            State::Refused(error) => Err(error.clone()),
            _ => Err(ManifestError::Truncated { checked, columns }),
        }
    }

    /// Bytes that have to be in the buffer before anything more can be done.
    fn wanted(&self) -> Result<usize, ManifestError> {
        match &self.state {
            State::Magic => return Ok(MAGIC.len()),
            State::Refused(error) => return Err(error.clone()),
            _ => {}
        }
        let most = self.largest_part();
        match self.buffer.first_chunk::<LENGTH>() {
            None => Ok(LENGTH),
            Some(length) => {
                let got = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
                match most {
                    Some(most) if got <= most => Ok(LENGTH.saturating_add(got)),
                    Some(most) => Err(ManifestError::Size { got, most }),
                    None => Err(ManifestError::Leftover),
                }
            }
        }
    }

    /// Most bytes of the part that comes next; nothing after the last.
    fn largest_part(&self) -> Option<usize> {
        match &self.state {
            State::Columns {
                header, checked, ..
            } => {
                let column = header.columns.get(*checked)?;
                Some(
                    header
                        .commitments_bytes(column)
                        .saturating_add(index::MAX_BYTES),
                )
            }
            _ => Some(MAX_HEAD),
        }
    }

    /// Whether the buffer holds a part, and not only its length.
    fn is_whole(&self) -> bool {
        let announced = |l: &[u8; LENGTH]| usize::try_from(u32::from_be_bytes(*l)).ok();
        match self.state {
            State::Magic => true,
            _ => self
                .buffer
                .first_chunk()
                .and_then(announced)
                .is_some_and(|n| self.buffer.len() == LENGTH.saturating_add(n)),
        }
    }

    fn take(&mut self, part: &[u8]) -> Result<(), ManifestError> {
        let body = part.get(LENGTH..).unwrap_or_default();
        match &mut self.state {
            State::Magic if part == MAGIC => self.state = State::Head,
            State::Magic => return Err(ManifestError::Magic),
            State::Head => self.state = head(body, self.accepted)?,
            State::Columns {
                header,
                keys,
                checked,
            } => {
                check_column(header, *checked, body, keys.keys())?;
                *checked = checked.saturating_add(1);
            }
            State::Refused(error) => return Err(error.clone()),
        }
        Ok(())
    }
}

fn head(bytes: &[u8], accepted: &AcceptedKeys) -> Result<State, ManifestError> {
    let m: abi::Manifest = abi::decode(bytes, "manifest")?;
    let header = Header::decode(&m.header)?;
    let srs = VerifierSrs::decode(&m.srs)?;
    if header.core.srs != srs.digest() {
        return Err(ManifestError::Srs);
    }
    let keys = accepted.trust(Keys {
        srs,
        circuit: VerifierKey::decode(Circuit::Index, &m.key)?,
    })?;
    Ok(State::Columns {
        header: Box::new(header),
        keys: Box::new(keys),
        checked: 0,
    })
}

fn check_column(
    header: &Header,
    place: usize,
    bytes: &[u8],
    keys: &Keys,
) -> Result<(), ManifestError> {
    let Some(column) = header.columns.get(place) else {
        return Err(ManifestError::Leftover);
    };
    Published::decode(header, column, bytes)
        .and_then(|published| published.check(header, place, keys))
        .map_err(|error| ManifestError::Column {
            name: column.name.clone(),
            error,
        })
}
