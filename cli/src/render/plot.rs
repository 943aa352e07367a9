//! Small plots for terminals.

use crate::terminal::Terminal;
use nectar_answer::{answer::Plot, number::real};
use std::fmt::Write;
use textplots::{Chart, Plot as _, Shape};

/// Longest label of a bar in characters.
const LABEL: usize = 24;
/// Longest bar in characters.
const BAR: usize = 44;

/// The plot as text.
pub fn plot(plot: &Plot, terminal: Terminal) -> String {
    match plot {
        Plot::Bars { title, bars } => format!(
            "{}\n{}",
            terminal.strong(title),
            draw_bars(bars, terminal.drawn)
        ),
        // Braille dots; the curve's table stands in their place in files and pipes.
        Plot::Steps { .. } if !terminal.drawn => String::new(),
        Plot::Steps { title, points } => {
            format!("{}\n{}", terminal.strong(title), draw_steps(points))
        }
    }
}

fn draw_bars(bars: &[(String, f64)], drawn: bool) -> String {
    let most = bars.iter().map(|(_, v)| *v).fold(0.0, f64::max);
    let widest = bars.iter().map(|(label, _)| label.chars().count()).max();
    let widest = widest.unwrap_or(0).min(LABEL);
    let mark = if drawn { "█" } else { "#" };
    let mut text = String::new();
    for (label, value) in bars {
        let label: String = label.chars().take(LABEL).collect();
        let bar = mark.repeat(length(*value, most));
        let _ = writeln!(text, "  {label:<widest$}  {bar} {}", real(*value, 0.0));
    }
    text
}

/// The share of the longest bar, to the nearest character.
fn length(value: f64, most: f64) -> usize {
    let share = if most > 0.0 {
        value / most * BAR as f64
    } else {
        0.0
    };
    share.round().clamp(0.0, BAR as f64) as usize
}

fn draw_steps(points: &[(f64, f64)]) -> String {
    // A plot has a hundred points across: single precision does.
    let points: Vec<(f32, f32)> = points.iter().map(|(x, y)| (*x as f32, *y as f32)).collect();
    let [Some(first), Some(last)] = [points.first(), points.last()] else {
        return String::new();
    };
    if last.0 <= first.0 {
        return String::new();
    }
    let shape = Shape::Steps(&points);
    let mut chart = Chart::new_with_y_range(120, 48, first.0, last.0, 0.0, 1.0);
    let chart = chart.lineplot(&shape);
    chart.axis();
    chart.figures();
    chart.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_at_zero() {
        let bars = [("a".to_string(), 2.0), ("long".to_string(), 4.0)];
        let text = draw_bars(&bars, false);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0].matches('#').count() * 2,
            lines[1].matches('#').count()
        );
        assert!(lines[0].starts_with("  a     #"), "{text}");
    }

    #[test]
    fn an_empty_curve_draws_nothing() {
        assert_eq!(draw_steps(&[]), "");
        assert_eq!(draw_steps(&[(1.0, 1.0)]), "");
    }
}
