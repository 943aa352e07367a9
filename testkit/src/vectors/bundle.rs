//! One whole bundle, with what its verifier trusts. The bundle is made once, with randomness of the system.

use super::{
    Vectors,
    anchors::{Accepted, Anchors, Bent, Change, DAY, Distrusted, check},
    changes,
    edit::between,
    path,
    text::{Number, numbers},
};
use crate::{
    cohort::{Cohort, consent, labels, nearest, number},
    queries::{begins, by, today},
    world::World,
};
use alloy_primitives::{Address, B256, Bytes};
use nectar_verifier::{
    bundle::Bundle,
    query::{CodeSet, Query, Variant},
    trust::{attestation_digest, entry_id},
    verified::Verdict,
};
use serde::{Deserialize, Serialize};
use std::{error::Error, fs};

/// Name of the bundle's file.
const BUNDLE: &str = "bundle.nectar";

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    file: String,
    attestation: B256,
    d0: B256,
    entry: B256,
    cells: Vec<Number>,
    accepted: Vec<Accepted>,
    refused: Vec<Bent>,
    distrusted: Vec<Distrusted>,
}

fn bytes() -> Vec<u8> {
    fs::read(path(BUNDLE)).expect("the bundle is kept")
}

/// Counts of twenty rows by sex, missing first.
fn query() -> Query {
    let mut q = today(Variant::Counts);
    q.literals = vec![begins(0, CodeSet::run(2, 11))];
    q.axes = vec![by(1, 0..=2)];
    q
}

/// Makes the bundle where there is none.
///
/// # Panics
/// The folder cannot be written.
pub fn ensure() {
    if path(BUNDLE).exists() {
        return;
    }
    let columns = vec![number("age", 12), labels("sex", 2), consent("research")];
    let cohort = Cohort {
        name: "example",
        ..Cohort::random(columns, 30, 4, nearest(3, 5), 1)
    };
    let world = World::of(cohort.commit(None));
    fs::write(path(BUNDLE), world.honest(&query()).encode()).expect("the folder can be written");
}

/// From bytes to a verdict, as somebody who received the file would.
fn judge(anchors: &Anchors, bytes: &[u8]) -> Result<&'static str, Box<dyn Error>> {
    let bundle = Bundle::decode(bytes)?;
    match bundle.verify(
        &anchors.snapshot()?,
        &anchors.keys(),
        &anchors.log(),
        anchors.now,
    )? {
        Verdict::Verified(_) => Ok("verified"),
        Verdict::Historical(_) => Ok("historical"),
    }
}

fn accepted(honest: &Anchors, entry: B256) -> Vec<Accepted> {
    vec![
        honest.accepting("the head now", "verified", &|_| {}),
        honest.accepting("a day later, within the lag", "verified", &|a| a.now += DAY),
        honest.accepting("entered in time, read long after", "verified", &|a| {
            a.replace_head();
            a.entries = vec![(entry, a.now), (entry, a.now + 90 * DAY)];
            a.now += 100 * DAY;
        }),
        honest.accepting("a head once, never entered", "historical", &|a| {
            a.replace_head();
            a.now += 100 * DAY;
        }),
    ]
}

fn distrusted(honest: &Anchors, entry: B256) -> Vec<Distrusted> {
    const ATTESTOR: &str = "not attested by an attestor";
    const HEAD: &str = "does not know this snapshot as a head";
    const WINDOW: &str = "the query's date is outside the window";
    let cases: [(&str, Change<'_>, &str); 14] = [
        ("no keys", &|a| a.keys.clear(), "insecure development keys"),
        (
            "the wide keys alone",
            &|a| _ = a.keys.remove(0),
            "insecure development keys",
        ),
        ("nobody trusted", &|a| a.attestors.clear(), ATTESTOR),
        (
            "somebody else trusted",
            &|a| a.attestors = vec![Address::repeat_byte(1)],
            ATTESTOR,
        ),
        (
            "a signature bent",
            &|a| a.signature = bent(&a.signature),
            ATTESTOR,
        ),
        (
            "a signature cut",
            &|a| a.signature = a.signature.slice(..64),
            ATTESTOR,
        ),
        (
            "another root attested",
            &|a| a.attest_another(),
            "does not lead to the accepted snapshot root",
        ),
        ("an empty log", &|a| a.heads.clear(), HEAD),
        (
            "another dataset's head",
            &|a| a.heads[0].dataset = B256::ZERO,
            HEAD,
        ),
        (
            "another sequence number",
            &|a| a.heads[0].sequence = 2,
            HEAD,
        ),
        (
            "two roots of one number",
            &|a| {
                a.replace_head();
                a.heads[1].sequence = 1;
            },
            "equivocated",
        ),
        (
            "a head from tomorrow on",
            &|a| a.heads[0].since += 2 * DAY,
            HEAD,
        ),
        ("two days later", &|a| a.now += 2 * DAY, WINDOW),
        (
            "entered when no longer the head",
            &|a| {
                a.replace_head();
                a.entries = vec![(entry, a.now + 2 * DAY)];
                a.now += 3 * DAY;
            },
            HEAD,
        ),
    ];
    cases.map(|case| honest.refusing(case)).into()
}

fn bent(signature: &Bytes) -> Bytes {
    let mut bytes = signature.to_vec();
    bytes[0] ^= 1;
    bytes.into()
}

impl Vectors for Whole {
    const FILE: &'static str = "bundle.json";

    fn make() -> Self {
        let bytes = bytes();
        let bundle = Bundle::decode(&bytes).expect("a bundle");
        let d0 = bundle
            .statement()
            .expect("a statement")
            .digest(&bundle.core, bundle.root());
        let entry = entry_id(d0, &bundle.cells);
        let anchors = Anchors::of(&bundle.core, bundle.root());
        let refuse = |(name, changed, error): (&str, Vec<u8>, &str)| Bent {
            name: name.into(),
            edits: between(&bytes, &changed, 8),
            error: error.into(),
        };
        Whole {
            file: BUNDLE.into(),
            attestation: attestation_digest(bundle.root()),
            d0,
            entry,
            cells: numbers(&bundle.cells),
            accepted: accepted(&anchors, entry),
            refused: changes::all(&bytes).into_iter().map(refuse).collect(),
            distrusted: distrusted(&anchors, entry),
        }
    }

    fn check(&self) {
        let bytes = fs::read(path(&self.file)).expect("the bundle is kept");
        assert_eq!(Bundle::decode(&bytes).expect("a bundle").encode(), bytes);
        check(
            judge,
            &bytes,
            &self.accepted,
            &self.refused,
            &self.distrusted,
        );
    }
}
