//! Asking a service: the query is compiled here, against the header the service publishes, and the answer is taken
//! only if it is about that query. Whether it is true is for the verifier.

use crate::{
    columns::chosen,
    failure::{Failure, Outcome},
    secret::SubjectSecret,
    terminal::bar,
};
use nectar_client::{Client, ClientError};
use nectar_proto::{JobStage, JobState, JobStatus, PublishedSnapshot, ReceiptRequest, Submission};
use nectar_sql::{Compiled, Output, Relation, compile};
use nectar_verifier::{
    bundle::Bundle,
    date::Day,
    header::dataset_id,
    receipt::{Receipt, tag},
};
use std::collections::BTreeSet;

/// What a researcher asks.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Name of the dataset.
    pub dataset: &'a str,
    /// The purpose consent has to cover.
    pub purpose: &'a str,
    /// The day on which it has to.
    pub day: Day,
    /// The query.
    pub sql: &'a str,
}

/// What came back, unverified.
#[derive(Debug)]
pub struct Reply {
    /// The bundle as it arrived.
    pub bytes: Vec<u8>,
    /// The same, decoded.
    pub bundle: Bundle,
    /// How the text wants the answer presented.
    pub outputs: Vec<Output>,
}

/// Asks, follows the work with a bar, and fetches the bundle.
///
/// # Errors
/// A text that cannot be proven, a service that refuses or cannot be reached, or one that answers something else.
pub async fn ask(client: &mut Client, question: Question<'_>) -> Outcome<Reply> {
    let snapshot = client.snapshot(question.dataset).await.map_err(failure)?;
    if snapshot.header.dataset != question.dataset {
        return Err(Failure::Refused(
            "the service gave another dataset's header".into(),
        ));
    }
    let Compiled { query, outputs } = compiled(&snapshot, question)?;
    let submission = Submission {
        dataset: question.dataset.into(),
        root: snapshot.root,
        query,
        idempotency_key: None,
        deadline_seconds: None,
    };
    let bytes = work(client, &submission).await?;
    let bundle = Bundle::decode(&bytes).map_err(Failure::refused)?;
    if bundle.query != submission.query || bundle.root() != submission.root {
        return Err(Failure::Refused(
            "the service answered another question".into(),
        ));
    }
    Ok(Reply {
        bytes,
        bundle,
        outputs,
    })
}

fn compiled(snapshot: &PublishedSnapshot, question: Question) -> Outcome<Compiled> {
    let header = &snapshot.header;
    let relation = Relation {
        name: &header.dataset,
        columns: &header.columns,
    };
    compile(question.sql, &relation, question.purpose, question.day).map_err(Failure::refused)
}

async fn work(client: &mut Client, submission: &Submission) -> Outcome<Vec<u8>> {
    let job = client.submit(submission).await.map_err(failure)?;
    let progress = bar("waiting", 100);
    let told = |status: &JobStatus| {
        progress.set_message(stage(status));
        progress.set_position(status.percent.into());
    };
    let end = client.watch(job.id, told).await;
    progress.finish_and_clear();
    match end.map_err(failure)?.state {
        JobState::Succeeded => client.bundle(job.id).await.map_err(failure),
        JobState::Cancelled => Err(Failure::Refused("the job was cancelled".into())),
        _ => Err(Failure::Refused(
            "the service aborted the job; it does not say why, since a reason may tell about records".into(),
        )),
    }
}

fn stage(status: &JobStatus) -> &'static str {
    match status.stage {
        None => "waiting",
        Some(JobStage::Table) => "counting",
        Some(JobStage::Scan) => "proving over the rows",
        Some(JobStage::Mask) => "masking",
        Some(JobStage::Opening) => "opening commitments",
        Some(JobStage::Circuit) => "proving the release",
        Some(JobStage::Check) => "checking the proof",
    }
}

/// Asks for a receipt of the subject's own row, of columns as [`chosen`] from the header the service publishes.
///
/// # Errors
/// A service that refuses or cannot be reached, or one that gives a receipt of another row.
pub async fn receipt(
    client: &mut Client,
    subject: &SubjectSecret,
    columns: &[String],
) -> Outcome<Receipt> {
    let snapshot = client.snapshot(&subject.dataset).await.map_err(failure)?;
    let asked = chosen(columns, &snapshot.header.columns);
    let request = ReceiptRequest {
        dataset: subject.dataset.clone(),
        secret: subject.secret.clone(),
        columns: asked.clone(),
    };
    let bytes = client.receipt(&request).await.map_err(failure)?;
    let receipt = Receipt::decode(&bytes).map_err(Failure::refused)?;
    let dataset = dataset_id(&subject.dataset);
    let own = tag(subject.secret.expose(), dataset);
    if receipt.record.core.dataset != dataset || receipt.record.tag != own {
        return Err(Failure::Refused(
            "the service gave a receipt of another row".into(),
        ));
    }
    // A consent left out would look like one never asked about.
    let shown: BTreeSet<_> = receipt.record.codes().map(|(_, c, _)| &c.name).collect();
    if shown != asked.iter().collect() || receipt.record.root() != snapshot.root {
        return Err(Failure::Refused(
            "the service gave a receipt of other columns or of another snapshot than were asked for".into(),
        ));
    }
    Ok(receipt)
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        failure(error)
    }
}

/// A client's fault as a failure: a refusal of the service, or a fault of the way to it.
pub fn failure(error: ClientError) -> Failure {
    match error {
        ClientError::Url(_) | ClientError::Tls(_) | ClientError::Plaintext(_) => {
            Failure::usage(error)
        }
        ClientError::Connect(_) => Failure::io(error),
        other => Failure::refused(other),
    }
}
