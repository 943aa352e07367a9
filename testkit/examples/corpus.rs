//! Writes the seeds of the fuzz targets to `fuzz/corpus`: `cargo run -p nectar-testkit --example corpus`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "it is run by hand, and stops where it fails"
)]

use alloy_primitives::{B256, B512};
use arrow::{
    array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, StringArray},
    record_batch::RecordBatch,
};
use nectar_dataset::{Dataset, Publication, import::Import, schema::Schema, table::Table};
use nectar_engine::blinding::BlindingKey;
use nectar_params::{
    ceremony::Provenance,
    lock::{KeySource, Lock, SrsSource},
    phase2::ZkeySource,
    zkey::{Beacon, Contribution, Phase2},
};
use nectar_proto::{
    DatasetHead, JobId, JobStage, JobState, JobStatus, PublishedSnapshot, ReceiptRequest, Secret,
    Submission, v1,
};
use nectar_testkit::{
    cohort::{Cohort, TODAY, at, day, noon, subject},
    fuzz::{
        corpus_folder,
        fixtures::{CSV, SCHEMA, clinic, header, schema},
        folders::FILES,
    },
    insecure_ptau,
    keys::keys,
    published::Published,
    queries,
    world::{World, attest},
};
use nectar_verifier::shape::Shape;
use parquet::arrow::ArrowWriter;
use prost::Message;
use std::{fs, path::Path, sync::Arc};

/// A dataset of two columns, so that its commitments are few.
const SMALL: &str = r#"dataset = "toy"
policy = "opensafely"
segment_bits = 4
[[column]]
name = "smoker"
kind = "boolean"
true = ["yes"]
false = ["no"]
[[column]]
name = "research"
kind = "consent"
purpose = "research"
first = "2026-01"
last = "2026-03"
"#;

const SQL: &[&str] = &[
    "SELECT COUNT(*) FROM clinic",
    "SELECT site, sex, COUNT(*) FROM clinic WHERE age BETWEEN 2 AND 10 GROUP BY site, sex",
    "SELECT site, AVG(hba1c), STDDEV_SAMP(hba1c) FROM clinic WHERE NOT (dx IN ('a', 'c') OR smoker) GROUP BY site",
    "SELECT REGR_SLOPE(hba1c, age) FROM clinic WHERE seen >= DATE '2025-09-01' AND sex IS NOT NULL",
    "SELECT CASE WHEN age < 5 THEN 'young' ELSE 'old' END AS g, COUNT(*) FROM clinic GROUP BY g",
    "SELECT age FROM clinic",
    "SELECT COUNT(* FROM clinic WHERE ((((",
];

fn main() {
    answers();
    manifests();
    receipts();
    texts();
    tables();
    dataset();
    messages();
    parameters();
}

fn seed(target: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let folder = corpus_folder(target);
    fs::create_dir_all(&folder).expect("the corpus can be written");
    fs::write(folder.join(name), bytes).expect("the corpus can be written");
}

/// A sound seed, and what is left of it when it is cut off.
fn with_stump(target: &str, name: &str, bytes: &[u8]) {
    seed(target, name, bytes);
    seed(target, &format!("{name}-cut"), &bytes[..bytes.len() / 2]);
}

fn answers() {
    let world = World::clinic();
    for (name, query) in [
        ("plain", queries::plain()),
        ("counts", queries::counts()),
        ("moments", queries::moments()),
        ("gram", queries::gram()),
    ] {
        with_stump("query", name, &query.encode());
        if name == "plain" || name == "gram" {
            with_stump("bundle", name, &world.honest(&query).encode());
        }
    }
    with_stump("header", "clinic", &world.snapshot.header().encode());
    with_stump("header", "one", &header(&clinic()[..1]).encode());
    let key = |shape: Shape| keys().circuit(shape).expect("a key").verifier().encode();
    let srs = keys().srs().verifier().encode();
    with_stump("keys", "srs", &[&[0], srs.as_slice()].concat());
    with_stump(
        "keys",
        "compact",
        &[&[1], key(Shape::Compact).as_slice()].concat(),
    );
    with_stump(
        "keys",
        "wide",
        &[&[2], key(Shape::Wide).as_slice()].concat(),
    );
    let signature = attest(Default::default());
    with_stump(
        "keys",
        "attestation",
        &[&[3], signature.as_slice()].concat(),
    );
}

