//! What is refused costs nothing, and is told by its reason.

use crate::{
    anvil::{ACCOUNT, KEY},
    nectar::Run,
    world::{ANSWER, World},
};
use serde_json::{Value, json};
use std::fs;

const DAY: u64 = 86_400;

pub fn a_wrong_answer_is_refused_by_name(world: &World) {
    let place = world.published();
    let sent = place.anvil.sent(ACCOUNT);
    place
        .submit(world.forged())
        .failed(1, "reverted with OpeningIdentity: the proof is not valid");
    place
        .verify(world.forged())
        .failed(1, "has not entered this answer");
    place.anvil.ask("evm_increaseTime", json!([40 * DAY]));
    place.anvil.mine(1);
    place.submit(ANSWER).failed(
        1,
        "reverted with Date: the query's date is outside the window",
    );
    assert_eq!(place.anvil.sent(ACCOUNT), sent, "nothing is spent");
}

pub fn only_the_custodian_publishes(world: &World) {
    let place = world.deployed();
    place.submit(ANSWER).failed(1, "reverted with NotHead");
    place
        .custodian(&["publish", "toy"])
        .failed(1, "reverted with NotCustodian: ");
    place
        .on(&["register", "toy"])
        .failed(1, "use the custodian's key");
    place.custodian(&["register", "toy"]).succeeded();
    place.world.commit_again("later");
    place
        .on(&["publish", "later"])
        .failed(1, "use the custodian's key");
    place
        .custodian(&["register", "later"])
        .failed(1, "reverted with Registered");
}

pub fn what_is_no_registry_is_refused(world: &World) {
    let mut place = world.deployed();
    let own = place.registry.clone();
    let code = place.anvil.ask("eth_getCode", json!([own, "latest"]));
    // The registry's code with its last byte changed.
    let code = code.as_str().expect("code");
    let other = format!(
        "{}{}",
        &code[..code.len() - 2],
        if code.ends_with("00") { "01" } else { "00" }
    );
    place.registry = format!("0x{}", "5e".repeat(20));
    place
        .submit(ANSWER)
        .failed(1, "no contract at this address");
    place
        .anvil
        .ask("anvil_setCode", json!([place.registry, other]));
    // A contract that answers as the registry would, and is not it.
    place.submit(ANSWER).failed(
        1,
        "not a contract of Nectar, or not of this version: code hash: got",
    );
    place.verify(ANSWER).failed(
        1,
        "not a contract of Nectar, or not of this version: code hash: got",
    );
    // The right code, with an entry that it never made.
    place
        .anvil
        .ask("anvil_setCode", json!([place.registry, code]));
    place
        .verify(ANSWER)
        .failed(1, "has not entered this answer");
}

pub fn a_verifier_of_other_code_or_keys_is_refused(world: &World) {
    let place = world.published();
    place.submit(ANSWER).json();
    let verifier = place.verify(ANSWER).json()["registry"]["verifier"].clone();
    let code = place.anvil.ask("eth_getCode", json!([verifier, "latest"]));
    let code = code.as_str().expect("code");
    let refuse = |address: &Value, code: &str| {
        place.anvil.ask("anvil_setCode", json!([address, code]));
        place.verify(ANSWER).failed(
            1,
            "not a contract of Nectar, or not of this version: code hash: got",
        );
    };
    // The key that it reads is in the code of another contract.
    let holder = json!(format!("0x{}", &immutable(code, "code")[24..]));
    let key = place.anvil.ask("eth_getCode", json!([holder, "latest"]));
    let key = key.as_str().expect("code");
    refuse(&holder, &key.replacen("0x00", "0x0000", 1));
    place.anvil.ask("anvil_setCode", json!([holder, key]));
    // Another key under the same name, in one of its places.
    let name = immutable(code, "circuitKey");
    refuse(&verifier, &code.replacen(name, &"5e".repeat(32), 1));
    refuse(&verifier, "0x600160005260206000f3");
}

/// An immutable in a deployed verifier's code, at the first of its places.
fn immutable<'a>(code: &'a str, name: &str) -> &'a str {
    let artifact = include_str!("../../../contracts/artifacts/NectarVerifier.json");
    let artifact: Value = serde_json::from_str(artifact).expect("the artifact is JSON");
    let place = artifact["immutables"][name][0].as_u64().expect("a place");
    let start = 2 + 2 * usize::try_from(place).expect("a place");
    &code[start..start + 64]
}

pub fn another_chain_is_refused(world: &World) {
    let place = world.deployed();
    place
        .on(&["submit", ANSWER, "--chain-id", "1"])
        .failed(1, "the node serves another chain: got id 31337, want 1");
    let nobody = ["submit", ANSWER, "--rpc", "http://127.0.0.1:1/5ec2e7"];
    let run = place.on(&nobody);
    assert!(!run.err.contains("5ec2e7"), "{run:?}");
    run.failed(3, "the node at http://127.0.0.1:1: cannot connect");
    let plain = ["submit", ANSWER, "--rpc", "http://node.example/5ec2e7"];
    place.on(&plain).failed(2, "--insecure-plaintext");
}

pub fn deployments_under_development_keys_are_told(world: &World) {
    let place = world.place();
    let deploy = [
        "deploy",
        "--attestor",
        ACCOUNT,
        "--params",
        crate::toy::PARAMS,
    ];
    place.run(&deploy).failed(1, "insecure development keys");
    assert_eq!(place.anvil.sent(ACCOUNT), 0);
    // No argument takes a key.
    place
        .run(&[&deploy[..], &["--key", KEY]].concat())
        .failed(2, "unexpected argument");
}

pub fn keys_come_from_files_and_the_environment(world: &World) {
    let place = world.deployed();
    let folder = world.folder();
    let keystore = include_str!("account.json");
    fs::write(folder.join("account.json"), keystore).expect("a file");
    let submit = |more: &[&str], password: Option<&str>| {
        let mut command = place.command(&place.at(&[&["submit", ANSWER][..], more].concat()));
        command.env_remove("NECTAR_CHAIN_KEY");
        password.map(|p| command.env("NECTAR_KEYSTORE_PASSWORD", p));
        Run::from(command.output().expect("the program runs"))
    };
    let own = ["--keystore", "account.json"];
    submit(&[], None).failed(2, "no key to sign with");
    submit(&own, None).failed(2, "the keystore wants a password");
    submit(&own, Some("wrong")).failed(1, "account.json: wrong password");
    // The dry run has the key by then.
    submit(&own, Some("correct horse")).failed(1, "reverted with NotHead");
    fs::write(folder.join("password"), "correct horse\n").expect("a file");
    let from_file = [&own[..], &["--password-file", "password"]].concat();
    submit(&from_file, None).failed(1, "may be read by others");
    submit(&["--keys", "nowhere"], None).failed(2, "no such folder of keys");
    assert!(!folder.join("nowhere").exists());
}
