//! Answers from fixed cells, down to the text.

use super::derive;
use crate::{answer::Plot, grid::Grid, released::Released, statistics::Figure};
use nectar_sql::{Item, Moment, Output};
use nectar_verifier::{
    column::{Column, Kind},
    query::{Axis, AxisKind, CodeSet, Query, Variant},
};

fn boolean(name: &str) -> Column {
    Column {
        name: name.into(),
        kind: Kind::Boolean,
    }
}

fn weight() -> Column {
    Column {
        name: "weight".into(),
        kind: Kind::Number {
            min: 40,
            step: 1,
            scale: 0,
            count: 80,
            unit: "kg".into(),
        },
    }
}

fn axis(column: u16) -> Axis {
    Axis {
        column,
        kind: AxisKind::Partition,
        groups: vec![CodeSet::run(1, 1), CodeSet::run(2, 2)],
    }
}

fn rounded(value: f64) -> Option<Figure> {
    Some(Figure::within(value, value - 2.0, value + 2.0).unwrap())
}

fn cross(cells: &[Option<Figure>]) -> String {
    let query = Query {
        axes: vec![axis(0), axis(1)],
        ..Query::for_purpose(Variant::Counts, "research", 0)
    };
    let columns = [(0, boolean("treated")), (1, boolean("ill"))];
    text(&Released::fixed(query, columns, cells), &[])
}

fn text(released: &Released, outputs: &[Output]) -> String {
    let answer = derive(released, outputs);
    let mut lines = vec![];
    for section in &answer.sections {
        let grid = Grid::from(section);
        let headings = grid.columns.iter().map(|c| c.heading.clone());
        lines.extend(section.title.clone());
        lines.extend(
            [headings.collect::<Vec<_>>()]
                .iter()
                .chain(&grid.rows)
                .map(|row| format!("| {} |", row.join(" | "))),
        );
        lines.extend(grid.notes);
    }
    for plot in &answer.plots {
        lines.push(match plot {
            Plot::Bars { title, bars } => format!("{title} {bars:?}"),
            Plot::Steps { title, points } => format!("{title} {points:?}"),
        });
    }
    lines.join("\n")
}

fn output(item: Item, name: &str) -> Output {
    Output {
        item,
        name: name.into(),
    }
}

#[track_caller]
fn check(text: &str, wanted: &[&str]) {
    for want in wanted {
        assert!(text.contains(want), "want {want:?} in\n{text}");
    }
}

#[test]
fn a_cross_table_comes_with_its_tests() {
    let text = cross(&[100.0, 50.0, 60.0, 90.0].map(rounded));
    check(
        &text,
        &[
            "treated (rows) by ill (columns)",
            "100 ± 2",
            "chi-square, 1 degree of freedom",
            "odds ratio",
            "risk difference",
            "risks are of ill = true, for treated = true against false",
        ],
    );
}

#[test]
fn withheld_cells_leave_no_test() {
    let text = cross(&[rounded(100.0), None, rounded(60.0), rounded(90.0)]);
    check(
        &text,
        &[
            "withheld",
            "no test: it needs every cell, and one is withheld",
        ],
    );
    assert!(!text.contains("odds ratio"), "{text}");
}

fn moments(cells: [f64; 4], bound: f64) -> Released {
    let query = Query {
        x: vec![0],
        ..Query::for_purpose(Variant::Moments, "research", 0)
    };
    let cell = |value: f64| Figure::within(value, (value - bound).max(0.0), value + bound).ok();
    Released::fixed(query, [(0, weight())], &cells.map(cell))
}

/// 100 people of 40 kg + 30 on average: the sum of squares makes the variance 100.
#[test]
fn means_are_in_real_units_with_both_intervals() {
    let released = moments([100.0, 3000.0, 99_900.0, 100.0], 0.5);
    let outputs = [output(Item::Moment(Moment::Avg, 0), "mean")];
    let text = text(&released, &outputs);
    check(
        &text,
        &["mean of weight (kg)", "70.0", "68.0", "72.0", "69.8"],
    );
}

#[test]
fn clamped_and_uninformative_figures_say_so() {
    let released = moments([100.0, 3000.0, 89_000.0, 100.0], 5.0);
    let outputs = [output(Item::Moment(Moment::VarSamp, 0), "variance")];
    let text = text(&released, &outputs);
    check(
        &text,
        &[
            "? (clamped)",
            "rounding may exceed the figure",
            "0 stands in its place",
        ],
    );
}

#[test]
fn a_group_never_stands_without_its_label() {
    let query = Query {
        axes: vec![axis(0)],
        ..Query::for_purpose(Variant::Counts, "research", 0)
    };
    let columns = [(0, boolean("treated"))];
    let released = Released::fixed(query, columns, &[rounded(10.0), rounded(20.0)]);
    let text = text(&released, &[output(Item::CountAll, "n")]);
    check(
        &text,
        &[
            "| treated |",
            "| false ",
            "| true ",
            "[(\"false\", 10.0), (\"true\", 20.0)]",
        ],
    );
}

/// Everybody has an event at 1, 2 or 3: survival falls to 2/3, 1/3 and 0.
#[test]
fn a_curve_is_drawn_from_cumulative_counts() {
    let months = Column {
        name: "months".into(),
        kind: Kind::Number {
            min: 1,
            step: 1,
            scale: 0,
            count: 3,
            unit: String::new(),
        },
    };
    let tails = (1..=3).map(|t| CodeSet::run(t, 3)).collect();
    let time = Axis {
        column: 0,
        kind: AxisKind::Cumulative,
        groups: tails,
    };
    let query = Query {
        axes: vec![time, axis(1)],
        ..Query::for_purpose(Variant::Counts, "research", 0)
    };
    let cells = [0.0, 30.0, 0.0, 20.0, 0.0, 10.0].map(|n| Some(Figure::exact(n)));
    let released = Released::fixed(query, [(0, months), (1, boolean("dead"))], &cells);
    let km = Item::Km {
        time: 0,
        event: 1,
        occurred: 1,
        stratum: None,
    };
    let text = text(&released, &[output(km, "km")]);
    check(&text, &["| months |", "0.6", "median 2"]);
}
