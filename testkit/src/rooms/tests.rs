use super::{Case, Circle, Cycles, Error, digests::digest, measure};
use std::{fs, path::Path};
use tempfile::TempDir;

/// A workspace of one crate, `nectar-toy`, with these files in its `src/`.
fn toy(files: &[(&str, &str)]) -> TempDir {
    let root = TempDir::new().unwrap();
    write(root.path(), "ARCHITECTURE.md", "");
    write(
        root.path(),
        "Cargo.toml",
        "[workspace]\nmembers = [\"toy\"]",
    );
    write(
        root.path(),
        "toy/Cargo.toml",
        "[package]\nname = \"nectar-toy\"",
    );
    for (file, text) in files {
        write(root.path(), &format!("toy/src/{file}"), text);
    }
    root
}

fn write(root: &Path, file: &str, text: &str) {
    let file = root.join(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// The circles in such a crate, without the crate's name.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let circles = Cycles::read(toy(files).path()).unwrap();
    let found = circles.found.into_iter();
    found
        .map(|c| c.join(" ").replace("nectar_toy", "crate"))
        .collect()
}

const NONE: [&str; 0] = [];

/// A file `a.rs` that uses `b.rs`, which is as given.
fn pair(b: &str) -> Vec<String> {
    let a = "use crate::b::B;\npub struct A(B);\npub mod inner { pub fn f() {} }";
    found(&[("lib.rs", "mod a;\nmod b;\n"), ("a.rs", a), ("b.rs", b)])
}

#[test]
fn two_modules_that_use_each_other_are_a_circle() {
    for b in [
        "use crate::a::A;",
        "use super::a::A as Renamed;",
        "use crate::a::*;",
        "use crate::{a::{A, inner::{self, f}}};",
        "use crate::a; fn f(_: a::A) {}",
        "use super::a::inner as i; fn f() { i::f() }",
        "fn f() { use crate::a::A; }",
        "fn f() { crate::a::inner::f::<u8>() }",
        "fn f(_: Vec<super::a::A>) {}",
        "impl crate::a::A {}",
        "mod inline { fn f(_: super::super::a::A) {} }",
        "fn f() { assert!(x.y(crate::a::A::new())) }",
        "fn f() -> bool { matches!(x, crate::a::A(..)) }",
        "#[derive(crate::a::A)] struct D;",
        "#[cfg(not(test))] use crate::a::A;",
        "#[cfg(any(test, feature = \"f\"))] use crate::a::A;",
    ] {
        assert_eq!(pair(b), ["crate::a crate::b"], "{b}");
    }
}

#[test]
fn what_names_nothing_of_the_other_is_no_use() {
    for b in [
        "",
        "use crate::a;",
        "use std::a::A;",
        "use ::a::A;",
        "use other::a::A; fn f() { other::a::g() }",
        "struct A; fn f(_: A, a: u8) { a.inner(); vec![a.inner, 1..a] }",
        "mod a { pub struct A; } use a::A;",
        "mod a { pub struct A; } fn f(_: self::a::A) {}",
    ] {
        assert_eq!(pair(b), NONE, "{b}");
    }
}

#[test]
fn tests_do_not_count() {
    for b in [
        "#[cfg(test)] use crate::a::A;",
        "#[cfg(test)] mod checks { use crate::a::A; }",
        "mod tests { use crate::a::A; }",
        "mod tests;",
        "#[cfg(all(test, unix))] fn f(_: crate::a::A) {}",
        "#[test] fn f() { crate::a::inner::f() }",
        "struct B; impl B { #[cfg(test)] fn f(_: crate::a::A) {} }",
        "#![cfg(test)] use crate::a::A;",
    ] {
        assert_eq!(pair(b), NONE, "{b}");
    }
}

#[test]
fn three_modules_are_one_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::a::A; pub struct C;"),
        ("d.rs", "use crate::a::A; pub struct D;"),
    ];
    assert_eq!(found(&files), ["crate::a crate::b crate::c"]);
}

