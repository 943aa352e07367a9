//! Tables and what becomes of them.

use super::{
    Vectors, refused,
    text::{Number, numbers, values},
    wire::Rule,
};
use nectar_verifier::{
    disclosure::{error_bound, release, rounding_unit},
    layout::Layout,
};
use serde::{Deserialize, Serialize};

/// A table of true cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    policy: Rule,
    layout: u8,
    widths: [u8; 7],
    cells: Vec<Number>,
}

/// A table with what is released of it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Released {
    table: Table,
    released: Vec<Number>,
    granules: Vec<Number>,
    bounds: Vec<Number>,
}

/// A table no rows give.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    name: String,
    table: Table,
    error: String,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    tables: Vec<Released>,
    refused: Vec<Refused>,
}

const POLICIES: [(u32, u8, bool, bool); 5] = [
    (3, 5, false, true),
    (3, 5, false, false),
    (5, 10, false, true),
    (7, 6, true, true),
    (7, 6, true, false),
];

fn table(
    (k, base, midpoint, zeros): (u32, u8, bool, bool),
    layout: Layout,
    cells: &[u64],
) -> Table {
    let policy = Rule {
        k,
        base,
        midpoint,
        zeros,
        w_max: 12,
    };
    let widths = match layout {
        Layout::Counts => [0; 7],
        Layout::Moments => [4, 0, 0, 0, 0, 0, 0],
        Layout::Gram4 => [1, 4, 12, 0, 0, 0, 0],
        Layout::Gram8 => [1, 2, 3, 4, 5, 6, 12],
    };
    Table {
        policy,
        layout: layout.id(),
        widths,
        cells: numbers(cells),
    }
}

impl Table {
    fn layout(&self) -> Layout {
        Layout::from_id(self.layout).expect("a layout")
    }

    fn release(self) -> Released {
        let (policy, layout) = (self.policy.policy().expect("a policy"), self.layout());
        let released =
            release(&policy, layout, &self.widths, &values(&self.cells)).expect("a table");
        let at = |j| rounding_unit(&policy, layout, &self.widths, j);
        let bound = |(j, o): (usize, &u64)| error_bound(&policy, layout, &self.widths, j, *o);
        Released {
            granules: (0..released.len()).map(|j| Number(at(j))).collect(),
            bounds: released
                .iter()
                .enumerate()
                .map(|x| Number(bound(x)))
                .collect(),
            released: numbers(&released),
            table: self,
        }
    }
}

/// A gram of one group with `rows` rows; the other cells rise.
fn gram(stride: usize, rows: u64) -> Vec<u64> {
    let cell = |(a, b): (usize, usize)| rows * (1 + 3 * a as u64) * (1 + 5 * b as u64);
    (0..stride * stride)
        .map(|j| cell((j / stride, j % stride)))
        .collect()
}

fn tables() -> Vec<Table> {
    let counts: Vec<u64> = (0..=14).chain([17, 18, 22, 23, (1 << 28) - 1]).collect();
    let moments = [
        [10, 57, 400, 10],
        [0, 0, 0, 0],
        [9, 44, 301, 10],
        [2, 9, 41, 12],
        [20, 0, 0, 30],
        [8, 100, 1255, 8],
    ];
    let per = |policy| {
        vec![
            table(policy, Layout::Counts, &counts),
            table(policy, Layout::Moments, &moments.concat()),
            table(policy, Layout::Gram4, &gram(4, 23)),
        ]
    };
    let wide = [POLICIES[0], POLICIES[3]].map(|p| table(p, Layout::Gram8, &gram(8, 101)));
    let small = [gram(4, 2), gram(4, 0)].map(|g| table(POLICIES[0], Layout::Gram4, &g));
    let marked = table(POLICIES[1], Layout::Gram4, &gram(4, 0));
    POLICIES
        .into_iter()
        .flat_map(per)
        .chain(wide)
        .chain(small)
        .chain([marked])
        .collect()
}

fn bad() -> Vec<Refused> {
    let cases: [(&str, Layout, &[u64], &str); 5] = [
        (
            "a cell of 2^56",
            Layout::Moments,
            &[9, 1 << 56, 9, 9],
            "want less than 2^56",
        ),
        (
            "a count of 2^28",
            Layout::Counts,
            &[1 << 28],
            "want less than 2^28",
        ),
        (
            "part of a group",
            Layout::Moments,
            &[9, 9, 9],
            "want a multiple of 4",
        ),
        (
            "part of a gram",
            Layout::Gram4,
            &[9; 17],
            "want a multiple of 16",
        ),
        (
            "more values than rows",
            Layout::Moments,
            &[9, 9, 9, 8],
            "have 9 values in 8 rows",
        ),
    ];
    let refusal = |(name, layout, cells, error): (&str, _, &[u64], &str)| Refused {
        name: name.into(),
        table: table(POLICIES[0], layout, cells),
        error: error.into(),
    };
    cases.map(refusal).into()
}

impl Vectors for Disclosure {
    const FILE: &'static str = "disclosure.json";

    fn make() -> Self {
        Disclosure {
            tables: tables().into_iter().map(Table::release).collect(),
            refused: bad(),
        }
    }

    fn check(&self) {
        for t in &self.tables {
            assert_eq!(t, &t.table.clone().release());
            let cells = t.table.cells.iter().zip(&t.released).zip(&t.bounds);
            for ((cell, o), bound) in cells {
                assert!(cell.0.abs_diff(o.0) <= bound.0, "{cell:?} {o:?} {bound:?}");
            }
        }
        for r in &self.refused {
            let policy = r.table.policy.policy().expect("a policy");
            let got = release(
                &policy,
                r.table.layout(),
                &r.table.widths,
                &values(&r.table.cells),
            );
            refused(&r.name, got, &r.error);
        }
    }
}
