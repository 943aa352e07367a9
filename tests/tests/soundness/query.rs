//! Queries that are not canonical: refused by prover and verifier, never normalised.

use nectar_testkit::{
    cohort::at,
    queries::{self, begins, by, from, or},
    world::World,
};
use nectar_verifier::{
    bundle::VerifyError,
    query::{CodeSet, MAX_LITERALS, Query, QueryError, Variant},
    statement::StatementError,
};

fn runs(missing: bool, runs: &[(u16, u16)]) -> CodeSet {
    CodeSet {
        missing,
        runs: runs.to_vec(),
    }
}

/// The query's check, the prover and the verifier of a bundle refuse alike.
fn refused(name: &str, change: impl Fn(&mut Query)) -> QueryError {
    let world = World::clinic();
    let mut query = queries::counts();
    let header = world.snapshot.header();
    assert_eq!(query.check(header.columns.as_slice()), Ok(()));
    change(&mut query);
    let error = query.check(header.columns.as_slice()).expect_err(name);
    let prover = nectar_engine::statement(&world.snapshot, &query).map(|_| ());
    assert_eq!(
        prover,
        Err(StatementError::Query(error.clone())),
        "{name}: prover"
    );
    let mut bundle = world.honest(&queries::counts());
    bundle.query = query;
    let verifier = world.judge(&bundle);
    // A bundle opens the columns of its own query; others are unknown to the verifier.
    let known = matches!(
        verifier,
        Err(VerifyError::Statement(StatementError::Query(_)))
    );
    assert!(known, "{name}: {verifier:?}");
    error
}

#[test]
fn code_sets() {
    let rises = "runs rise, do not overlap or touch, and begin at code 1 or later";
    let range = "a run has lo <= hi <= T_c - 1";
    let cases = [
        ("overlapping", runs(false, &[(1, 4), (3, 6)]), rises),
        ("doubled", runs(false, &[(1, 4), (1, 4)]), rises),
        ("touching", runs(false, &[(1, 4), (5, 6)]), rises),
        ("reversed order", runs(false, &[(5, 6), (1, 2)]), rises),
        ("code 0 in a run", runs(false, &[(0, 4)]), rises),
        ("reversed run", runs(false, &[(4, 3)]), range),
        ("out of range", runs(false, &[(1, 13)]), range),
        ("far out of range", runs(false, &[(1, u16::MAX)]), range),
        ("empty", runs(false, &[]), "the set is empty"),
        (
            "everything",
            runs(true, &[(1, 12)]),
            "the set is everything",
        ),
    ];
    for (name, set, rule) in cases {
        let column = at::AGE;
        let want = QueryError::Set { column, rule };
        let literal = refused(name, |q| q.literals = vec![begins(column, set.clone())]);
        assert_eq!(literal, want, "{name} in a literal");
        let axis = refused(name, |q| {
            q.literals.clear();
            q.axes[0].column = column;
            q.axes[0].groups = vec![set.clone()];
        });
        assert_eq!(axis, want, "{name} in an axis");
    }
}

#[test]
fn literals() {
    let (one, two) = (CodeSet::run(1, 1), CodeSet::run(2, 2));
    let error = |rule| QueryError::Literals(rule);
    let rises = error("the literals of a clause rise by column, each column once");
    let cases = [
        (
            "joins nothing",
            vec![or(at::SEX, one.clone())],
            error("the first literal joins nothing"),
        ),
        (
            "falling in a clause",
            vec![begins(at::SEX, one.clone()), or(at::AGE, one.clone())],
            rises.clone(),
        ),
        (
            "a column twice in a clause",
            vec![begins(at::SEX, one.clone()), or(at::SEX, two.clone())],
            rises,
        ),
        (
            "two single clauses",
            vec![begins(at::SEX, one.clone()), begins(at::SEX, two)],
            error("one-literal clauses are on different columns"),
        ),
        (
            "falling clauses",
            vec![begins(at::SITE, one.clone()), begins(at::SEX, one.clone())],
            error("clauses rise by their encoding"),
        ),
        (
            "one clause twice",
            [(); 2]
                .map(|()| vec![begins(at::AGE, one.clone()), or(at::SEX, one.clone())])
                .concat(),
            error("clauses rise by their encoding"),
        ),
    ];
    for (name, literals, want) in cases {
        let got = refused(name, |q| q.literals = literals.clone());
        assert_eq!(got, want, "{name}");
    }
}

#[test]
fn columns_no_query_may_name() {
    let kind = |column| QueryError::Kind(column, "in a query: it holds consent or tags");
    for column in [at::RESEARCH, at::CARE] {
        let set = CodeSet::run(1, 3);
        assert_eq!(
            refused("literal", |q| q.literals =
                vec![begins(column, set.clone())]),
            kind(column)
        );
        assert_eq!(refused("axis", |q| q.axes[0].column = column), kind(column));
    }
    let unknown = refused("unknown", |q| {
        q.literals = vec![begins(99, CodeSet::run(1, 1))]
    });
    assert_eq!(unknown, QueryError::UnknownColumn(99));
    for column in [at::SEX, at::SEEN, at::SMOKER, at::RESEARCH] {
        let got = refused("sum", |q| {
            q.variant = Variant::Moments;
            q.x = vec![column];
        });
        assert_eq!(
            got,
            QueryError::Kind(column, "in a sum: it is not an integer or decimal column")
        );
    }
}