/// `prove` is both a module and a function, as in an engine; whoever imports it uses the file of the function.
#[test]
fn re_exports_lead_to_the_definition() {
    let mut files = [
        (
            "lib.rs",
            "pub mod engine; mod other; pub use engine::prove as again;",
        ),
        (
            "engine/mod.rs",
            "mod prove; mod scan; pub use prove::prove; pub use scan::*;",
        ),
        (
            "engine/prove.rs",
            "use crate::other::Other; pub fn prove() {}",
        ),
        ("engine/scan.rs", "pub fn scan() {}"),
        ("other.rs", "use crate::engine::prove; pub struct Other;"),
    ];
    let circle = ["crate::engine::prove crate::other"];
    assert_eq!(found(&files), circle);
    files[4].1 = "use crate::{again}; pub struct Other; fn f() { again() }";
    assert_eq!(found(&files), circle);
    files[4].1 = "use crate::engine; pub struct Other; fn f() { engine::prove() }";
    assert_eq!(found(&files), circle);
    // Through the glob it uses the scan, and so nothing that leads back.
    files[4].1 = "use crate::engine::scan; pub struct Other; fn f() { crate::engine::scan() }";
    assert_eq!(found(&files), NONE);
    files[3].1 = "use super::prove; pub fn scan() {}";
    assert_eq!(
        found(&files),
        ["crate::engine::prove crate::engine::scan crate::other"]
    );
}

#[test]
fn what_a_part_takes_from_its_module_is_no_circle() {
    let parent = "mod child; use child::X; pub struct Shared; fn f(_: X) {}";
    let child = ("child.rs", "use super::Shared; pub struct X;");
    assert_eq!(found(&[("lib.rs", parent), child]), NONE);
    let sibling = ("b.rs", "use crate::child::X; pub struct B;");
    let child = ("child.rs", "use super::{Shared, b::B}; pub struct X;");
    let parent = format!("mod b; {parent}");
    let circle = ["crate::b crate::child"];
    assert_eq!(found(&[("lib.rs", &parent), child, sibling]), circle);
}

#[test]
fn a_facade_stands_for_what_it_re_exports() {
    let child = ("child.rs", "use crate::b::B; pub struct X;");
    for b in ["use crate::X;", "use crate::*; fn f(_: X) {}"] {
        let b = format!("{b} pub struct B;");
        let files = [
            ("lib.rs", "mod b; mod child; pub use child::X;"),
            child,
            ("b.rs", &b),
        ];
        assert_eq!(found(&files), ["crate::b crate::child"], "{b}");
    }
}

#[test]
fn super_super_is_two_modules_up() {
    let files = [
        ("lib.rs", "mod a; mod top;"),
        ("a.rs", "mod b;"),
        ("a/b.rs", "mod c;"),
        (
            "a/b/c.rs",
            "use super::super::super::top::Top; pub struct C;",
        ),
        ("top.rs", "use crate::a::b::c::C; pub struct Top;"),
    ];
    assert_eq!(found(&files), ["crate::a::b::c crate::top"]);
}

#[test]
fn imports_that_lead_nowhere_end() {
    let a = "pub use crate::b::X; pub use crate::b::*; use a::a;";
    let b = "pub use crate::a::X; pub use crate::a::*; fn f(_: Y) {}";
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", b)];
    assert_eq!(found(&files), ["crate::a crate::b"]);
}

#[test]
fn programs_and_files_elsewhere_are_read() {
    let files = [
        ("main.rs", "#[path = \"away/x.rs\"] mod a; mod b;"),
        ("away/x.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::a::A; pub struct B;"),
    ];
    assert_eq!(found(&files), ["crate::a crate::b"]);
    let files = [
        ("lib.rs", ""),
        ("bin/tool/main.rs", "mod a; mod b;"),
        ("bin/tool/a.rs", "use crate::b::B; pub struct A;"),
        ("bin/tool/b.rs", "use crate::a::A; pub struct B;"),
    ];
    let circle = ["crate::bin::tool::a crate::bin::tool::b"];
    assert_eq!(found(&files), circle);
}

