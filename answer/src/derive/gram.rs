//! Means, correlations and least squares from gram cells, one table a group.

use super::groups::of_moments;
use crate::{
    answer::{Answer, Entry, Section},
    released::{Group, Released},
    statistics::{
        Figure, Level, StatisticsError,
        least_squares::{Coefficient, Regression},
    },
};
use nectar_sql::Moment;

/// Adds means, deviations and correlations of the columns.
pub fn show(released: &Released, columns: &[u16], answer: &mut Answer) {
    for group in released.groups() {
        let mut headings: Vec<String> = ["", "mean", "std. deviation"].map(Into::into).into();
        headings.extend(
            columns
                .iter()
                .map(|c| format!("corr. {}", released.name(*c))),
        );
        answer.sections.push(Section {
            title: title(released, group, "Complete records"),
            headings,
            rows: columns
                .iter()
                .map(|c| row(released, group, *c, columns))
                .collect(),
            notes: count_note(released, group),
        });
    }
}

fn row(released: &Released, group: Group, column: u16, columns: &[u16]) -> Vec<Entry> {
    let place = released.place_in_gram(column);
    let moments = released.gram_moments(group, place);
    let moment = |which| match &moments {
        Ok(Some(m)) => of_moments(m, which),
        Ok(None) => Entry::Withheld,
        Err(e) => Entry::undefined(e.clone()),
    };
    let correlation = |other: &u16| {
        let other = released.place_in_gram(*other);
        let pair = released.gram(group).and_then(|g| g.pair(other, place));
        Entry::figure(match other == place {
            true => Ok(Figure::exact(1.0)),
            false => pair.and_then(|p| p.correlation()),
        })
    };
    let own = [
        Entry::Text(released.name(column)),
        moment(Moment::Avg),
        moment(Moment::StddevSamp),
    ];
    own.into_iter()
        .chain(columns.iter().map(correlation))
        .collect()
}

/// Adds the least squares fit of `y` on `x`.
pub fn regress(released: &Released, y: u16, x: &[u16], answer: &mut Answer) {
    for group in released.groups() {
        let name = format!("Least squares: {}", released.name(y));
        let mut section = Section {
            title: title(released, group, &name),
            headings: ["term", "coefficient", "std. error", "p-value"]
                .map(Into::into)
                .into(),
            rows: vec![],
            notes: count_note(released, group),
        };
        match fit(released, group, y, x) {
            Ok(fit) => fill(released, x, &fit, &mut section),
            Err(e) => section.notes.push(refusal(&e)),
        }
        answer.sections.push(section);
    }
}

fn fit(
    released: &Released,
    group: Group,
    y: u16,
    x: &[u16],
) -> Result<Regression, StatisticsError> {
    let places: Vec<usize> = x.iter().map(|x| released.place_in_gram(*x)).collect();
    let gram = released.gram(group)?;
    gram.regress(released.place_in_gram(y), &places, Level::default())
}

fn fill(released: &Released, x: &[u16], fit: &Regression, section: &mut Section) {
    let names = x.iter().map(|x| released.name(*x));
    section.rows.push(coefficient("intercept", &fit.intercept));
    let slopes = names.zip(&fit.slopes);
    section
        .rows
        .extend(slopes.map(|(name, slope)| coefficient(&name, slope)));
    let blank = || Entry::Text(String::new());
    section.rows.push(vec![
        Entry::Text("R squared".into()),
        Entry::figure(Ok(fit.r_squared)),
        blank(),
        blank(),
    ]);
    if fit.clamped {
        let note = "rounding made the residual sum of squares negative; 0 stands in its place";
        section.notes.push(note.into());
    }
}

fn coefficient(name: &str, c: &Coefficient) -> Vec<Entry> {
    let undefined = || Entry::Undefined("the fit leaves no residual".into());
    let p = c.test.map_or_else(undefined, |t| Entry::Probability(t.p));
    vec![
        Entry::Text(name.into()),
        Entry::estimate(Ok(c.estimate)),
        Entry::figure(Ok(c.standard_error)),
        p,
    ]
}

fn title(released: &Released, group: Group, what: &str) -> Option<String> {
    Some(match released.query.axes.is_empty() {
        true => what.into(),
        false => format!(
            "{what}; {}: {}",
            released.axis_name(0),
            released.label(0, group[0])
        ),
    })
}

fn count_note(released: &Released, group: Group) -> Vec<String> {
    let count = released.gram(group).and_then(|g| g.count());
    let note = |n: Figure| match n.is_exact() {
        true => format!("{} complete records", n.value()),
        false => format!("{} complete records, within {}", n.value(), n.bound()),
    };
    count.map(note).into_iter().collect()
}

fn refusal(error: &StatisticsError) -> String {
    match error {
        StatisticsError::Suppressed(_) => "no fit: the group is withheld".into(),
        other => format!("no fit: {other}"),
    }
}
