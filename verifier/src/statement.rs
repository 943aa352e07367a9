//! From a canonical query to the algebraic statement that is proven (docs/protocol.md, sections 3 and 6).
//!
//! Table\[a,c,b\] = sum over rows of sel * u_a * v_c * w_b. A statement knows which committed vectors enter which
//! factor with which weight, how the cells lie, and what the circuit is told: flags and packed policy.

use crate::{
    column::{Column, Columns, Kind, Leaf, LeafRef, purpose_id},
    disclosure::SUPPRESSED,
    header::Core,
    layout::{Layout, WIDTHS},
    policy::Policy,
    query::{Axis, CodeSet, Literal, MAX_LITERALS, Query, QueryError, Variant},
    shape::Shape,
    transcript::d0,
};
use alloy_primitives::B256;
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, One};
use std::collections::{BTreeMap, BTreeSet};

/// One factor of the summand: kappa * A_0 + a public combination of committed vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Weight of row presence A_0, which is public and never committed.
    pub kappa: Fr,
    /// Weights of committed vectors; which vectors occur does not depend on challenges.
    pub terms: BTreeMap<LeafRef, Fr>,
}

/// Why a canonical query has no statement over a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The query is not canonical over the schema.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The snapshot has no consent column for the purpose.
    #[error("the dataset knows no consent for this purpose")]
    Purpose,
    /// The date is outside the consent column's periods. It is refused, never clamped: period 0 would admit
    /// everybody who withdrew.
    #[error("the date lies outside the periods for which consent is recorded")]
    Date,
    /// The query is larger than the wide circuit.
    #[error(
        "the query needs {literals} literals and {cells} cells; the wide circuit has 12 and 256, for at most 2^26 rows"
    )]
    Size {
        /// Literals, complete-case clauses included.
        literals: usize,
        /// Cells spanned by the layout.
        cells: usize,
    },
    /// The number of released cells is not that of the layout.
    #[error("the table has {got} cells, want {want}")]
    Cells {
        /// Cells present.
        got: usize,
        /// Cells wanted.
        want: usize,
    },
}

/// The algebraic statement of one query over one snapshot.
#[derive(Debug, Clone)]
pub struct Statement {
    query: Query,
    literals: Vec<Literal>,
    consent: (u16, u16),
    codes: BTreeMap<u16, u16>,
    shape: Shape,
    layout: Layout,
    policy: Policy,
    widths: [u8; WIDTHS],
}

impl Statement {
    /// Compiles a query against a header and (at least) the columns it uses. `consent` is the place of the
    /// purpose's consent column in the header's map.
    ///
    /// # Errors
    /// The query is not canonical, has no consent column, an uncovered date, or fits no circuit.
    pub fn new<C>(
        query: Query,
        core: &Core,
        consent: Option<u16>,
        columns: &C,
    ) -> Result<Self, StatementError>
    where
        C: Columns + ?Sized,
    {
        query.check(columns)?;
        let place = consent.ok_or(StatementError::Purpose)?;
        let column = columns.column(place).ok_or(StatementError::Purpose)?;
        if !matches!(&column.kind, Kind::Consent { purpose, .. } if purpose_id(purpose) == query.purpose)
        {
            return Err(StatementError::Purpose);
        }
        let code = column.consent_code(query.day).ok_or(StatementError::Date)?;
        let literals = complete_cases(&query, columns)?;
        let layout = layout(&query);
        let span = span(&query, layout);
        let rows = usize::try_from(core.row_bits()).unwrap_or(usize::MAX);
        let shape = Shape::least(literals.len(), span, rows).ok_or(StatementError::Size {
            literals: literals.len(),
            cells: span,
        })?;
        let codes_of = |c: u16| columns.column(c).map_or(0, Column::codes);
        let named = literals
            .iter()
            .map(|l| l.column)
            .chain(query.axes.iter().map(|a| a.column));
        let codes = named
            .chain(query.x.iter().copied())
            .chain([place])
            .map(|c| (c, codes_of(c)))
            .collect();
        let mut widths = [0; WIDTHS];
        for (w, x) in widths.iter_mut().zip(&query.x) {
            *w = core.policy.width(codes_of(*x));
        }
        let policy = core.policy;
        Ok(Statement {
            query,
            literals,
            consent: (place, code),
            codes,
            shape,
            layout,
            policy,
            widths,
        })
    }

