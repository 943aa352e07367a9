//! The vectors kept for second implementations, on chain.

use crate::verifier::{Contract, d0};
use alloy_primitives::{B256, Bytes};
use nectar_testkit::{
    queries,
    vectors::{
        edit::{Edit, apply},
        path,
        wire::{self, Codebook},
    },
    world::World,
};
use nectar_verifier::{
    abi::{self, Answer, OpenedColumn, PurposeColumn},
    bundle::Bundle,
    column::purpose_id,
    header::purposes_digest,
    query::Query,
    solidity,
};
use serde::Deserialize;
use std::fs;

/// `queries.json`, as far as it is of use here.
#[derive(Deserialize)]
struct Queries {
    schema: Vec<Codebook>,
    core: Bytes,
    canonical: Vec<Canonical>,
    refused: Vec<Refused>,
    malformed: Vec<Malformed>,
}

#[derive(Deserialize)]
struct Canonical {
    name: String,
    abi: Bytes,
    shape: u8,
}

#[derive(Deserialize)]
struct Refused {
    name: String,
    query: wire::Query,
    error: String,
}

#[derive(Deserialize)]
struct Malformed {
    name: String,
    edits: Vec<Edit>,
    append_zeros: usize,
}

impl Queries {
    fn kept() -> Self {
        let text = fs::read_to_string(path("queries.json")).expect("the file is kept");
        serde_json::from_str(&text).expect("queries")
    }

    /// An answer over the file's schema, of which every column is opened: all but the query stems from another answer,
    /// so that a query without a flaw is refused for what follows it.
    fn around(&self, honest: &Bundle) -> Answer {
        let mut answer = solidity::answer(honest).expect("an answer");
        let core: abi::Core = abi::decode(&self.core, "core").expect("a core");
        let opened = |(index, c): (usize, &Codebook)| OpenedColumn {
            index: u16::try_from(index).expect("few columns"),
            descriptor: (&c.column().expect("a column")).into(),
        };
        answer.columns = self.schema.iter().enumerate().map(opened).collect();
        answer.purposes = vec![PurposeColumn {
            purpose: purpose_id("research"),
            column: 6,
        }];
        answer.core = abi::Core {
            purposes: purposes_digest(&answer.purposes),
            srs: answer.core.srs,
            compactKey: answer.core.compactKey,
            wideKey: answer.core.wideKey,
            ..core
        };
        answer
    }

    /// An answer to each query of the file with what becomes of it, under the keys of `honest`.
    fn ask(&self, honest: &Bundle) -> impl FnMut(&[u8]) -> String + use<> {
        let (mut contract, around) = (Contract::of(honest), self.around(honest));
        let root = honest.root();
        move |query| {
            let mut answer = around.clone();
            answer.query = query.to_vec().into();
            let outcome = contract.call(solidity::verify(root, answer));
            outcome.error().expect("a refusal").into()
        }
    }
}

/// What follows the query, where nothing is opened that it reads.
const LATER: &str = "Openings";

/// Parts of the reasons given in Rust, with the contract's.
const REASONS: [(&str, &str); 14] = [
    ("the set is", "InvalidSet"),
    ("a run has", "InvalidSet"),
    ("runs rise", "InvalidSet"),
    ("an axis has a group", "InvalidAxis"),
    ("groups rise", "InvalidAxis"),
    ("groups are", "InvalidAxis"),
    ("literals are not canonical", "InvalidClauses"),
    ("cannot be used", "ColumnKind"),
    ("is unknown", "UnknownColumn"),
    ("too many", "QueryLimit"),
    ("form is not valid", "InvalidForm"),
    ("cells", "Circuit"),
    ("no consent for this purpose", "UnknownPurpose"),
    ("outside the periods", "ConsentPeriod"),
];

/// Beginnings of reasons that a file gives without what stands before them.
const SHORT: [(&str, &str); 14] = [
    ("cumulative groups", "InvalidAxis"),
    ("the first literal joins", "InvalidClauses"),
    ("the literals of a clause rise", "InvalidClauses"),
    ("clauses rise", "InvalidClauses"),
    ("one-literal clauses", "InvalidClauses"),
    ("it holds consent or tags", "ColumnKind"),
    ("not an integer", "ColumnKind"),
    ("counts have", "InvalidForm"),
    ("moments sum", "InvalidForm"),
    ("the columns of a gram", "InvalidForm"),
    ("cumulative axes", "InvalidForm"),
    ("groups of an axis", "QueryLimit"),
    ("summed columns", "QueryLimit"),
    ("runs of a code set", "QueryLimit"),
];

fn reason(error: &str) -> &'static str {
    let mut known = SHORT.iter().chain(&REASONS);
    let found = known.find(|(part, _)| error.contains(part));
    found.unwrap_or_else(|| panic!("no reason: {error}")).1
}

#[test]
fn the_bundle_is_accepted() {
    let bytes = fs::read(path("bundle.nectar")).expect("the bundle is kept");
    let text = fs::read_to_string(path("bundle.json")).expect("the file is kept");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let kept: B256 = serde_json::from_value(json["d0"].clone()).expect("a digest");
    let bundle = Bundle::decode(&bytes).expect("a bundle");
    let outcome = Contract::of(&bundle).call(solidity::calldata(&bundle).expect("calldata"));
    assert_eq!(outcome.word(), Some(kept), "{outcome:?}");
    assert_eq!(kept, d0(&bundle));
}

#[test]
fn canonical_queries_are_read() {
    let kept = Queries::kept();
    let honest = [queries::plain(), queries::wide()];
    let mut ask = honest.map(|q| kept.ask(&World::clinic().honest(&q)));
    for c in &kept.canonical {
        for (shape, ask) in ask.iter_mut().enumerate() {
            let fits = shape == usize::from(c.shape);
            let want = if fits { LATER } else { "Circuit" };
            assert_eq!(ask(&c.abi), want, "{} in shape {shape}", c.name);
        }
    }
}

#[test]
fn queries_that_are_not_canonical_are_refused() {
    let kept = Queries::kept();
    let mut ask = kept.ask(&World::clinic().honest(&queries::plain()));
    for r in &kept.refused {
        let query = Query::from(&r.query).encode();
        // Tags have no codes, which is seen before the kind.
        let tags = r.name.starts_with("tags");
        let want = if tags { "Codes" } else { reason(&r.error) };
        assert_eq!(ask(&query), want, "{}: {}", r.name, r.error);
    }
}

#[test]
fn bytes_that_are_no_query_are_refused() {
    let kept = Queries::kept();
    let mut ask = kept.ask(&World::clinic().honest(&queries::plain()));
    let honest = &kept.canonical[0].abi;
    for m in &kept.malformed {
        let mut bytes = apply(honest, &m.edits);
        bytes.resize(bytes.len() + m.append_zeros, 0);
        let limit = ["a list of 2^32 literals", "more than 64 KiB"].contains(&m.name.as_str());
        let want = if limit { "QueryLimit" } else { "QueryEncoding" };
        assert_eq!(ask(&bytes), want, "{}", m.name);
    }
}
