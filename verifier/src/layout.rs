//! How the cells of a table are laid out, cell by cell (protocol, sections 3 and 6).
//!
//! The layout follows from the query's variant and is never a field of a message. It says three
//! things about cell j: which widths coarsen its rounding unit, what its support test looks at, and with
//! which cells it is released or withheld.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a table has at most 256 cells, and a group has at least one"
)]

/// Columns that carry a width: x_1 .. x_7 of a gram, and x_1 alone in moments.
pub const WIDTHS: usize = 7;

/// The four layouts a table can have; the numbers are those of the packed formula flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Layout {
    /// Every cell counts rows and supports itself.
    Counts = 0,
    /// Groups of four: COUNT(x), SUM(x), SUM(x^2), COUNT(*).
    Moments = 1,
    /// Groups of 4 x 4: sums of x_a * x_b with x_0 = 1.
    Gram4 = 2,
    /// Groups of 8 x 8: sums of x_a * x_b with x_0 = 1.
    Gram8 = 3,
}

/// What the support test of one cell looks at. Never a sum (protocol, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tested {
    /// The cell itself, a number of rows.
    Support,
    /// COUNT(*) - COUNT(x) of the cell's group: the rows whose x is missing.
    Missing,
    /// Nothing: the cell's group is judged by other cells.
    Nothing,
}

impl Layout {
    /// Every layout, in the order of its number.
    pub const ALL: [Self; 4] = [Self::Counts, Self::Moments, Self::Gram4, Self::Gram8];

    /// The number of the layout in the packed formula flags.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// The layout with that number.
    pub const fn from_id(id: u8) -> Option<Self> {
        match id {
            0 => Some(Self::Counts),
            1 => Some(Self::Moments),
            2 => Some(Self::Gram4),
            3 => Some(Self::Gram8),
            _ => None,
        }
    }

    /// Cells that are released or withheld together. A power of two that divides every shape's
    /// number of cells.
    pub const fn group(self) -> usize {
        match self {
            Self::Counts => 1,
            Self::Moments => 4,
            Self::Gram4 => 16,
            Self::Gram8 => 64,
        }
    }

    /// The cells of the group that cell `j` belongs to.
    pub const fn group_of(self, j: usize) -> core::ops::Range<usize> {
        let first = j - j % self.group();
        first..first + self.group()
    }

    /// How often each of w_1 .. w_7 enters the exponent of cell `j`'s rounding unit.
    pub fn terms(self, j: usize) -> [u8; WIDTHS] {
        let mut terms = [0; WIDTHS];
        for column in self.factors(j) {
            // Index 0 is the constant 1, whose width is 0.
            if let Some(term) = column.checked_sub(1).and_then(|i| terms.get_mut(i)) {
                *term += 1;
            }
        }
        terms
    }

    /// Whether cell `j` is a sum of values rather than a number of rows. A matter of position: a
    /// sum stays a sum where its columns' widths are 0.
    pub fn is_sum(self, j: usize) -> bool {
        self.factors(j) != [0, 0]
    }

    /// What the support test of cell `j` looks at.
    pub const fn tested(self, j: usize) -> Tested {
        match (self, j % self.group()) {
            (Self::Counts, _) | (Self::Moments, 0 | 3) | (Self::Gram4 | Self::Gram8, 0) => {
                Tested::Support
            }
            (Self::Moments, 1) => Tested::Missing,
            _ => Tested::Nothing,
        }
    }

    /// The two columns, 0 for the constant 1, whose product cell `j` sums.
    const fn factors(self, j: usize) -> [usize; 2] {
        match (self, j % self.group()) {
            (Self::Counts, _) => [0, 0],
            (Self::Moments, 1) => [1, 0],
            (Self::Moments, 2) => [1, 1],
            (Self::Moments, _) => [0, 0],
            (Self::Gram4, i) => [i / 4, i % 4],
            (Self::Gram8, i) => [i / 8, i % 8],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip() {
        for layout in Layout::ALL {
            assert_eq!(Layout::from_id(layout.id()), Some(layout));
        }
        assert_eq!(Layout::from_id(4), None);
    }

    #[test]
    fn terms_follow_the_position() {
        assert_eq!(Layout::Counts.terms(9), [0; WIDTHS]);
        assert_eq!(Layout::Moments.terms(4), [0; WIDTHS]);
        assert_eq!(Layout::Moments.terms(5), [1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Layout::Moments.terms(6), [2, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Layout::Moments.terms(7), [0; WIDTHS]);
        // Gram of stride 4, second group, (a, b) = (2, 3).
        assert_eq!(Layout::Gram4.terms(16 + 2 * 4 + 3), [0, 1, 1, 0, 0, 0, 0]);
        assert_eq!(Layout::Gram8.terms(7 * 8 + 7), [0, 0, 0, 0, 0, 0, 2]);
        assert_eq!(Layout::Gram8.terms(64 + 5), [0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn no_sum_is_ever_tested() {
        for layout in Layout::ALL {
            for j in 0..256 {
                assert!(layout.tested(j) != Tested::Support || !layout.is_sum(j));
                assert!(layout.group_of(j).contains(&j));
            }
        }
    }

    #[test]
    fn every_number_of_rows_is_tested() {
        for layout in Layout::ALL {
            for j in 0..256 {
                assert!(layout.is_sum(j) || layout.tested(j) == Tested::Support);
            }
        }
    }
}
