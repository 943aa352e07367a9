//! Survival curves.

use nectar_answer::statistics::{
    Figure, Level, StatisticsError,
    survival::{Band, Curve, Stratum},
};
use proptest::prelude::*;

use crate::{
    follow_up::{Rule, UNTOUCHED, everybody, grid, group, point, study},
    released::{assert_close, assert_holds},
    studies::LUNG,
};

fn curve(leaving: &[(u32, u64, u64)], band: Band) -> Result<Curve, StatisticsError> {
    Stratum::new(&grid(leaving, 1, UNTOUCHED))?.kaplan_meier(band, Level::default())
}

/// Day, survival, Greenwood's standard error, log-log limits. Reference: lifelines 0.30.3, `KaplanMeierFitter`.
const LUNG_CURVE: [(f64, f64, f64, f64, f64); 4] = [
    (
        50.0,
        0.9517543859649121,
        0.014191357445529181,
        0.9145762834366341,
        0.9729886963339225,
    ),
    (
        180.0,
        0.7216706534097623,
        0.02981241946863735,
        0.6583045284456616,
        0.7753146907169797,
    ),
    (
        310.0,
        0.4950242931809131,
        0.03523274624669915,
        0.42424407278475695,
        0.5617959791407342,
    ),
    (
        883.0,
        0.050345568070810406,
        0.02284804891608378,
        0.01786617109285265,
        0.10866217603091867,
    ),
];

#[test]
fn kaplan_meier_agrees_with_lifelines() -> Result<(), StatisticsError> {
    let curve = curve(&everybody(&LUNG), Band::LogLog)?;
    assert!(!curve.clamped && !curve.truncated);
    for (day, survival, error, low, high) in LUNG_CURVE {
        let step = curve
            .steps
            .iter()
            .rfind(|step| step.time <= day)
            .expect("within the grid");
        let confidence = step.confidence.expect("survival is not 0");
        assert_close(step.survival.value(), survival);
        assert_close(step.standard_error, error);
        assert_close(confidence.low, low);
        assert_close(confidence.high, high);
        assert!(step.survival.is_exact());
    }
    Ok(())
}

/// Reference: R, `survfit(Surv(time, status) ~ 1)` and `~ sex` on `lung`: 310 (285, 363); 270 (212, 310); 426 (348, 550).
#[test]
fn medians_agree_with_r() -> Result<(), StatisticsError> {
    let groups = [everybody(&LUNG), group(&LUNG, 0), group(&LUNG, 1)];
    let published = [
        (310.0, 285.0, 363.0),
        (270.0, 212.0, 310.0),
        (426.0, 348.0, 550.0),
    ];
    for (leaving, (median, low, high)) in groups.iter().zip(published) {
        let got = curve(leaving, Band::Log)?.median();
        assert_eq!(
            (got.time, got.earliest, got.latest),
            (Some(median), Some(median), Some(median))
        );
        assert_eq!(
            (got.confidence_low, got.confidence_high),
            (Some(low), Some(high))
        );
    }
    Ok(())
}

#[test]
fn bands_are_symmetric_on_their_own_scale() -> Result<(), StatisticsError> {
    let plain = curve(&everybody(&LUNG), Band::Plain)?;
    let log = curve(&everybody(&LUNG), Band::Log)?;
    for (plain, log) in plain.steps.iter().zip(&log.steps) {
        let survival = plain.survival.value();
        let (linear, ratio) = (
            plain.confidence.expect("positive"),
            log.confidence.expect("positive"),
        );
        let half = 1.959963984540054 * plain.standard_error;
        assert_close(linear.low, (survival - half).max(0.0));
        assert_close(linear.high, (survival + half).min(1.0));
        assert_close(ratio.low, survival * (-half / survival).exp());
        assert_close(ratio.high, (survival * (half / survival).exp()).min(1.0));
    }
    Ok(())
}

/// What a researcher sees of `lung`: months of 30 days, counts below 8 suppressed, the others rounded to 5.
#[test]
fn rounded_curve_is_useful() -> Result<(), StatisticsError> {
    let leaving = everybody(&LUNG);
    let stratum = Stratum::new(&grid(&leaving, 30, Rule { k: 8, base: 5 }))?;
    assert_eq!(
        (stratum.is_truncated(), stratum.last_time()),
        (true, Some(660.0))
    );
    let curve = stratum.kaplan_meier(Band::default(), Level::default())?;
    assert!(curve.truncated && !curve.clamped);
    for step in curve.steps.iter().filter(|step| step.time <= 540.0) {
        assert!(step.survival.bound() < 0.04, "{step:?}");
    }
    let median = curve.median();
    assert_eq!(
        (median.time, median.earliest, median.latest),
        (Some(300.0), Some(300.0), Some(330.0))
    );
    assert_eq!(curve.quantile(0.05).time, None);
    Ok(())
}

