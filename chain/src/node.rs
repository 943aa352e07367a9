//! A node, and the calls of its JSON-RPC. Few fields of its answers are read, so that many kinds of nodes will do.

use crate::{
    account::Signed, artifact::Artifact, endpoint::Endpoint, error::ChainError, interface::Getter,
    revert::Revert, transport::Http,
};
use alloy_consensus::TxEip1559;
use alloy_json_rpc::{RpcError, RpcRecv, RpcSend};
use alloy_primitives::{Address, B256, Bytes, TxKind, U64, U128, hex};
use alloy_rpc_client::RpcClient;
use alloy_serde::quantity;
use alloy_transport::TransportError;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Value, json};
use std::{ops::RangeInclusive, time::Duration};

/// Most characters of a node's own message that are shown.
const MAX_MESSAGE: usize = 300;
/// Most gas of a transaction, the cap of EIP-7825.
const MAX_GAS: u64 = 1 << 24;
/// Most that is offered for a unit of gas, in wei: a node that wants more is not believed.
const MAX_FEE: u128 = 500 * GWEI;
const GWEI: u128 = 1_000_000_000;

/// A node of a chain.
pub struct Node {
    client: RpcClient,
    /// The node without the secrets of its URL.
    endpoint: String,
    chain: u64,
    poll_interval: Duration,
}

/// A block, as far as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its number.
    #[serde(with = "quantity")]
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Its time, in seconds since the epoch.
    #[serde(rename = "timestamp", deserialize_with = "seconds")]
    pub time: i64,
    /// In wei; chains without EIP-1559 have none.
    #[serde(default, with = "quantity::opt")]
    base_fee_per_gas: Option<u128>,
}

fn seconds<'de, D: Deserializer<'de>>(quantity: D) -> Result<i64, D::Error> {
    let seconds: u64 = quantity::deserialize(quantity)?;
    i64::try_from(seconds).map_err(D::Error::custom)
}

/// The receipt of a mined transaction, as far as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub block_hash: B256,
    #[serde(with = "quantity")]
    pub block_number: u64,
    #[serde(with = "quantity")]
    pub gas_used: u64,
    #[serde(with = "quantity")]
    status: u64,
    pub contract_address: Option<Address>,
}

impl Receipt {
    pub fn succeeded(&self) -> bool {
        self.status == 1
    }
}

/// A transaction, as far as it is read.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Transaction {
    pub input: Bytes,
}

/// An event, as far as it is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    address: Address,
    topics: Vec<B256>,
    pub data: Bytes,
    #[serde(with = "quantity")]
    pub block_number: u64,
    pub transaction_hash: B256,
    #[serde(default)]
    removed: bool,
}

impl Node {
    /// Asks a node which chain it serves.
    ///
    /// # Errors
    /// It is not reached, or serves another chain than `want`.
    pub async fn connect(endpoint: &Endpoint, want: Option<u64>) -> Result<Self, ChainError> {
        let local = endpoint.is_local();
        let mut node = Node {
            client: RpcClient::new(Http::new(endpoint)?, local),
            endpoint: endpoint.to_string(),
            chain: 0,
            poll_interval: Duration::from_millis(if local { 200 } else { 2000 }),
        };
        let got = node.ask::<U64>("eth_chainId", ()).await?.to();
        node.chain = got;
        match want {
            Some(want) if want != got => Err(ChainError::OtherChain { want, got }),
            _ => Ok(node),
        }
    }

    /// The chain's id.
    pub fn chain(&self) -> u64 {
        self.chain
    }

    /// How long to wait between two calls for the same thing.
    pub(crate) fn poll_interval(&self) -> Duration {
        self.poll_interval
    }

