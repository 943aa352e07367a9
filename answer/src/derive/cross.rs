//! Cross tables of counts, and tests of independence.

use crate::{
    answer::{Answer, Entry, Section},
    released::Released,
    statistics::{Figure, Level, StatisticsError, cross_table::CrossTable, two_by_two::TwoByTwo},
};
use nectar_sql::{Item, Output};
use nectar_verifier::query::{AxisKind, Query};

/// The axes of rows and columns, when the outputs are a cross table: two keys and a count.
pub fn axes(query: &Query, outputs: &[Output]) -> Option<[usize; 2]> {
    let mut keys = vec![];
    for output in outputs {
        match output.item {
            Item::Key(axis) if is_partition(query, axis) => keys.push(axis),
            Item::CountAll => {}
            _ => return None,
        }
    }
    let counted = outputs.iter().any(|o| o.item == Item::CountAll);
    let table = counted && query.x.is_empty() && query.axes.len() == 2;
    keys.try_into().ok().filter(|_| table)
}

/// Adds the cross table and its tests.
pub fn show(released: &Released, [rows, columns]: [usize; 2], answer: &mut Answer) {
    let count = |row: usize, column: usize| {
        let mut group = [0; 3];
        group[rows] = row;
        group[columns] = column;
        released.count(group)
    };
    let (height, width) = (released.size(rows), released.size(columns));
    let of_row = |row| (0..width).map(move |column| count(row, column));
    let labelled = |row| {
        let label = Entry::Text(released.label(rows, row));
        let cells = of_row(row).map(Entry::count);
        std::iter::once(label).chain(cells).collect()
    };
    let (down, across) = (released.axis_name(rows), released.axis_name(columns));
    let labels = (0..width).map(|column| released.label(columns, column));
    answer.sections.push(Section {
        title: Some(format!("{down} (rows) by {across} (columns)")),
        headings: std::iter::once(String::new()).chain(labels).collect(),
        rows: (0..height).map(labelled).collect(),
        notes: vec![],
    });
    if height > 1 && width > 1 {
        let cells: Vec<_> = (0..height).flat_map(of_row).collect();
        let mut section = tests(width, &cells);
        if cells.len() == 4 && !section.rows.is_empty() {
            let (row, column) = (released.label(rows, 1), released.label(columns, 1));
            let against = released.label(rows, 0);
            compare(&cells, &mut section);
            section.notes.push(format!(
                "risks are of {across} = {column}, for {down} = {row} against {against}"
            ));
        }
        answer.sections.push(section);
    }
}

/// Tests of independence; where a cell is withheld the reason stands in their place.
fn tests(width: usize, cells: &[Option<Figure>]) -> Section {
    let mut section = Section {
        title: Some("Tests of independence".into()),
        headings: vec!["statistic".into(), "value".into()],
        ..Section::default()
    };
    let result = CrossTable::new(width, cells).and_then(|t| fill(&t, &mut section));
    if let Err(e) = result {
        section.rows.clear();
        section.notes.push(refusal(&e));
    }
    section
}

fn refusal(error: &StatisticsError) -> String {
    match error {
        StatisticsError::Suppressed(cells) if cells.len() == 1 => {
            "no test: it needs every cell, and one is withheld".into()
        }
        StatisticsError::Suppressed(cells) => format!(
            "no test: it needs every cell, and {} are withheld",
            cells.len()
        ),
        other => format!("no test: {other}"),
    }
}

fn fill(table: &CrossTable, section: &mut Section) -> Result<(), StatisticsError> {
    let chi = table.chi_square()?;
    let named = |name: &str, entry| vec![Entry::Text(name.into()), entry];
    let title = chi_square_title(chi.freedom);
    section.rows = vec![
        named(&title, Entry::figure(Ok(chi.statistic))),
        named("p-value", Entry::Probability(chi.p)),
        named("Cramer's V", Entry::figure(Ok(chi.cramers_v))),
    ];
    if chi.sparse {
        let least = chi.least_expected;
        section.notes.push(format!(
            "the chi-square approximation is doubtful: a cell expects only {least:.1}"
        ));
    }
    Ok(())
}

/// Adds odds and risks of a 2 x 2 table: of the second column, for the second row against the first, since "yes" comes
/// after "no".
fn compare(cells: &[Option<Figure>], section: &mut Section) {
    let turned: Vec<_> = cells.iter().rev().copied().collect();
    let table = CrossTable::new(2, &turned);
    let Ok(two) = table.and_then(|t| TwoByTwo::try_from(&t)) else {
        return;
    };
    let level = Level::default();
    let named = |name: &str, estimate| vec![Entry::Text(name.into()), Entry::estimate(estimate)];
    section.rows.extend([
        named("odds ratio", two.odds_ratio(level)),
        named("risk ratio", two.risk_ratio(level)),
        named("risk difference", two.risk_difference(level)),
    ]);
}

/// The name of a chi-square statistic.
pub fn chi_square_title(freedom: usize) -> String {
    match freedom {
        1 => "chi-square, 1 degree of freedom".into(),
        more => format!("chi-square, {more} degrees of freedom"),
    }
}

/// Whether an axis holds disjoint groups.
fn is_partition(query: &Query, axis: usize) -> bool {
    query
        .axes
        .get(axis)
        .is_some_and(|a| a.kind == AxisKind::Partition)
}
