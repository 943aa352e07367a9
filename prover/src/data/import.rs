//! Import: a source file under a schema becomes a table of codes, or is refused with every reason at once.

use super::{
    codebook::Codebook,
    refusal::{ImportErrors, Refusal, Rule},
    schema::Schema,
    source::{self, Field, Sink},
    subjects::{Digest, Subjects},
    table::Table,
    value::Value,
};
use ark_std::rand::rngs::OsRng;
use nectar_verifier::date::Day;
use std::{collections::HashMap, path::Path};

/// An import under way: two bytes a cell, and per row a digest of the subject's id.
#[derive(Debug)]
pub struct Import<'a> {
    schema: &'a Schema,
    as_of: Day,
    slots: Vec<Slot>,
    codes: Vec<Vec<u16>>,
    subjects: Subjects,
    /// Rows of the digests, to refuse the second.
    rows_of: HashMap<Digest, u32>,
    errors: ImportErrors,
}

/// What a cell is for. Begins of consents follow all codes, which they may set to 0.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Subject,
    Code(usize),
    Begin(usize),
}

impl<'a> Import<'a> {
    /// Imports a file and puts its rows into a secret random order.
    ///
    /// `as_of` is the civil day, in the schema's offset, by which consents must have begun. `progress` is told bytes
    /// read and bytes in all.
    ///
    /// # Errors
    /// Everything the file is refused for.
    pub fn run(
        schema: &'a Schema,
        path: &Path,
        as_of: Day,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Table, ImportErrors> {
        let mut table = Self::in_file_order(schema, path, as_of, progress)?;
        table.shuffle(&mut OsRng);
        Ok(table)
    }

    /// Imports a file and leaves its rows in their order, which must not become that of a snapshot.
    ///
    /// # Errors
    /// Everything the file is refused for.
    pub fn in_file_order(
        schema: &'a Schema,
        path: &Path,
        as_of: Day,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Table, ImportErrors> {
        let mut import = Import::new(schema, path, as_of);
        if let Err(refusal) = source::read(path, &mut import, progress)
            && (import.errors.total == 0 || refusal.rule != Rule::NoRows)
        {
            import.errors.push(|| refusal);
        }
        import.finish()
    }

    fn new(schema: &'a Schema, path: &Path, as_of: Day) -> Self {
        Import {
            schema,
            as_of,
            slots: Vec::new(),
            codes: vec![Vec::new(); schema.codebooks.len()],
            subjects: Subjects::generate(&mut OsRng),
            rows_of: HashMap::new(),
            errors: ImportErrors::new(path.to_owned()),
        }
    }

    fn finish(mut self) -> Result<Table, ImportErrors> {
        if self.errors.total > 0 {
            return Err(self.errors);
        }
        drop(self.rows_of);
        let subjects = self.schema.subject.is_some().then_some(self.subjects);
        Table::new(self.schema.columns(), self.codes, subjects).map_err(|e| {
            self.errors.push(|| source::unreadable(e));
            self.errors
        })
    }

    /// The slots with the source columns they are filled from.
    fn wanted(schema: &Schema) -> Vec<(Slot, &str)> {
        let subject = schema.subject.iter().map(|s| (Slot::Subject, s.as_str()));
        let books = || schema.codebooks.iter().enumerate();
        let codes = books().map(|(i, c)| (Slot::Code(i), c.from.as_str()));
        let begins = books().filter_map(|(i, c)| Some((Slot::Begin(i), c.begin.as_deref()?)));
        subject.chain(codes).chain(begins).collect()
    }

    fn take(&mut self, slot: Slot, row: u32, value: &Value) -> Result<(), Rule> {
        match slot {
            Slot::Subject => self.take_subject(row, value),
            Slot::Code(i) => {
                let code = self.codebook(i).map_or(Ok(0), |c| c.code(value));
                if let Some(codes) = self.codes.get_mut(i) {
                    push(codes, code.as_ref().copied().unwrap_or(0));
                }
                code.map(|_| ())
            }
            Slot::Begin(i) => self.take_begin(i, row, value),
        }
    }

    fn take_subject(&mut self, row: u32, value: &Value) -> Result<(), Rule> {
        let missing = |id: &str| id.is_empty() || self.schema.missing.iter().any(|m| m == id);
        if value.with_text(missing) {
            return Err(Rule::NoSubject);
        }
        let digest = value.with_text(|id| self.subjects.digest(id));
        self.subjects.push(digest);
        let first = *self.rows_of.entry(digest).or_insert(row);
        if first == row {
            Ok(())
        } else {
            Err(Rule::DuplicateSubject { row: first })
        }
    }

    /// A consent that is none already needs no begin; one that has not begun becomes none.
    fn take_begin(&mut self, column: usize, row: u32, value: &Value) -> Result<(), Rule> {
        let place = usize::try_from(row).ok().and_then(|r| r.checked_sub(1));
        let code = self
            .codes
            .get_mut(column)
            .zip(place)
            .and_then(|(c, p)| c.get_mut(p));
        let book = self.schema.codebooks.get(column);
        if let (Some(code), Some(book)) = (code, book)
            && *code != 0
            && !book.begun(value, self.as_of)?
        {
            *code = 0;
        }
        Ok(())
    }

    fn codebook(&self, column: usize) -> Option<&'a Codebook> {
        self.schema.codebooks.get(column)
    }

    /// The column a slot belongs to, as an error names it.
    fn name(&self, slot: Slot) -> String {
        let (place, source) = match slot {
            Slot::Subject => return self.schema.subject.clone().unwrap_or_default(),
            Slot::Code(i) => (i, self.codebook(i).map(|c| &c.from)),
            Slot::Begin(i) => (i, self.codebook(i).and_then(|c| c.begin.as_ref())),
        };
        let name = self.codebook(place).map_or("", |c| c.column.name.as_str());
        match source {
            Some(source) if source != name => format!("{name} (from {source})"),
            _ => name.into(),
        }
    }
}

impl Sink for Import<'_> {
    fn header(&mut self, fields: &[Field]) -> Option<Vec<usize>> {
        let places: HashMap<_, _> = (0..)
            .zip(fields)
            .map(|(i, f)| (f.name.as_str(), (i, f)))
            .collect();
        let mut chosen = Vec::new();
        for (slot, name) in Self::wanted(self.schema) {
            match places.get(name) {
                None => self.errors.push(|| no_such_column(name, fields)),
                Some((place, field)) => {
                    if let Some(got) = field.unreadable.clone() {
                        self.errors
                            .push(|| Refusal::column(name, Rule::ColumnType { got }));
                    }
                    self.slots.push(slot);
                    chosen.push(*place);
                }
            }
        }
        (self.errors.total == 0).then_some(chosen)
    }

