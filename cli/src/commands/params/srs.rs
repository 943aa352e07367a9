//! `nectar params srs`: the SRS of a public ceremony.

mod import;
mod info;
mod verify;

use crate::{
    commands::params::failure,
    failure::{Failure, Outcome},
    render::number::whole,
    terminal::bar,
};
use clap::{Args, Subcommand};
use nectar_params::{
    ParamsError,
    ceremony::{Ceremony, Provenance},
};
use std::path::Path;

/// Imports and checks the SRS of a public ceremony, so far on its own: no command uses it yet
#[derive(Debug, Args)]
#[command(
    after_help = "The SRS is the part of the parameters that commitments are made and opened with. Nobody knows its \
        secret as long as one contributor to the ceremony has deleted their part of it.\n\nSo far you can import a \
        file, check it, and keep what is needed of it. You cannot commit, prove or verify with it yet: that takes \
        circuit keys of a ceremony, and there are none. The other commands go on using the development parameters \
        of `nectar params dev`."
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

/// Reads the SRS a folder keeps, and checks it.
fn read(folder: &Path) -> Outcome<Ceremony> {
    if !Ceremony::is_in(folder) {
        return Err(Failure::Usage(format!(
            "no SRS of a ceremony in {}; `nectar params srs import` makes one",
            folder.display()
        )));
    }
    Ceremony::read(folder).map_err(failure)
}

/// Does with a `.ptau` file what reads all of it, with a bar.
fn watch<T>(
    path: &Path,
    what: &str,
    work: impl FnOnce(&dyn Fn(u64)) -> Result<T, ParamsError>,
) -> Outcome<T> {
    let length = path.metadata().map_err(Failure::at(path))?.len();
    let progress = bar(what, length);
    let done = work(&|bytes| progress.set_position(bytes));
    progress.finish_and_clear();
    done.map_err(failure)
}

/// What is known of an SRS, a line each.
fn lines(ceremony: &Ceremony) -> String {
    let Provenance {
        source,
        blake2b,
        ceremony: name,
        power,
        contributions,
        srs,
    } = ceremony.provenance();
    let name = name.as_deref();
    let rows = whole(f64::from(1u32 << ceremony.srs().verifier().bits.min(31)));
    let lines = [
        ("SRS", srs.to_string()),
        ("serves", format!("segments of at most {rows} rows")),
        (
            "ceremony",
            name.unwrap_or("none this program knows; whoever imported the file gave its digest")
                .into(),
        ),
        (
            "stated",
            format!("{contributions} contributions, not verified one by one"),
        ),
        (
            "source",
            format!("{}, power {power}", source.escape_debug()),
        ),
        ("BLAKE2b", format!("{blake2b:x}")),
    ];
    let line = |(name, line): &(&str, String)| format!("  {name:<10} {line}\n");
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Arguments;
    use clap::Parser;

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
        let text = lines(&read(folder.path()).unwrap());
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
        assert!(!Ceremony::is_in(folder.path()));
    }
}
