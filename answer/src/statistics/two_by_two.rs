//! Two groups and one property: the 2 x 2 table.

use super::{
    Confidence, Estimate, Figure, Level, StatisticsError, cross_table::CrossTable,
    distribution::normal_quantile, proportion::Proportion,
};

/// A 2 x 2 table: a row is a group, the first column counts those with the property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoByTwo {
    first: [Figure; 2],
    second: [Figure; 2],
}

impl TryFrom<&CrossTable> for TwoByTwo {
    type Error = StatisticsError;

    /// # Errors
    /// [`StatisticsError::Shape`] unless the table has two rows and two columns.
    fn try_from(table: &CrossTable) -> Result<Self, StatisticsError> {
        match table.rows() {
            [first, second] => match (first.as_slice(), second.as_slice()) {
                (&[a, b], &[c, d]) => Ok(Self {
                    first: [a, b],
                    second: [c, d],
                }),
                _ => Err(StatisticsError::Shape {
                    got: 2 * first.len(),
                    want: 4,
                }),
            },
            rows => Err(StatisticsError::Shape {
                got: rows.iter().map(Vec::len).sum(),
                want: 4,
            }),
        }
    }
}

impl TwoByTwo {
    /// The odds ratio `a d / (b c)` with Woolf's logarithmic interval (B. Woolf, Annals of Human Genetics 19, 1955, 251-253).
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when a released cell is 0; no half is added to it.
    pub fn odds_ratio(&self, level: Level) -> Result<Estimate, StatisticsError> {
        let [a, b] = self.first;
        let [c, d] = self.second;
        let cells = [a, b, c, d].map(|cell| cell.value());
        if cells.contains(&0.0) {
            return Err(StatisticsError::Undefined("odds ratio with an empty cell"));
        }
        let figure = a * d / (b * c);
        let error = cells.iter().map(|cell| cell.recip()).sum::<f64>().sqrt();
        let half = normal_quantile(level) * error;
        Ok(Estimate {
            figure,
            confidence: Confidence::around_logarithm(figure.value(), half, level),
        })
    }

    /// The risk ratio of the first row against the second; see [`Proportion::ratio`].
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when a group has no cases.
    pub fn risk_ratio(&self, level: Level) -> Result<Estimate, StatisticsError> {
        let (first, second) = self.risks()?;
        first.ratio(&second, level)
    }

    /// The risk difference of the first row and the second; see [`Proportion::difference`].
    ///
    /// # Errors
    /// None that a valid table reaches; those of [`TwoByTwo::risks`] are passed on.
    pub fn risk_difference(&self, level: Level) -> Result<Estimate, StatisticsError> {
        let (first, second) = self.risks()?;
        Ok(first.difference(&second, level))
    }

    /// The share of each row that has the property.
    ///
    /// # Errors
    /// None that a valid table reaches: an empty row was refused with the table.
    pub fn risks(&self) -> Result<(Proportion, Proportion), StatisticsError> {
        let [a, b] = self.first;
        let [c, d] = self.second;
        Ok((Proportion::from_parts(a, b)?, Proportion::from_parts(c, d)?))
    }
}
