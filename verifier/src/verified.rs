//! Verification of bundles, the values that nothing else can make, and the cells they show.

use crate::{
    bundle::{Bundle, OpenedBundle, VerifyError},
    column::Column,
    date::Day,
    disclosure::{SUPPRESSED, error_bound, rounding_unit},
    header::Core,
    query::{Axis, CodeSet, Variant},
    statement::Statement,
    trust::{Acceptance, AcceptedKeys, AcceptedSnapshot, LogView, Timing, TrustedKeys, entry_id},
};
use alloy_primitives::B256;
use std::collections::BTreeMap;

/// What verification says.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Exact, over all and only the consented records, on a root that was the one head at a known time.
    Verified(Verified),
    /// The proof holds, but nobody knows when it was made.
    Historical(Historical),
}

/// An answer over a root that was a head once, made nobody knows when: since then people may have withdrawn.
#[derive(Debug, Clone)]
pub struct Historical {
    answer: Verified,
}

/// A verified answer. Nothing but [`Bundle::verify`] makes one.
#[derive(Debug, Clone)]
pub struct Verified {
    core: Core,
    root: B256,
    dataset: String,
    columns: BTreeMap<u16, Column>,
    statement: Statement,
    cells: Vec<u64>,
    acceptance: Acceptance,
    insecure_keys: bool,
    at: Option<i64>,
}

/// One released cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Withheld by the disclosure rule.
    Suppressed,
    /// Released; the true value is within `bound` of `value`.
    Released {
        /// The released (rounded) value.
        value: u64,
        /// Greatest distance of the true value.
        bound: u64,
    },
}

/// What a snapshot's policy leaves open; printed with every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caveat {
    /// base = 1: counts are exact.
    ExactCounts,
    /// A binding w_max: sums are finer than counts and can be differenced.
    DifferencedSums,
    /// The keys are development keys: the proof proves nothing.
    InsecureKeys,
}

impl Bundle {
    /// Verifies the answer: `snapshot` accepted, keys among those `accepted`, log view and `now` (seconds since the
    /// epoch) for root and date.
    ///
    /// # Errors
    /// The first check that fails.
    ///
    /// # Examples
    /// ```
    /// use alloy_primitives::{address, b256, hex};
    /// use nectar_verifier::{
    ///     bundle::Bundle,
    ///     header::dataset_id,
    ///     trust::{AcceptedKeys, AcceptedSnapshot, Head, LogView},
    ///     verified::{Cell, Verdict},
    /// };
    ///
    /// # const FILE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/v1/bundle.nectar"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // What the verifier trusts, none of which comes with the answer: keys, a root with its attestor, the log.
    /// let accepted = AcceptedKeys::compiled_in().with_insecure_dev_keys(); // tests only: anybody forges under these
    /// let root = b256!("cd65b1b1846c6e9af2746bd415e4d9edb48bcd4602ea83a1c108912ebfe30928");
    /// let attestor = address!("58da990a8f4a3a6ca7cb6315d68a140105917352");
    /// let signature = hex!(
    ///     "19fee729adfb412e868f0ebdc7cfa20283fe12b89a942ef26553b6aff2d93e41"
    ///     "1f1e518c0cfc8033e9f7ae85159fcc483c13a1148784f0d8a8870c518bb633ef1b"
    /// );
    /// let snapshot = AcceptedSnapshot::attested(root, &signature, &[attestor])?;
    /// let head = Head { dataset: dataset_id("example"), sequence: 1, root, since: 1_781_521_200 };
    /// let log = LogView { heads: vec![head], entries: vec![] };
    ///
    /// let bundle = Bundle::decode(FILE)?; // tests/vectors/v1/bundle.nectar
    /// let Verdict::Verified(answer) = bundle.verify(&snapshot, &accepted, &log, 1_781_524_800)? else {
    ///     return Err("the snapshot has been replaced, and no entry says when the answer was made".into());
    /// };
    /// assert_eq!(answer.cell(0, 0, 0), Some(Cell::Suppressed));
    /// assert_eq!(answer.cell(1, 0, 0), Some(Cell::Released { value: 0, bound: 0 }));
    /// // The same answer, to somebody whose log does not know the root:
    /// assert!(bundle.verify(&snapshot, &accepted, &LogView::default(), 1_781_524_800).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(
        &self,
        snapshot: &AcceptedSnapshot,
        accepted: &AcceptedKeys,
        log: &LogView,
        now: i64,
    ) -> Result<Verdict, VerifyError> {
        let opened = self.open(snapshot.root())?;
        let keys = opened.keys(accepted)?;
        opened.verify(snapshot, &keys, log, now)
    }
}

impl OpenedBundle<'_> {
    /// Verifies the answer under keys that are trusted already: those of [`OpenedBundle::keys`], of this bundle or of
    /// another under the same snapshot. The rest is as in [`Bundle::verify`].
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        self,
        snapshot: &AcceptedSnapshot,
        keys: &TrustedKeys,
        log: &LogView,
        now: i64,
    ) -> Result<Verdict, VerifyError> {
        let (b, root) = (self.bundle, self.root);
        if snapshot.root() != root {
            return Err(VerifyError::Root);
        }
        let entry = entry_id(self.statement.digest(&b.core, root), &b.cells);
        let timing = log.judge(&b.core, root, b.query.day, entry, now)?;
        b.proof.verify(
            &self.statement,
            &b.core,
            root,
            &self.commitments,
            &b.cells,
            keys.keys(),
        )?;
        let verified = Verified::new(self, snapshot, keys);
        Ok(match timing {
            Timing::Current(at) => Verdict::Verified(Verified {
                at: Some(at),
                ..verified
            }),
            Timing::Historical => Verdict::Historical(Historical { answer: verified }),
        })
    }
}

