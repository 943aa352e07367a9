//! The select list and the keys: which statistics, over which axes.

use super::{
    axis::{self, axis, thresholds},
    call::{Call, column},
    error::{Nearest, Reason, SqlError},
    formula::Formula,
    normal::primes,
    output::{Item, Moment, Output, Pair},
    predicate::{excerpt, predicate},
    scope::Scope,
};
use nectar_verifier::query::{Axis, AxisKind, CodeSet, MAX_GRAM};
use sqlparser::ast::{BinaryOperator, Expr, SelectItem, Value};

/// Select list and keys as read; the axes are not in canonical order yet.
pub(super) struct Selection {
    /// The columns of the answer.
    pub outputs: Vec<Output>,
    /// The axes: keys as written, then those of KM.
    pub axes: Vec<Axis>,
}

/// Statistics, for suggestions.
const FUNCTIONS: [&str; 15] = [
    "COUNT",
    "SUM",
    "AVG",
    "VAR_SAMP",
    "STDDEV_SAMP",
    "REGR_COUNT",
    "REGR_SLOPE",
    "REGR_INTERCEPT",
    "REGR_R2",
    "CORR",
    "COVAR_SAMP",
    "GRAM",
    "OLS",
    "KM",
    "BIN",
];

/// Reads the select list over the keys.
///
/// # Errors
/// An item that is neither a statistic nor a key.
pub(super) fn select(
    scope: &Scope,
    items: &[SelectItem],
    keys: &[Expr],
) -> Result<Selection, SqlError> {
    let written = keys.iter().map(|k| axis(scope, key(scope, items, k)?));
    let mut selection = Selection {
        outputs: vec![],
        axes: written.collect::<Result<_, _>>()?,
    };
    for item in items {
        let (expr, name) = named(item)?;
        let item = selection.item(scope, expr, keys.len())?;
        selection.outputs.push(Output { item, name });
    }
    Ok(selection)
}

/// What a key stands for: itself, or the select item whose number or alias it is.
fn key<'e>(scope: &Scope, items: &'e [SelectItem], key: &'e Expr) -> Result<&'e Expr, SqlError> {
    let found = match key {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => {
                let place = digits.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
                let item = place.and_then(|p| items.get(p));
                let usage = "the number of a select item";
                Some(item.ok_or_else(|| Reason::usage(digits, usage).at(key))?)
            }
            _ => None,
        },
        Expr::Identifier(name) if !scope.knows(name) => items.iter().find(
            |i| matches!(i, SelectItem::ExprWithAlias { alias, .. } if alias.value.eq_ignore_ascii_case(&name.value)),
        ),
        _ => None,
    };
    found.map_or(Ok(key), |item| named(item).map(|(expr, _)| expr))
}

/// The expression of a select item and its heading.
fn named(item: &SelectItem) -> Result<(&Expr, String), SqlError> {
    match item {
        SelectItem::UnnamedExpr(expr) => Ok((expr, expr.to_string())),
        SelectItem::ExprWithAlias { expr, alias } => Ok((expr, alias.value.clone())),
        SelectItem::ExprWithAliases { expr, .. } => {
            Err(Reason::usage("a list of aliases", "one alias").at(expr))
        }
        SelectItem::QualifiedWildcard(..) | SelectItem::Wildcard(_) => Err(Reason::unprovable(
            "SELECT *",
            "records never leave the custodian, only counts and sums of at least k persons",
            "COUNT(*), or AVG(column)",
        )
        .at(item)),
    }
}

impl Selection {
    fn item(&mut self, scope: &Scope, expr: &Expr, keys: usize) -> Result<Item, SqlError> {
        if let Expr::Nested(inner) = expr {
            return self.item(scope, inner, keys);
        }
        let call = Call::read(expr)?;
        let Some(call) = call.filter(|c| !axis::FUNCTIONS.contains(&c.name.as_str())) else {
            return self.key(scope, expr, keys);
        };
        if call.name == "KM" {
            return self.km(scope, &call, keys);
        }
        statistic(scope, &call)
    }

