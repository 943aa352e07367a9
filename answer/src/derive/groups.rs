//! One row a group: counts, and statistics of one or two columns.

use crate::{
    answer::{Answer, Entry, Plot, Section},
    released::{Group, Released},
    statistics::{Figure, Level, StatisticsError, moments::Moments},
};
use nectar_sql::{Item, Moment, Output, Pair};

/// Adds the table of all outputs that have one figure a group, and its bars.
pub fn show(released: &Released, outputs: &[Output], answer: &mut Answer) {
    let figures = outputs.iter().filter(|o| is_figure(&o.item));
    if figures.count() == 0 {
        return;
    }
    let shown = outputs
        .iter()
        .filter(|o| is_figure(&o.item) || matches!(o.item, Item::Key(_)));
    let shown: Vec<&Output> = shown.collect();
    let row = |group: &Group| {
        let entries = shown.iter().map(|o| entry(released, &o.item, *group));
        entries.collect::<Vec<_>>()
    };
    let rows: Vec<_> = released.groups().iter().map(row).collect();
    answer.sections.push(Section {
        title: None,
        headings: shown.iter().map(|o| heading(released, o)).collect(),
        notes: notes(&shown, &rows),
        rows,
    });
    if released.query.axes.len() == 1 {
        answer.plots.extend(bars(released, &shown));
    }
}

/// Says why a mean stands without its sampling interval, where one does.
fn notes(outputs: &[&Output], rows: &[Vec<Entry>]) -> Vec<String> {
    let mean = |o: &&Output| matches!(o.item, Item::Moment(Moment::Avg, _));
    let bare = |(o, entry): (&&Output, &Entry)| {
        let alone = matches!(
            entry,
            Entry::Statistic {
                confidence: None,
                ..
            }
        );
        mean(o) && alone
    };
    let any = rows.iter().any(|row| outputs.iter().zip(row).any(bare));
    let note = "a mean without a 95 % interval: rounding may exceed its standard error";
    any.then(|| note.into()).into_iter().collect()
}

fn is_figure(item: &Item) -> bool {
    matches!(item, Item::CountAll | Item::Moment(..) | Item::Pair { .. })
}

fn heading(released: &Released, output: &Output) -> String {
    match &output.item {
        Item::Key(axis) => released.axis_name(*axis),
        Item::Moment(moment, x) if *moment != Moment::Count => {
            format!("{} of {}", output.name, released.name(*x))
        }
        _ => output.name.clone(),
    }
}

fn entry(released: &Released, item: &Item, group: Group) -> Entry {
    match item {
        Item::Key(axis) => {
            let place = group.get(*axis).copied().unwrap_or_default();
            Entry::Text(released.label(*axis, place))
        }
        Item::CountAll => Entry::count(released.count(group)),
        Item::Moment(moment, _) => match released.moments(group) {
            Ok(Some(m)) => of_moments(&m, *moment),
            Ok(None) => Entry::Withheld,
            Err(e) => Entry::undefined(e),
        },
        Item::Pair { function, y, x } => pair(released, group, *function, *y, *x),
        _ => Entry::Text(String::new()),
    }
}

/// One statistic of a group's moments.
pub fn of_moments(m: &Moments, moment: Moment) -> Entry {
    match moment {
        Moment::Count => Entry::Count(m.count),
        Moment::Sum => Entry::figure(Ok(m.total())),
        Moment::Avg => mean(m),
        Moment::VarSamp => spread(m, Figure::clone),
        Moment::StddevSamp => {
            let deviation = m.standard_deviation();
            spread(m, |variance| deviation.clone().unwrap_or(*variance))
        }
    }
}

/// The mean; without a sampling interval where rounding may exceed the standard error, which it rests on.
fn mean(m: &Moments) -> Entry {
    let known = m.variance().is_ok_and(|v| !v.clamped)
        && m.standard_error().is_ok_and(|e| e.is_informative());
    match known {
        true => Entry::estimate(m.mean_with_confidence(Level::default())),
        false => Entry::figure(m.mean()),
    }
}

/// The variance or a function of it, saying whether it was clamped.
fn spread(m: &Moments, function: impl Fn(&Figure) -> Figure) -> Entry {
    match m.variance() {
        Ok(v) => Entry::Statistic {
            figure: function(&v.figure),
            confidence: None,
            clamped: v.clamped,
        },
        Err(e) => Entry::undefined(e),
    }
}

fn pair(released: &Released, group: Group, function: Pair, y: u16, x: u16) -> Entry {
    let gram = match released.gram(group) {
        Ok(gram) => gram,
        Err(e) => return Entry::undefined(e),
    };
    let (y, x) = (released.place_in_gram(y), released.place_in_gram(x));
    let figure = || -> Result<Figure, StatisticsError> {
        let pair = gram.pair(x, y)?;
        match function {
            Pair::Count => Ok(pair.count),
            Pair::Slope => pair.slope(),
            Pair::Intercept => pair.intercept(),
            Pair::R2 => pair.r_squared(),
            Pair::Corr => pair.correlation(),
            Pair::CovarSamp => pair.covariance(),
        }
    };
    match (function, figure()) {
        (Pair::Count, Ok(count)) => Entry::Count(count),
        (_, result) => Entry::figure(result),
    }
}

/// Bars of the means, or else of the counts.
fn bars(released: &Released, outputs: &[&Output]) -> Option<Plot> {
    let mean = |o: &&&Output| matches!(o.item, Item::Moment(Moment::Avg, _));
    let count = |o: &&&Output| o.item == Item::CountAll;
    let output = outputs.iter().find(mean).or(outputs.iter().find(count))?;
    let bar = |group: Group| match entry(released, &output.item, group) {
        Entry::Count(figure) | Entry::Statistic { figure, .. } if figure.is_informative() => {
            Some((released.label(0, group[0]), figure.value()))
        }
        _ => None,
    };
    let bars: Vec<_> = released.groups().into_iter().filter_map(bar).collect();
    let drawable = bars.len() > 1 && bars.iter().all(|(_, value)| *value >= 0.0);
    drawable.then(|| Plot::Bars {
        title: heading(released, output),
        bars,
    })
}
