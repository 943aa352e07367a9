//! Proposes a schema for a file: one pass over it, bounded memory a column, and a commented TOML document out.
//!
//! What is proposed imports the file it was made from; whether it says what the columns mean is for people to check.

mod draft;
mod numbers;
mod survey;

use super::{
    fault::{Fault, ImportErrors, Rule},
    sink::{Field, Sink},
    source,
    value::Value,
};
use std::path::Path;
use survey::Survey;

/// Proposes a schema for a CSV or Parquet file. `progress` is told bytes read and bytes in all.
///
/// # Errors
/// A file that cannot be read, and rows or cells that break a rule whatever the schema.
pub fn propose(path: &Path, progress: &dyn Fn(u64, u64)) -> Result<String, ImportErrors> {
    let mut inference = Inference {
        surveys: Vec::new(),
        slots: Vec::new(),
        errors: ImportErrors::new(path.to_owned()),
    };
    match source::read(path, &mut inference, progress) {
        Ok(rows) if inference.errors.total == 0 => {
            Ok(draft::document(path, rows, &inference.surveys))
        }
        Ok(_) => Err(inference.errors),
        Err(fault) => {
            inference.errors.push(|| fault);
            Err(inference.errors)
        }
    }
}

/// One survey for each column of the file.
struct Inference {
    surveys: Vec<Survey>,
    /// The survey each slot is for: unreadable columns have no slot.
    slots: Vec<usize>,
    errors: ImportErrors,
}

impl Sink for Inference {
    fn header(&mut self, fields: &[Field]) -> Option<Vec<usize>> {
        self.surveys = fields.iter().map(Survey::new).collect();
        let readable = |(i, f): (usize, &Field)| f.unreadable.is_none().then_some(i);
        self.slots = fields.iter().enumerate().filter_map(readable).collect();
        Some(self.slots.clone())
    }

    fn cell(&mut self, slot: usize, row: u32, value: Result<Value, Rule>) {
        let place = self.slots.get(slot).copied().unwrap_or(usize::MAX);
        let Some(survey) = self.surveys.get_mut(place) else {
            return;
        };
        match value {
            Ok(value) => survey.take(&value),
            Err(rule) => {
                let name = survey.name.clone();
                self.errors.push(|| Fault {
                    row: Some(row),
                    ..Fault::column(&name, rule)
                });
            }
        }
    }

    fn broken_row(&mut self, row: u32, rule: Rule) {
        self.errors.push(|| Fault::row(row, rule));
    }
}
