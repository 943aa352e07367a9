//! The circuits of the protocol: the release circuit in its two shapes (section 6) and the index
//! circuit (section 7), and the one order of their public inputs. Keys are made for one of them each.

pub mod index;
pub mod release;

use crate::shape::Shape;
use core::fmt;

/// Public inputs, as many in every circuit; the constant 1 is not among them.
pub const PUBLIC_INPUTS: usize = release::INPUTS;
const _: () = assert!(index::INPUTS == PUBLIC_INPUTS);

/// A circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Circuit {
    /// The release circuit of a shape: a table is the answer to a query.
    Release(Shape),
    /// The index circuit: a column is well formed.
    Index,
}

impl Circuit {
    /// Every circuit, by rising [`Circuit::id`].
    pub const ALL: [Self; 3] = [
        Self::Release(Shape::Compact),
        Self::Release(Shape::Wide),
        Self::Index,
    ];

    /// The number that names the circuit in the digests of keys; a release circuit has that of its shape.
    pub const fn id(self) -> u8 {
        match self {
            Self::Release(shape) => shape.id(),
            Self::Index => 2,
        }
    }

    /// The circuit that `id` names.
    pub const fn from_id(id: u8) -> Option<Self> {
        match (Shape::from_id(id), id) {
            (Some(shape), _) => Some(Self::Release(shape)),
            (None, 2) => Some(Self::Index),
            (None, _) => None,
        }
    }

    /// The name printed to people and used for files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release(shape) => shape.name(),
            Self::Index => "index",
        }
    }

    /// Sumcheck rounds K: a circuit serves datasets of at most 2^K rows.
    pub const fn rounds(self) -> usize {
        match self {
            Self::Release(shape) => shape.rounds(),
            Self::Index => index::ROUNDS,
        }
    }

    /// Evaluations that the formula combines.
    pub const fn slots(self) -> usize {
        match self {
            Self::Release(shape) => shape.slots(),
            Self::Index => index::SLOTS,
        }
    }

    /// Degree of a round polynomial, and coefficients of a round message, from which the linear one is left out.
    pub const fn degree(self) -> usize {
        match self {
            Self::Release(shape) => shape.degree(),
            Self::Index => index::DEGREE,
        }
    }
}

impl From<Shape> for Circuit {
    fn from(shape: Shape) -> Self {
        Self::Release(shape)
    }
}

impl fmt::Display for Circuit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bn254::Fr;

    #[test]
    fn ids_round_trip_and_count_up() {
        for (id, circuit) in (0..).zip(Circuit::ALL) {
            assert_eq!(circuit.id(), id);
            assert_eq!(Circuit::from_id(id), Some(circuit));
        }
        assert_eq!(Circuit::from_id(3), None);
    }

    /// Files and seeds of keys are named so.
    #[test]
    fn names_are_distinct() {
        assert_eq!(
            Circuit::ALL.map(Circuit::name),
            ["compact", "wide", "index"]
        );
    }

    /// The orders that sections 4 and 7 of the protocol state.
    #[test]
    fn public_inputs_are_in_the_protocols_order() {
        let inputs: [Fr; PUBLIC_INPUTS] = [1, 2, 3, 4, 5, 6, 7].map(Fr::from);
        let [rho, com_n, com_v, lambda, l, flags, policy] = inputs;
        let release = release::Instance {
            rho,
            com_n,
            com_v,
            lambda,
            l,
            flags,
            policy,
        };
        assert_eq!(release.inputs(), inputs);
        let names = ["rho", "com_n", "com_v", "lambda", "l", "flags", "policy"];
        assert_eq!(release::NAMES, names);
        let [code, batch, presence, weight, com_v, lambda, l] = inputs;
        let index = index::Instance {
            code,
            batch,
            presence,
            weight,
            com_v,
            lambda,
            l,
        };
        assert_eq!(index.inputs(), inputs);
        let names = [
            "code", "batch", "presence", "weight", "com_v", "lambda", "l",
        ];
        assert_eq!(index::NAMES, names);
    }
}
