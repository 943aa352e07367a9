//! From released cells to what a query's outputs ask for.
//!
//! A figure carries the interval that rounding leaves open; a sampling interval stands beside it where the statistic
//! has one.

mod cross;
mod gram;
mod groups;
mod survival;
#[cfg(test)]
mod tests;

use crate::{answer::Answer, released::Released};
use nectar_sql::{Item, Moment, Output};
use nectar_verifier::query::{Query, Variant};

/// Derives what `outputs` ask for from released cells. Without outputs, as for a bundle that comes without its text,
/// what the cells hold is shown.
pub fn derive(released: &Released, outputs: &[Output]) -> Answer {
    let outputs = match outputs {
        [] => of_query(&released.query),
        given => with_all_keys(&released.query, given),
    };
    let mut answer = Answer::default();
    if let Some(keys) = cross::axes(&released.query, &outputs) {
        cross::show(released, keys, &mut answer);
    } else {
        groups::show(released, &outputs, &mut answer);
    }
    for Output { item, .. } in &outputs {
        match item {
            Item::Gram(x) => gram::show(released, x, &mut answer),
            Item::Ols { y, x } => gram::regress(released, *y, x, &mut answer),
            Item::Km { .. } => survival::show(released, item, &mut answer),
            _ => {}
        }
    }
    answer
}

fn output(item: Item, name: &str) -> Output {
    Output {
        item,
        name: name.into(),
    }
}

/// The outputs of a query whose text is not at hand.
fn of_query(query: &Query) -> Vec<Output> {
    let own = match query.variant {
        Variant::Counts => vec![output(Item::CountAll, "count")],
        Variant::Gram => vec![output(Item::Gram(query.x.clone()), "")],
        Variant::Moments => {
            let x = query.x.first().copied().unwrap_or_default();
            vec![
                output(Item::CountAll, "count"),
                output(Item::Moment(Moment::Count, x), "with a value"),
                output(Item::Moment(Moment::Avg, x), "mean"),
                output(Item::Moment(Moment::StddevSamp, x), "std. deviation"),
            ]
        }
    };
    with_all_keys(query, &own)
}

/// The outputs with a key for every axis: a group without its label would be a figure about nobody.
fn with_all_keys(query: &Query, outputs: &[Output]) -> Vec<Output> {
    let drawn = outputs.iter().any(|o| matches!(o.item, Item::Km { .. }));
    let shown = |axis: &usize| drawn || outputs.iter().any(|o| o.item == Item::Key(*axis));
    let missing = (0..query.axes.len()).filter(|axis| !shown(axis));
    let keys = missing.map(|axis| output(Item::Key(axis), ""));
    keys.chain(outputs.iter().cloned()).collect()
}
