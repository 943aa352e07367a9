//! The keys a verifier accepts, as the command line says: those compiled in, and what its user adds.

use crate::{
    commands::params::failure,
    failure::{Failure, Outcome},
};
use alloy_primitives::B256;
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
    /// Accept the parameters of a lock.toml, by the id you have from a source you trust; may be given more than once
    #[arg(long = "accept", value_name = "ID=LOCK", value_parser = named)]
    locks: Vec<(B256, PathBuf)>,
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
    /// A lock that cannot be read, has another id, or is of development keys.
    pub fn keys(&self) -> Outcome<AcceptedKeys> {
        let mut keys = AcceptedKeys::compiled_in();
        if self.allow_dev_keys {
            keys = keys.with_insecure_dev_keys();
        }
        for (id, path) in &self.locks {
            let lock = secure(*id, path)?;
            keys = keys.with_srs(lock.srs.digest);
            keys = lock.triples().fold(keys, AcceptedKeys::with);
        }
        Ok(keys)
    }
}

/// An id and a file.
fn named(text: &str) -> Result<(B256, PathBuf), String> {
    let (id, file) = text
        .split_once('=')
        .ok_or("want an id and a file, as in 0x12..=lock.toml")?;
    let digits = id
        .parse()
        .map_err(|_| format!("{id:?} is not an id: want 64 hexadecimal digits"))?;
    Ok((digits, file.into()))
}

/// Reads the lock of an id that has no development keys in it.
fn secure(id: B256, path: &Path) -> Outcome<Lock> {
    let lock = Lock::read(path).map_err(failure)?;
    let refuse = |why: String| Err(Failure::Refused(format!("{}: {why}", path.display())));
    if lock.id() != id {
        return refuse(format!(
            "its id is {}, not {id}: these are other parameters than those you accept",
            lock.id()
        ));
    }
    if lock.is_insecure() {
        return refuse(
            "it is of INSECURE development keys, which --accept does not take; accept them with --allow-dev-keys for a \
             test only"
                .into(),
        );
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of the repository, accepted by its own id.
    fn accept(file: &str) -> (Lock, Outcome<AcceptedKeys>) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let lock = Lock::read(&path).unwrap();
        let accepted = Accepted {
            locks: vec![(lock.id(), path)],
            ..Accepted::default()
        };
        (lock, accepted.keys())
    }

    #[test]
    fn a_lock_is_accepted_by_its_id_only() {
        let file = "fuzz/corpus/lock/ceremony";
        let (lock, keys) = accept(file);
        assert_eq!(lock.triples().count(), 3);
        let want = AcceptedKeys::compiled_in().with_srs(lock.srs.digest);
        let want = lock.triples().fold(want, AcceptedKeys::with);
        assert_eq!(keys.unwrap(), want);

        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let refusal = secure(B256::ZERO, &path).unwrap_err().to_string();
        assert!(refusal.contains("other parameters"), "{refusal}");
    }

    #[test]
    fn a_lock_of_development_keys_is_not_accepted_as_one() {
        let (_, keys) = accept("params/locks/insecure-dev-v1.toml");
        let refusal = keys.unwrap_err().to_string();
        assert!(refusal.contains("INSECURE"), "{refusal}");
    }

    #[test]
    fn an_id_and_a_file_are_told_apart() {
        let id = B256::repeat_byte(1);
        assert_eq!(named(&format!("{id}=a=b")), Ok((id, "a=b".into())));
        assert!(named("lock.toml").is_err() && named("0x12=lock.toml").is_err());
    }
}