    /// The query.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The circuit's shape: the least that fits.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// D0: the digest of the statement under a snapshot's root, with the key its header names (section 4).
    pub fn digest(&self, core: &Core, root: B256) -> B256 {
        d0(core.key(self.shape), root, &self.query.encode())
    }

    /// How cells lie.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The widths w_1 .. w_7 of the summed columns.
    pub fn widths(&self) -> &[u8; WIDTHS] {
        &self.widths
    }

    /// The policy of the snapshot.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// T_c of a column the statement reads; 0 for others.
    pub fn codes(&self, column: u16) -> u16 {
        self.codes.get(&column).copied().unwrap_or(0)
    }

    /// The consent literal: its column, and the least code that covers the date.
    pub fn consent(&self) -> (u16, u16) {
        self.consent
    }

    /// The clauses with the complete-case ones the verifier itself adds.
    pub fn literals(&self) -> &[Literal] {
        &self.literals
    }

    /// Public input FLAGS: per literal used and joins, used bits of U, V, W, layout (section 6).
    pub fn flags(&self) -> u64 {
        let literal =
            |(i, l): (usize, &Literal)| (1 | (u64::from(l.joins) << 1)) << i.saturating_mul(2);
        let base = self.shape.literals().saturating_mul(2);
        let literals = self
            .literals
            .iter()
            .enumerate()
            .map(literal)
            .fold(0, |a, b| a | b);
        let used = self.weights(Fr::one()).map(|w| w.is_some());
        let weights = used
            .iter()
            .enumerate()
            .fold(0, |bits, (i, u)| bits | (u64::from(*u) << i));
        literals | ((weights | (u64::from(self.layout.id()) << 3)) << base)
    }

    /// Public input POLICY: the packed policy with the widths (section 6).
    pub fn policy_word(&self) -> u128 {
        self.policy.pack(&self.widths)
    }

    /// All slots in the circuit's order: consent, literals 1 .. Lmax, U, V, W; `None` where unused.
    pub fn slots(&self, rho: Fr) -> Vec<Option<Slot>> {
        let (column, code) = self.consent;
        let mut consent = Slot::default();
        consent.add((column, Leaf::Code(code)), Fr::one());
        let mut slots = vec![Some(consent)];
        slots.extend(
            self.literals
                .iter()
                .map(|l| Some(self.indicator(l.column, &l.set))),
        );
        slots.resize(self.shape.literals().saturating_add(1), None);
        slots.extend(self.weights(rho));
        slots
    }

    /// The committed vectors the proof opens, in manifest order.
    pub fn leaves(&self) -> BTreeSet<LeafRef> {
        // Which vectors occur does not depend on rho.
        self.slots(Fr::one())
            .into_iter()
            .flatten()
            .flat_map(|s| s.terms.into_keys())
            .collect()
    }

    /// The columns the statement reads, in schema order.
    pub fn columns(&self) -> BTreeSet<u16> {
        self.leaves().into_iter().map(|(c, _)| c).collect()
    }

    /// Positions of the cells the layout uses, in table order; only these are released and absorbed.
    #[expect(clippy::arithmetic_side_effects, reason = "a stride is at least 1")]
    pub fn used_cells(&self) -> Vec<usize> {
        let span = span(&self.query, self.layout);
        let side = self.query.x.len().saturating_add(1);
        let stride = stride(self.layout);
        let inside = |j: &usize| match self.layout {
            Layout::Counts | Layout::Moments => true,
            Layout::Gram4 | Layout::Gram8 => j % stride < side && (j / stride) % stride < side,
        };
        (0..span).filter(inside).collect()
    }

