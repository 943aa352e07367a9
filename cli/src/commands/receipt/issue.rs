//! `nectar receipt issue`: a custodian makes a receipt, or a subject asks a service for one.

use crate::{
    columns::chosen,
    commands::{import::failure, params, query::connect, snapshot::open},
    failure::{Failure, Outcome},
    keyring::Keyring,
    private, remote,
    secret::SubjectSecret,
    terminal::{print, print_json},
};
use clap::Args;
use nectar_dataset::{Dataset, DatasetError};
use nectar_engine::receipt::{IssueError, issue, places};
use nectar_verifier::receipt::Receipt;
use serde_json::json;
use std::{
    io::BufRead,
    path::{Path, PathBuf},
};

/// Longest id of a subject in bytes: that of a cell.
const MAX_ID: u64 = 4096;

/// Makes a receipt: a custodian from a dataset's folder, a person by asking the service
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar receipt issue cohort --subject 4711 --keys keys --out receipt.nectar\n  \
        nectar receipt issue cohort --subject - --columns all --keys keys --out receipt.nectar < id.txt\n  \
        nectar receipt issue --secret cohort.secret --out receipt.nectar\n\n\
        Receipts are over the latest snapshot, of a dataset whose schema ends in a column of kind \"tag\". The file holds \
        personal data in the clear. A service is sent the secret, as proof that it is you who asks: the custodian has \
        your row anyway, everybody else must not have the secret. The service speaks plaintext, so keep to this machine, \
        or to TLS in front of it."
)]
pub struct Issue {
    /// The dataset's folder
    #[arg(
        value_name = "DIR",
        required_unless_present = "secret",
        requires = "subject",
        requires = "keys"
    )]
    dataset: Option<PathBuf>,
    /// The subject's id, as the source has it; `-` reads it from standard input, where no list of processes shows it
    #[arg(long, value_name = "ID", requires = "dataset")]
    subject: Option<String>,
    /// The folder of secret keys
    #[arg(long, value_name = "DIR", requires = "dataset")]
    keys: Option<PathBuf>,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// The file of your secret, which says for which dataset it is
    #[arg(long, value_name = "FILE", conflicts_with = "dataset")]
    secret: Option<PathBuf>,
    /// The service
    #[arg(
        long,
        value_name = "URL",
        requires = "secret",
        default_value = "http://127.0.0.1:7420"
    )]
    server: String,
    /// Send the secret over an unencrypted network, where others can read it
    #[arg(long, requires = "secret")]
    insecure_plaintext: bool,
    /// The columns to open, or `all` [default: all consents]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// The file to make; it may not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Issue {
    /// Runs the command.
    ///
    /// # Errors
    /// A subject or columns that are unknown, keys or data that are refused, and faults of files and network.
    pub fn run(self) -> Outcome {
        let receipt = match (&self.dataset, &self.subject, &self.keys, &self.secret) {
            (Some(folder), Some(subject), Some(keys), _) => self.make(folder, subject, keys)?,
            (None, .., Some(secret)) => self.ask(secret)?,
            _ => {
                return Err(Failure::usage(
                    "want DIR, --subject and --keys, or --secret",
                ));
            }
        };
        let bytes = receipt.encode();
        private::write_new(&self.out, &bytes)?;
        self.report(&receipt, bytes.len())
    }

    fn make(&self, folder: &Path, subject: &str, keys: &Path) -> Outcome<Receipt> {
        let dataset = open(folder)?;
        let ring = Keyring::open(keys, &[folder.into()])?;
        let subject = match subject {
            "-" => read_id(std::io::stdin().lock())?,
            id => id.into(),
        };
        receipt(&dataset, &ring, &self.params, &subject, &self.columns)
    }

    fn ask(&self, secret: &Path) -> Outcome<Receipt> {
        let secret = SubjectSecret::read(secret)?;
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::io)?;
        runtime.block_on(async {
            let mut client = connect(&self.server, self.insecure_plaintext).await?;
            remote::receipt(&mut client, &secret, &self.columns).await
        })
    }

    fn report(&self, receipt: &Receipt, bytes: usize) -> Outcome {
        let (record, file) = (&receipt.record, self.out.display());
        let names: Vec<&str> = record.codes().map(|(_, c, _)| c.name.as_str()).collect();
        let sequence = record.core.sequence;
        if self.json {
            return print_json(&json!({
                "file": file.to_string(),
                "dataset": record.dataset,
                "sequence": sequence,
                "columns": names,
                "bytes": bytes,
            }));
        }
        print(&format!(
            "{file}: a receipt over {}, snapshot {sequence}, of {}\n\
             It holds personal data in the clear: for the person it is about, and nobody else.\n\
             Next: nectar receipt verify {file} --secret .. --trust trust.toml\n",
            record.dataset.escape_debug(),
            names.join(", ")
        ))
    }
}

/// Issues a receipt over a dataset's latest snapshot.
fn receipt(
    dataset: &Dataset,
    ring: &Keyring,
    params: &Path,
    subject: &str,
    columns: &[String],
) -> Outcome<Receipt> {
    let subjects = dataset.table().subjects.as_ref();
    let subjects = subjects.ok_or(DatasetError::NoSubjects).map_err(failure)?;
    let row = subjects
        .row_of(subject)
        .ok_or_else(|| Failure::Refused("the dataset has no row of this subject".into()))?;
    let blinding = ring.blinding(&dataset.schema().dataset)?;
    let snapshot = dataset.snapshot(blinding).map_err(failure)?;
    let header = snapshot.header();
    let names = chosen(columns, &header.columns);
    let places = places(&header.columns, &names).map_err(Failure::usage)?;
    let params = params::load(params)?;
    issue(&snapshot, params.srs(), row, &places).map_err(|e| match e {
        IssueError::Untagged => Failure::usage(e),
        IssueError::Randomness(_) => Failure::io(e),
        other => Failure::refused(other),
    })
}

fn read_id(input: impl BufRead) -> Outcome<String> {
    let mut id = String::new();
    let read = input.take(MAX_ID).read_line(&mut id);
    read.map_err(|e| Failure::Io(format!("standard input: {e}")))?;
    Ok(id.trim_end_matches(['\r', '\n']).into())
}
