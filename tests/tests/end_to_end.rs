//! Random cohorts and queries: what is proven is what the evaluator counts, after the disclosure rule.

#![cfg(test)]

use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_circuits::release::predicate;
use nectar_engine::{
    Observer, ProveError, Stage, Unobserved,
    dishonest::{self, Step},
};
use nectar_testkit::{
    cohort::{Cohort, TODAY, consent, day, labels, nearest, number},
    evaluate::Rows,
    keys::keys,
    queries,
    world::World,
};
use nectar_verifier::{
    disclosure::{CELL_BITS, release},
    policy::{Policy, Rounding},
    query::{Axis, AxisKind, CodeSet, Literal, Query, Variant},
    shape::Shape,
    statement::Statement,
    verified::Verdict,
};
use proptest::prelude::*;
use std::{
    cell::RefCell,
    sync::atomic::{AtomicBool, Ordering},
};

const NUMBERS: u16 = 5;
const COLUMNS: u16 = 8;

fn cohort(rng: &mut StdRng) -> Cohort {
    let mut columns: Vec<_> = (0..NUMBERS)
        .map(|i| number(&format!("x{i}"), rng.gen_range(1..20)))
        .collect();
    let more = (NUMBERS..COLUMNS).map(|i| labels(&format!("g{i}"), rng.gen_range(2..7)));
    columns.extend(more);
    columns.insert(usize::from(COLUMNS), consent("research"));
    let policy = match rng.gen_range(0..4) {
        0 => nearest(2, 1),
        1 => nearest(3, 5),
        2 => Policy::new(7, 6, Rounding::Midpoint6, true, 12).expect("valid"),
        _ => Policy::new(3, 5, Rounding::Nearest, false, 2).expect("valid"),
    };
    let rows = rng.gen_range(1..90);
    let bits = rng.gen_range(4..7);
    Cohort::random(columns, rows, bits, policy, rng.r#gen())
}

/// A random set of codes, neither empty nor everything.
fn set(rng: &mut StdRng, codes: u16) -> CodeSet {
    loop {
        let chosen: Vec<u16> = (0..codes).filter(|_| rng.gen_bool(0.6)).collect();
        if !chosen.is_empty() && chosen.len() < usize::from(codes) {
            return CodeSet::of(chosen);
        }
    }
}

/// Random clauses in canonical order.
fn literals(rng: &mut StdRng, cohort: &Cohort, most: usize) -> Vec<Literal> {
    let mut clauses: Vec<Vec<(u16, CodeSet)>> = vec![];
    let mut left = rng.gen_range(0..=most);
    while left > 0 {
        let size = rng.gen_range(1..=left.min(3));
        let columns: std::collections::BTreeSet<u16> =
            (0..size).map(|_| rng.gen_range(0..COLUMNS)).collect();
        let codes = |c: u16| cohort.columns[usize::from(c)].codes();
        let clause: Vec<_> = columns
            .into_iter()
            .map(|c| (c, set(rng, codes(c))))
            .collect();
        left -= clause.len();
        let single = |other: &Vec<(u16, CodeSet)>| other.len() == 1 && other[0].0 == clause[0].0;
        if clause.len() > 1 || !clauses.iter().any(single) {
            clauses.push(clause);
        }
    }
    clauses.sort();
    clauses.dedup();
    let literal = |(i, (column, set)): (usize, (u16, CodeSet))| Literal {
        column,
        joins: i > 0,
        set,
    };
    clauses
        .into_iter()
        .flat_map(|clause| clause.into_iter().enumerate().map(literal))
        .collect()
}

fn axis(rng: &mut StdRng, cohort: &Cohort, cumulative: bool) -> Axis {
    let column = rng.gen_range(NUMBERS..COLUMNS);
    let codes = cohort.columns[usize::from(column)].codes();
    if cumulative && rng.gen_bool(0.4) {
        let first = rng.gen_range(1..codes);
        let groups = (first..codes).map(|t| CodeSet::run(t, codes - 1)).collect();
        return Axis {
            column,
            kind: AxisKind::Cumulative,
            groups,
        };
    }
    let first = rng.gen_range(0..2);
    let groups = (first..codes).map(|code| CodeSet::of([code])).collect();
    Axis {
        column,
        kind: AxisKind::Partition,
        groups,
    }
}

fn query(rng: &mut StdRng, cohort: &Cohort) -> Query {
    let variant = [Variant::Counts, Variant::Moments, Variant::Gram][rng.gen_range(0..3)];
    let mut query = Query::for_purpose(variant, "research", day(TODAY));
    let (axes, sums) = match variant {
        Variant::Counts => (rng.gen_range(0..3), 0),
        Variant::Moments => (rng.gen_range(0..3), 1),
        Variant::Gram => (rng.gen_range(0..2), rng.gen_range(1..=NUMBERS)),
    };
    let counts = variant == Variant::Counts;
    query.axes = (0..axes).map(|_| axis(rng, cohort, counts)).collect();
    let first = rng.gen_range(0..=NUMBERS - sums);
    query.x = (first..first + sums).collect();
    query.literals = literals(rng, cohort, 7);
    query
}

/// The evaluator's table after the disclosure rule, over all cells of the shape.
fn want(world: &World, statement: &Statement) -> (Vec<u64>, Vec<u64>) {
    let header = world.snapshot.header();
    let rows = Rows {
        columns: &header.columns,
        codes: world.snapshot.codes(),
    };
    let mut table = rows.table(statement.query());
    table.resize(statement.shape().cells(), 0);
    assert!(table.iter().all(|n| n >> CELL_BITS == 0));
    let released = release(
        statement.policy(),
        statement.layout(),
        statement.widths(),
        &table,
    );
    (table, released.expect("a table of rows"))
}

/// Calls the work off when the circuit's turn comes.
#[derive(Default)]
struct BeforeTheCircuit(AtomicBool);

impl Observer for BeforeTheCircuit {
    fn stage(&self, _: Stage) {}

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Table, rounds, evaluations and fold satisfy the circuit's predicate, for the cells expected.
fn scans(seed: u64) -> Shape {
    let mut rng = StdRng::seed_from_u64(seed);
    let cohort = cohort(&mut rng);
    let world = World::of(cohort.commit(None));
    let statement = loop {
        let query = query(&mut rng, &cohort);
        if let Ok(statement) = nectar_engine::statement(&world.snapshot, &query) {
            break statement;
        }
    };
    let (table, released) = want(&world, &statement);
    let observer = BeforeTheCircuit::default();
    let seen = RefCell::new(0);
    let strategy = |step: Step<'_, '_>| match step {
        Step::Table(got) => assert_eq!(*got, table, "{:?}", statement.query()),
        Step::Released(got) => assert_eq!(*got, released, "{:?}", statement.query()),
        Step::Circuit(instance, witness) => {
            assert_eq!(
                predicate(instance, witness),
                Ok(()),
                "{:?}",
                statement.query()
            );
            *seen.borrow_mut() += 1;
            observer.0.store(true, Ordering::Relaxed);
        }
        _ => {}
    };
    let query = statement.query();
    let end = dishonest::forge(strategy, &world.snapshot, keys(), query, &observer);
    assert!(matches!(end, Err(ProveError::Cancelled)));
    assert_eq!(seen.take(), 1);
    statement.shape()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_queries_satisfy_the_circuit(seed: u64) {
        scans(seed);
    }
}

/// The generator reaches both shapes.
#[test]
fn both_shapes_are_reached() {
    let shapes: std::collections::BTreeSet<_> = (0..12).map(scans).collect();
    assert_eq!(shapes.len(), Shape::ALL.len());
}

/// Whole proofs, in both shapes, from query to verified cells.
#[test]
fn random_queries_are_proven_and_verified() {
    let mut left = [2, 1];
    for seed in 100.. {
        let mut rng = StdRng::seed_from_u64(seed);
        let cohort = cohort(&mut rng);
        let query = query(&mut rng, &cohort);
        let world = World::of(cohort.commit(None));
        let Ok(statement) = nectar_engine::statement(&world.snapshot, &query) else {
            continue;
        };
        let left_of_shape = &mut left[usize::from(statement.shape().id())];
        if *left_of_shape == 0 {
            continue;
        }
        *left_of_shape -= 1;
        let bundle = world.prove(&query);
        assert!(matches!(world.verify(&bundle), Ok(Verdict::Verified(_))));
        let (_, released) = want(&world, &statement);
        let cells: Vec<u64> = statement
            .used_cells()
            .into_iter()
            .map(|j| released[j])
            .collect();
        assert_eq!(bundle.cells, cells, "{query:?}");
        if left == [0, 0] {
            return;
        }
    }
}

/// A table is counted and released under its own policy: a statement compiled over another snapshot is refused before
/// any row is read.
#[test]
fn a_statement_is_proven_over_its_own_snapshot_alone() {
    let world = World::clinic();
    let open = Cohort {
        policy: nearest(2, 1),
        ..Cohort::clinic()
    };
    let other = open.commit(None);
    let statement = nectar_engine::statement(&other, &queries::counts()).expect("a statement");
    let proven = nectar_engine::prove(&world.snapshot, keys(), &statement, 0, &Unobserved);
    let (got, want) = (other.root(), world.snapshot.root());
    assert!(
        matches!(proven, Err(ProveError::Snapshot { got: g, want: w }) if (g, w) == (got, want)),
        "{:?}",
        proven.map(|_| ())
    );
}