    /// The circuit's whole list o_* from the released cells: in cells the layout does not use, the value the
    /// rule gives to a sum of 0 there.
    ///
    /// # Errors
    /// [`StatementError::Cells`] for another number of cells than [`Statement::used_cells`].
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "a group has at least one cell"
    )]
    pub fn fill(&self, released: &[u64]) -> Result<Vec<u64>, StatementError> {
        let used = self.used_cells();
        if used.len() != released.len() {
            return Err(StatementError::Cells {
                got: released.len(),
                want: used.len(),
            });
        }
        let cells: BTreeMap<usize, u64> = used.into_iter().zip(released.iter().copied()).collect();
        let unused = |j: usize| {
            // A cell inside a released group holds 0; an empty group is released when zeros are.
            let first = j
                .checked_sub(j % self.layout.group())
                .and_then(|f| cells.get(&f));
            let shown = first.map_or(self.policy.zeros(), |c| *c != SUPPRESSED);
            if shown { 0 } else { SUPPRESSED }
        };
        Ok((0..self.shape.cells())
            .map(|j| cells.get(&j).copied().unwrap_or_else(|| unused(j)))
            .collect())
    }

    /// U, V, W; `None` where the factor is the constant 1 alone.
    fn weights(&self, rho: Fr) -> [Option<Slot>; 3] {
        let axis = |i: usize| self.query.axes.get(i);
        let size = |i: usize| axis(i).map_or(1, |a| a.groups.len());
        let on = |i: usize, step: usize| axis(i).map(|a| self.axis_slot(a, power(rho, step)));
        match self.layout {
            Layout::Counts => [
                on(0, size(1).saturating_mul(size(2))),
                on(1, size(2)),
                on(2, 1),
            ],
            Layout::Moments => [
                on(0, size(1).saturating_mul(4)),
                on(1, 4),
                self.query.x.first().map(|x| moments(*x, rho)),
            ],
            Layout::Gram4 | Layout::Gram8 => {
                let q = stride(self.layout);
                let row = self.gram_slot(power(rho, q));
                [
                    Some(row),
                    on(0, q.saturating_mul(q)),
                    Some(self.gram_slot(rho)),
                ]
            }
        }
    }

    fn indicator(&self, column: u16, set: &CodeSet) -> Slot {
        let mut slot = Slot::default();
        slot.add_set(column, set, self.codes(column), Fr::one());
        slot
    }

    /// sum_a step^a * (indicator of group a).
    fn axis_slot(&self, axis: &Axis, step: Fr) -> Slot {
        let codes = self.codes(axis.column);
        let mut slot = Slot::default();
        let mut weight = Fr::one();
        for set in &axis.groups {
            slot.add_set(axis.column, set, codes, weight);
            weight *= step;
        }
        slot
    }

    /// 1 + sum_a step^a x_a.
    fn gram_slot(&self, step: Fr) -> Slot {
        let mut slot = Slot {
            kappa: Fr::one(),
            ..Slot::default()
        };
        let mut weight = step;
        for x in &self.query.x {
            slot.add((*x, Leaf::X), weight);
            weight *= step;
        }
        slot
    }
}

/// COUNT(x) + rho SUM(x) + rho^2 SUM(x^2) + rho^3 COUNT(*).
fn moments(x: u16, rho: Fr) -> Slot {
    let mut slot = Slot {
        kappa: power(rho, 3),
        ..Slot::default()
    };
    slot.add((x, Leaf::Code(1)), Fr::one());
    slot.add((x, Leaf::X), rho);
    slot.add((x, Leaf::X2), rho.square());
    slot
}

impl Default for Slot {
    fn default() -> Self {
        Slot {
            kappa: Fr::ZERO,
            terms: BTreeMap::new(),
        }
    }
}

impl Slot {
    fn add(&mut self, leaf: LeafRef, weight: Fr) {
        *self.terms.entry(leaf).or_insert(Fr::ZERO) += weight;
    }