/// The toy's manifest, whole in pieces of two sizes, and cut; another with its last column left out.
fn manifests() {
    let toy = Published::toy();
    let with_size = |size: u8, bytes: &[u8]| [&[size], bytes].concat();
    with_stump("manifest", "toy", &with_size(0, &toy.encode()));
    let parts = toy.parts();
    let columns = &parts[1..parts.len() - 1];
    let short = [parts[0].as_slice(), columns.concat().as_slice()].concat();
    seed("manifest", "short", with_size(200, &short));
    let empty = [parts[0].as_slice(), &[0; 16]].concat();
    seed("manifest", "empty-columns", with_size(8, &empty));
    let proof = toy.proofs[0].as_ref().expect("a proof");
    with_stump("index_proof", "age", &proof.encode());
}

/// A row with consent and without, and one of which the tag alone is shown.
fn receipts() {
    let world = World::tagged();
    for (name, row, columns) in [
        ("consents", 37, &[at::RESEARCH, at::CARE][..]),
        ("dx", 49, &[at::SEX, at::DX]),
        ("tag", 0, &[]),
    ] {
        with_stump("receipt", name, &world.receipt(row, columns).encode());
    }
}

fn texts() {
    with_stump("schema", "every-kind", SCHEMA.as_bytes());
    with_stump("schema", "small", SMALL.as_bytes());
    let policy = "policy = { k = 8, base = 5, rounding = \"nearest\", zeros = true, w_max = 12 }";
    seed(
        "schema",
        "own-policy",
        SMALL.replace("policy = \"opensafely\"", policy),
    );
    for (name, sql) in ["all", "groups", "moments", "gram", "case", "row", "open"]
        .iter()
        .zip(SQL)
    {
        seed("sql", name, sql);
    }
    seed("config", "empty", "");
    seed(
        "config",
        "some",
        "listen = \"[::1]:7420\"\nmax_running_jobs = 2\nprogress_tick_milliseconds = 500\n",
    );
    seed("config", "plaintext", "listen = \"0.0.0.0:7420\"\n");
    seed("config", "unknown", "max_jobs = -1\n");
}

fn tables() {
    let bent = "\u{feff}id,sex,age\r\n\"a,1\",female,3\r\n\"a\"\"2\",male\r\nx,\"open";
    for target in ["csv", "infer"] {
        seed(target, "every-kind", CSV);
        seed(target, "bent", bent);
        seed(target, "compressed", gzip(CSV.as_bytes()));
    }
    with_stump("parquet", "every-kind", &parquet());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("source");
    fs::write(&path, CSV).expect("a temporary file");
    let mut table =
        Import::in_file_order(schema(), &path, day(TODAY), &|_, _| {}).expect("a table");
    for name in ["subjects", "plain"] {
        table.write(&path).expect("a temporary file");
        with_stump("table", name, &fs::read(&path).expect("the table"));
        table.subjects = None;
    }
}

/// One stored block: no compressor is needed for a seed.
fn gzip(text: &[u8]) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a short text");
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(text);
    out.extend(crc32(text).to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}

fn crc32(text: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    !text
        .iter()
        .fold(!0, |crc, b| (0..8).fold(crc ^ u32::from(*b), step))
}

fn parquet() -> Vec<u8> {
    let texts = |t: [Option<&str>; 3]| -> ArrayRef { Arc::new(StringArray::from(t.to_vec())) };
    let seen: ArrayRef = Arc::new(Date32Array::from(vec![Some(20_150), None, Some(20_400)]));
    let columns = [
        ("id", texts([Some("a1"), Some("a2"), Some("a3")])),
        ("sex", texts([Some("female"), None, Some("male")])),
        ("age", Arc::new(Int32Array::from(vec![3, 20, 7]))),
        ("hba1c", Arc::new(Float64Array::from(vec![4.5, 3.5, 6.0]))),
        ("seen", seen),
        (
            "smoker",
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
        ),
        (
            "research",
            texts([Some("open"), Some("withdrawn"), Some("2026-01-31")]),
        ),
        (
            "begin",
            texts([Some("2025-01-01"), None, Some("2025-02-01")]),
        ),
        (
            "receipt_tag",
            texts([Some(&"0a".repeat(32)), None, Some(&"1b".repeat(32))]),
        ),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true)));
    let batch = batch.expect("columns of one length");
    let mut out = vec![];
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("in memory");
    writer.close().expect("in memory");
    out
}

