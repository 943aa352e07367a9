//! The rows of a snapshot as one statement sees them: which literals hold, and what the weights are.

use ark_bn254::Fr;
use nectar_verifier::statement::{Slot, Statement};
use rayon::prelude::*;
use std::ops::Range;

/// Rows handled by one task.
pub(super) const CHUNK: usize = 1 << 13;

/// The rows with one bit a row for consent (bit 0) and each literal (bits 1 ..).
pub struct Rows<'a> {
    codes: &'a [Vec<u16>],
    holds: Vec<u16>,
    clauses: Vec<u16>,
}

/// A weight factor (U, V or W) as a sum of functions of one column's code each.
pub struct Weight<'a> {
    /// Codes of a column with the function's values by code.
    pub parts: Vec<(&'a [u16], Vec<Fr>)>,
}

impl<'a> Rows<'a> {
    /// `codes` are all columns of the snapshot, in schema order, all of one length.
    pub fn new(statement: &Statement, codes: &'a [Vec<u16>]) -> Self {
        let count = codes.first().map_or(0, Vec::len);
        let mut holds = vec![0; count];
        for (column, table) in literal_tables(statement) {
            let column = &codes[usize::from(column)];
            holds
                .par_chunks_mut(CHUNK)
                .zip(column.par_chunks(CHUNK))
                .for_each(|(holds, codes)| {
                    for (h, code) in holds.iter_mut().zip(codes) {
                        *h |= table[usize::from(*code)];
                    }
                });
        }
        let clauses = clause_slots(statement).into_iter().map(mask).collect();
        Rows {
            codes,
            holds,
            clauses,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.holds.len()
    }

    /// The codes of a column.
    pub fn codes(&self, column: u16) -> &'a [u16] {
        &self.codes[usize::from(column)]
    }

    /// Which literals hold, by row.
    pub fn holds(&self) -> &[u16] {
        &self.holds
    }

    /// Whether a row is in the cohort: each clause has a literal that holds.
    pub fn selects(&self, row: usize) -> bool {
        self.clauses
            .iter()
            .all(|clause| self.holds[row] & clause != 0)
    }

    /// The literals that are a clause of their own, consent among them.
    pub fn single(&self) -> u16 {
        self.clauses
            .iter()
            .filter(|c| c.count_ones() == 1)
            .fold(0, |a, b| a | b)
    }

    /// A weight slot as functions of codes; row presence enters through its first column.
    pub fn weight(&self, statement: &Statement, slot: &Slot) -> Weight<'a> {
        let part = |(i, column): (usize, u16)| {
            let mut table = slot.table(column, statement.codes(column));
            if i == 0 {
                table.iter_mut().for_each(|v| *v += slot.kappa);
            }
            (self.codes(column), table)
        };
        Weight {
            parts: slot.columns().into_iter().enumerate().map(part).collect(),
        }
    }
}

/// The used slots of each clause: consent first, then the query's; slot 0 is consent, literal i is slot i.
pub fn clause_slots(statement: &Statement) -> Vec<Range<usize>> {
    let consent = 0..1;
    let mut clauses = Vec::from([consent]);
    for (i, literal) in statement.literals().iter().enumerate() {
        match clauses.last_mut() {
            Some(last) if literal.joins => last.end = i + 2,
            _ => clauses.push(i + 1..i + 2),
        }
    }
    clauses
}

fn mask(slots: Range<usize>) -> u16 {
    slots.fold(0, |m, s| m | 1 << s)
}

/// By column: which of the literals on it each code satisfies, as bits.
fn literal_tables(statement: &Statement) -> std::collections::BTreeMap<u16, Vec<u16>> {
    let mut tables = std::collections::BTreeMap::<u16, Vec<u16>>::new();
    let mut add = |column: u16, bit: usize, holds: &dyn Fn(u16) -> bool| {
        let table = tables
            .entry(column)
            .or_insert_with(|| vec![0; usize::from(statement.codes(column))]);
        for (code, bits) in (0..).zip(table.iter_mut()) {
            *bits |= u16::from(holds(code)) << bit;
        }
    };
    let (column, code) = statement.consent();
    add(column, 0, &|c| c >= code);
    for (i, l) in statement.literals().iter().enumerate() {
        add(l.column, i + 1, &|c| l.set.contains(c));
    }
    tables
}
