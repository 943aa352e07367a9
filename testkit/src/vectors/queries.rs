//! Canonical queries with what the verifier makes of them, and others that are refused.

use super::{
    Vectors,
    malformed::{self, Malformed},
    refused::{self, Refused},
    schema::{at, header, schema},
    wire::{self, Codebook},
};
use crate::queries::{begins, by, from, or, today};
use alloy_primitives::{B256, Bytes, keccak256};
use nectar_verifier::{
    column::{Column, Leaf},
    header::Core,
    query::{CodeSet, Literal, Query, Variant},
    statement::Statement,
    transcript::d0,
};
use serde::{Deserialize, Serialize};

/// A canonical query.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Canonical {
    name: String,
    query: wire::Query,
    abi: Bytes,
    shape: u8,
    layout: u8,
    consent: (u16, u16),
    flags: u64,
    policy: String,
    widths: [u8; 7],
    literals: usize,
    used_cells: String,
    leaves: Vec<(u16, String)>,
    d0: B256,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queries {
    schema: Vec<Codebook>,
    core: Bytes,
    root: B256,
    canonical: Vec<Canonical>,
    refused: Vec<Refused>,
    malformed: Vec<Malformed>,
}

/// Runs of rising positions: `0-3,16-19`.
fn ranges(cells: &[usize]) -> String {
    let runs = cells.chunk_by(|a, b| a + 1 == *b);
    let run = |r: &[usize]| format!("{}-{}", r[0], r[r.len() - 1]);
    runs.map(run).collect::<Vec<_>>().join(",")
}

fn leaf((column, leaf): (u16, Leaf)) -> (u16, String) {
    let name = match leaf {
        Leaf::Code(t) => format!("A_{t}"),
        Leaf::X => "X".into(),
        Leaf::X2 => "X2".into(),
        other => panic!("no query reads {other:?}"),
    };
    (column, name)
}

/// The root of the file: any bytes do.
fn root() -> B256 {
    keccak256(b"snapshot root")
}

/// The statement over the file's schema.
pub fn statement(query: &Query, core: &Core, columns: &[Column]) -> Statement {
    Statement::new(query.clone(), core, Some(at::RESEARCH), columns).expect("a statement")
}

fn canonical(name: &str, query: &Query, core: &Core, columns: &[Column]) -> Canonical {
    assert_eq!(query.check(columns), Ok(()), "{name}");
    let s = statement(query, core, columns);
    let abi = query.encode();
    let digest = d0(core.key(s.shape()), root(), &abi);
    assert_eq!(digest, s.digest(core, root()));
    Canonical {
        name: name.into(),
        query: query.into(),
        abi: abi.into(),
        shape: s.shape().id(),
        layout: s.layout().id(),
        consent: s.consent(),
        flags: s.flags(),
        policy: format!("{:#x}", s.policy_word()),
        widths: *s.widths(),
        literals: s.literals().len(),
        used_cells: ranges(&s.used_cells()),
        leaves: s.leaves().into_iter().map(leaf).collect(),
        d0: digest,
    }
}

fn set(missing: bool, runs: &[(u16, u16)]) -> CodeSet {
    CodeSet {
        missing,
        runs: runs.into(),
    }
}

fn query(
    variant: Variant,
    literals: Vec<Literal>,
    axes: Vec<nectar_verifier::query::Axis>,
    x: &[u16],
) -> Query {
    let mut q = today(variant);
    (q.literals, q.axes, q.x) = (literals, axes, x.into());
    q
}

