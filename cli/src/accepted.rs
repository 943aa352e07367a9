//! The keys a verifier accepts, as the command line says: those compiled in, and what its user adds.

use crate::{
    commands::params::failure,
    failure::{Failure, Outcome},
};
use clap::Args;
use nectar_params::lock::Lock;
use nectar_verifier::trust::AcceptedKeys;
use std::path::{Path, PathBuf};

/// What is accepted beyond what is compiled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Accepted {
    /// Accept INSECURE development keys; what is proven under them is not proven
    #[arg(long)]
    allow_dev_keys: bool,
    /// Accept the parameters of a lock.toml whose id you have from a source you trust; may be given more than once
    #[arg(long = "accept", value_name = "LOCK")]
    locks: Vec<PathBuf>,
}

impl Accepted {
    /// Development keys, as the demo accepts them.
    pub fn insecure() -> Self {
        Accepted {
            allow_dev_keys: true,
            locks: vec![],
        }
    }

    /// The keys.
    ///
    /// # Errors
    /// A lock that cannot be read, or is of development keys.
    pub fn keys(&self) -> Outcome<AcceptedKeys> {
        let mut keys = AcceptedKeys::compiled_in();
        if self.allow_dev_keys {
            keys = keys.with_insecure_dev_keys();
        }
        let locks: Outcome<Vec<Lock>> = self.locks.iter().map(|l| secure(l)).collect();
        let locks = locks?;
        Ok(locks
            .iter()
            .flat_map(Lock::triples)
            .fold(keys, AcceptedKeys::with))
    }
}

/// Reads a lock that has no development keys in it.
fn secure(path: &Path) -> Outcome<Lock> {
    let lock = Lock::read(path).map_err(failure)?;
    if lock.is_insecure() {
        return Err(Failure::Refused(format!(
            "{}: it is of INSECURE development keys, which --accept does not take; accept them with --allow-dev-keys for \
             a test only",
            path.display()
        )));
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_of_development_keys_is_not_accepted_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock.toml");
        let dev = include_str!("../../params/locks/insecure-dev-v1.toml");
        std::fs::write(&path, dev).unwrap();
        let accepted = Accepted {
            locks: vec![path],
            ..Accepted::insecure()
        };
        let refusal = accepted.keys().unwrap_err();
        assert!(
            matches!(&refusal, Failure::Refused(e) if e.contains("INSECURE")),
            "{refusal}"
        );
    }
}
