//! Small symmetric systems whose entries are known to an interval.

use super::Figure;

/// A pivot below this, after the diagonal was scaled to 1, is taken for 0. It leaves about five digits to the inverse.
const LEAST_PIVOT: f64 = 1e-11;
/// How often the error bound is tried before it is given up.
const ROUNDS: usize = 100;
/// What a trial bound is inflated by, so that it can pass.
const INFLATION: f64 = 1.001;

type Matrix = Vec<Vec<f64>>;

/// A symmetric matrix, positive definite at its values, and its inverse there.
///
/// Bounds hold for every positive semidefinite matrix within the entries' intervals, such as the one of the true cells.
/// They are proven ones, not first-order: N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed. 2002,
/// theorem 7.4. Floating-point error of the inverse itself is not in them.
#[derive(Clone, Debug)]
pub(super) struct System {
    matrix: Vec<Vec<Figure>>,
    /// The most an entry can differ from its value.
    radius: Matrix,
    inverse: Matrix,
}

/// A right-hand side with the solution for it.
#[derive(Clone, Debug)]
pub(super) struct Solution {
    right: Vec<Figure>,
    values: Vec<f64>,
    /// Bounds on the distance of each component from the true one; infinite where there is none.
    errors: Vec<f64>,
}

impl System {
    /// `None` when the matrix is not positive definite at its values, or too close to singular.
    pub(super) fn new(matrix: Vec<Vec<Figure>>) -> Option<Self> {
        let inverse = invert(&map(&matrix, |entry| entry.value()))?;
        let radius = map(&matrix, |entry| entry.bound());
        Some(Self {
            matrix,
            radius,
            inverse,
        })
    }

    /// Solves `A x = right`. With `M = |A^-1| radius(A)` and `v = |A^-1| (radius(right) + radius(A) |x|)` every true solution is
    /// within `(I - M)^-1 v` of this one, provided the spectral radius of `M` is below 1.
    pub(super) fn solve(&self, right: &[Figure]) -> Solution {
        let middle: Vec<f64> = right.iter().map(|entry| entry.value()).collect();
        let values = times(&self.inverse, &middle);
        let moved = times(&self.radius, &absolute(&values));
        let moved: Vec<f64> = right
            .iter()
            .zip(moved)
            .map(|(entry, moved)| entry.bound() + moved)
            .collect();
        Solution {
            right: right.to_vec(),
            errors: self.neumann(&times(&map(&self.inverse, f64::abs), &moved)),
            values,
        }
    }

    /// An upper bound of `(I - M)^-1 v`: any `e > 0` with `v + M e <= e` is one, and shows that the spectral radius of `M`
    /// is below 1 (Collatz-Wielandt) if `v > 0`.
    fn neumann(&self, start: &[f64]) -> Vec<f64> {
        if start.iter().all(|&bound| bound == 0.0) {
            return start.to_vec();
        }
        let start: Vec<f64> = start
            .iter()
            .map(|bound| bound + f64::MIN_POSITIVE)
            .collect();
        let absolute_inverse = map(&self.inverse, f64::abs);
        let mut bound = start.clone();
        for _ in 0..ROUNDS {
            let trial: Vec<f64> = bound.iter().map(|bound| bound * INFLATION).collect();
            let moved = times(&absolute_inverse, &times(&self.radius, &trial));
            bound = start
                .iter()
                .zip(moved)
                .map(|(start, moved)| start + moved)
                .collect();
            if bound
                .iter()
                .zip(&trial)
                .all(|(bound, trial)| bound <= trial)
            {
                return bound;
            }
        }
        vec![f64::INFINITY; start.len()]
    }

    /// The form `right' A^-1 right`, not negative.
    ///
    /// It is the maximum over `u` of `2 u' right - u' A u`, taken at the solution `x`. So the expression at the released
    /// solution bounds it from below whatever the true cells, and falls short by `(x - u)' A (x - u)` at most.
    pub(super) fn form(&self, right: &[Figure]) -> Figure {
        let solution = self.solve(right);
        let linear: Figure = right
            .iter()
            .zip(&solution.values)
            .map(|(&entry, x)| entry * (2.0 * x))
            .sum();
        let quadratic = self.weighted(&solution.values, &solution.values, |entry| entry);
        let at_released = linear - quadratic;
        let largest = map(&self.matrix, |entry| {
            entry.low().abs().max(entry.high().abs())
        });
        let shortfall = dot(&solution.errors, &times(&largest, &solution.errors));
        let value = at_released.value();
        Figure::spread(
            value,
            value - at_released.low(),
            at_released.high() - value + shortfall,
        )
        .clamp(0.0, f64::INFINITY)
    }

