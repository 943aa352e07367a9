//! A verified receipt: what the row holds, what that shows, and what no receipt can show.

use crate::{
    json::acceptance,
    number::whole,
    summary::Summary,
    time::moment_text,
    verdict::{self, caveat},
};
use alloy_primitives::hex;
use nectar_verifier::{
    column::{Column, Kind},
    field::to_be,
    receipt::VerifiedReceipt,
    trust::Standing,
    verified::Caveat,
};
use serde_json::{Value, json};

/// A receipt that verified, and what the verifier knows beside it.
#[derive(Debug)]
pub struct Checked {
    /// The receipt.
    pub receipt: VerifiedReceipt,
    /// Where its snapshot stands; `None` if the list of heads does not know it.
    pub standing: Option<Standing>,
    /// Whether the row is that of the secret; not known without one.
    pub yours: bool,
}

/// The summary of a verified receipt.
pub fn summary(checked: &Checked) -> Summary {
    let receipt = &checked.receipt;
    let whose = match checked.yours {
        true => "this is your row",
        false => "whose row this is, only their secret tells",
    };
    let (dataset, sequence) = (receipt.dataset().escape_debug(), receipt.core().sequence);
    let value = |(_, column, code): (_, &Column, _)| (column.name.clone(), words(column, code));
    Summary {
        word: "VERIFIED",
        of: format!("{dataset}, snapshot {sequence}: {whose}"),
        values: receipt.codes().map(value).collect(),
        lines: lines(checked),
    }
}

fn lines(checked: &Checked) -> Vec<(&'static str, String)> {
    let receipt = &checked.receipt;
    let core = receipt.core();
    let row = match checked.yours {
        true => "the row with your tag",
        false => "this row",
    };
    let mut lines = vec![
        (
            "shows",
            format!(
                "{row} holds exactly these values in this snapshot, and answers about this snapshot count it so"
            ),
        ),
        ("does not", left_out(receipt.consents_left_out())),
        ("cannot show", "that no other row copies you".into()),
        (
            "",
            "that the custodian uses the table for nothing else".into(),
        ),
        ("mind", "whoever sees this receipt sees these values".into()),
        (
            "",
            "receipts of one row are linked to each other, by row and tag, over all snapshots"
                .into(),
        ),
        ("standing", standing(checked.standing).into()),
        ("as of", moment_text(core.as_of)),
        ("trusted", verdict::acceptance(receipt.acceptance())),
        (
            "row",
            format!(
                "{} of {}, counted from 0",
                whole(receipt.row().into()),
                whole(core.rows.into())
            ),
        ),
        ("tag", tag(receipt)),
        ("root", receipt.root().to_string()),
    ];
    if receipt.has_insecure_keys() {
        lines.push(("left open", caveat(Caveat::InsecureKeys)));
    }
    lines
}

/// What became of the consents that are not opened.
fn left_out(consents: usize) -> String {
    match consents {
        0 => "leave out any consent the dataset records".into(),
        1 => "show 1 consent more that the dataset records: ask for a receipt that opens it".into(),
        more => format!(
            "show {more} consents more that the dataset records: ask for a receipt that opens them"
        ),
    }
}

/// A code as people read it; a consent as a sentence.
pub fn words(column: &Column, code: u16) -> String {
    let Kind::Consent { purpose, .. } = &column.kind else {
        return column.label(code);
    };
    let until = column.label(code);
    match code.checked_add(1) {
        Some(1) => format!("no consent to {purpose}: none given, not begun, or withdrawn"),
        Some(codes) if codes == column.codes() => {
            format!(
                "consents to {purpose} until {until}, the last month the dataset knows, or longer"
            )
        }
        _ => format!("consents to {purpose} until {until}"),
    }
}

fn standing(standing: Option<Standing>) -> &'static str {
    match standing {
        Some(Standing::Head) => "the dataset's head, says your list of heads",
        Some(Standing::Former) => {
            "a former head of the dataset, says your list of heads: ask for a receipt over the present one"
        }
        None => "UNKNOWN to your list of heads: a snapshot that may have been made for you alone",
    }
}

fn tag(receipt: &VerifiedReceipt) -> String {
    hex::encode(to_be(&receipt.tag()))
}

/// The receipt as JSON.
pub fn object(checked: &Checked) -> Value {
    let receipt = &checked.receipt;
    let core = receipt.core();
    let (acceptance, attestor) = acceptance(receipt.acceptance());
    let standing = match checked.standing {
        Some(Standing::Head) => "head",
        Some(Standing::Former) => "former head",
        None => "unknown",
    };
    json!({
        "verdict": "verified",
        "yours": checked.yours.then_some(true),
        "dataset": receipt.dataset(),
        "sequence": core.sequence,
        "root": receipt.root().to_string(),
        "as_of": core.as_of,
        "standing": standing,
        "consents_left_out": receipt.consents_left_out(),
        "acceptance": acceptance,
        "attestor": attestor,
        "insecure_keys": receipt.has_insecure_keys(),
        "row": receipt.row(),
        "tag": tag(receipt),
        "values": receipt.codes().map(value).collect::<Vec<_>>(),
    })
}

fn value((_, column, code): (u16, &Column, u16)) -> Value {
    let purpose = match &column.kind {
        Kind::Consent { purpose, .. } => Some(purpose),
        _ => None,
    };
    json!({
        "column": column.name,
        "code": code,
        "value": (code > 0).then(|| column.label(code)),
        "purpose": purpose,
        "text": words(column, code),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consents_are_sentences() {
        let column = Column {
            name: "consent".into(),
            kind: Kind::Consent {
                purpose: "research".into(),
                first: 2020 * 12,
                count: 24,
            },
        };
        let open =
            "consents to research until 2021-12, the last month the dataset knows, or longer";
        let none = "no consent to research: none given, not begun, or withdrawn";
        for (code, want) in [
            (0, none),
            (23, "consents to research until 2021-11"),
            (24, open),
        ] {
            assert_eq!(words(&column, code), want);
        }
    }
}
