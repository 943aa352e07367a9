//! The calls of `nectar.v1.NectarService`.

use super::{
    catalog::Catalog,
    jobs::{Job, Jobs, State},
    manifests::Manifests,
    receipts::Receipts,
    refusal::Refusal,
    stream::{Messages, Sender, Streams},
};
use nectar_proto::{
    ConvertError, JobId, JobStatus, ManifestRequest, ReceiptRequest, Submission,
    v1::{self, nectar_service_server::NectarService},
};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// The service's side of the wire.
pub struct Rpc {
    catalog: Arc<Catalog>,
    jobs: Arc<Jobs>,
    manifests: Manifests,
    receipts: Arc<Receipts>,
    streams: Streams,
}

impl Rpc {
    /// Serves these; `streams` bounds watched jobs, bundles and manifests on their way.
    pub fn new(
        catalog: Arc<Catalog>,
        jobs: Arc<Jobs>,
        receipts: Arc<Receipts>,
        streams: usize,
    ) -> Self {
        Rpc {
            catalog,
            jobs,
            manifests: Manifests::new(),
            receipts,
            streams: Streams::new(streams),
        }
    }

    fn find(&self, id: &str) -> Result<Arc<Job>, Refusal> {
        self.jobs.find(job_id(id)?)
    }
}

fn job_id(text: &str) -> Result<JobId, Refusal> {
    Ok(text.parse().map_err(ConvertError::from)?)
}

fn message(status: JobStatus) -> Option<v1::Job> {
    Some((&status).into())
}

#[tonic::async_trait]
impl NectarService for Rpc {
    type WatchJobStream = Messages<v1::WatchJobResponse>;
    type GetBundleStream = Messages<v1::GetBundleResponse>;
    type GetManifestStream = Messages<v1::GetManifestResponse>;

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
        let head = self.catalog.head(&request.get_ref().dataset)?;
        let snapshot = Some(head.into());
        Ok(Response::new(v1::GetSnapshotResponse { snapshot }))
    }

    async fn get_manifest(
        &self,
        request: Request<v1::GetManifestRequest>,
    ) -> Result<Response<Self::GetManifestStream>, Status> {
        let request = ManifestRequest::try_from(request.into_inner()).map_err(Refusal::from)?;
        let manifest = self.catalog.manifest(&request)?;
        let stream = self.manifests.stream(manifest, &self.streams)?;
        Ok(Response::new(stream))
    }

    async fn submit_query(
        &self,
        request: Request<v1::SubmitQueryRequest>,
    ) -> Result<Response<v1::SubmitQueryResponse>, Status> {
        let submission = Submission::try_from(request.into_inner()).map_err(Refusal::from)?;
        let job = message(self.jobs.submit(submission)?.status());
        Ok(Response::new(v1::SubmitQueryResponse { job }))
    }

    async fn get_job(
        &self,
        request: Request<v1::GetJobRequest>,
    ) -> Result<Response<v1::GetJobResponse>, Status> {
        let job = message(self.find(&request.get_ref().job_id)?.status());
        Ok(Response::new(v1::GetJobResponse { job }))
    }

    async fn watch_job(
        &self,
        request: Request<v1::WatchJobRequest>,
    ) -> Result<Response<Self::WatchJobStream>, Status> {
        let job = self.find(&request.get_ref().job_id)?;
        let watched = |sender| async move { watch(&job, &sender).await };
        Ok(Response::new(self.streams.open(watched)?))
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
        let delivered = |sender| async move { deliver(&job, &bundle, &sender).await };
        Ok(Response::new(self.streams.open(delivered)?))
    }

    async fn cancel_job(
        &self,
        request: Request<v1::CancelJobRequest>,
    ) -> Result<Response<v1::CancelJobResponse>, Status> {
        let id = job_id(&request.get_ref().job_id)?;
        let job = message(self.jobs.cancel(id)?.status());
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
async fn watch(job: &Job, sender: &Sender<v1::WatchJobResponse>) -> Result<(), Refusal> {
    let mut view = job.watch();
    loop {
        let state = view.borrow_and_update().state.clone();
        let job = message(state.status(job.id()));
        sender.send(v1::WatchJobResponse { job }).await?;
        if state.is_final() {
            return Ok(());
        }
        tokio::select! {
            changed = view.changed() => if changed.is_err() { return Ok(()) },
            () = sender.closed() => return Ok(()),
        }
    }
}

/// Sends a bundle, and notes when all of it was handed to the network.
async fn deliver(
    job: &Job,
    bundle: &[u8],
    sender: &Sender<v1::GetBundleResponse>,
) -> Result<(), Refusal> {
    let total_bytes = u64::try_from(bundle.len()).map_err(|_| Refusal::Fault)?;
    let message = |chunk| v1::GetBundleResponse { total_bytes, chunk };
    sender.send_chunks(bundle, message).await?;
    job.delivered();
    Ok(())
}
