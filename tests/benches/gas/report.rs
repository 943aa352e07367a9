//! Lines of JSON, or a table with the bars.

use flate2::{Compression, write::ZlibEncoder};
use serde::Serialize;
use std::io::Write;

pub const GROTH16: &str = "groth16_only";
pub const SNARKJS: &str = "snarkjs_groth16_same_inputs";
pub const ONE: &str = "segments_1";
pub const SIXTEEN: &str = "segments_16";

/// Most that our Groth16 verification may cost, as a multiple of that of snarkjs.
const MOST_OF_SNARKJS: f64 = 1.15;
/// Most gas of a verification.
const MOST_GAS: [(&str, u64); 2] = [(ONE, 550_000), (SIXTEEN, 1_500_000)];

/// What a transaction that was accepted cost.
pub struct Cost {
    /// Gas of all of it.
    pub gas: u64,
    /// What it sent.
    pub calldata: Vec<u8>,
}

impl Cost {
    /// The part of the gas that is paid for the calldata.
    fn calldata_gas(&self) -> u64 {
        let cost = |b: &u8| if *b == 0 { 4 } else { 16 };
        self.calldata.iter().map(cost).sum()
    }

    /// Bytes of the calldata under zlib, an estimate of what a rollup posts.
    fn compressed(&self) -> usize {
        let mut encoder = ZlibEncoder::new(vec![], Compression::best());
        encoder.write_all(&self.calldata).expect("memory");
        encoder.finish().expect("memory").len()
    }
}

/// A case in JSON.
#[derive(Serialize)]
struct Line {
    case: &'static str,
    gas: u64,
    calldata_bytes: usize,
}

/// Prints each case when it is measured.
pub struct Report {
    json: bool,
    gas: Vec<(&'static str, u64)>,
}

impl Report {
    /// Begins with a head, except in JSON.
    pub fn new(json: bool) -> Self {
        if !json {
            println!(
                "{:<28}{:>10}{:>14}{:>12}{:>14}",
                "case", "gas", "calldata gas", "calldata B", "compressed B"
            );
        }
        Report { json, gas: vec![] }
    }

    /// Prints a case.
    pub fn add(&mut self, case: &'static str, cost: Cost) {
        let (gas, calldata_bytes) = (cost.gas, cost.calldata.len());
        self.gas.push((case, gas));
        if self.json {
            let line = Line {
                case,
                gas,
                calldata_bytes,
            };
            println!("{}", serde_json::to_string(&line).expect("numbers"));
        } else {
            println!(
                "{case:<28}{gas:>10}{:>14}{calldata_bytes:>12}{:>14}",
                cost.calldata_gas(),
                cost.compressed()
            );
        }
    }

    /// Says which bars are met, of the cases that were measured.
    pub fn end(&self) {
        if self.json {
            return;
        }
        if let (Some(ours), Some(theirs)) = (self.gas(GROTH16), self.gas(SNARKJS)) {
            let ratio = ours as f64 / theirs as f64;
            let met = met(ratio <= MOST_OF_SNARKJS);
            println!("{GROTH16} / {SNARKJS}: {ratio:.3}, at most {MOST_OF_SNARKJS}: {met}");
        }
        for (case, most) in MOST_GAS {
            if let Some(gas) = self.gas(case) {
                println!("{case}: {gas}, at most {most}: {}", met(gas <= most));
            }
        }
    }

    fn gas(&self, case: &str) -> Option<u64> {
        self.gas.iter().find(|c| c.0 == case).map(|c| c.1)
    }
}

fn met(yes: bool) -> &'static str {
    if yes { "met" } else { "not met" }
}
