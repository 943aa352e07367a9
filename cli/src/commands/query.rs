//! `nectar query`: a researcher's question to a service, and the answer verified.

use super::{
    show,
    verify::{check, present},
};
use crate::{
    accepted::Accepted,
    anchors::Anchors,
    failure::{Failure, Outcome},
    remote::{self, Question, Reply},
    terminal::{Terminal, print, print_json},
    time::{now, parse_civil},
};
use clap::Args;
use nectar_client::Client;
use nectar_verifier::date::Day;
use std::path::PathBuf;

/// Asks a service, and verifies what it answers
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar query --server http://127.0.0.1:7420 --dataset cohort --purpose research --date 2026-11-21 \\\n    \
        --trust trust.toml --out answer.nectar \"SELECT sex, AVG(age) FROM cohort GROUP BY sex\"\n\n\
        Consent for the purpose on the date is always applied and is part of what is proven. Without --trust the answer \
        is printed as what it then is: unverified."
)]
pub struct Query {
    /// The service
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7420")]
    server: String,
    /// Send the query over an unencrypted network, where others can read and change what is sent
    #[arg(long)]
    insecure_plaintext: bool,
    /// The dataset
    #[arg(long, value_name = "NAME")]
    dataset: String,
    /// The purpose that consent has to cover
    #[arg(long)]
    purpose: String,
    /// The day on which consent has to cover it, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = parse_civil)]
    date: Day,
    /// The query; docs/sql.md says what can be proven
    sql: String,
    /// Where to keep the bundle
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The file of trust anchors
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// The file that notes which snapshots were checked [default: nectar/checked.toml in your folder of state]
    #[arg(long, value_name = "FILE", requires = "trust")]
    checked: Option<PathBuf>,
    #[command(flatten)]
    accepted: Accepted,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Query {
    /// Runs the command.
    ///
    /// # Errors
    /// A query or answer that is refused, and faults of files and network.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let read = |trust| Anchors::read(trust, self.checked.as_deref());
        let anchors = self.trust.as_deref().map(read).transpose()?;
        let accepted = self.accepted.keys()?;
        if anchors.is_none() && self.accepted != Accepted::default() {
            return Err(Failure::usage(
                "--allow-dev-keys and --accept say what to verify with, and nothing is verified without --trust",
            ));
        }
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::io)?;
        let reply = runtime.block_on(self.ask())?;
        if let Some(path) = &self.out {
            std::fs::write(path, &reply.bytes).map_err(Failure::at(path))?;
        }
        match anchors {
            Some(anchors) => {
                let verdict = check(&reply.bundle, &anchors, &accepted, now()?)?;
                present(&verdict, &reply.outputs, self.json, terminal)
            }
            None if self.json => print_json(&show::object(&reply.bundle)),
            None => print(&show::claims(&reply.bundle, terminal)),
        }
    }

    async fn ask(&self) -> Outcome<Reply> {
        let mut client = connect(&self.server, self.insecure_plaintext).await?;
        let question = Question {
            dataset: &self.dataset,
            purpose: &self.purpose,
            day: self.date,
            sql: &self.sql,
        };
        remote::ask(&mut client, question).await
    }
}

/// Connects to a service.
///
/// # Errors
/// It cannot be reached, or only over an unencrypted network that was not allowed.
pub async fn connect(server: &str, insecure_plaintext: bool) -> Outcome<Client> {
    let client = match insecure_plaintext {
        true => Client::connect_insecure(server).await,
        false => Client::connect(server).await,
    };
    client.map_err(remote::failure)
}
