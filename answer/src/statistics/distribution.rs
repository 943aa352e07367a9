//! Quantiles and tails of the normal, t and chi-square distributions, by `statrs`.
//!
//! `statrs` panics on arguments outside a distribution's domain; these wrappers refuse them instead.
//! Results are good to 1e-10 relative, which is what its error function gives.

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};

use super::{Figure, Level, StatisticsError};

/// `z` with `P(|Z| <= z) = level`.
pub(super) fn normal_quantile(level: Level) -> f64 {
    -Normal::standard().inverse_cdf(level.tail())
}

/// `t` with `P(|T| <= t) = level` at `freedom` degrees of freedom, by bisection of [`t_two_sided`].
///
/// Not `StudentsT::inverse_cdf`: statrs 0.19 gets five digits at 10^6 degrees of freedom and does not return at 6.7 * 10^7.
pub(super) fn t_quantile(level: Level, freedom: f64) -> Result<f64, StatisticsError> {
    let outside = 1.0 - level.fraction();
    let (mut low, mut high) = (0.0, 1.0);
    while t_two_sided(high, freedom)? > outside {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        if t_two_sided(middle, freedom)? > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// `P(|T| >= |t|)` at `freedom` degrees of freedom.
///
/// Beyond [`LARGE_FREEDOM`] by Hill's normal deviate (G. W. Hill, Algorithm 395, CACM 13, 1970), which is far closer there
/// than the normal distribution function is computed; `statrs`' incomplete beta function loses digits in proportion to `freedom`.
pub(super) fn t_two_sided(t: f64, freedom: f64) -> Result<f64, StatisticsError> {
    if t.is_nan() {
        return Err(StatisticsError::Undefined("t is not a number"));
    }
    let distribution = students_t(freedom)?;
    let below = if freedom > LARGE_FREEDOM {
        Normal::standard().cdf(-hill_deviate(t.abs(), freedom))
    } else {
        distribution.cdf(-t.abs())
    };
    Ok((2.0 * below).min(1.0))
}

/// Degrees of freedom from which the t distribution is computed from the normal one.
const LARGE_FREEDOM: f64 = 1e4;

/// The normal deviate with the tail of `t >= 0`.
fn hill_deviate(t: f64, freedom: f64) -> f64 {
    let a = freedom - 0.5;
    let b = 48.0 * a * a;
    let z2 = a * (t * t / freedom).ln_1p();
    let z = z2.sqrt();
    let second =
        (((4.0 * z2 + 33.0) * z2 + 240.0) * z2 + 855.0) / (10.0 * b * (b + 0.8 * z2 * z2 + 100.0));
    z * (1.0 + (z2 + 3.0) / b - second)
}

/// `x` with `P(X <= x) = probability`, for 0 < `probability` < 1 and at most [`MOST_FREEDOM`] degrees of freedom.
pub(super) fn chi_square_quantile(probability: f64, freedom: f64) -> Result<f64, StatisticsError> {
    if !(probability > 0.0 && probability < 1.0) {
        return Err(StatisticsError::Parameter {
            name: "probability",
            value: probability,
        });
    }
    if freedom > MOST_FREEDOM {
        return Err(out_of_range(freedom));
    }
    Ok(chi_squared(freedom)?.inverse_cdf(probability))
}

/// Beyond this, far above twice the number of records of any snapshot, `statrs` takes seconds and then forever.
const MOST_FREEDOM: f64 = 1e9;

/// `P(X >= x)` over the statistic's interval: the p-value of a chi-square test.
pub(super) fn chi_square_tail(
    statistic: Figure,
    freedom: usize,
) -> Result<Figure, StatisticsError> {
    let distribution = chi_squared(freedom as f64)?;
    Ok(statistic.decreasing(|x| distribution.sf(x)).clamp(0.0, 1.0))
}

fn students_t(freedom: f64) -> Result<StudentsT, StatisticsError> {
    StudentsT::new(0.0, 1.0, freedom).map_err(|_| out_of_range(freedom))
}

fn chi_squared(freedom: f64) -> Result<ChiSquared, StatisticsError> {
    ChiSquared::new(freedom).map_err(|_| out_of_range(freedom))
}

fn out_of_range(freedom: f64) -> StatisticsError {
    StatisticsError::Parameter {
        name: "degrees of freedom",
        value: freedom,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64) {
        assert!((got / want - 1.0).abs() < 1e-10, "got {got}, want {want}");
    }

    // Reference values: scipy 1.17.1.
    const T_975: [(f64, f64); 6] = [
        (1.0, 12.706204736174694),
        (3.0, 3.1824463052837078),
        (10.0, 2.228138851986274),
        (227.0, 1.9704695126514764),
        (1e6, 1.959966356814107),
        (6.7e7, 1.959964019947088),
    ];
    const T_TAILS: [(f64, f64, f64); 6] = [
        (0.5, 1.0, 0.7048327646991335),
        (2.0, 10.0, 0.07338803477074037),
        (7.742607894608158, 207.0, 4.2523335220767585e-13),
        (3.0, 1e6, 0.0026998625414218),
        (1.5, 6.7e7, 0.13361440724964355),
        (-40.0, 500.0, 6.290642918258103e-158),
    ];
    const CHI_SQUARE_TAILS: [(f64, usize, f64); 5] = [
        (0.008227343202350296, 1, 0.9277272333400758),
        (10.326741954885648, 1, 0.0013111645203554782),
        (2.0769080573008525, 3, 0.5565985284664272),
        (300.0, 1, 3.2943623833139784e-67),
        (30.0, 255, 1.0),
    ];
    const CHI_SQUARE_QUANTILES: [(f64, f64, f64); 4] = [
        (0.025, 224.0, 184.4409070651168),
        (0.975, 226.0, 269.5302065842708),
        (0.975, 2.0, 7.377758908227871),
        (0.025, 2e6, 1996081.9666805877),
    ];

    #[test]
    fn agrees_with_scipy() -> Result<(), StatisticsError> {
        let level = Level::default();
        close(normal_quantile(level), 1.959963984540054);
        for (freedom, want) in T_975 {
            close(t_quantile(level, freedom)?, want);
        }
        for (t, freedom, want) in T_TAILS {
            close(t_two_sided(t, freedom)?, want);
        }
        for (x, freedom, want) in CHI_SQUARE_TAILS {
            close(chi_square_tail(x.into(), freedom)?.value(), want);
        }
        for (probability, freedom, want) in CHI_SQUARE_QUANTILES {
            close(chi_square_quantile(probability, freedom)?, want);
        }
        Ok(())
    }

    #[test]
    fn refuses_what_has_no_distribution() {
        for freedom in [0.0, -1.0, f64::NAN] {
            assert!(t_quantile(Level::default(), freedom).is_err());
            assert!(chi_square_quantile(0.5, freedom).is_err());
        }
        assert!(chi_square_quantile(1.0, 3.0).is_err());
        assert!(chi_square_quantile(0.5, 1e300).is_err());
        assert!(chi_square_tail(1.0.into(), 0).is_err());
        assert!(t_two_sided(f64::NAN, 3.0).is_err());
    }
}
