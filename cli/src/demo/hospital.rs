//! The hospital's part: import, parameters, commitment, index proofs, service.

use super::{folder::Folder, source::Source, story::Story};
use crate::{
    commands::{
        import,
        params::{self, srs},
        serve,
        snapshot::{self, prove::prove},
    },
    failure::{Failure, Outcome},
    keyring::Keyring,
    remote,
    secret::SubjectSecret,
    terminal::bar,
    time::now,
};
use nectar_answer::{number::whole, policy};
use nectar_client::Client;
use nectar_dataset::{Dataset, schema::Schema};
use nectar_params::{ProverKeys, ceremony::Ceremony, dev};
use nectar_prover::{Catalog, Config, Server};
use nectar_verifier::receipt::Receipt;
use std::{net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::{runtime::Runtime, sync::oneshot};

/// The records as the hospital has them.
const DATA: &str = "source/diabetes130.csv";
/// The ceremony's file.
const PTAU: &str = "source/powersOfTau28_hez_final_11.ptau";
const CEREMONY: &[u8] =
    include_bytes!("../../../params/tests/data/powersOfTau28_hez_final_11.ptau");

/// A hospital with its snapshot committed and proven.
pub struct Hospital {
    dataset: Dataset,
    params: Arc<ProverKeys>,
    ring: Keyring,
}

/// The hospital's service, on a port of this machine.
pub struct Service {
    runtime: Runtime,
    url: String,
    stop: oneshot::Sender<()>,
}

impl Hospital {
    /// Plays the hospital up to its proven snapshot of these records.
    ///
    /// # Errors
    /// I/O.
    pub fn set_up(records: &str, folder: &Folder, story: &mut Story) -> Outcome<Self> {
        folder.write(DATA, records.as_bytes())?;
        let dataset = import(folder, story)?;
        let params = Arc::new(parameters(folder, story)?);
        let ring = Keyring::open(&folder.path("keys"), &[folder.path("dataset")])?;
        let hospital = Hospital {
            dataset,
            params,
            ring,
        };
        hospital.commit(folder, story)?;
        hospital.prove(folder, story)?;
        Ok(hospital)
    }

    /// The dataset.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    fn commit(&self, folder: &Folder, story: &mut Story) -> Outcome {
        story.step("the hospital commits to its records")?;
        story.say(&format!(
            "  Commitments hide every record and fix every record: from now on, no answer can be about other data.\n  \
             $ nectar snapshot commit {} --keys {} --params {}\n",
            folder.path("dataset").display(),
            folder.path("keys").display(),
            folder.path("params").display(),
        ))?;
        let committed = snapshot::commit(&self.dataset, &self.params, &self.ring, now()?)?;
        story.say(&format!(
            "  snapshot {}, root {}\n  policy: {}\n",
            committed.header().core.sequence,
            committed.root(),
            policy::sentence(&committed.header().core.policy),
        ))?;
        story.done()
    }

    fn prove(&self, folder: &Folder, story: &mut Story) -> Outcome {
        story.step("the hospital proves that every column is well formed")?;
        story.say(&format!(
            "  Each row holds exactly one value in each column, or it could count a thousand times. Nobody has to believe it.\n  \
             $ nectar snapshot prove {} --keys {} --params {}\n",
            folder.path("dataset").display(),
            folder.path("keys").display(),
            folder.path("params").display(),
        ))?;
        let tally = prove(&self.dataset, &self.params, &self.ring)?;
        story.say(&format!("  {} columns proven\n", tally.proved))?;
        story.done()
    }

    /// Takes in the next state of the records, and commits and proves it.
    ///
    /// # Errors
    /// I/O.
    pub fn follow(&mut self, records: &str, folder: &Folder, story: &Story) -> Outcome {
        folder.write(DATA, records.as_bytes())?;
        let path = |name: &str| folder.path(name).display().to_string();
        let (dataset, data) = (path("dataset"), path(DATA));
        let more = format!(
            "{dataset} --keys {} --params {}",
            path("keys"),
            path("params")
        );
        story.say(&format!(
            "  $ nectar import --into {dataset} --data {data}\n  $ nectar snapshot commit {more}\n  \
             $ nectar snapshot prove {more}\n  $ nectar serve {more}\n",
        ))?;
        let data = folder.path(DATA);
        let changes = import::update(&mut self.dataset, &data, now()?, story.terminal())?;
        let committed = snapshot::commit(&self.dataset, &self.params, &self.ring, now()?)?;
        let tally = prove(&self.dataset, &self.params, &self.ring)?;
        story.say(&format!(
            "  {} row(s) changed; snapshot {}, root {}\n  {} columns proven anew, {} keep their proofs\n",
            changes.changed,
            committed.header().core.sequence,
            committed.root(),
            tally.proved,
            tally.kept,
        ))
    }

    /// Starts the hospital's service on a free port.
    ///
    /// # Errors
    /// It cannot listen.
    pub fn open_service(&self, folder: &Folder, story: &mut Story) -> Outcome<Service> {
        story.step("the hospital opens its service")?;
        let service = self.serve()?;
        story.say(&format!(
            "  $ nectar serve {} --keys {} --params {}\n  serving on {}, this machine only\n",
            folder.path("dataset").display(),
            folder.path("keys").display(),
            folder.path("params").display(),
            service.url,
        ))?;
        story.done()?;
        Ok(service)
    }

    /// Starts the hospital's service without a word.
    ///
    /// # Errors
    /// It cannot listen.
    pub fn serve(&self) -> Outcome<Service> {
        let mut catalog = Catalog::new(self.params.clone());
        serve::publish(&mut catalog, &self.dataset, &self.ring)?;
        let config = Config {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            ..Config::default()
        };
        let runtime = Runtime::new().map_err(Failure::io)?;
        let bound = runtime.block_on(Server::bind(config, catalog));
        let server = bound.map_err(serve::fault)?;
        let url = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel();
        runtime.spawn(server.serve(async {
            let _ = stopped.await;
        }));
        Ok(Service { runtime, url, stop })
    }
}

