//! Gadgets under provers who choose the hints.

use super::{
    builder::{Builder, Constraints, Number, Values},
    disclosure::{Rule, release},
    num::{Num, Terms},
    range::{decompose, is_zero},
    rounding::{Division, divide},
    rounding_unit::{RoundingUnit, layouts, policy, rounding_units},
};
use ark_bn254::Fr;
use ark_ff::{Field, One, Zero};
use ark_relations::gr1cs::{ConstraintSystem, ConstraintSystemRef};
use nectar_verifier::{
    disclosure::{self, SUPPRESSED},
    layout::{Layout, WIDTHS},
    policy::{Policy, Rounding, W_LIMIT},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A builder whose prover sets chosen variables, counted from 0, to values of his own.
struct Forger {
    honest: Constraints,
    cs: ConstraintSystemRef<Fr>,
    variables: usize,
    violated: usize,
    forged: BTreeMap<usize, Fr>,
}

impl Forger {
    fn new(forged: BTreeMap<usize, Fr>) -> Self {
        let cs = ConstraintSystem::new_ref();
        Self {
            honest: Constraints::new(cs.clone()),
            cs,
            variables: 0,
            violated: 0,
            forged,
        }
    }

    /// Constraints that do not hold, by the values beside them and as arkworks sees it.
    fn violated(&self) -> usize {
        assert_eq!(self.cs.is_satisfied(), Ok(self.violated == 0));
        self.violated
    }

    fn satisfied(&self) -> bool {
        self.violated() == 0
    }
}

impl Builder for Forger {
    type Linear = Terms;

    fn input(&mut self, value: Fr) -> Num<Terms> {
        self.honest.input(value)
    }

    fn witness(&mut self, value: Fr) -> Num<Terms> {
        let value = self.forged.get(&self.variables).copied().unwrap_or(value);
        self.variables += 1;
        self.honest.witness(value)
    }

    fn enforce(&mut self, a: &Num<Terms>, b: &Num<Terms>, c: &Num<Terms>) {
        self.violated += usize::from(a.value * b.value != c.value);
        self.honest.enforce(a, b, c);
    }
}

/// The division of `sum` by base * 2^exponent: constraints the hint violates, and what comes out.
fn division(
    sum: Fr,
    [base, exponent]: [u64; 2],
    hint: Option<Division>,
    forged: BTreeMap<usize, Fr>,
) -> (usize, Fr) {
    let mut forger = Forger::new(forged);
    let b = &mut forger;
    let [sum, base, size, scale] = [
        sum,
        base.into(),
        (base << exponent).into(),
        (1u64 << (24 - exponent)).into(),
    ]
    .map(|value: Fr| b.input(value));
    let unit = RoundingUnit {
        size,
        scale,
        raise: Num::default(),
        midpoint: Num::default(),
    };
    let hint = hint.unwrap_or_else(|| Division::honest::<Forger>(&sum, &unit, &base));
    let out = divide(b, &sum, &unit, &base, hint);
    (forger.violated(), out.value)
}

/// Variables of a division, in order: 56 bits of q, 24 of a, then others.
const TOP_OF_Q: usize = 55;
const TOP_OF_A: usize = 56 + 23;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn division_is_that_of_integers(sum in 0u64..1 << 57, base in 1u64..256, exponent in 0u64..=24) {
        let g = base << exponent;
        let (violated, out) = division(sum.into(), [base, exponent], None, BTreeMap::new());
        prop_assert_eq!(violated, 0);
        prop_assert_eq!(out, Fr::from(sum / g * g));
    }

    #[test]
    fn no_other_hint_divides(
        sum in 0u64..1 << 57, base in 1u64..256, exponent in 0u64..=24,
        quotient in 0u128..1 << 56, a in 0u128..1 << 24, c in 0u128..1 << 8, nearby: bool,
    ) {
        let (g, scale) = (base << exponent, 1u64 << (24 - exponent));
        // A wrong quotient next to the right one, with the remainder it leaves, may look best.
        let near = u128::from((sum / g) ^ 1);
        let quotient = if nearby { near } else { quotient };
        let rest = (i128::from(sum) - quotient as i128 * i128::from(g)).unsigned_abs();
        let rest = rest.wrapping_mul(u128::from(scale));
        let base_wide = u128::from(base);
        let remainder = if nearby { [rest / base_wide, rest % base_wide] } else { [a, c] };
        prop_assume!(quotient != u128::from(sum / g));
        let hint = Some(Division { quotient, remainder });
        prop_assert_ne!(division(sum.into(), [base, exponent], hint, BTreeMap::new()).0, 0);
    }
}

