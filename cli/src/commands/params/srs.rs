//! `nectar params srs`: the SRS of a public ceremony.

mod import;
mod info;
pub mod verify;

use crate::failure::Outcome;
use clap::{Args, Subcommand};
use nectar_answer::number::whole;
use nectar_params::{
    ceremony::Provenance,
    lock::{SrsEntry, SrsSource},
};

/// Imports and checks the SRS of a public ceremony
#[derive(Debug, Args)]
#[command(
    after_help = "The SRS is the part of the parameters that commitments are made and opened with. Nobody knows its \
        secret as long as one contributor to the ceremony has deleted their part of it.\n\nAn import begins a set of parameters; \
        `nectar params key import` adds the circuits' keys."
)]
pub struct Srs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Import(import::Import),
    Verify(verify::Verify),
    Info(info::Info),
}

impl Srs {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that is refused, and I/O.
    pub fn run(self) -> Outcome {
        match self.action {
            Action::Import(import) => import.run(),
            Action::Verify(verify) => verify.run(),
            Action::Info(info) => info.run(),
        }
    }
}

/// What is known of an SRS, a line each.
pub fn lines(entry: &SrsEntry) -> String {
    let rows = whole(f64::from(1u32 << entry.bits.min(31)));
    let mut lines = vec![
        ("SRS", entry.digest.to_string()),
        ("serves", format!("segments of at most {rows} rows")),
    ];
    match &entry.source {
        SrsSource::InsecurePublicSeed => lines.push((
            "source",
            "INSECURE: a public seed, everybody knows its secret".into(),
        )),
        SrsSource::Ptau(provenance) => lines.extend(provenance_lines(provenance)),
    }
    let line = |(name, line): &(&str, String)| format!("  {name:<10} {line}\n");
    lines.iter().map(line).collect()
}

fn provenance_lines(provenance: &Provenance) -> [(&'static str, String); 4] {
    let Provenance {
        source,
        blake2b,
        ceremony,
        power,
        contributions,
    } = provenance;
    let none = "none this program knows; whoever imported the file gave its digest";
    [
        ("ceremony", ceremony.as_deref().unwrap_or(none).into()),
        (
            "stated",
            format!("{contributions} contributions, not verified one by one"),
        ),
        (
            "source",
            format!("{}, power {power}", source.escape_debug()),
        ),
        ("BLAKE2b", format!("{blake2b:x}")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commands::Arguments, failure::Failure};
    use clap::Parser;
    use nectar_params::set::Set;

    const PTAU: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../params/tests/data/powersOfTau28_hez_final_08.ptau"
    );

    fn run(arguments: &[&str]) -> Outcome {
        let start = ["nectar", "params", "srs"];
        let arguments = Arguments::try_parse_from(start.iter().chain(arguments));
        arguments
            .unwrap()
            .command
            .run(crate::terminal::Terminal::plain())
    }

    #[test]
    fn a_published_file_is_imported_once_and_verified() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        assert!(matches!(run(&["info", out]), Err(Failure::Usage(_))));
        run(&["import", PTAU, "--out", out]).unwrap();
        assert!(matches!(
            run(&["import", PTAU, "--out", out]),
            Err(Failure::Usage(_))
        ));
        run(&["info", out, "--json"]).unwrap();
        run(&["verify", out]).unwrap();
        run(&["verify", out, "--ptau", PTAU]).unwrap();
        let text = lines(&Set::open(folder.path()).unwrap().lock().srs);
        assert!(
            text.contains("256 rows") && text.contains("55 contributions"),
            "{text}"
        );
    }

    #[test]
    fn a_file_of_another_digest_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let (other, digest) = ("ab".repeat(64), "d6a8fb3a04feb600");
        let error = run(&["import", PTAU, "--out", out, "--digest", &other]).unwrap_err();
        assert!(
            matches!(&error, Failure::Refused(e) if e.contains(digest)),
            "{error}"
        );
        assert!(!Set::is_in(folder.path()));
    }
}