impl Historical {
    /// The answer, by a name that says what it is not.
    pub fn answer_of_unknown_time(&self) -> &Verified {
        &self.answer
    }
}

impl Verified {
    fn new(opened: OpenedBundle<'_>, snapshot: &AcceptedSnapshot, keys: &TrustedKeys) -> Self {
        let OpenedBundle {
            bundle: b,
            statement,
            ..
        } = opened;
        Verified {
            core: b.core.clone(),
            root: snapshot.root(),
            dataset: b.dataset.clone(),
            columns: b
                .columns
                .iter()
                .map(|(i, c)| (*i, c.column.clone()))
                .collect(),
            statement,
            cells: b.cells.clone(),
            acceptance: snapshot.acceptance(),
            insecure_keys: keys.are_insecure_dev_keys() || snapshot.rests_on_insecure_dev_keys(),
            at: None,
        }
    }

    /// The snapshot's header.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The snapshot's root.
    pub fn root(&self) -> B256 {
        self.root
    }

    /// The dataset's name.
    pub fn dataset(&self) -> &str {
        &self.dataset
    }

    /// How the manifest came to be accepted as well formed.
    pub fn acceptance(&self) -> Acceptance {
        self.acceptance
    }

    /// The statement that was proven.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// D0 of the answer.
    pub fn digest(&self) -> B256 {
        self.statement.digest(&self.core, self.root)
    }

    /// The civil day of the query.
    pub fn day(&self) -> Day {
        self.statement.query().day
    }

    /// The moment by which root and date were judged, in seconds since the epoch.
    pub fn judged_at(&self) -> Option<i64> {
        self.at
    }

    /// A column the query reads.
    pub fn column(&self, index: u16) -> Option<&Column> {
        self.columns.get(&index)
    }

    /// What the policy and the keys leave open.
    pub fn caveats(&self) -> Vec<Caveat> {
        let policy = self.statement.policy();
        let full = |x: &u16| {
            self.column(*x)
                .is_some_and(|c| (1u32 << policy.width(c.codes())) < u32::from(c.codes()))
        };
        let differenced = self.statement.query().x.iter().any(full);
        let all = [
            (policy.base() == 1, Caveat::ExactCounts),
            (differenced, Caveat::DifferencedSums),
            (self.insecure_keys, Caveat::InsecureKeys),
        ];
        all.into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, c)| c)
            .collect()
    }

    /// Sizes of the axes a, c, b of the table: for counts those of the axes, for moments (groups, groups, 4), for
    /// gram (d + 1, groups, d + 1).
    pub fn sizes(&self) -> [usize; 3] {
        let q = self.statement.query();
        let size = |i: usize| q.axes.get(i).map_or(1, |a| a.groups.len());
        let side = q.x.len().saturating_add(1);
        match q.variant {
            Variant::Counts => [size(0), size(1), size(2)],
            Variant::Moments => [size(0), size(1), 4],
            Variant::Gram => [side, size(0), side],
        }
    }

    /// The released cell at (a, c, b); `None` outside the table.
    pub fn cell(&self, a: usize, c: usize, b: usize) -> Option<Cell> {
        let [na, nc, nb] = self.sizes();
        if a >= na || c >= nc || b >= nb {
            return None;
        }
        // Moments and counts run a, c, b; a gram runs group, row, column.
        let gram = self.statement.query().variant == Variant::Gram;
        let (outer, inner, width) = if gram { (c, a, na) } else { (a, c, nc) };
        let place = outer
            .checked_mul(width)?
            .checked_add(inner)?
            .checked_mul(nb)?
            .checked_add(b)?;
        let position = self.statement.used_cells().get(place).copied()?;
        self.cells.get(place).map(|v| self.shown(position, *v))
    }

    fn shown(&self, position: usize, value: u64) -> Cell {
        if value == SUPPRESSED {
            return Cell::Suppressed;
        }
        let s = &self.statement;
        Cell::Released {
            value,
            bound: error_bound(s.policy(), s.layout(), s.widths(), position, value),
        }
    }

    /// The rounding unit to which cell (0, 0, b) and its like are rounded.
    pub fn rounding_unit(&self, b: usize) -> u64 {
        let s = &self.statement;
        rounding_unit(s.policy(), s.layout(), s.widths(), b)
    }

    /// The axes with their columns.
    pub fn axes(&self) -> impl Iterator<Item = (&Column, &Axis)> {
        let axes = self.statement.query().axes.iter();
        axes.filter_map(|a| Some((self.column(a.column)?, a)))
    }
}

/// A code set as people read it: `40 to 65`, `female`, `missing or 3`.
pub fn describe(column: &Column, set: &CodeSet) -> String {
    let run = |(lo, hi): &(u16, u16)| match hi.checked_sub(*lo) {
        Some(0) => column.label(*lo),
        _ => format!("{} to {}", column.label(*lo), column.label(*hi)),
    };
    let missing = set.missing.then(|| "missing".to_string());
    missing
        .into_iter()
        .chain(set.runs.iter().map(run))
        .collect::<Vec<_>>()
        .join(", ")
}
