//! The rule on small tables, exhaustively where that is possible.

use super::*;
use crate::policy::PolicyError;

const NONE: [u8; WIDTHS] = [0; WIDTHS];

fn nearest(k: u32, base: u8, zeros: bool) -> Result<Policy, PolicyError> {
    Policy::new(k, base, Rounding::Nearest, zeros, W_LIMIT)
}

fn midpoint(k: u32, zeros: bool) -> Result<Policy, PolicyError> {
    Policy::new(k, 6, Rounding::Midpoint6, zeros, W_LIMIT)
}

/// Releases `cells` and compares with `want`, where -1 is the mark.
fn check(policy: Result<Policy, PolicyError>, layout: Layout, cells: &[u64], want: &[i64]) {
    let want: Vec<u64> = want
        .iter()
        .map(|&o| u64::try_from(o).unwrap_or(SUPPRESSED))
        .collect();
    let got = policy.map(|policy| release(&policy, layout, &[3, 2, 0, 0, 0, 0, 0], cells));
    assert_eq!(got, Ok(Ok(want)));
}

#[test]
fn counts_below_k_are_withheld() {
    let cells = [0, 1, 7, 8, 12, 13, 100];
    check(
        nearest(8, 5, true),
        Layout::Counts,
        &cells,
        &[0, -1, -1, 10, 10, 15, 100],
    );
    check(
        nearest(8, 5, false),
        Layout::Counts,
        &cells,
        &[-1, -1, -1, 10, 10, 15, 100],
    );
    check(
        nearest(2, 1, false),
        Layout::Counts,
        &cells,
        &[-1, -1, 7, 8, 12, 13, 100],
    );
}

#[test]
fn midpoints_are_those_of_classes_of_six() {
    let cells = [0, 6, 7, 9, 12, 13, 18, 19];
    check(
        midpoint(7, true),
        Layout::Counts,
        &cells,
        &[0, -1, 9, 9, 9, 15, 15, 21],
    );
    // SUM(x) rounds to multiples of 6 * 2^3, SUM(x^2) of 6 * 2^6.
    check(
        midpoint(7, true),
        Layout::Moments,
        &[9, 71, 200, 9],
        &[9, 48, 384, 9],
    );
}

#[test]
fn a_group_of_moments_falls_as_one() {
    let policy = || nearest(8, 5, true);
    check(
        policy(),
        Layout::Moments,
        &[20, 100, 600, 20],
        &[20, 120, 640, 20],
    );
    check(
        policy(),
        Layout::Moments,
        &[20, 100, 600, 28],
        &[20, 120, 640, 30],
    );
    // One row whose x is missing would be told by the difference.
    check(policy(), Layout::Moments, &[20, 100, 600, 21], &[-1; 4]);
    check(policy(), Layout::Moments, &[7, 100, 600, 20], &[-1; 4]);
    check(policy(), Layout::Moments, &[0, 0, 0, 20], &[0, 0, 0, 20]);
    check(policy(), Layout::Moments, &[0, 0, 0, 0], &[0; 4]);
    check(
        nearest(8, 5, false),
        Layout::Moments,
        &[0, 0, 0, 20],
        &[-1; 4],
    );
    // That nobody is missing is no zero the policy could withhold.
    check(
        nearest(8, 5, false),
        Layout::Moments,
        &[20, 0, 0, 20],
        &[20, 0, 0, 20],
    );
}

#[test]
fn a_gram_is_supported_by_its_first_cell() {
    let mut cells = [200u64; 32];
    let mut want = [-1i64; 32];
    if let (Some(first), Some(second)) = (cells.first_mut(), want.get_mut(16..)) {
        *first = 7;
        // Granules by a, b: widths 0, 3, 2, 0 add up.
        second.copy_from_slice(&[
            200, 200, 200, 200, 200, 320, 160, 200, 200, 160, 240, 200, 200, 200, 200, 200,
        ]);
    }
    check(nearest(8, 5, true), Layout::Gram4, &cells, &want);
}

#[test]
fn bound_is_the_greatest_error_of_a_released_cell() {
    let policies = [1u8, 2, 3, 5, 6, 10, 31].map(|base| {
        let k = u32::from(base - base / 2) + u32::from(base);
        nearest(k, base, true)
    });
    for policy in policies
        .into_iter()
        .chain([midpoint(7, true), midpoint(13, false)])
    {
        assert!(policy.is_ok());
        for j in 0..4 {
            let _ = policy.map(|policy| bound_is_tight(&policy, &[2, 0, 0, 0, 0, 0, 0], j));
        }
    }
}

/// Releases a group for every value of cell `j` and keeps the greatest error for each output.
fn bound_is_tight(policy: &Policy, widths: &[u8; WIDTHS], j: usize) {
    let g = rounding_unit(policy, Layout::Moments, widths, j);
    let mut worst = std::collections::BTreeMap::new();
    let last = 2 * u64::from(policy.k()) + 4 * g + g / 2;
    for cell in 0..last + g {
        // Room for the missing test: COUNT(x) = COUNT(*) wherever one of them varies.
        let rows = if Layout::Moments.is_sum(j) {
            u64::from(policy.k())
        } else {
            cell
        };
        let group = [rows, cell, cell, rows];
        let out = release(policy, Layout::Moments, widths, &group);
        let o = out
            .ok()
            .and_then(|out| out.get(j).copied())
            .unwrap_or(SUPPRESSED);
        if o != SUPPRESSED && o + g < last {
            let entry = worst.entry(o).or_insert(0);
            *entry = cell.abs_diff(o).max(*entry);
        }
    }
    assert!(worst.len() > 2);
    for (o, error) in worst {
        assert_eq!(
            error_bound(policy, Layout::Moments, widths, j, o),
            error,
            "o = {o}, g = {g}"
        );
    }
}

#[test]
fn ranges_are_checked() {
    let fails = |layout, cells: &[u64]| {
        nearest(8, 5, true).map(|policy| release(&policy, layout, &NONE, cells))
    };
    let cell = |cell, got| Ok(Err(DisclosureError::Cell { cell, got }));
    let support = |cell, got| Ok(Err(DisclosureError::Support { cell, got }));
    assert_eq!(
        fails(Layout::Moments, &[1, 1 << 56, 0, 1]),
        cell(1, 1 << 56)
    );
    assert_eq!(fails(Layout::Counts, &[0, SUPPRESSED]), cell(1, SUPPRESSED));
    assert_eq!(fails(Layout::Counts, &[1 << 28]), support(0, 1 << 28));
    assert_eq!(
        fails(Layout::Moments, &[9, 0, 0, 8]),
        Ok(Err(DisclosureError::Missing {
            cell: 0,
            values: 9,
            rows: 8
        }))
    );
    assert_eq!(
        fails(Layout::Gram4, &[9; 15]),
        Ok(Err(DisclosureError::PartialGroup {
            cells: 15,
            group: 16
        }))
    );
    let most = nearest(8, 1, true)
        .map(|policy| release(&policy, Layout::Moments, &NONE, &[8, (1 << 56) - 1, 0, 8]));
    assert_eq!(most, Ok(Ok(vec![8, (1 << 56) - 1, 0, 8])));
}

#[test]
fn the_mark_bounds_nothing() {
    let bound = nearest(8, 5, true).map(|p| error_bound(&p, Layout::Counts, &NONE, 0, SUPPRESSED));
    assert_eq!(bound, Ok(u64::MAX));
}
