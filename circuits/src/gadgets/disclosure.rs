//! The disclosure rule over a whole table (protocol, section 6), as in
//! [`nectar_verifier::disclosure::release`].
//!
//! Ranges are a little wider here than there: a tested number of rows T is held within 2^28 of the
//! threshold rather than below 2^28, and cells are bounded by their quotients alone. What lies between
//! is decided just as clearly, and the rows of an accepted snapshot cannot give it.

use super::{
    builder::{Builder, Number},
    num::{Linear, Num},
    range::{bits, is_zero, low_bits},
    rounding::round,
    rounding_unit::{Layouts, POSITIONS, Policy, RoundingUnit},
};
use ark_bn254::Fr;
use nectar_verifier::{
    disclosure::{SUPPORT_BITS, SUPPRESSED},
    layout::{Layout, Tested},
};

/// What the rule is applied with.
pub(crate) struct Rule<'a, L> {
    pub(crate) policy: &'a Policy<L>,
    pub(crate) layouts: &'a Layouts<L>,
    pub(crate) units: &'a [RoundingUnit<L>],
}

/// The outcome of one cell's support test.
struct Test<L> {
    /// Whether it passes; where the layout in force tests nothing there, this means nothing.
    passes: Num<L>,
    /// Whether the tested number is 0.
    zero: Num<L>,
}

/// The released cells: rounded, or the mark.
pub(crate) fn release<B: Builder>(
    b: &mut B,
    rule: &Rule<'_, B::Linear>,
    cells: &[Number<B>],
) -> Vec<Number<B>> {
    let tests = tests(b, rule, cells);
    let released = released(b, rule.layouts, &tests);
    let mut outputs = Vec::with_capacity(cells.len());
    for (j, cell) in cells.iter().enumerate() {
        let unit = &rule.units[j % POSITIONS];
        let rounded = round(b, cell, &tests[j].zero, unit, &rule.policy.base);
        // The mark less what is taken off, which keeps the variable a small number.
        let mark = Num::constant(Fr::from(SUPPRESSED));
        let off = b.product(&(mark.clone() - &rounded), &released[j]);
        outputs.push(mark - &off);
    }
    outputs
}

fn tests<B: Builder>(
    b: &mut B,
    rule: &Rule<'_, B::Linear>,
    cells: &[Number<B>],
) -> Vec<Test<B::Linear>> {
    // In moments 0 passes as a number of missing rows, whatever the policy says of zeros.
    let nobody = b.product(
        &rule.layouts[Layout::Moments as usize],
        &rule.policy.zeros.not(),
    );
    let missing_too = rule.policy.zeros.clone() + &nobody;
    let mut tests = Vec::with_capacity(cells.len());
    for j in 0..cells.len() {
        let may_be_zero = match selector(rule.layouts, j, Tested::Missing) {
            Some(_) => &missing_too,
            None => &rule.policy.zeros,
        };
        let (tested, enough) = tested(b, rule, cells, j);
        let zero = is_zero(b, &tested);
        // Not both can hold: a valid threshold is at least 2.
        let passes = b.product(&zero, may_be_zero) + &enough;
        tests.push(Test { passes, zero });
    }
    tests
}

/// The number of rows that cell `j`'s test looks at, 0 where it looks at nothing, and whether it
/// reaches the threshold.
fn tested<B: Builder>(
    b: &mut B,
    rule: &Rule<'_, B::Linear>,
    cells: &[Number<B>],
    j: usize,
) -> (Number<B>, Number<B>) {
    let own = selector(rule.layouts, j, Tested::Support).unwrap_or_default();
    let missing = selector(rule.layouts, j, Tested::Missing);
    // Only cell 1 of a group of four is tested for missing rows: COUNT(*) - COUNT(x).
    let difference = || cells[j + 2].clone() - &cells[j - 1];
    let mut value = own.value * cells[j].value;
    if let Some(missing) = &missing {
        value += missing.value * difference().value;
    }
    let middle = Fr::from(1u64 << SUPPORT_BITS);
    let offset = rule.policy.k.clone() - middle;
    let shifted = bits(b, low_bits(value - offset.value), SUPPORT_BITS as usize + 1);
    let tested = Num::from_bits(&shifted) + &offset;
    let counted = match &missing {
        None => tested.clone(),
        Some(missing) => {
            let rows = b.product(&difference(), missing);
            tested.clone() - &rows
        }
    };
    b.enforce(&cells[j], &own, &counted);
    (tested, shifted.last().cloned().unwrap_or_default())
}

/// Whether the layout in force tests cell `j` in this way; nothing when no layout does.
fn selector<L: Linear>(layouts: &Layouts<L>, j: usize, how: Tested) -> Option<Num<L>> {
    let all = Layout::ALL.into_iter().zip(layouts);
    all.filter(|(layout, _)| layout.tested(j) == how)
        .map(|(_, flag)| flag.clone())
        .reduce(|sum, flag| sum + &flag)
}

/// For each cell whether all tests of its group pass, the group being that of the layout in force.
fn released<B: Builder>(
    b: &mut B,
    layouts: &Layouts<B::Linear>,
    tests: &[Test<B::Linear>],
) -> Vec<Number<B>> {
    let mut released = vec![Num::default(); tests.len()];
    for (layout, flag) in Layout::ALL.into_iter().zip(layouts) {
        for first in (0..tests.len()).step_by(layout.group()) {
            let group = layout.group_of(first);
            let tested = group
                .clone()
                .filter(|&j| layout.tested(j) != Tested::Nothing);
            let mut all = flag.clone();
            for j in tested {
                all = b.product(&tests[j].passes, &all);
            }
            for cell in &mut released[group] {
                *cell += &all;
            }
        }
    }
    released
}
