//! What the disclosure rule makes of true cells, as the statistics see it.

use nectar_answer::statistics::Figure;

/// A cell rounded to the nearest multiple of `unit`, as the release circuit does it: `floor((n + floor(g/2)) / g) * g`.
pub fn nearest(n: u64, unit: u64) -> Figure {
    let half = unit / 2;
    let released = (n + half) / unit * unit;
    let high = released + (unit - 1 - half);
    Figure::within(
        released as f64,
        released.saturating_sub(half) as f64,
        high as f64,
    )
    .expect("a rounded cell lies within its own bounds")
}

/// An unrounded cell.
pub fn exact(n: u64) -> Figure {
    Figure::exact(n as f64)
}

/// Asserts that `figure`, from rounded cells, holds what the true cells gave.
pub fn assert_holds(figure: Figure, truth: f64) {
    let slack = 1e-9 * (1.0 + truth.abs());
    assert!(
        figure.low() - slack <= truth && truth <= figure.high() + slack,
        "{figure:?} does not hold {truth}"
    );
    assert!(figure.contains(figure.value()), "{figure:?}");
}

/// Asserts agreement with a reference to nine digits.
pub fn assert_close(got: f64, want: f64) {
    assert!(
        (got - want).abs() <= 1e-9 * want.abs(),
        "got {got}, want {want}"
    );
}
