//! How two numeric columns go together: SQL's `COVAR_SAMP`, `CORR` and `REGR_*`.

use super::{Figure, Scale, StatisticsError};

/// The gram cells of two columns, over records that have both; sums in code units.
///
/// Rounding intervals here are interval arithmetic on the formulae as written. The variances stand in several places of
/// slope and correlation, so those intervals are safe and on the wide side; a [`Regression`](super::least_squares::Regression) bounds the same slope closer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Records that have both.
    pub count: Figure,
    /// `SUM(x)`.
    pub sum_x: Figure,
    /// `SUM(y)`.
    pub sum_y: Figure,
    /// `SUM(x^2)`.
    pub sum_xx: Figure,
    /// `SUM(x y)`.
    pub sum_xy: Figure,
    /// `SUM(y^2)`.
    pub sum_yy: Figure,
    /// What `x` stands for.
    pub scale_x: Scale,
    /// What `y` stands for.
    pub scale_y: Scale,
}

impl Pair {
    /// `COVAR_SAMP`, `(sum x y - sum x * sum y / n) / (n - 1)`, in units of `x` times units of `y`.
    ///
    /// # Errors
    /// [`StatisticsError::TooFew`] when the released count is below 2.
    pub fn covariance(&self) -> Result<Figure, StatisticsError> {
        self.require_two()?;
        let freedom = (self.count - 1.0).clamp(0.0, f64::INFINITY);
        Ok(self.product_xy() / freedom * (self.scale_x.step() * self.scale_y.step()))
    }

    /// `CORR`, Pearson's correlation, -1 to 1.
    ///
    /// # Errors
    /// [`StatisticsError::TooFew`] as above; [`StatisticsError::Undefined`] when `x` or `y` is constant by the released cells.
    pub fn correlation(&self) -> Result<Figure, StatisticsError> {
        self.require_two()?;
        let spread = (self.squares_x()? * self.squares_y()?).sqrt();
        Ok((self.product_xy() / spread).clamp(-1.0, 1.0))
    }

    /// `REGR_SLOPE(y, x)`, in units of `y` by units of `x`.
    ///
    /// # Errors
    /// [`StatisticsError::TooFew`] as above; [`StatisticsError::Undefined`] when `x` is constant by the released cells.
    pub fn slope(&self) -> Result<Figure, StatisticsError> {
        self.require_two()?;
        let slope = self.product_xy() / self.squares_x()?;
        Ok(slope * (self.scale_y.step() / self.scale_x.step()))
    }

    /// `REGR_INTERCEPT(y, x)`, mean of `y` less slope times mean of `x`, in units of `y`.
    ///
    /// # Errors
    /// As for [`Pair::slope`].
    pub fn intercept(&self) -> Result<Figure, StatisticsError> {
        let mean_x = self.scale_x.place(self.sum_x / self.count);
        let mean_y = self.scale_y.place(self.sum_y / self.count);
        Ok(mean_y - self.slope()? * mean_x)
    }

    /// `REGR_R2(y, x)`, the squared correlation, 0 to 1.
    ///
    /// # Errors
    /// As for [`Pair::correlation`].
    pub fn r_squared(&self) -> Result<Figure, StatisticsError> {
        Ok(self.correlation()?.square())
    }

    fn require_two(&self) -> Result<(), StatisticsError> {
        let got = self.count.value();
        if got > 1.0 {
            Ok(())
        } else {
            Err(StatisticsError::TooFew {
                got,
                more_than: 1.0,
            })
        }
    }

    /// The sum of products about the means.
    fn product_xy(&self) -> Figure {
        self.sum_xy - self.sum_x * self.sum_y / self.count
    }

    fn squares_x(&self) -> Result<Figure, StatisticsError> {
        squares(self.sum_xx, self.sum_x, self.count)
    }

    fn squares_y(&self) -> Result<Figure, StatisticsError> {
        squares(self.sum_yy, self.sum_y, self.count)
    }
}

/// The sum of squares about the mean, refused where the released cells leave none.
pub(super) fn squares(
    sum_of_squares: Figure,
    sum: Figure,
    count: Figure,
) -> Result<Figure, StatisticsError> {
    let squares = sum_of_squares - sum.square() / count;
    if squares.value() > 0.0 {
        Ok(squares.clamp(0.0, f64::INFINITY))
    } else {
        Err(StatisticsError::Undefined("a column is constant"))
    }
}
