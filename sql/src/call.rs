//! Function calls of the select list and of GROUP BY.

use super::{
    error::{Reason, SqlError},
    predicate::{excerpt, unprovable},
    scope::{Place, Scope},
};
use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments,
};

/// A plain call, `NAME(argument, ...)`.
pub(super) struct Call<'e> {
    /// The name in capitals.
    pub name: String,
    /// The arguments; `None` for `*`.
    pub args: Vec<Option<&'e Expr>>,
    /// The call in the text.
    pub expr: &'e Expr,
}

impl<'e> Call<'e> {
    /// The call an expression is; `None` for other expressions.
    ///
    /// # Errors
    /// DISTINCT, FILTER, OVER and the like.
    pub fn read(expr: &'e Expr) -> Result<Option<Self>, SqlError> {
        let Expr::Function(function) = expr else {
            return Ok(None);
        };
        let args = arguments(function).map_err(|r| r.at(expr))?;
        Ok(Some(Call {
            name: function.name.to_string().to_uppercase(),
            args,
            expr,
        }))
    }

    /// The error of a call that is not written as it has to be.
    pub fn usage(&self, usage: &str) -> SqlError {
        Reason::usage(excerpt(self.expr), usage).at(self.expr)
    }

    /// The arguments, none of them `*`.
    pub fn exprs(&self, usage: &str) -> Result<Vec<&'e Expr>, SqlError> {
        let all: Option<Vec<_>> = self.args.iter().copied().collect();
        all.ok_or_else(|| self.usage(usage))
    }

    /// The arguments, exactly `N` columns.
    pub fn columns<'a, const N: usize>(
        &self,
        scope: &Scope<'a>,
        usage: &str,
    ) -> Result<[Place<'a>; N], SqlError> {
        let exprs = self.exprs(usage)?;
        let places = exprs.into_iter().map(|e| column(scope, e));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        places.try_into().map_err(|_| self.usage(usage))
    }
}

/// The column an argument names.
pub(super) fn column<'a>(scope: &Scope<'a>, expr: &Expr) -> Result<Place<'a>, SqlError> {
    scope.named(expr)?.ok_or_else(|| unprovable(expr))
}

fn arguments(function: &Function) -> Result<Vec<Option<&Expr>>, Reason> {
    let Function {
        name: _,
        uses_odbc_syntax,
        parameters,
        args,
        filter,
        null_treatment,
        over,
        within_group,
    } = function;
    let refuse = |what: &str, instead: &str| {
        let why = "sums run over the rows that WHERE keeps";
        Reason::unprovable(what, why, instead)
    };
    if filter.is_some() {
        return Err(refuse(
            "FILTER",
            "put the condition into WHERE, one query for each",
        ));
    }
    if over.is_some() {
        return Err(refuse("OVER", "GROUP BY"));
    }
    if !within_group.is_empty() {
        return Err(refuse(
            "WITHIN GROUP",
            "read quantiles off GROUP BY CUMULATIVE(x), with COUNT(*)",
        ));
    }
    let FunctionArguments::List(FunctionArgumentList {
        duplicate_treatment,
        args,
        clauses,
    }) = args
    else {
        return Err(refuse("a function without an argument list", "COUNT(*)"));
    };
    if duplicate_treatment.is_some() {
        return Err(refuse(
            "DISTINCT",
            "GROUP BY the column: each value is one group",
        ));
    }
    let odd = *uses_odbc_syntax
        || null_treatment.is_some()
        || !clauses.is_empty()
        || *parameters != FunctionArguments::None;
    if odd {
        return Err(refuse("a function with clauses", "NAME(column, ...)"));
    }
    args.iter()
        .map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(Some(expr)),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Ok(None),
            _ => Err(refuse("a named argument", "arguments in their order")),
        })
        .collect()
}
