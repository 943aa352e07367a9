//! The normal form of a condition: one list of clauses for all conditions that keep the same rows.
//!
//! A clause is an OR of literals "the code of column c lies in S", at most one a column. Its **prime** clauses are
//! the clauses a condition implies that do not follow from a smaller one it implies (fewer columns, or fewer codes).
//! They depend on the rows kept and on nothing else, and are found by consensus: from `c in S or A` and `c in T or B`
//! follows `c in S and T, or A, or B`; clauses that follow from a smaller one are dropped, until nothing new appears.
//! Of the primes, those that follow from the others are then left out, longest first: a list that again depends on
//! the kept rows alone. A conjunction of conditions on single columns comes out as one literal a column.

use super::{codes::Codes, formula::Formula};
use std::collections::{BTreeMap, BTreeSet};

/// Most clauses of a condition after distribution. A proof holds 12 literals, so that longer lists are of use only
/// where nearly all of them follow from others.
const MAX_CLAUSES: usize = 256;
/// Most clauses in the course of consensus; a second's work where it is reached.
const MAX_PRIMES: usize = 1024;

/// An OR of literals by column; no set is empty or everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clause(BTreeMap<u16, Codes>);

/// The condition has more alternatives than are sorted out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooInvolved;

impl Clause {
    /// A clause of one literal; `None` where it says nothing.
    pub fn one(column: u16, set: Codes) -> Option<Self> {
        Clause(BTreeMap::new()).or(column, &set)
    }

    /// The literals in column order.
    pub fn literals(&self) -> impl ExactSizeIterator<Item = (u16, &Codes)> {
        self.0.iter().map(|(c, s)| (*c, s))
    }

    /// The set of a one-literal clause on a column.
    pub fn bound(&self, column: u16) -> Option<&Codes> {
        if self.0.len() == 1 {
            self.0.get(&column)
        } else {
            None
        }
    }

    /// The clause with one more alternative; `None` when that makes it always true.
    fn or(mut self, column: u16, set: &Codes) -> Option<Self> {
        let joined = match self.0.get(&column) {
            Some(own) => own.union(set),
            None => set.clone(),
        };
        if joined.is_all() {
            return None;
        }
        if !joined.is_empty() {
            self.0.insert(column, joined);
        }
        Some(self)
    }

    fn or_all(self, other: &Clause) -> Option<Self> {
        other
            .literals()
            .try_fold(self, |clause, (column, set)| clause.or(column, set))
    }

    /// Whether the other clause follows from this one alone.
    fn implies(&self, other: &Clause) -> bool {
        self.literals()
            .all(|(c, s)| other.0.get(&c).is_some_and(|t| s.is_subset(t)))
    }

    /// The clauses that follow from this one and the other by consensus on a column.
    fn consensus(&self, other: &Clause) -> Vec<Clause> {
        let on = |(column, set): (u16, &Codes)| {
            let both = set.intersection(other.0.get(&column)?);
            let (mut a, mut b) = (self.clone(), other.clone());
            a.0.remove(&column);
            b.0.remove(&column);
            a.or_all(&b)?.or(column, &both)
        };
        self.literals().filter_map(on).collect()
    }

    /// The negation: one clause a literal.
    fn negation(&self) -> impl Iterator<Item = Clause> {
        self.literals()
            .filter_map(|(c, s)| Clause::one(c, s.complement()))
    }
}

/// The prime clauses of a condition. The empty clause alone stands for "no row can match".
pub(super) fn primes(formula: Formula) -> Result<Vec<Clause>, TooInvolved> {
    close(clauses(formula)?)
}

/// Whether no row can satisfy clauses that are prime.
pub(super) fn is_never(primes: &[Clause]) -> bool {
    primes.iter().any(|c| c.0.is_empty())
}

/// The normal form: of the primes of a condition, those that are needed beside `given` clauses, which hold anyway.
pub(super) fn needed(primes: Vec<Clause>, given: &[Clause]) -> Result<Vec<Clause>, TooInvolved> {
    let mut kept = primes;
    kept.sort_by(|a, b| (a.0.len(), a).cmp(&(b.0.len(), b)));
    for place in (0..kept.len()).rev() {
        let candidate = kept.remove(place);
        let rest = kept.iter().chain(given).cloned();
        let against = rest.chain(candidate.negation()).collect();
        if !is_never(&close(against)?) {
            kept.insert(place, candidate);
        }
    }
    Ok(kept)
}

/// Distributes a formula to clauses.
fn clauses(formula: Formula) -> Result<Vec<Clause>, TooInvolved> {
    match formula {
        Formula::In(column, set) => Ok(Clause::one(column, set).into_iter().collect()),
        Formula::All(parts) => {
            let mut all = vec![];
            for part in parts {
                all.extend(clauses(part)?);
            }
            smallest(all)
        }
        Formula::Any(parts) => {
            let mut any = vec![Clause(BTreeMap::new())];
            for part in parts {
                let part = clauses(part)?;
                let product = any
                    .iter()
                    .flat_map(|a| part.iter().filter_map(|b| a.clone().or_all(b)));
                any = smallest(product)?;
            }
            Ok(any)
        }
    }
}

/// The clauses that do not follow from another one of the list.
fn smallest(list: impl IntoIterator<Item = Clause>) -> Result<Vec<Clause>, TooInvolved> {
    let mut kept: Vec<Clause> = vec![];
    for clause in list {
        if !kept.iter().any(|k| k.implies(&clause)) {
            kept.retain(|k| !clause.implies(k));
            kept.push(clause);
        }
        if kept.len() > MAX_CLAUSES {
            return Err(TooInvolved);
        }
    }
    Ok(kept)
}

/// Closes a list under consensus, keeping smallest clauses only.
fn close(list: Vec<Clause>) -> Result<Vec<Clause>, TooInvolved> {
    let sized = |c: Clause| (c.0.len(), c);
    let mut open: BTreeSet<_> = list.into_iter().map(sized).collect();
    let mut closed: Vec<Clause> = vec![];
    while let Some((_, clause)) = open.pop_first() {
        if closed.iter().any(|k| k.implies(&clause)) {
            continue;
        }
        closed.retain(|k| !clause.implies(k));
        let follow = closed.iter().flat_map(|k| k.consensus(&clause));
        let new = follow.filter(|c| !clause.implies(c) && !closed.iter().any(|k| k.implies(c)));
        open.extend(new.map(sized));
        closed.push(clause);
        if closed.len().saturating_add(open.len()) > MAX_PRIMES {
            return Err(TooInvolved);
        }
    }
    Ok(closed)
}
