//! The client of researchers and subjects. Nothing it fetches is trusted: bundles and receipts are for the verifier.

pub use nectar_proto::{
    DatasetHead, JobId, JobIdError, JobStage, JobState, JobStatus, ManifestRequest,
    PublishedSnapshot, ReceiptRequest, Secret, Submission,
};

use nectar_proto::{
    ConvertError, MAX_HEADER_BYTES,
    v1::{self, nectar_service_client::NectarServiceClient},
};
use nectar_verifier::bundle::MAX_BYTES;
use std::{net::IpAddr, time::Duration};
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint, Uri},
};

/// Most bytes of one message: a snapshot, and room for attestations and framing.
const MAX_MESSAGE_BYTES: usize = MAX_HEADER_BYTES + (64 << 10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const KEEPALIVE: Duration = Duration::from_secs(30);
/// Most characters shown of what a service says.
const MAX_SHOWN: usize = 500;

/// A connection to a service.
#[derive(Debug, Clone)]
pub struct Client(NectarServiceClient<Channel>);

/// Why the service's answer is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not a URL of a service.
    #[error("{0}: not a URL like http://127.0.0.1:7420")]
    Url(String),
    /// TLS is not there yet.
    #[error("{0}: https is not supported yet")]
    Tls(String),
    /// Plaintext to another machine.
    #[error(
        "{0}: others on the network could read queries and answers; plaintext is for this machine only"
    )]
    Plaintext(String),
    /// No connection.
    #[error("cannot connect: {0}")]
    Connect(#[from] tonic::transport::Error),
    /// The service refuses or fails.
    #[error("the service says {code:?}: {message}")]
    Refused {
        /// The gRPC code.
        code: Code,
        /// Its words, without control characters.
        message: String,
    },
    /// The service sent something it should not.
    #[error("the service sent a malformed message: {0}")]
    Malformed(#[from] ConvertError),
    /// A bundle is too large.
    #[error("the bundle has {0} bytes, at most {MAX_BYTES} are taken")]
    Size(u64),
    /// The bytes of a bundle are not as many as announced.
    #[error("the bundle has {got} bytes, {want} were announced")]
    Length {
        /// Bytes received.
        got: usize,
        /// Bytes announced.
        want: usize,
    },
    /// The stream of a job's states ended before the job.
    #[error("the service ended the stream of states before the job had ended")]
    Unfinished,
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        let shown = status.message().chars().take(MAX_SHOWN);
        ClientError::Refused {
            code: status.code(),
            message: shown.filter(|c| !c.is_control()).collect(),
        }
    }
}

impl Client {
    /// Connects to a service on this machine, as in `http://127.0.0.1:7420`.
    ///
    /// # Errors
    /// [`ClientError`]; a service elsewhere needs [`Client::connect_insecure`] until there is TLS.
    pub async fn connect(url: &str) -> Result<Self, ClientError> {
        let uri = parse(url)?;
        if is_loopback(&uri) {
            Self::open(uri).await
        } else {
            Err(ClientError::Plaintext(url.into()))
        }
    }

