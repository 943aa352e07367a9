//! A service with one small dataset, and clients for it.

use nectar_client::{Client, ClientError};
use nectar_engine::{
    attest::AttestorKey,
    blinding::BlindingKey,
    snapshot::{Records, Snapshot},
};
use nectar_params::{ParamsError, ProverKeys, dev};
use nectar_proto::{
    JobStatus, PublishedSnapshot, Secret, Submission,
    v1::nectar_service_client::NectarServiceClient,
};
use nectar_prover::{Catalog, Config, ServeError, Server};
use nectar_verifier::{
    column::{Column, Kind},
    date::{Day, Grid},
    header::{Core, Header, dataset_id, purposes, purposes_digest},
    policy::{Policy, Rounding},
    query::{CodeSet, Literal, Query, Variant},
    receipt::tag,
    shape::Shape,
};
use std::{
    sync::{Arc, LazyLock, Mutex, mpsc},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use tonic::{Code, transport::Channel};

pub const DATASET: &str = "clinic";
const ROWS: u32 = 300;
const SEGMENT_BITS: u8 = 8;
/// No wait in these tests lasts longer.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Keys of a real compact circuit, made once.
pub static KEYS: LazyLock<Arc<ProverKeys>> = LazyLock::new(|| {
    let srs = dev::insecure_srs(SEGMENT_BITS);
    Arc::new(ProverKeys::new(srs, dev::insecure_circuit))
});

/// Holds jobs at the circuit stage until it is dropped; then they fail.
pub type Gate = mpsc::Sender<()>;

/// Keys whose circuits never come, and not before the gate opens.
pub fn gated() -> (Arc<ProverKeys>, Gate) {
    let (gate, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let source = move |circuit| {
        let _ = wait.lock().expect("no panic").recv();
        let what = "secret detail".into();
        Err(ParamsError::Circuit { circuit, what })
    };
    let srs = dev::insecure_srs(SEGMENT_BITS);
    (Arc::new(ProverKeys::new(srs, source)), gate)
}

/// A service that runs.
pub struct Running {
    pub url: String,
    pub attestor: AttestorKey,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), ServeError>>,
}

pub fn config() -> Config {
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        progress_tick_milliseconds: 50,
        ..Config::default()
    }
}

impl Running {
    pub async fn start(config: Config, keys: Arc<ProverKeys>) -> Self {
        Self::start_with(config, keys, |_, _| {}).await
    }

    /// Starts a service whose catalog is prepared before it is served.
    pub async fn start_with(
        config: Config,
        keys: Arc<ProverKeys>,
        prepare: impl FnOnce(&mut Catalog, &Snapshot),
    ) -> Self {
        let attestor = AttestorKey::generate().expect("randomness");
        let snapshot = Arc::new(snapshot(&keys));
        let attestation = attestor.attest(snapshot.root()).unwrap();
        let since = snapshot.header().core.as_of;
        let mut catalog = Catalog::new(keys);
        catalog
            .insert(snapshot.clone(), vec![attestation], since)
            .expect("a dataset");
        prepare(&mut catalog, &snapshot);
        let server = Server::bind(config, catalog).await.expect("a server");
        let url = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(server.serve(async {
            let _ = stopped.await;
        }));
        Running {
            url,
            attestor,
            stop: Some(stop),
            server,
        }
    }

    pub async fn client(&self) -> Client {
        Client::connect(&self.url).await.expect("a connection")
    }

    /// A client without the checks of ours.
    pub async fn raw(&self) -> NectarServiceClient<Channel> {
        NectarServiceClient::connect(self.url.clone())
            .await
            .expect("a connection")
    }

    pub fn stop(&mut self) {
        self.stop.take().map(|s| s.send(()));
    }

    pub async fn ended(self) {
        let server = timeout(PATIENCE, self.server).await.expect("an end");
        server.expect("no panic").expect("an orderly end");
    }
}

pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a time after 1970").as_secs() as i64
}

