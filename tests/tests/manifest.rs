//! Published manifests: honest ones are accepted, whole, in any pieces.

#![cfg(test)]

use nectar_testkit::{
    cohort::Cohort,
    published::{Published, verify_in},
};
use nectar_verifier::trust::Acceptance;

#[test]
fn an_honest_manifest_is_accepted_in_any_pieces() {
    let published = Published::of(Cohort::clinic().commit(None));
    let bytes = published.encode();
    for size in [1, 77, 4096, bytes.len()] {
        let snapshot = verify_in(&bytes, size).expect("a sound manifest");
        assert_eq!(snapshot.root(), published.snapshot.root());
        assert!(matches!(snapshot.acceptance(), Acceptance::Proven(_)));
        assert!(snapshot.rests_on_insecure_dev_keys());
    }
}