    fn key(&self, scope: &Scope, expr: &Expr, keys: usize) -> Result<Item, SqlError> {
        let own = axis(scope, expr)?;
        let written = self.axes.iter().take(keys);
        if let Some(place) = written.clone().position(|a| *a == own) {
            return Ok(Item::Key(place));
        }
        let why = "a value is one person's";
        let instead = if written.clone().any(|a| a.column == own.column) {
            "select the key exactly as GROUP BY has it, or leave it out".into()
        } else {
            format!("GROUP BY {0}, or AVG of a number column", excerpt(expr))
        };
        Err(
            Reason::unprovable(format!("{} outside GROUP BY", excerpt(expr)), why, instead)
                .at(expr),
        )
    }

    /// KM(time, event [, width]): counts over the tails of time and the two outcomes, by one stratum.
    fn km(&mut self, scope: &Scope, call: &Call, keys: usize) -> Result<Item, SqlError> {
        const USAGE: &str = "KM(time, event) or KM(time, event, width); event is a boolean column, or a condition on \
                             one column such as status = 'died'";
        let refuse = |what: &str, instead: &str| {
            let why = "a table has three axes, and time and event take two";
            Err(Reason::unprovable(what, why, instead).at(call.expr))
        };
        if self.axes.len() > keys {
            return refuse("a second KM", "one query for each curve");
        }
        if keys > 1 || self.axes.iter().any(|a| a.kind == AxisKind::Cumulative) {
            return refuse(
                "KM by more than one plain key",
                "one key in GROUP BY, and one query for each value of the other, fixed in WHERE",
            );
        }
        let exprs = call.exprs(USAGE)?;
        let (time, event) = match exprs.as_slice() {
            [time, event] => (thresholds(scope, call, &[*time], USAGE)?, event),
            [time, event, width] => (thresholds(scope, call, &[*time, *width], USAGE)?, event),
            _ => return Err(call.usage(USAGE)),
        };
        let Some((event, occurred)) = outcomes(scope, event)? else {
            return Err(call.usage(USAGE));
        };
        self.axes.extend([time, event]);
        Ok(Item::Km {
            time: keys,
            event: keys.saturating_add(1),
            occurred,
            stratum: (keys == 1).then_some(0),
        })
    }
}

/// The axis of the two outcomes of a condition on one column, and the place of TRUE.
fn outcomes(scope: &Scope, condition: &Expr) -> Result<Option<(Axis, usize)>, SqlError> {
    let truth = predicate(scope, condition)?;
    let (Some((column, yes)), Some((other, no))) = (one_column(truth.yes), one_column(truth.no))
    else {
        return Ok(None);
    };
    let occurred = usize::from(no.least() < yes.least());
    let groups = if occurred == 0 {
        vec![yes, no]
    } else {
        vec![no, yes]
    };
    let kind = AxisKind::Partition;
    Ok((column == other).then_some((
        Axis {
            column,
            kind,
            groups,
        },
        occurred,
    )))
}

/// The column and codes of a formula on one column.
fn one_column(formula: Formula) -> Option<(u16, CodeSet)> {
    let clauses = primes(formula).ok()?;
    let [clause] = clauses.as_slice() else {
        return None;
    };
    let mut literals = clause.literals();
    match (literals.next(), literals.next()) {
        (Some((column, set)), None) => Some((column, set.to_set())),
        _ => None,
    }
}

