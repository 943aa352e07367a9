//! A subject's secret in a file, with the name of the one dataset it is for.

use crate::{
    failure::{Failure, Outcome},
    private,
};
use alloy_primitives::hex;
use nectar_proto::Secret;
use nectar_verifier::{field::to_be, header::dataset_id, receipt::tag};
use serde::{Deserialize, Serialize};
use std::path::Path;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A secret, and what it is for.
#[derive(Debug)]
pub struct SubjectSecret {
    /// Name of the dataset.
    pub dataset: String,
    /// The secret.
    pub secret: Secret,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Document {
    dataset: String,
    secret: String,
}

impl SubjectSecret {
    /// A fresh secret from the operating system.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn generate(dataset: String) -> Outcome<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(Failure::io)?;
        let secret = Secret::from_bytes(*bytes);
        Ok(SubjectSecret { dataset, secret })
    }

    /// What the custodian is given: the hash that the row's tag is to be, 64 hexadecimal digits.
    pub fn tag(&self) -> String {
        let tag = tag(self.secret.expose(), dataset_id(&self.dataset));
        hex::encode(to_be(&tag))
    }

    /// Writes a file that is not there yet.
    ///
    /// # Errors
    /// It is there, or I/O.
    pub fn write_new(&self, path: &Path) -> Outcome {
        let document = Document {
            dataset: self.dataset.clone(),
            secret: hex::encode(self.secret.expose()),
        };
        let body = Zeroizing::new(toml::to_string(&document).map_err(Failure::refused)?);
        let text = Zeroizing::new(format!(
            "# SECRET: whoever has this file can ask for your receipts. Give away the tag only, never the file.\n\
             # tag: {}\n{}",
            self.tag(),
            *body
        ));
        private::write_new(path, text.as_bytes())
    }

    /// Reads a file.
    ///
    /// # Errors
    /// I/O, a file others may read, or one that is none. What is wrong inside is not told: that could show a secret.
    pub fn read(path: &Path) -> Outcome<Self> {
        let text = private::read_secret(path)?;
        let refused = || {
            Failure::Refused(format!(
                "{}: not a secret's file: want `dataset`, and `secret` of 64 hexadecimal digits",
                path.display()
            ))
        };
        let document: Document = toml::from_str(&text).map_err(|_| refused())?;
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(&document.secret, bytes.as_mut_slice()).map_err(|_| refused())?;
        Ok(SubjectSecret {
            dataset: document.dataset.clone(),
            secret: Secret::from_bytes(*bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_secret_is_read_as_it_was_written_and_never_written_over() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("lung.secret");
        let made = SubjectSecret::generate("lung \"1\"".into()).unwrap();
        made.write_new(&path).unwrap();
        let read = SubjectSecret::read(&path).unwrap();
        assert_eq!((&read.dataset, &read.secret), (&made.dataset, &made.secret));
        assert_eq!(read.tag(), made.tag());
        assert!(fs::read_to_string(&path).unwrap().contains(&made.tag()));
        assert!(matches!(made.write_new(&path), Err(Failure::Usage(_))));
    }

    #[test]
    fn refusals_show_nothing_of_a_file() {
        let place = tempfile::tempdir().unwrap();
        let digits = "5e".repeat(32);
        for text in [
            format!("dataset = 'd'\nsecret = '{digits}00'"),
            format!("dataset = 'd'\nsecret = '{digits}"),
            format!("dataset = 'd'\nsecrets = '{digits}'"),
            format!("dataset = {digits}"),
        ] {
            let path = place.path().join("bad.secret");
            let _ = fs::remove_file(&path);
            private::write_new(&path, text.as_bytes()).unwrap();
            let refusal = SubjectSecret::read(&path).unwrap_err().to_string();
            assert!(refusal.contains("64 hexadecimal digits"), "{refusal}");
            assert!(!refusal.contains("5e5e"), "{refusal}");
        }
    }
}
