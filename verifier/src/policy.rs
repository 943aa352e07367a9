//! The disclosure policy of a snapshot (protocol, section 6).
//!
//! One policy a snapshot, written in its header; a query carries none. A `Policy` that exists is
//! valid: its threshold is the least number of rows of a rounding class, so that a released figure
//! never says more about a small count than its class does.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "thresholds are below 2^27, and steps 1 to 255"
)]

use crate::layout::WIDTHS;
use thiserror::Error;

/// Thresholds are below this.
pub const K_LIMIT: u32 = 1 << 27;

/// The greatest width of a column: codebooks have at most 2^12 codes.
pub const W_LIMIT: u8 = 12;

/// How released cells are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Rounding {
    /// To the nearest multiple of the rounding unit.
    Nearest = 0,
    /// Numbers of rows to the middle of classes of six (1..6 is 3, 7..12 is 9), sums to the nearest.
    Midpoint6 = 1,
}

/// When a cell is released, and how coarsely. Always valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    k: u32,
    base: u8,
    mode: Rounding,
    zeros: bool,
    w_max: u8,
}

/// Why a policy was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The base is 0.
    #[error("rounding base is 0, want 1 to 255")]
    Base,
    /// Midpoint rounding knows classes of six only.
    #[error("rounding base is {got}, midpoint rounding wants 6")]
    MidpointBase {
        /// The base asked for.
        got: u8,
    },
    /// The threshold is out of range or inside a rounding class.
    #[error("threshold {got} does not begin a rounding class, {}", Neighbours(*.below, *.above))]
    Threshold {
        /// The threshold asked for.
        got: u32,
        /// The greatest valid threshold below it.
        below: Option<u32>,
        /// The least valid threshold above it.
        above: Option<u32>,
    },
    /// The cap on widths is above 12.
    #[error("width cap is {got}, want at most {W_LIMIT}")]
    WidthCap {
        /// The cap asked for.
        got: u8,
    },
}

/// The valid thresholds around a refused one, in words.
struct Neighbours(Option<u32>, Option<u32>);

impl core::fmt::Display for Neighbours {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match *self {
            Self(Some(below), Some(above)) => write!(f, "nearest valid are {below} and {above}"),
            Self(Some(k), None) | Self(None, Some(k)) => write!(f, "nearest valid is {k}"),
            Self(None, None) => f.write_str("none is valid"),
        }
    }
}

impl Policy {
    /// Checks the rules of section 6 and makes a policy.
    ///
    /// That no count of k or more rounds to 0 needs no check of its own: a valid k begins a class
    /// other than that of 0.
    pub fn new(
        k: u32,
        base: u8,
        mode: Rounding,
        zeros: bool,
        w_max: u8,
    ) -> Result<Self, PolicyError> {
        let classes = Classes::new(base, mode)?;
        if w_max > W_LIMIT {
            return Err(PolicyError::WidthCap { got: w_max });
        }
        if !classes.begins_at(k) {
            return Err(PolicyError::Threshold {
                got: k,
                below: classes.below(k),
                above: classes.above(k),
            });
        }
        Ok(Self {
            k,
            base,
            mode,
            zeros,
            w_max,
        })
    }

    /// The threshold: the least number of rows that is released.
    pub const fn k(&self) -> u32 {
        self.k
    }

    /// The rounding unit of a number of rows.
    pub const fn base(&self) -> u8 {
        self.base
    }

    /// How cells are rounded.
    pub const fn mode(&self) -> Rounding {
        self.mode
    }

    /// Whether a count of 0 is released.
    pub const fn zeros(&self) -> bool {
        self.zeros
    }

    /// The cap on column widths; 12 caps nothing.
    pub const fn w_max(&self) -> u8 {
        self.w_max
    }

    /// The width of a column of `codes` codes: the least w with 2^w >= `codes`, capped.
    pub fn width(&self, codes: u16) -> u8 {
        (0..self.w_max)
            .find(|&w| u32::from(codes) <= 1 << w)
            .unwrap_or(self.w_max)
    }

    /// The circuit's public input POLICY, as the integer whose bits from the least are k (28), base
    /// (8), mode (1: 0 nearest, 1 midpoint), zeros (1) and w_1 .. w_7 (4 each): 66 bits.
    ///
    /// Widths above 12 count as 12; [`Policy::width`] gives none.
    pub fn pack(&self, widths: &[u8; WIDTHS]) -> u128 {
        let head = u128::from(self.k)
            | u128::from(self.base) << 28
            | (self.mode as u128) << 36
            | u128::from(self.zeros) << 37;
        widths
            .iter()
            .rev()
            .fold(0, |bits, &w| bits << 4 | u128::from(w.min(W_LIMIT)))
            << 38
            | head
    }
}

/// The rounding classes of numbers of rows: one begins at `offset` and at every `step` from there.
struct Classes {
    offset: u32,
    step: u32,
}

