//! What the columns of an answer are: how a table of released cells is presented.

/// One column of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What it shows.
    pub item: Item,
    /// Its heading: the alias, or the text of the select item.
    pub name: String,
}

/// What a column of the answer shows. Columns of the dataset are places in the schema, axes are places in
/// `query.axes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// The group of an axis.
    Key(usize),
    /// COUNT(*): from counts, or beside sums of any column.
    CountAll,
    /// A statistic of one column, from moments.
    Moment(Moment, u16),
    /// A statistic of two columns over the rows that have both, from a gram.
    Pair {
        /// The statistic.
        function: Pair,
        /// The dependent column.
        y: u16,
        /// The independent column.
        x: u16,
    },
    /// The gram matrix of 1 and these columns, in the order of the text.
    Gram(Vec<u16>),
    /// The least squares fit of a column on 1 and others.
    Ols {
        /// The dependent column.
        y: u16,
        /// The independent columns, in the order of the text.
        x: Vec<u16>,
    },
    /// The Kaplan-Meier curve, from counts: those at risk at t are the counts of both groups of the event axis at
    /// the cumulative axis' tail from t; the events at t are the difference of neighbouring tails in one group.
    Km {
        /// The cumulative axis of time.
        time: usize,
        /// The axis of two groups, with and without the event.
        event: usize,
        /// Which group of that axis has the event.
        occurred: usize,
        /// The axis of strata.
        stratum: Option<usize>,
    },
}

/// A statistic of one column; NULL is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// COUNT(x)
    Count,
    /// SUM(x)
    Sum,
    /// AVG(x)
    Avg,
    /// VAR_SAMP(x)
    VarSamp,
    /// STDDEV_SAMP(x)
    StddevSamp,
}

/// A statistic of two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// REGR_COUNT(y, x): rows that have both.
    Count,
    /// REGR_SLOPE(y, x)
    Slope,
    /// REGR_INTERCEPT(y, x)
    Intercept,
    /// REGR_R2(y, x)
    R2,
    /// CORR(y, x)
    Corr,
    /// COVAR_SAMP(y, x)
    CovarSamp,
}

impl Item {
    /// The columns whose gram the item is read from; empty for items that are read from no gram.
    pub fn gram(&self) -> Vec<u16> {
        let mut columns = match self {
            Item::Pair { y, x, .. } => vec![*y, *x],
            Item::Gram(x) => x.clone(),
            Item::Ols { y, x } => [&[*y], x.as_slice()].concat(),
            _ => vec![],
        };
        columns.sort_unstable();
        columns
    }

    /// The item with its axes at new places.
    pub(super) fn moved(self, place: impl Fn(usize) -> usize) -> Self {
        match self {
            Item::Key(axis) => Item::Key(place(axis)),
            Item::Km {
                time,
                event,
                occurred,
                stratum,
            } => Item::Km {
                time: place(time),
                event: place(event),
                occurred,
                stratum: stratum.map(place),
            },
            other => other,
        }
    }
}
