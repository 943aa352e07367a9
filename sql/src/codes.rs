//! Sets of codes of one column, as bitmaps over 0 .. T_c; code 0 is NULL.

use nectar_verifier::query::CodeSet;

/// A set of codes of one column. Sets are combined only with sets of the same column, which have the same size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Codes {
    size: u16,
    words: Vec<u64>,
}

impl Codes {
    /// The codes below `size` for which `holds`.
    pub fn of(size: u16, holds: impl Fn(u16) -> bool) -> Self {
        let word = |first: u16| {
            let codes = first..first.saturating_add(64).min(size);
            codes
                .filter(|c| holds(*c))
                .fold(0, |bits, c| bits | 1 << (c % 64))
        };
        let words = (0..size).step_by(64).map(word).collect();
        Codes { size, words }
    }

    /// Every code but NULL.
    pub fn present(size: u16) -> Self {
        Codes::of(size, |c| c > 0)
    }

    /// NULL alone.
    pub fn missing(size: u16) -> Self {
        Codes::of(size, |c| c == 0)
    }

    /// The set of a canonical query's code set.
    pub fn from_set(size: u16, set: &CodeSet) -> Self {
        Codes::of(size, |c| set.contains(c))
    }

    /// The canonical form for a query.
    pub fn to_set(&self) -> CodeSet {
        CodeSet::of(self.iter())
    }

    /// The codes in rising order.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        (0..self.size).filter(|c| self.contains(*c))
    }

    /// Whether a code belongs to the set.
    pub fn contains(&self, code: u16) -> bool {
        let word = self.words.get(usize::from(code / 64));
        word.is_some_and(|w| w >> (code % 64) & 1 == 1)
    }

    /// The codes of either set.
    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// The codes of both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// The codes outside the set, NULL included where the set does not hold it.
    pub fn complement(&self) -> Self {
        Codes::of(self.size, |c| !self.contains(c))
    }

    /// Whether every code of the set belongs to the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words
            .iter()
            .zip(&other.words)
            .all(|(a, b)| a & !b == 0)
    }

    /// Whether no code belongs to the set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|w| *w == 0)
    }

    /// Whether every code belongs to the set.
    pub fn is_all(&self) -> bool {
        let members: u32 = self.words.iter().map(|w| w.count_ones()).sum();
        members == u32::from(self.size)
    }

    fn zip(&self, other: &Self, op: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.iter().zip(&other.words);
        Codes {
            size: self.size,
            words: words.map(|(a, b)| op(*a, *b)).collect(),
        }
    }
}
