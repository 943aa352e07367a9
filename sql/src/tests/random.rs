//! Random conditions against a plain evaluator of SQL's three-valued logic that knows nothing of codes or clauses.

use super::compiled_over;
use crate::Reason;
use nectar_verifier::{
    column::{Column, Kind},
    query::{Axis, Query},
};
use proptest::prelude::*;
use std::{collections::HashMap, fmt};

/// The columns: two numbers and a truth value. The values are those of `row`.
const SIZES: [u16; 3] = [5, 4, 3];
const NAMES: [&str; 3] = ["a", "b", "c"];

/// A row: `a` in 1, 2, 3, 4; `b` in 0.5, 1.0, 1.5; `c` a truth value as 0 or 1. All in halves.
type Row = [Option<i64>; 3];

/// A condition as SQL has it.
#[derive(Debug, Clone)]
enum Condition {
    Compare(usize, &'static str, i64),
    In(usize, Vec<i64>, bool),
    Between(usize, i64, i64, bool),
    Null(usize, bool),
    Truth(bool),
    Is(Box<Condition>, &'static str),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

use Condition::*;

fn columns(sizes: [u16; 3]) -> Vec<Column> {
    let number = |min, step, scale, codes: u16| Kind::Number {
        min,
        step,
        scale,
        count: codes - 1,
        unit: String::new(),
    };
    let consent = Kind::Consent {
        purpose: "research".into(),
        first: 2024 * 12,
        count: 24,
    };
    let kinds = [
        number(1, 1, 0, sizes[0]),
        number(5, 5, 1, sizes[1]),
        Kind::Boolean,
        consent,
    ];
    let names = NAMES.iter().chain(&["consent"]);
    let column = |(name, kind): (&&str, Kind)| Column {
        name: (*name).into(),
        kind,
    };
    names.zip(kinds).map(column).collect()
}

/// All rows with their codes.
fn rows() -> impl Iterator<Item = ([u16; 3], Row)> {
    let [a, b, c] = SIZES;
    let codes = (0..a).flat_map(move |i| (0..b).flat_map(move |j| (0..c).map(move |k| [i, j, k])));
    let halves = |[a, b, c]: [u16; 3]| {
        let value = |code: u16, halves: i64| (code > 0).then(|| i64::from(code) * halves);
        [value(a, 2), value(b, 1), (c > 0).then(|| i64::from(c) - 1)]
    };
    codes.map(move |c| (c, halves(c)))
}

/// SQL's value of a condition: `None` is unknown.
fn eval(condition: &Condition, row: &Row) -> Option<bool> {
    let negate = |negated: bool, value: Option<bool>| value.map(|v| v != negated);
    match condition {
        Compare(c, sign, k) => row[*c].map(|v| match *sign {
            "=" => v == *k,
            "<>" => v != *k,
            "<" => v < *k,
            "<=" => v <= *k,
            ">" => v > *k,
            _ => v >= *k,
        }),
        In(c, list, negated) => negate(*negated, row[*c].map(|v| list.contains(&v))),
        Between(c, lo, hi, negated) => negate(*negated, row[*c].map(|v| *lo <= v && v <= *hi)),
        Null(c, negated) => Some(row[*c].is_none() != *negated),
        Truth(value) => Some(*value),
        Is(e, what) => {
            let value = eval(e, row);
            Some(match *what {
                "TRUE" => value == Some(true),
                "NOT TRUE" => value != Some(true),
                "FALSE" => value == Some(false),
                "NOT FALSE" => value != Some(false),
                "UNKNOWN" => value.is_none(),
                _ => value.is_some(),
            })
        }
        Not(e) => eval(e, row).map(|v| !v),
        And(a, b) => match (eval(a, row), eval(b, row)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Or(a, b) => match (eval(a, row), eval(b, row)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    }
}

/// A constant as written: halves for numbers, truth values for `c`.
fn constant(column: usize, value: i64) -> String {
    match column {
        2 => (if value == 0 { "FALSE" } else { "TRUE" }).into(),
        _ => format!(
            "{}{}.{}",
            if value < 0 { "-" } else { "" },
            value.abs() / 2,
            value.abs() % 2 * 5
        ),
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        match self {
            Compare(c, sign, k) => write!(f, "{} {sign} {}", NAMES[*c], constant(*c, *k)),
            In(c, list, negated) => {
                let list: Vec<_> = list.iter().map(|k| constant(*c, *k)).collect();
                write!(f, "{} {}IN ({})", NAMES[*c], not(negated), list.join(", "))
            }
            Between(c, lo, hi, negated) => {
                let (lo, hi) = (constant(*c, *lo), constant(*c, *hi));
                write!(f, "{} {}BETWEEN {lo} AND {hi}", NAMES[*c], not(negated))
            }
            Null(c, negated) => write!(f, "{} IS {}NULL", NAMES[*c], not(negated)),
            Truth(value) => write!(f, "{value}"),
            Is(e, what) => write!(f, "({e}) IS {what}"),
            Not(e) => write!(f, "NOT ({e})"),
            And(a, b) => write!(f, "({a}) AND ({b})"),
            Or(a, b) => write!(f, "({a}) OR ({b})"),
        }
    }
}

fn leaf() -> impl Strategy<Value = Condition> {
    let signs = prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let number = (0usize..2, signs, -1i64..10).prop_map(|(c, s, k)| Compare(c, s, k));
    let list = prop::collection::vec(0i64..9, 1..4);
    prop_oneof![
        6 => number,
        2 => (prop::sample::select(vec!["=", "<>"]), 0i64..2).prop_map(|(s, k)| Compare(2, s, k)),
        2 => (0usize..2, list, any::<bool>()).prop_map(|(c, l, n)| In(c, l, n)),
        2 => (0usize..2, 0i64..9, 0i64..9, any::<bool>()).prop_map(|(c, l, h, n)| Between(c, l, h, n)),
        2 => (0usize..3, any::<bool>()).prop_map(|(c, n)| Null(c, n)),
        1 => any::<bool>().prop_map(Truth),
    ]
}

fn condition(depth: u32) -> impl Strategy<Value = Condition> {
    let is = [
        "TRUE",
        "NOT TRUE",
        "FALSE",
        "NOT FALSE",
        "UNKNOWN",
        "NOT UNKNOWN",
    ];
    leaf().prop_recursive(depth, 24, 2, move |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            1 => (inner.clone(), prop::sample::select(is.to_vec())).prop_map(|(e, w)| Is(e.into(), w)),
            2 => inner.prop_map(|e| Not(e.into())),
            3 => pair.clone().prop_map(|(a, b)| And(a.into(), b.into())),
            3 => pair.prop_map(|(a, b)| Or(a.into(), b.into())),
        ]
    })
}

/// The query of a condition; `None` where no row can match.
fn compile(condition: &Condition, keys: &str) -> Result<Option<Query>, String> {
    let text = format!("SELECT COUNT(*) FROM lung WHERE {condition} {keys}");
    match compiled_over(&columns(SIZES), &text) {
        Ok(compiled) => Ok(Some(compiled.query)),
        Err(e) if matches!(e.reason, Reason::Never(_)) => Ok(None),
        Err(e) => Err(e.to_string()),
    }
}

fn keeps(query: &Query, codes: &[u16; 3]) -> bool {
    query.clauses().all(|clause| {
        let mut literals = clause.iter();
        literals.any(|l| l.set.contains(codes[usize::from(l.column)]))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn exactly_the_true_rows_are_kept(condition in condition(5)) {
        let compiled = compile(&condition, "");
        if let Err(e) = &compiled {
            prop_assert!(e.contains("the condition needs"), "{}: {}", condition, e);
        }
        for (codes, row) in rows() {
            let want = eval(&condition, &row) == Some(true);
            let got = match &compiled {
                Ok(query) => query.as_ref().is_some_and(|q| keeps(q, &codes)),
                Err(_) => want,
            };
            prop_assert_eq!(got, want, "{} on {:?}", &condition, row);
        }
    }
}

/// The numbers of groups that hold a row's code, by axis.
fn groups(query: &Query, codes: &[u16; 3]) -> Vec<usize> {
    let holds = |a: &Axis| {
        let code = codes[usize::from(a.column)];
        a.groups.iter().filter(|g| g.contains(code)).count()
    };
    query.axes.iter().map(holds).collect()
}

proptest! {
    #[test]
    fn every_true_row_is_in_its_groups_once(condition in condition(4)) {
        let Ok(query) = compile(&condition, "GROUP BY a, CUMULATIVE(b), WITH_NULL(c)") else {
            return Ok(());
        };
        for (codes, row) in rows() {
            let counted = eval(&condition, &row) == Some(true) && row[0].is_some() && row[1].is_some();
            let kept = query.as_ref().filter(|q| keeps(q, &codes));
            let got = kept.map(|q| groups(q, &codes)).filter(|g| g.iter().all(|n| *n > 0));
            let want = counted.then(|| vec![1, usize::from(codes[1]), 1]);
            prop_assert_eq!(got, want, "{} on {:?}", &condition, row);
        }
    }

    #[test]
    fn no_text_panics(words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..24)) {
        for start in ["", "SELECT COUNT(*) FROM lung WHERE a", "SELECT COUNT(*) FROM lung GROUP BY"] {
            let text = format!("{start} {}", words.join(" "));
            let _ = compiled_over(&columns(SIZES), &text);
        }
    }
}

/// Words of texts that are mostly nonsense.
#[rustfmt::skip]
const WORDS: [&str; 49] = [
    "SELECT", "COUNT(*)", "AVG(a)", "FROM", "lung", "WHERE", "GROUP", "BY", "a", "b", "c", "tag", "é", "\"", "'x",
    "'2024-02-30'", "DATE", "(", ")", ",", ".", "*", "=", "<>", "<", ">=", "AND", "OR", "NOT", "IS", "NULL", "IN",
    "BETWEEN", "LIKE", "UNKNOWN", "1", "-", "9e99", "0.5", "1e-300", "BIN(a,", "KM(a, c)", "CUMULATIVE", "AS",
    "WITH_NULL(", "OLS(a ~ b)", "GRAM", ";", "AT_LEAST(b, 9)",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Not for conjunctions only: the normal form is one a meaning, as long as it fits.
    #[test]
    fn one_meaning_is_one_query(conditions in prop::collection::vec(condition(3), 200)) {
        let mut known: HashMap<Vec<bool>, (String, Option<Query>)> = HashMap::new();
        for condition in conditions {
            let Ok(query) = compile(&condition, "") else { continue };
            let truth = rows().map(|(_, row)| eval(&condition, &row) == Some(true)).collect();
            let text = condition.to_string();
            let (first, same) = known.entry(truth).or_insert_with(|| (text.clone(), query.clone()));
            prop_assert_eq!(&*same, &query, "{} / {}", first, text);
        }
    }
}