#[test]
fn axes() {
    let set = |rule| QueryError::Set {
        column: at::SITE,
        rule,
    };
    let group = |groups: &[CodeSet]| {
        let groups = groups.to_vec();
        refused("groups", move |q| q.axes[0].groups = groups.clone())
    };
    let (one, two, last) = (CodeSet::run(1, 1), CodeSet::run(2, 2), CodeSet::run(1, 4));
    let rising = "groups rise by their least code";
    assert_eq!(group(&[]), set("an axis has a group"));
    assert_eq!(group(&[two.clone(), one.clone()]), set(rising));
    assert_eq!(group(&[one.clone(), one.clone()]), set(rising));
    assert_eq!(
        group(&[runs(true, &[]), runs(true, &[(1, 1)])]),
        set(rising)
    );
    assert_eq!(
        group(&[last.clone(), two.clone()]),
        set("groups are disjoint")
    );
    assert_eq!(
        group(&[runs(false, &[(1, 1), (3, 3)]), CodeSet::run(2, 3)]),
        set("groups are disjoint")
    );
    let tails = set("cumulative groups are runs to the last code, with rising beginnings");
    let cumulative = |beginnings: &[u16], last: u16| {
        let axis = from(at::SITE, beginnings, last);
        refused("cumulative", move |q| q.axes[0] = axis.clone())
    };
    assert_eq!(cumulative(&[1, 2], 3), tails);
    assert_eq!(cumulative(&[2, 1], 4), tails);
    assert_eq!(cumulative(&[2, 2], 4), tails);
    let missing = refused("missing", |q| {
        q.axes[0] = from(at::SITE, &[2], 4);
        q.axes[0].groups[0].missing = true;
    });
    assert_eq!(missing, tails);
}

#[test]
fn forms() {
    let form = |rule| QueryError::Form(rule);
    let sums = form("moments sum one column, gram 1 to 7, counts none");
    let axes = form("counts have up to three axes, moments two, gram one");
    let numbers = |q: &mut Query, variant, x: &[u16]| {
        q.variant = variant;
        q.x = x.to_vec();
    };
    assert_eq!(refused("a sum in counts", |q| q.x = vec![at::AGE]), sums);
    assert_eq!(refused("no sum", |q| q.variant = Variant::Moments), sums);
    assert_eq!(
        refused("two sums", |q| numbers(
            q,
            Variant::Moments,
            &[at::AGE, at::HBA1C]
        )),
        sums
    );
    assert_eq!(
        refused("two axes", |q| numbers(q, Variant::Gram, &[at::AGE])),
        axes
    );
    let falling = refused("falling", |q| {
        numbers(q, Variant::Gram, &[at::HBA1C, at::AGE]);
        q.axes.pop();
    });
    assert_eq!(falling, form("the columns of a gram rise"));
    let doubled = refused("doubled", |q| {
        numbers(q, Variant::Gram, &[at::AGE, at::AGE]);
        q.axes.pop();
    });
    assert_eq!(doubled, form("the columns of a gram rise"));
    let cumulative = refused("cumulative", |q| {
        numbers(q, Variant::Moments, &[at::AGE]);
        q.axes = vec![from(at::SITE, &[1], 4)];
    });
    assert_eq!(cumulative, form("cumulative axes are for counts only"));
}

#[test]
fn limits() {
    let limit = |what, got, most| QueryError::Limit { what, got, most };
    let set = CodeSet::run(1, 1);
    let many = refused("literals", |q| {
        q.literals = vec![begins(at::AGE, set.clone()); MAX_LITERALS + 1]
    });
    assert_eq!(many, limit("literals", 13, 12));
    assert_eq!(
        refused("axes", |q| q.axes = vec![by(at::SITE, 1..=1); 4]),
        limit("axes", 4, 3)
    );
    assert_eq!(
        refused("sums", |q| q.x = vec![at::AGE; 8]),
        limit("summed columns", 8, 7)
    );
    let groups = refused("groups", |q| q.axes[0].groups = vec![set.clone(); 257]);
    assert_eq!(groups, limit("groups of an axis", 257, 256));
    let one = runs(false, &vec![(1, 1); 2049]);
    assert_eq!(
        refused("runs", |q| q.literals = vec![begins(at::AGE, one.clone())]),
        limit("runs of codes", 2049 + 6, 2048)
    );
    let one = runs(false, &vec![(1, 1); 257]);
    assert_eq!(
        refused("runs of a set", |q| q.literals =
            vec![begins(at::AGE, one.clone())]),
        limit("runs of a code set", 257, 256)
    );
}

/// 256 cells are one group of eight axes' worth less than this: refused as too large, without overflow.
#[test]
fn more_cells_than_the_wide_circuit() {
    let world = World::clinic();
    let mut query = queries::counts();
    query.axes = vec![
        by(at::AGE, 1..=12),
        by(at::HBA1C, 1..=20),
        by(at::SEX, 1..=2),
    ];
    let refused = nectar_engine::statement(&world.snapshot, &query).map(|_| ());
    let want = StatementError::Size {
        literals: 1,
        cells: 480,
    };
    assert_eq!(refused, Err(want));
}

/// Bytes that decode to a query in another way than its encoding.
#[test]
fn encodings() {
    let bytes = queries::counts().encode();
    assert_eq!(Query::decode(&bytes), Ok(queries::counts()));
    assert!(
        Query::decode(&[bytes.as_slice(), &[0; 32]].concat()).is_err(),
        "padded"
    );
    assert!(
        Query::decode(&bytes[..bytes.len() - 32]).is_err(),
        "truncated"
    );
    assert!(
        Query::decode(&vec![0; nectar_verifier::query::MAX_QUERY_BYTES + 1]).is_err(),
        "oversized"
    );
    for place in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[place] ^= 0x80;
        if let Ok(query) = Query::decode(&bent) {
            assert_eq!(query.encode(), bent, "byte {place}");
        }
    }
}
