//! Numbers as people read them: no more digits than their uncertainty allows, intervals rounded outward.

use crate::statistics::Figure;

/// Most decimal places that are printed.
const PLACES: i32 = 6;

/// A number of people: `12,345`.
pub fn whole(value: f64) -> String {
    grouped(&format!("{value:.0}"))
}

/// A number of people with the most rounding can have moved it: `12,345 +- 2`.
pub fn count(figure: &Figure) -> String {
    if figure.is_exact() {
        whole(figure.value())
    } else {
        format!("{} ± {}", whole(figure.value()), whole(figure.bound()))
    }
}

/// A p-value with what rounding leaves open; below 0.0001 only that.
pub fn probability(p: &Figure) -> String {
    match (p.high() < 1e-4, p.is_exact()) {
        (true, _) => "< 0.0001".into(),
        (false, true) => real(p.value(), 0.0),
        (false, false) => format!(
            "{} ({})",
            real(p.value(), p.high() - p.low()),
            interval(p.low(), p.high())
        ),
    }
}

/// A value of which `width` is uncertain, to one digit beyond.
pub fn real(value: f64, width: f64) -> String {
    if value != 0.0 && value.abs() < 1e-4 {
        return format!("{value:.1e}");
    }
    grouped(&format!("{value:.*}", places(value, width)))
}

/// An interval, its ends moved outward to the last digit printed.
pub fn interval(low: f64, high: f64) -> String {
    let places = places(low.abs().max(high.abs()), high - low);
    format!(
        "{} to {}",
        end(low, places, f64::floor),
        end(high, places, f64::ceil)
    )
}

fn end(value: f64, places: usize, outward: impl Fn(f64) -> f64) -> String {
    if !value.is_finite() {
        return if value > 0.0 {
            "unbounded"
        } else {
            "-unbounded"
        }
        .into();
    }
    if value != 0.0 && value.abs() < 1e-4 {
        return format!("{value:.1e}");
    }
    let unit = 10f64.powi(i32::try_from(places).unwrap_or(PLACES));
    let moved = outward(value * unit) / unit;
    grouped(&format!("{moved:.places$}"))
}

/// Decimal places so that a width shows two digits, and a value without a width four.
fn places(value: f64, width: f64) -> usize {
    let magnitude = |x: f64| x.abs().log10().floor();
    let wanted = if width.is_finite() && width > 0.0 {
        1.0 - magnitude(width)
    } else if value != 0.0 && value.is_finite() {
        3.0 - magnitude(value)
    } else {
        0.0
    };
    wanted.clamp(0.0, f64::from(PLACES)) as usize
}

/// Commas between groups of three digits before the point.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |d| ("-", d));
    let (before, after) = digits
        .split_once('.')
        .map_or((digits, None), |(b, a)| (b, Some(a)));
    let mut out = String::from(sign);
    for (i, digit) in before.chars().enumerate() {
        if i > 0 && (before.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(after) = after {
        out.push('.');
        out.push_str(after);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_uncertainty() {
        assert_eq!(real(4.39726, 0.04), "4.397");
        assert_eq!(real(4.39726, 40.0), "4");
        assert_eq!(real(1234.5, 0.0), "1,234");
        assert_eq!(real(0.000_012, 0.0), "1.2e-5");
        assert_eq!(whole(1_234_567.0), "1,234,567");
        assert_eq!(whole(-123.0), "-123");
    }

    #[test]
    fn intervals_never_shrink() {
        assert_eq!(interval(1.2345, 1.3456), "1.23 to 1.35");
        assert_eq!(interval(-0.015, 12.0), "-1 to 12");
        assert_eq!(interval(0.0, f64::INFINITY), "0 to unbounded");
    }

    #[test]
    fn counts_say_what_rounding_did() {
        let rounded = Figure::within(1230.0, 1228.0, 1232.0).unwrap();
        assert_eq!(count(&rounded), "1,230 ± 2");
        assert_eq!(count(&Figure::exact(7.0)), "7");
    }
}
