//! Linear regression from gram cells.

use super::{
    Confidence, Estimate, Figure, Level, Scale, StatisticsError,
    distribution::{t_quantile, t_two_sided},
    gram::Gram,
    linear::{Solution, System},
    pair::squares,
};

/// An ordinary least squares fit with intercept (G. A. F. Seber & A. J. Lee, *Linear Regression Analysis*, 2nd ed. 2003, chapter 3).
///
/// Rounding intervals are not first-order: coefficients come with a proven perturbation bound of the normal equations
/// (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed. 2002, theorem 7.4), the residual sum of squares from its being a
/// minimum, ratios by interval arithmetic. Where rounding might make the columns collinear an interval is infinite.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    /// The intercept, in units of `y`.
    pub intercept: Coefficient,
    /// The slopes in the order asked for, in units of `y` by units of `x`.
    pub slopes: Vec<Coefficient>,
    /// `n - 1 - number of slopes`.
    pub freedom: Figure,
    /// The residual sum of squares by the degrees of freedom, in squared units of `y`.
    pub residual_variance: Figure,
    /// The share of `y`'s sum of squares about its mean that is explained, 0 to 1.
    pub r_squared: Figure,
    /// Whether rounding had made the residual sum of squares negative, so that 0 stands in its place.
    pub clamped: bool,
}

/// One coefficient of a regression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// The coefficient with Student's interval.
    pub estimate: Estimate,
    /// Its standard error.
    pub standard_error: Figure,
    /// The test of its being 0; `None` where the fit leaves no residual.
    pub test: Option<CoefficientTest>,
}

/// Student's test of a coefficient's being 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoefficientTest {
    /// The coefficient by its standard error.
    pub t: Figure,
    /// The two-sided p-value.
    pub p: Figure,
}

/// The normal equations `X'X b = X'y`, in code units.
struct Fit {
    system: System,
    solution: Solution,
    scale_y: Scale,
    scales: Vec<Scale>,
    freedom: Figure,
    residual_variance: Figure,
    level: Level,
}

impl Gram {
    /// Least squares of column `y` on columns `xs` and an intercept.
    ///
    /// # Errors
    /// - [`StatisticsError::Shape`] when a column is not there, or `xs` is empty;
    /// - [`StatisticsError::TooFew`] when there are no more records than coefficients;
    /// - [`StatisticsError::Undefined`] when the released cells have a column that is constant or a combination of others, or `y` is among `xs`.
    pub fn regress(
        &self,
        y: usize,
        xs: &[usize],
        level: Level,
    ) -> Result<Regression, StatisticsError> {
        Regression::new(self, y, xs, level)
    }
}

impl Regression {
    pub(super) fn new(
        gram: &Gram,
        y: usize,
        xs: &[usize],
        level: Level,
    ) -> Result<Self, StatisticsError> {
        if xs.is_empty() {
            return Err(StatisticsError::Shape { got: 0, want: 1 });
        }
        if xs.contains(&y) {
            return Err(StatisticsError::Undefined("a column regressed on itself"));
        }
        let scale_y = gram.scale(y)?;
        let scales = xs
            .iter()
            .map(|&x| gram.scale(x))
            .collect::<Result<Vec<_>, _>>()?;
        let freedom = freedom(gram.count()?, xs.len() + 1)?;
        let (system, right) = normal_equations(gram, y, xs)?;
        let about_0 = gram.cell(y + 1, y + 1)?;
        let about_mean = squares(about_0, gram.cell(0, y + 1)?, gram.count()?)?;
        let residual = about_0 - system.form(&right);
        let clamped = residual.value() < 0.0;
        let residual = residual.clamp(0.0, about_mean.high());
        let unexplained = (residual / about_mean).clamp(0.0, 1.0);
        let fit = Fit {
            solution: system.solve(&right),
            system,
            scale_y,
            scales,
            freedom,
            residual_variance: residual / freedom * (scale_y.step() * scale_y.step()),
            level,
        };
        Ok(Self {
            intercept: fit.intercept()?,
            slopes: (0..xs.len())
                .map(|index| fit.slope(index))
                .collect::<Result<_, _>>()?,
            freedom,
            residual_variance: fit.residual_variance,
            r_squared: Figure::exact(1.0) - unexplained,
            clamped,
        })
    }
}

