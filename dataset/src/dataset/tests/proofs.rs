//! Index proofs on disk: made once, kept while a column stays, made again when they do not hold.

use super::{dataset, keys, publication};
use crate::dataset::{proofs::ProofState, *};
use nectar_engine::index_keys;
use nectar_verifier::{
    manifest::ManifestVerifier,
    trust::{AcceptedKeys, AcceptedSnapshot},
};

fn key() -> BlindingKey {
    BlindingKey::from_bytes([3; 32])
}

/// Proves the latest snapshot; how each coded column ended.
fn prove(dataset: &Dataset) -> Vec<ProofState> {
    let mut ends = vec![];
    let mut told = |_: &_, state| {
        if state != ProofState::Begun {
            ends.push(state);
        }
    };
    dataset.prove(keys(), key(), &mut told).unwrap();
    ends
}

fn commit(dataset: &Dataset, at: i64) -> B256 {
    let snapshot = dataset.commit(keys(), key(), publication(at), &|_| {});
    snapshot.unwrap().root()
}

/// What a verifier makes of the published snapshot.
fn verified(dataset: &Dataset, sequence: u64) -> AcceptedSnapshot {
    let accepted = AcceptedKeys::compiled_in().with(index_keys(keys()).unwrap().triple());
    let published = dataset.published(sequence, keys()).unwrap();
    let mut verifier = ManifestVerifier::new(&accepted);
    for part in published.parts() {
        verifier.push(&part).unwrap();
    }
    verifier.finish().unwrap()
}

#[test]
fn proofs_go_on_where_they_were_stopped() {
    use ProofState::{Present, Proved};
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("toy");
    let dataset = dataset(&folder);
    let nothing = dataset.prove(keys(), key(), &mut |_, _| {});
    assert!(matches!(nothing, Err(DatasetError::NoSnapshot)));
    let root = commit(&dataset, 100);
    let none = dataset.published(1, keys()).unwrap_err().to_string();
    assert_eq!(none, "2 of 2 columns have no index proof yet: x, consent");

    assert_eq!(prove(&dataset), [Proved, Proved]);
    assert_eq!(verified(&dataset, 1).root(), root);
    // As if the work had been stopped after the first column.
    let second = folder.join("index/000001/0001.proof");
    fs::remove_file(&second).unwrap();
    let some = dataset.published(1, keys()).unwrap_err().to_string();
    assert_eq!(some, "1 of 2 columns have no index proof yet: consent");
    assert_eq!(prove(&dataset), [Present, Proved]);
    assert_eq!(verified(&dataset, 1).root(), root);
}

#[test]
fn a_proof_that_does_not_hold_is_made_again() {
    use ProofState::{Present, Proved};
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("toy");
    let dataset = dataset(&folder);
    let root = commit(&dataset, 100);
    prove(&dataset);
    let path = folder.join("index/000001/0000.proof");
    let honest = fs::read(&path).unwrap();
    let other = fs::read(folder.join("index/000001/0001.proof")).unwrap();
    let mut bent = honest.clone();
    bent[100] ^= 1;
    let long = [honest.clone(), vec![0; 1 << 13]].concat();
    for bytes in [bent, other, honest[..20].to_vec(), vec![], long] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(prove(&dataset), [Proved, Present]);
        assert_eq!(verified(&dataset, 1).root(), root);
    }
}

/// Consents are committed afresh in every snapshot; every other column keeps its proof until one of its rows, or the
/// number of rows, changes.
#[test]
fn unchanged_columns_keep_their_proofs() {
    use ProofState::{Kept, Present, Proved};
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("toy");
    let first = dataset(&folder);
    commit(&first, 100);
    prove(&first);
    let mut table = first.table().clone();
    let path = folder.join(TABLE);
    table.codes[1][7] = 0;
    table.write(&path).unwrap();
    let next = Dataset::open(&folder).unwrap();
    let root = commit(&next, 200);
    assert_eq!(prove(&next), [Kept, Proved]);
    assert_eq!(prove(&next), [Present, Present]);
    assert_eq!(verified(&next, 2).root(), root);

    // A snapshot that was never proven is passed over.
    commit(&next, 300);
    commit(&next, 400);
    assert_eq!(prove(&next), [Kept, Proved]);

    let codes = table.codes.iter().map(|c| [c.as_slice(), &[0]].concat());
    let codes: Vec<_> = codes.collect();
    let mut longer = Table::new(table.columns.clone(), codes, None).unwrap();
    longer.write(&path).unwrap();
    let grown = Dataset::open(&folder).unwrap();
    commit(&grown, 500);
    assert_eq!(prove(&grown), [Proved, Proved]);
    longer.codes[0][0] += 1;
    longer.write(&path).unwrap();
    let uncommitted = Dataset::open(&folder).unwrap();
    let error = uncommitted.prove(keys(), key(), &mut |_, _| {});
    assert!(matches!(error, Err(DatasetError::Uncommitted(5))));
}