/// The remainder moved by one and a quotient that makes up for it in the field, its excess put into
/// the top bit: everything adds up, and only that bit's being no bit is wrong.
#[test]
fn a_quotient_out_of_range_is_rejected() {
    let (sum, base, exponent) = (103u64, 5u64, 0u64);
    assert_eq!(
        division(sum.into(), [base, exponent], None, BTreeMap::new()),
        (0, 100.into())
    );
    // t = 4 instead of 3 wants q = 99/5.
    let wrapped = Fr::from(sum - 4) / Fr::from(base);
    let scaled = 4u128 << 24;
    let hint = Division {
        quotient: 0,
        remainder: [scaled / 5, scaled % 5],
    };
    let top = wrapped / Fr::from(1u64 << 55);
    let (violated, out) = division(
        sum.into(),
        [base, exponent],
        Some(hint),
        BTreeMap::from([(TOP_OF_Q, top)]),
    );
    assert_eq!((violated, out), (1, Fr::from(sum - 4)));
}

/// t = g + 3 with the quotient one less: a then takes 25 bits, or its top bit is 2.
#[test]
fn a_remainder_out_of_range_is_rejected() {
    for exponent in [0, 10, 24] {
        let base = 5u64;
        let g = base << exponent;
        let sum = 20 * g + 3;
        let a = (1u128 << 24) + (3u128 << (24 - exponent)) / u128::from(base);
        let c = (3u128 << (24 - exponent)) % u128::from(base);
        let hint = |a| {
            Some(Division {
                quotient: 19,
                remainder: [a, c],
            })
        };
        assert_ne!(
            division(sum.into(), [base, exponent], hint(a), BTreeMap::new()).0,
            0
        );
        let top = Fr::from(a >> 23);
        let forged = BTreeMap::from([(TOP_OF_A, top)]);
        let (violated, out) = division(sum.into(), [base, exponent], hint(a), forged);
        assert_eq!((violated, out), (1, Fr::from(19 * g)));
    }
}

/// c = base with a one less.
#[test]
fn a_remainder_digit_that_is_the_base_is_rejected() {
    let (base, exponent) = (5u64, 24);
    let sum = Fr::from(2 * (base << exponent) + 15);
    let divides = |remainder| {
        let hint = Some(Division {
            quotient: 2,
            remainder,
        });
        division(sum, [base, exponent], hint, BTreeMap::new()).0 == 0
    };
    assert!(divides([3, 0]));
    assert!(!divides([2, 5]));
    assert!(!divides([0, 15]));
}

#[test]
fn decompositions_bind() {
    let satisfied = |value: u64, forged: BTreeMap<usize, Fr>| {
        let mut forger = Forger::new(forged);
        let number = forger.input(value.into());
        let _ = decompose(&mut forger, &number, 4);
        forger.satisfied()
    };
    assert!(satisfied(13, BTreeMap::new()));
    assert!(!satisfied(16, BTreeMap::new()));
    assert!(!satisfied(13, BTreeMap::from([(0, Fr::zero())])));
    // 13 = 1 + 2 * 6 in two places.
    let forged = [(1, Fr::from(6)), (2, Fr::zero()), (3, Fr::zero())];
    assert!(!satisfied(13, BTreeMap::from(forged)));
}

#[test]
fn zero_is_told_from_all_else() {
    let satisfied = |value: u64, forged: BTreeMap<usize, Fr>| {
        let mut forger = Forger::new(forged);
        let number = forger.input(value.into());
        let zero = is_zero(&mut forger, &number);
        (forger.satisfied(), zero.value)
    };
    assert_eq!(satisfied(0, BTreeMap::new()), (true, Fr::one()));
    assert_eq!(satisfied(7, BTreeMap::new()), (true, Fr::zero()));
    assert!(!satisfied(0, BTreeMap::from([(1, Fr::zero())])).0);
    assert!(!satisfied(7, BTreeMap::from([(0, Fr::zero()), (1, Fr::one())])).0);
    let half = Fr::from(2).inverse().expect("not zero");
    assert!(!satisfied(7, BTreeMap::from([(0, half / Fr::from(7)), (1, half)])).0);
}

/// The rule over a table, with any builder.
fn apply<B: Builder>(
    b: &mut B,
    rule: &Policy,
    layout: Layout,
    widths: &[u8; WIDTHS],
    cells: &[u64],
) -> Vec<Number<B>> {
    let packed = b.input(rule.pack(widths).into());
    let cells: Vec<_> = cells.iter().map(|&cell| b.witness(cell.into())).collect();
    let policy = policy(b, &packed);
    let number = [layout.id() & 1, layout.id() >> 1].map(|bit| b.input(u64::from(bit).into()));
    let layouts = layouts(b, &number);
    let units = rounding_units(b, &policy, &layouts);
    let rule = Rule {
        policy: &policy,
        layouts: &layouts,
        units: &units,
    };
    release(b, &rule, &cells)
}

