//! The two sizes of the release circuit (protocol, section 6).
//!
//! A query takes the compact shape whenever it fits, else the wide one, else it is refused. There is
//! no choice in it, so the shape is computed by everybody from the query and is part of no message.

use core::fmt;

/// A size of the release circuit. Ordered by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Shape {
    /// 24 rounds, 4 literals, 64 cells.
    Compact = 0,
    /// 26 rounds, 12 literals, 256 cells.
    Wide = 1,
}

impl Shape {
    /// Every shape, least first.
    pub const ALL: [Self; 2] = [Self::Compact, Self::Wide];

    /// Sumcheck rounds K: a shape serves datasets of at most 2^K rows.
    pub const fn rounds(self) -> usize {
        match self {
            Self::Compact => 24,
            Self::Wide => 26,
        }
    }

    /// Literals a query may have, the consent literal not among them.
    pub const fn literals(self) -> usize {
        match self {
            Self::Compact => 4,
            Self::Wide => 12,
        }
    }

    /// Cells of the table, used or not.
    pub const fn cells(self) -> usize {
        match self {
            Self::Compact => 64,
            Self::Wide => 256,
        }
    }

    /// Factors of the summand: consent, the literals, U, V and W, in this order.
    pub const fn slots(self) -> usize {
        self.literals().saturating_add(4)
    }

    /// Degree of a round polynomial in its variable: every slot is multilinear, so one a slot.
    pub const fn degree(self) -> usize {
        self.slots()
    }

    /// The number that names the shape in keys and headers.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// The shape that `id` names.
    pub const fn from_id(id: u8) -> Option<Self> {
        match id {
            0 => Some(Self::Compact),
            1 => Some(Self::Wide),
            _ => None,
        }
    }

    /// The name printed to people and used for files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Wide => "wide",
        }
    }

    /// The least shape that holds a query of this many literals and cells over a dataset of at most
    /// `2^row_bits` rows, or nothing when no shape does.
    pub fn least(literals: usize, cells: usize, row_bits: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| {
            literals <= shape.literals() && cells <= shape.cells() && row_bits <= shape.rounds()
        })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degree_is_one_per_slot() {
        assert_eq!(Shape::Compact.degree(), 8);
        assert_eq!(Shape::Wide.degree(), 16);
    }

    #[test]
    fn least_prefers_compact_and_refuses_what_fits_nowhere() {
        let check = |literals, cells, bits, want| {
            assert_eq!(Shape::least(literals, cells, bits), want);
        };
        check(0, 1, 0, Some(Shape::Compact));
        check(4, 64, 24, Some(Shape::Compact));
        check(5, 64, 24, Some(Shape::Wide));
        check(4, 65, 24, Some(Shape::Wide));
        check(4, 64, 25, Some(Shape::Wide));
        check(12, 256, 26, Some(Shape::Wide));
        check(13, 256, 26, None);
        check(12, 257, 26, None);
        check(12, 256, 27, None);
    }

    #[test]
    fn ids_round_trip() {
        for shape in Shape::ALL {
            assert_eq!(Shape::from_id(shape.id()), Some(shape));
        }
        assert_eq!(Shape::from_id(2), None);
    }
}
