//! Help teaches by example, and completions exist.

use crate::nectar::run;
use std::path::Path;

const COMMANDS: [&[&str]; 31] = [
    &[],
    &["demo"],
    &["schema", "infer"],
    &["import"],
    &["snapshot", "commit"],
    &["snapshot", "show"],
    &["snapshot", "attest"],
    &["snapshot", "prove"],
    &["snapshot", "publish"],
    &["snapshot", "verify"],
    &["params", "dev"],
    &["params", "srs", "import"],
    &["params", "srs", "verify"],
    &["params", "srs", "info"],
    &["params", "key", "export"],
    &["params", "key", "import"],
    &["params", "info"],
    &["params", "verify"],
    &["profiles"],
    &["serve"],
    &["query"],
    &["verify"],
    &["receipt", "secret"],
    &["receipt", "issue"],
    &["receipt", "verify"],
    &["chain"],
    &["chain", "deploy"],
    &["chain", "register"],
    &["chain", "publish"],
    &["chain", "submit"],
    &["chain", "verify"],
];

#[test]
fn every_command_has_help_with_an_example() {
    for command in COMMANDS {
        let arguments = [command, &["--help"]].concat();
        let help = run(Path::new("."), &arguments).succeeded();
        let teaches = help.contains("Example") || help.contains("First time here:");
        assert!(teaches, "nectar {command:?}: {help}");
        assert!(
            help.contains("nectar ") || help.contains("policy = "),
            "{help}"
        );
    }
}

#[test]
fn completions_are_printed_for_shells() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(Path::new("."), &["completions", shell]).succeeded();
        assert!(script.contains("snapshot"), "{shell}");
    }
}

#[test]
fn profiles_name_their_sources() {
    let text = run(Path::new("."), &["profiles"]).succeeded();
    assert!(
        text.contains("opensafely") && text.contains("https://"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "pipes get plain text");
    let json = run(Path::new("."), &["profiles", "--json"]).succeeded();
    let profiles: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(profiles.as_array().unwrap().len() > 3);
}