/// Records less coefficients.
fn freedom(count: Figure, coefficients: usize) -> Result<Figure, StatisticsError> {
    let used = coefficients as f64;
    if count.value() > used {
        Ok((count - used).clamp(0.0, f64::INFINITY))
    } else {
        Err(StatisticsError::TooFew {
            got: count.value(),
            more_than: used,
        })
    }
}

fn normal_equations(
    gram: &Gram,
    y: usize,
    xs: &[usize],
) -> Result<(System, Vec<Figure>), StatisticsError> {
    let places: Vec<usize> = std::iter::once(0).chain(xs.iter().map(|x| x + 1)).collect();
    let row = |&row: &usize| {
        places
            .iter()
            .map(|&column| gram.cell(row, column))
            .collect()
    };
    let matrix = places.iter().map(row).collect::<Result<Vec<Vec<_>>, _>>()?;
    let right = places
        .iter()
        .map(|&row| gram.cell(row, y + 1))
        .collect::<Result<_, _>>()?;
    let system = System::new(matrix).ok_or(StatisticsError::Undefined(
        "columns are constant or collinear",
    ))?;
    Ok((system, right))
}

impl Fit {
    /// The slope of one column: its coefficient by the ratio of the steps.
    fn slope(&self, index: usize) -> Result<Coefficient, StatisticsError> {
        let contrast = self.scales.iter().enumerate().map(|(column, scale)| {
            if column == index {
                scale.step().recip()
            } else {
                0.0
            }
        });
        self.coefficient(
            &std::iter::once(0.0).chain(contrast).collect::<Vec<_>>(),
            0.0,
        )
    }

    /// The value of `y` where every `x` is 0, which in code units is `-min / step`.
    fn intercept(&self) -> Result<Coefficient, StatisticsError> {
        let contrast = self.scales.iter().map(|scale| -scale.min() / scale.step());
        self.coefficient(
            &std::iter::once(1.0).chain(contrast).collect::<Vec<_>>(),
            self.scale_y.min(),
        )
    }

    /// `offset + step of y * contrast' b`, with variance `residual variance * contrast' (X'X)^-1 contrast`.
    fn coefficient(&self, contrast: &[f64], offset: f64) -> Result<Coefficient, StatisticsError> {
        let figure =
            self.system.functional(contrast, &self.solution) * self.scale_y.step() + offset;
        let exact: Vec<Figure> = contrast.iter().map(|&entry| Figure::exact(entry)).collect();
        let standard_error = (self.system.form(&exact) * self.residual_variance).sqrt();
        let half = t_quantile(self.level, self.freedom.value())? * standard_error.value();
        Ok(Coefficient {
            estimate: Estimate {
                figure,
                confidence: Confidence::around(figure.value(), half, self.level),
            },
            standard_error,
            test: (standard_error.value() > 0.0)
                .then(|| self.test(figure / standard_error))
                .transpose()?,
        })
    }

    /// The p-value falls with the distance of t from 0 and with the degrees of freedom.
    fn test(&self, t: Figure) -> Result<CoefficientTest, StatisticsError> {
        let far = t.low().abs().max(t.high().abs());
        let near = if t.contains(0.0) {
            0.0
        } else {
            t.low().abs().min(t.high().abs())
        };
        let value = t_two_sided(t.value(), self.freedom.value())?;
        let low = t_two_sided(far, self.freedom.high())?;
        let high = if self.freedom.low() > 0.0 {
            t_two_sided(near, self.freedom.low())?
        } else {
            1.0
        };
        let p = if t.is_exact() && self.freedom.is_exact() {
            Figure::exact(value)
        } else {
            Figure::enclosing(value, low, high).clamp(0.0, 1.0)
        };
        Ok(CoefficientTest { t, p })
    }
}
