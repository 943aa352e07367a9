//! `nectar show`: what a bundle claims, without checking any of it.

use super::bundle;
use crate::{
    failure::Outcome,
    render::table::blank,
    terminal::{Terminal, print, print_json},
};
use clap::Args;
use nectar_answer::{
    grid::WITHHELD,
    policy, question,
    time::{day_text, moment_text},
};
use nectar_verifier::{bundle::Bundle, column::Column, disclosure::SUPPRESSED};
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf};

/// Decodes a bundle and prints what it claims; nothing is verified
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar show answer.nectar\n\nAnybody can write such a file. `nectar verify` tells whether it is true."
)]
pub struct Show {
    /// The bundle
    bundle: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Runs the command.
    ///
    /// # Errors
    /// I/O, or bytes that are no bundle.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let bundle = bundle::read(&self.bundle)?;
        if self.json {
            print_json(&object(&bundle))
        } else {
            print(&claims(&bundle, terminal))
        }
    }
}

/// What a bundle claims, as text.
pub fn claims(bundle: &Bundle, terminal: Terminal) -> String {
    let core = &bundle.core;
    let lines = [
        (
            "dataset",
            format!(
                "{}, snapshot {}",
                bundle.dataset.escape_debug(),
                core.sequence
            ),
        ),
        ("as of", moment_text(core.as_of)),
        (
            "question",
            question::sentence(&bundle.query, &columns(bundle)),
        ),
        ("date", day_text(bundle.query.day)),
        ("policy", policy::sentence(&core.policy)),
        ("root", bundle.root().to_string()),
    ];
    let lines: String = lines
        .iter()
        .map(|(name, line)| format!("  {name:<10} {line}\n"))
        .collect();
    let word = terminal.strong("UNVERIFIED");
    format!(
        "{word}: this is what the file claims; `nectar verify` checks it\n{lines}\n{}\n",
        cells(bundle, terminal)
    )
}

fn cells(bundle: &Bundle, terminal: Terminal) -> String {
    let mut table = blank(terminal);
    table.set_header(["cell", "claimed value"]);
    for (place, cell) in bundle.cells.iter().enumerate() {
        let value = match *cell {
            SUPPRESSED => WITHHELD.into(),
            value => value.to_string(),
        };
        table.add_row([place.to_string(), value]);
    }
    table.trim_fmt()
}

fn columns(bundle: &Bundle) -> BTreeMap<u16, Column> {
    let opened = bundle.columns.iter();
    opened.map(|(i, c)| (*i, c.column.clone())).collect()
}

/// What a bundle claims, as JSON.
pub fn object(bundle: &Bundle) -> serde_json::Value {
    let cell = |c: &u64| Some(*c).filter(|c| *c != SUPPRESSED);
    json!({
        "verified": false,
        "dataset": bundle.dataset,
        "sequence": bundle.core.sequence,
        "root": bundle.root().to_string(),
        "as_of": bundle.core.as_of,
        "date": day_text(bundle.query.day),
        "question": question::sentence(&bundle.query, &columns(bundle)),
        "policy": policy::sentence(&bundle.core.policy),
        "cells": bundle.cells.iter().map(cell).collect::<Vec<_>>(),
    })
}
