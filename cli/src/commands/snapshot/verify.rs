//! `nectar snapshot verify`: a published manifest, checked without anybody's word.

use super::open;
use crate::{
    accepted::Accepted,
    advice::advice,
    checked,
    commands::{import::failure, params, query::connect},
    failure::{Failure, Outcome},
    terminal::{Terminal, bar, print, print_json},
};
use clap::{ArgGroup, Args};
use indicatif::ProgressBar;
use nectar_answer::{
    number::whole,
    verdict::{acceptance, caveat},
};
use nectar_client::ManifestRequest;
use nectar_verifier::{
    header::Header,
    manifest::{ManifestError, ManifestVerifier},
    trust::AcceptedSnapshot,
    verified::Caveat,
};
use serde_json::json;
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Bytes read of a file at once.
const CHUNK: usize = 1 << 20;

/// Checks every commitment and proof of a published snapshot, and notes its root as one to be accepted
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("source").args(["folder", "file", "server"]).required(true)),
    after_help = "Examples:\n  nectar snapshot verify --server http://127.0.0.1:7420 --dataset cohort\n  nectar snapshot \
        verify --file manifest.nectar\n  nectar snapshot verify cohort --params params\n\nOnce for each snapshot, by \
        whoever wants to rely on its answers without an attestor: `nectar verify` and `nectar query` accept a root noted \
        among your own files. That the root is the dataset's head is for the trust file to say. Exit \
        code 0 means well formed, 1 refused."
)]
pub struct Verify {
    /// The dataset's folder, for the custodian's own check
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// A file of `nectar snapshot publish`
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A service
    #[arg(long, value_name = "URL", requires = "dataset")]
    server: Option<String>,
    /// The dataset whose head the service is to give
    #[arg(long, value_name = "NAME", requires = "server")]
    dataset: Option<String>,
    /// Ask over an unencrypted network, where others can read and change what is sent
    #[arg(long, requires = "server")]
    insecure_plaintext: bool,
    /// The folder of parameters, which the check of a folder needs
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// The file that notes what was checked [default: nectar/checked.toml in your folder of state]
    #[arg(long, value_name = "FILE")]
    checked: Option<PathBuf>,
    #[command(flatten)]
    accepted: Accepted,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// The command as the demo gives it: of the head a service publishes, under development keys.
    pub fn demonstrated(server: &str, dataset: &str, checked: PathBuf) -> Self {
        Verify {
            folder: None,
            file: None,
            server: Some(server.into()),
            dataset: Some(dataset.into()),
            insecure_plaintext: false,
            params: PathBuf::new(),
            checked: Some(checked),
            accepted: Accepted::insecure(),
            json: false,
        }
    }

    /// Runs the command.
    ///
    /// # Errors
    /// The manifest is refused, or a file or service cannot be read.
    pub fn run(self, terminal: Terminal) -> Outcome {
        // A malformed file of notes is better known before the work than after it.
        let notes = checked::place(self.checked.as_deref())?;
        checked::read(&notes)?;
        let accepted = self.accepted.keys()?;
        let mut check = Check::new(ManifestVerifier::new(&accepted));
        self.feed(&mut check)?;
        let (header, snapshot) = check.finish()?;
        checked::note(&notes, &snapshot)?;
        if self.json {
            print_json(&object(&header, &snapshot, &notes))
        } else {
            print(&report(&header, &snapshot, &notes, terminal))
        }
    }

    fn feed(&self, check: &mut Check<'_>) -> Outcome {
        match (&self.folder, &self.file, &self.server, &self.dataset) {
            (Some(folder), ..) => self.read_folder(folder, check),
            (_, Some(file), ..) => read_file(file, check),
            (_, _, Some(server), Some(name)) => self.fetch(server, name, check),
            _ => Err(Failure::usage(
                "want a folder, --file, or --server and --dataset",
            )),
        }
    }

    fn read_folder(&self, folder: &Path, check: &mut Check<'_>) -> Outcome {
        let dataset = open(folder)?;
        let sequence = dataset.latest().map_err(failure)?;
        let published = dataset.published(sequence, &params::load(&self.params)?);
        let published = published.map_err(failure)?;
        published.parts().try_for_each(|part| check.push(&part))
    }

