//! The grid that numbers lie on: least, greatest, and a step that reaches them all.

use nectar_verifier::decimal::Decimal;

/// Most decimal places of a number column.
const MAX_SCALE: u8 = 9;
/// Greatest distance from zero of a number column's values, scaled.
const MAX_VALUE: i128 = 1 << 52;

/// Values from which a wider step is looked for.
const MANY: i128 = 256;

/// Most steps of a coarser grid.
const COARSE: i128 = 500;

/// The grid of the numbers seen so far, all times 10^scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    min: i128,
    max: i128,
    /// Greatest common divisor of all distances; 0 while there is one value.
    step: i128,
    scale: u8,
}

impl Numbers {
    /// The grid of one number.
    pub fn new(d: Decimal) -> Option<Self> {
        let value = bounded(d.at_scale(d.scale())?)?;
        let numbers = Numbers {
            min: value,
            max: value,
            step: 0,
            scale: d.scale(),
        };
        (d.scale() <= MAX_SCALE).then_some(numbers)
    }

    /// The grid with one more number; `None` where no column can hold them.
    pub fn with(self, d: Decimal) -> Option<Self> {
        let wide = self.at_scale(self.scale.max(d.scale()))?;
        let value = bounded(d.at_scale(wide.scale)?)?;
        let distance = value.checked_sub(wide.min)?.checked_abs()?;
        Some(Numbers {
            min: wide.min.min(value),
            max: wide.max.max(value),
            step: gcd(wide.step, distance),
            scale: wide.scale,
        })
    }

    fn at_scale(self, scale: u8) -> Option<Self> {
        let places = scale.checked_sub(self.scale)?;
        let factor = 10i128.checked_pow(u32::from(places))?;
        let scaled = |v: i128| bounded(v.checked_mul(factor)?);
        let numbers = Numbers {
            min: scaled(self.min)?,
            max: scaled(self.max)?,
            step: self.step.checked_mul(factor)?,
            scale,
        };
        (scale <= MAX_SCALE).then_some(numbers)
    }

    /// Least and greatest value to propose. A column has two values at least: a single one is joined by its neighbour
    /// on the side of zero.
    fn ends(&self) -> [i128; 2] {
        match self.min == self.max {
            true if self.min > 0 => [self.min.saturating_sub(1), self.max],
            true => [self.min, self.max.saturating_add(1)],
            false => [self.min, self.max],
        }
    }

    /// The step to propose: one in the last decimal place, and the widest there is where that makes many values.
    fn proposed_step(&self) -> i128 {
        let many = self.max.saturating_sub(self.min) >= MANY;
        if many { self.step.max(1) } else { 1 }
    }

    /// Number of values from least to greatest, ends included.
    pub fn count(&self) -> i128 {
        let [min, max] = self.ends();
        let span = max.saturating_sub(min);
        let steps = span.checked_div(self.proposed_step()).unwrap_or(0);
        steps.saturating_add(1)
    }

    /// Least, greatest and step of a coarser grid that holds all numbers once they are rounded: a step of 1, 2 or 5
    /// times a power of ten, and at most [`COARSE`] steps.
    pub fn coarser(&self) -> Option<[Decimal; 3]> {
        let span = self.max.checked_sub(self.min)?;
        let powers = (0..18u32).map(|e| 10i128.saturating_pow(e));
        let mut steps = powers.flat_map(|p| [1, 2, 5].map(|n| p.saturating_mul(n)));
        let step = steps.find(|s| span.checked_div(*s).is_some_and(|n| n < COARSE))?;
        let below = |v: i128| v.checked_div_euclid(step)?.checked_mul(step);
        let max = below(self.max.checked_add(step)?.checked_sub(1)?)?;
        Some([
            Decimal::new(below(self.min)?, self.scale)?,
            Decimal::new(max, self.scale)?,
            Decimal::new(step, self.scale)?,
        ])
    }

    /// Whether all are integers.
    pub fn integral(&self) -> bool {
        self.scale == 0
    }

    /// Least, greatest and step as decimals.
    pub fn bounds(&self) -> Option<[Decimal; 3]> {
        let [min, max] = self.ends();
        Some([
            Decimal::new(min, self.scale)?,
            Decimal::new(max, self.scale)?,
            Decimal::new(self.proposed_step(), self.scale)?,
        ])
    }
}

fn bounded(value: i128) -> Option<i128> {
    (value.checked_abs()? <= MAX_VALUE).then_some(value)
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(texts: &[&str]) -> Option<([String; 3], i128)> {
        let mut numbers = texts.iter().map(|t| Decimal::parse(t).unwrap());
        let first = Numbers::new(numbers.next().unwrap());
        let all = numbers.try_fold(first?, Numbers::with)?;
        Some((all.bounds()?.map(|d| d.to_string()), all.count()))
    }

    #[test]
    fn the_step_is_the_last_place_unless_values_are_many() {
        let want = |w: [&str; 3], n| Some((w.map(String::from), n));
        assert_eq!(grid(&["10", "30", "20"]), want(["10", "30", "1"], 21));
        assert_eq!(grid(&["-1", "0.5", "2"]), want(["-1", "2", "0.1"], 31));
        assert_eq!(grid(&["0", "500", "250"]), want(["0", "500", "250"], 3));
        assert_eq!(
            grid(&["100", "0.25", "99"]),
            want(["0.25", "100", "0.25"], 400)
        );
        assert_eq!(grid(&["7", "7"]), want(["6", "7", "1"], 2));
        assert_eq!(grid(&["-0.5"]), want(["-0.5", "-0.4", "0.1"], 2));
        assert_eq!(grid(&["0"]), want(["0", "1", "1"], 2));
        assert_eq!(grid(&["1", "9007199254740992"]), None);
        assert_eq!(grid(&["1", "0.0000000001"]), None);
    }

    #[test]
    fn a_coarser_grid_is_round() {
        let numbers = |a, b| {
            let [a, b] = [a, b].map(|t| Decimal::parse(t).unwrap());
            let grid = Numbers::new(a).unwrap().with(b).unwrap();
            grid.coarser().unwrap().map(|d| d.to_string())
        };
        assert_eq!(numbers("0.017", "20.5"), ["0", "20.5", "0.05"]);
        assert_eq!(numbers("-3", "5215"), ["-20", "5220", "20"]);
    }
}
