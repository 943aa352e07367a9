//! What a query means, row by row over the codes: written from section 3, without the engine or its statements.

use nectar_verifier::{
    column::{Column, Kind},
    date::Grid,
    query::{Query, Variant},
};

/// A table as the evaluator sees it.
pub struct Rows<'a> {
    /// The schema.
    pub columns: &'a [Column],
    /// Codes by column.
    pub codes: &'a [Vec<u16>],
}

impl Rows<'_> {
    fn code(&self, column: u16, row: usize) -> u16 {
        self.codes[usize::from(column)][row]
    }

    /// The value of a number: its code less one, and 0 where it is missing.
    fn value(&self, column: u16, row: usize) -> u64 {
        match self.code(column, row) {
            0 => 0,
            code => u64::from(code - 1),
        }
    }

    fn consents(&self, query: &Query, row: usize) -> bool {
        let covers = |(column, codes): (&Column, &Vec<u16>)| {
            let Kind::Consent { purpose, first, .. } = &column.kind else {
                return false;
            };
            let asked = Grid::Month.period(query.day).expect("a month");
            let last = i32::from(codes[row]) + first - 1;
            alloy_primitives::keccak256(purpose) == query.purpose && codes[row] > 0 && last >= asked
        };
        self.columns.iter().zip(self.codes).any(covers)
    }

    fn selects(&self, query: &Query, row: usize) -> bool {
        let mut clauses: Vec<bool> = vec![];
        for literal in &query.literals {
            let holds = literal.set.contains(self.code(literal.column, row));
            match clauses.last_mut() {
                Some(clause) if literal.joins => *clause |= holds,
                _ => clauses.push(holds),
            }
        }
        let complete = |x: &u16| query.variant != Variant::Gram || self.code(*x, row) > 0;
        self.consents(query, row) && clauses.iter().all(|c| *c) && query.x.iter().all(complete)
    }

    /// The true table in the layout's order, as many cells as it spans.
    pub fn table(&self, query: &Query) -> Vec<u64> {
        let sizes: Vec<usize> = query.axes.iter().map(|a| a.groups.len()).collect();
        let groups: usize = sizes.iter().product();
        let side = if query.x.len() < 4 { 4 } else { 8 };
        let width = match query.variant {
            Variant::Counts => 1,
            Variant::Moments => 4,
            Variant::Gram => side * side,
        };
        let mut table = vec![0; groups * width];
        let count = self.codes.first().map_or(0, Vec::len);
        for row in (0..count).filter(|row| self.selects(query, *row)) {
            for group in 0..groups {
                if self.is_in(query, &sizes, group, row) {
                    self.add(query, row, side, &mut table[group * width..][..width]);
                }
            }
        }
        table
    }

    /// Whether a row is in a group, counted with the last axis fastest.
    fn is_in(&self, query: &Query, sizes: &[usize], mut group: usize, row: usize) -> bool {
        query.axes.iter().zip(sizes).rev().all(|(axis, size)| {
            let set = &axis.groups[group % size];
            group /= size;
            set.contains(self.code(axis.column, row))
        })
    }

    fn add(&self, query: &Query, row: usize, side: usize, cells: &mut [u64]) {
        match query.variant {
            Variant::Counts => cells[0] += 1,
            Variant::Moments => {
                let x = query.x[0];
                cells[0] += u64::from(self.code(x, row) > 0);
                cells[1] += self.value(x, row);
                cells[2] += self.value(x, row).pow(2);
                cells[3] += 1;
            }
            Variant::Gram => {
                let one = std::iter::once(1);
                let x: Vec<u64> = one
                    .chain(query.x.iter().map(|x| self.value(*x, row)))
                    .collect();
                for (a, left) in x.iter().enumerate() {
                    for (b, right) in x.iter().enumerate() {
                        cells[a * side + b] += left * right;
                    }
                }
            }
        }
    }
}