    fn fetch(&self, server: &str, name: &str, check: &mut Check<'_>) -> Outcome {
        let request = ManifestRequest {
            dataset: name.into(),
            root: None,
        };
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::io)?;
        runtime.block_on(async {
            let mut client = connect(server, self.insecure_plaintext).await?;
            client.manifest(&request, |piece| check.push(piece)).await
        })?;
        match check.verifier.header() {
            Some(header) if header.dataset != name => Err(Failure::Refused(
                "the service gave another dataset's manifest".into(),
            )),
            _ => Ok(()),
        }
    }
}

fn report(
    header: &Header,
    snapshot: &AcceptedSnapshot,
    notes: &Path,
    terminal: Terminal,
) -> String {
    let (core, rows) = (&header.core, whole(header.core.rows.into()));
    let columns = header.columns.len();
    let noted = format!(
        "{}: from now on this root is accepted without an attestor",
        notes.display()
    );
    let mut lines = vec![
        ("root", snapshot.root().to_string()),
        ("columns", format!("{columns}, of {rows} rows each")),
        ("shown", acceptance(snapshot.acceptance())),
        ("noted", noted),
        (
            "left open",
            "whether this root is the dataset's one head: compare it with a source you trust"
                .into(),
        ),
    ];
    if snapshot.rests_on_insecure_dev_keys() {
        lines.push(("left open", caveat(Caveat::InsecureKeys)));
    }
    let lines: String = lines
        .iter()
        .map(|(name, line)| format!("  {name:<10} {line}\n"))
        .collect();
    let (word, name) = (
        terminal.strong("WELL FORMED"),
        header.dataset.escape_debug(),
    );
    format!("{word} {name}, snapshot {}\n{lines}", core.sequence)
}

fn object(header: &Header, snapshot: &AcceptedSnapshot, notes: &Path) -> serde_json::Value {
    json!({
        "verdict": "well formed",
        "dataset": header.dataset,
        "sequence": header.core.sequence,
        "root": snapshot.root().to_string(),
        "rows": header.core.rows,
        "columns": header.columns.len(),
        "insecure_dev_keys": snapshot.rests_on_insecure_dev_keys(),
        "checked": notes.display().to_string(),
    })
}

fn read_file(path: &Path, check: &mut Check<'_>) -> Outcome {
    let mut file = File::open(path).map_err(Failure::at(path))?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = file.read(&mut buffer).map_err(Failure::at(path))?;
        match buffer.get(..count) {
            None | Some([]) => return Ok(()),
            Some(bytes) => check.push(bytes)?,
        }
    }
}

/// A check under way, with its bar.
struct Check<'a> {
    verifier: ManifestVerifier<'a>,
    progress: ProgressBar,
}

impl<'a> Check<'a> {
    fn new(verifier: ManifestVerifier<'a>) -> Self {
        let progress = bar("checking", 1);
        Check { verifier, progress }
    }

    fn push(&mut self, bytes: &[u8]) -> Outcome {
        self.verifier.push(bytes).map_err(refused)?;
        let Some(header) = self.verifier.header() else {
            return Ok(());
        };
        let (checked, length) = (self.verifier.checked(), header.columns.len());
        self.progress
            .set_length(u64::try_from(length).unwrap_or(u64::MAX));
        self.progress
            .set_position(u64::try_from(checked).unwrap_or(u64::MAX));
        if let Some(next) = header.columns.get(checked) {
            let (name, rows, codes) = (&next.name, whole(header.core.rows.into()), next.codes());
            self.progress
                .set_message(format!("{name}: {rows} rows, {codes} codes"));
        }
        Ok(())
    }

    fn finish(self) -> Outcome<(Header, AcceptedSnapshot)> {
        self.progress.finish_and_clear();
        let header = self.verifier.header().cloned();
        let snapshot = self.verifier.finish().map_err(refused)?;
        let header = header.ok_or_else(|| Failure::refused("the manifest has no header"))?;
        Ok((header, snapshot))
    }
}

fn refused(error: ManifestError) -> Failure {
    Failure::Refused(format!("NOT ACCEPTED: {error}{}", advice(&error)))
}
