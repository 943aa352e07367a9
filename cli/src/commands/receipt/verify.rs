//! `nectar receipt verify`: a receipt against trust anchors and the subject's own secret.

use crate::{
    accepted::Accepted,
    anchors::Anchors,
    commands::verify::{accept, not_verified},
    failure::{Failure, Outcome},
    file::read_limited,
    render,
    secret::SubjectSecret,
    terminal::{Terminal, print, print_json},
    time::{now, parse_moment},
};
use clap::Args;
use nectar_answer::receipt::{self, Checked};
use nectar_verifier::{
    header::dataset_id,
    receipt::{MAX_BYTES, Receipt, ReceiptError, VerifiedReceipt},
    trust::{AcceptedKeys, TrustError},
};
use std::path::{Path, PathBuf};

/// Verifies a receipt: what a snapshot holds of you
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar receipt verify receipt.nectar --secret cohort.secret --trust trust.toml\n\n\
        The trust file is that of `nectar verify`. Without --secret nobody can tell whose row it is. Exit code 0 means \
        verified, and yours if a secret was given; 1 refused, somebody else's, or over a snapshot that is not on your \
        list of heads."
)]
pub struct Verify {
    /// The receipt
    receipt: PathBuf,
    /// The file of your secret
    #[arg(long, value_name = "FILE")]
    secret: Option<PathBuf>,
    /// The file of trust anchors
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// The file that notes which snapshots were checked [default: nectar/checked.toml in your folder of state]
    #[arg(long, value_name = "FILE")]
    checked: Option<PathBuf>,
    #[command(flatten)]
    accepted: Accepted,
    /// The moment to judge by [default: now]
    #[arg(long, value_name = "MOMENT", value_parser = parse_moment)]
    now: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Runs the command.
    ///
    /// # Errors
    /// The receipt is refused, is over an unknown snapshot, or a file cannot be read.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let receipt = read(&self.receipt)?;
        let anchors = Anchors::read(&self.trust, self.checked.as_deref())?;
        let secret = self
            .secret
            .as_deref()
            .map(SubjectSecret::read)
            .transpose()?;
        let now = self.now.map_or_else(now, Ok)?;
        let keys = self.accepted.keys()?;
        let checked = check(&receipt, &anchors, &keys, secret.as_ref(), now)?;
        match self.json {
            true => print_json(&receipt::object(&checked))?,
            false => print(&self.text(&checked, terminal))?,
        }
        match checked.standing {
            Some(_) => Ok(()),
            None => Err(Failure::Refused(
                "the receipt holds, but its snapshot is not on your list of heads: it may have been made for you alone, \
                 and no answer be about it; fetch the heads anew from a source you trust"
                    .into(),
            )),
        }
    }
    fn text(&self, checked: &Checked, terminal: Terminal) -> String {
        let summary = render::summary(&receipt::summary(checked), terminal);
        match self.secret {
            Some(_) => summary,
            None => format!("{summary}\nwith --secret FILE you see whether the row is yours\n"),
        }
    }
}

/// Reads and decodes a receipt file.
///
/// # Errors
/// I/O, or bytes that are no receipt.
pub fn read(path: &Path) -> Outcome<Receipt> {
    let bytes = read_limited(path, MAX_BYTES, "a receipt")?;
    Receipt::decode(&bytes).map_err(|e| Failure::Refused(format!("{}: {e}", path.display())))
}

/// Verifies a receipt, and that it is of the subject who has the secret.
///
/// # Errors
/// The first check that fails, as a refusal.
pub fn check(
    receipt: &Receipt,
    anchors: &Anchors,
    accepted: &AcceptedKeys,
    secret: Option<&SubjectSecret>,
    now: i64,
) -> Outcome<Checked> {
    let snapshot = accept(anchors, receipt.record.root(), accepted)?;
    let verify = || -> Result<_, ReceiptError> {
        let verified = receipt.verify(&snapshot, accepted)?;
        let standing = match verified.standing(&anchors.log(), now) {
            Err(TrustError::NotHead) => None,
            known => Some(known?),
        };
        Ok((verified, standing))
    };
    let (receipt, standing) = verify().map_err(not_verified)?;
    if let Some(secret) = secret {
        refuse_others(&receipt, secret)?;
    }
    Ok(Checked {
        receipt,
        standing,
        yours: secret.is_some(),
    })
}

fn refuse_others(receipt: &VerifiedReceipt, secret: &SubjectSecret) -> Outcome {
    if dataset_id(&secret.dataset) != receipt.core().dataset {
        return Err(Failure::Refused(format!(
            "NOT YOURS: the receipt is over dataset {:?}, your secret is for {:?}",
            receipt.dataset(),
            secret.dataset
        )));
    }
    if !receipt.is_of(secret.secret.expose()) {
        return Err(Failure::Refused(
            "NOT YOURS: the receipt verifies, but its row has another tag than that of your secret; either it is somebody \
             else's, or the custodian has not put your tag into your row"
                .into(),
        ));
    }
    Ok(())
}
