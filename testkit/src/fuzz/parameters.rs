//! What custodians read of ceremonies: powers of tau, keys of circuits, locks.

use nectar_params::{lock::Lock, ptau, zkey};

/// Reads a `.ptau` file.
pub fn ptau(bytes: &[u8]) {
    if let Ok(ptau) = ptau::read(bytes, &|_| {}) {
        assert!((4..=16).contains(&ptau.srs.verifier().bits));
    }
}

/// Reads a `.zkey` file.
pub fn zkey(bytes: &[u8]) {
    let _ = zkey::read(bytes);
}

/// Reads a lock; one that is accepted is written and read as the same.
pub fn lock(bytes: &[u8]) {
    if let Ok(lock) = Lock::decode(bytes) {
        let again = Lock::decode(lock.encode().as_bytes());
        assert_eq!(again.as_ref(), Ok(&lock), "a lock is read as it is written");
        assert!(lock.triples().count() <= 3);
    }
}
