//! `nectar serve`: a custodian's service.

use super::{import::failure, params, snapshot::open};
use crate::{
    failure::{Failure, Outcome},
    file::read_text,
    keyring::Keyring,
    terminal::print,
};
use clap::Args;
use nectar_dataset::Dataset;
use nectar_engine::published::{PublishedManifest, Unproven};
use nectar_prover::{Catalog, Config, ServeError, Server, shutdown};
use std::{path::PathBuf, sync::Arc};

/// Most bytes of a configuration.
const MAX_CONFIG: usize = 1 << 20;

/// Answers queries over the latest snapshots of datasets
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar serve cohort --keys keys --params params\n\nListens on 127.0.0.1:7420 unless the \
        configuration says otherwise. SIGTERM or ctrl-c lets running jobs end first. A configuration:\n  \
        listen = \"127.0.0.1:7420\"\n  max_queued_jobs = 16\n  job_deadline_seconds = 600"
)]
pub struct Serve {
    /// The datasets' folders
    #[arg(required = true, value_name = "DIR")]
    datasets: Vec<PathBuf>,
    /// The folder of secret keys
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// The service's configuration, TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Serve {
    /// Runs the command until it is told to stop.
    ///
    /// # Errors
    /// Keys, data or configuration that are refused, and faults of files and network.
    pub fn run(self) -> Outcome {
        let config = self.config()?;
        let ring = Keyring::open(&self.keys, &self.datasets)?;
        let mut catalog = Catalog::new(Arc::new(params::load(&self.params)?));
        for folder in &self.datasets {
            let dataset = open(folder)?;
            let unproven = publish(&mut catalog, &dataset, &ring)?;
            eprintln!("{}", proofs_line(&dataset, unproven));
        }
        tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_ansi(false)
            .init();
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::io)?;
        runtime.block_on(async {
            let stop = shutdown::requested().map_err(Failure::io)?;
            let server = Server::bind(config, catalog).await.map_err(fault)?;
            print(&format!("serving on http://{}\n", server.address()))?;
            server.serve(stop).await.map_err(fault)
        })
    }

    fn config(&self) -> Outcome<Config> {
        let Some(path) = &self.config else {
            return Ok(Config::default());
        };
        let text = read_text(path, MAX_CONFIG, "a configuration")?;
        Config::parse(&text).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))
    }
}

/// Adds a dataset's latest snapshot to a catalog, and its manifest if that can be published; else tells why not.
///
/// # Errors
/// No snapshot, other keys, or I/O.
pub fn publish(
    catalog: &mut Catalog,
    dataset: &Dataset,
    ring: &Keyring,
) -> Outcome<Option<Unproven>> {
    let blinding = ring.blinding(&dataset.schema().dataset)?;
    let snapshot = dataset.snapshot(blinding).map_err(failure)?;
    let attestations = dataset.attestations().map_err(failure)?;
    let heads = dataset.log_view().map_err(failure)?.heads;
    let since = heads.last().map_or(0, |h| h.since);
    let snapshot = Arc::new(snapshot);
    let inserted = catalog.insert(snapshot.clone(), attestations, since);
    inserted.map_err(Failure::refused)?;
    let proofs = dataset.index_proofs(snapshot.header(), catalog.keys());
    match PublishedManifest::new(snapshot.shared_manifest(), proofs.map_err(failure)?) {
        Ok(manifest) => catalog
            .publish(manifest)
            .map(|()| None)
            .map_err(Failure::refused),
        Err(unproven) => Ok(Some(unproven)),
    }
}

/// How many of a dataset's columns have index proofs.
fn proofs_line(dataset: &Dataset, unproven: Option<Unproven>) -> String {
    let name = dataset.schema().dataset.escape_debug();
    match unproven {
        None => format!("{name}: every column has its index proof; the manifest can be fetched"),
        Some(unproven) => format!(
            "{name}: the manifest cannot be fetched: {unproven}; make them with `nectar snapshot prove`"
        ),
    }
}

/// A service's fault as a failure.
pub fn fault(error: ServeError) -> Failure {
    match error {
        ServeError::Config(_) => Failure::usage(error),
        other => Failure::io(other),
    }
}
