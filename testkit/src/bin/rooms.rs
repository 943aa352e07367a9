//! Prints the measurements of the tree, as text or with `--json` one object a line.

use nectar_testkit::rooms::{Case, measure};
use std::{
    env,
    error::Error,
    io::{self, Write},
    path::Path,
    process::exit,
};

const USAGE: &str = "usage: rooms [--json]
Measures circles of imports, digests of pinned files and the size of the program.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let json = match arguments[..] {
        [] => false,
        ["--json"] => true,
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return Ok(());
        }
        _ => {
            eprintln!("{USAGE}");
            exit(2);
        }
    };
    for case in measure(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")))? {
        let line = if json {
            serde_json::to_string(&case)?
        } else {
            case.to_string()
        };
        writeln!(io::stdout(), "{line}")?;
        if case == (Case::Binary { bytes: None }) {
            eprintln!("the program is not built: `cargo build --release -p nectar` builds it");
        }
    }
    Ok(())
}
