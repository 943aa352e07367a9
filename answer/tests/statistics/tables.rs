//! Tables of counts.

use nectar_answer::statistics::{
    Level, StatisticsError, cross_table::CrossTable, two_by_two::TwoByTwo,
};
use proptest::prelude::*;

use crate::released::{assert_close, assert_holds, nearest};

fn table(columns: usize, cells: &[u64], unit: u64) -> Result<CrossTable, StatisticsError> {
    let cells: Vec<_> = cells.iter().map(|&n| Some(nearest(n, unit))).collect();
    CrossTable::new(columns, &cells)
}

/// Sex (rows) by death and survival in `lung`.
const LUNG: [u64; 4] = [112, 26, 53, 37];
/// Cell type (rows: adeno, large, smallcell, squamous) by censored and dead in `veteran`.
const VETERAN: [u64; 8] = [1, 26, 1, 26, 3, 45, 4, 31];

/// Reference: scipy 1.17.1, `chi2_contingency(correction=False)`.
#[test]
fn chi_square_agrees_with_scipy() -> Result<(), StatisticsError> {
    let lung = table(2, &LUNG, 1)?.chi_square()?;
    assert!(lung.statistic.is_exact());
    assert_close(lung.statistic.value(), 13.511174686826863);
    assert_close(lung.p.value(), 0.00023714704620348635);
    assert_close(
        lung.cramers_v.value(),
        (13.511174686826863_f64 / 228.0).sqrt(),
    );
    assert_close(lung.least_expected, 24.86842105263158);
    assert_eq!((lung.freedom, lung.sparse), (1, false));

    let veteran = table(2, &VETERAN, 1)?.chi_square()?;
    assert_close(veteran.statistic.value(), 2.0769080573008525);
    assert_close(veteran.p.value(), 0.5565985284664272);
    assert_eq!((veteran.freedom, veteran.sparse), (3, true));
    Ok(())
}

/// Reference: statsmodels 0.15.0, `Table2x2`.
#[test]
fn two_by_two_agrees_with_statsmodels() -> Result<(), StatisticsError> {
    let level = Level::default();
    let lung = TwoByTwo::try_from(&table(2, &LUNG, 1)?)?;
    let odds = lung.odds_ratio(level)?;
    assert_close(odds.figure.value(), 3.007256894049347);
    assert_close(odds.confidence.low, 1.6526900742202102);
    assert_close(odds.confidence.high, 5.472044739588793);
    let risk = lung.risk_ratio(level)?;
    assert_close(risk.figure.value(), 1.3781788351107465);
    assert_close(
        lung.risk_difference(level)?.confidence.low,
        0.10191200859096937,
    );
    Ok(())
}

#[test]
fn suppressed_cells_are_named() {
    let mut cells: Vec<_> = VETERAN.iter().map(|&n| Some(nearest(n, 1))).collect();
    cells[2] = None;
    cells[7] = None;
    let refused = CrossTable::new(2, &cells).expect_err("suppressed");
    assert_eq!(refused, StatisticsError::Suppressed(vec![(1, 0), (3, 1)]));
}

#[test]
fn malformed_and_empty_tables_are_refused() -> Result<(), StatisticsError> {
    for (columns, cells) in [(0, 4), (1, 4), (4, 4), (2, 2), (3, 7), (usize::MAX / 2, 8)] {
        let refused = table(columns, &vec![9; cells], 1);
        assert!(
            matches!(refused, Err(StatisticsError::Shape { .. })),
            "{columns} {cells}"
        );
    }
    assert!(table(2, &[0, 0, 3, 4], 1).is_err());
    assert!(table(2, &[0, 3, 0, 4], 1).is_err());
    let zero = TwoByTwo::try_from(&table(2, &[0, 3, 5, 4], 1)?)?;
    assert!(zero.odds_ratio(Level::default()).is_err());
    assert!(TwoByTwo::try_from(&table(2, &VETERAN, 1)?).is_err());
    assert!(TwoByTwo::try_from(&table(3, &[9; 6], 1)?).is_err());
    Ok(())
}

/// The mean-value form is worth its gradient: on cells in the hundreds, rounded to five, the bound stays below the figure.
#[test]
fn rounding_interval_of_chi_square_is_useful() -> Result<(), StatisticsError> {
    let tested = table(2, &[412, 266, 353, 337], 5)?.chi_square()?;
    assert!(tested.statistic.is_informative(), "{:?}", tested.statistic);
    Ok(())
}

proptest! {
    #[test]
    fn rounding_intervals_hold_the_true_chi_square(
        cells in prop::collection::vec(8u64..500, 12),
        columns in prop::sample::select(vec![2usize, 3, 4, 6]),
        base in 1u64..16,
    ) {
        let truth = table(columns, &cells, 1)?.chi_square()?;
        let rounded = table(columns, &cells, base)?.chi_square()?;
        assert_holds(rounded.statistic, truth.statistic.value());
        assert_holds(rounded.p, truth.p.value());
        assert_holds(rounded.cramers_v, truth.cramers_v.value());
    }

    /// True cells as far from the released ones as the rounding unit 5 allows, each in its own direction.
    #[test]
    fn rounding_intervals_hold_at_their_corners(
        quotients in prop::array::uniform4(4u64..100),
        upward in prop::array::uniform4(any::<bool>()),
    ) {
        let mut cells = quotients.map(|quotient| 5 * quotient - 2);
        for (cell, upward) in cells.iter_mut().zip(upward) {
            *cell += if upward { 4 } else { 0 };
        }
        let (level, truth, rounded) = (Level::default(), table(2, &cells, 1)?, table(2, &cells, 5)?);
        assert_holds(rounded.chi_square()?.statistic, truth.chi_square()?.statistic.value());
        let (truth, rounded) = (TwoByTwo::try_from(&truth)?, TwoByTwo::try_from(&rounded)?);
        assert_holds(rounded.odds_ratio(level)?.figure, truth.odds_ratio(level)?.figure.value());
        assert_holds(rounded.risk_ratio(level)?.figure, truth.risk_ratio(level)?.figure.value());
    }

    #[test]
    fn rounding_intervals_hold_the_true_odds_ratio(
        cells in prop::array::uniform4(8u64..500),
        base in 1u64..16,
    ) {
        let level = Level::default();
        let truth = TwoByTwo::try_from(&table(2, &cells, 1)?)?;
        let rounded = TwoByTwo::try_from(&table(2, &cells, base)?)?;
        assert_holds(rounded.odds_ratio(level)?.figure, truth.odds_ratio(level)?.figure.value());
        assert_holds(rounded.risk_ratio(level)?.figure, truth.risk_ratio(level)?.figure.value());
        assert_holds(rounded.risk_difference(level)?.figure, truth.risk_difference(level)?.figure.value());
    }
}
