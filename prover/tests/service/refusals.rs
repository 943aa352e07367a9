//! What is refused before any record is read, and why.

use crate::harness::{DATASET, Running, config, gated, query, refused, submission, today};
use nectar_client::ClientError;
use nectar_proto::{JobId, Submission, v1};
use nectar_verifier::{
    column::purpose_id,
    query::{CodeSet, MAX_QUERY_BYTES},
};
use tonic::{Code, Status};

async fn check(mutate: impl FnOnce(&mut Submission), code: Code, why: &str) {
    let server = Running::start(config(), gated().0).await;
    let mut client = server.client().await;
    let snapshot = client.snapshot(DATASET).await.expect("a snapshot");
    let mut submission = submission(&snapshot);
    mutate(&mut submission);
    refused(client.submit(&submission).await, code, why);
}

#[tokio::test]
async fn queries_that_do_not_verify_are_refused_with_the_reason() {
    let invalid = Code::InvalidArgument;
    let consent = |s: &mut Submission| s.query.literals[0].column = 2;
    check(consent, invalid, "column 2 cannot be used in a query").await;
    let overlapping = |s: &mut Submission| {
        s.query.literals[0].set = CodeSet {
            missing: false,
            runs: vec![(1, 1), (1, 2)],
        };
    };
    check(
        overlapping,
        invalid,
        "code set of column 1 is not canonical",
    )
    .await;
    let purpose = |s: &mut Submission| s.query.purpose = purpose_id("marketing");
    let marketing = format!("no consent column for purpose {}", purpose_id("marketing"));
    check(
        purpose,
        invalid,
        &format!("{marketing}; the dataset has: research"),
    )
    .await;
    let uncovered = |s: &mut Submission| s.query.day = today() - 5000;
    check(uncovered, invalid, "outside the periods").await;
}

#[tokio::test]
async fn dates_outside_the_window_are_refused() {
    let past = |s: &mut Submission| s.query.day = today() - 40;
    check(past, Code::InvalidArgument, "outside the window").await;
    let future = |s: &mut Submission| s.query.day = today() + 2;
    check(future, Code::InvalidArgument, "outside the window").await;
}

#[tokio::test]
async fn other_datasets_and_snapshots_are_refused() {
    let unknown = |s: &mut Submission| s.dataset = "elsewhere".into();
    check(unknown, Code::NotFound, "unknown dataset").await;
    let stale = |s: &mut Submission| s.root.0[0] ^= 1;
    check(
        stale,
        Code::FailedPrecondition,
        "not that of the dataset's head",
    )
    .await;
    let short = |s: &mut Submission| s.idempotency_key = Some("1".into());
    check(short, Code::InvalidArgument, "16 to 64 bytes").await;
}

fn request(query: Vec<u8>, root: Vec<u8>) -> v1::SubmitQueryRequest {
    v1::SubmitQueryRequest {
        dataset: DATASET.into(),
        snapshot_root: root,
        query,
        ..Default::default()
    }
}

#[tokio::test]
async fn malformed_messages_are_refused() {
    let server = Running::start(config(), gated().0).await;
    let mut raw = server.raw().await;
    let padded = [query().encode(), vec![0; 32]].concat();
    let cases = [
        (request(vec![], vec![0; 32]), Code::InvalidArgument),
        (request(vec![0xff; 500], vec![0; 32]), Code::InvalidArgument),
        (request(padded, vec![0; 32]), Code::InvalidArgument),
        (
            request(query().encode(), vec![0; 31]),
            Code::InvalidArgument,
        ),
        (
            request(vec![0; MAX_QUERY_BYTES + 1], vec![0; 32]),
            Code::InvalidArgument,
        ),
        (
            request(vec![0; 2 * MAX_QUERY_BYTES], vec![0; 32]),
            Code::OutOfRange,
        ),
    ];
    for (request, want) in cases {
        let got = raw.submit_query(request).await.expect_err("a refusal");
        assert_eq!(got.code(), want, "{}", got.message());
    }
}

#[tokio::test]
async fn unknown_jobs_are_not_found() {
    let server = Running::start(config(), gated().0).await;
    let mut client = server.client().await;
    let id = JobId::from_bytes([7; 16]);
    refused(client.job(id).await, Code::NotFound, "unknown job");
    refused(
        client.watch(id, |_| {}).await,
        Code::NotFound,
        "unknown job",
    );
    refused(client.bundle(id).await, Code::NotFound, "unknown job");
    refused(client.cancel(id).await, Code::NotFound, "unknown job");
    refused(
        client.snapshot("elsewhere").await,
        Code::NotFound,
        "unknown dataset",
    );

    let job_id = id.to_string().to_uppercase() + "a";
    let got = server
        .raw()
        .await
        .get_job(v1::GetJobRequest { job_id })
        .await;
    let got: Result<(), _> = got.map(|_| ()).map_err(|s: Status| ClientError::from(s));
    refused(
        got,
        Code::InvalidArgument,
        "32 lower-case hexadecimal digits",
    );
}
