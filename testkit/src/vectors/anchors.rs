//! What the verifier of a whole file trusts, and the entries that say what it makes of the file.

use super::edit::{Changes, Edit, apply, changes, replaced};
use crate::{
    cohort::{TODAY, noon},
    world::{attest, attestor},
};
use alloy_primitives::{Address, B256, Bytes};
use nectar_verifier::{
    circuit::Circuit,
    header::Core,
    keys::KeyTriple,
    shape::Shape,
    trust::{AcceptedKeys, AcceptedSnapshot, Head, INSECURE_DEV_KEYS, LogView, TrustError},
};
use serde::{Deserialize, Serialize};
use std::error::Error;

/// A trusted triple of keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triple {
    srs: B256,
    circuit: B256,
    shape: u8,
}

/// A head of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogHead {
    /// Dataset id.
    pub dataset: B256,
    /// Sequence number.
    pub sequence: u64,
    /// Snapshot root.
    pub root: B256,
    /// Moment from which on it is the head.
    pub since: i64,
}

/// What a verifier trusts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    /// Accepted keys.
    pub keys: Vec<Triple>,
    /// The accepted root.
    pub root: B256,
    /// The word that it is accepted on.
    pub signature: Bytes,
    /// Who is believed.
    pub attestors: Vec<Address>,
    /// The log's heads.
    pub heads: Vec<LogHead>,
    /// The log's entries.
    pub entries: Vec<(B256, i64)>,
    /// The moment of verification.
    pub now: i64,
}

/// A file that is accepted.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    name: String,
    /// What is trusted.
    pub anchors: Anchors,
    verdict: String,
}

/// A changed file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bent {
    /// What is changed.
    pub name: String,
    /// How.
    pub edits: Vec<Edit>,
    /// Why it is refused.
    pub error: String,
}

/// The file under other anchors.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distrusted {
    name: String,
    changes: Changes,
    error: String,
}

/// From bytes to a verdict, as somebody who received the file would.
pub type Judge = fn(&Anchors, &[u8]) -> Result<&'static str, Box<dyn Error>>;

/// A change of what is trusted.
pub type Change<'a> = &'a dyn Fn(&mut Anchors);

/// Seconds of a day.
pub const DAY: i64 = 86_400;

impl Anchors {
    /// The development keys, the root on the attestor's word, and a log that knows it alone.
    pub fn of(core: &Core, root: B256) -> Self {
        let triple = |k: &KeyTriple| match k.circuit {
            Circuit::Release(shape) => Some(Triple {
                srs: k.srs,
                circuit: k.key,
                shape: shape.id(),
            }),
            Circuit::Index => None,
        };
        let head = LogHead {
            dataset: core.dataset,
            sequence: core.sequence,
            root,
            since: core.as_of,
        };
        Anchors {
            keys: INSECURE_DEV_KEYS.iter().filter_map(triple).collect(),
            root,
            signature: attest(root).to_vec().into(),
            attestors: vec![attestor().address()],
            heads: vec![head],
            entries: vec![],
            now: noon(TODAY),
        }
    }

    /// The keys, and no others.
    pub fn keys(&self) -> AcceptedKeys {
        let trust = |accepted: AcceptedKeys, t: &Triple| {
            accepted.with(KeyTriple {
                srs: t.srs,
                key: t.circuit,
                circuit: Shape::from_id(t.shape).expect("a shape").into(),
            })
        };
        self.keys.iter().fold(AcceptedKeys::compiled_in(), trust)
    }

    /// The snapshot, on the attestor's word.
    ///
    /// # Errors
    /// Nobody believed has signed.
    pub fn snapshot(&self) -> Result<AcceptedSnapshot, TrustError> {
        AcceptedSnapshot::attested(self.root, &self.signature, &self.attestors)
    }

    /// The log.
    pub fn log(&self) -> LogView {
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

    /// The head replaced a day later.
    pub fn replace_head(&mut self) {
        let mut next = self.heads[0].clone();
        (next.sequence, next.root) = (2, B256::repeat_byte(2));
        next.since = self.now + DAY;
        self.heads.push(next);
    }

    /// Another root attested.
    pub fn attest_another(&mut self) {
        self.root = B256::repeat_byte(3);
        self.signature = attest(self.root).to_vec().into();
    }

    fn changed(&self, change: Change<'_>) -> Self {
        let mut anchors = self.clone();
        change(&mut anchors);
        anchors
    }

    /// An entry for the file that is accepted after a change of these.
    pub fn accepting(&self, name: &str, verdict: &str, change: Change<'_>) -> Accepted {
        Accepted {
            name: name.into(),
            anchors: self.changed(change),
            verdict: verdict.into(),
        }
    }

    /// An entry for the file that is refused after a change of these.
    pub fn refusing(&self, (name, change, error): (&str, Change<'_>, &str)) -> Distrusted {
        Distrusted {
            name: name.into(),
            changes: changes(self, &self.changed(change)),
            error: error.into(),
        }
    }
}

/// Shows the file accepted, and refused after each change of it and of what is trusted.
///
/// # Panics
/// Otherwise.
pub fn check(
    judge: Judge,
    bytes: &[u8],
    accepted: &[Accepted],
    refused: &[Bent],
    distrusted: &[Distrusted],
) {
    for a in accepted {
        let verdict = judge(&a.anchors, bytes).unwrap_or_else(|e| panic!("{}: {e}", a.name));
        assert_eq!(verdict, a.verdict, "{}", a.name);
    }
    let anchors = &accepted[0].anchors;
    for r in refused {
        let changed = apply(bytes, &r.edits);
        assert_ne!(changed, bytes, "{}", r.name);
        super::refused(&r.name, judge(anchors, &changed), &r.error);
    }
    for d in distrusted {
        let anchors = replaced(anchors, &d.changes);
        super::refused(&d.name, judge(&anchors, bytes), &d.error);
    }
}
