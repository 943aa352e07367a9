//! What an update of a table did.

use super::table::Table;

/// What an update did. The counts are for the custodian alone: they say how many persons' data changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Rows of the new table.
    pub rows: u32,
    /// Those of new subjects, which come after all others.
    pub added: u32,
    /// Rows of the old table in which any code, or the tag, is another now.
    pub changed: u32,
}

impl Changes {
    /// Compares a table with the one whose place it takes.
    pub(super) fn between(old: &Table, new: &Table) -> Self {
        let mut changed = vec![false; usize::try_from(old.rows).unwrap_or(0)];
        for (before, after) in old.codes.iter().zip(&new.codes) {
            mark(&mut changed, before, after);
        }
        mark(&mut changed, &old.tags, &new.tags);
        let changed = changed.into_iter().filter(|c| *c).count();
        Changes {
            rows: new.rows,
            added: new.rows.saturating_sub(old.rows),
            changed: u32::try_from(changed).unwrap_or(u32::MAX),
        }
    }
}

fn mark<T: PartialEq>(changed: &mut [bool], before: &[T], after: &[T]) {
    for (mark, (b, a)) in changed.iter_mut().zip(before.iter().zip(after)) {
        *mark |= b != a;
    }
}
