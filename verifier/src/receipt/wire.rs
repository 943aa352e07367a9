//! The file: `NECTRCP\x01`, then one ABI-encoded struct.

use super::{
    error::{MAX_BYTES, ReceiptError},
    proof::Receipt,
    record::{Record, SegmentOpening},
};
use crate::{
    abi,
    field::{PointError, compress, decompress, from_be, g1_from_be, g1_to_be, to_be},
    header::Core,
    opened,
    opening::Opening,
};
use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolValue;
use ark_bn254::{Fr, G1Affine};

/// First bytes of every receipt: name and format version.
pub const MAGIC: [u8; 8] = *b"NECTRCP\x01";

fn scalar(x: &Fr) -> B256 {
    to_be(x).into()
}

fn point(p: &G1Affine) -> B256 {
    compress::<32, _>(p).into()
}

fn read_scalar(word: &B256) -> Result<Fr, PointError> {
    from_be(&word.0)
}

fn read_point(word: &B256) -> Result<G1Affine, PointError> {
    decompress::<32, _>(&word.0)
}

impl Receipt {
    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        let (record, opening) = (&self.record, &self.opening);
        let receipt = abi::Receipt {
            core: (&record.core).into(),
            dataset: record.dataset.clone(),
            purposes: record.purposes.clone(),
            columnsRoot: record.columns_root,
            srs: record.srs.clone().into(),
            columns: opened::encode(&record.columns),
            vectors: record.vectors.iter().map(encode_segment).collect(),
            row: record.row,
            codes: record.codes.clone(),
            tag: scalar(&record.tag),
            m: point(&self.m),
            mu: scalar(&self.mu),
            s: point(&opening.s),
            values: opening.values.map(|v| scalar(&v)),
            q: point(&opening.q),
            v: point(&opening.v),
        };
        [MAGIC.as_slice(), &receipt.abi_encode()].concat()
    }

    /// Reads a receipt; every scalar, point and length is checked, leftovers are refused.
    ///
    /// # Errors
    /// [`ReceiptError`], one of its first six.
    pub fn decode(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > MAX_BYTES {
            return Err(ReceiptError::Size(bytes.len()));
        }
        let body = bytes.strip_prefix(&MAGIC).ok_or(ReceiptError::Magic)?;
        let r: abi::Receipt = abi::decode(body, "receipt")?;
        let [f, f_inv, s, s_inv] = &r.values;
        let values = [
            read_scalar(f)?,
            read_scalar(f_inv)?,
            read_scalar(s)?,
            read_scalar(s_inv)?,
        ];
        Ok(Receipt {
            m: read_point(&r.m)?,
            mu: read_scalar(&r.mu)?,
            opening: Opening {
                s: read_point(&r.s)?,
                values,
                q: read_point(&r.q)?,
                v: read_point(&r.v)?,
            },
            record: decode_record(r)?,
        })
    }
}

fn decode_record(r: abi::Receipt) -> Result<Record, ReceiptError> {
    let vectors = r.vectors.iter().map(decode_segment);
    Ok(Record {
        core: Core::from_abi(&r.core)?,
        dataset: r.dataset,
        purposes: r.purposes,
        columns_root: r.columnsRoot,
        srs: r.srs.into(),
        columns: opened::decode(&r.columns)?,
        row: r.row,
        codes: r.codes,
        tag: read_scalar(&r.tag)?,
        vectors: vectors.collect::<Result<_, _>>()?,
    })
}

fn encode_segment(v: &SegmentOpening) -> Bytes {
    let bytes = g1_to_be(&v.point);
    let (x, y) = bytes.split_at(32);
    let opening = abi::SegmentOpening {
        point: [x, y].map(B256::from_slice),
        segments: v.segments.clone(),
        leaves: v.leaves.clone(),
    };
    opening.abi_encode().into()
}

fn decode_segment(bytes: &Bytes) -> Result<SegmentOpening, ReceiptError> {
    let v: abi::SegmentOpening = abi::decode(bytes, "segment opening")?;
    let [x, y] = v.point;
    Ok(SegmentOpening {
        point: g1_from_be(&[x.0, y.0].concat())?,
        segments: v.segments,
        leaves: v.leaves,
    })
}