    fn cell(&mut self, slot: usize, row: u32, value: Result<Value, Rule>) {
        let Some(&slot) = self.slots.get(slot) else {
            return;
        };
        let taken = match &value {
            Ok(value) => self.take(slot, row, value),
            Err(rule) => Err(rule.clone()),
        };
        let Err(rule) = taken else { return };
        let column = self.name(slot);
        self.errors.push(|| {
            let refusal = Refusal {
                row: Some(row),
                ..Refusal::column(&column, rule)
            };
            match value {
                Ok(value) => value.with_text(|text| refusal.with_value(text)),
                Err(_) => refusal,
            }
        });
    }

    fn broken_row(&mut self, row: u32, rule: Rule) {
        self.errors.push(|| Refusal::row(row, rule));
    }
}

/// Adds a code and grows by an eighth where `Vec` would double: all columns are full at once.
fn push(codes: &mut Vec<u16>, code: u16) {
    if codes.len() == codes.capacity() {
        codes.reserve_exact(codes.len() / 8 + (1 << 12));
    }
    codes.push(code);
}

fn no_such_column(name: &str, fields: &[Field]) -> Refusal {
    let mut known: Vec<_> = fields.iter().take(20).map(|f| f.name.as_str()).collect();
    if fields.len() > known.len() {
        known.push("…");
    }
    let known = known.join(", ");
    Refusal::column(name, Rule::NoSuchColumn { known })
}
