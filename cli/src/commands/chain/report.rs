//! What the commands print of a transaction, and how.

use nectar_chain::send::Confirmed;
use serde_json::{Value, json};

/// Lines of names and values, as reports have them.
pub fn lines(lines: &[(&str, String)]) -> String {
    let line = |(name, line): &(&str, String)| format!("  {name:<11} {line}\n");
    lines.iter().map(line).collect()
}

/// A transaction as lines.
pub fn transaction(confirmed: &Confirmed) -> [(&'static str, String); 3] {
    let block = &confirmed.block;
    [
        ("transaction", confirmed.transaction.to_string()),
        ("block", format!("{} ({})", block.number, block.hash)),
        ("gas", confirmed.gas.to_string()),
    ]
}

/// A transaction as JSON.
pub fn object(confirmed: &Confirmed) -> Value {
    json!({
        "transaction": confirmed.transaction.to_string(),
        "block": confirmed.block.number,
        "block_hash": confirmed.block.hash.to_string(),
        "time": confirmed.block.time,
        "gas": confirmed.gas,
    })
}
