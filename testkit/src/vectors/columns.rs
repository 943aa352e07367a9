//! Codebooks, their descriptors and leaves.

use super::{
    Vectors, refused,
    schema::{column, schema},
    wire::Codebook,
};
use crate::cohort::{consent, labels, number};
use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolValue;
use nectar_verifier::{
    abi::{self, ColumnData},
    column::{Column, Kind, Leaf},
    date::Grid,
};
use serde::{Deserialize, Serialize};

/// A codebook with all that follows.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Valid {
    column: Codebook,
    abi: Bytes,
    descriptor: B256,
    leaves: Vec<String>,
    /// What codes 0, 1 and T - 1 mean.
    labels: Vec<String>,
}

/// A codebook that is none.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    name: String,
    column: Codebook,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    columns: Vec<Valid>,
    refused: Vec<Bad>,
}

fn leaf(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Code(t) => format!("A_{t}"),
        Leaf::Bit(b) => format!("digit {b}"),
        Leaf::X => "X".into(),
        Leaf::X2 => "X2".into(),
        Leaf::Tag => "tag".into(),
    }
}

fn valid(column: Column) -> Valid {
    assert_eq!(column.validate(), Ok(()));
    let last = column.codes().saturating_sub(1);
    Valid {
        column: (&column).into(),
        abi: ColumnData::from(&column).abi_encode().into(),
        descriptor: column.descriptor(),
        leaves: column.leaves().iter().map(leaf).collect(),
        labels: [0, 1, last].map(|t| column.label(t)).into(),
    }
}

fn good() -> Vec<Column> {
    let dose = Kind::Number {
        min: -15,
        step: 5,
        scale: 1,
        count: 10,
        unit: "mg/dl".into(),
    };
    let accents = Kind::Categorical {
        labels: ["größer", "日本", "a b"].map(String::from).into(),
    };
    let grid = |grid, first| Kind::Date {
        grid,
        first,
        count: 3,
    };
    let more = [
        column("dose", dose),
        column("two values", number("x", 2).kind),
        column("étage", accents),
        column("week", grid(Grid::Week, -5)),
        column("day", grid(Grid::Day, 20_000)),
    ];
    schema().into_iter().chain(more).collect()
}

fn bad() -> Vec<Bad> {
    let text = "x".repeat(257);
    let base = [labels("c", 3), number("n", 5), consent("research")];
    let wire = |c: &Column| ColumnData::from(c);
    let [c, n, consent] = [&base[0], &base[1], &base[2]].map(wire);
    let date = wire(&schema()[4]);
    let truth = wire(&column("b", Kind::Boolean));
    let tag = wire(&column("t", Kind::Tag));
    let mut out = vec![];
    let mut add = |name: &str, of: &ColumnData, change: &dyn Fn(&mut ColumnData)| {
        let mut data = of.clone();
        change(&mut data);
        out.push(Bad {
            name: name.into(),
            column: data.into(),
        });
    };
    add("no name", &c, &|d| d.name.clear());
    add("a name of 257 bytes", &c, &|d| d.name = text.clone());
    add("a control character", &c, &|d| d.name = "a\u{7}".into());
    add("another direction of writing", &c, &|d| {
        d.name = "a\u{202e}".into()
    });
    add("labels alike", &c, &|d| d.labels[1] = d.labels[0].clone());
    add("an empty label", &c, &|d| d.labels[0].clear());
    add("a label more than codes", &c, &|d| {
        d.labels.push("z".into())
    });
    add("no label", &c, &|d| (d.labels, d.codes) = (vec![], 1));
    add("a unit on labels", &c, &|d| d.unit = "mg".into());
    add("a step on labels", &c, &|d| d.step = 1);
    add("a purpose on labels", &c, &|d| {
        d.purpose = "research".into()
    });
    add("step 0", &n, &|d| d.step = 0);
    add("step -1", &n, &|d| d.step = -1);
    add("ten decimal places", &n, &|d| d.scale = 10);
    add("a value past 2^52", &n, &|d| d.min = (1 << 52) - 4);
    add("a value before -2^52", &n, &|d| d.min = -(1 << 52) - 1);
    add("one code", &n, &|d| d.codes = 1);
    add("a number of one value", &n, &|d| d.codes = 2);
    add("4097 codes", &n, &|d| d.codes = 4097);
    add("labels on a number", &n, &|d| d.labels = vec!["a".into()]);
    add("grid 3", &date, &|d| d.scale = 3);
    add("a period past the calendar", &date, &|d| {
        d.min = 262_143 * 12
    });
    add("a period past 32 bits", &date, &|d| d.min = 1 << 31);
    add("a boolean of four codes", &truth, &|d| d.codes = 4);
    add("no purpose", &consent, &|d| d.purpose.clear());
    add("codes of a tag", &tag, &|d| d.codes = 2);
    add("kind 6", &c, &|d| d.kind = 6);
    out
}

impl Vectors for Columns {
    const FILE: &'static str = "columns.json";

    fn make() -> Self {
        Columns {
            columns: good().into_iter().map(valid).collect(),
            refused: bad(),
        }
    }

    fn check(&self) {
        for v in &self.columns {
            let data: ColumnData = abi::decode(&v.abi, "column").expect("a column");
            assert_eq!(data, (&v.column).into());
            assert_eq!(v, &valid(v.column.column().expect("a column")));
        }
        for b in &self.refused {
            let error = "not the canonical ABI encoding of a column";
            refused(&b.name, b.column.column(), error);
        }
    }
}
