//! The end of a service.

use crate::harness::{
    DATASET, KEYS, PATIENCE, Running, config, gated, refused, submission, submit,
};
use nectar_proto::JobState;
use nectar_prover::Config;
use std::{process::Command, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use tonic::Code;

#[tokio::test(flavor = "multi_thread")]
async fn jobs_end_and_are_fetched_before_the_service_does() {
    let mut server = Running::start(config(), KEYS.clone()).await;
    let mut client = server.client().await;
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let job = client.submit(&submission(&snapshot)).await.expect("a job");
    server.stop();
    sleep(Duration::from_millis(50)).await;
    refused(
        client.submit(&submission(&snapshot)).await,
        Code::Unavailable,
        "shutting down",
    );
    let end = client.watch(job.id, |_| {}).await.expect("a job followed");
    assert_eq!(end.state, JobState::Succeeded);
    sleep(Duration::from_millis(100)).await;
    client.bundle(job.id).await.expect("a bundle");
    server.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_outlast_the_grace_are_aborted() {
    let (keys, _gate) = gated();
    let config = Config {
        shutdown_grace_seconds: 1,
        ..config()
    };
    let mut server = Running::start(config, keys).await;
    let mut client = server.client().await;
    let job = submit(&mut client).await.expect("a job");
    let begin = Instant::now();
    server.stop();
    let end = client.watch(job.id, |_| {}).await.expect("a job followed");
    assert_eq!(end.state, JobState::Failed);
    server.ended().await;
    assert!(begin.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_signal_is_a_request_to_stop() {
    let requested = nectar_prover::shutdown::requested().expect("handlers");
    let kill = format!("kill -TERM {}", std::process::id());
    let killed = Command::new("sh").args(["-c", &kill]).status();
    assert!(killed.expect("a shell").success());
    timeout(PATIENCE, requested).await.expect("a request");
}
