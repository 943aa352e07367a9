//! What verification costs on a chain: gas of whole transactions in revm, and their calldata.
//!
//! `cargo bench -p nectar-tests --bench gas [-- --json] [--cases C,C,..]` with cases groth16_only,
//! snarkjs_groth16_same_inputs, segments_1, segments_16.
//!
//! Where there is no node, or npm does not reach its registry, the case of snarkjs is left out: stderr says so, and the
//! exit code is 0.

#![cfg(test)]

mod groth16;
mod report;
mod segments;

use nectar_testkit::npm::Missing;
use report::{Cost, Report};
use std::process::ExitCode;

type Measure = fn() -> Result<Cost, Missing>;

/// All cases, in the order in which they are measured.
const CASES: [(&str, Measure); 4] = [
    (report::GROTH16, || Ok(groth16::ours())),
    (report::SNARKJS, groth16::snarkjs),
    (report::ONE, || Ok(segments::verification(1))),
    (report::SIXTEEN, || Ok(segments::verification(16))),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), String> {
    let cases = cases(args)?;
    let mut report = Report::new(args.iter().any(|a| a == "--json"));
    for (name, measure) in cases {
        match measure() {
            Ok(cost) => report.add(name, cost),
            Err(Missing::Skip(why)) => eprintln!("SKIPPED: {name} is not measured: {why}"),
            Err(Missing::Broken(why)) => return Err(why),
        }
    }
    report.end();
    Ok(())
}

/// The cases asked for, or all.
fn cases(args: &[String]) -> Result<Vec<(&'static str, Measure)>, String> {
    let Some(at) = args.iter().position(|a| a == "--cases") else {
        return Ok(CASES.into());
    };
    let names = CASES.map(|c| c.0);
    let wanted = args.get(at + 1).map_or("", String::as_str);
    let wanted: Vec<&str> = wanted.split(',').collect();
    match wanted.iter().find(|w| !names.contains(w)) {
        Some(other) => Err(format!(
            "no case {other:?}: want some of {}",
            names.join(",")
        )),
        None => Ok(CASES
            .into_iter()
            .filter(|c| wanted.contains(&c.0))
            .collect()),
    }
}
