//! A chain of its own for each test: the contracts as they are checked in, deployed to revm.

use alloy_primitives::{Address, B256, Bytes, TxKind, U256};
use nectar_chain::artifact::Artifact;
use revm::{
    Context, ExecuteCommitEvm, MainBuilder, MainContext, MainnetEvm,
    context::{
        TxEnv,
        result::{ExecutionResult, Output},
    },
    database::InMemoryDB,
    handler::MainnetContext,
};
use std::{fs, path::Path};

/// What a transaction costs at most, in gas: the cap of EIP-7825.
const GAS_LIMIT: u64 = 1 << 24;

/// A contract as it is checked in.
fn load(name: &str) -> Artifact {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/artifacts");
    let text = fs::read_to_string(folder.join(name).with_extension("json"));
    Artifact::read(&text.expect("the artifact is checked in")).expect("an artifact")
}

/// The selector of a contract's function, from the interface that is checked in.
///
/// # Panics
/// There is none of this name, or more than one.
pub fn selector(contract: &str, function: &str) -> [u8; 4] {
    let artifact = load(contract);
    let Some([found]) = artifact.abi.function(function).map(Vec::as_slice) else {
        panic!("{contract} has not one function {function}");
    };
    found.selector().into()
}

/// What came of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the call gave, or the name of the error; a refusal of the ABI decoder has none.
    pub result: Result<Bytes, String>,
    /// Gas, with calldata and the transaction's own 21,000.
    pub gas: u64,
}

impl Outcome {
    /// The name of the error.
    pub fn error(&self) -> Option<&str> {
        self.result.as_ref().err().map(String::as_str)
    }

    /// The word that the call gave.
    pub fn word(&self) -> Option<B256> {
        let output = self.result.as_ref().ok()?;
        (output.len() == 32).then(|| B256::from_slice(output))
    }
}

/// A chain at a moment.
pub struct Chain {
    evm: MainnetEvm<MainnetContext<InMemoryDB>>,
    artifacts: Vec<Artifact>,
}

impl Chain {
    /// A chain whose blocks all have this time, in seconds since the epoch.
    pub fn new(now: i64) -> Self {
        let evm = Context::mainnet()
            .with_db(InMemoryDB::default())
            .modify_cfg_chained(|c| c.disable_nonce_check = true)
            .modify_block_chained(|b| b.timestamp = U256::from(now))
            .build_mainnet();
        let artifacts = vec![];
        Chain { evm, artifacts }
    }

    /// Deploys a contract with the encoded arguments of its constructor.
    ///
    /// # Errors
    /// The name of the error it reverted with.
    pub fn deploy(&mut self, name: &str, arguments: &[u8]) -> Result<Address, String> {
        let artifact = load(name);
        let code = [artifact.bytecode.as_ref(), arguments].concat();
        self.artifacts.push(artifact);
        self.deploy_code(code)
    }

    /// Deploys bytecode, with which the encoded arguments of its constructor come.
    ///
    /// # Errors
    /// As [`Chain::deploy`].
    pub fn deploy_code(&mut self, code: Vec<u8>) -> Result<Address, String> {
        let made = self.transact(Address::ZERO, TxKind::Create, code);
        match made {
            ExecutionResult::Success {
                output: Output::Create(_, Some(contract)),
                ..
            } => Ok(contract),
            ExecutionResult::Revert { output, .. } => Err(self.error(&output)),
            other => panic!("{other:?}"),
        }
    }

    /// Calls a contract.
    ///
    /// # Panics
    /// The call ran out of gas, or into an invalid instruction.
    pub fn call(&mut self, from: Address, to: Address, data: Vec<u8>) -> Outcome {
        let made = self.transact(from, TxKind::Call(to), data);
        let gas = made.tx_gas_used();
        let result = match made {
            ExecutionResult::Success { output, .. } => Ok(output.into_data()),
            ExecutionResult::Revert { output, .. } => Err(self.error(&output)),
            other => panic!("{other:?}"),
        };
        Outcome { result, gas }
    }

    fn transact(&mut self, from: Address, kind: TxKind, data: Vec<u8>) -> ExecutionResult {
        let transaction = TxEnv::builder()
            .caller(from)
            .kind(kind)
            .data(data.into())
            .gas_limit(GAS_LIMIT)
            .build_fill();
        let made = self.evm.transact_commit(transaction);
        made.expect("a transaction")
    }

    /// The name of an error: a contract passes on those of the contracts it calls.
    fn error(&self, data: &[u8]) -> String {
        let found = self.artifacts.iter().find_map(|a| a.error(data));
        found.map_or_else(String::new, |e| e.name.clone())
    }
}
