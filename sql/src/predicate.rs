//! WHERE: from SQL's conditions to where they are TRUE and FALSE, in three-valued logic.

use super::{
    codes::Codes,
    compare::{self, Sign},
    constant::Constant,
    error::{Reason, SqlError},
    formula::{Formula, Truth},
    scope::{Place, Scope},
};
use nectar_verifier::column::Kind;
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

/// One side of a comparison.
enum Operand<'a> {
    Column(Place<'a>),
    Constant(Constant),
}

/// Largest formula of a condition. Every step at most doubles it.
const MAX_SIZE: usize = 4096;

/// Reads a condition.
///
/// # Errors
/// A part that is not a condition on one column with constants, or joins of such.
pub(super) fn predicate(scope: &Scope, expr: &Expr) -> Result<Truth, SqlError> {
    let truth = condition(scope, expr)?;
    if truth.size > MAX_SIZE {
        let needs = "more parts than are read".into();
        return Err(Reason::Condition { needs }.at(expr));
    }
    Ok(truth)
}

fn condition(scope: &Scope, expr: &Expr) -> Result<Truth, SqlError> {
    let of = |e: &Expr| predicate(scope, e);
    match expr {
        Expr::Nested(inner) => of(inner),
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => Ok(of(expr)?.not()),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => Ok(of(left)?.and(of(right)?)),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => Ok(of(left)?.or(of(right)?)),
        Expr::BinaryOp { left, op, right } => match sign(op) {
            Some(sign) => comparison(scope, left, sign, right),
            None => Err(unprovable(expr)),
        },
        Expr::IsTrue(e) => Ok(Truth::known(of(e)?.yes)),
        Expr::IsNotTrue(e) => Ok(Truth::known(of(e)?.yes).not()),
        Expr::IsFalse(e) => Ok(Truth::known(of(e)?.no)),
        Expr::IsNotFalse(e) => Ok(Truth::known(of(e)?.no).not()),
        Expr::IsNull(e) | Expr::IsUnknown(e) => missing(scope, e),
        Expr::IsNotNull(e) | Expr::IsNotUnknown(e) => Ok(missing(scope, e)?.not()),
        Expr::IsNotDistinctFrom(a, b) => same(scope, a, b),
        Expr::IsDistinctFrom(a, b) => Ok(same(scope, a, b)?.not()),
        Expr::InList {
            expr,
            list,
            negated,
        } => {
            let truth = in_list(scope, expr, list)?;
            Ok(negate_if(*negated, truth))
        }
        Expr::Between {
            expr,
            negated,
            low,
            high,
        } => {
            let above = comparison(scope, expr, Sign::AtLeast, low)?;
            let below = comparison(scope, expr, Sign::AtMost, high)?;
            Ok(negate_if(*negated, above.and(below)))
        }
        Expr::Like {
            negated,
            any: false,
            expr,
            pattern,
            escape_char: None,
        } => Ok(negate_if(*negated, like(scope, expr, pattern)?)),
        _ => bare(scope, expr),
    }
}

fn negate_if(negated: bool, truth: Truth) -> Truth {
    if negated { truth.not() } else { truth }
}

fn sign(op: &BinaryOperator) -> Option<Sign> {
    Some(match op {
        BinaryOperator::Eq => Sign::Equal,
        BinaryOperator::NotEq => Sign::Unequal,
        BinaryOperator::Lt => Sign::Below,
        BinaryOperator::LtEq => Sign::AtMost,
        BinaryOperator::Gt => Sign::Above,
        BinaryOperator::GtEq => Sign::AtLeast,
        _ => return None,
    })
}

/// A column or a constant that stands as a condition by itself.
fn bare(scope: &Scope, expr: &Expr) -> Result<Truth, SqlError> {
    match operand(scope, expr)? {
        Operand::Constant(Constant::Truth(value)) => Ok(Truth::known(Formula::constant(value))),
        Operand::Column(place) if place.column.kind == Kind::Boolean => {
            with(place, Sign::Equal, &Constant::Truth(true)).map_err(|r| r.at(expr))
        }
        Operand::Column(place) => {
            let usage = format!("a comparison, {} = ...", place.column.name);
            Err(Reason::usage("a condition", usage).at(expr))
        }
        Operand::Constant(_) => {
            Err(Reason::usage("a condition", "a comparison with a column").at(expr))
        }
    }
}

fn operand<'a>(scope: &Scope<'a>, expr: &Expr) -> Result<Operand<'a>, SqlError> {
    if let Some(place) = scope.named(expr)? {
        return Ok(Operand::Column(place));
    }
    match Constant::read(expr)? {
        Some(constant) => Ok(Operand::Constant(constant)),
        None => Err(unprovable(expr)),
    }
}

fn column<'a>(scope: &Scope<'a>, expr: &Expr) -> Result<Place<'a>, SqlError> {
    match operand(scope, expr)? {
        Operand::Column(place) => Ok(place),
        Operand::Constant(_) => Err(Reason::usage(expr, "a column here").at(expr)),
    }
}

fn constant(scope: &Scope, expr: &Expr) -> Result<Constant, SqlError> {
    match operand(scope, expr)? {
        Operand::Constant(constant) => Ok(constant),
        Operand::Column(_) => Err(two_columns(expr)),
    }
}

fn two_columns(expr: &Expr) -> SqlError {
    Reason::unprovable(
        "a comparison of two columns",
        "a condition is on the values of one column",
        "compare each with a constant, or have the difference made a column of the dataset",
    )
    .at(expr)
}

