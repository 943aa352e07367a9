//! Texts of one meaning are one query, others are others; and the queries are the ones meant.

use super::{CodeSet, columns, compiled, query, runs};
use crate::{Item, Moment, Pair};
use nectar_verifier::{
    header::{Core, dataset_id},
    policy::{Policy, Rounding},
    query::{AxisKind, Variant},
    statement::Statement,
};

/// A header the queries have statements over.
fn core() -> Core {
    Core {
        dataset: dataset_id("lung"),
        sequence: 1,
        parent: Default::default(),
        as_of: 0,
        utc_offset: 0,
        lag: 1,
        custodian: Default::default(),
        rows: 1000,
        segment_bits: 8,
        columns: 16,
        purposes: Default::default(),
        policy: Policy::new(13, 5, Rounding::Nearest, false, 12).unwrap(),
        srs: Default::default(),
        compact_key: Default::default(),
        wide_key: Default::default(),
    }
}

#[test]
fn one_meaning_is_one_query() {
    let mut seen = vec![];
    let columns = columns();
    for paragraph in include_str!("meaning.txt").split("\n\n").skip(1) {
        let mut lines = paragraph.lines();
        let first = lines.next().unwrap();
        let own = query(first);
        let statement = Statement::new(own.clone(), &core(), Some(9), columns.as_slice());
        assert!(statement.is_ok(), "{first}\n  {statement:?}");
        for other in lines {
            assert_eq!(own, query(other), "{first} / {other}");
        }
        assert!(!seen.contains(&own), "{first} is not a query of its own");
        seen.push(own);
    }
}

#[test]
fn literals_are_the_codes_meant() {
    let check = |condition: &str, want: &[(u16, bool, CodeSet)]| {
        let got = query(&format!("WHERE {condition}")).literals;
        let got: Vec<_> = got
            .into_iter()
            .map(|l| (l.column, l.joins, l.set))
            .collect();
        assert_eq!(got, want, "{condition}");
    };
    let missing = CodeSet {
        missing: true,
        runs: vec![],
    };
    check("age > 39.5", &[(1, false, runs(&[(23, 83)]))]);
    check("age IS NULL", &[(1, false, missing)]);
    check(
        "age <> 18 AND age NOT IN (20, 100)",
        &[(1, false, runs(&[(2, 2), (4, 82)]))],
    );
    check(
        "smoker AND age >= 100",
        &[(1, false, runs(&[(83, 83)])), (4, false, runs(&[(2, 2)]))],
    );
    check(
        "smoker OR age >= 100",
        &[(1, false, runs(&[(83, 83)])), (4, true, runs(&[(2, 2)]))],
    );
    check("visit < '2019-03-01'", &[(3, false, runs(&[(1, 2)]))]);
    check(r#""Site" = 'x'"#, &[(15, false, runs(&[(1, 1)]))]);
}

#[test]
fn axes_are_the_groups_meant() {
    let check = |key: &str, kind: AxisKind, want: &[CodeSet]| {
        let text = format!(
            "SELECT COUNT(*) FROM lung WHERE age < 45 AND age >= 20 GROUP BY {}",
            key
        );
        let axes = query(&text).axes;
        assert_eq!(
            (axes[0].kind, axes[0].groups.as_slice()),
            (kind, want),
            "{key}"
        );
    };
    let missing = CodeSet {
        missing: true,
        runs: vec![],
    };
    check(
        "sex",
        AxisKind::Partition,
        &[runs(&[(1, 1)]), runs(&[(2, 2)])],
    );
    check(
        "WITH_NULL(sex)",
        AxisKind::Partition,
        &[missing, runs(&[(1, 1)]), runs(&[(2, 2)])],
    );
    check(
        "BIN(age, 10)",
        AxisKind::Partition,
        &[runs(&[(3, 12)]), runs(&[(13, 22)]), runs(&[(23, 27)])],
    );
    check(
        "WITH_NULL(BINS(age, 40))",
        AxisKind::Partition,
        &[runs(&[(3, 22)]), runs(&[(23, 27)])],
    );
    check(
        "AT_LEAST(age, 30, 40, 50)",
        AxisKind::Cumulative,
        &[runs(&[(13, 83)]), runs(&[(23, 83)])],
    );
    check("YEAR(seen)", AxisKind::Partition, &[runs(&[(1, 366)])]);
}

#[test]
fn outputs_follow_the_select_list() {
    let check = |text: &str, variant: Variant, want: &[(Item, &str)]| {
        let got = compiled(text).unwrap();
        assert_eq!(got.query.variant, variant, "{text}");
        let outputs: Vec<_> = got
            .outputs
            .iter()
            .map(|o| (o.item.clone(), o.name.as_str()))
            .collect();
        assert_eq!(outputs, want, "{text}");
    };
    check(
        "SELECT smoker AS s, BIN(age, 20), COUNT(*) n FROM lung GROUP BY smoker, BIN(age, 20)",
        Variant::Counts,
        &[
            (Item::Key(1), "s"),
            (Item::Key(0), "BIN(age, 20)"),
            (Item::CountAll, "n"),
        ],
    );
    check(
        "SELECT AVG(weight), COUNT(*), COUNT(weight) FROM lung",
        Variant::Moments,
        &[
            (Item::Moment(Moment::Avg, 2), "AVG(weight)"),
            (Item::CountAll, "COUNT(*)"),
            (Item::Moment(Moment::Count, 2), "COUNT(weight)"),
        ],
    );
    let (y, x) = (2, 1);
    check(
        "SELECT REGR_SLOPE(weight, age) AS b, OLS(weight ~ age) AS fit FROM lung",
        Variant::Gram,
        &[
            (
                Item::Pair {
                    function: Pair::Slope,
                    y,
                    x,
                },
                "b",
            ),
            (Item::Ols { y, x: vec![x] }, "fit"),
        ],
    );
    let km = |time, event, occurred, stratum| Item::Km {
        time,
        event,
        occurred,
        stratum,
    };
    check(
        "SELECT smoker, KM(time, died, 6) AS km FROM lung GROUP BY smoker",
        Variant::Counts,
        &[(Item::Key(0), "smoker"), (km(1, 2, 1, Some(0)), "km")],
    );
    check(
        "SELECT KM(time, status IN ('alive'), 6) AS km FROM lung",
        Variant::Counts,
        &[(km(1, 0, 0, None), "km")],
    );
    // Left of those without the event is the last code alone.
    check(
        "SELECT KM(time, status = 'dead', 6) AS km FROM lung WHERE status <> 'alive'",
        Variant::Counts,
        &[(km(1, 0, 0, None), "km")],
    );
    check(
        "SELECT KM(time, status = 'dead', 6) AS km FROM lung",
        Variant::Counts,
        &[(km(1, 0, 1, None), "km")],
    );
}
