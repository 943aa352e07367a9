//! A query's statement over one snapshot.

use crate::snapshot::Snapshot;
use alloy_primitives::B256;
use nectar_verifier::{
    query::Query,
    statement::{Statement, StatementError},
};
use std::ops::Deref;

/// A statement with the root of the snapshot over which it was compiled. Only [`statement`] makes one, and proving
/// compares the root, so that no table is counted and released under the policy of another.
#[derive(Debug, Clone)]
pub struct SnapshotStatement {
    root: B256,
    statement: Statement,
}

impl SnapshotStatement {
    /// Root of the snapshot.
    pub fn root(&self) -> B256 {
        self.root
    }
}

impl Deref for SnapshotStatement {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        &self.statement
    }
}

/// Compiles the query over the snapshot.
///
/// # Errors
/// [`StatementError`]: the same refusal every verifier gives.
pub fn statement(snapshot: &Snapshot, query: &Query) -> Result<SnapshotStatement, StatementError> {
    let header = snapshot.header();
    let consent = header.consent(query.purpose).map(|(place, _)| place);
    let columns = header.columns.as_slice();
    Ok(SnapshotStatement {
        root: snapshot.root(),
        statement: Statement::new(query.clone(), &header.core, consent, columns)?,
    })
}
