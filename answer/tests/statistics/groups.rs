//! Moments, proportions and rates of single groups.

use nectar_answer::statistics::{
    Figure, Level, Scale, StatisticsError, moments::Moments, proportion::Proportion, rate::Rate,
};
use proptest::prelude::*;

use crate::released::{assert_close, assert_holds, exact, nearest};

/// Age in the `lung` data of R's `survival` package (228 patients, 39 to 82 years), in steps of a year from 39.
fn lung_age() -> Moments {
    let (n, sum, squares) = (228, 14_238, 907_814);
    Moments {
        count: exact(n),
        sum: exact(sum - 39 * n),
        sum_of_squares: exact(squares + 39 * 39 * n - 2 * 39 * sum),
        scale: Scale::new(39.0, 1.0).expect("valid"),
    }
}

/// Reference: pandas 2.3.3 and scipy 1.17.1.
#[test]
fn moments_of_lung_age() -> Result<(), StatisticsError> {
    let age = lung_age();
    assert_close(age.total().value(), 14_238.0);
    assert_close(age.mean()?.value(), 62.44736842105263);
    assert_close(age.variance()?.figure.value(), 82.32761418965917);
    assert_close(age.standard_deviation()?.value(), 9.073456573415623);
    assert_close(age.standard_error()?.value(), 0.6009043410956755);
    let usual = age.mean_with_confidence(Level::default())?;
    assert!(usual.figure.is_exact());
    assert_close(usual.confidence.low, 61.26330473690368);
    assert_close(usual.confidence.high, 63.63143210520158);
    let strict = age.mean_with_confidence(Level::new(0.99)?)?.confidence;
    assert_close(strict.low, 60.88642289068357);
    assert_close(strict.high, 64.00831395142168);
    Ok(())
}

#[test]
fn moments_refuse_too_few() -> Result<(), StatisticsError> {
    let mut age = lung_age();
    age.count = exact(1);
    assert!(age.mean().is_ok());
    let refused = StatisticsError::TooFew {
        got: 1.0,
        more_than: 1.0,
    };
    assert_eq!(age.variance(), Err(refused));
    age.count = exact(0);
    assert!(age.mean().is_err());
    Ok(())
}

#[test]
fn negative_variance_is_clamped_and_said() -> Result<(), StatisticsError> {
    let constant = Moments {
        count: nearest(40, 5),
        sum: nearest(200, 40),
        sum_of_squares: nearest(980, 320),
        scale: Scale::new(0.0, 1.0)?,
    };
    let variance = constant.variance()?;
    assert!(variance.clamped);
    assert_eq!(variance.figure.value(), 0.0);
    assert!(!variance.figure.is_informative());
    assert!(!lung_age().variance()?.clamped);
    Ok(())
}

#[test]
fn figures_and_parameters_are_checked() {
    assert!(Figure::within(1.0, 2.0, 3.0).is_err());
    assert!(Figure::within(f64::NAN, 0.0, 1.0).is_err());
    assert!(Figure::within(1.0, f64::NAN, 1.0).is_err());
    assert!(Level::new(1.0).is_err());
    assert!(Level::new(f64::NAN).is_err());
    assert!(Scale::new(0.0, 0.0).is_err());
    assert!(Scale::new(f64::INFINITY, 1.0).is_err());
    assert!(nearest(3, 5).is_informative());
    assert!(!nearest(2, 5).is_informative());
}

/// Deaths among the men (112 of 138) and women (53 of 90) of `lung`. Reference: statsmodels 0.15.0
/// (`proportion_confint`, `confint_proportions_2indep`, `Table2x2`) and scipy 1.17.1.
#[test]
fn proportions_and_rates_of_lung() -> Result<(), StatisticsError> {
    let level = Level::default();
    let men = Proportion::from_total(exact(112), exact(138))?;
    let women = Proportion::from_parts(exact(53), exact(37))?;
    let wilson = men.with_confidence(level).confidence;
    assert_close(wilson.low, 0.738252259998232);
    assert_close(wilson.high, 0.8680584809869909);
    let difference = men.difference(&women, level);
    assert_close(difference.figure.value(), 112.0 / 138.0 - 53.0 / 90.0);
    assert_close(difference.confidence.low, 0.10191200859096937);
    assert_close(difference.confidence.high, 0.3403918581691339);
    let ratio = men.ratio(&women, level)?;
    assert_close(ratio.figure.value(), 1.3781788351107465);
    assert_close(ratio.confidence.low, 1.1392196487445365);
    assert_close(ratio.confidence.high, 1.6672613605641367);

    let men = Rate::new(exact(112), exact(39_086))?;
    let women = Rate::new(exact(53), exact(30_507))?;
    let garwood = men.with_confidence(level)?.confidence;
    assert_close(garwood.low * 39_086.0, 92.2204535325584);
    assert_close(garwood.high * 39_086.0, 134.7651032921354);
    let ratio = men.ratio(&women, level)?;
    assert_close(ratio.figure.value(), 112.0 / 39_086.0 * 30_507.0 / 53.0);
    let error = (1.0_f64 / 112.0 + 1.0 / 53.0).sqrt();
    let half = (ratio.confidence.high / ratio.confidence.low).ln() / 2.0;
    assert_close(half, 1.959963984540054 * error);
    Ok(())
}

