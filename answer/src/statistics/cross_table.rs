//! Tables of counts by two categorical columns.

use super::{Figure, StatisticsError, distribution::chi_square_tail, proportion::not_negative};

/// A table of released counts, every one of them known.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossTable {
    rows: Vec<Vec<Figure>>,
    row_sums: Vec<Figure>,
    column_sums: Vec<Figure>,
    total: Figure,
}

/// Pearson's chi-square test of independence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// The statistic, not negative.
    pub statistic: Figure,
    /// Degrees of freedom, `(rows - 1) * (columns - 1)`.
    pub freedom: usize,
    /// The p-value; its interval follows the statistic's.
    pub p: Figure,
    /// Cramer's V, `sqrt(statistic / (n * (min(rows, columns) - 1)))`, 0 to 1.
    pub cramers_v: Figure,
    /// The least count expected in a cell under independence.
    pub least_expected: f64,
    /// Whether the chi-square approximation is doubtful: an expected count below 1, or more than a fifth of them below 5
    /// (W. G. Cochran, Biometrics 10, 1954, 417-451).
    pub sparse: bool,
}

impl CrossTable {
    /// A table of `columns` columns from its cells, row by row; `None` is a suppressed cell.
    ///
    /// # Errors
    /// - [`StatisticsError::Shape`] unless there are at least 2 rows and 2 columns, all of them full;
    /// - [`StatisticsError::Suppressed`], naming the cells, when one is suppressed;
    /// - [`StatisticsError::Undefined`] when a row or column is empty by the released counts;
    /// - [`StatisticsError::Figure`] when a count is negative.
    pub fn new(columns: usize, cells: &[Option<Figure>]) -> Result<Self, StatisticsError> {
        check_shape(columns, cells.len())?;
        let known = released(columns, cells)?;
        let rows: Vec<Vec<Figure>> = known.chunks(columns).map(<[_]>::to_vec).collect();
        let row_sums: Vec<Figure> = rows.iter().map(|row| sum(row)).collect();
        let column_sums = (0..columns)
            .map(|column| known.iter().skip(column).step_by(columns).copied().sum())
            .collect::<Vec<Figure>>();
        if row_sums
            .iter()
            .chain(&column_sums)
            .any(|sum| sum.value() <= 0.0)
        {
            return Err(StatisticsError::Undefined("a row or column is empty"));
        }
        let total = sum(&known);
        Ok(Self {
            rows,
            row_sums,
            column_sums,
            total,
        })
    }

