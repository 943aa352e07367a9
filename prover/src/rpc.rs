//! The calls of `nectar.v1.NectarService`.

use super::{
    catalog::Catalog,
    jobs::{Job, Jobs, State},
    manifests::Manifests,
    receipts::Receipts,
    refusal::Refusal,
};
use nectar_proto::{
    ConvertError, JobId, JobStatus, ManifestRequest, ReceiptRequest, Submission,
    v1::{self, nectar_service_server::NectarService},
};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

/// Bytes of a bundle or manifest in one message.
pub(super) const CHUNK_BYTES: usize = 1 << 20;

pub(super) type Answers<T> = ReceiverStream<Result<T, Status>>;

/// The service's side of the wire.
pub struct Rpc {
    catalog: Arc<Catalog>,
    jobs: Arc<Jobs>,
    manifests: Manifests,
    receipts: Arc<Receipts>,
    streams: Arc<Semaphore>,
}

impl Rpc {
    /// Serves these; `streams` bounds watched jobs, bundles and manifests on their way.
    pub fn new(
        catalog: Arc<Catalog>,
        jobs: Arc<Jobs>,
        receipts: Arc<Receipts>,
        streams: usize,
    ) -> Self {
        let streams = Arc::new(Semaphore::new(streams));
        Rpc {
            catalog,
            jobs,
            manifests: Manifests::new(),
            receipts,
            streams,
        }
    }

    fn stream(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let permit = self.streams.clone().try_acquire_owned();
        permit.map_err(|_| Refusal::Streams)
    }

    fn find(&self, id: &str) -> Result<Arc<Job>, Refusal> {
        self.jobs.find(job_id(id)?)
    }
}

fn job_id(text: &str) -> Result<JobId, Refusal> {
    Ok(text.parse().map_err(ConvertError::from)?)
}

fn told(status: JobStatus) -> Option<v1::Job> {
    Some((&status).into())
}

#[tonic::async_trait]
impl NectarService for Rpc {
    type WatchJobStream = Answers<v1::WatchJobResponse>;
    type GetBundleStream = Answers<v1::GetBundleResponse>;
    type GetManifestStream = Answers<v1::GetManifestResponse>;

    async fn list_datasets(
        &self,
        _: Request<v1::ListDatasetsRequest>,
    ) -> Result<Response<v1::ListDatasetsResponse>, Status> {
        let datasets = self.catalog.heads().map(|d| (&d).into()).collect();
        Ok(Response::new(v1::ListDatasetsResponse { datasets }))
    }

    async fn get_snapshot(
        &self,
        request: Request<v1::GetSnapshotRequest>,
    ) -> Result<Response<v1::GetSnapshotResponse>, Status> {
        let published = self.catalog.published(&request.get_ref().dataset)?;
        let snapshot = Some(published.into());
        Ok(Response::new(v1::GetSnapshotResponse { snapshot }))
    }

    async fn get_manifest(
        &self,
        request: Request<v1::GetManifestRequest>,
    ) -> Result<Response<Self::GetManifestStream>, Status> {
        let request = ManifestRequest::try_from(request.into_inner()).map_err(Refusal::from)?;
        let manifest = self.catalog.manifest(&request)?;
        let stream = self.manifests.stream(manifest, self.stream()?)?;
        Ok(Response::new(stream))
    }

    async fn submit_query(
        &self,
        request: Request<v1::SubmitQueryRequest>,
    ) -> Result<Response<v1::SubmitQueryResponse>, Status> {
        let submission = Submission::try_from(request.into_inner()).map_err(Refusal::from)?;
        let job = told(self.jobs.submit(submission)?.status());
        Ok(Response::new(v1::SubmitQueryResponse { job }))
    }

    async fn get_job(
        &self,
        request: Request<v1::GetJobRequest>,
    ) -> Result<Response<v1::GetJobResponse>, Status> {
        let job = told(self.find(&request.get_ref().job_id)?.status());
        Ok(Response::new(v1::GetJobResponse { job }))
    }

    async fn watch_job(
        &self,
        request: Request<v1::WatchJobRequest>,
    ) -> Result<Response<Self::WatchJobStream>, Status> {
        let job = self.find(&request.get_ref().job_id)?;
        let (permit, (sender, receiver)) = (self.stream()?, mpsc::channel(1));
        tokio::spawn(async move {
            let _permit = permit;
            watch(&job, &sender).await;
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn get_bundle(
        &self,
        request: Request<v1::GetBundleRequest>,
    ) -> Result<Response<Self::GetBundleStream>, Status> {
        let job = self.find(&request.get_ref().job_id)?;
        let bundle = match job.state() {
            State::Succeeded(bundle) => bundle,
            State::Queued | State::Running(_) => return Err(Refusal::NotFinished.into()),
            State::Failed | State::Cancelled => return Err(Refusal::NoBundle.into()),
        };
        let (permit, (sender, receiver)) = (self.stream()?, mpsc::channel(1));
        tokio::spawn(async move {
            let _permit = permit;
            deliver(&job, &bundle, &sender).await;
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn cancel_job(
        &self,
        request: Request<v1::CancelJobRequest>,
    ) -> Result<Response<v1::CancelJobResponse>, Status> {
        let id = job_id(&request.get_ref().job_id)?;
        let job = told(self.jobs.cancel(id)?.status());
        Ok(Response::new(v1::CancelJobResponse { job }))
    }

    async fn issue_receipt(
        &self,
        request: Request<v1::IssueReceiptRequest>,
    ) -> Result<Response<v1::IssueReceiptResponse>, Status> {
        let request = ReceiptRequest::try_from(request.into_inner()).map_err(Refusal::from)?;
        let receipt = self.receipts.issue(request).await?;
        Ok(Response::new(v1::IssueReceiptResponse { receipt }))
    }
}

/// Tells where a job stands until it is over or nobody listens.
async fn watch(job: &Job, sender: &mpsc::Sender<Result<v1::WatchJobResponse, Status>>) {
    let mut published = job.watch();
    loop {
        let state = published.borrow_and_update().state.clone();
        let event = v1::WatchJobResponse {
            job: told(state.status(job.id())),
        };
        if sender.send(Ok(event)).await.is_err() || state.is_final() {
            return;
        }
        tokio::select! {
            changed = published.changed() => if changed.is_err() { return },
            () = sender.closed() => return,
        }
    }
}

/// Sends a bundle in chunks. The stream ends early when nobody listens.
async fn deliver(
    job: &Job,
    bundle: &[u8],
    sender: &mpsc::Sender<Result<v1::GetBundleResponse, Status>>,
) {
    let total_bytes = u64::try_from(bundle.len()).unwrap_or(u64::MAX);
    for chunk in bundle.chunks(CHUNK_BYTES) {
        let chunk = chunk.to_vec();
        let piece = v1::GetBundleResponse { total_bytes, chunk };
        if sender.send(Ok(piece)).await.is_err() {
            return;
        }
    }
    job.delivered();
}
