//! The contracts on a real node: npm's anvil, the program, and nothing between them.
//!
//! anvil is a tool of this test only. Where node is missing, its package cannot be fetched, or there is none for this
//! kind of machine, every trial is reported as ignored, and why is said once.

#![cfg(test)]

mod anvil;
#[path = "../cli/nectar.rs"]
mod nectar;
mod refusals;
mod reorganisation;
#[path = "../cli/toy.rs"]
mod toy;
mod workflow;
mod world;

use nectar_testkit::peer;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use world::World;

const TRIALS: [peer::Named<World>; 13] = [
    (
        "workflow::an_answer_is_entered_and_verified",
        workflow::an_answer_is_entered_and_verified,
    ),
    (
        "workflow::what_is_done_is_not_done_again",
        workflow::what_is_done_is_not_done_again,
    ),
    (
        "workflow::an_answer_outlives_its_head",
        workflow::an_answer_outlives_its_head,
    ),
    (
        "reorganisation::a_dropped_transaction_is_sent_again",
        reorganisation::a_dropped_transaction_is_sent_again,
    ),
    (
        "reorganisation::a_dropped_entry_is_not_verified",
        reorganisation::a_dropped_entry_is_not_verified,
    ),
    (
        "reorganisation::an_unconfirmed_transaction_is_told",
        reorganisation::an_unconfirmed_transaction_is_told,
    ),
    (
        "refusals::a_wrong_answer_is_refused_by_name",
        refusals::a_wrong_answer_is_refused_by_name,
    ),
    (
        "refusals::only_the_custodian_publishes",
        refusals::only_the_custodian_publishes,
    ),
    (
        "refusals::what_is_no_registry_is_refused",
        refusals::what_is_no_registry_is_refused,
    ),
    (
        "refusals::a_verifier_of_other_code_or_keys_is_refused",
        refusals::a_verifier_of_other_code_or_keys_is_refused,
    ),
    (
        "refusals::another_chain_is_refused",
        refusals::another_chain_is_refused,
    ),
    (
        "refusals::deployments_under_development_keys_are_told",
        refusals::deployments_under_development_keys_are_told,
    ),
    (
        "refusals::keys_come_from_files_and_the_environment",
        refusals::keys_come_from_files_and_the_environment,
    ),
];

/// anvil, for the one kind of machine that the list pins it for.
const PROGRAM: &str = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";

fn main() -> ExitCode {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let world = |folder: PathBuf| Ok(World::new(folder.join(PROGRAM)));
    peer::run("the chain", "tests/anvil", scratch, TRIALS, world)
}
