//! The query IR and its one canonical form (docs/protocol.md, section 3).
//!
//! A query that is not canonical is refused, never normalised: an overlapping run, for one, would count a row
//! twice under a proof that verifies.

mod wire;

use crate::{
    abi,
    column::{Columns, MAX_CODES, purpose_id},
    date::Day,
};
use alloy_primitives::B256;
use alloy_sol_types::SolValue;

/// Most literals of a query, complete-case clauses included.
pub const MAX_LITERALS: usize = 12;
/// Most groups of an axis.
pub const MAX_GROUPS: usize = 256;
/// Most runs of one code set.
pub const MAX_RUNS: usize = 256;
/// Most runs of a query.
pub const MAX_QUERY_RUNS: usize = 2048;
/// Most bytes of an encoded query.
pub const MAX_QUERY_BYTES: usize = 64 << 10;
/// Most regressors of a gram query.
pub const MAX_GRAM: usize = 7;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Counts over up to three axes.
    Counts,
    /// COUNT(x), SUM(x), SUM(x^2), COUNT(*) over up to two axes.
    Moments,
    /// Gram matrix of (1, x_1 .. x_d) over at most one axis.
    Gram,
}

/// A set of codes: maybe "missing", and runs `lo ..= hi` of codes from 1 on, rising, with a gap between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CodeSet {
    /// Whether code 0 belongs to the set.
    pub missing: bool,
    /// Maximal runs of the other codes.
    pub runs: Vec<(u16, u16)>,
}

/// One literal: the code of a column lies in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Place of the column in the schema.
    pub column: u16,
    /// OR with the literal before; otherwise the literal begins a clause.
    pub joins: bool,
    /// The codes.
    pub set: CodeSet,
}

/// How the groups of an axis lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisKind {
    /// Disjoint groups, ordered by their least code, missing least.
    Partition,
    /// Runs t_a ..= T_c - 1 with rising t_a; counts only.
    Cumulative,
}

/// A column with a list of code sets, one group each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Place of the column in the schema.
    pub column: u16,
    /// How the groups lie.
    pub kind: AxisKind,
    /// The groups.
    pub groups: Vec<CodeSet>,
}

/// A cohort query. The consent literal follows from purpose and day and is never written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What is asked for.
    pub variant: Variant,
    /// keccak256 of the purpose's name.
    pub purpose: B256,
    /// The civil day on which consent has to cover the purpose.
    pub day: Day,
    /// Literals in clause order.
    pub literals: Vec<Literal>,
    /// Axes in output order.
    pub axes: Vec<Axis>,
    /// Columns summed: one for moments, 1 to 7 rising for gram, none for counts.
    pub x: Vec<u16>,
}

