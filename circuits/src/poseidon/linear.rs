//! Small dense matrices over the field.

use ark_bn254::Fr;
use ark_ff::{Field, One, Zero};

/// A square matrix, row by row.
pub(super) type Matrix = Vec<Vec<Fr>>;

/// The inner product of two vectors of one length.
pub(super) fn dot(a: &[Fr], b: &[Fr]) -> Fr {
    a.iter().zip(b).map(|(a, b)| *a * b).sum()
}

/// Matrix times vector.
pub(super) fn apply(matrix: &Matrix, vector: &[Fr]) -> Vec<Fr> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

/// Matrix times matrix.
pub(super) fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let column = |k: usize| b.iter().map(|row| row[k]).collect::<Vec<_>>();
    let columns: Vec<_> = (0..b.len()).map(column).collect();
    a.iter()
        .map(|row| columns.iter().map(|column| dot(row, column)).collect())
        .collect()
}

/// The unit matrix.
pub(super) fn identity(size: usize) -> Matrix {
    let row = |i| {
        (0..size)
            .map(|j| if i == j { Fr::one() } else { Fr::zero() })
            .collect()
    };
    (0..size).map(row).collect()
}

/// The inverse, by elimination; nothing when the matrix is singular.
pub(super) fn invert(matrix: &Matrix) -> Option<Matrix> {
    let (mut left, mut right) = (matrix.clone(), identity(matrix.len()));
    for k in 0..left.len() {
        let pivot = (k..left.len()).find(|&i| !left[i][k].is_zero())?;
        left.swap(k, pivot);
        right.swap(k, pivot);
        let scale = left[k][k].inverse()?;
        for value in left[k].iter_mut().chain(right[k].iter_mut()) {
            *value *= scale;
        }
        for i in (0..left.len()).filter(|&i| i != k) {
            let factor = left[i][k];
            eliminate(&mut left, i, k, factor);
            eliminate(&mut right, i, k, factor);
        }
    }
    Some(right)
}

/// Takes `factor` times row `k` from row `i`.
fn eliminate(matrix: &mut Matrix, i: usize, k: usize, factor: Fr) {
    let row = matrix[k].clone();
    for (value, taken) in matrix[i].iter_mut().zip(row) {
        *value -= factor * taken;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_times_matrix_is_identity() {
        let of = |values: [[u64; 3]; 3]| values.map(|row| row.map(Fr::from).to_vec()).to_vec();
        let matrix = of([[0, 2, 1], [3, 0, 5], [1, 1, 7]]);
        let inverse = invert(&matrix).expect("not singular");
        assert_eq!(multiply(&matrix, &inverse), identity(3));
        assert_eq!(invert(&of([[1, 2, 3], [2, 4, 6], [1, 1, 1]])), None);
    }
}