impl Classes {
    fn new(base: u8, mode: Rounding) -> Result<Self, PolicyError> {
        let step = u32::from(base);
        match mode {
            _ if base == 0 => Err(PolicyError::Base),
            Rounding::Nearest => Ok(Self {
                offset: step - step / 2,
                step,
            }),
            Rounding::Midpoint6 if base == 6 => Ok(Self { offset: 1, step }),
            Rounding::Midpoint6 => Err(PolicyError::MidpointBase { got: base }),
        }
    }

    fn begins_at(&self, k: u32) -> bool {
        (2..K_LIMIT).contains(&k) && k >= self.offset && (k - self.offset).is_multiple_of(self.step)
    }

    /// The greatest valid threshold below `k`. One class is at most 255 wide, so the search is short.
    fn below(&self, k: u32) -> Option<u32> {
        let from = k.min(K_LIMIT);
        (from.saturating_sub(self.step)..from)
            .rev()
            .find(|&k| self.begins_at(k))
    }

    /// The least valid threshold above `k`.
    fn above(&self, k: u32) -> Option<u32> {
        let from = k.saturating_add(1).max(2);
        (from..from.saturating_add(2 * self.step)).find(|&k| self.begins_at(k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(k: u32, base: u8) -> Result<Policy, PolicyError> {
        Policy::new(k, base, Rounding::Nearest, true, W_LIMIT)
    }

    fn threshold(got: u32, below: Option<u32>, above: Option<u32>) -> Result<Policy, PolicyError> {
        Err(PolicyError::Threshold { got, below, above })
    }

    #[test]
    fn threshold_begins_a_class() {
        assert!(nearest(8, 5).is_ok());
        assert!(nearest(10, 1).is_ok());
        assert!(nearest(128, 255).is_ok());
        assert_eq!(nearest(10, 5), threshold(10, Some(8), Some(13)));
        assert_eq!(nearest(200, 255), threshold(200, Some(128), Some(383)));
        assert_eq!(nearest(3, 255), threshold(3, None, Some(128)));
        assert_eq!(nearest(0, 1), threshold(0, None, Some(2)));
        assert_eq!(
            nearest(u32::MAX, 1),
            threshold(u32::MAX, Some(K_LIMIT - 1), None)
        );
    }

    #[test]
    fn midpoint_wants_classes_of_six() {
        let midpoint = |k, base| Policy::new(k, base, Rounding::Midpoint6, true, W_LIMIT);
        assert!(midpoint(7, 6).is_ok());
        assert_eq!(midpoint(7, 5), Err(PolicyError::MidpointBase { got: 5 }));
        assert_eq!(midpoint(1, 6), threshold(1, None, Some(7)));
        assert_eq!(midpoint(10, 6), threshold(10, Some(7), Some(13)));
    }

    #[test]
    fn the_neighbours_named_are_valid_and_nearest() {
        for base in 1..=255u8 {
            for k in 0..600 {
                let Err(PolicyError::Threshold { below, above, .. }) = nearest(k, base) else {
                    continue;
                };
                assert_eq!(below, (0..k).rev().find(|&k| nearest(k, base).is_ok()));
                assert_eq!(above, (k + 1..).find(|&k| nearest(k, base).is_ok()));
            }
        }
    }

    #[test]
    fn width_is_the_least_that_covers_and_is_capped() {
        let policy = |w_max| Policy::new(8, 5, Rounding::Nearest, true, w_max);
        for (codes, want) in [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (4096, 12)] {
            assert_eq!(policy(12).map(|p| p.width(codes)), Ok(want));
            assert_eq!(policy(3).map(|p| p.width(codes)), Ok(want.min(3)));
            assert_eq!(policy(0).map(|p| p.width(codes)), Ok(0));
        }
        assert_eq!(policy(13), Err(PolicyError::WidthCap { got: 13 }));
    }

    #[test]
    fn base_zero_is_refused_in_both_modes() {
        for mode in [Rounding::Nearest, Rounding::Midpoint6] {
            assert_eq!(Policy::new(8, 0, mode, true, 12), Err(PolicyError::Base));
        }
    }

    #[test]
    fn packing_places_every_field() {
        let packed = |widths| nearest(8, 5).map(|p| p.pack(&widths));
        let head = 8 | 5 << 28 | 1 << 37;
        assert_eq!(packed([0; 7]), Ok(head));
        assert_eq!(
            packed([1, 0, 0, 0, 0, 0, 12]),
            Ok(head | 1 << 38 | 12 << 62)
        );
        let midpoint = Policy::new(7, 6, Rounding::Midpoint6, false, 12);
        assert_eq!(midpoint.map(|p| p.pack(&[0; 7])), Ok(7 | 6 << 28 | 1 << 36));
    }

    #[test]
    fn errors_name_the_neighbours() {
        let text = nearest(10, 5).map_err(|error| error.to_string());
        let want = "threshold 10 does not begin a rounding class, nearest valid are 8 and 13";
        assert_eq!(text, Err(want.into()));
    }
}
