//! Kaplan-Meier curves and the log-rank test from cumulative counts.

use super::cross::chi_square_title;
use crate::{
    answer::{Answer, Entry, Plot, Section},
    released::Released,
    statistics::{
        Figure, Level, StatisticsError,
        survival::{Band, Curve, GridPoint, Stratum, log_rank},
    },
};
use nectar_sql::Item;
use nectar_verifier::column::Kind;

/// Where a curve's cells lie: axes of time, event and strata.
#[derive(Clone, Copy)]
struct Axes {
    time: usize,
    event: usize,
    occurred: usize,
    stratum: Option<usize>,
}

/// Adds a curve for every stratum, and the log-rank test between them.
pub fn show(released: &Released, item: &Item, answer: &mut Answer) {
    let Item::Km {
        time,
        event,
        occurred,
        stratum,
    } = *item
    else {
        return;
    };
    // A query has at most three axes; an item that names another is of no query, and shows nothing.
    if [Some(time), Some(event), stratum]
        .iter()
        .flatten()
        .any(|axis| *axis >= 3)
    {
        return;
    }
    let axes = Axes {
        time,
        event,
        occurred,
        stratum,
    };
    let count = axes.stratum.map_or(1, |axis| released.size(axis));
    let strata: Vec<_> = (0..count)
        .map(|s| Stratum::new(&grid(released, axes, s)))
        .collect();
    for (s, group) in strata.iter().enumerate() {
        let name = axes.stratum.map(|axis| released.label(axis, s));
        let name = name.map_or_else(|| "Survival".into(), |n| format!("Survival, {n}"));
        match group.as_ref().map_err(Clone::clone).and_then(curve) {
            Ok(curve) => draw(released, axes, name, &curve, answer),
            Err(e) => answer.sections.push(Section {
                title: Some(name),
                notes: vec![format!("no curve: {e}")],
                ..Section::default()
            }),
        }
    }
    if count > 1 {
        let known: Result<Vec<_>, _> = strata.into_iter().collect();
        answer.sections.push(compare(known));
    }
}

fn curve(stratum: &Stratum) -> Result<Curve, StatisticsError> {
    stratum.kaplan_meier(Band::default(), Level::default())
}

/// One stratum's counts over the grid of times.
fn grid(released: &Released, axes: Axes, stratum: usize) -> Vec<GridPoint> {
    let cell = |time: usize, event: usize| {
        let mut group = [0; 3];
        group[axes.time] = time;
        group[axes.event] = event;
        if let Some(axis) = axes.stratum {
            group[axis] = stratum;
        }
        released.count(group)
    };
    let events = released.size(axes.event);
    let point = |time: usize| GridPoint {
        time: time_of(released, axes.time, time),
        at_risk: (0..events).map(|e| cell(time, e)).sum::<Option<Figure>>(),
        events: cell(time, axes.occurred),
    };
    (0..released.size(axes.time)).map(point).collect()
}

/// The time at which a tail begins: in the column's unit, or in periods of a date column.
fn time_of(released: &Released, axis: usize, group: usize) -> f64 {
    let time = || {
        let axis = released.query.axes.get(axis)?;
        let code = axis.groups.get(group)?.least()?.checked_sub(1)?;
        let column = released.column(axis.column)?;
        match &column.kind {
            Kind::Number { .. } => {
                let (min, step) = column.scale()?;
                Some(min + f64::from(code) * step)
            }
            _ => Some(f64::from(code)),
        }
    };
    time().unwrap_or(f64::NAN)
}

fn draw(released: &Released, axes: Axes, name: String, curve: &Curve, answer: &mut Answer) {
    let row = |step: &crate::statistics::survival::CurveStep| {
        vec![
            Entry::Text(format!("{}", step.time)),
            Entry::Count(step.at_risk),
            Entry::Statistic {
                figure: step.survival,
                confidence: step.confidence,
                clamped: false,
            },
        ]
    };
    let mut notes = vec![median(curve)];
    if curve.clamped {
        notes.push("rounding made deaths negative somewhere; the curve was made monotone".into());
    }
    if curve.truncated {
        notes.push("the curve ends where the disclosure rule withholds a count".into());
    }
    let time = released.axis_name(axes.time);
    answer.sections.push(Section {
        title: Some(name.clone()),
        headings: vec![time.clone(), "at risk".into(), "survival beyond".into()],
        rows: curve.steps.iter().map(row).collect(),
        notes,
    });
    let start = curve.steps.first().map(|s| (s.time.min(0.0), 1.0));
    let steps = curve.steps.iter().map(|s| (s.time, s.survival.value()));
    answer.plots.push(Plot::Steps {
        title: format!("{name}, by {time}"),
        points: start.into_iter().chain(steps).collect(),
    });
}

fn median(curve: &Curve) -> String {
    let median = curve.median();
    if median.time.is_none() && median.earliest.is_none() {
        return "the median lies beyond the curve".into();
    }
    let or_later = |t: Option<f64>| t.map_or_else(|| "beyond the curve".into(), |t| t.to_string());
    format!(
        "median {}; rounding leaves {} to {}; 95 % confidence {} to {}",
        or_later(median.time),
        or_later(median.earliest),
        or_later(median.latest),
        or_later(median.confidence_low),
        or_later(median.confidence_high),
    )
}

fn compare(strata: Result<Vec<Stratum>, StatisticsError>) -> Section {
    let mut section = Section {
        title: Some("Log-rank test".into()),
        headings: vec!["statistic".into(), "value".into()],
        ..Section::default()
    };
    match strata.and_then(|s| log_rank(&s)) {
        Ok(test) => {
            let named = |name: String, figure| vec![Entry::Text(name), Entry::figure(Ok(figure))];
            let title = chi_square_title(test.freedom);
            section.rows = vec![
                named(title, test.statistic),
                vec![Entry::Text("p-value".into()), Entry::Probability(test.p)],
            ];
            section
                .notes
                .push(format!("deaths up to {} are compared", test.until));
        }
        Err(e) => section.notes.push(format!("no test: {e}")),
    }
    section
}
