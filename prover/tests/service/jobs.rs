//! Queue, cancellation, deadlines, idempotency, and what the clock hides.

use crate::harness::{
    DATASET, KEYS, PATIENCE, Running, config, gated, refused, submission, submit,
};
use nectar_client::Client;
use nectar_proto::{JobId, JobStage, JobState, JobStatus};
use nectar_prover::Config;
use std::{num::NonZeroU32, time::Duration};
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};
use tonic::Code;

async fn end(client: &mut Client, id: JobId) -> JobStatus {
    let watch = client.watch(id, |_| {});
    let end = timeout(PATIENCE, watch).await.expect("an end");
    end.expect("a job followed")
}

/// Waits until a job is held at the circuit stage.
async fn held(client: &mut Client, id: JobId) {
    let held = async {
        while client.job(id).await.expect("a job").stage != Some(JobStage::Circuit) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, held).await.expect("the circuit stage");
}

fn small() -> Config {
    Config {
        max_running_jobs: 1,
        max_queued_jobs: 1,
        ..config()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_jobs() {
    let (keys, gate) = gated();
    let server = Running::start(small(), keys).await;
    let mut client = server.client().await;
    let first = submit(&mut client).await.expect("a job");
    held(&mut client, first.id).await;
    let second = submit(&mut client).await.expect("a job");
    refused(
        submit(&mut client).await,
        Code::ResourceExhausted,
        "too many jobs",
    );
    let waiting = client.job(second.id).await.expect("a job");
    assert_eq!(waiting.state, JobState::Queued);

    // A job that is cancelled while it waits leaves the queue at once.
    let cancelled = client.cancel(second.id).await.expect("a job");
    assert_eq!(cancelled.state, JobState::Cancelled);
    sleep(Duration::from_millis(200)).await;
    let third = submit(&mut client).await.expect("a place");
    drop(gate);
    assert_eq!(end(&mut client, first.id).await.state, JobState::Failed);
    assert_eq!(end(&mut client, third.id).await.state, JobState::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_stops_and_has_no_bundle() {
    let (keys, gate) = gated();
    let server = Running::start(small(), keys).await;
    let mut client = server.client().await;
    let job = submit(&mut client).await.expect("a job");
    refused(
        client.bundle(job.id).await,
        Code::FailedPrecondition,
        "not finished",
    );
    held(&mut client, job.id).await;
    let cancelled = client.cancel(job.id).await.expect("a job");
    assert_eq!(cancelled.state, JobState::Cancelled);
    assert_eq!(end(&mut client, job.id).await, cancelled);
    refused(
        client.bundle(job.id).await,
        Code::FailedPrecondition,
        "the job has no bundle",
    );

    // Its permit is held until the engine has stopped.
    let next = submit(&mut client).await.expect("a job");
    sleep(Duration::from_millis(200)).await;
    let waiting = client.job(next.id).await.expect("a job");
    assert_eq!(waiting.state, JobState::Queued);
    drop(gate);
    assert_eq!(end(&mut client, next.id).await.state, JobState::Failed);
    assert_eq!(client.job(job.id).await.expect("a job"), cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_jobs_leave_no_tasks() {
    const MANY: usize = 50;
    let (keys, _gate) = gated();
    let config = Config {
        max_queued_jobs: MANY,
        max_stored_jobs: 2,
        ..small()
    };
    let server = Running::start(config, keys).await;
    let mut client = server.client().await;
    let first = submit(&mut client).await.expect("a job");
    held(&mut client, first.id).await;
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for _ in 0..MANY {
        let job = submit(&mut client).await.expect("a job");
        client.cancel(job.id).await.expect("a job");
    }
    // The sweeper, and what a connection starts for a moment, but nothing for each job.
    let settled = async {
        while tasks() > before + MANY / 2 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE / 6, settled).await.expect("no task a job");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_looks_the_same() {
    let (keys, gate) = gated();
    let server = Running::start(small(), keys).await;
    let mut client = server.client().await;
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let mut hurried = submission(&snapshot);
    hurried.deadline_seconds = NonZeroU32::new(1);

    // One job runs into its deadline while it is worked on, one while it waits, and one fails.
    let begin = Instant::now();
    let late = client.submit(&hurried).await.expect("a job");
    let later = client.submit(&hurried).await.expect("a job");
    let [late, later] = [
        end(&mut client, late.id).await,
        end(&mut client, later.id).await,
    ];
    assert!(begin.elapsed() >= Duration::from_secs(1));
    drop(gate);
    let broken = submit(&mut client).await.expect("a job");
    let broken = end(&mut client, broken.id).await;
    for status in [late, later, broken] {
        let id = broken.id;
        assert_eq!(JobStatus { id, ..status }, broken);
        assert_eq!(status.state, JobState::Failed);
    }
    for id in [late.id, broken.id] {
        refused(
            client.bundle(id).await,
            Code::FailedPrecondition,
            "the job has no bundle",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_own_deadline_holds() {
    let (keys, _gate) = gated();
    let config = Config {
        job_deadline_seconds: 1,
        ..config()
    };
    let server = Running::start(config, keys).await;
    let mut client = server.client().await;
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let mut patient = submission(&snapshot);
    patient.deadline_seconds = NonZeroU32::new(u32::MAX);
    let job = client.submit(&patient).await.expect("a job");
    assert_eq!(end(&mut client, job.id).await.state, JobState::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_submission_gives_the_same_job() {
    let (keys, _gate) = gated();
    let server = Running::start(small(), keys).await;
    let mut client = server.client().await;
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let mut keyed = submission(&snapshot);
    keyed.idempotency_key = Some("0123456789abcdef".into());
    let first = client.submit(&keyed).await.expect("a job");
    submit(&mut client).await.expect("the last place");
    let again = client.submit(&keyed).await.expect("the same job");
    assert_eq!(again.id, first.id);

    keyed.query.literals.clear();
    refused(
        client.submit(&keyed).await,
        Code::AlreadyExists,
        "stands for another submission",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_between_ticks() {
    let config = Config {
        progress_tick_milliseconds: 1500,
        ..config()
    };
    // Without a gate the job fails within milliseconds.
    let (keys, gate) = gated();
    drop(gate);
    let server = Running::start(config.clone(), keys).await;
    let mut client = server.client().await;
    let begin = Instant::now();
    let job = submit(&mut client).await.expect("a job");
    let mut stages = vec![];
    client
        .watch(job.id, |s| stages.push((s.stage, begin.elapsed())))
        .await
        .expect("a job followed");
    let (last, early) = stages.split_last().expect("an end");
    assert!(last.1 >= Duration::from_millis(1500), "{stages:?}");
    assert!(early.iter().all(|(stage, _)| stage.is_none()), "{stages:?}");
    drop(server);

    // Nor does an answer come faster than a failure.
    let server = Running::start(config, KEYS.clone()).await;
    let mut client = server.client().await;
    let begin = Instant::now();
    let job = submit(&mut client).await.expect("a job");
    assert_eq!(end(&mut client, job.id).await.state, JobState::Succeeded);
    assert!(begin.elapsed() >= Duration::from_millis(1500));
}
