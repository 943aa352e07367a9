//! `nectar verify`: an answer against trust anchors, and nothing else.

use super::bundle;
use crate::{
    accepted::Accepted,
    advice::advice,
    anchors::Anchors,
    failure::{Failure, Outcome},
    render,
    terminal::{Terminal, print, print_json},
    time::{now, parse_moment},
};
use alloy_primitives::B256;
use clap::Args;
use nectar_answer::{
    Released, derive, json,
    verdict::{self, HeadSource},
};
use nectar_sql::Output;
use nectar_verifier::{
    bundle::Bundle,
    trust::{AcceptedKeys, AcceptedSnapshot},
    verified::Verdict,
};
use std::{error::Error, fmt::Display, path::PathBuf};

/// Verifies an answer: needs the bundle, your trust anchors, and no network
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar verify answer.nectar --trust trust.toml\n  nectar verify answer.nectar --trust trust.toml --json\n\n\
        The trust file names the attestors you believe, their signatures, and the heads of datasets as a log you trust \
        has them; `nectar snapshot show DIR --trust` prints one. Without an attestor, `nectar snapshot verify` checks a \
        snapshot once and notes that among your own files, never beside the trust file. Exit code 0 means \
        verified, 1 refused."
)]
pub struct Verify {
    /// The bundle
    bundle: PathBuf,
    /// The file of trust anchors
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// The file that notes which snapshots were checked [default: nectar/checked.toml in your folder of state]
    #[arg(long, value_name = "FILE")]
    checked: Option<PathBuf>,
    #[command(flatten)]
    accepted: Accepted,
    /// The moment to judge by [default: now]
    #[arg(long, value_name = "MOMENT", value_parser = parse_moment)]
    now: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// The bundle is refused, or a file cannot be read.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let bundle = bundle::read(&self.bundle)?;
        let anchors = Anchors::read(&self.trust, self.checked.as_deref())?;
        let now = self.now.map_or_else(now, Ok)?;
        let verdict = check(&bundle, &anchors, &self.accepted.keys()?, now)?;
        present(&verdict, &[], self.json, terminal)
    }
}

/// Verifies a bundle.
///
/// # Errors
/// The first check that fails, as a refusal.
pub fn check(
    bundle: &Bundle,
    anchors: &Anchors,
    accepted: &AcceptedKeys,
    now: i64,
) -> Outcome<Verdict> {
    let snapshot = accept(anchors, bundle.root(), accepted)?;
    let verdict = bundle.verify(&snapshot, accepted, &anchors.log(), now);
    verdict.map_err(not_verified)
}

/// Accepts a snapshot's root by the trust anchors, or says what to do about it.
///
/// # Errors
/// The root was neither checked nor attested, as a refusal.
pub fn accept(anchors: &Anchors, root: B256, accepted: &AcceptedKeys) -> Outcome<AcceptedSnapshot> {
    let snapshot = anchors.accept(root, accepted);
    snapshot.map_err(not_verified)
}

/// What somebody wants to believe and cannot, as a refusal with what can be done about it.
pub fn not_verified(error: impl Error + 'static) -> Failure {
    refused(format!("{error}{}", advice(&error)))
}

/// What somebody wants to believe and cannot, as a refusal.
pub fn refused(why: impl Display) -> Failure {
    Failure::Refused(format!("NOT VERIFIED: {why}"))
}

/// Prints a verdict with its answer.
///
/// # Errors
/// The answer's time is unknown: it is printed, and is no success.
pub fn present(
    verdict: &Verdict,
    outputs: &[Output],
    as_json: bool,
    terminal: Terminal,
) -> Outcome {
    let verified = match verdict {
        Verdict::Verified(v) => v,
        Verdict::Historical(h) => h.answer_of_unknown_time(),
    };
    let answer = derive(&Released::from(verified), outputs);
    if as_json {
        print_json(&json::verdict(verdict, &answer))?;
    } else {
        let tables = render::answer(&answer, terminal);
        print(&format!(
            "{tables}\n{}",
            render::summary(&verdict::summary(verdict, HeadSource::List), terminal)
        ))?;
    }
    match verdict {
        Verdict::Verified(_) => Ok(()),
        Verdict::Historical(_) => Err(Failure::Refused(
            "the proof holds, but nobody knows when it was made; a log entry would tell".into(),
        )),
    }
}
