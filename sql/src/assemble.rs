//! Condition, axes and statistics put together: the canonical query.
//!
//! What the table itself demands of a row (to be in some group, to have every column of a gram) is joined to the
//! condition before the normal form is taken, and what then follows from it is left out of the literals. So
//! `WHERE sex = 'f' GROUP BY sex` has no literal and one group, and `CORR(y, x)` is the same query with and without
//! `WHERE x IS NOT NULL`.

use super::{
    codes::Codes,
    error::Reason,
    formula::Formula,
    normal::{self, Clause, TooInvolved},
    output::{Item, Output},
    scope::Scope,
    select::Selection,
    size,
};
use nectar_verifier::query::{Axis, AxisKind, CodeSet, Literal, MAX_LITERALS, Query, Variant};

/// Fills variant, sums, literals and axes into an empty query.
///
/// # Errors
/// Statistics of several tables, or more than a proof holds.
pub(super) fn assemble(
    scope: &Scope,
    query: Query,
    condition: Formula,
    selection: Selection,
) -> Result<(Query, Vec<Output>), Reason> {
    let Selection { outputs, mut axes } = selection;
    let mut outputs = order(&mut axes, outputs);
    let event = event(&axes, &outputs);
    let (variant, x) = table(&outputs)?;
    let query = Query {
        variant,
        x,
        axes,
        ..query
    };
    form(scope, &query)?;
    let query = restrict(scope, query, condition)?;
    outcomes(&query, &mut outputs, event)?;
    size::check(scope, &query)?;
    Ok((query, outputs))
}

/// Sorts the axes by column: the order of the keys changes the presentation only.
fn order(axes: &mut [Axis], outputs: Vec<Output>) -> Vec<Output> {
    let mut places: Vec<usize> = (0..axes.len()).collect();
    places.sort_by_key(|p| axes.get(*p).map(|a| a.column));
    axes.sort_by_key(|a| a.column);
    let place = |old: usize| places.iter().position(|p| *p == old).unwrap_or(old);
    let moved = |o: Output| Output {
        item: o.item.moved(place),
        ..o
    };
    outputs.into_iter().map(moved).collect()
}

/// The one table all outputs are read from.
fn table(outputs: &[Output]) -> Result<(Variant, Vec<u16>), Reason> {
    let items = || outputs.iter().map(|o| &o.item);
    let mut grams: Vec<_> = items().map(Item::gram).filter(|g| !g.is_empty()).collect();
    let mut sums: Vec<u16> = items()
        .filter_map(|i| match i {
            Item::Moment(_, x) => Some(*x),
            _ => None,
        })
        .collect();
    grams.sort();
    grams.dedup();
    sums.sort_unstable();
    sums.dedup();
    let all = items().any(|i| *i == Item::CountAll);
    let km = items().any(|i| matches!(i, Item::Km { .. }));
    let alone = |what, instead| {
        Err(Reason::unprovable(
            what,
            "a proof is over one table",
            instead,
        ))
    };
    match (grams.as_slice(), sums.as_slice(), km) {
        ([], [], false) if !all => alone("an answer of keys alone", "add COUNT(*)"),
        ([], [], _) if !(km && all) => Ok((Variant::Counts, vec![])),
        ([], [x], false) => Ok((Variant::Moments, vec![*x])),
        ([x], [], false) if !all => Ok((Variant::Gram, x.clone())),
        (_, _, true) => alone("KM beside other statistics", "one query for each"),
        ([], _, _) => alone(
            "sums of several columns",
            "ask one column at a time, or use the gram form, GRAM(a, b), over the rows that have all of them",
        ),
        ([_], ..) => alone(
            "a gram beside counts and sums: its rows are those that have all its columns",
            "REGR_COUNT(y, x) in place of COUNT, and one query for each",
        ),
        _ => alone(
            "grams of several sets of columns: each has its own complete rows",
            "one query for each, or one GRAM(a, b, c) over the rows that have all of them",
        ),
    }
}

/// Refuses keys that the kind of table does not have.
fn form(scope: &Scope, query: &Query) -> Result<(), Reason> {
    let doubled = query.axes.windows(2).find_map(|pair| match pair {
        [a, b] if a.column == b.column => scope.column(a.column),
        _ => None,
    });
    if let Some(column) = doubled {
        let what = format!("two keys over {}", column.name);
        let why = "each axis is a column of its own";
        return Err(Reason::unprovable(
            what,
            why,
            "the finer of the two keys alone",
        ));
    }
    let (most, what) = match query.variant {
        Variant::Counts => (3, "counts by more than three keys"),
        Variant::Moments => (2, "sums by more than two keys"),
        Variant::Gram => (1, "a gram by more than one key"),
    };
    if query.axes.len() > most {
        let why = "it would need a circuit with more factors";
        let instead =
            "fewer keys, and one query for each value of the key left out, fixed in WHERE";
        return Err(Reason::unprovable(what, why, instead));
    }
    let cumulative = query.axes.iter().any(|a| a.kind == AxisKind::Cumulative);
    if cumulative && query.variant != Variant::Counts {
        let why = "cumulative keys are for counts only";
        let instead = "COUNT(*) with this key, or BIN(...) with these statistics";
        return Err(Reason::unprovable(
            "sums over a cumulative key",
            why,
            instead,
        ));
    }
    Ok(())
}

