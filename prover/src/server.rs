//! The listening server: limits on every connection and message, and an orderly end.

use super::{
    catalog::Catalog,
    config::{Config, ConfigError},
    jobs::Jobs,
    receipts::Receipts,
    rpc::Rpc,
};
use nectar_proto::v1::nectar_service_server::NectarServiceServer;
use nectar_verifier::query::MAX_QUERY_BYTES;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    time::{sleep, timeout},
};
use tonic::transport::{Server as Transport, server::TcpIncoming};

/// Most bytes of a request: a query, and room for names and framing.
const MAX_REQUEST_BYTES: usize = MAX_QUERY_BYTES + (4 << 10);
const MAX_HEADER_LIST_BYTES: u32 = 16 << 10;
const MAX_STREAMS_PER_CONNECTION: u32 = 32;
const KEEPALIVE: Duration = Duration::from_secs(60);
/// Time for answers already on their way when everything else has ended.
const FLUSH: Duration = Duration::from_secs(5);

/// A service that listens.
pub struct Server {
    config: Config,
    catalog: Arc<Catalog>,
    jobs: Arc<Jobs>,
    receipts: Arc<Receipts>,
    listener: TcpListener,
    address: SocketAddr,
}

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// It cannot listen.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The transport failed.
    #[error(transparent)]
    Transport(#[from] tonic::transport::Error),
}

impl Server {
    /// Checks the configuration and listens; connections wait until [`Server::serve`].
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn bind(config: Config, catalog: Catalog) -> Result<Self, ServeError> {
        config.validate()?;
        let listen = |error| ServeError::Listen {
            address: config.listen,
            error,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        if !address.ip().is_loopback() {
            tracing::warn!(%address, "insecure_plaintext: others on the network can read queries and job ids");
        }
        let catalog = Arc::new(catalog);
        let jobs = Jobs::new(&config, catalog.clone());
        let receipts = Arc::new(Receipts::new(&config, catalog.clone()));
        Ok(Server {
            config,
            catalog,
            jobs,
            receipts,
            listener,
            address,
        })
    }

    /// Where it listens: the port is the one the system chose when the configuration says 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` completes. Then no further query is taken in; jobs have the configured grace to
    /// end and their bundles to be fetched, what is left is aborted, and connections are closed.
    ///
    /// # Errors
    /// The transport fails.
    pub async fn serve(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let (ended, end) = oneshot::channel::<()>();
        let (jobs, grace) = (self.jobs.clone(), self.config.shutdown_grace());
        let receipts = self.receipts.clone();
        let drain = async move {
            shutdown.await;
            receipts.close();
            drain(&jobs, grace).await;
            let _ = ended.send(());
        };
        tracing::info!(address = %self.address, "serving");
        let rpc = Rpc::new(
            self.catalog,
            self.jobs,
            self.receipts,
            self.config.max_streams,
        );
        let service = NectarServiceServer::new(rpc).max_decoding_message_size(MAX_REQUEST_BYTES);
        let incoming = TcpIncoming::from(self.listener).with_nodelay(Some(true));
        let served = transport(&self.config)
            .add_service(service)
            .serve_with_incoming_shutdown(incoming, drain);
        let flushed = async {
            let _ = end.await;
            sleep(FLUSH).await;
        };
        tokio::select! {
            served = served => served?,
            () = flushed => tracing::warn!("closing connections with answers in flight"),
        }
        tracing::info!("stopped");
        Ok(())
    }
}

async fn drain(jobs: &Jobs, grace: Duration) {
    tracing::info!("shutting down: waiting for jobs");
    jobs.close();
    if timeout(grace, jobs.drain()).await.is_err() {
        tracing::warn!(
            "aborting jobs that exceed the grace period; bundles that nobody fetched are lost"
        );
    }
    jobs.abort();
}

fn transport(config: &Config) -> Transport {
    Transport::builder()
        .timeout(config.request_timeout())
        .max_concurrent_streams(MAX_STREAMS_PER_CONNECTION)
        .http2_max_header_list_size(MAX_HEADER_LIST_BYTES)
        .http2_keepalive_interval(Some(KEEPALIVE))
        .tcp_keepalive(Some(KEEPALIVE))
}
