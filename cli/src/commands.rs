//! The commands, one module each: their arguments, and what they do.

pub mod bundle;
mod chain;
pub mod import;
pub mod params;
mod profiles;
pub mod query;
pub mod receipt;
mod schema;
pub mod serve;
mod show;
pub mod snapshot;
pub mod verify;

use crate::{
    demo,
    failure::Outcome,
    terminal::{Terminal, print},
};
use clap::{CommandFactory, Parser, Subcommand};

const ABOUT: &str =
    "Cohort statistics with proofs: a custodian answers, anybody checks, no record leaves.";

const EXAMPLES: &str = "\
First time here:
  nectar demo

A custodian:
  nectar schema infer patients.csv > schema.toml
  nectar import --schema schema.toml --data patients.csv --out cohort
  nectar params dev
  nectar snapshot commit cohort --keys keys
  nectar snapshot prove cohort --keys keys
  nectar serve cohort --keys keys

A researcher:
  nectar query --dataset cohort --purpose research --date 2026-11-21 \\
    --out answer.nectar \"SELECT COUNT(*) FROM cohort WHERE age >= 65\"

Anybody who got an answer:
  nectar snapshot verify --server http://127.0.0.1:7420 --dataset cohort --allow-dev-keys
  nectar verify answer.nectar --trust trust.toml --allow-dev-keys

A person whose record it is:
  nectar receipt secret --dataset cohort --out cohort.secret
  nectar receipt issue --secret cohort.secret --out receipt.nectar
  nectar receipt verify receipt.nectar --secret cohort.secret --trust trust.toml

On a chain, where anybody sees when an answer was entered:
  nectar chain submit answer.nectar --registry 0x34.. --keystore account.json
  nectar chain verify answer.nectar --registry 0x34..

Exit codes: 0 done, 1 refused or not verified, 2 wrong usage, 3 a fault of files, network or system.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "nectar", version, about = ABOUT, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::Demo),
    Schema(schema::Schema),
    Import(import::Import),
    Snapshot(snapshot::Snapshot),
    Params(params::Params),
    Profiles(profiles::Profiles),
    Serve(serve::Serve),
    Query(query::Query),
    Verify(verify::Verify),
    Show(show::Show),
    Receipt(receipt::Receipt),
    Chain(chain::Chain),
    Completions(Completions),
}

/// Prints a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  nectar completions bash > ~/.local/share/bash-completion/completions/nectar"
)]
pub struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What the command refuses, misses, or cannot reach.
    pub fn run(self, terminal: Terminal) -> Outcome {
        match self {
            Command::Demo(demo) => demo.run(terminal),
            Command::Schema(schema) => schema.run(terminal),
            Command::Import(import) => import.run(terminal),
            Command::Snapshot(snapshot) => snapshot.run(terminal),
            Command::Params(params) => params.run(),
            Command::Profiles(profiles) => profiles.run(terminal),
            Command::Serve(serve) => serve.run(),
            Command::Query(query) => query.run(terminal),
            Command::Verify(verify) => verify.run(terminal),
            Command::Show(show) => show.run(terminal),
            Command::Receipt(receipt) => receipt.run(terminal),
            Command::Chain(chain) => chain.run(terminal),
            Command::Completions(completions) => completions.run(),
        }
    }
}

impl Completions {
    fn run(self) -> Outcome {
        let mut script = vec![];
        clap_complete::generate(self.shell, &mut Arguments::command(), "nectar", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
