//! Sums of products of numeric columns over one group.

use super::{Figure, Scale, StatisticsError, pair::Pair};

/// The released cells of one group of a gram table over `(1, x_1, .., x_d)`, in code units.
///
/// Columns are numbered from 0, so column 0 is `x_1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gram {
    scales: Vec<Scale>,
    /// Row by row, `d + 1` rows of `d + 1`.
    rows: Vec<Vec<Figure>>,
}

impl Gram {
    /// A gram from the scales of its `d` columns and its `(d + 1)^2` cells row by row, those of the 1 first: `n`, then sums.
    ///
    /// A product stands in two cells; of each two the one above the diagonal is read, the rule having made them equal.
    ///
    /// # Errors
    /// [`StatisticsError::Shape`] unless `d >= 1` and the cells are as many as that.
    pub fn new(scales: &[Scale], cells: &[Figure]) -> Result<Self, StatisticsError> {
        let size = scales.len() + 1;
        let want = size.saturating_mul(size);
        if scales.is_empty() || cells.len() != want {
            return Err(StatisticsError::Shape {
                got: cells.len(),
                want: want.max(4),
            });
        }
        Ok(Self {
            scales: scales.to_vec(),
            rows: cells.chunks(size).map(<[_]>::to_vec).collect(),
        })
    }

    /// Complete records in the group.
    ///
    /// # Errors
    /// None on a valid gram.
    pub fn count(&self) -> Result<Figure, StatisticsError> {
        self.cell(0, 0)
    }

    /// Covariance, correlation and slope of two columns.
    ///
    /// # Errors
    /// [`StatisticsError::Shape`] when a column is not there.
    pub fn pair(&self, x: usize, y: usize) -> Result<Pair, StatisticsError> {
        let (row_x, row_y) = (x.saturating_add(1), y.saturating_add(1));
        Ok(Pair {
            count: self.count()?,
            sum_x: self.cell(0, row_x)?,
            sum_y: self.cell(0, row_y)?,
            sum_xx: self.cell(row_x, row_x)?,
            sum_xy: self.cell(row_x, row_y)?,
            sum_yy: self.cell(row_y, row_y)?,
            scale_x: self.scale(x)?,
            scale_y: self.scale(y)?,
        })
    }

    /// The scale of a column.
    pub(super) fn scale(&self, column: usize) -> Result<Scale, StatisticsError> {
        self.scales
            .get(column)
            .copied()
            .ok_or(self.no_such_column(column))
    }

    /// The sum of products of two of `(1, x_1, .., x_d)`.
    pub(super) fn cell(&self, row: usize, column: usize) -> Result<Figure, StatisticsError> {
        self.rows
            .get(row.min(column))
            .and_then(|cells| cells.get(row.max(column)))
            .copied()
            .ok_or(self.no_such_column(row.max(column).saturating_sub(1)))
    }

    fn no_such_column(&self, column: usize) -> StatisticsError {
        StatisticsError::Shape {
            got: self.scales.len(),
            want: column.saturating_add(1),
        }
    }
}
