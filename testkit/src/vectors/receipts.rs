//! One whole receipt, with what its verifier trusts and computes. It is made once, with randomness of the system.

use super::{
    Vectors,
    anchors::{Accepted, Anchors, Bent, Change, DAY, Distrusted, check},
    edit::between,
    path, receipt_changes,
    text::scalar,
    transcript::Claim,
};
use crate::{
    cohort::{Cohort, consent, labels, nearest, number, subject},
    world::World,
};
use alloy_primitives::B256;
use nectar_verifier::{
    column::Column,
    header::dataset_id,
    opening::OpeningChallenges,
    receipt::{MAGIC, Receipt, VerifiedReceipt, tag, weights},
    transcript::Transcript,
    trust::Standing,
};
use serde::{Deserialize, Serialize};
use std::{error::Error, fs};

/// Name of the receipt's file.
const RECEIPT: &str = "receipt.nectar";
/// A row of the second segment. The digits of its place there and of its codes read differently from either end.
const ROW: u32 = 26;
/// The columns opened beside the tags.
const COLUMNS: [u16; 2] = [1, 2];

/// What the row holds in a column.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    column: u16,
    name: String,
    code: u16,
    text: String,
}

/// What the opening is about.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proven {
    point: Vec<B256>,
    claims: Vec<Claim>,
    lambda: B256,
    y: B256,
    z: B256,
    nu: B256,
    psi: B256,
}

/// The tag of a secret in a dataset.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tag {
    secret: B256,
    dataset: String,
    tag: B256,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    file: String,
    dataset: String,
    row: u32,
    secret: B256,
    tag: B256,
    columns: Vec<Held>,
    proven: Proven,
    accepted: Vec<Accepted>,
    refused: Vec<Bent>,
    distrusted: Vec<Distrusted>,
    tags: Vec<Tag>,
}

fn bytes() -> Vec<u8> {
    fs::read(path(RECEIPT)).expect("the receipt is kept")
}

/// Makes the receipt where there is none.
///
/// # Panics
/// The folder cannot be written.
pub fn ensure() {
    if path(RECEIPT).exists() {
        return;
    }
    let columns = vec![number("age", 12), labels("sex", 2), consent("research")];
    let cohort = Cohort {
        name: "example",
        ..Cohort::random(columns, 30, 4, nearest(3, 5), 1)
    };
    let receipt = World::of(cohort.tagged().commit(None)).receipt(ROW, &COLUMNS);
    fs::write(path(RECEIPT), receipt.encode()).expect("the folder can be written");
}

fn read(anchors: &Anchors, bytes: &[u8]) -> Result<VerifiedReceipt, Box<dyn Error>> {
    let receipt = Receipt::decode(bytes)?;
    Ok(receipt.verify(&anchors.snapshot()?, &anchors.keys())?)
}

/// From bytes to a verdict, as the subject would.
fn judge(anchors: &Anchors, bytes: &[u8]) -> Result<&'static str, Box<dyn Error>> {
    match read(anchors, bytes)?.standing(&anchors.log(), anchors.now)? {
        Standing::Head => Ok("head"),
        Standing::Former => Ok("former head"),
    }
}

fn held(receipt: &VerifiedReceipt) -> Vec<Held> {
    let held = |(place, column, code): (u16, &Column, u16)| Held {
        column: place,
        name: column.name.clone(),
        code,
        text: column.label(code),
    };
    receipt.codes().map(held).collect()
}

fn proven(receipt: &Receipt) -> Proven {
    let (record, mu) = (&receipt.record, receipt.mu);
    let claims = record.claims();
    let (mut t, lambda) =
        Transcript::receipt(record.root(), record.row, &claims, &receipt.m, &mu).expect("lambda");
    let drawn = receipt.opening.challenges(None, &mut t);
    let OpeningChallenges { z, nu, psi } = drawn.expect("challenges");
    let values = claims.iter().map(|c| c.1).chain([mu]);
    let weighted = weights(lambda, claims.len()).into_iter().zip(values);
    Proven {
        point: record.point().iter().map(scalar).collect(),
        claims: claims.iter().map(Claim::from).collect(),
        lambda: scalar(&lambda),
        y: scalar(&weighted.map(|(w, v)| w * v).sum()),
        z: scalar(&z),
        nu: scalar(&nu),
        psi: scalar(&psi),
    }
}

