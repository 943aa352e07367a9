//! The SQL front end: from a text to the canonical query that is proven, and to the columns of its answer.
//!
//! `docs/sql.md` describes the subset. A text is read in four steps: it is taken apart; the condition
//! becomes a formula over column codes (three-valued logic ends there); keys and select list become axes and
//! outputs; and all are put together in a normal form, so that texts of one meaning become one query, and so one
//! statement digest. What cannot be proven is refused with the place, the reason, and the nearest thing that can.

mod assemble;
mod axis;
mod call;
mod codes;
mod compare;
mod constant;
mod error;
mod formula;
mod normal;
mod output;
mod parse;
mod predicate;
mod scope;
mod select;
mod size;
#[cfg(test)]
mod tests;

pub use error::{Nearest, Position, Reason, SqlError};
pub use output::{Item, Moment, Output, Pair};
pub use scope::Relation;

use formula::Formula;
use nectar_verifier::{
    column::{Kind, purpose_id},
    date::Day,
    query::{Query, Variant},
};

/// A compiled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The canonical query: what is proven.
    pub query: Query,
    /// The columns of the answer, in the order of the select list: how it is presented.
    pub outputs: Vec<Output>,
}

/// Compiles a text for a purpose and a day, which stand beside it: consent is applied to every query.
///
/// # Errors
/// The first thing in the text that is not understood or cannot be proven.
pub fn compile(
    text: &str,
    relation: &Relation,
    purpose: &str,
    day: Day,
) -> Result<Compiled, SqlError> {
    let parsed = parse::parse(text)?;
    let scope = scope::Scope::new(relation, &parsed.table, parsed.alias)?;
    consent(relation, purpose, day).map_err(Reason::anywhere)?;
    let condition = match &parsed.condition {
        Some(condition) => predicate::predicate(&scope, condition)?.yes,
        None => Formula::constant(true),
    };
    let selection = select::select(&scope, &parsed.items, &parsed.keys)?;
    let query = Query::for_purpose(Variant::Counts, purpose, day);
    let (query, outputs) =
        assemble::assemble(&scope, query, condition, selection).map_err(Reason::anywhere)?;
    query
        .check(relation.columns)
        .map_err(|e| Reason::Query(e).anywhere())?;
    Ok(Compiled { query, outputs })
}

/// Checks that consent for the purpose is recorded on the day.
fn consent(relation: &Relation, purpose: &str, day: Day) -> Result<(), Reason> {
    let purposes = || {
        relation.columns.iter().filter_map(|c| match &c.kind {
            Kind::Consent { purpose, .. } => Some((purpose.as_str(), c)),
            _ => None,
        })
    };
    let Some((_, column)) = purposes().find(|(p, _)| purpose_id(p) == purpose_id(purpose)) else {
        return Err(Reason::Unknown {
            what: "purpose".into(),
            name: purpose.into(),
            nearest: Nearest(purposes().take(3).map(|(p, _)| p.to_owned()).collect()),
        });
    };
    if column.consent_code(day).is_some() {
        return Ok(());
    }
    let last = column.codes().saturating_sub(1);
    Err(Reason::unprovable(
        "a query for this day",
        "consent is not recorded for it",
        format!("a day from {} to {}", column.label(1), column.label(last)),
    ))
}
