//! Numbers inside a circuit: a value, and how it is combined from variables.

use ark_bn254::Fr;
use ark_ff::{One, Zero};
use ark_relations::gr1cs::Variable;
use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

/// A linear combination of variables; `()` where only values are wanted.
pub(crate) trait Linear: Clone + Default {
    /// The combination that is the same in every assignment.
    fn constant(value: Fr) -> Self;

    /// Adds `factor * other`.
    fn add_scaled(&mut self, other: &Self, factor: Fr);

    /// The sum of `factor * number` over two lists of one length.
    fn combine(factors: &[Fr], numbers: &[&Num<Self>]) -> Self;
}

impl Linear for () {
    fn constant(_: Fr) {}

    fn add_scaled(&mut self, (): &(), _: Fr) {}

    fn combine(_: &[Fr], _: &[&Num<()>]) {}
}

/// Terms ordered by variable, each variable once and no coefficient zero, so that equal circuits
/// have equal matrices.
#[derive(Clone, Default)]
pub(crate) struct Terms(pub(crate) Vec<(Fr, Variable)>);

impl Terms {
    /// One variable.
    pub(crate) fn variable(variable: Variable) -> Self {
        Self(vec![(Fr::one(), variable)])
    }

    /// Orders the terms and adds up those of one variable.
    fn normalise(&mut self) {
        self.0.sort_unstable_by_key(|term| term.1);
        self.0.dedup_by(|next, kept| {
            let same = next.1 == kept.1;
            if same {
                kept.0 += next.0;
            }
            same
        });
        self.0.retain(|term| !term.0.is_zero());
    }
}

impl Linear for Terms {
    fn constant(value: Fr) -> Self {
        let mut terms = Self(vec![(value, Variable::One)]);
        terms.normalise();
        terms
    }

    fn add_scaled(&mut self, other: &Self, factor: Fr) {
        let last = self.0.last().map(|term| term.1);
        let ordered = other
            .0
            .first()
            .is_none_or(|term| last.is_none_or(|last| last < term.1));
        self.0
            .extend(other.0.iter().map(|&(c, variable)| (c * factor, variable)));
        // Bits are added in the order of their variables, where nothing needs sorting.
        if !ordered || factor.is_zero() {
            self.normalise();
        }
    }

    fn combine(factors: &[Fr], numbers: &[&Num<Self>]) -> Self {
        let scaled = |(&factor, number): (&Fr, &&Num<Self>)| {
            number
                .terms
                .0
                .iter()
                .map(|&(c, variable)| (c * factor, variable))
                .collect::<Vec<_>>()
        };
        let mut terms = Self(factors.iter().zip(numbers).flat_map(scaled).collect());
        terms.normalise();
        terms
    }
}

/// A number inside a circuit. What costs no constraint is an operator on it.
#[derive(Clone, Default)]
pub(crate) struct Num<L> {
    /// Its value in the assignment at hand.
    pub(crate) value: Fr,
    /// Its variables.
    pub(crate) terms: L,
}

impl<L: Linear> Num<L> {
    /// A constant.
    pub(crate) fn constant(value: Fr) -> Self {
        Self {
            value,
            terms: L::constant(value),
        }
    }

    /// The constant 1.
    pub(crate) fn one() -> Self {
        Self::constant(Fr::one())
    }

    /// Adds `factor * other`.
    pub(crate) fn add_scaled(&mut self, other: &Self, factor: Fr) {
        self.value += other.value * factor;
        self.terms.add_scaled(&other.terms, factor);
    }

    /// 1 less this number: the negation of a bit.
    pub(crate) fn not(&self) -> Self {
        Self::one() - self
    }

    /// The sum of many.
    pub(crate) fn sum<'a>(numbers: impl IntoIterator<Item = &'a Self>) -> Self
    where
        L: 'a,
    {
        numbers
            .into_iter()
            .fold(Self::default(), |sum, number| sum + number)
    }

    /// The number whose bits these are, least first.
    pub(crate) fn from_bits(bits: &[Self]) -> Self {
        let mut sum = Self::default();
        let mut weight = Fr::one();
        for bit in bits {
            sum.add_scaled(bit, weight);
            weight += weight;
        }
        sum
    }
}

impl<L: Linear> AddAssign<&Num<L>> for Num<L> {
    fn add_assign(&mut self, other: &Self) {
        self.value += other.value;
        self.terms.add_scaled(&other.terms, Fr::one());
    }
}

impl<L: Linear> SubAssign<&Num<L>> for Num<L> {
    fn sub_assign(&mut self, other: &Self) {
        self.value -= other.value;
        self.terms.add_scaled(&other.terms, -Fr::one());
    }
}

impl<L: Linear> Add<&Num<L>> for Num<L> {
    type Output = Self;

    fn add(mut self, other: &Self) -> Self {
        self += other;
        self
    }
}

impl<L: Linear> Sub<&Num<L>> for Num<L> {
    type Output = Self;

    fn sub(mut self, other: &Self) -> Self {
        self -= other;
        self
    }
}

impl<L: Linear> Add<Fr> for Num<L> {
    type Output = Self;

    fn add(self, constant: Fr) -> Self {
        self + &Self::constant(constant)
    }
}

impl<L: Linear> Sub<Fr> for Num<L> {
    type Output = Self;

    fn sub(self, constant: Fr) -> Self {
        self + (-constant)
    }
}

impl<L: Linear> Mul<Fr> for &Num<L> {
    type Output = Num<L>;

    fn mul(self, factor: Fr) -> Num<L> {
        let mut product = Num::default();
        product.add_scaled(self, factor);
        product
    }
}
