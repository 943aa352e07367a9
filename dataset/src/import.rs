//! Import: a source file under a schema becomes a table of codes, or is refused with every reason at once.

mod update;

use super::{
    codebook::Codebook,
    fault::{Fault, ImportErrors, Rule},
    schema::Schema,
    sink::{Field, Sink, unreadable},
    source,
    subjects::{Digest, Subjects},
    table::Table,
    tags,
    value::Value,
};
use ark_bn254::Fr;
use ark_std::rand::rngs::OsRng;
use nectar_engine::snapshot::Records;
use nectar_verifier::date::Day;
use std::{collections::HashMap, path::Path};

/// An import under way: two bytes a cell, and per row a digest of the subject's id.
pub struct Import<'a> {
    schema: &'a Schema,
    as_of: Day,
    slots: Vec<Slot>,
    codes: Vec<Vec<u16>>,
    /// One a row where the schema has a tag column, as far as tags are given.
    tags: Vec<Option<Fr>>,
    subjects: Subjects,
    /// Rows of the digests, counted from 1, to refuse the second.
    rows_of: HashMap<Digest, u32>,
    errors: ImportErrors,
}

/// What a cell is for. Begins of consents follow all codes, which they may set to 0.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Subject,
    Code(usize),
    Begin(usize),
    Tag,
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
        let mut import = Import::new(schema, path, as_of, Subjects::generate(&mut OsRng));
        import.read(path, progress);
        import.finish()
    }

    fn new(schema: &'a Schema, path: &Path, as_of: Day, subjects: Subjects) -> Self {
        Import {
            schema,
            as_of,
            slots: Vec::new(),
            codes: vec![Vec::new(); schema.codebooks.len()],
            tags: Vec::new(),
            subjects,
            rows_of: HashMap::new(),
            errors: ImportErrors::new(path.to_owned()),
        }
    }

    fn read(&mut self, path: &Path, progress: &dyn Fn(u64, u64)) {
        if let Err(fault) = source::read(path, self, progress)
            && (self.errors.total == 0 || fault.rule != Rule::NoRows)
        {
            self.errors.push(|| fault);
        }
    }

    fn finish(mut self) -> Result<Table, ImportErrors> {
        self.refuse_repeated_tags();
        if self.errors.total > 0 {
            return Err(self.errors);
        }
        drop(self.rows_of);
        let subjects = self.schema.subject.is_some().then_some(self.subjects);
        let records = Records {
            codes: self.codes,
            tags: tags::complete(self.tags),
        };
        Table::new(self.schema.columns(), records, subjects).map_err(|e| {
            self.errors.push(|| unreadable(e));
            self.errors
        })
    }

    fn refuse_repeated_tags(&mut self) {
        for (first, row) in tags::repeated(&self.tags) {
            let column = self.name(Slot::Tag);
            self.errors.push(|| Fault {
                row: Some(row),
                ..Fault::column(&column, Rule::DuplicateTag { row: first })
            });
        }
    }

    /// The slots with the source columns they are filled from.
    fn wanted(schema: &Schema) -> Vec<(Slot, &str)> {
        let subject = schema.subject.iter().map(|s| (Slot::Subject, s.as_str()));
        let books = || schema.codebooks.iter().enumerate();
        let codes = books().map(|(i, c)| (Slot::Code(i), c.source.from.as_str()));
        let begins = books().filter_map(|(i, c)| Some((Slot::Begin(i), c.begin.as_deref()?)));
        let tag = schema
            .tag
            .iter()
            .map(|t| (Slot::Tag, t.source.from.as_str()));
        subject.chain(codes).chain(begins).chain(tag).collect()
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
            Slot::Tag => self.take_tag(row, value),
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
        let codes = self.codes.get_mut(column);
        let code = codes.and_then(|c| c.get_mut(place(row)));
        let book = self.schema.codebooks.get(column);
        if let (Some(code), Some(book)) = (code, book)
            && *code != 0
            && !book.begun(value, self.as_of)?
        {
            *code = 0;
        }
        Ok(())
    }

    fn take_tag(&mut self, row: u32, value: &Value) -> Result<(), Rule> {
        let column = self.schema.tag.as_ref();
        let tag = column.map_or(Ok(None), |c| c.tag(value))?;
        // Rows that were refused have left no tag behind.
        self.tags.resize(place(row), None);
        push(&mut self.tags, tag);
        Ok(())
    }

    fn codebook(&self, column: usize) -> Option<&'a Codebook> {
        self.schema.codebooks.get(column)
    }

    /// The column a slot belongs to, as an error names it.
    fn name(&self, slot: Slot) -> String {
        let names = match slot {
            Slot::Subject => return self.schema.subject.clone().unwrap_or_default(),
            Slot::Code(i) => self.codebook(i).map(|c| (&c.column, &c.source.from)),
            Slot::Begin(i) => {
                let book = self.codebook(i);
                book.and_then(|c| Some((&c.column, c.begin.as_ref()?)))
            }
            Slot::Tag => {
                let tag = self.schema.tag.as_ref();
                tag.map(|t| (&t.column, &t.source.from))
            }
        };
        match names {
            Some((column, source)) if *source != column.name => {
                format!("{} (from {source})", column.name)
            }
            Some((column, _)) => column.name.clone(),
            None => String::new(),
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
                            .push(|| Fault::column(name, Rule::ColumnType { got }));
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
            let fault = Fault {
                row: Some(row),
                ..Fault::column(&column, rule)
            };
            match value {
                Ok(value) => value.with_text(|text| fault.with_value(text)),
                Err(_) => fault,
            }
        });
    }

    fn broken_row(&mut self, row: u32, rule: Rule) {
        self.errors.push(|| Fault::row(row, rule));
    }
}

/// The place of a row, which is counted from 1, in a column.
fn place(row: u32) -> usize {
    usize::try_from(row.saturating_sub(1)).unwrap_or(usize::MAX)
}

/// Adds a cell and grows by an eighth where `Vec` would double: all columns are full at once.
fn push<T>(column: &mut Vec<T>, cell: T) {
    if column.len() == column.capacity() {
        column.reserve_exact(column.len() / 8 + (1 << 12));
    }
    column.push(cell);
}

fn no_such_column(name: &str, fields: &[Field]) -> Fault {
    let mut known: Vec<_> = fields.iter().take(20).map(|f| f.name.as_str()).collect();
    if fields.len() > known.len() {
        known.push("…");
    }
    let known = known.join(", ");
    Fault::column(name, Rule::NoSuchColumn { known })
}
