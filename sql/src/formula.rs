//! Two-valued formulas over column codes: what is left of a SQL condition once NULL is a code like any other.

use super::codes::Codes;

/// A condition on one row's codes, true or false, never unknown.
#[derive(Debug, Clone)]
pub(super) enum Formula {
    /// The code of a column lies in a set.
    In(u16, Codes),
    /// All parts hold; without parts: true.
    All(Vec<Formula>),
    /// Some part holds; without parts: false.
    Any(Vec<Formula>),
}

impl Formula {
    /// The constant true or false.
    pub fn constant(value: bool) -> Self {
        if value {
            Formula::All(vec![])
        } else {
            Formula::Any(vec![])
        }
    }

    /// The formula that holds exactly where this one does not.
    pub fn complement(self) -> Self {
        let each = |parts: Vec<Formula>| parts.into_iter().map(Formula::complement).collect();
        match self {
            Formula::In(column, set) => Formula::In(column, set.complement()),
            Formula::All(parts) => Formula::Any(each(parts)),
            Formula::Any(parts) => Formula::All(each(parts)),
        }
    }

    /// Literals and joins.
    fn size(&self) -> usize {
        match self {
            Formula::In(..) => 1,
            Formula::All(parts) | Formula::Any(parts) => {
                let sizes = parts.iter().map(Formula::size);
                sizes.fold(1, usize::saturating_add)
            }
        }
    }
}

/// A SQL condition in three-valued logic: where it is TRUE and where it is FALSE. Elsewhere it is unknown.
#[derive(Debug, Clone)]
pub(super) struct Truth {
    /// The rows for which the condition is TRUE; WHERE keeps these.
    pub yes: Formula,
    /// The rows for which it is FALSE.
    pub no: Formula,
    /// Literals of both formulas, at least: IS UNKNOWN of IS UNKNOWN doubles them every time.
    pub size: usize,
}

impl Truth {
    /// A condition that is never unknown.
    pub fn known(yes: Formula) -> Self {
        let no = yes.clone().complement();
        let size = yes.size().saturating_mul(2);
        Truth { yes, no, size }
    }

    /// A condition on one column that is unknown where the column is NULL: TRUE for `codes`, else FALSE.
    pub fn of_present(column: u16, codes: &Codes, present: &Codes) -> Self {
        let no = codes.complement().intersection(present);
        Truth {
            yes: Formula::In(column, codes.intersection(present)),
            no: Formula::In(column, no),
            size: 2,
        }
    }

    /// SQL's AND.
    pub fn and(self, other: Self) -> Self {
        Truth {
            yes: Formula::All(vec![self.yes, other.yes]),
            no: Formula::Any(vec![self.no, other.no]),
            size: self.size.saturating_add(other.size),
        }
    }

    /// SQL's OR.
    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// SQL's NOT: unknown stays unknown.
    pub fn not(self) -> Self {
        Truth {
            yes: self.no,
            no: self.yes,
            size: self.size,
        }
    }

    /// SQL's IS UNKNOWN.
    pub fn unknown(self) -> Self {
        let known = Formula::Any(vec![self.yes, self.no]);
        Truth::known(known.complement())
    }
}
