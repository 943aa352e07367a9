//! Covariance, correlation and least squares.

use nectar_answer::statistics::{
    Figure, Level, Scale, StatisticsError,
    gram::Gram,
    least_squares::{Coefficient, Regression},
};
use proptest::prelude::*;

use crate::released::{assert_close, assert_holds, exact, nearest};

/// `lung` over (1, ph.karno, age, wt.loss, pat.karno) for the 211 patients who have all four, in steps of 10, 1, 1 and 10 from
/// 50, 39, -24 and 30.
const LUNG: [u64; 25] = [
    211, 680, 4937, 7119, 1058, //
    680, 2502, 15348, 22396, 3598, //
    4937, 15348, 133109, 167567, 24295, //
    7119, 22396, 167567, 276385, 35006, //
    1058, 3598, 24295, 35006, 5750,
];
const KARNO: usize = 0;
const AGE: usize = 1;
const LOSS: usize = 2;
const SELF_RATED: usize = 3;

fn lung() -> Result<Gram, StatisticsError> {
    let scales = [(50.0, 10.0), (39.0, 1.0), (-24.0, 1.0), (30.0, 10.0)]
        .map(|(min, step)| Scale::new(min, step));
    Gram::new(
        &scales.into_iter().collect::<Result<Vec<_>, _>>()?,
        &LUNG.map(exact),
    )
}

/// Reference: numpy 2.4.6 and scipy 1.17.1, `linregress`.
#[test]
fn pairs_agree_with_scipy() -> Result<(), StatisticsError> {
    let pair = lung()?.pair(KARNO, SELF_RATED)?;
    assert_close(pair.covariance()?.value(), 89.68178740690591);
    assert_close(pair.correlation()?.value(), 0.5066546285757082);
    assert_close(pair.r_squared()?.value(), 0.5066546285757082_f64.powi(2));
    assert_close(pair.slope()?.value(), 0.60648331858002);
    assert_close(pair.intercept()?.value(), 30.27258020206944);
    assert!(pair.intercept()?.is_exact());
    Ok(())
}

/// Estimate, standard error, t, p and 95 % limits.
type Line = [f64; 6];

/// Reference: statsmodels 0.15.0, `OLS` of pat.karno on ph.karno, age, wt.loss.
const LUNG_FIT: [Line; 4] = [
    [
        38.28151964404643,
        9.72115248209473,
        3.9379610302951926,
        0.00011227031455359256,
        19.116360927719395,
        57.44667836037347,
    ],
    [
        0.5755661579121278,
        0.07433750562429281,
        7.742607894608158,
        4.2523335220767585e-13,
        0.42901047981845075,
        0.7221218360058049,
    ],
    [
        -0.07172399025350246,
        0.09751709018945844,
        -0.735501747582454,
        0.4628665119940357,
        -0.2639779966048799,
        0.120530016097875,
    ],
    [
        -0.10177879756282687,
        0.0668822626302104,
        -1.521760681536122,
        0.12959516225902198,
        -0.23363653572463425,
        0.030078940598980503,
    ],
];

fn assert_line(got: &Coefficient, want: Line) {
    let test = got.test.expect("there are residuals");
    let confidence = got.estimate.confidence;
    let got = [got.estimate.figure, got.standard_error, test.t, test.p];
    for (got, want) in got.iter().zip(want) {
        assert_close(got.value(), want);
        assert!(got.is_exact());
    }
    assert_close(confidence.low, want[4]);
    assert_close(confidence.high, want[5]);
}

#[test]
fn regression_agrees_with_statsmodels() -> Result<(), StatisticsError> {
    let fit = lung()?.regress(SELF_RATED, &[KARNO, AGE, LOSS], Level::default())?;
    let [intercept, slopes @ ..] = LUNG_FIT;
    assert_line(&fit.intercept, intercept);
    assert_eq!(fit.slopes.len(), slopes.len());
    for (got, want) in fit.slopes.iter().zip(slopes) {
        assert_line(got, want);
    }
    assert_close(fit.r_squared.value(), 0.2668189165270497);
    assert_close(fit.residual_variance.value(), 157.60111546796122);
    assert_eq!((fit.freedom.value(), fit.clamped), (207.0, false));
    Ok(())
}

#[test]
fn simple_regression_is_the_pair() -> Result<(), StatisticsError> {
    let fit = lung()?.regress(SELF_RATED, &[KARNO], Level::default())?;
    let slope = fit.slopes.first().expect("one slope");
    assert_close(slope.estimate.figure.value(), 0.60648331858002);
    assert_close(slope.standard_error.value(), 0.07138649950518428);
    assert_close(fit.intercept.standard_error.value(), 5.93347252555292);
    Ok(())
}

#[test]
fn what_has_no_fit_is_refused() -> Result<(), StatisticsError> {
    let (gram, level) = (lung()?, Level::default());
    let undefined = |result| matches!(result, Err(StatisticsError::Undefined(_)));
    assert!(undefined(gram.regress(SELF_RATED, &[KARNO, KARNO], level)));
    assert!(undefined(gram.regress(KARNO, &[KARNO], level)));
    let misshapen = |result| matches!(result, Err(StatisticsError::Shape { .. }));
    assert!(misshapen(gram.regress(SELF_RATED, &[], level)));
    assert!(misshapen(gram.regress(4, &[KARNO], level)));
    assert!(misshapen(gram.regress(KARNO, &[usize::MAX], level)));
    assert!(gram.pair(usize::MAX, 0).is_err());
    let unit = Scale::new(0.0, 1.0)?;
    assert!(Gram::new(&[], &[exact(3)]).is_err());
    assert!(Gram::new(&[unit], &[exact(3); 5]).is_err());
    let constant = Gram::new(
        &[unit, unit],
        &[9, 18, 12, 18, 36, 24, 12, 24, 30].map(exact),
    )?;
    assert!(undefined(constant.regress(1, &[0], level)));
    assert!(undefined(constant.regress(0, &[1], level)));
    assert!(constant.pair(0, 1)?.correlation().is_err());
    let few = Gram::new(&[unit, unit], &[2, 1, 3, 1, 1, 2, 3, 2, 5].map(exact))?;
    assert!(matches!(
        few.regress(1, &[0], level),
        Err(StatisticsError::TooFew { .. })
    ));
    Ok(())
}