pub fn today() -> Day {
    (now() / 86_400) as Day
}

fn number(count: u16) -> Kind {
    Kind::Number {
        min: 0,
        step: 1,
        scale: 0,
        count,
        unit: String::new(),
    }
}

fn columns() -> Vec<Column> {
    let consent = Kind::Consent {
        purpose: "research".into(),
        first: Grid::Month.period(today()).expect("a month") - 12,
        count: 24,
    };
    [
        ("age", number(100)),
        ("sex", number(2)),
        ("consent", consent),
        ("tag", Kind::Tag),
    ]
    .map(|(name, kind)| Column {
        name: name.into(),
        kind,
    })
    .into()
}

/// Ages 0 to 99 three times, sexes by turns, consent of all but every tenth.
fn codes() -> Vec<Vec<u16>> {
    let rows = 0..ROWS as u16;
    vec![
        rows.clone().map(|i| i % 100 + 1).collect(),
        rows.clone().map(|i| i % 2 + 1).collect(),
        rows.map(|i| if i % 10 == 0 { 0 } else { 24 }).collect(),
    ]
}

/// The secret of a row's subject.
pub fn secret(row: u32) -> Secret {
    Secret::from_bytes(std::array::from_fn(|i| {
        if i < 4 { row.to_be_bytes()[i] } else { 7 }
    }))
}

fn records() -> Records {
    let dataset = dataset_id(DATASET);
    let tags = (0..ROWS).map(|row| tag(secret(row).expose(), dataset));
    Records {
        codes: codes(),
        tags: tags.collect(),
    }
}

fn snapshot(keys: &ProverKeys) -> Snapshot {
    let columns = columns();
    let compact = if Arc::as_ptr(&KEYS) == std::ptr::from_ref(keys) {
        let key = keys.circuit(Shape::Compact).expect("a key");
        key.verifier().digest()
    } else {
        Default::default()
    };
    let core = Core {
        dataset: dataset_id(DATASET),
        sequence: 1,
        parent: Default::default(),
        as_of: i64::from(today()) * 86_400,
        utc_offset: 0,
        lag: 1,
        custodian: Default::default(),
        rows: ROWS,
        segment_bits: SEGMENT_BITS,
        columns: columns.len() as u16,
        purposes: purposes_digest(&purposes(&columns)),
        policy: Policy::new(8, 5, Rounding::Nearest, true, 12).expect("a valid policy"),
        srs: keys.srs().verifier().digest(),
        compact_key: compact,
        wide_key: Default::default(),
    };
    let header = Header {
        core,
        dataset: DATASET.into(),
        columns,
        leaves_roots: vec![],
    };
    let key = BlindingKey::from_bytes([1; 32]);
    Snapshot::commit(header, records(), None, keys.srs(), key, &|_| {}).expect("a snapshot")
}

/// `COUNT(*) WHERE sex = 1`.
pub fn query() -> Query {
    let mut query = Query::for_purpose(Variant::Counts, "research", today());
    query.literals = vec![Literal {
        column: 1,
        joins: false,
        set: CodeSet::run(2, 2),
    }];
    query
}

pub fn submission(snapshot: &PublishedSnapshot) -> Submission {
    Submission {
        dataset: DATASET.into(),
        root: snapshot.root,
        query: query(),
        idempotency_key: None,
        deadline_seconds: None,
    }
}

/// Fetches the snapshot and submits the query.
pub async fn submit(client: &mut Client) -> Result<JobStatus, ClientError> {
    let snapshot = client.snapshot(DATASET).await?;
    client.submit(&submission(&snapshot)).await
}

/// Checks that a call is refused with a code, for a reason.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(got: Result<T, ClientError>, want: Code, why: &str) {
    match got {
        Err(ClientError::Refused { code, message }) => {
            assert_eq!(code, want, "{message}");
            assert!(message.contains(why), "got {message}, want {why}");
        }
        other => panic!("got {other:?}, want {want:?}: {why}"),
    }
}
