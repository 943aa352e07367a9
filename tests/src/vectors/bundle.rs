//! One whole bundle, with what its verifier trusts. The bundle is made once, with randomness of the system.

use super::{
    Vectors, changes,
    edit::{Changes, Edit, apply, between, changes as differing, replaced as with_changes},
    path,
    text::{Number, numbers},
};
use crate::{
    cohort::{Cohort, TODAY, consent, labels, nearest, noon, number},
    queries::{begins, by, today},
    world::{World, attestor},
};
use alloy_primitives::{Address, B256, Bytes};
use nectar_verifier::{
    bundle::Bundle,
    circuit::Circuit,
    query::{CodeSet, Query, Variant},
    shape::Shape,
    trust::{
        AcceptedKeys, AcceptedSnapshot, Head, INSECURE_DEV_KEYS, KeyTriple, LogView,
        attestation_digest, entry_id,
    },
    verified::Verdict,
};
use serde::{Deserialize, Serialize};
use std::fs;

/// Name of the bundle's file.
const BUNDLE: &str = "bundle.nectar";

/// A trusted triple of keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Triple {
    srs: B256,
    circuit: B256,
    shape: u8,
}

/// A head of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogHead {
    dataset: B256,
    sequence: u64,
    root: B256,
    since: i64,
}

/// What a verifier trusts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Anchors {
    keys: Vec<Triple>,
    root: B256,
    signature: Bytes,
    attestors: Vec<Address>,
    heads: Vec<LogHead>,
    entries: Vec<(B256, i64)>,
    now: i64,
}

/// A bundle that is accepted.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    name: String,
    anchors: Anchors,
    verdict: String,
}

/// A changed bundle.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bent {
    name: String,
    edits: Vec<Edit>,
    error: String,
}

/// The bundle under other anchors.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Distrusted {
    name: String,
    changes: Changes,
    error: String,
}

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

fn anchors(bundle: &Bundle) -> Anchors {
    let root = bundle.root();
    let triple = |k: &KeyTriple| match k.circuit {
        Circuit::Release(shape) => Some(Triple {
            srs: k.srs,
            circuit: k.key,
            shape: shape.id(),
        }),
        Circuit::Index => None,
    };
    let head = LogHead {
        dataset: bundle.core.dataset,
        sequence: bundle.core.sequence,
        root,
        since: bundle.core.as_of,
    };
    Anchors {
        keys: INSECURE_DEV_KEYS.iter().filter_map(triple).collect(),
        root,
        signature: attestor().attest(root).to_vec().into(),
        attestors: vec![attestor().address()],
        heads: vec![head],
        entries: vec![],
        now: noon(TODAY),
    }
}

impl Anchors {
    fn keys(&self) -> AcceptedKeys {
        let trust = |accepted: AcceptedKeys, t: &Triple| {
            accepted.with(KeyTriple {
                srs: t.srs,
                key: t.circuit,
                circuit: Shape::from_id(t.shape).expect("a shape").into(),
            })
        };
        self.keys.iter().fold(AcceptedKeys::compiled_in(), trust)
    }

    fn log(&self) -> LogView {
        let head = |h: &LogHead| Head {
            dataset: h.dataset,
            sequence: h.sequence,
            root: h.root,
            since: h.since,
        };
        LogView {
            heads: self.heads.iter().map(head).collect(),
            entries: self.entries.clone(),
        }
    }

    /// From bytes to a verdict, as somebody who received the file would.
    fn verdict(&self, bytes: &[u8]) -> Result<&'static str, Box<dyn std::error::Error>> {
        let bundle = Bundle::decode(bytes)?;
        let keys = bundle.keys(&self.keys())?;
        let snapshot = AcceptedSnapshot::attested(self.root, &self.signature, &self.attestors)?;
        match bundle.verify(&snapshot, &keys, &self.log(), self.now)? {
            Verdict::Verified(_) => Ok("verified"),
            Verdict::Historical(_) => Ok("historical"),
        }
    }
}

const DAY: i64 = 86_400;

/// The head replaced a day later.
fn replaced(a: &mut Anchors) {
    let mut next = a.heads[0].clone();
    (next.sequence, next.root) = (2, B256::repeat_byte(2));
    next.since = a.now + DAY;
    a.heads.push(next);
}

fn accepted(honest: &Anchors, entry: B256) -> Vec<Accepted> {
    let case = |name: &str, verdict: &str, change: &dyn Fn(&mut Anchors)| {
        let mut anchors = honest.clone();
        change(&mut anchors);
        Accepted {
            name: name.into(),
            anchors,
            verdict: verdict.into(),
        }
    };
    vec![
        case("the head now", "verified", &|_| {}),
        case("a day later, within the lag", "verified", &|a| a.now += DAY),
        case("entered in time, read long after", "verified", &|a| {
            replaced(a);
            a.entries = vec![(entry, a.now), (entry, a.now + 90 * DAY)];
            a.now += 100 * DAY;
        }),
        case("a head once, never entered", "historical", &|a| {
            replaced(a);
            a.now += 100 * DAY;
        }),
    ]
}

fn distrusted(honest: &Anchors, entry: B256) -> Vec<Distrusted> {
    type Change<'a> = &'a dyn Fn(&mut Anchors);
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
            &|a| {
                a.root = B256::repeat_byte(3);
                a.signature = attestor().attest(a.root).to_vec().into();
            },
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
                replaced(a);
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
                replaced(a);
                a.entries = vec![(entry, a.now + 2 * DAY)];
                a.now += 3 * DAY;
            },
            HEAD,
        ),
    ];
    let case = |(name, change, error): (&str, Change<'_>, &str)| {
        let mut anchors = honest.clone();
        change(&mut anchors);
        Distrusted {
            name: name.into(),
            changes: differing(honest, &anchors),
            error: error.into(),
        }
    };
    cases.map(case).into()
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
        let anchors = anchors(&bundle);
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
        for a in &self.accepted {
            let verdict = a
                .anchors
                .verdict(&bytes)
                .unwrap_or_else(|e| panic!("{}: {e}", a.name));
            assert_eq!(verdict, a.verdict, "{}", a.name);
        }
        let anchors = &self.accepted[0].anchors;
        for r in &self.refused {
            let changed = apply(&bytes, &r.edits);
            assert_ne!(changed, bytes, "{}", r.name);
            super::refused(&r.name, anchors.verdict(&changed), &r.error);
        }
        for d in &self.distrusted {
            super::refused(
                &d.name,
                with_changes(anchors, &d.changes).verdict(&bytes),
                &d.error,
            );
        }
    }
}
