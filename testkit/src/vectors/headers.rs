//! Headers and the roots they lead to.

use super::{
    Case, Vectors,
    edit::{Edit, apply, between},
    refused,
    schema::{header, schema},
};
use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolValue;
use nectar_verifier::{
    abi,
    column::Column,
    header::{Core, Header, HeaderError, dataset_id, purposes_digest},
};
use serde::{Deserialize, Serialize};

/// A header with its roots.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Valid {
    name: String,
    header: Bytes,
    core: Bytes,
    columns_root: B256,
    root: B256,
    segments: usize,
    row_bits: u32,
}

/// Edits of the second header, or of its core, that are refused.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    name: String,
    edits: Vec<Edit>,
    error: String,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    headers: Vec<Valid>,
    refused_cores: Vec<Bad>,
    refused_headers: Vec<Bad>,
}

fn valid(name: &str, header: &Header) -> Valid {
    Valid {
        name: name.into(),
        header: header.encode().into(),
        core: abi::Core::from(&header.core).abi_encode().into(),
        columns_root: header.columns_root(),
        root: header.root(),
        segments: header.core.segments(),
        row_bits: header.core.row_bits(),
    }
}

/// A smoker column and consent to research.
fn small() -> Header {
    let columns: Vec<Column> = [5, 6].map(|i| schema()[i].clone()).into();
    header(columns)
}

/// A number, labels and consent.
fn three() -> Vec<Column> {
    [0, 2, 6].map(|i| schema()[i].clone()).into()
}

fn first() -> Header {
    let mut header = small();
    (header.core.sequence, header.core.parent) = (1, B256::ZERO);
    header
}

fn edits(core: &abi::Core, changed: &[u8]) -> Vec<Edit> {
    between(&core.abi_encode(), changed, 0)
}

fn cores() -> Vec<Bad> {
    let cases: [Case<abi::Core>; 17] = [
        ("version 2", |c| c.version = 2, "version is not 1"),
        (
            "sequence 0",
            |c| c.sequence = 0,
            "sequence numbers begin at 1",
        ),
        ("first with a parent", |c| c.sequence = 1, "no parent"),
        ("second without", |c| c.parent = B256::ZERO, "no parent"),
        ("no rows", |c| c.rows = 0, "rows are 1 to 2^26"),
        (
            "2^26 + 1 rows",
            |c| c.rows = (1 << 26) + 1,
            "rows are 1 to 2^26",
        ),
        ("segments of 2^3", |c| c.segmentBits = 3, "2^4 to 2^16 rows"),
        (
            "segments of 2^17",
            |c| c.segmentBits = 17,
            "2^4 to 2^16 rows",
        ),
        ("no columns", |c| c.columns = 0, "1 to 1024 columns"),
        ("1025 columns", |c| c.columns = 1025, "1 to 1024 columns"),
        ("lag 32", |c| c.lag = 32, "at most 31 days"),
        ("offset 1081", |c| c.utcOffset = 1081, "at most 18 hours"),
        ("offset -1081", |c| c.utcOffset = -1081, "at most 18 hours"),
        ("k within a class", |c| c.k = 4, "nearest valid are 3 and 8"),
        ("base 0", |c| c.base = 0, "rounding base is 0"),
        (
            "midpoint of 5",
            |c| c.midpoint = true,
            "midpoint rounding wants 6",
        ),
        ("cap 13", |c| c.wMax = 13, "width cap is 13"),
    ];
    let change = |(name, change, error): Case<abi::Core>| {
        let mut core = abi::Core::from(&small().core);
        change(&mut core);
        Bad {
            name: name.into(),
            edits: edits(&abi::Core::from(&small().core), &core.abi_encode()),
            error: error.into(),
        }
    };
    let dirty = |name: &str, place: usize, byte: u8| {
        let mut bytes = abi::Core::from(&small().core).abi_encode();
        bytes[place] = byte;
        Bad {
            name: name.into(),
            edits: edits(&abi::Core::from(&small().core), &bytes),
            error: "not the canonical ABI encoding of a core".into(),
        }
    };
    let dirt = [
        dirty("dirt before the version", 0, 1),
        dirty("a boolean of 2", 14 * 32 + 31, 2),
        dirty("a sign cut short", 5 * 32, 0),
    ];
    cases.map(change).into_iter().chain(dirt).collect()
}

fn headers() -> Vec<Bad> {
    let cases: [Case<abi::Header>; 9] = [
        (
            "another name",
            |h| h.dataset = "other".into(),
            "dataset id is not that of its name",
        ),
        (
            "no name",
            |h| {
                h.dataset.clear();
                h.core.dataset = dataset_id("");
            },
            "name has 1 to 256 bytes",
        ),
        (
            "a column less",
            |h| drop(h.columns.pop()),
            "number of columns differs",
        ),
        (
            "a root less",
            |h| _ = h.leaves.pop(),
            "number of columns differs",
        ),
        (
            "columns alike",
            |h| h.columns[1] = h.columns[0].clone(),
            "column names are distinct",
        ),
        (
            "no purposes",
            |h| h.purposes.clear(),
            "does not follow from the columns",
        ),
        (
            "the purpose elsewhere",
            |h| h.purposes[0].column = 0,
            "does not follow from the columns",
        ),
        (
            "another digest of purposes",
            |h| h.core.purposes = purposes_digest(&[]),
            "digest differs",
        ),
        (
            "a leftover in a column",
            |h| {
                h.columns[0] = [h.columns[0].as_ref(), &[0; 32]].concat().into();
            },
            "encoding of a column",
        ),
    ];
    let change = |(name, change, error): Case<abi::Header>| {
        let mut header: abi::Header = abi::decode(&small().encode(), "header").expect("a header");
        change(&mut header);
        Bad {
            name: name.into(),
            edits: between(&small().encode(), &header.abi_encode(), 0),
            error: error.into(),
        }
    };
    let bytes = small().encode();
    let cut = |name: &str, bytes: Vec<u8>| Bad {
        name: name.into(),
        edits: between(&small().encode(), &bytes, 0),
        error: "encoding of a snapshot header".into(),
    };
    let ends = [
        cut("truncated", bytes[..bytes.len() - 32].to_vec()),
        cut("a leftover byte", [bytes.as_slice(), &[0]].concat()),
        cut("nothing", vec![]),
    ];
    cases.map(change).into_iter().chain(ends).collect()
}

fn core(bytes: &[u8]) -> Result<Core, HeaderError> {
    Core::from_abi(&abi::decode(bytes, "core")?)
}

impl Vectors for Headers {
    const FILE: &'static str = "headers.json";

    fn make() -> Self {
        Headers {
            headers: vec![
                valid("three columns", &header(three())),
                valid("two columns", &small()),
                valid("the first of its dataset", &first()),
            ],
            refused_cores: cores(),
            refused_headers: headers(),
        }
    }

    fn check(&self) {
        for v in &self.headers {
            let header = Header::decode(&v.header).expect("a header");
            assert_eq!(v, &valid(&v.name, &header));
            let core = core(&v.core).expect("a core");
            assert_eq!((core.root(v.columns_root), core), (v.root, header.core));
        }
        let base = &self.headers[1];
        for b in &self.refused_cores {
            refused(&b.name, core(&apply(&base.core, &b.edits)), &b.error);
        }
        for b in &self.refused_headers {
            refused(
                &b.name,
                Header::decode(&apply(&base.header, &b.edits)),
                &b.error,
            );
        }
    }
}