fn dataset() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("toy");
    let codes = vec![
        (0..20).map(|i| i % 3).collect(),
        (0..20).map(|i| i % 4).collect(),
    ];
    let columns = Schema::parse(SMALL).expect("a schema").columns();
    let table = Table::new(columns, codes, None).expect("a table");
    let dataset = Dataset::create(&folder, SMALL, &table).expect("a folder");
    let publication = Publication {
        custodian: Default::default(),
        as_of: noon(TODAY),
        since: noon(TODAY),
    };
    let blinding = BlindingKey::from_bytes([1; 32]);
    dataset
        .commit(keys(), blinding, publication, &|_| {})
        .expect("a snapshot");
    for (i, name) in (0u8..).zip(FILES) {
        let bytes = fs::read(folder.join(name)).expect("a file of the folder");
        seed(
            "dataset",
            &format!("{i}-sound"),
            [&[i], bytes.as_slice()].concat(),
        );
        seed("dataset", &format!("{i}-empty"), [i]);
    }
}

fn messages() {
    let submission = Submission {
        dataset: "clinic".into(),
        root: Default::default(),
        query: queries::counts(),
        idempotency_key: Some("0123456789abcdef".into()),
        deadline_seconds: std::num::NonZeroU32::new(60),
    };
    message(0, "submit", &v1::SubmitQueryRequest::from(&submission));
    let header = header(&Cohort::clinic().columns[..2]);
    let snapshot = v1::Snapshot::from(&PublishedSnapshot {
        root: header.root(),
        header,
        attestations: vec![[1; 65]],
        head_since: noon(TODAY),
    });
    message(1, "snapshot", &snapshot);
    message(
        5,
        "snapshot-response",
        &v1::GetSnapshotResponse {
            snapshot: Some(snapshot),
        },
    );
    let head = v1::Dataset::from(&DatasetHead {
        name: "clinic".into(),
        root: Default::default(),
        sequence: 1,
        as_of: noon(TODAY),
    });
    message(2, "dataset", &head);
    message(
        4,
        "list",
        &v1::ListDatasetsResponse {
            datasets: vec![head; 2],
        },
    );
    let id = JobId::from_bytes([0xa5; 16]);
    let job = v1::Job::from(&JobStatus {
        id,
        state: JobState::Running,
        stage: Some(JobStage::Mask),
        percent: 33,
    });
    message(3, "job", &job);
    message(7, "job-response", &v1::GetJobResponse { job: Some(job) });
    let request = ReceiptRequest {
        dataset: "clinic".into(),
        secret: Secret::from_bytes(subject(0)),
        columns: vec!["dx".into(), "consent to care".into()],
    };
    message(15, "receipt", &v1::IssueReceiptRequest::from(&request));
    seed("proto", "id", [&[14], id.to_string().as_bytes()].concat());
}

fn message(kind: u8, name: &str, message: &impl Message) {
    with_stump(
        "proto",
        name,
        &[&[kind], message.encode_to_vec().as_slice()].concat(),
    );
}

/// A small file of each kind; the key is a real one.
fn parameters() {
    with_stump("ptau", "insecure", &insecure_ptau::encode(4));
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../params");
    for (target, name, path) in [
        ("zkey", "small", "tests/data/small_08.zkey"),
        ("lock", "insecure-dev", "locks/insecure-dev-v1.toml"),
    ] {
        let bytes = fs::read(data.join(path)).expect("the file is there");
        with_stump(target, name, &bytes);
    }
    seed("lock", "ceremony", ceremony_lock().encode());
}

/// A lock with everything in it that one can have.
fn ceremony_lock() -> Lock {
    let mut lock = Lock::decode(include_bytes!("../../params/locks/insecure-dev-v1.toml"))
        .expect("the lock of the development keys");
    let phase1 = Provenance {
        source: "powers.ptau".into(),
        blake2b: B512::repeat_byte(1),
        ceremony: None,
        power: 15,
        contributions: 2,
    };
    lock.srs.digest = B256::repeat_byte(2);
    lock.srs.bits = 15;
    lock.srs.source = SrsSource::Ptau(phase1.clone());
    for entry in &mut lock.circuits {
        entry.key = B256::repeat_byte(3);
        entry.source = KeySource::Zkey(Box::new(ZkeySource {
            source: format!("{}.zkey", entry.name),
            phase1: phase1.clone(),
            phase2: Phase2 {
                blake2b: B512::repeat_byte(4),
                circuit_hash: B512::repeat_byte(7),
                contributions: [
                    None,
                    Some(Beacon {
                        hash: vec![5; 32].into(),
                        exponent: 10,
                    }),
                ]
                .map(|beacon| Contribution {
                    name: "somebody".into(),
                    hash: B512::repeat_byte(6),
                    beacon,
                })
                .to_vec(),
            },
        }));
    }
    lock
}