    /// The newest block.
    ///
    /// # Errors
    /// The node is not reached.
    pub async fn head(&self) -> Result<Block, ChainError> {
        let block: Option<Block> = self.ask("eth_getBlockByNumber", ("latest", false)).await?;
        block.ok_or_else(|| self.error("it has no newest block"))
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
    pub(crate) async fn contains(&self, number: u64, hash: B256) -> Result<bool, ChainError> {
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
    /// The contract reverts, or the node is not reached.
    pub async fn call(
        &self,
        from: Address,
        to: Address,
        data: Vec<u8>,
        at: B256,
    ) -> Result<Bytes, ChainError> {
        let call = request(from, TxKind::Call(to), &data);
        let output = self.client.request("eth_call", (call, as_of(at))).await;
        output.map_err(|e| self.call_error(e))
    }

    /// Reads a getter as of a block.
    pub(crate) async fn read<T>(
        &self,
        contract: Address,
        getter: Getter<T>,
        at: B256,
    ) -> Result<T, ChainError> {
        let output = self.call(Address::ZERO, contract, getter.call, at).await?;
        let unread = || self.error("the data that a contract's getter returned is not understood");
        (getter.read)(&output).ok_or_else(unread)
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
        let gas = gas.map_err(|e| self.call_error(e))?.to();
        let (max_fee, tip) = self.fees().await?;
        Ok(TxEip1559 {
            chain_id: self.chain,
            nonce: self.transaction_count(from, "pending").await?,
            gas_limit: gas_limit(gas),
            max_fee_per_gas: max_fee,
            max_priority_fee_per_gas: tip,
            to,
            input: data.to_vec().into(),
            ..TxEip1559::default()
        })
    }

    /// The most that is offered for a unit of gas, enough while the base fee does not double, and the tip in it.
    async fn fees(&self) -> Result<(u128, u128), ChainError> {
        let base = self.head().await?.base_fee_per_gas;
        let base = base.ok_or_else(|| self.error("its chain has no fees of EIP-1559"))?;
        let tip: u128 = self.ask::<U128>("eth_maxPriorityFeePerGas", ()).await?.to();
        let max_fee = base.saturating_mul(2).saturating_add(tip);
        if max_fee > MAX_FEE {
            let (got, want) = (max_fee / GWEI, MAX_FEE / GWEI);
            let what = format!("fee for a unit of gas: got {got} gwei, want at most {want}");
            return Err(self.error(&what));
        }
        Ok((max_fee, tip))
    }

    /// How many transactions of an account are mined.
    pub(crate) async fn mined(&self, account: Address) -> Result<u64, ChainError> {
        self.transaction_count(account, "latest").await
    }

    async fn transaction_count(&self, account: Address, at: &str) -> Result<u64, ChainError> {
        let count = self.ask::<U64>("eth_getTransactionCount", (account, at));
        Ok(count.await?.to())
    }

    /// Sends a transaction to the node.
    pub(crate) async fn send(&self, signed: &Signed) -> Result<(), ChainError> {
        let bytes = (hex::encode_prefixed(&signed.bytes),);
        let _: B256 = self.ask("eth_sendRawTransaction", bytes).await?;
        Ok(())
    }

    /// The receipt of a transaction, if it is mined.
    pub(crate) async fn receipt(&self, transaction: B256) -> Result<Option<Receipt>, ChainError> {
        self.ask("eth_getTransactionReceipt", (transaction,)).await
    }

    /// A transaction, if the node knows it, mined or not.
    pub(crate) async fn transaction(&self, hash: B256) -> Result<Option<Transaction>, ChainError> {
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
        answer.map_err(|e| self.rpc_error(e))
    }

    /// The contract's error where it reverted, else the node's.
    fn call_error(&self, error: TransportError) -> ChainError {
        let reverted = match &error {
            RpcError::ErrorResp(e) if e.message.contains("revert") => {
                Some(e.as_revert_data().unwrap_or_default())
            }
            _ => None,
        };
        let Some(data) = reverted else {
            return self.rpc_error(error);
        };
        let contracts = Artifact::registry().and_then(|r| Ok([r, Artifact::verifier()?]));
        match contracts {
            Ok(contracts) => Revert::read(&data, &contracts).into(),
            Err(damaged) => damaged.into(),
        }
    }

    fn rpc_error(&self, error: TransportError) -> ChainError {
        let what = match &error {
            RpcError::ErrorResp(e) => format!("it says: {}", e.message),
            RpcError::DeserError { err, .. } => format!("an answer that is not understood: {err}"),
            RpcError::NullResp => "an answer is missing".into(),
            RpcError::UnsupportedFeature(what) => format!("the chain has no {what}"),
            other => other.to_string(),
        };
        self.error(&what)
    }

    fn error(&self, what: &str) -> ChainError {
        ChainError::Node {
            node: self.endpoint.clone(),
            what: sanitised(what),
        }
    }
}

/// An estimate and an eighth, as the state may change a little until the transaction is mined, within the cap.
fn gas_limit(estimate: u64) -> u64 {
    let margin = (estimate / 8).min(MAX_GAS.saturating_sub(estimate));
    estimate + margin
}

fn request(from: Address, to: TxKind, data: &[u8]) -> Value {
    let data = hex::encode_prefixed(data);
    json!({ "from": from, "to": to.to(), "input": data })
}

/// Names a block by its hash, so that a reorganisation is noticed (EIP-1898).
fn as_of(block: B256) -> Value {
    json!({ "blockHash": block })
}

/// A node's message without what a terminal would interpret.
fn sanitised(message: &str) -> String {
    let plain = |c: char| match c {
        '"' | '\'' => vec![c],
        c => c.escape_debug().collect(),
    };
    message.chars().flat_map(plain).take(MAX_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_nodes_are_sanitised() {
        assert_eq!(sanitised("nonce \"too\" low"), "nonce \"too\" low");
        assert_eq!(
            sanitised("a\u{1b}[2J\n\u{202e}b"),
            "a\\u{1b}[2J\\n\\u{202e}b"
        );
        assert_eq!(sanitised(&"x".repeat(1000)).len(), MAX_MESSAGE);
    }

    #[test]
    fn gas_has_a_margin_within_the_cap() {
        assert_eq!(gas_limit(800), 900);
        assert_eq!(gas_limit(MAX_GAS - 1), MAX_GAS);
        assert_eq!(gas_limit(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_time_beyond_the_type_is_refused() {
        let block = |time: &str| {
            let json = json!({ "number": "0x1", "hash": B256::ZERO, "timestamp": time });
            serde_json::from_value::<Block>(json)
        };
        assert_eq!(block("0x7fffffffffffffff").unwrap().time, i64::MAX);
        assert!(block("0x8000000000000000").is_err());
    }
}
