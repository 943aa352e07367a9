//! A node, and what is asked of it. Little of what it says is read, so that nodes of many kinds are understood.

use crate::{
    account::Signed, artifact::Artifact, endpoint::Endpoint, error::ChainError, interface::Getter,
    refusal::Refusal, transport::Http,
};
use alloy_consensus::TxEip1559;
use alloy_json_rpc::{RpcError, RpcRecv, RpcSend};
use alloy_primitives::{Address, B256, Bytes, TxKind, U64, U128, hex};
use alloy_rpc_client::RpcClient;
use alloy_transport::TransportError;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{ops::RangeInclusive, time::Duration};

/// Most characters of a node's own words that are shown.
const MAX_WORDS: usize = 300;
/// Most gas of a transaction, the cap of EIP-7825.
const MAX_GAS: u64 = 1 << 24;
/// Most that is offered for a unit of gas, in wei: a node that asks for more is not believed.
const MAX_FEE: u128 = 500 * GWEI;
const GWEI: u128 = 1_000_000_000;

/// A node of a chain.
pub struct Node {
    client: RpcClient,
    /// The node without the secrets of its URL.
    shown: String,
    chain: u64,
    pace: Duration,
}

/// A block, as far as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    number: U64,
    /// Its hash.
    pub hash: B256,
    timestamp: U64,
    /// In wei; chains without EIP-1559 have none.
    base_fee_per_gas: Option<U128>,
}

impl Block {
    /// Its number.
    pub fn number(&self) -> u64 {
        self.number.to()
    }

    /// Its time, in seconds since the epoch.
    pub fn time(&self) -> i64 {
        i64::try_from(self.timestamp.to::<u64>()).unwrap_or(i64::MAX)
    }
}

/// What became of a transaction, as far as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub block_hash: B256,
    block_number: U64,
    gas_used: U64,
    status: U64,
    pub contract_address: Option<Address>,
}

impl Receipt {
    pub fn block(&self) -> u64 {
        self.block_number.to()
    }

    pub fn gas(&self) -> u64 {
        self.gas_used.to()
    }

    pub fn succeeded(&self) -> bool {
        self.status == U64::ONE
    }
}

/// A transaction as a node has it, as far as it is looked at.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Known {
    pub input: Bytes,
}

/// An event, as far as it is looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    address: Address,
    topics: Vec<B256>,
    pub data: Bytes,
    block_number: U64,
    pub transaction_hash: B256,
    #[serde(default)]
    removed: bool,
}

impl Event {
    pub fn block(&self) -> u64 {
        self.block_number.to()
    }
}

impl Node {
    /// Asks a node which chain it serves.
    ///
    /// # Errors
    /// It is not reached, or serves another chain than `want`.
    pub async fn connect(endpoint: &Endpoint, want: Option<u64>) -> Result<Self, ChainError> {
        let (local, shown) = (endpoint.is_local(), endpoint.to_string());
        let mut node = Node {
            client: RpcClient::new(Http::new(endpoint)?, local),
            shown,
            chain: 0,
            pace: Duration::from_millis(if local { 200 } else { 2000 }),
        };
        let chain: U64 = node.ask("eth_chainId", ()).await?;
        node.chain = chain.to();
        match want {
            Some(want) if want != node.chain => Err(ChainError::OtherChain {
                want,
                got: node.chain,
            }),
            _ => Ok(node),
        }
    }

    /// The chain's id.
    pub fn chain(&self) -> u64 {
        self.chain
    }

    /// How long to wait between two looks at the chain.
    pub(crate) fn pace(&self) -> Duration {
        self.pace
    }