    /// Connects without TLS to any machine: everybody on the way can read and change what is sent. Changed
    /// answers do not verify.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn connect_insecure(url: &str) -> Result<Self, ClientError> {
        Self::open(parse(url)?).await
    }

    async fn open(uri: Uri) -> Result<Self, ClientError> {
        let channel = Endpoint::from(uri)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE)
            .tcp_nodelay(true)
            .connect()
            .await?;
        let client = NectarServiceClient::new(channel).max_decoding_message_size(MAX_MESSAGE_BYTES);
        Ok(Client(client))
    }

    /// The datasets the service answers for.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn datasets(&mut self) -> Result<Vec<DatasetHead>, ClientError> {
        let answer = self.0.list_datasets(v1::ListDatasetsRequest {}).await?;
        Ok(answer.into_inner().try_into()?)
    }

    /// The head among a dataset's snapshots. Root and header belong together; nothing else about it is checked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn snapshot(&mut self, dataset: &str) -> Result<PublishedSnapshot, ClientError> {
        let dataset = dataset.into();
        let answer = self.0.get_snapshot(v1::GetSnapshotRequest { dataset });
        Ok(answer.await?.into_inner().try_into()?)
    }

    /// Fetches a published manifest, piece by piece as it arrives: `take` is given every piece and decides when there
    /// are too many, as a manifest's verifier does, which knows from the header what is to come. No piece is larger
    /// than a message may be, and none is empty.
    ///
    /// # Errors
    /// [`ClientError`], or what `take` says.
    pub async fn manifest<E: From<ClientError>>(
        &mut self,
        request: &ManifestRequest,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let request = v1::GetManifestRequest::from(request);
        let answer = self.0.get_manifest(request).await;
        let mut stream = answer.map_err(ClientError::from)?.into_inner();
        while let Some(piece) = stream.message().await.map_err(ClientError::from)? {
            take(&filled(piece.chunk).map_err(ClientError::from)?)?;
        }
        Ok(())
    }

    /// Hands in a query.
    ///
    /// # Errors
    /// [`ClientError`]; a query that no verifier would accept is refused with the reason.
    pub async fn submit(&mut self, submission: &Submission) -> Result<JobStatus, ClientError> {
        let request = v1::SubmitQueryRequest::from(submission);
        let answer = self.0.submit_query(request).await?;
        Ok(answer.into_inner().job.try_into()?)
    }

    /// Where a job stands.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn job(&mut self, id: JobId) -> Result<JobStatus, ClientError> {
        let job_id = id.to_string();
        let answer = self.0.get_job(v1::GetJobRequest { job_id }).await?;
        Ok(answer.into_inner().job.try_into()?)
    }

    /// Follows a job to its end, and gives that; `event` is told where it stands and every change.
    ///
    /// # Errors
    /// [`ClientError`]. A job that failed is none: the state says so.
    pub async fn watch(
        &mut self,
        id: JobId,
        mut event: impl FnMut(&JobStatus),
    ) -> Result<JobStatus, ClientError> {
        let job_id = id.to_string();
        let answer = self.0.watch_job(v1::WatchJobRequest { job_id }).await?;
        let mut stream = answer.into_inner();
        while let Some(message) = stream.message().await? {
            let status = JobStatus::try_from(message.job)?;
            event(&status);
            if status.state.is_final() {
                return Ok(status);
            }
        }
        Err(ClientError::Unfinished)
    }

    /// The bundle of a job that has succeeded, at most [`MAX_BYTES`].
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn bundle(&mut self, id: JobId) -> Result<Vec<u8>, ClientError> {
        let job_id = id.to_string();
        let answer = self.0.get_bundle(v1::GetBundleRequest { job_id }).await?;
        let (mut stream, mut bundle, mut want) = (answer.into_inner(), vec![], 0);
        while let Some(piece) = stream.message().await? {
            let chunk = filled(piece.chunk)?;
            want = announced(piece.total_bytes)?;
            bundle.extend(chunk);
            if bundle.len() > want {
                break;
            }
        }
        match bundle.len() {
            got if got == want => Ok(bundle),
            got => Err(ClientError::Length { got, want }),
        }
    }

    /// Cancels a job; one that is over stays as it is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn cancel(&mut self, id: JobId) -> Result<JobStatus, ClientError> {
        let job_id = id.to_string();
        let answer = self.0.cancel_job(v1::CancelJobRequest { job_id }).await?;
        Ok(answer.into_inner().job.try_into()?)
    }

    /// A receipt of the subject's own row under the head. The secret goes to the service, which has the row anyway.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn receipt(&mut self, request: &ReceiptRequest) -> Result<Vec<u8>, ClientError> {
        let request = v1::IssueReceiptRequest::from(request);
        let answer = self.0.issue_receipt(request).await?;
        Ok(answer.into_inner().receipt)
    }
}

/// A chunk that holds something: of empty ones a stream could have any number.
fn filled(chunk: Vec<u8>) -> Result<Vec<u8>, ConvertError> {
    if chunk.is_empty() {
        return Err(ConvertError::Missing("chunk"));
    }
    Ok(chunk)
}

/// The length of a bundle, if so long a one is taken.
fn announced(total_bytes: u64) -> Result<usize, ClientError> {
    let total = usize::try_from(total_bytes).ok();
    let total = total.filter(|t| *t <= MAX_BYTES);
    total.ok_or(ClientError::Size(total_bytes))
}

fn parse(url: &str) -> Result<Uri, ClientError> {
    let uri: Uri = url.parse().map_err(|_| ClientError::Url(url.into()))?;
    match uri.scheme_str() {
        Some("http") if uri.host().is_some() => Ok(uri),
        Some("https") => Err(ClientError::Tls(url.into())),
        _ => Err(ClientError::Url(url.into())),
    }
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|a: IpAddr| a.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, want: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let got = runtime.block_on(Client::connect(url)).unwrap_err();
        assert!(got.to_string().contains(want), "got {got}, want {want}");
    }

    #[test]
    fn plaintext_is_for_this_machine() {
        for url in [
            "http://192.0.2.1:7420",
            "http://nectar.example:7420",
            "http://127.0.0.1.example",
        ] {
            check(url, "plaintext is for this machine only");
        }
        check("https://127.0.0.1:7420", "https is not supported yet");
        check("127.0.0.1:7420", "not a URL");
        check("ftp://127.0.0.1", "not a URL");
        for url in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"] {
            check(url, "cannot connect");
        }
    }

    #[test]
    fn bundles_and_chunks_have_lengths_within_bounds() {
        let most = MAX_BYTES as u64;
        assert_eq!(announced(most).unwrap(), MAX_BYTES);
        for long in [most + 1, u64::MAX] {
            let got = announced(long).unwrap_err();
            assert!(matches!(got, ClientError::Size(size) if size == long));
        }
        assert_eq!(filled(vec![1]), Ok(vec![1]));
        assert_eq!(filled(vec![]), Err(ConvertError::Missing("chunk")));
    }

    #[test]
    fn what_a_service_says_cannot_drive_a_terminal() {
        let status = Status::invalid_argument(format!("\u{1b}[2J{}", "x".repeat(1000)));
        let shown = ClientError::from(status).to_string();
        assert!(!shown.contains('\u{1b}') && shown.len() < 600);
    }
}