    /// Adds `weight` times the indicator of a set: A_0 - A_1 for missing, A_lo - A_{hi+1} a run. Vectors that
    /// cancel within the set do not occur.
    fn add_set(&mut self, column: u16, set: &CodeSet, codes: u16, weight: Fr) {
        let mut steps = BTreeMap::<u16, i8>::new();
        let mut step = |code: u16, by: i8| {
            let at = steps.entry(code).or_default();
            *at = at.saturating_add(by);
        };
        if set.missing {
            self.kappa += weight;
            step(1, -1);
        }
        for (lo, hi) in &set.runs {
            step(*lo, 1);
            step(hi.saturating_add(1), -1);
        }
        // A_{T_c} is zero and not committed.
        for (code, by) in steps
            .into_iter()
            .filter(|(code, by)| *code < codes && *by != 0)
        {
            self.add((column, Leaf::Code(code)), weight * Fr::from(by));
        }
    }

    /// The slot as a function of one column's code, kappa left out: the weights of all vectors that hold the
    /// code, as a table of T_c entries.
    pub fn table(&self, column: u16, codes: u16) -> Vec<Fr> {
        let weight = |leaf| self.terms.get(&(column, leaf)).copied().unwrap_or(Fr::ZERO);
        let (x, x2) = (weight(Leaf::X), weight(Leaf::X2));
        let bits: Vec<Fr> = (0..16).map(|b| weight(Leaf::Bit(b))).collect();
        let digits = |code: u16| -> Fr {
            let set = (0..).zip(&bits).filter(|(b, _)| code >> b & 1 == 1);
            set.map(|(_, w)| w).sum()
        };
        let mut steps = Fr::ZERO;
        let at = |code: u16| {
            let value = Fr::from(code.saturating_sub(1));
            steps += weight(Leaf::Code(code));
            steps + value * (x + value * x2) + digits(code)
        };
        (0..codes).map(at).collect()
    }

    /// The columns the slot reads.
    pub fn columns(&self) -> BTreeSet<u16> {
        self.terms.keys().map(|(c, _)| *c).collect()
    }
}

fn power(rho: Fr, exponent: usize) -> Fr {
    rho.pow([u64::try_from(exponent).unwrap_or(u64::MAX)])
}

fn layout(query: &Query) -> Layout {
    match query.variant {
        Variant::Counts => Layout::Counts,
        Variant::Moments => Layout::Moments,
        Variant::Gram if query.x.len() < 4 => Layout::Gram4,
        Variant::Gram => Layout::Gram8,
    }
}

fn stride(layout: Layout) -> usize {
    match layout {
        Layout::Gram4 => 4,
        Layout::Gram8 => 8,
        Layout::Counts | Layout::Moments => 1,
    }
}

/// One past the last cell the layout spans; saturates, so that no product of sizes overflows.
fn span(query: &Query, layout: Layout) -> usize {
    query
        .axes
        .iter()
        .fold(layout.group(), |n, a| n.saturating_mul(a.groups.len()))
}

/// The query's literals, and present(x) for every column of a gram that has no one-literal clause without
/// missing yet (section 3).
fn complete_cases<C: Columns + ?Sized>(
    query: &Query,
    columns: &C,
) -> Result<Vec<Literal>, StatementError> {
    let mut literals = query.literals.clone();
    if query.variant != Variant::Gram {
        return Ok(literals);
    }
    for x in &query.x {
        let stands = query
            .clauses()
            .any(|c| matches!(c, [l] if l.column == *x && !l.set.missing));
        let last = columns.column(*x).and_then(|c| c.codes().checked_sub(1));
        if !stands {
            let set = CodeSet::run(1, last.ok_or(QueryError::UnknownColumn(*x))?);
            literals.push(Literal {
                column: *x,
                joins: false,
                set,
            });
        }
    }
    if literals.len() > MAX_LITERALS {
        let (got, most) = (literals.len(), MAX_LITERALS);
        return Err(QueryError::Limit {
            what: "literals with complete cases",
            got,
            most,
        }
        .into());
    }
    Ok(literals)
}
