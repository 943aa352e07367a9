//! `nectar chain deploy`: the contracts.

use super::{
    error::failure,
    key::Key,
    network::{Depth, Network, Progress, Wait, block_on},
    report::{self, lines},
};
use crate::{
    accepted::Accepted,
    commands::params,
    failure::{Failure, Outcome},
    terminal::{print, print_json},
};
use alloy_primitives::Address;
use clap::Args;
use nectar_chain::deploy::{Deployed, deploy};
use nectar_verifier::{circuit::Circuit, keys::Keys, shape::Shape, trust::TrustedKeys};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Deploys a verifier for each circuit of a set of parameters, and a registry that knows them
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar chain deploy --rpc http://127.0.0.1:8545 --attestor 0x12.. --params params \\\n    \
        --keystore account.json\n\nNobody can change a registry, whoever deployed it: attestors and keys are those of the \
        day. Insecure development keys are taken with --allow-dev-keys only; what such a registry enters proves nothing."
)]
pub struct Deploy {
    /// An attestor that the registry trusts for the form of snapshots; may be given more than once
    #[arg(long = "attestor", value_name = "ADDRESS", required = true)]
    attestors: Vec<Address>,
    /// The folder of parameters
    #[arg(long, value_name = "DIR", default_value = "params")]
    params: PathBuf,
    #[command(flatten)]
    accepted: Accepted,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    depth: Depth,
    #[command(flatten)]
    wait: Wait,
    #[command(flatten)]
    key: Key,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Deploy {
    /// Runs the command.
    ///
    /// # Errors
    /// Keys that are not accepted, and faults of files and network.
    pub fn run(self) -> Outcome {
        let account = self.key.account()?;
        let keys = self.keys()?;
        let progress = Progress::new(self.depth, self.wait);
        block_on(async {
            let node = self.network.connect().await?;
            let made = progress.watch(&node, &account, async |sender| {
                deploy(sender, &keys, &self.attestors)
                    .await
                    .map_err(failure)
            });
            self.report(&made.await?, &keys, node.chain())
        })
    }

    /// The keys of the set's release circuits, if they are accepted.
    fn keys(&self) -> Outcome<Vec<TrustedKeys>> {
        let (set, accepted) = (params::load(&self.params)?, self.accepted.keys()?);
        let keys = |shape: Shape| {
            let circuit = set
                .circuit(Circuit::Release(shape))
                .map_err(params::failure)?;
            let keys = Keys {
                srs: *set.srs().verifier(),
                circuit: circuit.verifier().clone(),
            };
            accepted.trust(keys).map_err(Failure::refused)
        };
        Shape::ALL.into_iter().map(keys).collect()
    }

    fn report(&self, made: &Deployed, keys: &[TrustedKeys], chain: u64) -> Outcome {
        let insecure = keys.iter().any(TrustedKeys::are_insecure_dev_keys);
        let (registry, confirmed) = &made.registry;
        let transactions = made.verifiers.iter().map(|(_, _, c)| c).chain([confirmed]);
        let gas: u64 = transactions.map(|c| c.gas).sum();
        let attestors: Vec<_> = self.attestors.iter().map(Address::to_string).collect();
        if self.json {
            return print_json(&json!({
                "chain": chain,
                "registry": registry.to_string(),
                "deployment": report::object(confirmed),
                "verifiers": made.verifiers.iter().map(|(triple, address, confirmed)| json!({
                    "circuit": triple.circuit.name(),
                    "srs": triple.srs.to_string(),
                    "key": triple.key.to_string(),
                    "address": address.to_string(),
                    "deployment": report::object(confirmed),
                })).collect::<Value>(),
                "attestors": attestors,
                "insecure_dev_keys": insecure,
                "gas": gas,
            }));
        }
        let mut report = vec![
            ("chain", chain.to_string()),
            ("attestors", attestors.join(", ")),
        ];
        for (triple, address, _) in &made.verifiers {
            report.push((
                "verifier",
                format!("{address} ({}, key {})", triple.circuit, triple.key),
            ));
        }
        report.extend(report::transaction(confirmed));
        report.push(("gas, in all", gas.to_string()));
        if insecure {
            let words = "INSECURE DEVELOPMENT KEYS: anybody can forge proofs under them; this registry proves nothing";
            report.push(("left open", words.into()));
        }
        let next =
            format!("Next: nectar chain register DATASET --registry {registry} --keys keys\n");
        print(&format!("registry {registry}\n{}{next}", lines(&report)))
    }
}