#[test]
fn proportions_at_the_edges() -> Result<(), StatisticsError> {
    let level = Level::default();
    let none = Proportion::from_parts(exact(0), exact(50))?;
    let all = Proportion::from_parts(exact(50), exact(0))?;
    assert_eq!((none.share().value(), all.share().value()), (0.0, 1.0));
    assert_eq!(none.with_confidence(level).confidence.low, 0.0);
    assert!(all.ratio(&none, level).is_err());
    assert!(Proportion::from_parts(exact(0), exact(0)).is_err());
    assert!(Proportion::from_total(Figure::exact(-1.0), exact(9)).is_err());
    let rounded_above = Proportion::from_total(exact(55), exact(50))?;
    assert_eq!(rounded_above.share().value(), 1.0);
    let quiet = Rate::new(exact(0), exact(50))?;
    assert_eq!(quiet.with_confidence(level)?.confidence.low, 0.0);
    assert!(quiet.ratio(&quiet, level).is_err());
    assert!(Rate::new(exact(1), exact(0)).is_err());
    Ok(())
}

fn moments(codes: &[u64], granules: [u64; 3]) -> Moments {
    let [count, sum, squares] = granules;
    Moments {
        count: nearest(codes.len() as u64, count),
        sum: nearest(codes.iter().sum(), sum),
        sum_of_squares: nearest(codes.iter().map(|x| x * x).sum(), squares),
        scale: Scale::new(-3.5, 0.25).expect("valid"),
    }
}

proptest! {
    #[test]
    fn rounding_intervals_hold_the_true_moments(
        codes in prop::collection::vec(0u64..64, 10..400),
        base in 1u64..12,
    ) {
        let truth = moments(&codes, [1, 1, 1]);
        let rounded = moments(&codes, [base, base << 6, base << 12]);
        prop_assume!(rounded.count.value() > 1.0);
        assert_holds(rounded.total(), truth.total().value());
        assert_holds(rounded.mean()?, truth.mean()?.value());
        assert_holds(rounded.variance()?.figure, truth.variance()?.figure.value());
        assert_holds(rounded.standard_deviation()?, truth.standard_deviation()?.value());
        assert_holds(rounded.standard_error()?, truth.standard_error()?.value());
    }

    #[test]
    fn rounding_intervals_hold_the_true_proportions(
        cells in prop::array::uniform4(10u64..2_000),
        base in 1u64..12,
    ) {
        let groups = |base| {
            let [a, b, c, d] = cells.map(|cell| nearest(cell, base));
            let parts = (Proportion::from_parts(a, b)?, Proportion::from_parts(c, d)?);
            let rates = (Rate::new(a, b)?, Rate::new(c, d)?);
            Ok::<_, StatisticsError>((parts.0, parts.1, rates.0, rates.1))
        };
        let (level, truth, rounded) = (Level::default(), groups(1)?, groups(base)?);
        assert_holds(rounded.0.share(), truth.0.share().value());
        assert_holds(
            rounded.0.difference(&rounded.1, level).figure,
            truth.0.difference(&truth.1, level).figure.value(),
        );
        assert_holds(
            rounded.0.ratio(&rounded.1, level)?.figure,
            truth.0.ratio(&truth.1, level)?.figure.value(),
        );
        assert_holds(rounded.2.figure(), truth.2.figure().value());
        assert_holds(
            rounded.2.ratio(&rounded.3, level)?.figure,
            truth.2.ratio(&truth.3, level)?.figure.value(),
        );
    }
}