/// Points on `y = 2 x`, the sum of `y^2` (56) released as 55: less is left than the line explains.
#[test]
fn negative_residual_is_clamped_and_has_no_test() -> Result<(), StatisticsError> {
    let unit = Scale::new(0.0, 1.0)?;
    let mut cells = [4, 6, 12, 6, 14, 28, 12, 28, 56].map(exact);
    cells[8] = nearest(56, 5);
    let fit = Gram::new(&[unit, unit], &cells)?.regress(1, &[0], Level::default())?;
    let slope = fit.slopes.first().expect("one slope");
    assert_close(slope.estimate.figure.value(), 2.0);
    assert_eq!((fit.residual_variance.value(), fit.clamped), (0.0, true));
    assert_eq!((slope.standard_error.value(), slope.test), (0.0, None));
    assert_holds(fit.residual_variance, 0.0);
    assert_holds(fit.r_squared, 1.0);
    Ok(())
}

/// The gram of rows of codes, entry (a, b) rounded to `base * 2^(w_a + w_b)`, `w` being 0 for the 1 and `bits` for a column.
fn gram(rows: &[[u64; 3]], base: u64, bits: u32) -> Gram {
    let with_one = |row: &[u64; 3]| [1, row[0], row[1], row[2]];
    let cells = (0..16).map(|index| {
        let (a, b) = (index / 4, index % 4);
        let sum = rows.iter().map(with_one).map(|row| row[a] * row[b]).sum();
        let weight = bits * (u32::from(a > 0) + u32::from(b > 0));
        nearest(sum, base << weight)
    });
    let scales = [(-1.0, 0.5), (20.0, 1.0), (0.0, 2.0)]
        .map(|(min, step)| Scale::new(min, step).expect("valid"));
    Gram::new(&scales, &cells.collect::<Vec<Figure>>()).expect("sixteen cells")
}

fn assert_coefficient_holds(rounded: &Coefficient, truth: &Coefficient) {
    assert_holds(rounded.estimate.figure, truth.estimate.figure.value());
    assert_holds(rounded.standard_error, truth.standard_error.value());
    if let (Some(rounded), Some(truth)) = (rounded.test, truth.test) {
        assert_holds(rounded.t, truth.t.value());
        assert_holds(rounded.p, truth.p.value());
    }
}

fn assert_fit_holds(rounded: &Regression, truth: &Regression) {
    assert_coefficient_holds(&rounded.intercept, &truth.intercept);
    for (rounded, truth) in rounded.slopes.iter().zip(&truth.slopes) {
        assert_coefficient_holds(rounded, truth);
    }
    assert_holds(rounded.residual_variance, truth.residual_variance.value());
    assert_holds(rounded.r_squared, truth.r_squared.value());
}

/// Rows whose third column follows the first two, with noise.
fn rows() -> impl Strategy<Value = Vec<[u64; 3]>> {
    prop::collection::vec((0u64..16, 0u64..16, 0u64..8), 30..2_000).prop_map(|rows| {
        rows.into_iter()
            .map(|(x, z, noise)| [x, z, (x + z) / 4 + noise])
            .collect()
    })
}

/// Rounding in the hundreds of records leaves a slope that may be printed.
#[test]
fn rounding_intervals_of_a_regression_are_useful() -> Result<(), StatisticsError> {
    let rows: Vec<[u64; 3]> = (0..4_000)
        .map(|i| [i % 16, i / 16 % 16, (i % 16 + i / 16 % 16) / 4 + i % 7])
        .collect();
    let truth = gram(&rows, 1, 0).regress(2, &[0, 1], Level::default())?;
    let fit = gram(&rows, 5, 4).regress(2, &[0, 1], Level::default())?;
    for slope in &fit.slopes {
        assert!(slope.estimate.figure.is_informative(), "{slope:?}");
    }
    assert_fit_holds(&fit, &truth);
    Ok(())
}

proptest! {
    #[test]
    fn rounding_intervals_hold_the_true_regression(rows in rows(), base in 1u64..8, bits in 0u32..5) {
        let level = Level::default();
        let truth = gram(&rows, 1, 0).regress(2, &[0, 1], level);
        let rounded = gram(&rows, base, bits).regress(2, &[0, 1], level);
        if let (Ok(rounded), Ok(truth)) = (rounded, truth) {
            assert_fit_holds(&rounded, &truth);
        }
    }

    #[test]
    fn rounding_intervals_hold_the_true_pair(rows in rows(), base in 1u64..8, bits in 0u32..5) {
        let truth = gram(&rows, 1, 0).pair(0, 2)?;
        let rounded = gram(&rows, base, bits).pair(0, 2)?;
        assert_holds(rounded.covariance()?, truth.covariance()?.value());
        if let (Ok(slope), Ok(correlation)) = (rounded.slope(), rounded.correlation()) {
            assert_holds(slope, truth.slope()?.value());
            assert_holds(correlation, truth.correlation()?.value());
            assert_holds(rounded.r_squared()?, truth.r_squared()?.value());
            assert_holds(rounded.intercept()?, truth.intercept()?.value());
        }
    }
}