/// `column sign constant`, unknown where the column is NULL.
fn with(place: Place, sign: Sign, constant: &Constant) -> Result<Truth, Reason> {
    let codes = compare::matching(place.column, sign, constant)?;
    Ok(on_column(place, &codes))
}

fn on_column(place: Place, codes: &Codes) -> Truth {
    Truth::of_present(place.index, codes, &Codes::present(place.column.codes()))
}

fn comparison(scope: &Scope, left: &Expr, sign: Sign, right: &Expr) -> Result<Truth, SqlError> {
    match (operand(scope, left)?, operand(scope, right)?) {
        (Operand::Column(p), Operand::Constant(c)) => with(p, sign, &c).map_err(|r| r.at(right)),
        (Operand::Constant(c), Operand::Column(p)) => {
            with(p, sign.flipped(), &c).map_err(|r| r.at(left))
        }
        (Operand::Column(p), Operand::Column(q)) if p.index == q.index => {
            let holds = sign.holds(std::cmp::Ordering::Equal);
            Ok(on_column(p, &Codes::of(p.column.codes(), |_| holds)))
        }
        (Operand::Column(_), Operand::Column(_)) => Err(two_columns(right)),
        (Operand::Constant(a), Operand::Constant(b)) => match a.compare(&b) {
            Some(order) => Ok(Truth::known(Formula::constant(sign.holds(order)))),
            None => Err(Reason::usage("a comparison", "two values of one type").at(left)),
        },
    }
}

/// `IS NOT DISTINCT FROM`: equality that is never unknown.
fn same(scope: &Scope, left: &Expr, right: &Expr) -> Result<Truth, SqlError> {
    match (scope.named(left)?, scope.named(right)?) {
        (Some(p), Some(q)) if p.index == q.index => Ok(Truth::known(Formula::constant(true))),
        _ => Ok(Truth::known(
            comparison(scope, left, Sign::Equal, right)?.yes,
        )),
    }
}

/// `IS NULL` of a column, `IS UNKNOWN` of a condition.
fn missing(scope: &Scope, expr: &Expr) -> Result<Truth, SqlError> {
    match scope.named(expr)? {
        Some(place) => {
            let codes = Codes::missing(place.column.codes());
            Ok(Truth::known(Formula::In(place.index, codes)))
        }
        None => Ok(predicate(scope, expr)?.unknown()),
    }
}

fn in_list(scope: &Scope, expr: &Expr, list: &[Expr]) -> Result<Truth, SqlError> {
    let place = column(scope, expr)?;
    let mut codes = Codes::of(place.column.codes(), |_| false);
    for item in list {
        let value = constant(scope, item)?;
        let equal = compare::matching(place.column, Sign::Equal, &value);
        codes = codes.union(&equal.map_err(|r| r.at(item))?);
    }
    Ok(on_column(place, &codes))
}

fn like(scope: &Scope, expr: &Expr, pattern: &Expr) -> Result<Truth, SqlError> {
    let place = column(scope, expr)?;
    let Constant::Text(text) = constant(scope, pattern)? else {
        return Err(Reason::usage("a LIKE pattern", "text in single quotes").at(pattern));
    };
    let codes = compare::like(place.column, &text).map_err(|r| r.at(pattern))?;
    Ok(on_column(place, &codes))
}

/// The refusal of an expression that is neither a column nor a constant nor a condition.
pub(super) fn unprovable(expr: &Expr) -> SqlError {
    let rows = "a condition is on one row, and on values its columns hold";
    let arithmetic = "values are compared as they are recorded";
    let (what, why, instead) = match expr {
        Expr::InSubquery { .. }
        | Expr::Exists { .. }
        | Expr::Subquery(_)
        | Expr::InUnnest { .. } => (
            "a subquery",
            rows,
            "write the values out, or have the condition made a column",
        ),
        Expr::Case { .. } => (
            "CASE",
            arithmetic,
            "ask one query for each case, with the case in WHERE",
        ),
        Expr::Cast { .. } | Expr::Convert { .. } => (
            "a cast",
            arithmetic,
            "write constants in the column's own type",
        ),
        Expr::ILike { .. } => (
            "ILIKE",
            "text is compared with regard to case",
            "LIKE, or IN (...)",
        ),
        Expr::Like { .. } => (
            "LIKE with ANY or ESCAPE",
            "% and _ have one meaning",
            "IN (...)",
        ),
        Expr::SimilarTo { .. } | Expr::RLike { .. } => (
            "a regular expression",
            "patterns are those of LIKE",
            "LIKE 'E11%', or IN (...)",
        ),
        Expr::Function(_) | Expr::Extract { .. } | Expr::Floor { .. } | Expr::Ceil { .. } => (
            "a function of a value in a condition",
            arithmetic,
            "compare the column itself: date >= '2024-01-01', code LIKE 'E11%'",
        ),
        Expr::AnyOp { .. } | Expr::AllOp { .. } => ("ANY or ALL", rows, "IN (...)"),
        Expr::BinaryOp { .. } | Expr::UnaryOp { .. } => (
            "an operator on values",
            arithmetic,
            "bring the constants to one side, or have the result made a column of the dataset",
        ),
        _ => (
            "this expression",
            rows,
            "column = value, IN, BETWEEN, LIKE, IS NULL",
        ),
    };
    Reason::unprovable(format!("{what} ({})", excerpt(expr)), why, instead).at(expr)
}

/// The beginning of an expression as text.
pub(super) fn excerpt(expr: &Expr) -> String {
    const LONGEST: usize = 40;
    let text = expr.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
