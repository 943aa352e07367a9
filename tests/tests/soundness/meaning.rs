//! Answers whose value is known by hand: missing values, consent, presence, complete cases.

use nectar_testkit::{
    cohort::{Cohort, at, consent, labels, nearest, number},
    evaluate::Rows,
    queries::{begins, by, today},
    world::World,
};
use nectar_verifier::{
    query::{CodeSet, Query, Variant},
    verified::Cell,
};

const X: u16 = 0;
const G: u16 = 1;

/// Rows as (x, g, consent), counted exactly from two on.
fn world(rows: &[(u16, u16, u16)]) -> World {
    let columns = vec![number("x", 9), labels("g", 3), consent("research")];
    let mut cohort = Cohort::random(columns, rows.len(), 4, nearest(2, 1), 1);
    cohort.codes = vec![
        rows.iter().map(|r| r.0).collect(),
        rows.iter().map(|r| r.1).collect(),
        rows.iter().map(|r| r.2).collect(),
    ];
    World::of(cohort.commit(None))
}

/// Proves, verifies, and compares with the numbers of rows or sums expected.
fn answers(world: &World, query: &Query, want: &[u64]) {
    let header = world.snapshot.header();
    let rows = Rows {
        columns: &header.columns,
        codes: world.snapshot.codes(),
    };
    assert_eq!(rows.table(query), want, "the evaluator");
    let answer = world.answer(query);
    let [na, nc, nb] = answer.sizes();
    let places = (0..na).flat_map(|a| (0..nc).flat_map(move |c| (0..nb).map(move |b| (a, c, b))));
    for ((a, c, b), value) in places.zip(want) {
        let shown = match answer.cell(a, c, b) {
            Some(Cell::Released { value, bound }) => (value, bound),
            other => panic!("{other:?}"),
        };
        assert!(shown.0.abs_diff(*value) <= shown.1, "{shown:?} for {value}");
    }
}

/// COUNT(x), SUM(x), SUM(x^2), COUNT(*): code 0 is 0 and not -1, and is not counted as a value.
#[test]
fn missing_values_are_zero() {
    let world = world(&[(0, 1, 24), (0, 1, 24), (3, 1, 24), (5, 1, 24), (1, 1, 24)]);
    let mut query = today(Variant::Moments);
    query.x = vec![X];
    answers(&world, &query, &[3, 6, 20, 5]);
}

/// Withdrawn (0) and expired (17 of 18) never count; covered to the month itself (18) does.
#[test]
fn consent_covers_or_does_not() {
    let world = world(&[
        (1, 1, 0),
        (1, 1, 0),
        (1, 1, 1),
        (1, 1, 17),
        (1, 1, 17),
        (1, 2, 18),
        (1, 2, 18),
        (1, 3, 19),
        (1, 3, 24),
    ]);
    let mut query = today(Variant::Counts);
    query.axes = vec![by(G, 1..=3)];
    answers(&world, &query, &[0, 2, 2]);
}

/// `g NOT IN ('a')` holds for 'b' and 'c' and not for NULL; `g IS NULL` is a group of its own, and rows that do not
/// exist are in none: 18 rows leave 14 of the second segment empty.
#[test]
fn null_and_absence() {
    let rows: Vec<_> = (0..18u16).map(|i| (1 + i % 3, i % 4, 24)).collect();
    let world = world(&rows);
    let mut not_in = today(Variant::Counts);
    not_in.literals = vec![begins(G, CodeSet::run(2, 3))];
    answers(&world, &not_in, &[8]);
    let mut is_null = today(Variant::Counts);
    is_null.literals = vec![begins(G, CodeSet::of([0]))];
    answers(&world, &is_null, &[5]);
    let mut groups = today(Variant::Counts);
    groups.axes = vec![by(G, 0..=3)];
    answers(&world, &groups, &[5, 5, 4, 4]);
    answers(&world, &today(Variant::Counts), &[18]);
}

/// The verifier itself adds that every column of a gram is present.
#[test]
fn complete_cases() {
    let world = World::clinic();
    let mut query = today(Variant::Gram);
    query.x = vec![at::AGE, at::HBA1C];
    let statement = nectar_engine::statement(&world.snapshot, &query).expect("a statement");
    let added: Vec<u16> = statement.literals().iter().map(|l| l.column).collect();
    assert_eq!(added, query.x);
    // A clause of one's own that leaves out missing stands for it; one that admits missing does not.
    query.literals = vec![begins(at::AGE, CodeSet::run(2, 5))];
    let own = nectar_engine::statement(&world.snapshot, &query).expect("a statement");
    assert_eq!(own.literals().len(), 2);
    query.literals[0].set.missing = true;
    let open = nectar_engine::statement(&world.snapshot, &query).expect("a statement");
    assert_eq!(open.literals().len(), 3);
    let world = self::world(&[(0, 1, 24), (4, 1, 24), (3, 1, 24), (2, 1, 24), (0, 1, 24)]);
    let mut query = today(Variant::Gram);
    query.x = vec![X];
    let answer = world.answer(&query);
    let shown = |a, b| match answer.cell(a, 0, b) {
        Some(Cell::Released { value, bound }) => (value, bound),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown(0, 0), (3, 0));
    let (sum, bound) = shown(0, 1);
    assert!(sum.abs_diff(6) <= bound);
}
