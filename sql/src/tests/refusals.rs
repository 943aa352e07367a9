//! Texts that are refused, and words of the reason.

use super::{compiled, query};
use crate::{Position, Relation, compile};
use nectar_verifier::date::parse_day;

fn check(text: &str, words: &str) {
    let error = match compiled(text) {
        Ok(compiled) => panic!("{text}\n  compiled to {:?}", compiled.query),
        Err(e) => e.to_string(),
    };
    for word in words.split(" | ") {
        assert!(error.contains(word), "{text}\n  {error}\n  lacks {word:?}");
    }
}

#[test]
fn refusals_say_why_and_what_instead() {
    let lines: Vec<_> = include_str!("refusals.txt").lines().collect();
    let cases = lines
        .windows(2)
        .filter_map(|w| Some((w[0], w[1].strip_prefix("    => ")?)));
    let mut count = 0;
    for (text, words) in cases {
        check(text, words);
        count += 1;
    }
    assert!(count > 100);
}

#[test]
fn limits() {
    let many = |part: &str, join: &str, n: usize| format!("WHERE {}", vec![part; n].join(join));
    let nested = |open: &str, close: &str, n: usize| {
        format!("WHERE {}smoker{}", open.repeat(n), close.repeat(n))
    };
    check("", "empty");
    check(&many("age > 5", " AND ", 5000), "bytes; at most 16384");
    check(&many("smoker", " AND ", 1200), "words and signs");
    check(&nested("(", ")", 200), "nesting");
    check(&nested("NOT ", "", 200), "not understood");
    let double = |e: String, _| format!("({e} OR age > 50) IS UNKNOWN");
    let doubling = (0..13).fold("smoker".to_owned(), double);
    check(
        &format!("WHERE {doubling}"),
        "the condition needs more parts",
    );
    let list: Vec<String> = (0..2000).map(|n| n.to_string()).collect();
    query(&format!("WHERE age IN ({})", list.join(", ")));
}

#[test]
fn deep_texts_need_little_stack() {
    let text = format!("WHERE {}", vec!["smoker"; 240].join(" OR "));
    let run = move || query(&text).literals.len();
    let small = std::thread::Builder::new().stack_size(512 << 10);
    assert_eq!(small.spawn(run).unwrap().join().unwrap(), 1);
}

#[test]
fn places_are_those_of_the_text() {
    let error = compiled("SELECT COUNT(*)\nFROM lung\nWHERE age > 5 AND agee = 6").unwrap_err();
    let (line, column) = (3, 19);
    assert_eq!(error.at, Some(Position { line, column }));
}

#[test]
fn purpose_and_day_are_checked() {
    let columns = super::columns();
    let check = |purpose: &str, day: &str, want: Option<&str>| {
        let (dataset, columns) = ("lung", columns.as_slice());
        let relation = Relation {
            name: dataset,
            columns,
        };
        let text = "SELECT COUNT(*) FROM lung";
        let compiled = compile(text, &relation, purpose, parse_day(day).unwrap());
        let error = compiled.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains(want.unwrap_or("")), "{error}");
        assert_eq!(error.is_empty(), want.is_none(), "{error}");
    };
    check("research", "2025-12-31", None);
    check("sale", "2025-12-31", Some("nearest: research"));
    check(
        "research",
        "2026-01-01",
        Some("a day from 2024-01 to 2025-12"),
    );
}