fn statistic(scope: &Scope, call: &Call) -> Result<Item, SqlError> {
    let pair = |function| {
        let [y, x] = call.columns(scope, &format!("{}(y, x)", call.name))?;
        number(scope, call, y.index)?;
        number(scope, call, x.index)?;
        if y.index == x.index {
            return Err(call.usage("two different columns"));
        }
        let (y, x) = (y.index, x.index);
        Ok(Item::Pair { function, y, x })
    };
    match call.name.as_str() {
        "COUNT" if matches!(call.args.as_slice(), [None]) => Ok(Item::CountAll),
        "COUNT" => moment(scope, call, Moment::Count),
        "SUM" => moment(scope, call, Moment::Sum),
        "AVG" => moment(scope, call, Moment::Avg),
        "VAR_SAMP" => moment(scope, call, Moment::VarSamp),
        "STDDEV_SAMP" => moment(scope, call, Moment::StddevSamp),
        "REGR_COUNT" => pair(Pair::Count),
        "REGR_SLOPE" => pair(Pair::Slope),
        "REGR_INTERCEPT" => pair(Pair::Intercept),
        "REGR_R2" => pair(Pair::R2),
        "CORR" => pair(Pair::Corr),
        "COVAR_SAMP" => pair(Pair::CovarSamp),
        "GRAM" => model(scope, call).map(Item::Gram),
        "OLS" => match model(scope, call)?.as_slice() {
            [y, x @ ..] if !x.is_empty() => Ok(Item::Ols {
                y: *y,
                x: x.to_vec(),
            }),
            _ => Err(call.usage("OLS(y ~ a + b) or OLS(y, a, b)")),
        },
        _ => Err(no_statistic(call)),
    }
}

fn moment(scope: &Scope, call: &Call, moment: Moment) -> Result<Item, SqlError> {
    let [place] = call.columns(scope, &format!("{}(column)", call.name))?;
    number(scope, call, place.index)?;
    Ok(Item::Moment(moment, place.index))
}

/// Refuses sums over columns that hold no numbers.
fn number(scope: &Scope, call: &Call, index: u16) -> Result<(), SqlError> {
    let Some(column) = scope.column(index).filter(|c| !c.is_numeric()) else {
        return Ok(());
    };
    let instead = format!(
        "COUNT(*) with WHERE {0} IS NOT NULL, or with GROUP BY {0}",
        column.name
    );
    let why = "the column holds no numbers";
    Err(Reason::unprovable(excerpt(call.expr), why, instead).at(call.expr))
}

/// The columns of `y ~ a + b` or `y, a, b`, all different.
fn model(scope: &Scope, call: &Call) -> Result<Vec<u16>, SqlError> {
    let usage = format!(
        "{0}(y ~ a + b) or {0}(y, a, b), 1 to {MAX_GRAM} different columns",
        call.name
    );
    let exprs = call.exprs(&usage)?;
    let mut terms = vec![];
    for expr in exprs {
        match expr {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::PGRegexMatch,
                right,
            } => {
                terms.push(left.as_ref());
                summands(right, &mut terms);
            }
            other => terms.push(other),
        }
    }
    let mut columns = vec![];
    for term in terms {
        let place = column(scope, term)?;
        number(scope, call, place.index)?;
        if columns.contains(&place.index) {
            return Err(call.usage(&usage));
        }
        columns.push(place.index);
    }
    if columns.is_empty() || columns.len() > MAX_GRAM {
        return Err(call.usage(&usage));
    }
    Ok(columns)
}

fn summands<'e>(expr: &'e Expr, terms: &mut Vec<&'e Expr>) {
    match expr {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Plus,
            right,
        } => {
            summands(left, terms);
            summands(right, terms);
        }
        other => terms.push(other),
    }
}

/// The refusal of a function that is not a statistic here.
fn no_statistic(call: &Call) -> SqlError {
    let quantiles = "COUNT(*) with GROUP BY CUMULATIVE(x), which quantiles are read off";
    let (why, instead) = match call.name.as_str() {
        "MIN" | "MAX" => ("it would reveal single persons", quantiles),
        "MEDIAN" | "PERCENTILE_CONT" | "PERCENTILE_DISC" | "QUANTILE" | "MODE" => {
            ("it is not a sum over rows", quantiles)
        }
        "VAR_POP" | "VARIANCE" | "VAR" => ("one variance is defined", "VAR_SAMP(x)"),
        "STDDEV_POP" | "STDDEV" => ("one standard deviation is defined", "STDDEV_SAMP(x)"),
        "COVAR_POP" => ("one covariance is defined", "COVAR_SAMP(y, x)"),
        _ => {
            let (what, name) = ("statistic".into(), call.name.clone());
            let nearest = Nearest::among(&name, FUNCTIONS);
            return Reason::Unknown {
                what,
                name,
                nearest,
            }
            .at(call.expr);
        }
    };
    Reason::unprovable(excerpt(call.expr), why, instead).at(call.expr)
}
