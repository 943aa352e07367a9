//! Names in a text and the columns they mean.

use super::error::{Nearest, Reason, SqlError};
use nectar_verifier::column::{Column, Kind};
use sqlparser::ast::{Expr, Ident, ObjectName};

/// What a text is compiled against: the one name that FROM may have, and the columns behind it.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'a> {
    /// The dataset's name.
    pub name: &'a str,
    /// Its columns, in schema order.
    pub columns: &'a [Column],
}

/// A column of the relation with its place there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The place.
    pub index: u16,
    /// The column.
    pub column: &'a Column,
}

/// What names in a text may mean.
pub(super) struct Scope<'a> {
    relation: &'a Relation<'a>,
    /// Names a column may be qualified with.
    tables: Vec<Ident>,
}

impl<'a> Scope<'a> {
    /// The scope of a query over a relation.
    ///
    /// # Errors
    /// FROM names something else.
    pub fn new(
        relation: &'a Relation<'a>,
        table: &ObjectName,
        alias: Option<Ident>,
    ) -> Result<Self, SqlError> {
        let name = match table.0.as_slice() {
            [part] => part.as_ident().filter(|i| means(i, relation.name)),
            _ => None,
        };
        let Some(name) = name else {
            return Err(Reason::Unknown {
                what: "dataset".into(),
                name: table.to_string(),
                nearest: Nearest(vec![relation.name.into()]),
            }
            .at(table));
        };
        let tables = vec![alias.unwrap_or_else(|| name.clone())];
        Ok(Scope { relation, tables })
    }

    /// The column at a place of the relation.
    pub fn column(&self, index: u16) -> Option<&'a Column> {
        self.relation.columns.get(usize::from(index))
    }

    /// The column an expression names; `None` for any other expression.
    ///
    /// # Errors
    /// A name that means no column, or one that no query may name.
    pub fn named(&self, expr: &Expr) -> Result<Option<Place<'a>>, SqlError> {
        match expr {
            Expr::Identifier(name) => self.resolve(name).map(Some).map_err(|r| r.at(expr)),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, name] if self.tables.iter().any(|t| same(table, t)) => {
                    self.resolve(name).map(Some).map_err(|r| r.at(expr))
                }
                _ => Err(unknown("column", &expr.to_string(), Nearest::default()).at(expr)),
            },
            Expr::Nested(inner) => self.named(inner),
            _ => Ok(None),
        }
    }

    /// Whether a plain name means a column.
    pub fn knows(&self, name: &Ident) -> bool {
        self.relation.columns.iter().any(|c| means(name, &c.name))
    }

    fn resolve(&self, name: &Ident) -> Result<Place<'a>, Reason> {
        let mut found = self.relation.columns.iter().enumerate();
        let mut found = found.by_ref().filter(|(_, c)| means(name, &c.name));
        let place = match (found.next(), found.next()) {
            (Some((index, column)), None) => u16::try_from(index)
                .ok()
                .map(|index| Place { index, column }),
            (Some(_), Some(_)) => {
                let usage = format!("its exact name in double quotes, {:?}", name.value);
                return Err(Reason::usage("a name that means several columns", usage));
            }
            (None, _) => None,
        };
        let Some(place) = place else {
            let queryable = self.relation.columns.iter().filter(|c| c.is_queryable());
            let names = queryable.map(|c| c.name.as_str());
            let nearest = Nearest::among(&name.value, names);
            return Err(unknown("column", &name.value, nearest));
        };
        match place.column.kind {
            Kind::Consent { .. } => Err(Reason::unprovable(
                format!("a condition on consent ({})", place.column.name),
                "the consent for the query's purpose and day is applied to every query, and to no other",
                "leave it out",
            )),
            Kind::Tag => Err(Reason::unprovable(
                format!("a condition on tags ({})", place.column.name),
                "they belong to single persons, who alone can open them",
                "leave it out",
            )),
            _ => Ok(place),
        }
    }
}

fn unknown(what: &str, name: &str, nearest: Nearest) -> Reason {
    Reason::Unknown {
        what: what.into(),
        name: name.into(),
        nearest,
    }
}

/// Whether an identifier means a name: exactly when quoted, else without regard to case.
fn means(ident: &Ident, name: &str) -> bool {
    if ident.quote_style.is_some() {
        ident.value == name
    } else {
        ident.value.to_lowercase() == name.to_lowercase()
    }
}

fn same(a: &Ident, b: &Ident) -> bool {
    means(a, &b.value) && means(b, &a.value)
}