    /// The newest block.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn head(&self) -> Result<Block, ChainError> {
        let block: Option<Block> = self.ask("eth_getBlockByNumber", ("latest", false)).await?;
        block.ok_or_else(|| self.fault("it has no newest block"))
    }

    /// The block of a number, if the chain is that long.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
        self.ask("eth_getBlockByNumber", (U64::from(number), false))
            .await
    }

    /// Whether a block is still in the chain.
    pub(crate) async fn holds(&self, number: u64, hash: B256) -> Result<bool, ChainError> {
        let block = self.block(number).await?;
        Ok(block.is_some_and(|b| b.hash == hash))
    }

    /// The code at an address, as of a block.
    pub(crate) async fn code(&self, address: Address, at: B256) -> Result<Bytes, ChainError> {
        self.ask("eth_getCode", (address, as_of(at))).await
    }

    /// Calls a contract without sending a transaction, as of a block.
    ///
    /// # Errors
    /// The contract refuses, or the node is not reached.
    pub async fn call(
        &self,
        from: Address,
        to: Address,
        data: Vec<u8>,
        at: B256,
    ) -> Result<Bytes, ChainError> {
        let call = request(from, TxKind::Call(to), &data);
        let output = self.client.request("eth_call", (call, as_of(at))).await;
        output.map_err(|e| self.refusal(e))
    }

    /// Reads a getter as of a block.
    pub(crate) async fn read<T>(
        &self,
        contract: Address,
        getter: Getter<T>,
        at: B256,
    ) -> Result<T, ChainError> {
        let output = self.call(Address::ZERO, contract, getter.call, at).await?;
        (getter.read)(&output).ok_or(ChainError::Code {
            address: contract,
            what: "there is no contract of Nectar there, or not one of this version",
        })
    }

    /// A transaction with number, gas and fees as the chain has them now, to be signed.
    pub(crate) async fn prepare(
        &self,
        from: Address,
        to: TxKind,
        data: &[u8],
    ) -> Result<TxEip1559, ChainError> {
        let call = (request(from, to, data),);
        let gas: Result<U64, _> = self.client.request("eth_estimateGas", call).await;
        let gas: u64 = gas.map_err(|e| self.refusal(e))?.to();
        let (most, tip) = self.fees().await?;
        Ok(TxEip1559 {
            chain_id: self.chain,
            nonce: self.count(from, "pending").await?,
            // The state may change a little until it is mined.
            gas_limit: gas.saturating_add(gas / 8).min(MAX_GAS.max(gas)),
            max_fee_per_gas: most,
            max_priority_fee_per_gas: tip,
            to,
            input: data.to_vec().into(),
            ..TxEip1559::default()
        })
    }

    /// What is offered for a unit of gas, and the miner's part of it: enough while the base fee does not double.
    async fn fees(&self) -> Result<(u128, u128), ChainError> {
        let head = self.head().await?;
        let base = head.base_fee_per_gas;
        let base: u128 = base
            .ok_or_else(|| self.fault("its chain has no fees of EIP-1559"))?
            .to();
        let tip: U128 = self.ask("eth_maxPriorityFeePerGas", ()).await?;
        let tip: u128 = tip.to();
        let most = base.saturating_mul(2).saturating_add(tip);
        if most > MAX_FEE {
            let (got, want) = (most / GWEI, MAX_FEE / GWEI);
            let words = format!("it asks for {got} gwei a unit of gas, at most {want} are offered");
            return Err(self.fault(&words));
        }
        Ok((most, tip))
    }

    /// The number of an account's next transaction, of those that are mined.
    pub(crate) async fn nonce(&self, account: Address) -> Result<u64, ChainError> {
        self.count(account, "latest").await
    }

    async fn count(&self, account: Address, as_of: &'static str) -> Result<u64, ChainError> {
        let count: U64 = self
            .ask("eth_getTransactionCount", (account, as_of))
            .await?;
        Ok(count.to())
    }

    /// Hands a transaction to the node.
    pub(crate) async fn send(&self, signed: &Signed) -> Result<(), ChainError> {
        let bytes = (hex::encode_prefixed(&signed.bytes),);
        let _: B256 = self.ask("eth_sendRawTransaction", bytes).await?;
        Ok(())
    }

    /// What became of a transaction, if it is mined.
    pub(crate) async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, ChainError> {
        self.ask("eth_getTransactionReceipt", (transaction,)).await
    }

    /// A transaction, if the node knows it, mined or not.
    pub(crate) async fn transaction(&self, hash: B256) -> Result<Option<Known>, ChainError> {
        self.ask("eth_getTransactionByHash", (hash,)).await
    }

    /// Events of a contract in a range of blocks, by their topics.
    pub(crate) async fn events(
        &self,
        contract: Address,
        blocks: RangeInclusive<u64>,
        topics: &[B256],
    ) -> Result<Vec<Event>, ChainError> {
        let (from, to) = (U64::from(*blocks.start()), U64::from(*blocks.end()));
        let filter =
            json!({ "address": contract, "fromBlock": from, "toBlock": to, "topics": topics });
        let mut events: Vec<Event> = self.ask("eth_getLogs", (filter,)).await?;
        // A node that does not know how to filter is no reason to take another contract's word.
        events.retain(|e| e.address == contract && e.topics.starts_with(topics) && !e.removed);
        Ok(events)
    }

    async fn ask<R: RpcRecv>(
        &self,
        method: &'static str,
        parameters: impl RpcSend,
    ) -> Result<R, ChainError> {
        let answer = self.client.request(method, parameters).await;
        answer.map_err(|e| self.failure(e))
    }

    /// A refusal where a contract reverted, else a fault of the node.
    fn refusal(&self, error: TransportError) -> ChainError {
        let reverted = match &error {
            RpcError::ErrorResp(e) if e.message.contains("revert") => {
                Some(e.as_revert_data().unwrap_or_default())
            }
            _ => None,
        };
        let Some(data) = reverted else {
            return self.failure(error);
        };
        let contracts = Artifact::registry().and_then(|r| Ok([r, Artifact::verifier()?]));
        match contracts {
            Ok(contracts) => Refusal::read(&data, &contracts).into(),
            Err(damaged) => damaged.into(),
        }
    }

    fn failure(&self, error: TransportError) -> ChainError {
        let what = match &error {
            RpcError::ErrorResp(e) => format!("it says: {}", e.message),
            RpcError::DeserError { err, .. } => format!("an answer that is not understood: {err}"),
            RpcError::NullResp => "an answer is missing".into(),
            RpcError::UnsupportedFeature(what) => format!("the chain has no {what}"),
            other => other.to_string(),
        };
        self.fault(&what)
    }

    fn fault(&self, what: &str) -> ChainError {
        ChainError::Node {
            node: self.shown.clone(),
            what: clean(what),
        }
    }
}

fn request(from: Address, to: TxKind, data: &[u8]) -> Value {
    let data = hex::encode_prefixed(data);
    json!({ "from": from, "to": to.to(), "input": data })
}

/// Names a block by its hash, so that a reorganisation is noticed (EIP-1898).
fn as_of(block: B256) -> Value {
    json!({ "blockHash": block })
}

/// Words of a node that may be shown on a terminal.
fn clean(words: &str) -> String {
    let plain = |c: char| match c {
        '"' | '\'' => vec![c],
        c => c.escape_debug().collect(),
    };
    words.chars().flat_map(plain).take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nodes_words_are_cleaned() {
        assert_eq!(clean("nonce \"too\" low"), "nonce \"too\" low");
        assert_eq!(clean("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
        assert_eq!(clean(&"x".repeat(1000)).len(), MAX_WORDS);
    }
}
