//! `nectar receipt`: what a snapshot holds of one person, for that person.

pub mod issue;
pub mod verify;

use crate::{
    failure::{Failure, Outcome},
    secret::SubjectSecret,
    terminal::{Terminal, print, print_json},
};
use clap::{Args, Subcommand};
use nectar_proto::dataset_name;
use serde_json::json;
use std::path::PathBuf;

/// Shows a person what a snapshot holds of them, with a proof
#[derive(Debug, Args)]
pub struct Receipt {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Secret(Secret),
    Issue(issue::Issue),
    Verify(verify::Verify),
}

/// Draws a secret for a dataset, and prints the tag that its custodian puts into your row
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar receipt secret --dataset cohort --out cohort.secret\n\nThe tag is a hash of the secret. \
        Give it to the custodian; it is no secret. Keep the file and give it to nobody: whoever has it can ask for your \
        receipts, and recognise them. One secret for every dataset."
)]
struct Secret {
    /// The dataset
    #[arg(long, value_name = "NAME")]
    dataset: String,
    /// The file to make; it may not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Receipt {
    /// Runs the command.
    ///
    /// # Errors
    /// A receipt that is refused, keys or data that are missing, and I/O.
    pub fn run(self, terminal: Terminal) -> Outcome {
        match self.action {
            Action::Secret(secret) => secret.run(),
            Action::Issue(issue) => issue.run(),
            Action::Verify(verify) => verify.run(terminal),
        }
    }
}

impl Secret {
    fn run(self) -> Outcome {
        let dataset = dataset_name(self.dataset).map_err(Failure::usage)?;
        let secret = SubjectSecret::generate(dataset)?;
        secret.write_new(&self.out)?;
        let (tag, file) = (secret.tag(), self.out.display());
        if self.json {
            return print_json(&json!({ "tag": tag, "file": file.to_string() }));
        }
        print(&format!(
            "{tag}\n\nThis is the tag. Give it to the custodian of {:?}, who puts it into your row: it is no secret.\n\
             {file} is one. Keep it, and never give it away: whoever has it can ask for your receipts.\n",
            secret.dataset
        ))
    }
}