/// Why a query is not canonical, or not one over this schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A limit is passed.
    #[error("too many {what}: got {got}, at most {most}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many there may be.
        most: usize,
    },
    /// The query names a column the schema does not have, or the bundle does not open.
    #[error("column {0} is unknown")]
    UnknownColumn(u16),
    /// A consent or tag column is named, or one of the wrong kind is summed.
    #[error("column {0} cannot be used {1}")]
    Kind(u16, &'static str),
    /// A code set is not canonical.
    #[error("code set of column {column} is not canonical: {rule}")]
    Set {
        /// The column.
        column: u16,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Clauses or literals are out of order or doubled.
    #[error("literals are not canonical: {0}")]
    Literals(&'static str),
    /// Axes or summed columns do not fit the variant.
    #[error("the query's form is not valid: {0}")]
    Form(&'static str),
}

impl CodeSet {
    /// The set of one run; `lo ..= hi` within 1 .. T_c.
    pub fn run(lo: u16, hi: u16) -> Self {
        CodeSet {
            missing: false,
            runs: vec![(lo, hi)],
        }
    }

    /// The set of these codes, in canonical form.
    pub fn of(codes: impl IntoIterator<Item = u16>) -> Self {
        let sorted: std::collections::BTreeSet<u16> = codes.into_iter().collect();
        let mut set = CodeSet {
            missing: sorted.contains(&0),
            runs: vec![],
        };
        for code in sorted.into_iter().filter(|c| *c > 0) {
            match set.runs.last_mut() {
                Some((_, hi)) if hi.checked_add(1) == Some(code) => *hi = code,
                _ => set.runs.push((code, code)),
            }
        }
        set
    }

    /// Whether a code belongs to the set.
    pub fn contains(&self, code: u16) -> bool {
        if code == 0 {
            self.missing
        } else {
            self.runs.iter().any(|(lo, hi)| (*lo..=*hi).contains(&code))
        }
    }

    /// The least code, missing least; `None` for the empty set.
    pub fn least(&self) -> Option<u16> {
        if self.missing {
            Some(0)
        } else {
            self.runs.first().map(|r| r.0)
        }
    }

    fn broken_rule(&self, codes: u16) -> Option<&'static str> {
        let mut free = 1u32;
        for (lo, hi) in &self.runs {
            if u32::from(*lo) < free {
                return Some("runs rise, do not overlap or touch, and begin at code 1 or later");
            }
            if lo > hi || *hi >= codes {
                return Some("a run has lo <= hi <= T_c - 1");
            }
            free = u32::from(*hi).saturating_add(2);
        }
        if self.runs.is_empty() && !self.missing {
            return Some("the set is empty");
        }
        let all = codes.checked_sub(1).map(|last| vec![(1, last)]);
        (self.missing && all.as_ref() == Some(&self.runs)).then_some("the set is everything")
    }
}

impl Literal {
    /// The order of clauses: column, then the set's encoding.
    fn key(&self) -> (u16, bool, &[(u16, u16)]) {
        (self.column, self.set.missing, &self.set.runs)
    }
}

impl Query {
    /// The literals by clause.
    pub fn clauses(&self) -> impl Iterator<Item = &[Literal]> {
        self.literals.chunk_by(|_, next| next.joins)
    }

    /// The ABI encoding that enters D0.
    pub fn encode(&self) -> Vec<u8> {
        abi::Query::from(self).abi_encode()
    }

    /// Decodes a query; whether it is canonical depends on the schema and is checked by [`Query::check`].
    ///
    /// # Errors
    /// Longer than [`MAX_QUERY_BYTES`], or not the one ABI encoding of a query.
    pub fn decode(bytes: &[u8]) -> Result<Self, abi::DecodeError> {
        if bytes.len() > MAX_QUERY_BYTES {
            return Err(abi::DecodeError {
                what: "query of at most 64 KiB",
            });
        }
        Self::try_from(&abi::decode::<abi::Query>(bytes, "query")?)
    }

    /// Checks that the query is canonical over a schema.
    ///
    /// # Errors
    /// The first rule of section 3 that is broken.
    pub fn check<C: Columns + ?Sized>(&self, columns: &C) -> Result<(), QueryError> {
        self.check_limits()?;
        for l in &self.literals {
            check_set(columns, l.column, &l.set)?;
        }
        self.check_clauses()?;
        for a in &self.axes {
            check_axis(columns, a)?;
        }
        self.check_form(columns)
    }

    fn check_limits(&self) -> Result<(), QueryError> {
        let sets = self
            .literals
            .iter()
            .map(|l| &l.set)
            .chain(self.axes.iter().flat_map(|a| &a.groups));
        let runs = sets.fold(0usize, |n, s| n.saturating_add(s.runs.len()));
        limit("literals", self.literals.len(), MAX_LITERALS)?;
        limit("axes", self.axes.len(), 3)?;
        limit("summed columns", self.x.len(), MAX_GRAM)?;
        limit("runs of codes", runs, MAX_QUERY_RUNS)?;
        self.axes
            .iter()
            .try_for_each(|a| limit("groups of an axis", a.groups.len(), MAX_GROUPS))?;
        limit("bytes of a query", self.encode().len(), MAX_QUERY_BYTES)
    }

    fn check_clauses(&self) -> Result<(), QueryError> {
        if self.literals.first().is_some_and(|l| l.joins) {
            return Err(QueryError::Literals("the first literal joins nothing"));
        }
        let mut single = std::collections::BTreeSet::new();
        let mut before: Option<Vec<_>> = None;
        for clause in self.clauses() {
            let keys: Vec<_> = clause.iter().map(Literal::key).collect();
            if !clause.is_sorted_by(|a, b| a.column < b.column) {
                return Err(QueryError::Literals(
                    "the literals of a clause rise by column, each column once",
                ));
            }
            if let [only] = clause
                && !single.insert(only.column)
            {
                return Err(QueryError::Literals(
                    "one-literal clauses are on different columns",
                ));
            }
            if before.as_ref().is_some_and(|b| *b >= keys) {
                return Err(QueryError::Literals("clauses rise by their encoding"));
            }
            before = Some(keys);
        }
        Ok(())
    }

    fn check_form<C: Columns + ?Sized>(&self, columns: &C) -> Result<(), QueryError> {
        let (axes, x) = match self.variant {
            Variant::Counts => (3, 0..=0),
            Variant::Moments => (2, 1..=1),
            Variant::Gram => (1, 1..=MAX_GRAM),
        };
        if self.axes.len() > axes {
            return Err(QueryError::Form(
                "counts have up to three axes, moments two, gram one",
            ));
        }
        if !x.contains(&self.x.len()) {
            return Err(QueryError::Form(
                "moments sum one column, gram 1 to 7, counts none",
            ));
        }
        if !self.x.is_sorted_by(|a, b| a < b) {
            return Err(QueryError::Form("the columns of a gram rise"));
        }
        if self.variant != Variant::Counts
            && self.axes.iter().any(|a| a.kind == AxisKind::Cumulative)
        {
            return Err(QueryError::Form("cumulative axes are for counts only"));
        }
        for x in &self.x {
            if !columns
                .column(*x)
                .ok_or(QueryError::UnknownColumn(*x))?
                .is_numeric()
            {
                return Err(QueryError::Kind(
                    *x,
                    "in a sum: it is not an integer or decimal column",
                ));
            }
        }
        Ok(())
    }

    /// The purpose of a query by name, as researchers give it.
    pub fn for_purpose(variant: Variant, purpose: &str, day: Day) -> Self {
        let purpose = purpose_id(purpose);
        Query {
            variant,
            purpose,
            day,
            literals: vec![],
            axes: vec![],
            x: vec![],
        }
    }
}

fn limit(what: &'static str, got: usize, most: usize) -> Result<(), QueryError> {
    if got > most {
        Err(QueryError::Limit { what, got, most })
    } else {
        Ok(())
    }
}

fn check_set<C: Columns + ?Sized>(
    columns: &C,
    column: u16,
    set: &CodeSet,
) -> Result<(), QueryError> {
    let c = columns
        .column(column)
        .ok_or(QueryError::UnknownColumn(column))?;
    if !c.is_queryable() {
        return Err(QueryError::Kind(
            column,
            "in a query: it holds consent or tags",
        ));
    }
    limit("runs of a code set", set.runs.len(), MAX_RUNS)?;
    match set.broken_rule(c.codes().min(MAX_CODES)) {
        None => Ok(()),
        Some(rule) => Err(QueryError::Set { column, rule }),
    }
}

fn check_axis<C: Columns + ?Sized>(columns: &C, axis: &Axis) -> Result<(), QueryError> {
    let column = axis.column;
    for set in &axis.groups {
        check_set(columns, column, set)?;
    }
    let broken = match axis.kind {
        _ if axis.groups.is_empty() => Some("an axis has a group"),
        AxisKind::Partition => partition_rule(&axis.groups),
        AxisKind::Cumulative => {
            let last = columns
                .column(column)
                .and_then(|c| c.codes().checked_sub(1));
            cumulative_rule(&axis.groups, last)
        }
    };
    broken.map_or(Ok(()), |rule| Err(QueryError::Set { column, rule }))
}

fn partition_rule(groups: &[CodeSet]) -> Option<&'static str> {
    if !groups.is_sorted_by(|a, b| a.least() < b.least()) {
        return Some("groups rise by their least code");
    }
    let mut runs: Vec<_> = groups.iter().flat_map(|g| &g.runs).collect();
    runs.sort_unstable();
    let disjoint = runs.is_sorted_by(|a, b| a.1 < b.0);
    // Rising least codes already keep "missing" in the first group alone.
    (!disjoint).then_some("groups are disjoint")
}

fn cumulative_rule(groups: &[CodeSet], last: Option<u16>) -> Option<&'static str> {
    let tails = groups
        .iter()
        .all(|g| !g.missing && matches!(g.runs.as_slice(), [(_, hi)] if Some(*hi) == last));
    let rising = groups.is_sorted_by(|a, b| a.least() < b.least());
    (!tails || !rising)
        .then_some("cumulative groups are runs to the last code, with rising beginnings")
}
