//! The demo's copy of the bundled records, with a column for the tag of one patient.

use crate::failure::{Failure, Outcome};
use flate2::read::GzDecoder;
use std::io::Read;

const DATA: &[u8] = include_bytes!("../../../data/diabetes130/diabetes130.csv.gz");
const SCHEMA: &str = include_str!("../../../data/diabetes130/schema.toml");
const TAGS: &str = r#"
[[column]]
# Each patient's own, of a secret that only they know; most have given none.
name = "tag"
from = "receipt_tag"
kind = "tag"
"#;
const CONSENT: &str = "synthetic_consent_research_until";

/// The records: lines of cells without quotes, the patient's number first.
pub struct Source {
    text: String,
    /// Place of the consent to research among the cells.
    consent: usize,
}

impl Source {
    /// The bundled records.
    ///
    /// # Errors
    /// None that the bundled file reaches.
    pub fn bundled() -> Outcome<Self> {
        let mut text = String::new();
        let read = GzDecoder::new(DATA).read_to_string(&mut text);
        read.map_err(Failure::io)?;
        let header = text.lines().next().unwrap_or_default();
        let consent = header.split(',').position(|name| name == CONSENT);
        let consent = consent.ok_or_else(|| Failure::refused("the bundled data has no consent"))?;
        Ok(Source { text, consent })
    }

    /// The schema of the copy.
    pub fn schema() -> String {
        format!("{SCHEMA}{TAGS}")
    }

    /// The number of the first patient who has consented to research, without an end.
    ///
    /// # Errors
    /// None that the bundled file reaches.
    pub fn consenting(&self) -> Outcome<&str> {
        let open = |line: &&str| line.split(',').nth(self.consent) == Some("open");
        let number = self
            .text
            .lines()
            .find(open)
            .and_then(|l| l.split(',').next());
        number.ok_or_else(|| Failure::refused("nobody in the bundled data has consented"))
    }

    /// The copy: one patient has a tag and, if they have, withdrawn.
    pub fn records(&self, patient: &str, tag: &str, withdrawn: bool) -> String {
        let mut lines = self.text.lines();
        let header = lines.next().unwrap_or_default();
        let mut copy = format!("{header},receipt_tag\n");
        for line in lines {
            let own = line.split(',').next() == Some(patient);
            match own && withdrawn {
                true => copy.push_str(&self.withdraw(line)),
                false => copy.push_str(line),
            }
            copy.push(',');
            copy.push_str(if own { tag } else { "" });
            copy.push('\n');
        }
        copy
    }

    fn withdraw(&self, line: &str) -> String {
        let cells = line.split(',').enumerate();
        let cells = cells.map(|(i, cell)| if i == self.consent { "withdrawn" } else { cell });
        cells.collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_patient_gets_a_tag_and_withdraws() {
        let source = Source::bundled().unwrap();
        let patient = source.consenting().unwrap();
        let [before, after] = [false, true].map(|w| source.records(patient, "aa", w));
        let changed = before.lines().zip(after.lines()).filter(|(a, b)| a != b);
        let changed: Vec<_> = changed.collect();
        let [(old, new)] = changed.as_slice() else {
            panic!("{changed:?}");
        };
        assert!(old.starts_with(patient) && old.contains(",open,") && old.ends_with(",aa"));
        assert!(new.contains(",withdrawn,") && new.ends_with(",aa"), "{new}");
        let tags = before.lines().filter(|l| !l.ends_with(','));
        assert_eq!(tags.count(), 2, "the header's and the patient's");
    }
}
