//! Datasets on disk: what survives, what is refused.

mod proofs;
mod update;

use super::*;
use nectar_params::circuit::CircuitKey;
use nectar_verifier::circuit::Circuit;

const SCHEMA: &str = r#"
dataset = "toy"
policy = "opensafely"
segment_bits = 4
[[column]]
name = "x"
kind = "integer"
min = 0
max = 9
[[column]]
name = "consent"
kind = "consent"
purpose = "research"
first = "2026-01"
last = "2026-12"
"#;

fn keys() -> &'static ProverKeys {
    static KEYS: std::sync::OnceLock<ProverKeys> = std::sync::OnceLock::new();
    KEYS.get_or_init(|| {
        // The wide key is only named in headers here, so the compact circuit serves for both.
        let make = |circuit| -> Result<CircuitKey, ParamsError> {
            nectar_params::dev::insecure_circuit(match circuit {
                Circuit::Index => Circuit::Index,
                _ => Circuit::Release(Shape::Compact),
            })
        };
        ProverKeys::new(nectar_params::dev::insecure_srs(4), make)
    })
}

fn dataset(folder: &Path) -> Dataset {
    let schema = Schema::parse(SCHEMA).unwrap();
    let codes = vec![
        (0..40).map(|i| i % 11).collect(),
        (0..40).map(|i| 12 * (i % 2)).collect(),
    ];
    let table = Table::new(schema.columns(), codes, None).unwrap();
    Dataset::create(folder, SCHEMA, &table).unwrap()
}

fn publication(t: i64) -> Publication {
    Publication {
        custodian: Address::ZERO,
        as_of: t,
        since: t,
    }
}

/// A snapshot comes back as it was committed; the next one keeps what did not change and blinds every consent
/// afresh, so that nobody sees whose changed.
#[test]
fn snapshots_survive_the_disk_and_follow_each_other() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("toy");
    let key = || BlindingKey::from_bytes([3; 32]);
    let made = dataset(&folder);
    assert!(matches!(
        made.snapshot(key()),
        Err(DatasetError::NoSnapshot)
    ));
    let first = made
        .commit(keys(), key(), publication(100), &|_| {})
        .unwrap();
    let opened = Dataset::open(&folder).unwrap();
    assert_eq!(opened.snapshot(key()).unwrap().root(), first.root());
    let second = opened
        .commit(keys(), key(), publication(200), &|_| {})
        .unwrap();
    assert_eq!(second.header().core.parent, first.root());
    let columns = |s: &Snapshot| s.manifest().columns().to_vec();
    let (before, after) = (columns(&first), columns(&second));
    assert_eq!(after[0], before[0]);
    for (a, b) in before[1].iter().zip(&after[1]) {
        assert!(a.points.iter().zip(&b.points).all(|(a, b)| a != b));
    }
    let heads: Vec<_> = opened
        .log_view()
        .unwrap()
        .heads
        .iter()
        .map(|h| (h.sequence, h.since))
        .collect();
    assert_eq!(heads, [(1, 100), (2, 200)]);
}

#[test]
fn a_changed_file_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("toy");
    let key = || BlindingKey::from_bytes([3; 32]);
    dataset(&folder)
        .commit(keys(), key(), publication(100), &|_| {})
        .unwrap();
    let path = folder.join("snapshots/000001/commitments.bin");
    let bytes = fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        Dataset::open(&folder)
            .unwrap()
            .snapshot(key())
            .err()
            .map(|e| e.to_string())
            .unwrap()
    };
    assert!(refused(&bytes[..bytes.len() - 1]).contains("its header implies"));
    let mut bent = bytes.clone();
    bent[100] ^= 1; // inside the first point
    assert!(refused(&bent).contains("not a valid curve point"));
    let mut swapped = bytes.clone();
    // The first two points change places.
    swapped[80..144].copy_from_slice(&bytes[144..208]);
    assert!(refused(&swapped).contains("root"));
}

#[test]
fn attestations_are_kept_beside_the_snapshot() {
    let place = tempfile::tempdir().unwrap();
    let dataset = dataset(&place.path().join("toy"));
    let first = dataset
        .commit(
            keys(),
            BlindingKey::from_bytes([3; 32]),
            publication(100),
            &|_| {},
        )
        .unwrap();
    assert_eq!(dataset.attestations().unwrap(), Vec::<[u8; 65]>::new());
    let attestor = AttestorKey::generate().unwrap();
    let attest = |blinding| {
        dataset.attest(
            keys(),
            BlindingKey::from_bytes([blinding; 32]),
            &attestor,
            &|_| {},
        )
    };
    // With another key the commitments are not those of the table.
    assert!(
        attest(4)
            .unwrap_err()
            .to_string()
            .contains("not those of the rows")
    );
    assert_eq!(dataset.attestations().unwrap(), Vec::<[u8; 65]>::new());
    attest(3).unwrap();
    assert_eq!(
        dataset.attestations().unwrap(),
        [attestor.attest(first.root()).unwrap()]
    );
}

/// After the table changed, the old snapshot proves nothing any more, and the next one commits what changed.
#[test]
fn a_changed_table_is_noticed() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("toy");
    let key = || BlindingKey::from_bytes([3; 32]);
    let first = dataset(&folder)
        .commit(keys(), key(), publication(100), &|_| {})
        .unwrap();
    let mut table = Dataset::open(&folder).unwrap().table().clone();
    table.codes[0][20] = 1 + table.codes[0][20] % 10;
    table.write(&folder.join("table.bin")).unwrap();
    let changed = Dataset::open(&folder).unwrap();
    let error = changed.snapshot(key()).err().unwrap().to_string();
    assert!(error.contains("changed since"), "{error}");
    let second = changed
        .commit(keys(), key(), publication(200), &|_| {})
        .unwrap();
    let sequences: Vec<_> = second.manifest().columns()[0]
        .iter()
        .map(|s| s.origin.sequence)
        .collect();
    assert_eq!(sequences, [1, 2, 1]);
    let (before, after) = (
        &first.manifest().columns()[0][1],
        &second.manifest().columns()[0][1],
    );
    assert!(before.points.iter().zip(&after.points).all(|(a, b)| a != b));
}