fn policies() -> impl Strategy<Value = Policy> {
    let nearest =
        (1u8..=255, 1u32..20, any::<bool>()).prop_filter_map("2 <= k", |(base, m, zeros)| {
            let k = (u32::from(base) * m).checked_sub(u32::from(base) / 2)?;
            Policy::new(k, base, Rounding::Nearest, zeros, W_LIMIT).ok()
        });
    let midpoint = (1u32..20, any::<bool>()).prop_map(|(m, zeros)| {
        Policy::new(6 * m + 1, 6, Rounding::Midpoint6, zeros, W_LIMIT).expect("valid")
    });
    prop_oneof![nearest, midpoint]
}

/// A table in range for its layout, with counts on both sides of the threshold and at its edges.
fn tables(policy: Policy, layout: Layout) -> impl Strategy<Value = Vec<u64>> {
    let k = u64::from(policy.k());
    let count = || {
        prop_oneof![
            Just(0),
            Just(k - 1),
            Just(k),
            0..3 * k,
            Just((1 << 28) - 1 - k),
            0u64..1 << 27
        ]
    };
    let cell = (count(), any::<bool>(), 0u64..1 << 56);
    prop::collection::vec(cell, 64).prop_map(move |cells| {
        let of = |j: usize| {
            if layout.is_sum(j) {
                cells[j].2
            } else {
                cells[j].0
            }
        };
        let one = |j: usize| match (layout, j % 4) {
            // COUNT(*) exceeds COUNT(x) by a count, or by nothing.
            (Layout::Moments, 3) if cells[j].1 => of(j - 3),
            (Layout::Moments, 3) => of(j - 3) + of(j).min((1 << 28) - 1 - of(j - 3)),
            _ => of(j),
        };
        (0..64).map(one).collect()
    })
}

fn cases() -> impl Strategy<Value = (Policy, Layout, [u8; WIDTHS], Vec<u64>)> {
    let layout = prop::sample::select(Layout::ALL.to_vec());
    (policies(), layout, prop::array::uniform7(0u8..=12)).prop_flat_map(
        |(policy, layout, widths)| {
            (
                Just(policy),
                Just(layout),
                Just(widths),
                tables(policy, layout),
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn released_values_are_those_of_the_plain_rule((policy, layout, widths, cells) in cases()) {
        let want = disclosure::release(&policy, layout, &widths, &cells).expect("in range");
        let got = apply(&mut Values::new(), &policy, layout, &widths, &cells);
        let got: Vec<Fr> = got.iter().map(|number| number.value).collect();
        prop_assert_eq!(got, want.into_iter().map(Fr::from).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_plain_rule_satisfies_the_constraints((policy, layout, widths, cells) in cases()) {
        let mut forger = Forger::new(BTreeMap::new());
        apply(&mut forger, &policy, layout, &widths, &cells);
        prop_assert!(forger.satisfied());
    }

    /// Whichever single variable of the rule is changed, some constraint notices.
    #[test]
    fn no_variable_is_free(
        (policy, layout, widths, cells) in cases(), at: prop::sample::Index, by in 1u64..1 << 40,
    ) {
        let mut values = Values::new();
        apply(&mut values, &policy, layout, &widths, &cells);
        let honest = values.into_assignment();
        // After the constant, three inputs; the table's cells are bound elsewhere.
        let variables = honest.len() - 4 - cells.len();
        let variable = cells.len() + at.index(variables);
        let forged = BTreeMap::from([(variable, honest[4 + variable] + Fr::from(by))]);
        let mut forger = Forger::new(forged);
        let outputs = apply(&mut forger, &policy, layout, &widths, &cells);
        let want = disclosure::release(&policy, layout, &widths, &cells).expect("in range");
        let unmoved = outputs.iter().zip(want).all(|(got, want)| got.value == Fr::from(want));
        // The inverse of a number that is zero is the one hint nothing depends on.
        prop_assert!(!forger.satisfied() || unmoved);
    }
}

/// The mark is what both crates say it is.
#[test]
fn a_withheld_cell_is_the_mark() {
    let policy = Policy::new(8, 5, Rounding::Nearest, true, W_LIMIT).expect("valid");
    let out = apply(
        &mut Values::new(),
        &policy,
        Layout::Counts,
        &[0; WIDTHS],
        &[7; 64],
    );
    assert!(
        out.iter()
            .all(|number| number.value == Fr::from(SUPPRESSED))
    );
}