#[test]
fn what_cannot_be_read_is_named() {
    let error = |files: &[(&str, &str)]| Cycles::read(toy(files).path()).unwrap_err().to_string();
    assert!(error(&[("lib.rs", "mod gone;")]).contains("toy/src/gone.rs: "));
    assert!(error(&[("lib.rs", "fn")]).contains("toy/src/lib.rs: "));
    assert!(error(&[]).contains("toy/src: neither a library nor a program"));
}

fn listed(section: &str) -> Result<Vec<Circle>, Error> {
    let root = toy(&[("lib.rs", "")]);
    let text = format!("# Architecture\n\n- `a`: b\n\n{section}\n## After\n\n- `c`: d\n");
    write(root.path(), "ARCHITECTURE.md", &text);
    Cycles::read(root.path()).map(|c| c.allowed)
}

#[test]
fn the_list_is_read_from_its_section() {
    assert_eq!(listed("").unwrap(), Vec::<Circle>::new());
    let section = "## Circles of imports that stay\n\nAll of them:\n\n\
        - `x::c` <-> `x::d`: they are `one`, and\n  more.\n\
        - `x::b` <-> `x::a` <->\n  `x::b::c`: another: reason\n";
    let expected = [vec!["x::a", "x::b", "x::b::c"], vec!["x::c", "x::d"]];
    assert_eq!(listed(section).unwrap(), expected);
}

#[test]
fn an_entry_without_a_reason_is_refused() {
    for entry in [
        "`x::a` <-> `x::b`",
        "`x::a` <-> `x::b`: ",
        "`x::a`: alone",
        "x::a <-> x::b: no backticks",
        "`x::a` and `x::b`: no sign",
    ] {
        let section = format!("## Circles of imports that stay\n\n- {entry}\n");
        let error = listed(&section).unwrap_err().to_string();
        assert!(error.contains(entry.trim()), "{error}");
    }
}

/// The digests are those of another implementation.
#[test]
fn names_and_contents_are_hashed_by_length() {
    let root = TempDir::new().unwrap();
    write(root.path(), "v1/a.json", "{}\n");
    write(root.path(), "v1/notes.md", "not counted");
    let one = digest(root.path(), &["json", "nectar"]).unwrap();
    assert_eq!(
        one,
        "f3706c78fe7448b02f08e47ae11e9dba10099ec866771d898708104ddd303562"
    );
    write(root.path(), "b.nectar", "");
    let two = digest(root.path(), &["json", "nectar"]).unwrap();
    assert_eq!(
        two,
        "e436144387a620bce434087589284f1d8df86e409e60900aad69c826fa674faa"
    );
    assert!(digest(root.path(), &["txt"]).is_err());
    assert!(digest(&root.path().join("gone"), &["txt"]).is_err());
}

#[test]
fn measurements_are_one_object_a_line() {
    let root = toy(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::a::A; pub struct B;"),
    ]);
    for file in [
        "tests/vectors/v1/a.json",
        "circuits/src/fingerprint/a.txt",
        "contracts/artifacts/a.json",
    ] {
        write(root.path(), file, "");
    }
    let [cycles, digests, _] = measure(root.path()).unwrap();
    let json = |case: &Case| serde_json::to_string(case).unwrap();
    assert_eq!(
        json(&cycles),
        r#"{"case":"cycles","n":1,"allowed":[],"found":[["nectar_toy::a","nectar_toy::b"]]}"#
    );
    assert!(json(&digests).starts_with(r#"{"case":"digests","vectors":""#));
    let binary = |bytes| json(&Case::Binary { bytes });
    assert_eq!(binary(Some(7)), r#"{"case":"binary","bytes":7}"#);
    assert_eq!(binary(None), r#"{"case":"binary","bytes":null}"#);
}
