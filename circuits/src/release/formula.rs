//! The formula a query gives the release statement: which slots it uses and how they combine.

use super::parameters::small;
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::{layout::Layout, shape::Shape};

/// How one literal's slot enters the formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Literal {
    /// Whether the query has this literal. Used ones come first.
    pub used: bool,
    /// Whether it is joined by OR with the literal before; never on the first.
    pub joins: bool,
}

/// Which slots are used, and the layout of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    literals: Vec<Literal>,
    /// Whether U, V and W are used.
    weights: [bool; 3],
    layout: Layout,
}

impl Formula {
    /// A formula in a shape; literals left out are unused. Nothing when there are too many, when an
    /// unused one precedes a used one or joins, or when the first joins.
    pub fn new(
        shape: Shape,
        literals: &[Literal],
        weights: [bool; 3],
        layout: Layout,
    ) -> Option<Self> {
        let unused = shape.literals().checked_sub(literals.len())?;
        let literals = [literals, &vec![Literal::default(); unused]].concat();
        let first_joins = literals.first().is_some_and(|first| first.joins);
        let stray = |pair: &[Literal]| !pair[0].used && pair[1].used;
        let joins_unused = literals
            .iter()
            .any(|literal| literal.joins && !literal.used);
        if first_joins || joins_unused || literals.windows(2).any(stray) {
            return None;
        }
        Some(Self {
            literals,
            weights,
            layout,
        })
    }

    /// The table's layout.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Bits of the packed flags.
    pub const fn bits(shape: Shape) -> usize {
        2 * shape.literals() + 3 + 2
    }

    /// The public input FLAGS as an integer, its bits from the least: used and joins of each literal
    /// of the shape, used bits of U, V, W, and two bits of layout.
    pub fn pack(&self) -> u64 {
        let literals = self
            .literals
            .iter()
            .flat_map(|literal| [literal.used, literal.joins]);
        let layout = [0, 1].map(|i| self.layout.id() >> i & 1 == 1);
        let bits = literals.chain(self.weights).chain(layout);
        bits.enumerate()
            .fold(0, |packed, (i, bit)| packed | u64::from(bit) << i)
    }

    /// Reverses [`Formula::pack`]; nothing when there are bits beyond the shape's.
    pub fn unpack(shape: Shape, packed: Fr) -> Option<Self> {
        let packed = small(packed).filter(|packed| packed >> Self::bits(shape) == 0)?;
        let bit = |i: usize| packed >> i & 1 == 1;
        let literal = |i| Literal {
            used: bit(2 * i),
            joins: bit(2 * i + 1),
        };
        let rest = 2 * shape.literals();
        let layout = u8::from(bit(rest + 3)) | u8::from(bit(rest + 4)) << 1;
        Some(Self {
            literals: (0..shape.literals()).map(literal).collect(),
            weights: [rest, rest + 1, rest + 2].map(bit),
            layout: Layout::from_id(layout)?,
        })
    }

    /// The summand: consent * clauses * U * V * W over the slots' values, in slot order.
    pub fn value(&self, slots: &[Fr]) -> Fr {
        let mut slots = slots.iter().copied();
        let mut next = || slots.next().unwrap_or_default();
        let mut product = next();
        let mut none = Fr::one();
        for (i, literal) in self.literals.iter().enumerate() {
            let not = Fr::from(u64::from(literal.used)) - next();
            none = if literal.joins { none * not } else { not };
            if !self.literals.get(i + 1).is_some_and(|after| after.joins) {
                product *= Fr::one() - none;
            }
        }
        for used in self.weights {
            let weight = next();
            product *= if used { weight } else { Fr::one() };
        }
        product
    }
}
