//! Which columns a receipt opens.

use nectar_verifier::column::{Column, Kind};

/// The names asked for; those of all columns with codes for `all`; those of the consents where nothing is asked for.
pub fn chosen(asked: &[String], columns: &[Column]) -> Vec<String> {
    let names = |wanted: fn(&Kind) -> bool| {
        let columns = columns.iter().filter(|c| wanted(&c.kind));
        columns.map(|c| c.name.clone()).collect()
    };
    match asked {
        [] => names(|kind| matches!(kind, Kind::Consent { .. })),
        [all] if all == "all" => names(|kind| *kind != Kind::Tag),
        some => some.into(),
    }
}