/// Joins the condition to the axes and writes what is left of it as literals.
fn restrict(scope: &Scope, mut query: Query, condition: Formula) -> Result<Query, Reason> {
    let size = |column: u16| scope.column(column).map_or(0, |c| c.codes());
    let present = |x: &u16| (*x, Codes::present(size(*x)));
    let complete = query
        .x
        .iter()
        .filter(|_| query.variant == Variant::Gram)
        .map(present);
    let complete: Vec<_> = complete.collect();
    let covered = |a: &Axis| (a.column, cover(size(a.column), &a.groups));
    let demands = query
        .axes
        .iter()
        .map(covered)
        .chain(complete.iter().cloned());
    let demands = demands.map(|(column, set)| Formula::In(column, set));
    let whole = std::iter::once(condition).chain(demands).collect();
    let primes = normal::primes(Formula::All(whole)).map_err(too_involved)?;
    if normal::is_never(&primes) {
        return Err(Reason::Never(
            "WHERE, with the groups and columns asked for, is false for every row",
        ));
    }
    for axis in &mut query.axes {
        if let Some(bound) = primes.iter().find_map(|c| c.bound(axis.column)) {
            narrow(axis, bound);
        }
    }
    let given = query.axes.iter().map(covered).chain(complete);
    let given: Vec<_> = given
        .filter_map(|(column, set)| Clause::one(column, set))
        .collect();
    let clauses = normal::needed(primes, &given).map_err(too_involved)?;
    query.literals = literals(&clauses);
    let needs = proven_literals(&query);
    if needs > MAX_LITERALS {
        let needs = format!("{needs} literals");
        return Err(Reason::Condition { needs });
    }
    Ok(query)
}

fn too_involved(TooInvolved: TooInvolved) -> Reason {
    let needs = "more clauses than are sorted out".into();
    Reason::Condition { needs }
}

fn cover(size: u16, groups: &[CodeSet]) -> Codes {
    groups
        .iter()
        .map(|g| Codes::from_set(size, g))
        .fold(Codes::of(size, |_| false), |all, g| all.union(&g))
}

/// Takes out of an axis what no row can have.
fn narrow(axis: &mut Axis, bound: &Codes) {
    let inside = |set: &CodeSet| CodeSet::of(bound.iter().filter(|c| set.contains(*c)));
    match axis.kind {
        AxisKind::Partition => {
            axis.groups = axis.groups.iter().map(inside).collect();
            axis.groups.retain(|g| g.least().is_some());
            axis.groups.sort_by_key(CodeSet::least);
        }
        AxisKind::Cumulative => axis.groups.retain(|g| inside(g).least().is_some()),
    }
}

/// The literals of clauses in canonical order.
fn literals(clauses: &[Clause]) -> Vec<Literal> {
    let written = |c: &Clause| {
        c.literals()
            .map(|(c, s)| (c, s.to_set()))
            .collect::<Vec<_>>()
    };
    let mut written: Vec<_> = clauses.iter().map(written).collect();
    written.sort();
    let clause = |literals: Vec<(u16, CodeSet)>| {
        let literal = |(i, (column, set)): (usize, (u16, CodeSet))| Literal {
            column,
            joins: i > 0,
            set,
        };
        literals.into_iter().enumerate().map(literal)
    };
    written.into_iter().flat_map(clause).collect()
}

/// The number of literals, with those the verifier adds for complete cases.
fn proven_literals(query: &Query) -> usize {
    let stands = |x: &&u16| query.clauses().any(|c| matches!(c, [l] if l.column == **x));
    let added = match query.variant {
        Variant::Gram => query
            .x
            .len()
            .saturating_sub(query.x.iter().filter(stands).count()),
        Variant::Counts | Variant::Moments => 0,
    };
    query.literals.len().saturating_add(added)
}

/// The codes with the event of a survival curve.
fn event(axes: &[Axis], outputs: &[Output]) -> Option<CodeSet> {
    outputs.iter().find_map(|o| match o.item {
        Item::Km {
            event, occurred, ..
        } => axes.get(event)?.groups.get(occurred).cloned(),
        _ => None,
    })
}

/// Finds the event of a survival curve among the groups that are left; both outcomes have to be.
fn outcomes(query: &Query, outputs: &mut [Output], codes: Option<CodeSet>) -> Result<(), Reason> {
    let has_event = |group: &CodeSet| Some(codes.as_ref()?.contains(group.least()?));
    for output in outputs {
        let Item::Km {
            event, occurred, ..
        } = &mut output.item
        else {
            continue;
        };
        let groups = query.axes.get(*event).map_or(&[][..], |a| &a.groups);
        let place = groups.iter().position(|g| has_event(g) == Some(true));
        match place {
            Some(place) if groups.len() == 2 => *occurred = place,
            _ => {
                return Err(Reason::unprovable(
                    "KM where WHERE leaves one outcome",
                    "those without the event are at risk too",
                    "leave the event out of WHERE",
                ));
            }
        }
    }
    Ok(())
}
