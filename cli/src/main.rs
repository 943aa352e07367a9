//! `nectar`: statistics over records that never leave their custodian, with proofs anybody can check.
//!
//! Thin: commands parse, call the library, and print. Exit codes: 0 done, 1 refused or not verified, 2 wrong usage,
//! 3 a fault of files, network or system.

mod accepted;
mod advice;
mod anchors;
mod checked;
mod columns;
mod commands;
mod demo;
mod failure;
mod file;
mod keyring;
mod private;
mod remote;
mod render;
mod secret;
mod terminal;
mod time;

use clap::Parser;
use std::process::ExitCode;
use terminal::Terminal;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    match arguments.command.run(Terminal::detect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("nectar: {failure}");
            failure.code()
        }
    }
}
