//! From text to one SELECT over one table, with limits, and every clause refused that a statement does not have.

use super::error::{Position, Reason, SqlError};
use sqlparser::{
    ast::{
        Expr, GroupByExpr, Ident, ObjectName, Query, Select, SelectItem, SetExpr, Statement,
        TableFactor, TableWithJoins,
    },
    dialect::AnsiDialect,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan, Tokenizer},
};

/// Longest text in bytes.
const MAX_TEXT: usize = 16 << 10;
/// Most words, signs and parentheses. A chain of operators is as deep a tree as it is long.
const MAX_WORDS: usize = 512;
/// Deepest nesting of parentheses and prefixes.
const MAX_NESTING: usize = 30;

/// The parts of a text that has the one form there is.
pub(super) struct Parsed {
    /// The table.
    pub table: ObjectName,
    /// The table's alias.
    pub alias: Option<Ident>,
    /// The select list.
    pub items: Vec<SelectItem>,
    /// WHERE.
    pub condition: Option<Expr>,
    /// GROUP BY.
    pub keys: Vec<Expr>,
}

/// Reads a text.
///
/// # Errors
/// Too long, not SQL, or not one plain SELECT.
pub(super) fn parse(text: &str) -> Result<Parsed, SqlError> {
    let mut statements = Parser::new(&AnsiDialect {})
        .with_recursion_limit(MAX_NESTING)
        .with_tokens_with_locations(tokens(text)?)
        .parse_statements()
        .map_err(syntax)?;
    let more = "queries are proven one at a time";
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => select(*query).and_then(parts),
        (Some(_), true) => Err(refusal("a statement other than SELECT", ONLY_SELECT)),
        (Some(_), false) => Err(refusal(
            "more than one statement",
            (more, "ask them singly"),
        )),
        (None, _) => Err(Reason::Syntax("the text is empty".into()).anywhere()),
    }
}

fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, SqlError> {
    limit("bytes", text.len(), MAX_TEXT)?;
    let tokens = Tokenizer::new(&AnsiDialect {}, text)
        .tokenize_with_location()
        .map_err(|e| syntax(e.into()))?;
    let flat = |t: &&TokenWithSpan| {
        !matches!(
            t.token,
            Token::Number(..) | Token::SingleQuotedString(_) | Token::Comma | Token::Whitespace(_)
        )
    };
    limit(
        "words and signs (values and commas not counted)",
        tokens.iter().filter(flat).count(),
        MAX_WORDS,
    )?;
    Ok(tokens)
}

fn limit(what: &'static str, got: usize, most: usize) -> Result<(), SqlError> {
    if got > most {
        return Err(Reason::Length { what, got, most }.anywhere());
    }
    Ok(())
}

/// The parser's own words, with the place it appends to them.
fn syntax(error: ParserError) -> SqlError {
    let (ParserError::TokenizerError(text) | ParserError::ParserError(text)) = error else {
        let (what, most) = ("levels of nesting, or more", MAX_NESTING);
        let got = most;
        return Reason::Length { what, got, most }.anywhere();
    };
    let place = text.rsplit_once(" at Line: ").and_then(|(words, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        let (line, column) = (line.parse().ok()?, column.parse().ok()?);
        Some((words.to_owned(), Position { line, column }))
    });
    match place {
        Some((words, at)) => SqlError {
            at: Some(at),
            reason: Reason::Syntax(words),
        },
        None => Reason::Syntax(text).anywhere(),
    }
}

/// Why something is refused, and what can be asked instead.
type Because = (&'static str, &'static str);

const ONLY_SELECT: Because = (
    "a proof is over the result of one SELECT",
    "SELECT COUNT(*) FROM dataset WHERE ...",
);
const ONE_TABLE: Because = (
    "a proof is over the rows of one dataset, one row a person",
    "name the dataset alone, with what you need as its columns",
);
const TABLE_ORDER: Because = (
    "the table is released whole, in the order of its keys",
    "sort or cut the answer where you read it",
);
const FILTERED: Because = (
    "the disclosure rule alone decides which cells are released",
    "put conditions on rows into WHERE, and choose cells where you read the answer",
);
const OTHER: Because = (
    "a statement has a select list, WHERE and GROUP BY",
    "leave it out",
);

fn refusal(what: &str, (why, instead): Because) -> SqlError {
    Reason::unprovable(what, why, instead).anywhere()
}

/// Refuses the first construct that is there.
fn refuse_first(list: &[(bool, &str, Because)]) -> Result<(), SqlError> {
    match list.iter().find(|(there, ..)| *there) {
        Some((_, what, because)) => Err(refusal(what, *because)),
        None => Ok(()),
    }
}

// The two functions below take their argument apart in full: a construct that a later version of the parser adds
// does not compile until it is refused here.