impl Service {
    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connects to it and asks.
    ///
    /// # Errors
    /// The service refuses.
    pub fn ask(&self, question: remote::Question) -> Outcome<remote::Reply> {
        self.runtime.block_on(async {
            let client = Client::connect(&self.url).await;
            remote::ask(&mut client.map_err(remote::failure)?, question).await
        })
    }

    /// Connects to it and asks for a patient's receipt, of all consents.
    ///
    /// # Errors
    /// The service refuses.
    pub fn receipt(&self, secret: &SubjectSecret) -> Outcome<Receipt> {
        self.runtime.block_on(async {
            let client = Client::connect(&self.url).await;
            remote::receipt(&mut client.map_err(remote::failure)?, secret, &[]).await
        })
    }

    /// Stops it; there is nobody left to ask.
    pub fn stop(self) {
        let _ = self.stop.send(());
        self.runtime.shutdown_timeout(Duration::from_secs(1));
    }
}

fn import(folder: &Folder, story: &mut Story) -> Outcome<Dataset> {
    story.step("the hospital imports its records")?;
    let text = Source::schema();
    folder.write("source/schema.toml", text.as_bytes())?;
    let data = folder.path(DATA);
    story.say(&format!(
        "  Values become codes, rows take a secret random order. The schema says which column holds consent.\n  \
         $ nectar import --schema {} --data {} --out {}\n",
        folder.path("source/schema.toml").display(),
        data.display(),
        folder.path("dataset").display(),
    ))?;
    let schema = Schema::parse(&text).map_err(Failure::refused)?;
    let table = import::read_table(&schema, &data, now()?, story.terminal())?;
    let dataset = Dataset::create(&folder.path("dataset"), &text, &table);
    let columns = table.columns.len();
    let rows = whole(table.rows.into());
    story.say(&format!("  {rows} people, {columns} columns\n"))?;
    story.done()?;
    dataset.map_err(import::failure)
}

/// The SRS of a real ceremony, and circuit keys that are not: no phase 2 has been held.
fn parameters(folder: &Folder, story: &mut Story) -> Outcome<ProverKeys> {
    story.step("public parameters: a real ceremony's powers of tau, INSECURE circuit keys")?;
    folder.write(PTAU, CEREMONY)?;
    let (path, ptau) = (folder.path("params"), folder.path(PTAU));
    story.say(&format!(
        "  The same for every dataset. Commitments rest on powers of tau that many people made together: nobody knows\n  \
         the secret unless all of them kept their part. The circuits' keys come from a public seed for now.\n  \
         $ nectar params dev --ptau {} --out {}\n",
        ptau.display(),
        path.display()
    ))?;
    let progress = bar("making parameters", 4);
    let ceremony = Ceremony::import(&ptau, None, &|_| {}).map_err(params::failure)?;
    let made = dev::insecure_setup(&path.join(dev::ID), Some(ceremony), &|part| {
        progress.set_message(format!("making {part}"));
        progress.inc(1);
    });
    progress.finish_and_clear();
    let set = made.map_err(params::failure)?;
    story.say(&srs::lines(&set.lock().srs))?;
    story.done()?;
    Ok(set.prover_keys())
}
