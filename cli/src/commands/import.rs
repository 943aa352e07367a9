//! `nectar import`: a file under a schema becomes a dataset.

use crate::{
    failure::{Failure, Outcome},
    render::{number::whole, table::blank},
    terminal::{Terminal, bar, print, print_json},
    time::{now, parse_moment},
};
use clap::Args;
use nectar_prover::data::{
    dataset::{Dataset, DatasetError},
    import,
    refusal::{ImportErrors, Refusal},
    schema::{Schema, SchemaError},
    table::Table,
};
use nectar_verifier::date::day_at;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Imports a file as a dataset: a folder of codes instead of values, rows in a secret random order
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar import --schema schema.toml --data patients.csv.gz --out cohort\n\n\
        Everything the file is refused for is listed at once, with row and column; nothing is imported then."
)]
pub struct Import {
    /// The schema: columns, codebooks, consent, disclosure policy
    #[arg(long, value_name = "FILE")]
    schema: PathBuf,
    /// The file: CSV, gzip-compressed CSV, or Parquet, one row per person
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The folder to make; it may not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The moment by which consents must have begun [default: now]
    #[arg(long, value_name = "MOMENT", value_parser = parse_moment)]
    as_of: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Runs the command.
    ///
    /// # Errors
    /// A schema or file that is refused, and I/O.
    pub fn run(self, terminal: Terminal) -> Outcome {
        refuse_existing(&self.out)?;
        let text = std::fs::read_to_string(&self.schema).map_err(Failure::at(&self.schema))?;
        let schema = Schema::parse(&text).map_err(schema_failure)?;
        let as_of = self.as_of.map_or_else(now, Ok)?;
        let table = read_table(&schema, &self.data, as_of, terminal)?;
        Dataset::create(&self.out, &text, &table).map_err(failure)?;
        self.report(&schema.dataset, &table)
    }

    fn report(&self, name: &str, table: &Table) -> Outcome {
        let (out, columns) = (self.out.display(), table.columns.len());
        if self.json {
            return print_json(&json!({
                "dataset": name,
                "rows": table.rows,
                "columns": columns,
                "folder": out.to_string(),
            }));
        }
        print(&format!(
            "{name}: {} rows, {columns} columns, in {out}\nNext: nectar snapshot commit {out} --keys keys\n",
            whole(table.rows.into())
        ))
    }
}

/// Imports a file under a schema, with a bar.
///
/// # Errors
/// Everything the file is refused for, as a table.
pub fn read_table(schema: &Schema, data: &Path, as_of: i64, terminal: Terminal) -> Outcome<Table> {
    let day = day_at(as_of, schema.utc_offset);
    let day = day.ok_or_else(|| Failure::Usage("that moment is outside the calendar".into()))?;
    let progress = bar("importing", 1);
    let table = import::Import::run(schema, data, day, &|done, all| {
        progress.set_length(all);
        progress.set_position(done);
    });
    progress.finish_and_clear();
    table.map_err(|errors| Failure::Refused(refusals(&errors, terminal)))
}

/// What a file was refused for, as a table.
pub fn refusals(errors: &ImportErrors, terminal: Terminal) -> String {
    let row = |r: &Refusal| {
        [
            r.row.map_or_else(String::new, |row| row.to_string()),
            r.column.clone().unwrap_or_default(),
            r.value.clone().unwrap_or_default(),
            r.rule.to_string(),
        ]
    };
    let mut table = blank(terminal);
    table.set_header(["row", "column", "value", "rule broken"]);
    table.add_rows(errors.found.iter().map(row));
    let kept = u64::try_from(errors.found.len()).unwrap_or(u64::MAX);
    let more = match errors.total.saturating_sub(kept) {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    let file = errors.file.display();
    format!("{file}: refused\n{}{more}", table.trim_fmt())
}

/// A dataset's fault as a failure: I/O, or content that is refused.
pub fn failure(error: DatasetError) -> Failure {
    match error {
        DatasetError::Io { .. } | DatasetError::Write(_) => Failure::io(error),
        DatasetError::Schema(e) => schema_failure(e),
        DatasetError::NoSnapshot => Failure::usage(error),
        other => Failure::refused(other),
    }
}

fn schema_failure(error: SchemaError) -> Failure {
    match error {
        SchemaError::Io { .. } => Failure::io(error),
        other => Failure::refused(other),
    }
}

fn refuse_existing(folder: &Path) -> Outcome {
    if folder.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} exists already; choose another folder for --out",
        folder.display()
    )))
}
