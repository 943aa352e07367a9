//! The chain is reorganised while an answer is on its way, and after it was entered.

use crate::{
    anvil::{ACCOUNT, Anvil},
    nectar::Run,
    world::{ANSWER, World},
};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

const MOST: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// Waits until an account has sent so many transactions.
fn mined(anvil: &Anvil, want: u64) {
    let started = Instant::now();
    while anvil.sent(ACCOUNT) < want {
        assert!(started.elapsed() < MOST, "transaction {want} is not mined");
        sleep(PAUSE);
    }
}

pub fn a_dropped_transaction_is_sent_again(world: &World) {
    let place = world.published();
    let before = place.anvil.sent(ACCOUNT);
    let mut child = place.start(&["submit", ANSWER, "--confirmations", "3", "--json"]);
    mined(&place.anvil, before + 1);
    place.anvil.reorganise(1);
    assert_eq!(place.anvil.sent(ACCOUNT), before, "the transaction is lost");
    mined(&place.anvil, before + 1);
    let started = Instant::now();
    while child.try_wait().expect("a process").is_none() {
        assert!(started.elapsed() < MOST, "the submission does not end");
        place.anvil.mine(1);
        sleep(PAUSE);
    }
    let run = Run::from(child.wait_with_output().expect("a process"));
    assert!(
        run.err.contains("reorganised and dropped transaction"),
        "{run:?}"
    );
    let entered = run.json();
    assert_eq!(entered["status"], "entered");
    assert_eq!(place.anvil.sent(ACCOUNT), before + 1, "it is entered once");
    let verified = place.verify(ANSWER).json();
    assert_eq!(
        verified["registry"]["block"],
        entered["transaction"]["block"]
    );
}

pub fn a_dropped_entry_is_not_verified(world: &World) {
    let place = world.published();
    place.submit(ANSWER).json();
    assert_eq!(place.verify(ANSWER).json()["verdict"], "verified");
    place.anvil.reorganise(1);
    place.verify(ANSWER).failed(1, "NOT VERIFIED: the registry");
    assert_eq!(
        place.submit(ANSWER).json()["status"],
        "entered",
        "it can be entered again"
    );
    assert_eq!(place.verify(ANSWER).json()["verdict"], "verified");
}

pub fn an_unconfirmed_transaction_is_told(world: &World) {
    let place = world.published();
    let late = ["submit", ANSWER, "--confirmations", "3", "--wait", "1"];
    place.on(&late).failed(3, "confirmations: got 1, want 3");
}
