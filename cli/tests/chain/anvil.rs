//! A chain of its own for each trial: npm's anvil, which is killed when the trial is over.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

/// The key of anvil's first account, which everybody knows.
pub const KEY: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/// Its address.
pub const ACCOUNT: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/// A node, and its chain, which begins now and makes a block of each transaction.
pub struct Anvil {
    child: Child,
    address: String,
}

impl Anvil {
    pub fn start(program: &Path) -> Self {
        let mut child = Command::new(program)
            .args(["--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("anvil starts");
        let out = child.stdout.take().expect("its output is taken");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let address = lines.find_map(|l| Some(l.strip_prefix("Listening on ")?.to_string()));
        let address = address.expect("anvil listens");
        // It goes on talking of every call.
        std::thread::spawn(move || lines.for_each(drop));
        Anvil { child, address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks over JSON-RPC.
    pub fn ask(&self, method: &str, parameters: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).expect("anvil listens");
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: \
             close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .expect("anvil listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("anvil answers");
        let start = answer.find("\r\n\r\n").expect("an HTTP answer") + 4;
        let mut answer: Value = serde_json::from_str(&answer[start..]).expect("JSON");
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// How many transactions of an account are mined.
    pub fn sent(&self, account: &str) -> u64 {
        let count = self.ask("eth_getTransactionCount", json!([account, "latest"]));
        let digits = count.as_str().expect("a number").trim_start_matches("0x");
        u64::from_str_radix(digits, 16).expect("a number")
    }

    /// Makes empty blocks.
    pub fn mine(&self, blocks: u64) {
        self.ask("anvil_mine", json!([blocks]));
    }

    /// Replaces the newest blocks by empty ones: their transactions are lost.
    pub fn reorganise(&self, blocks: u64) {
        self.ask("anvil_reorg", json!([blocks, []]));
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