fn accepted(honest: &Anchors) -> Vec<Accepted> {
    vec![
        honest.accepting("the head now", "head", &|_| {}),
        honest.accepting("the head long after", "head", &|a| a.now += 100 * DAY),
        honest.accepting("replaced since", "former head", &|a| {
            a.replace_head();
            a.now += 100 * DAY;
        }),
        honest.accepting("to be replaced tomorrow", "head", &|a| a.replace_head()),
        honest.accepting("one circuit's key alone", "head", &|a| a.keys.truncate(1)),
    ]
}

fn distrusted(honest: &Anchors) -> Vec<Distrusted> {
    const HEAD: &str =
        "the log does not know this snapshot as a head of its dataset at the time in question";
    let cases: [(&str, Change<'_>, &str); 8] = [
        ("no keys", &|a| a.keys.clear(), "insecure development keys"),
        (
            "nobody trusted",
            &|a| a.attestors.clear(),
            "the snapshot is not attested by an attestor this verifier accepts",
        ),
        (
            "another root attested",
            &|a| a.attest_another(),
            receipt_changes::ROOT,
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
            "a head from tomorrow on",
            &|a| a.heads[0].since += 2 * DAY,
            HEAD,
        ),
        (
            "two roots of one number",
            &|a| {
                a.replace_head();
                a.heads[1].sequence = 1;
            },
            "the log holds two snapshots with one sequence number: the custodian has equivocated",
        ),
    ];
    cases.map(|case| honest.refusing(case)).into()
}

fn tags() -> Vec<Tag> {
    let cases = [
        (B256::ZERO, "lung"),
        (B256::repeat_byte(0xff), "lung"),
        (subject(0).into(), "lung"),
        (subject(0).into(), "example"),
        (subject(0).into(), "Schädel 1"),
    ];
    let entry = |(secret, dataset): (B256, &str)| Tag {
        secret,
        dataset: dataset.into(),
        tag: scalar(&tag(&secret.0, dataset_id(dataset))),
    };
    cases.map(entry).into()
}

impl Vectors for Receipts {
    const FILE: &'static str = "receipt.json";

    fn make() -> Self {
        let bytes = bytes();
        let receipt = Receipt::decode(&bytes).expect("a receipt");
        let record = &receipt.record;
        let anchors = Anchors::of(&record.core, record.root());
        let refuse = |(name, changed, error): (&str, Vec<u8>, &str)| Bent {
            name: name.into(),
            edits: between(&bytes, &changed, MAGIC.len()),
            error: error.into(),
        };
        let changed = receipt_changes::all(&receipt).into_iter();
        Receipts {
            file: RECEIPT.into(),
            dataset: record.dataset.clone(),
            row: record.row,
            secret: subject(ROW).into(),
            tag: scalar(&record.tag),
            columns: held(&read(&anchors, &bytes).expect("a sound receipt")),
            proven: proven(&receipt),
            accepted: accepted(&anchors),
            refused: changed.map(refuse).collect(),
            distrusted: distrusted(&anchors),
            tags: tags(),
        }
    }

    fn check(&self) {
        let bytes = fs::read(path(&self.file)).expect("the receipt is kept");
        assert_eq!(Receipt::decode(&bytes).expect("a receipt").encode(), bytes);
        check(
            judge,
            &bytes,
            &self.accepted,
            &self.refused,
            &self.distrusted,
        );
        let receipt = read(&self.accepted[0].anchors, &bytes).expect("a sound receipt");
        assert_eq!(
            (receipt.dataset(), receipt.row()),
            (&*self.dataset, self.row)
        );
        assert_eq!(scalar(&receipt.tag()), self.tag);
        assert_eq!(held(&receipt), self.columns);
        assert!(receipt.is_of(&self.secret.0));
        for t in &self.tags {
            assert_eq!(scalar(&tag(&t.secret.0, dataset_id(&t.dataset))), t.tag);
            assert!(!receipt.is_of(&t.secret.0));
        }
    }
}