    /// `coefficients' x` for a solution. Exactly, the true one differs from the released one by
    /// `p' (change of right - change of A * true x)`, `p = A^-1 coefficients`.
    pub(super) fn functional(&self, coefficients: &[f64], solution: &Solution) -> Figure {
        let value = dot(coefficients, &solution.values);
        let dual = times(&self.inverse, coefficients);
        let right: Figure = solution
            .right
            .iter()
            .zip(&dual)
            .map(|(&entry, p)| deviation(entry) * *p)
            .sum();
        let change = right - self.weighted(&dual, &solution.values, deviation);
        let beyond = dot(&absolute(&dual), &times(&self.radius, &solution.errors));
        Figure::spread(value, beyond - change.low(), beyond + change.high())
    }

    /// `left' f(A) right`, with the two entries that are one cell taken together.
    fn weighted(&self, left: &[f64], right: &[f64], of: impl Fn(Figure) -> Figure) -> Figure {
        let rows = self.matrix.iter().zip(left.iter().zip(right));
        rows.flat_map(|(row, (&left_i, &right_i))| {
            let columns = row.iter().zip(left.iter().zip(right));
            columns.map(move |(&entry, (&left_j, &right_j))| {
                (entry, (left_i * right_j + left_j * right_i) / 2.0)
            })
        })
        .map(|(entry, weight)| of(entry) * weight)
        .sum()
    }
}

/// The interval of what a cell may differ from its released value by.
fn deviation(entry: Figure) -> Figure {
    if entry.is_exact() {
        Figure::exact(0.0)
    } else {
        entry - entry.value()
    }
}

/// The inverse of a positive definite matrix by Gauss-Jordan elimination, which needs no pivoting there, after scaling
/// the diagonal to 1.
fn invert(matrix: &Matrix) -> Option<Matrix> {
    let scale = diagonal_scale(matrix)?;
    let mut rows: Matrix = matrix
        .iter()
        .zip(&scale)
        .enumerate()
        .map(|(index, (row, row_scale))| {
            let scaled = row
                .iter()
                .zip(&scale)
                .map(|(entry, scale)| entry * scale * row_scale);
            let unit = (0..scale.len()).map(|column| f64::from(u8::from(column == index)));
            scaled.chain(unit).collect()
        })
        .collect();
    for pivot in 0..rows.len() {
        eliminate(&mut rows, pivot)?;
    }
    Some(
        rows.iter()
            .zip(&scale)
            .map(|(row, row_scale)| {
                row.iter()
                    .skip(scale.len())
                    .zip(&scale)
                    .map(|(entry, scale)| entry * scale * row_scale)
                    .collect()
            })
            .collect(),
    )
}

/// The factors that make every diagonal entry 1.
fn diagonal_scale(matrix: &Matrix) -> Option<Vec<f64>> {
    matrix
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let entry = row.get(index).copied().filter(|&entry| entry > 0.0)?;
            Some(entry.sqrt().recip())
        })
        .collect()
}

/// Clears column `pivot` of every row but one.
fn eliminate(rows: &mut Matrix, pivot: usize) -> Option<()> {
    let row = rows.get(pivot)?;
    let by = row.get(pivot).copied().filter(|&by| by > LEAST_PIVOT)?;
    let row: Vec<f64> = row.iter().map(|entry| entry / by).collect();
    for (index, other) in rows.iter_mut().enumerate() {
        let factor = if index == pivot {
            0.0
        } else {
            *other.get(pivot)?
        };
        let minuend = if index == pivot {
            row.clone()
        } else {
            other.clone()
        };
        *other = minuend
            .iter()
            .zip(&row)
            .map(|(entry, pivot)| entry - factor * pivot)
            .collect();
    }
    Some(())
}

fn map<T: Copy>(matrix: &[Vec<T>], of: impl Fn(T) -> f64) -> Matrix {
    matrix
        .iter()
        .map(|row| row.iter().map(|&entry| of(entry)).collect())
        .collect()
}

fn times(matrix: &Matrix, vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

fn absolute(vector: &[f64]) -> Vec<f64> {
    vector.iter().map(|entry| entry.abs()).collect()
}