    /// The cells, row by row.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Figure>] {
        &self.rows
    }

    /// Pearson's chi-square test of independence, without continuity correction, and Cramer's V.
    ///
    /// `statistic = sum (observed - expected)^2 / expected`, `expected = row sum * column sum / n`
    /// (A. Agresti, *Categorical Data Analysis*, 3rd ed. 2013, section 3.2). The rounding interval is the
    /// mean-value form over the cells (Moore, Kearfott & Cloud 2009, section 6.4) cut to what plain interval arithmetic
    /// gives and to the statistic's range, 0 to `n * (min(rows, columns) - 1)`.
    ///
    /// # Errors
    /// None on a valid table; those of the chi-square distribution are passed on.
    pub fn chi_square(&self) -> Result<ChiSquare, StatisticsError> {
        let smaller = self.row_sums.len().min(self.column_sums.len());
        let largest = self.total * (smaller as f64 - 1.0);
        let statistic = self
            .mean_value_form()
            .narrowed_by(self.pearson())
            .clamp(0.0, largest.high());
        let freedom = (self.row_sums.len() - 1) * (self.column_sums.len() - 1);
        let expected: Vec<f64> = self.expected().map(|(_, count)| count.value()).collect();
        let low = expected.iter().filter(|&&count| count < 5.0).count();
        let least_expected = expected.iter().copied().fold(f64::INFINITY, f64::min);
        Ok(ChiSquare {
            statistic,
            freedom,
            p: chi_square_tail(statistic, freedom)?,
            cramers_v: (statistic / largest).sqrt().clamp(0.0, 1.0),
            least_expected,
            sparse: least_expected < 1.0 || low * 5 > expected.len(),
        })
    }

    /// Every cell with the product of its margins, which is `n` times the count expected in it.
    fn terms(&self) -> impl Iterator<Item = (Figure, Figure)> {
        let rows = self.rows.iter().zip(&self.row_sums);
        rows.flat_map(|(row, &row_sum)| {
            let cells = row.iter().zip(&self.column_sums);
            cells.map(move |(&cell, &column_sum)| (cell, row_sum * column_sum))
        })
    }

    /// Every cell with the count expected in it.
    fn expected(&self) -> impl Iterator<Item = (Figure, Figure)> {
        self.terms()
            .map(|(cell, margins)| (cell, margins / self.total))
    }

    /// The statistic by plain interval arithmetic: correct, and wide, since each cell stands in many places.
    fn pearson(&self) -> Figure {
        self.expected()
            .map(|(cell, expected)| (cell - expected).square() / expected)
            .sum()
    }

    /// The statistic at the released cells, and around it the gradient over the whole box times the cells' intervals.
    fn mean_value_form(&self) -> Figure {
        let value = self.pearson().value();
        let change: Figure = self
            .rows
            .iter()
            .flatten()
            .zip(self.gradient())
            .map(|(&cell, slope)| slope * (cell - cell.value()))
            .sum();
        Figure::spread(value, -change.low(), change.high())
    }

    /// The statistic's partial derivatives, row by row. With `t = sum o^2 / (r c)` the statistic is `n (t - 1)`, and
    /// its derivative by a cell of row `r` and column `c` is
    /// `t - 1 + n (2 o / (r c) - (1 / r) sum_row o^2 / (r c) - (1 / c) sum_column o^2 / (r c))`.
    fn gradient(&self) -> Vec<Figure> {
        let columns = self.column_sums.len();
        let shares: Vec<Figure> = self
            .terms()
            .map(|(cell, margins)| cell.square() / margins)
            .collect();
        let excess = sum(&shares) - 1.0;
        let by_row = shares.chunks(columns).zip(&self.row_sums);
        let by_row: Vec<Figure> = by_row.map(|(row, &row_sum)| sum(row) / row_sum).collect();
        let by_column = self
            .column_sums
            .iter()
            .enumerate()
            .map(|(column, &column_sum)| {
                shares
                    .iter()
                    .skip(column)
                    .step_by(columns)
                    .copied()
                    .sum::<Figure>()
                    / column_sum
            });
        let by_column: Vec<Figure> = by_column.collect();
        let losses = by_row
            .iter()
            .flat_map(|&row| by_column.iter().map(move |&column| row + column));
        self.terms()
            .zip(losses)
            .map(|((cell, margins), losses)| excess + self.total * (cell * 2.0 / margins - losses))
            .collect()
    }
}

fn check_shape(columns: usize, cells: usize) -> Result<(), StatisticsError> {
    let want = columns.max(2).saturating_mul(2);
    if columns < 2 || cells < want || !cells.is_multiple_of(columns) {
        return Err(StatisticsError::Shape { got: cells, want });
    }
    Ok(())
}

/// The cells, when all of them were released.
fn released(columns: usize, cells: &[Option<Figure>]) -> Result<Vec<Figure>, StatisticsError> {
    let suppressed: Vec<(usize, usize)> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.is_none())
        .map(|(index, _)| (index / columns, index % columns))
        .collect();
    if !suppressed.is_empty() {
        return Err(StatisticsError::Suppressed(suppressed));
    }
    cells.iter().flatten().copied().map(not_negative).collect()
}

fn sum(figures: &[Figure]) -> Figure {
    figures.iter().copied().sum()
}
