//! The log-rank test.

use nectar_answer::statistics::{
    Figure, StatisticsError,
    survival::{GridPoint, LogRank, Stratum, log_rank},
};
use proptest::prelude::*;

use crate::{
    follow_up::{Rule, UNTOUCHED, grid, group, point, study},
    released::{assert_close, assert_holds, nearest},
    studies::{LUNG, Leaving, VETERAN_BY_CELL, VETERAN_BY_TREATMENT},
};

fn compare<const G: usize>(
    rows: &[Leaving<G>],
    days: u32,
    rule: Rule,
) -> Result<LogRank, StatisticsError> {
    let groups: Result<Vec<_>, _> = (0..G)
        .map(|index| Stratum::new(&grid(&group(rows, index), days, rule)))
        .collect();
    log_rank(&groups?)
}

/// Reference: lifelines 0.30.3, `multivariate_logrank_test`. R's `survdiff` prints 10.3 (p = 0.001), 0.0 (p = 0.9) and 25.4 on
/// 3 degrees of freedom (p = 1e-05).
#[test]
fn log_rank_agrees_with_lifelines_and_r() -> Result<(), StatisticsError> {
    let sex = compare(&LUNG, 1, UNTOUCHED)?;
    assert_close(sex.statistic.value(), 10.326741954885648);
    assert_close(sex.p.value(), 0.0013111645203554782);
    assert_eq!((sex.freedom, sex.until, sex.truncated), (1, 1022.0, false));
    assert_eq!(sex.observed, [112.0, 53.0]);
    assert!((sex.expected[0] - 91.6).abs() < 0.05 && (sex.expected[1] - 73.4).abs() < 0.05);
    assert!(sex.statistic.is_exact() && sex.p.is_exact());

    let treatment = compare(&VETERAN_BY_TREATMENT, 1, UNTOUCHED)?;
    assert_close(treatment.statistic.value(), 0.008227343202350296);
    assert_close(treatment.p.value(), 0.9277272333400758);

    let cell = compare(&VETERAN_BY_CELL, 1, UNTOUCHED)?;
    assert_close(cell.statistic.value(), 25.403700345785367);
    assert_close(cell.p.value(), 1.2712459390060888e-05);
    assert_eq!(cell.freedom, 3);
    assert!(cell.statistic.is_exact());
    Ok(())
}

#[test]
fn incomparable_groups_are_refused() -> Result<(), StatisticsError> {
    let group = Stratum::new(&[point(1.0, 9, 3), point(2.0, 5, 1)])?;
    let other = Stratum::new(&[point(1.0, 9, 3), point(3.0, 5, 1)])?;
    assert!(matches!(
        log_rank(&[group.clone(), other]),
        Err(StatisticsError::Inconsistent(_))
    ));
    assert!(matches!(
        log_rank(std::slice::from_ref(&group)),
        Err(StatisticsError::Shape { .. })
    ));
    let empty = Stratum::new(&[point(1.0, 0, 0), point(2.0, 0, 0)])?;
    assert!(matches!(
        log_rank(&[group, empty]),
        Err(StatisticsError::Undefined(_))
    ));
    let unknown = Stratum::new(&[])?;
    assert!(matches!(
        log_rank(&[unknown.clone(), unknown]),
        Err(StatisticsError::Undefined(_))
    ));
    Ok(())
}

/// Rounds one kind of cell and leaves the other as it is, so that neither bound hides behind the other.
fn compare_half_rounded(
    rows: &[Leaving<3>],
    round: impl Fn(&mut GridPoint) -> &mut Option<Figure>,
) -> Result<LogRank, StatisticsError> {
    let groups: Result<Vec<_>, _> = (0..3)
        .map(|index| {
            let mut points = grid(&group(rows, index), 1, UNTOUCHED);
            for cell in points.iter_mut().map(&round) {
                *cell = cell.map(|cell| nearest(cell.value() as u64, 7));
            }
            Stratum::new(&points)
        })
        .collect();
    log_rank(&groups?)
}

proptest! {
    #[test]
    fn rounding_intervals_hold_the_true_log_rank(rows in study(), base in 1u64..12) {
        let rounded = compare(&rows, 1, Rule { k: 12, base });
        let truth = compare(&rows, 1, Rule { k: 12, base: 1 });
        if let (Ok(rounded), Ok(truth)) = (rounded, truth) {
            prop_assert_eq!(rounded.until, truth.until);
            assert_holds(rounded.statistic, truth.statistic.value());
            assert_holds(rounded.p, truth.p.value());
        }
    }

    #[test]
    fn rounding_either_kind_of_cell_is_bounded(rows in study()) {
        let truth = compare(&rows, 1, UNTOUCHED);
        for rounded in [
            compare_half_rounded(&rows, |point| &mut point.at_risk),
            compare_half_rounded(&rows, |point| &mut point.events),
        ] {
            if let (Ok(rounded), Ok(truth)) = (rounded, &truth) {
                assert_holds(rounded.statistic, truth.statistic.value());
                assert_holds(rounded.p, truth.p.value());
            }
        }
    }
}