fn select(query: Query) -> Result<Select, SqlError> {
    let Query {
        with,
        body,
        order_by,
        limit_clause,
        fetch,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    refuse_first(&[
        (with.is_some(), "WITH", ONE_TABLE),
        (order_by.is_some(), "ORDER BY", TABLE_ORDER),
        (limit_clause.is_some(), "LIMIT", TABLE_ORDER),
        (fetch.is_some(), "FETCH", TABLE_ORDER),
        (!locks.is_empty(), "FOR UPDATE", OTHER),
        (for_clause.is_some(), "FOR", OTHER),
        (settings.is_some(), "SETTINGS", OTHER),
        (format_clause.is_some(), "FORMAT", OTHER),
        (!pipe_operators.is_empty(), "|>", OTHER),
    ])?;
    match *body {
        SetExpr::Select(select) => Ok(*select),
        SetExpr::SetOperation { .. } => Err(refusal(
            "UNION, EXCEPT or INTERSECT",
            (
                "a proof is over one table",
                "ask one query for each part, or join conditions by OR in WHERE",
            ),
        )),
        _ => Err(refusal("a query without a plain SELECT", ONLY_SELECT)),
    }
}

fn parts(select: Select) -> Result<Parsed, SqlError> {
    let Select {
        select_token: _,
        optimizer_hints,
        distinct,
        select_modifiers,
        top,
        top_before_distinct: _,
        projection,
        exclude,
        into,
        from,
        lateral_views,
        prewhere,
        selection,
        connect_by,
        group_by,
        cluster_by,
        distribute_by,
        sort_by,
        having,
        named_window,
        qualify,
        window_before_qualify: _,
        value_table_mode,
        flavor: _,
    } = select;
    let distinct_rows = (
        "every row of the answer has its own keys",
        "leave DISTINCT out",
    );
    refuse_first(&[
        (!optimizer_hints.is_empty(), "an optimizer hint", OTHER),
        (distinct.is_some(), "DISTINCT", distinct_rows),
        (select_modifiers.is_some(), "a SELECT modifier", OTHER),
        (top.is_some(), "TOP", TABLE_ORDER),
        (exclude.is_some(), "EXCLUDE", OTHER),
        (into.is_some(), "INTO", OTHER),
        (!lateral_views.is_empty(), "LATERAL VIEW", ONE_TABLE),
        (prewhere.is_some(), "PREWHERE", FILTERED),
        (!connect_by.is_empty(), "CONNECT BY", ONE_TABLE),
        (!cluster_by.is_empty(), "CLUSTER BY", TABLE_ORDER),
        (!distribute_by.is_empty(), "DISTRIBUTE BY", TABLE_ORDER),
        (!sort_by.is_empty(), "SORT BY", TABLE_ORDER),
        (having.is_some(), "HAVING", FILTERED),
        (!named_window.is_empty(), "WINDOW", OTHER),
        (qualify.is_some(), "QUALIFY", FILTERED),
        (value_table_mode.is_some(), "AS VALUE", OTHER),
    ])?;
    let (table, alias) = table(from)?;
    Ok(Parsed {
        table,
        alias,
        items: projection,
        condition: selection,
        keys: keys(group_by)?,
    })
}

fn keys(group_by: GroupByExpr) -> Result<Vec<Expr>, SqlError> {
    match group_by {
        GroupByExpr::Expressions(keys, modifiers) if modifiers.is_empty() => Ok(keys),
        _ => Err(refusal(
            "GROUP BY ALL, or GROUP BY with a modifier",
            (
                "totals would be a second table over the same rows",
                "name the keys, and ask for totals by another query without them",
            ),
        )),
    }
}

fn table(mut from: Vec<TableWithJoins>) -> Result<(ObjectName, Option<Ident>), SqlError> {
    let Some(TableWithJoins { relation, joins }) = from.pop() else {
        return Err(Reason::Syntax("FROM is missing: name the dataset".into()).anywhere());
    };
    refuse_first(&[(!from.is_empty() || !joins.is_empty(), "a JOIN", ONE_TABLE)])?;
    let TableFactor::Table {
        name,
        alias,
        args,
        with_hints,
        version,
        with_ordinality,
        partitions,
        json_path,
        sample,
        index_hints,
    } = relation
    else {
        return Err(refusal("a subquery in FROM", ONE_TABLE));
    };
    let extras = args.is_some()
        || !with_hints.is_empty()
        || version.is_some()
        || with_ordinality
        || !partitions.is_empty()
        || json_path.is_some()
        || !index_hints.is_empty()
        || alias
            .as_ref()
            .is_some_and(|a| !a.columns.is_empty() || a.at.is_some());
    refuse_first(&[
        (sample.is_some(), "TABLESAMPLE", ONE_TABLE),
        (extras, "a table with arguments", ONE_TABLE),
    ])?;
    Ok((name, alias.map(|a| a.name)))
}
