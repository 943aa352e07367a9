//! `nectar profiles`: the disclosure policies a schema may name.

use crate::{
    failure::{Failure, Outcome},
    terminal::{Terminal, print, print_json},
};
use clap::Args;
use nectar_answer::policy;
use nectar_dataset::profiles::{self, Profile};
use serde_json::json;

/// Lists disclosure policies in public use, with their sources
#[derive(Debug, Args)]
#[command(
    after_help = "Example, in a schema:\n  policy = \"opensafely\"\nor written out:\n  policy = { k = 8, base = 5, zeros = true }"
)]
pub struct Profiles {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Profiles {
    /// Runs the command.
    ///
    /// # Errors
    /// None that shipped profiles reach.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let profiles = profiles::all().map_err(Failure::refused)?;
        if self.json {
            return print_json(&profiles.iter().map(object).collect());
        }
        let text: Vec<String> = profiles.iter().map(|p| paragraph(p, terminal)).collect();
        print(&text.join("\n"))
    }
}

fn paragraph(p: &Profile, terminal: Terminal) -> String {
    format!(
        "{}\n  {}\n  follows: {}\n  by {}\n  {}\n",
        terminal.strong(&p.name),
        policy::sentence(&p.policy),
        p.title,
        p.organisation,
        p.source
    )
}

fn object(p: &Profile) -> serde_json::Value {
    json!({
        "name": p.name,
        "k": p.policy.k(),
        "base": p.policy.base(),
        "zeros": p.policy.zeros(),
        "text": policy::sentence(&p.policy),
        "title": p.title,
        "organisation": p.organisation,
        "source": p.source,
    })
}
