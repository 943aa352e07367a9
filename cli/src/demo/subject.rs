//! The part of one patient: a secret, receipts, and a withdrawal that they can check.

use super::{Stage, folder::Folder, researcher::CHECKED, source::Source, story::Story};
use crate::{
    accepted::Accepted,
    commands::receipt::verify::check,
    failure::{Failure, Outcome},
    render,
    secret::SubjectSecret,
    time::now,
};
use nectar_answer::receipt;

/// Where the patient keeps the secret.
pub const SECRET: &str = "patient/diabetes130.secret";

/// The patient.
pub struct Subject {
    /// Their number at the hospital.
    pub number: String,
    secret: SubjectSecret,
}

impl Subject {
    /// Plays the patient until the hospital has their tag.
    ///
    /// # Errors
    /// I/O, or no randomness.
    pub fn draw(source: &Source, folder: &Folder, story: &mut Story) -> Outcome<Self> {
        story.step("a patient draws a secret and hands in its tag")?;
        let subject = Subject {
            number: source.consenting()?.into(),
            secret: SubjectSecret::generate("diabetes130".into())?,
        };
        let path = folder.path(SECRET);
        subject.secret.write_new(&path)?;
        story.say(&format!(
            "  Patient {} has consented to research, without an end. With a tag in their row they can ask later what the\n  \
             hospital committed to, and see that it is theirs.\n  $ nectar receipt secret --dataset diabetes130 --out {}\n  tag {}\n",
            subject.number,
            path.display(),
            subject.secret.tag(),
        ))?;
        story.done()?;
        Ok(subject)
    }

    /// The records with the patient's tag.
    pub fn records(&self, source: &Source, withdrawn: bool) -> String {
        source.records(&self.number, &self.secret.tag(), withdrawn)
    }

    /// Asks for a receipt and verifies it.
    ///
    /// # Errors
    /// The service refuses, or the receipt does not verify.
    pub fn look(&self, stage: &Stage, file: &str, folder: &Folder, story: &Story) -> Outcome {
        let path = |name: &str| folder.path(name).display().to_string();
        let (secret, file_path) = (path(SECRET), path(file));
        story.say(&format!(
            "  $ nectar receipt issue --server {} --secret {secret} --out {file_path}\n  \
             $ nectar receipt verify {file_path} --secret {secret} --trust {} \
             --checked {} --allow-dev-keys\n\n",
            stage.service.url(),
            path("trust.toml"),
            path(CHECKED),
        ))?;
        let receipt = stage.service.receipt(&self.secret)?;
        folder.write(file, &receipt.encode())?;
        let own = Some(&self.secret);
        let accepted = Accepted::insecure().keys()?;
        let checked = check(&receipt, &stage.anchors, &accepted, own, now()?)?;
        if checked.standing.is_none() {
            return Err(Failure::refused("the snapshot is not on the list of heads"));
        }
        story.say(&render::summary(
            &receipt::summary(&checked),
            story.terminal(),
        ))
    }
}
