//! The service from outside: a researcher's path, refusals, limits, and the end.

#![cfg(test)]

mod harness;
mod jobs;
mod manifests;
mod receipts;
mod refusals;
mod shutdown;

use harness::{DATASET, KEYS, PATIENCE, Running, config, now, refused, submission};
use nectar_params::ProverKeys;
use nectar_proto::{JobState, PublishedSnapshot};
use nectar_verifier::{
    bundle::Bundle,
    keys::Keys,
    shape::Shape,
    trust::{AcceptedKeys, AcceptedSnapshot},
    verified::{Cell, Verdict, Verified},
};
use tokio::time::timeout;
use tonic::Code;

/// What a researcher does with a bundle who trusts the attestor, these keys, and for once the service's log.
fn verify(
    bytes: &[u8],
    snapshot: &PublishedSnapshot,
    server: &Running,
    keys: &ProverKeys,
) -> Verified {
    let bundle = Bundle::decode(bytes).expect("a bundle");
    let circuit = keys.circuit(Shape::Compact).expect("a key").verifier();
    let (srs, circuit) = (*keys.srs().verifier(), circuit.clone());
    let accepted = AcceptedKeys::compiled_in().with(Keys { srs, circuit }.triple());
    let attestors = [server.attestor.address()];
    let root = AcceptedSnapshot::attested(snapshot.root, &snapshot.attestations[0], &attestors)
        .expect("an attested root");
    match bundle.verify(&root, &accepted, &snapshot.log(), now()) {
        Ok(Verdict::Verified(verified)) => verified,
        other => panic!("got {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_becomes_a_bundle_that_verifies() {
    let server = Running::start(config(), KEYS.clone()).await;
    let mut client = server.client().await;
    let datasets = client.datasets().await.expect("datasets");
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    assert_eq!(datasets.len(), 1);
    assert_eq!(datasets[0].root, snapshot.root);

    let job = client.submit(&submission(&snapshot)).await.expect("a job");
    let mut told = vec![job];
    let watch = client.watch(job.id, |s| told.push(*s));
    let end = timeout(PATIENCE, watch).await.expect("an end");
    let end = end.expect("a job followed");
    assert_eq!((end.state, end.percent), (JobState::Succeeded, 100));
    assert!(told.is_sorted_by_key(|s| s.percent), "{told:?}");

    let bundle = client.bundle(job.id).await.expect("a bundle");
    let verified = verify(&bundle, &snapshot, &server, &KEYS);
    // 150 of sex 1, none of them among every tenth, which has sex 0.
    let cell = verified.cell(0, 0, 0);
    assert!(
        matches!(cell, Some(Cell::Released { value: 150, .. })),
        "{cell:?}"
    );

    let kept = client.cancel(job.id).await.expect("a job");
    assert_eq!(kept, end);
    assert_eq!(client.job(job.id).await.expect("a job"), end);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_outlives_the_clients_interest() {
    let server = Running::start(config(), KEYS.clone()).await;
    let mut client = server.client().await;
    let job = harness::submit(&mut client).await.expect("a job");
    let mut raw = server.raw().await;
    let job_id = job.id.to_string();
    let request = nectar_proto::v1::WatchJobRequest { job_id };
    let stream = raw.watch_job(request).await.expect("a stream");
    drop((stream, raw, client));

    let mut client = server.client().await;
    let end = timeout(PATIENCE, client.watch(job.id, |_| {})).await;
    let end = end.expect("an end").expect("a job followed");
    assert_eq!(end.state, JobState::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_jobs_are_dropped_after_a_while() {
    let (keys, gate) = harness::gated();
    drop(gate);
    let config = nectar_prover::Config {
        result_ttl_seconds: 1,
        ..config()
    };
    let server = Running::start(config, keys).await;
    let mut client = server.client().await;
    // The second comes when no job is kept any more.
    for _ in 0..2 {
        let job = harness::submit(&mut client).await.expect("a job");
        client.watch(job.id, |_| {}).await.expect("an end");
        client.job(job.id).await.expect("a job still known");
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        refused(client.job(job.id).await, Code::NotFound, "unknown job");
    }
}
