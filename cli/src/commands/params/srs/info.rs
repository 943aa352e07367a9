//! `nectar params srs info`: what a folder keeps.

use super::{lines, read};
use crate::{
    failure::Outcome,
    terminal::{print, print_json},
};
use clap::Args;
use nectar_params::ceremony::Ceremony;
use serde_json::json;
use std::path::PathBuf;

/// Shows a kept SRS and where it comes from, once it is checked
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nectar params srs info params/hermez")]
pub struct Info {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Info {
    /// Runs the command.
    ///
    /// # Errors
    /// An SRS that is refused, and I/O.
    pub fn run(self) -> Outcome {
        let ceremony = read(&self.folder)?;
        if self.json {
            return print_json(&object(&ceremony));
        }
        let lines = lines(&ceremony);
        print(&format!("{}\n{lines}", self.folder.display()))
    }
}

fn object(ceremony: &Ceremony) -> serde_json::Value {
    let provenance = ceremony.provenance();
    json!({
        "srs": provenance.srs.to_string(),
        "segment_bits": ceremony.srs().verifier().bits,
        "ceremony": provenance.ceremony,
        "contributions": provenance.contributions,
        "source": provenance.source,
        "power": provenance.power,
        "blake2b": format!("{:x}", provenance.blake2b),
    })
}
