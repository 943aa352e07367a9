//! `nectar chain`: the contracts on a chain of Ethereum's kind.

mod deploy;
mod error;
mod key;
mod network;
mod publish;
mod report;
mod submit;
mod verify;

use crate::{failure::Outcome, terminal::Terminal};
use clap::{Args, Subcommand};
use nectar_chain::publish::Method;

/// Enters answers in a registry on a chain, and checks what is entered there
#[derive(Debug, Args)]
#[command(
    after_help = "A registry is a contract: it keeps the head of each dataset, verifies answers over it, and notes when. It \
        trusts the attestors it was deployed with for the form of a snapshot.\n\nExample:\n  export \
        NECTAR_RPC_URL=http://127.0.0.1:8545\n  nectar chain deploy --attestor 0x12.. --keystore account.json\n  nectar \
        chain register cohort --registry 0x34.. --keys keys              # the custodian's key\n  nectar chain submit answer.nectar --registry 0x34.. --keystore \
        account.json\n  nectar chain verify answer.nectar --registry 0x34..\n\nKeys come from files or the environment, \
        never from the command line: --keystore FILE with NECTAR_KEYSTORE_PASSWORD or --password-file, --keys DIR for the \
        custodian's, or NECTAR_CHAIN_KEY, 64 hexadecimal digits."
)]
pub struct Chain {
    #[command(subcommand)]
    action: Action,
}

const REGISTER: &str = "Example:\n  nectar snapshot attest cohort --keys keys\n  nectar chain register cohort --registry \
    0x34.. --keys keys\n\nNothing but the header's fixed part, one root and a signature leaves the folder. The custodian \
    whom the header names sends it: that is the key in the keys folder the snapshot was committed with. Its account \
    pays, and has to hold what that costs. Later snapshots are published.";

const PUBLISH: &str = "Example:\n  nectar snapshot attest cohort --keys keys\n  nectar chain publish cohort --registry \
    0x34.. --keys keys\n\nSnapshots follow one another without a gap. The custodian whom the head's header names sends \
    the next one; the next header can name another, who is the custodian from then on.";

#[derive(Debug, Subcommand)]
enum Action {
    Deploy(deploy::Deploy),
    /// Registers a dataset by its latest snapshot: the first head there, which an attestor has attested
    #[command(after_help = REGISTER)]
    Register(publish::Publish),
    /// Publishes the latest snapshot as the head after the one the registry has; an attestor has attested it
    #[command(after_help = PUBLISH)]
    Publish(publish::Publish),
    Submit(submit::Submit),
    Verify(verify::Verify),
}

impl Chain {
    /// Runs the command.
    ///
    /// # Errors
    /// What a contract refuses, what is not entered, and faults of files and network.
    pub fn run(self, terminal: Terminal) -> Outcome {
        match self.action {
            Action::Deploy(deploy) => deploy.run(),
            Action::Register(snapshot) => snapshot.run(Method::Register),
            Action::Publish(snapshot) => snapshot.run(Method::Publish),
            Action::Submit(submit) => submit.run(),
            Action::Verify(verify) => verify.run(terminal),
        }
    }
}
