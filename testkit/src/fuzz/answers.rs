//! What verifiers read: bundles, receipts, queries, headers, keys.

use super::fixtures;
use crate::world::{accepted, attested};
use alloy_primitives::B256;
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::{
    bundle::Bundle,
    header::{Core, Header},
    keys::{VerifierKey, VerifierSrs},
    query::Query,
    receipt::{Receipt, VerifiedReceipt},
    shape::Shape,
    statement::Statement,
    trust::{self, Head, LogView, Standing},
};

/// Decodes a bundle and verifies it as the head of its dataset, on its own day.
pub fn bundle(bytes: &[u8]) {
    let Ok(bundle) = Bundle::decode(bytes) else {
        return;
    };
    assert_eq!(bundle.encode(), bytes, "a bundle has one encoding");
    if let Ok(statement) = bundle.statement() {
        walk(&statement);
    }
    let (root, log) = (bundle.root(), log(&bundle.core, bundle.root()));
    let now = i64::from(bundle.query.day) * 86_400 + 43_200;
    let _ = bundle.verify(&attested(root), &accepted(), &log, now);
}

/// A log that knows one head.
fn log(core: &Core, root: B256) -> LogView {
    let head = Head {
        dataset: core.dataset,
        sequence: core.sequence,
        root,
        since: core.as_of,
    };
    LogView {
        heads: vec![head],
        entries: vec![],
    }
}

/// Decodes a receipt, and verifies it with its root accepted.
pub fn receipt(bytes: &[u8]) {
    let receipt = match Receipt::decode(bytes) {
        Ok(receipt) => receipt,
        Err(error) => return drop(error.to_string()),
    };
    assert_eq!(receipt.encode(), bytes, "a receipt has one encoding");
    let record = &receipt.record;
    let _ = (record.claims(), record.point(), record.segment());
    match receipt.verify(&attested(record.root()), &accepted()) {
        Ok(verified) => show(&verified),
        Err(error) => drop(error.to_string()),
    }
}

/// Asks a verified receipt for everything it says.
fn show(receipt: &VerifiedReceipt) {
    let core = receipt.core();
    assert!(receipt.row() < core.rows);
    assert!(receipt.codes().all(|(_, c, code)| code < c.codes()));
    assert!(receipt.consents_left_out() <= usize::from(core.columns));
    let standing = receipt.standing(&log(core, receipt.root()), core.as_of);
    assert_eq!(standing, Ok(Standing::Head));
}

/// Decodes a query and compiles it over the clinic's schema.
pub fn query(bytes: &[u8]) {
    let Ok(query) = Query::decode(bytes) else {
        return;
    };
    assert_eq!(query.encode(), bytes, "a query has one encoding");
    let columns = fixtures::clinic();
    if query.check(columns).is_err() {
        return;
    }
    let header = fixtures::header(columns);
    let consent = header.consent(query.purpose).map(|(place, _)| place);
    if let Ok(statement) = Statement::new(query, &header.core, consent, columns) {
        walk(&statement);
    }
}

/// Asks a statement for everything it says.
fn walk(statement: &Statement) {
    let leaves = statement.leaves();
    assert!(leaves.iter().all(|(c, _)| statement.columns().contains(c)));
    let _ = (statement.slots(Fr::one()), statement.policy_word());
    let cells = vec![0; statement.used_cells().len()];
    assert!(statement.fill(&cells).is_ok(), "as many cells as are used");
}

/// Decodes a header.
pub fn header(bytes: &[u8]) {
    let Ok(header) = Header::decode(bytes) else {
        return;
    };
    assert_eq!(header.encode(), bytes, "a header has one encoding");
    let _ = (header.root(), header.core.row_bits());
    for (place, column) in (0..).zip(&header.columns) {
        assert_eq!(header.find(&column.name), Some((place, column)));
        let labels = [0, 1, column.codes().saturating_sub(1), u16::MAX];
        let _ = labels.map(|code| column.label(code));
    }
}

/// Decodes an SRS, a key of either shape, or an attestation, as the first byte says.
pub fn keys(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let encoded = match kind % 4 {
        0 => VerifierSrs::decode(bytes).map(|k| k.encode()),
        1 => VerifierKey::decode(Shape::Compact, bytes).map(|k| k.encode()),
        2 => VerifierKey::decode(Shape::Wide, bytes).map(|k| k.encode()),
        _ => {
            let _ = trust::attestor(B256::ZERO, bytes);
            return;
        }
    };
    if let Ok(encoded) = encoded {
        assert_eq!(encoded, bytes, "a key has one encoding");
    }
}
