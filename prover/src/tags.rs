//! Which row has a tag.

use ark_bn254::Fr;
use ark_ff::BigInt;
use rayon::prelude::*;

/// The rows of a snapshot, rising by tag: four bytes a row, and a search of as many steps whether a tag is there or
/// not.
pub struct RowsByTag(Vec<u32>);

impl RowsByTag {
    /// The rows of these tags.
    pub fn new(tags: &[Fr]) -> Self {
        let mut rows: Vec<u32> = (0..).zip(tags).map(|(row, _)| row).collect();
        rows.par_sort_unstable_by_key(|row| word(tags, *row));
        RowsByTag(rows)
    }

    /// The row of a tag among those it was made of.
    pub fn row(&self, tags: &[Fr], tag: &Fr) -> Option<u32> {
        let found = self
            .0
            .binary_search_by_key(&Some(tag.0), |row| word(tags, *row));
        self.0.get(found.ok()?).copied()
    }
}

/// A row's tag by its words in memory: any order will do, and this one costs no conversion.
fn word(tags: &[Fr], row: u32) -> Option<BigInt<4>> {
    let tag = tags.get(usize::try_from(row).ok()?)?;
    Some(tag.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_std::{UniformRand, test_rng};

    #[test]
    fn every_tag_leads_to_its_row_and_no_other_to_any() {
        let rng = &mut test_rng();
        let tags: Vec<Fr> = (0..300).map(|_| Fr::rand(rng)).collect();
        let rows = RowsByTag::new(&tags);
        for (row, tag) in (0..).zip(&tags) {
            assert_eq!(rows.row(&tags, tag), Some(row));
            assert_eq!(rows.row(&tags, &-*tag), None);
        }
        assert_eq!(RowsByTag::new(&[]).row(&[], &tags[0]), None);
    }
}
