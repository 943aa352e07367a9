//! Cohort queries, index proofs, manifests and receipts on uniform random tables, each case in a process of its own,
//! against one MSM of 2^20 random scalars of ark-ec in the same process.
//!
//! `cargo bench -p nectar-engine --bench cohort [-- --json] [--rows N,N,..] [--segment-bits B,B,..] [--cases C,C,..]`
//! with cases Q1, Q2, index128, index4096, manifest, receipt. Queries run at every number of rows, the others at the
//! one nearest below or at 2^20.

#![cfg(test)]

mod index;
mod query;
mod receipt;

mod table;

use nectar_engine::default_segment_bits;
use nectar_params::{dev, set::Set};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Runs of each measurement; the median is reported.
const RUNS: usize = 3;
const MSM_BITS: u32 = 20;
const QUERIES: [&str; 2] = ["Q1", "Q2"];
const OTHERS: [&str; 4] = ["index128", "index4096", "manifest", "receipt"];

/// What a case is measured on.
struct Case {
    name: String,
    rows: u32,
    segment_bits: u8,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(name) = value(&args, "--case") {
        let rows = numbers(&args, "--rows", "")[0];
        let segment_bits = numbers(&args, "--segment-bits", "")[0] as u8;
        let case = Case {
            name,
            rows,
            segment_bits,
        };
        println!("{}", measure(&case));
        return;
    }
    let json = args.iter().any(|a| a == "--json");
    // Keys are made before any case is measured.
    dev::insecure_setup(&folder(), None, &|_| {}).expect("development keys");
    for case in cases(&args) {
        run_case(&case, json);
    }
}

fn value(args: &[String], name: &str) -> Option<String> {
    let at = args.iter().position(|a| a == name)?;
    args.get(at + 1).cloned()
}

fn numbers(args: &[String], name: &str, default: &str) -> Vec<u32> {
    let text = value(args, name).unwrap_or_else(|| default.into());
    let number = |n: &str| n.parse().expect("a list of numbers");
    text.split(',').map(number).collect()
}

/// The cases asked for; 0 segment bits stand for the default of the table's size.
fn cases(args: &[String]) -> Vec<Case> {
    let rows = numbers(args, "--rows", "1000,65536,262144,1048576,4194304");
    let wanted =
        value(args, "--cases").unwrap_or_else(|| [&QUERIES[..], &OTHERS].concat().join(","));
    let wanted: Vec<&str> = wanted.split(',').collect();
    let least = rows.iter().copied().min().unwrap_or(1 << 20);
    let one = rows.iter().copied().filter(|r| *r <= 1 << 20).max();
    let one = [one.unwrap_or(least)];
    let mut cases = vec![];
    for bits in numbers(args, "--segment-bits", "0") {
        for (names, rows) in [(&QUERIES[..], rows.as_slice()), (&OTHERS[..], &one)] {
            for &rows in rows {
                for name in names.iter().filter(|n| wanted.contains(n)) {
                    let default = default_segment_bits(rows);
                    cases.push(Case {
                        name: (*name).into(),
                        rows,
                        segment_bits: if bits == 0 { default } else { bits as u8 },
                    });
                }
            }
        }
    }
    cases
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(dev::ID)
}

fn measure(case: &Case) -> String {
    let keys = Set::open(&folder())
        .expect("development keys")
        .prover_keys();
    let json = match case.name.as_str() {
        "index128" => serde_json::to_string(&index::measure(128, case, &keys)),
        "index4096" => serde_json::to_string(&index::measure(4096, case, &keys)),
        "manifest" => serde_json::to_string(&index::measure_manifest(case, &keys)),
        "receipt" => serde_json::to_string(&receipt::measure(case, &keys)),
        query => serde_json::to_string(&query::measure(query, case, &keys)),
    };
    json.expect("numbers")
}

/// Measures one case in a process of its own, so that its peak memory is its own.
fn run_case(case: &Case, json: bool) {
    let program = std::env::current_exe().expect("own path");
    let (rows, bits) = (case.rows.to_string(), case.segment_bits.to_string());
    let args = [
        "--case",
        &case.name,
        "--rows",
        &rows,
        "--segment-bits",
        &bits,
    ];
    let output = Command::new(program)
        .args(args)
        .output()
        .expect("a child process");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let line = String::from_utf8_lossy(&output.stdout);
    if json {
        println!("{}", line.trim());
    } else {
        println!("{}", readable(&line));
    }
}

/// `name value` pairs in the order they were written.
fn readable(line: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(line) else {
        return line.trim().into();
    };
    let shown = |(name, value): (&String, &Value)| match value {
        Value::Number(n) if n.is_f64() => format!("{name} {:.3}", n.as_f64().unwrap_or_default()),
        Value::String(text) => text.clone(),
        other => format!("{name} {other}"),
    };
    fields.iter().map(shown).collect::<Vec<_>>().join("  ")
}