/// The honest queries by name; the first is what refused ones are changed from.
pub fn good() -> Vec<(&'static str, Query)> {
    use Variant::{Counts, Gram, Moments};
    let one = CodeSet::run(1, 1);
    let clauses = vec![
        begins(at::AGE, set(true, &[(2, 4), (6, 12)])),
        or(at::SEX, one.clone()),
        begins(at::SEX, CodeSet::run(2, 2)),
        or(at::DX, CodeSet::of([0, 2, 3, 5])),
        or(at::SMOKER, one.clone()),
        begins(at::SEEN, CodeSet::run(3, 9)),
    ];
    let known = begins(at::HBA1C, CodeSet::run(2, 20));
    let mut groups = by(at::DX, 0..=1);
    groups.groups = vec![set(true, &[(2, 2)]), set(false, &[(1, 1), (3, 5)])];
    vec![
        (
            "counts by two axes",
            query(
                Counts,
                vec![begins(at::AGE, CodeSet::run(2, 11))],
                vec![by(at::DX, 0..=2), by(at::SEX, 1..=2)],
                &[],
            ),
        ),
        ("one number of rows", today(Counts)),
        (
            "missing alone",
            query(Counts, vec![begins(at::SEX, set(true, &[]))], vec![], &[]),
        ),
        (
            "known alone",
            query(
                Counts,
                vec![begins(at::SEX, CodeSet::run(1, 2))],
                vec![],
                &[],
            ),
        ),
        ("clauses", query(Counts, clauses, vec![], &[])),
        ("groups with gaps", query(Counts, vec![], vec![groups], &[])),
        (
            "cumulative",
            query(
                Counts,
                vec![],
                vec![from(at::SEEN, &[1, 2, 7, 12], 12)],
                &[],
            ),
        ),
        (
            "three axes, two over one column",
            query(
                Counts,
                vec![],
                vec![
                    from(at::AGE, &[1, 6], 12),
                    by(at::SEX, 0..=2),
                    by(at::AGE, 3..=4),
                ],
                &[],
            ),
        ),
        (
            "moments of all",
            query(Moments, vec![], vec![], &[at::HBA1C]),
        ),
        (
            "moments by two axes",
            query(
                Moments,
                vec![begins(at::SMOKER, one.clone())],
                vec![by(at::SEX, 1..=2), by(at::DX, 1..=3)],
                &[at::AGE],
            ),
        ),
        ("gram of one", query(Gram, vec![], vec![], &[at::AGE])),
        (
            "gram of two by an axis",
            query(
                Gram,
                vec![begins(at::SEX, one)],
                vec![by(at::SMOKER, 1..=2)],
                &[at::AGE, at::HBA1C],
            ),
        ),
        (
            "gram whose second column is restricted",
            query(Gram, vec![known], vec![], &[at::AGE, at::HBA1C]),
        ),
        (
            "gram of four",
            query(
                Gram,
                vec![],
                vec![],
                &[at::AGE, at::HBA1C, at::WEIGHT, at::HEIGHT],
            ),
        ),
    ]
}

impl Vectors for Queries {
    const FILE: &'static str = "queries.json";

    fn make() -> Self {
        let header = header(schema());
        let all = good();
        let make = |(name, q): &(&str, Query)| canonical(name, q, &header.core, &header.columns);
        Queries {
            schema: header.columns.iter().map(Into::into).collect(),
            core: core_bytes(&header.core),
            root: root(),
            canonical: all.iter().map(make).collect(),
            refused: refused::all(&all[0].1),
            malformed: malformed::all(&all[0].1),
        }
    }

    fn check(&self) {
        let columns: Vec<Column> = self
            .schema
            .iter()
            .map(|c| c.column().expect("a column"))
            .collect();
        let core: nectar_verifier::abi::Core =
            nectar_verifier::abi::decode(&self.core, "core").expect("a core");
        let core = Core::from_abi(&core).expect("a core");
        for c in &self.canonical {
            let query = Query::decode(&c.abi).expect("a query");
            assert_eq!(Query::from(&c.query), query, "{}", c.name);
            assert_eq!(c, &canonical(&c.name, &query, &core, &columns));
        }
        self.refused.iter().for_each(|r| r.check(&core, &columns));
        let abi = &self.canonical[0].abi;
        self.malformed.iter().for_each(|m| m.check(abi));
    }
}

fn core_bytes(core: &Core) -> Bytes {
    use alloy_sol_types::SolValue;
    nectar_verifier::abi::Core::from(core).abi_encode().into()
}
