//! Receipts for subjects: whose they are, what is refused, and how many there are at once.

use crate::harness::{DATASET, Running, config, gated, now, refused, secret};
use nectar_proto::{ReceiptRequest, Secret, v1};
use nectar_prover::Config;
use nectar_verifier::{
    circuit::Circuit,
    keys::{KeyTriple, VerifierSrs},
    receipt::Receipt,
    shape::Shape,
    trust::{AcceptedKeys, AcceptedSnapshot, Standing},
};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tonic::Code;

/// A row of the second segment, without consent.
const ROW: u32 = 270;

fn request(secret: Secret, columns: &[&str]) -> ReceiptRequest {
    ReceiptRequest {
        dataset: DATASET.into(),
        secret,
        columns: columns.iter().map(|c| (*c).into()).collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_gets_a_receipt_of_their_own_row() {
    let server = Running::start(config(), gated().0).await;
    let mut client = server.client().await;
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let asked = request(secret(ROW), &["consent", "age"]);
    let bytes = client.receipt(&asked).await.expect("a receipt");

    let receipt = Receipt::decode(&bytes).expect("a receipt");
    let attestors = [server.attestor.address()];
    let root = AcceptedSnapshot::attested(snapshot.root, &snapshot.attestations[0], &attestors)
        .expect("an attested root");
    let srs = VerifierSrs::decode(&receipt.record.srs).expect("an SRS");
    let keys = AcceptedKeys::compiled_in().with(KeyTriple {
        srs: srs.digest(),
        key: Default::default(),
        circuit: Circuit::Release(Shape::Compact),
    });
    let verified = receipt.verify(&root, &keys).expect("a true receipt");
    assert!(verified.is_of(secret(ROW).expose()));
    assert_eq!(verified.row(), ROW);
    let codes: Vec<_> = verified
        .codes()
        .map(|(_, c, code)| (&*c.name, code))
        .collect();
    assert_eq!(codes, [("age", 71), ("consent", 0)]);
    assert_eq!(
        verified.standing(&snapshot.log(), now()),
        Ok(Standing::Head)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_secret_gets_no_receipt() {
    let server = Running::start(config(), gated().0).await;
    let mut client = server.client().await;
    let foreign = request(Secret::from_bytes([9; 32]), &["consent"]);
    let why = "no row of the dataset has the tag of this secret";
    refused(client.receipt(&foreign).await, Code::NotFound, why);

    // A tag is no secret: it opens nothing.
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let tag = nectar_verifier::receipt::tag(secret(ROW).expose(), snapshot.header.core.dataset);
    let tag = Secret::from_bytes(nectar_verifier::field::to_be(&tag));
    let why = "no row of the dataset has the tag";
    refused(
        client.receipt(&request(tag, &[])).await,
        Code::NotFound,
        why,
    );

    let mut raw = server.raw().await;
    for length in [0, 31, 33] {
        let mut wire = v1::IssueReceiptRequest::from(&request(secret(ROW), &[]));
        wire.secret.resize(length, 0);
        let got = raw.issue_receipt(wire).await.expect_err("a refusal");
        assert_eq!(got.code(), Code::InvalidArgument, "{}", got.message());
        assert!(got.message().contains("want 32"), "{}", got.message());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_refused_by_name_whoever_asks() {
    let server = Running::start(config(), gated().0).await;
    let mut client = server.client().await;
    for who in [secret(ROW), Secret::from_bytes([9; 32])] {
        for (columns, why) in [
            (["age", "weight"], "no column \"weight\""),
            (["age", "tag"], "no column \"tag\""),
            (["age", "age"], "column \"age\" is asked for twice"),
        ] {
            let got = client.receipt(&request(who.clone(), &columns)).await;
            refused(got, Code::InvalidArgument, why);
        }
    }
    let mut elsewhere = request(secret(ROW), &[]);
    elsewhere.dataset = "elsewhere".into();
    refused(
        client.receipt(&elsewhere).await,
        Code::NotFound,
        "unknown dataset",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_receipts_at_once() {
    let config = Config {
        max_queued_receipts: 0,
        progress_tick_milliseconds: 1_000,
        ..config()
    };
    let server = Running::start(config, gated().0).await;
    let (mut client, mut other) = (server.client().await, server.client().await);
    let asked = request(secret(ROW), &[]);

    // Cancelling a call does not free its permit before the tick.
    let cancelled = timeout(Duration::from_millis(300), client.receipt(&asked)).await;
    assert!(cancelled.is_err(), "{cancelled:?}");
    let busy = "too many jobs or receipts";
    refused(other.receipt(&asked).await, Code::ResourceExhausted, busy);
    sleep(Duration::from_millis(2_000)).await;
    other.receipt(&asked).await.expect("a receipt");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_ends_issues_no_more() {
    let (keys, _gate) = gated();
    let mut server = Running::start(config(), keys).await;
    let mut client = server.client().await;
    // A running job keeps the service up while it shuts down.
    crate::harness::submit(&mut client).await.expect("a job");
    server.stop();
    sleep(Duration::from_millis(100)).await;
    let got = client.receipt(&request(secret(ROW), &[])).await;
    refused(got, Code::Unavailable, "shutting down");
}
