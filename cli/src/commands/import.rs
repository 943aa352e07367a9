//! `nectar import`: a file under a schema becomes a dataset, or the next state of one.

use crate::{
    failure::{Failure, Outcome},
    file::read_text,
    render::table::blank,
    terminal::{Terminal, bar, print, print_json},
    time::{now, parse_moment},
};
use clap::Args;
use nectar_answer::number::whole;
use nectar_dataset::{
    Changes, Dataset, DatasetError,
    fault::{Fault, ImportErrors},
    import,
    schema::{MAX_SCHEMA, Schema, SchemaError},
    table::Table,
};
use nectar_verifier::date::{Day, day_at};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Imports a file as a dataset: a folder of codes instead of values, rows in a secret random order
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nectar import --schema schema.toml --data patients.csv.gz --out cohort\n  \
        nectar import --into cohort --data patients.csv.gz\n\n\
        Everything the file is refused for is listed at once, with row and column; nothing is imported then. With --into \
        the file is the new state of all persons: withdrawals, corrections, new persons. Rows keep their places."
)]
pub struct Import {
    /// The schema: columns, codebooks, consent, disclosure policy
    #[arg(long, value_name = "FILE", required_unless_present = "into")]
    schema: Option<PathBuf>,
    /// The file: CSV, gzip-compressed CSV, or Parquet, one row per person
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The folder to make; it may not exist
    #[arg(long, value_name = "DIR", required_unless_present = "into")]
    out: Option<PathBuf>,
    /// The dataset whose next state the file is, under the dataset's own schema, which has to name a `subject`
    #[arg(long, value_name = "DIR", conflicts_with_all = ["schema", "out"])]
    into: Option<PathBuf>,
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
        let as_of = self.as_of.map_or_else(now, Ok)?;
        match (&self.into, &self.schema, &self.out) {
            (Some(folder), ..) => self.update(folder, as_of, terminal),
            (None, Some(schema), Some(out)) => self.create(schema, out, as_of, terminal),
            _ => Err(Failure::usage("want --schema and --out, or --into")),
        }
    }

    fn create(&self, schema: &Path, out: &Path, as_of: i64, terminal: Terminal) -> Outcome {
        refuse_existing(out)?;
        let text = read_text(schema, MAX_SCHEMA, "a schema")?;
        let schema = Schema::parse(&text).map_err(schema_failure)?;
        let table = read_table(&schema, &self.data, as_of, terminal)?;
        let dataset = Dataset::create(out, &text, &table).map_err(failure)?;
        self.report(&dataset, out, None)
    }

    fn update(&self, folder: &Path, as_of: i64, terminal: Terminal) -> Outcome {
        let mut dataset = Dataset::open(folder).map_err(failure)?;
        let changes = update(&mut dataset, &self.data, as_of, terminal)?;
        self.report(&dataset, folder, Some(changes))
    }

    fn report(&self, dataset: &Dataset, folder: &Path, changes: Option<Changes>) -> Outcome {
        let (name, table) = (&dataset.schema().dataset, dataset.table());
        let (folder, columns) = (folder.display(), table.columns.len());
        if self.json {
            return print_json(&json!({
                "dataset": name,
                "rows": table.rows,
                "columns": columns,
                "folder": folder.to_string(),
                "added": changes.map(|c| c.added),
                "changed": changes.map(|c| c.changed),
            }));
        }
        let rows = whole(table.rows.into());
        let changes = changes.map_or_else(String::new, |c| {
            let [added, changed] = [c.added, c.changed].map(|n| whole(n.into()));
            format!(" ({added} new, {changed} changed)")
        });
        print(&format!(
            "{name}: {rows} rows{changes}, {columns} columns, in {folder}\n\
             Next: nectar snapshot commit {folder} --keys keys\n"
        ))
    }
}

/// Imports a file under a schema, with a bar.
///
/// # Errors
/// Everything the file is refused for, as a table.
pub fn read_table(schema: &Schema, data: &Path, as_of: i64, terminal: Terminal) -> Outcome<Table> {
    let day = civil_day(as_of, schema)?;
    let table = with_bar(|progress| import::Import::run(schema, data, day, progress));
    table.map_err(|errors| Failure::Refused(refusals(&errors, terminal)))
}

/// Takes the next state of a dataset's source in, with a bar.
///
/// # Errors
/// A dataset without subject ids, I/O, or everything the file is refused for, as a table.
pub fn update(
    dataset: &mut Dataset,
    data: &Path,
    as_of: i64,
    terminal: Terminal,
) -> Outcome<Changes> {
    let day = civil_day(as_of, dataset.schema())?;
    let updated = with_bar(|progress| dataset.update(data, day, progress));
    updated.map_err(|e| match e {
        DatasetError::Source(errors) => Failure::Refused(refusals(&errors, terminal)),
        other => failure(other),
    })
}

/// The day of a moment in the schema's offset.
fn civil_day(moment: i64, schema: &Schema) -> Outcome<Day> {
    let day = day_at(moment, schema.utc_offset);
    day.ok_or_else(|| Failure::usage("that moment is outside the calendar"))
}

/// Runs an import, which is given what to tell its progress to.
fn with_bar<T>(run: impl FnOnce(&dyn Fn(u64, u64)) -> T) -> T {
    let progress = bar("importing", 1);
    let value = run(&|done, all| {
        progress.set_length(all);
        progress.set_position(done);
    });
    progress.finish_and_clear();
    value
}

/// What a file was refused for, as a table.
pub fn refusals(errors: &ImportErrors, terminal: Terminal) -> String {
    let row = |r: &Fault| {
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
        DatasetError::NoSubjects => Failure::usage(error),
        DatasetError::NoSnapshot => {
            Failure::usage(format!("{error}; make one with `nectar snapshot commit`"))
        }
        DatasetError::Unproven(_) => {
            Failure::usage(format!("{error}; make them with `nectar snapshot prove`"))
        }
        DatasetError::Uncommitted(_) => {
            Failure::refused(format!("{error}; `nectar snapshot commit` does it"))
        }
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