#[test]
fn curve_ends_before_what_is_suppressed() -> Result<(), StatisticsError> {
    let mut points = [
        point(1.0, 30, 9),
        point(2.0, 20, 6),
        point(3.0, 10, 3),
        point(4.0, 0, 0),
    ];
    let whole = Stratum::new(&points)?.kaplan_meier(Band::LogLog, Level::default())?;
    assert_eq!((whole.steps.len(), whole.truncated), (3, false));
    points[2].events = None;
    let part = Stratum::new(&points)?;
    assert_eq!(part.last_time(), Some(1.0));
    let curve = part.kaplan_meier(Band::LogLog, Level::default())?;
    assert_eq!(curve.steps.first(), whole.steps.first());
    points[0].at_risk = None;
    let none = Stratum::new(&points)?;
    assert_eq!(none.last_time(), None);
    assert!(
        none.kaplan_meier(Band::LogLog, Level::default())?
            .steps
            .is_empty()
    );
    Ok(())
}

#[test]
fn curve_that_reaches_zero_has_no_interval_there() -> Result<(), StatisticsError> {
    let curve = Stratum::new(&[point(1.0, 4, 4), point(2.0, 2, 2)])?
        .kaplan_meier(Band::LogLog, Level::default())?;
    let last = curve.steps.last().expect("two steps");
    assert_eq!((last.survival.value(), last.confidence), (0.0, None));
    assert_eq!(curve.median().time, Some(1.0));
    Ok(())
}

#[test]
fn deaths_out_of_order_are_clamped_and_said() -> Result<(), StatisticsError> {
    let events = |value, low, high| Some(Figure::within(value, low, high).expect("ordered"));
    let mut points = [point(1.0, 30, 9), point(2.0, 20, 9)];
    points[0].events = events(8.0, 6.0, 10.0);
    let curve = Stratum::new(&points)?.kaplan_meier(Band::LogLog, Level::default())?;
    assert!(curve.clamped);
    assert_eq!(
        curve.steps.first().map(|step| step.survival.value()),
        Some(1.0)
    );
    points[0].events = events(8.0, 8.0, 8.0);
    let impossible = Stratum::new(&points)?.kaplan_meier(Band::LogLog, Level::default());
    assert!(matches!(impossible, Err(StatisticsError::Inconsistent(_))));
    points[0].events = events(8.0, 0.0, 1e9);
    let boundless = Stratum::new(&points)?.kaplan_meier(Band::LogLog, Level::default());
    assert!(matches!(boundless, Err(StatisticsError::Parameter { .. })));
    Ok(())
}

#[test]
fn malformed_grids_are_refused() -> Result<(), StatisticsError> {
    for times in [
        [1.0, 1.0],
        [2.0, 1.0],
        [1.0, f64::NAN],
        [1.0, f64::INFINITY],
    ] {
        let refused = Stratum::new(&times.map(|time| point(time, 9, 3)));
        assert!(
            matches!(refused, Err(StatisticsError::Inconsistent(_))),
            "{times:?}"
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn rounding_intervals_hold_the_true_curve(rows in study(), base in 1u64..12) {
        let leaving = everybody(&rows);
        let truth = Stratum::new(&grid(&leaving, 1, UNTOUCHED))?.kaplan_meier(Band::LogLog, Level::default())?;
        let rounded = Stratum::new(&grid(&leaving, 1, Rule { k: 12, base }))?.kaplan_meier(Band::LogLog, Level::default())?;
        prop_assert!(!rounded.clamped);
        for (rounded, truth) in rounded.steps.iter().zip(&truth.steps) {
            assert_holds(rounded.survival, truth.survival.value());
        }
        let (rounded, truth) = (rounded.median(), truth.median());
        if let (Some(earliest), Some(latest), Some(time)) = (rounded.earliest, rounded.latest, truth.time) {
            prop_assert!(earliest <= time && time <= latest);
        }
    }
}
