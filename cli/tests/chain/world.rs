//! What the trials share: a dataset whose custodian has committed, an attestor has attested, and a service has answered.
//! Each trial has a chain of its own, with a registry or without.

use crate::{
    anvil::{Anvil, KEY},
    nectar::{Run, command, run},
    toy::{PARAMS, Service, prepare, query},
};
use nectar_verifier::bundle::Bundle;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
};
use tempfile::TempDir;

/// The answer, and another to a different question.
pub const ANSWER: &str = "answer.nectar";
pub const OTHER: &str = "other.nectar";

/// The dataset, its keys and its answers.
pub struct World {
    /// Gone when the last trial is done.
    folder: TempDir,
    anvil: PathBuf,
    attestor: String,
    custodian: String,
}

/// A chain, and what the trial's commands are run with.
pub struct Place<'a> {
    pub world: &'a World,
    pub anvil: Anvil,
    /// The registry, once it is deployed.
    pub registry: String,
}

impl World {
    pub fn new(anvil: PathBuf) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let here = folder.path();
        prepare(here);
        let service = Service::start(here);
        // The registry has an attestor's word instead.
        let said = &service.said;
        assert!(said.contains("the manifest cannot be fetched"), "{said}");
        for (out, sql) in [
            (
                ANSWER,
                "SELECT sex, COUNT(*), AVG(weight) FROM toy GROUP BY sex",
            ),
            (OTHER, "SELECT COUNT(*) FROM toy"),
        ] {
            query(here, &service, sql, &["--out", out]).succeeded();
        }
        let trust = fs::read_to_string(here.join("trust.toml")).expect("a trust file");
        let attestor = trust.split_once("attestors = [\"").expect("an attestor").1[..42].into();
        let show = run(here, &["snapshot", "show", "toy", "--json"]).json();
        let custodian = show["custodian"].as_str().expect("a custodian").into();
        World {
            anvil,
            attestor,
            custodian,
            folder,
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A chain with no contract of ours.
    pub fn place(&self) -> Place<'_> {
        let anvil = Anvil::start(&self.anvil);
        // The custodian pays for what they send.
        anvil.ask(
            "anvil_setBalance",
            json!([self.custodian, "0x56bc75e2d63100000"]),
        );
        Place {
            world: self,
            anvil,
            registry: String::new(),
        }
    }

    /// A chain with a registry.
    pub fn deployed(&self) -> Place<'_> {
        let mut place = self.place();
        let deploy = [
            "deploy",
            "--attestor",
            &self.attestor,
            "--params",
            PARAMS,
            "--allow-dev-keys",
            "--confirmations",
            "1",
            "--json",
        ];
        let made = place.run(&deploy).json();
        assert_eq!(made["insecure_dev_keys"], true);
        assert_eq!(made["verifiers"].as_array().map(Vec::<Value>::len), Some(2));
        place.registry = made["registry"].as_str().expect("an address").into();
        place
    }

    /// A chain with a registry whose head is the dataset's snapshot.
    pub fn published(&self) -> Place<'_> {
        let place = self.deployed();
        place.custodian(&["register", "toy"]).succeeded();
        place
    }

    /// A copy of the dataset, which has one attested snapshot more.
    pub fn commit_again(&self, folder: &str) {
        let here = self.folder();
        let copied = Command::new("cp")
            .args(["-r", "toy", folder])
            .current_dir(here)
            .status();
        assert!(copied.is_ok_and(|s| s.success()), "the dataset is copied");
        for action in ["commit", "attest"] {
            let arguments = [
                "snapshot", action, folder, "--keys", "keys", "--params", PARAMS,
            ];
            run(here, &arguments).succeeded();
        }
    }

    /// A bundle whose cells are not those that were proven, in a file.
    pub fn forged(&self) -> &'static str {
        let bytes = fs::read(self.folder().join(ANSWER)).expect("an answer");
        let mut bundle = Bundle::decode(&bytes).expect("an answer");
        bundle.cells[3] += 5;
        fs::write(self.folder().join("forged.nectar"), bundle.encode()).expect("a file");
        "forged.nectar"
    }
}

impl Place<'_> {
    /// A command of `nectar chain`, with the key of anvil's account in the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.world.folder(), &[&["chain"], arguments].concat());
        command
            .env("NECTAR_RPC_URL", self.anvil.url())
            .env("NECTAR_CHAIN_KEY", KEY);
        command
    }

    /// Runs a command of `nectar chain` with the key of anvil's account in the environment.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments)
            .output()
            .expect("the program runs")
            .into()
    }

    /// Starts one, to be waited for.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(&self.at(arguments))
            .spawn()
            .expect("the program starts")
    }

    /// Runs a command on the registry.
    pub fn on(&self, arguments: &[&str]) -> Run {
        self.run(&self.at(arguments))
    }

    /// Runs a command on the registry with the custodian's key.
    pub fn custodian(&self, arguments: &[&str]) -> Run {
        self.on(&[arguments, &["--keys", "keys", "--confirmations", "1"]].concat())
    }

    /// Submits an answer, done when it is in a block.
    pub fn submit(&self, bundle: &str) -> Run {
        self.on(&["submit", bundle, "--confirmations", "1", "--json"])
    }

    /// Verifies an answer as of the newest block.
    pub fn verify(&self, bundle: &str) -> Run {
        let verify = [
            "verify",
            bundle,
            "--confirmations",
            "1",
            "--allow-dev-keys",
            "--json",
        ];
        self.on(&verify)
    }

    /// Arguments, and the registry.
    pub fn at<'b>(&'b self, arguments: &[&'b str]) -> Vec<&'b str> {
        [arguments, &["--registry", &self.registry]].concat()
    }
}
