//! `nectar snapshot publish`: the manifest as a file, for who has no service.

use super::open;
use crate::{
    commands::{import::failure, params},
    failure::{Failure, Outcome},
    terminal::{print, print_json},
};
use clap::Args;
use nectar_dataset::atomic;
use nectar_engine::published::PublishedManifest;
use serde_json::json;
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

/// Writes the latest snapshot's published manifest to a file: header, commitments and index proofs, nothing secret
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar snapshot publish cohort --out manifest.nectar\n\nWants every column's proof: \
        `nectar snapshot prove` makes them. Whoever gets the file checks it with `nectar snapshot verify --file`."
)]
pub struct Publish {
    /// The dataset's folder
    dataset: PathBuf,
    /// The file to write; replaced if it is there
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Publish {
    /// Runs the command.
    ///
    /// # Errors
    /// Columns without proof, and I/O.
    pub fn run(self) -> Outcome {
        let dataset = open(&self.dataset)?;
        let sequence = dataset.latest().map_err(failure)?;
        let published = dataset.published(sequence, &params::load(&self.params)?);
        let published = published.map_err(failure)?;
        self.write(&published).map_err(Failure::at(&self.out))?;
        let bytes = fs::metadata(&self.out)
            .map_err(Failure::at(&self.out))?
            .len();
        let (name, root) = (&dataset.schema().dataset, published.manifest().root());
        if self.json {
            return print_json(&json!({
                "dataset": name,
                "sequence": sequence,
                "root": root.to_string(),
                "bytes": bytes,
            }));
        }
        let out = self.out.display();
        print(&format!(
            "{out}: manifest of {name} snapshot {sequence}, {bytes} bytes\n  root {root}\n\
             Next: nectar snapshot verify --file {out}\n"
        ))
    }

    fn write(&self, published: &PublishedManifest) -> io::Result<()> {
        atomic::write_file(&self.out, |out| {
            published.parts().try_for_each(|part| out.write_all(&part))
        })
    }
}
