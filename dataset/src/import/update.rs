//! Updates: a new state of the source takes a table's place, and every subject keeps its row.

use super::Import;
use crate::{
    fault::{Fault, ImportErrors, Rule},
    schema::Schema,
    subjects::Subjects,
    table::Table,
};
use ark_std::rand::{rngs::OsRng, seq::SliceRandom};
use nectar_verifier::date::Day;
use std::path::Path;

impl Import<'_> {
    /// Imports the next state of the source of `old`, whose rows are those of `subjects`: old subjects in their rows,
    /// new ones after them in a secret random order. A subject without a tag in the file keeps the one it had.
    ///
    /// # Errors
    /// Everything the file is refused for; a subject of `old` that is not in it is one.
    pub(crate) fn update(
        schema: &Schema,
        path: &Path,
        as_of: Day,
        (old, subjects): (&Table, &Subjects),
        progress: &dyn Fn(u64, u64),
    ) -> Result<Table, ImportErrors> {
        let mut import = Import::new(schema, path, as_of, subjects.successor());
        import.read(path, progress);
        let order = import.order_after(subjects);
        import.keep_tags(old, &order);
        let mut table = import.finish()?;
        table.arrange(&order);
        Ok(table)
    }

    /// For each row of the next table its row in the file, from 0.
    fn order_after(&mut self, old: &Subjects) -> Vec<u32> {
        let mut rows = std::mem::take(&mut self.rows_of);
        let kept = old.digests().iter().filter_map(|d| rows.remove(d));
        let mut order: Vec<u32> = kept.collect();
        let count = old.len().saturating_sub(order.len());
        // A file with other faults may hide subjects, so they are only missed in a sound one.
        if count > 0 && self.errors.total == 0 {
            self.errors
                .push(|| Fault::file(Rule::MissingSubjects { count }));
        }
        let mut added: Vec<u32> = rows.into_values().collect();
        added.shuffle(&mut OsRng);
        order.append(&mut added);
        order.into_iter().map(|row| row.saturating_sub(1)).collect()
    }

    /// Gives each row of the file that has no tag the one its subject had.
    fn keep_tags(&mut self, old: &Table, order: &[u32]) {
        // With a row or a subject missing, the order tells nothing of what is whose.
        if self.errors.total > 0 {
            return;
        }
        for (row, tag) in order.iter().zip(&old.tags) {
            let place = usize::try_from(*row).ok();
            if let Some(given) = place.and_then(|p| self.tags.get_mut(p)) {
                given.get_or_insert(*tag);
            }
        }
    }
}
