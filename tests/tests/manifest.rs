//! Published manifests: honest ones are accepted, whole, in any pieces.

use nectar_prover::engine::{index_keys, prove_index, snapshot::Snapshot};
use nectar_tests::{
    keys::keys,
    world::{World, accepted},
};
use nectar_verifier::{
    manifest::{ManifestVerifier, encode_head},
    trust::Acceptance,
};

/// The manifest of a snapshot as it is published.
fn publish(snapshot: &Snapshot) -> Vec<u8> {
    let head = encode_head(snapshot.header(), &index_keys(keys()).expect("keys"));
    let part = |column: u16| {
        let proof = prove_index(snapshot, keys(), column).expect("a proof");
        let part = snapshot.manifest().publish_column(column, &proof.encode());
        part.expect("a column")
    };
    let columns = (0..snapshot.header().core.columns).flat_map(part);
    head.into_iter().chain(columns).collect()
}

#[test]
fn an_honest_manifest_is_accepted_in_any_pieces() {
    let world = World::clinic();
    let bytes = publish(&world.snapshot);
    let accepted_keys = accepted();
    for size in [1, 77, 4096, bytes.len()] {
        let mut verifier = ManifestVerifier::new(&accepted_keys);
        for piece in bytes.chunks(size) {
            verifier.push(piece).expect("a sound manifest");
        }
        let snapshot = verifier.finish().expect("a whole manifest");
        assert_eq!(snapshot.root(), world.snapshot.root());
        assert!(matches!(snapshot.acceptance(), Acceptance::Proven(_)));
        assert!(snapshot.rests_on_insecure_dev_keys());
    }
}
