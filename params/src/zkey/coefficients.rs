//! Section 4: the entries of the matrices A and B, with the rows that keep the public inputs apart.

use super::{
    container::{Container, Rest},
    error::{Section, ZkeyError},
};
use crate::point::montgomery;
use ark_bn254::Fr;
use ark_ff::{BigInt, One};
use nectar_circuits::r1cs::R1cs;
use nectar_verifier::field::PointError;
use rayon::prelude::*;

/// Matrix, row, variable, factor.
const BYTES: usize = 3 * 4 + 32;

/// An entry of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coefficient {
    /// 0 for A, 1 for B.
    matrix: u32,
    row: usize,
    variable: usize,
    factor: Fr,
}

impl Coefficient {
    fn place(&self) -> (u32, usize, usize) {
        (self.matrix, self.row, self.variable)
    }

    fn read(bytes: &[u8]) -> Result<Self, PointError> {
        let mut rest = Rest::new(bytes);
        let words = [(); 3].map(|()| rest.u32());
        let ([Some(matrix), Some(row), Some(variable)], Some(factor)) = (words, rest.array())
        else {
            let (got, want) = (bytes.len(), BYTES);
            return Err(PointError::Length { got, want });
        };
        // The file has the factor times R^2, which is the Montgomery form of the Montgomery form.
        let factor: Fr = montgomery(&factor)?;
        Ok(Coefficient {
            matrix,
            row: row as usize,
            variable: variable as usize,
            factor: factor * Fr::new_unchecked(BigInt::one()),
        })
    }
}

/// Reads the list.
pub(super) fn read(file: &Container) -> Result<Vec<Coefficient>, ZkeyError> {
    let content = file.section(Section::Coefficients);
    let mut rest = Rest::new(content);
    let count = rest.u32().unwrap_or_default();
    file.exactly(Section::Coefficients, 4 + u64::from(count) * BYTES as u64)?;
    let list = rest.take(count as usize * BYTES).unwrap_or_default();
    let list: Vec<_> = list
        .par_chunks_exact(BYTES)
        .map(Coefficient::read)
        .collect();
    let entry = |(index, entry): (usize, Result<_, _>)| {
        entry.map_err(|error| ZkeyError::Scalar { index, error })
    };
    list.into_iter().enumerate().map(entry).collect()
}

/// Checks that a list, in whatever order, is the circuit's.
pub(super) fn check(mut got: Vec<Coefficient>, r1cs: &R1cs) -> Result<(), ZkeyError> {
    let mut want = of_circuit(r1cs);
    for list in [&mut got, &mut want] {
        list.par_sort_unstable_by_key(Coefficient::place);
    }
    let doubled = got.windows(2).find_map(|pair| match pair {
        [a, b] if a.place() == b.place() => Some(a.place()),
        _ => None,
    });
    if let Some((matrix, row, variable)) = doubled {
        return Err(ZkeyError::DuplicateCoefficient {
            matrix,
            row,
            variable,
        });
    }
    match difference(&got, &want) {
        None => Ok(()),
        Some((matrix, row, variable)) => Err(ZkeyError::Coefficient {
            matrix,
            row,
            variable,
        }),
    }
}

/// The first place where two sorted lists differ.
fn difference(got: &[Coefficient], want: &[Coefficient]) -> Option<(u32, usize, usize)> {
    let same = got.iter().zip(want).take_while(|(a, b)| a == b).count();
    let next = [got.get(same), want.get(same)];
    next.into_iter().flatten().map(Coefficient::place).min()
}

fn of_circuit(r1cs: &R1cs) -> Vec<Coefficient> {
    let entries = (0..2).zip(&r1cs.matrices).flat_map(|(matrix, rows)| {
        (0..).zip(rows).flat_map(move |(row, entries)| {
            entries.iter().map(move |&(factor, variable)| Coefficient {
                matrix,
                row,
                variable,
                factor,
            })
        })
    });
    let inputs = (0..r1cs.num_inputs).map(|variable| Coefficient {
        matrix: 0,
        row: r1cs.num_constraints + variable,
        variable,
        factor: Fr::one(),
    });
    entries.chain(inputs).collect()
}
