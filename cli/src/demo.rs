//! `nectar demo`: the whole way on real data, every part played on this machine.

mod folder;
mod hospital;
mod researcher;
mod source;
mod story;
mod subject;

use crate::{
    accepted::Accepted,
    anchors::Anchors,
    commands::{snapshot, verify},
    failure::Outcome,
    terminal::Terminal,
    time::now,
};
use clap::Args;
use folder::Folder;
use hospital::{Hospital, Service};
use nectar_verifier::date::day_at;
use researcher::Researcher;
use source::Source;
use std::path::PathBuf;
use story::Story;
use subject::Subject;

/// Shows the whole way on bundled hospital data: import, commit, ask, verify, a forgery refused, a withdrawal checked
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  nectar demo --out my-demo\n\nTakes a few minutes at most. Everything it makes stays in the \
        folder; a folder that holds anything else is left alone."
)]
pub struct Demo {
    /// The folder to work in
    #[arg(long, value_name = "DIR", default_value = "nectar-demo")]
    out: PathBuf,
}

const OPENING: &str = "\
A hospital answers a researcher's questions. The answers come with proofs; no record leaves the hospital.

  The records are real: 71,518 people with diabetes in 130 hospitals in the USA, one row each, without names
  (UCI data set 296, Clore, Cios, DeShazo, Strack; CC BY 4.0).
  The consents are SYNTHETIC: nobody in this data was asked. They are drawn from a fixed seed.
  The powers of tau under the commitments are REAL: the Perpetual Powers of Tau, a public ceremony.
  The circuits' keys are INSECURE development ones: with them anybody can forge proofs. They show how things work.

Three parts are played on this machine: a patient, the hospital, and a researcher.
";

const CLOSING: &str = "\
What was proven: each table is what the disclosure policy makes of the counts over all records whose consent covers
  research today, and over no other record. The researcher saw the tables and nothing else. The patient saw what two
  snapshots hold of them; that no other row is a copy of theirs, no receipt can show.
What was trusted: the list of heads in trust.toml, and that the hospital typed in the truth. Nobody's word was needed
  that the committed tables are well formed: that was proven. With these circuit keys: everybody, since anybody can forge.
";

impl Demo {
    /// Runs the command.
    ///
    /// # Errors
    /// A foreign folder, or I/O.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let folder = Folder::prepare(&self.out)?;
        let mut story = Story::begin(terminal, 14);
        story.say(OPENING)?;
        let source = Source::bundled()?;
        let patient = Subject::draw(&source, &folder, &mut story)?;
        let records = patient.records(&source, false);
        let mut hospital = Hospital::set_up(&records, &folder, &mut story)?;
        let service = hospital.open_service(&folder, &mut story)?;
        let mut first = Stage::open(&hospital, service, &folder)?;
        let offset = hospital.dataset().schema().utc_offset;
        let today = day_at(now()?, offset).unwrap_or_default();
        let researcher = Researcher {
            folder: &folder,
            terminal,
            today,
        };
        researcher.check_snapshot(&mut first, &mut story)?;
        let last = researcher.ask_all(&first, &mut story)?;
        forge(&folder, &first.anchors, &last, &mut story)?;
        see(&patient, &researcher, &first, &mut story)?;
        first.service.stop();

        let records = patient.records(&source, true);
        let mut second = withdraw(&mut hospital, &patient, &records, &folder, &mut story)?;
        researcher.check_snapshot(&mut second, &mut story)?;
        see_again(&patient, &researcher, &second, &mut story)?;
        second.service.stop();
        story.end(CLOSING, &farewell(&folder))
    }
}

/// A snapshot in public: the service over it, and what those who check its answers believe.
struct Stage {
    service: Service,
    anchors: Anchors,
}

impl Stage {
    /// Writes the trust file of the hospital's latest snapshot.
    fn open(hospital: &Hospital, service: Service, folder: &Folder) -> Outcome<Self> {
        let anchors = snapshot::anchors(hospital.dataset())?;
        folder.write("trust.toml", anchors.write()?.as_bytes())?;
        Ok(Stage { service, anchors })
    }
}

/// The patient looks at their row, and the researcher counts heads.
fn see(patient: &Subject, researcher: &Researcher, stage: &Stage, story: &mut Story) -> Outcome {
    story.step("the patient asks what the snapshot holds of them")?;
    patient.look(stage, "receipts/1.nectar", researcher.folder, story)?;
    researcher.count(stage, false, story)?;
    story.done()
}

/// The patient withdraws their consent, and the hospital commits to that.
fn withdraw(
    hospital: &mut Hospital,
    patient: &Subject,
    records: &str,
    folder: &Folder,
    story: &mut Story,
) -> Outcome<Stage> {
    story.step("the patient withdraws, and the hospital commits again")?;
    story.say(&format!(
        "  The source now says \"withdrawn\" for patient {}. Every consent is committed afresh, so nobody sees whose changed.\n",
        patient.number
    ))?;
    hospital.follow(records, folder, story)?;
    let stage = Stage::open(hospital, hospital.serve()?, folder)?;
    story.done()?;
    Ok(stage)
}

/// The patient looks again, and the researcher counts again.
fn see_again(
    patient: &Subject,
    researcher: &Researcher,
    stage: &Stage,
    story: &mut Story,
) -> Outcome {
    story.step("the patient checks that the withdrawal counts")?;
    patient.look(stage, "receipts/2.nectar", researcher.folder, story)?;
    researcher.count(stage, true, story)?;
    story.say(
        "  Same row, same tag, no consent: no answer for research about this snapshot counts the patient any more. The counts\n  \
         are rounded to the nearest 5, so one person moves them by a step or not at all; the receipt tells that person.\n",
    )?;
    story.done()
}

/// Changes one released number in a bundle and shows that it is refused.
fn forge(folder: &Folder, anchors: &Anchors, file: &str, story: &mut Story) -> Outcome {
    story.step("somebody changes one number in an answer")?;
    let forged = "answers/forged.nectar";
    let change = researcher::change_a_cell(folder, file, forged)?;
    story.say(&format!(
        "  {change}\n  $ nectar verify {} --trust {} --checked {} --allow-dev-keys\n",
        folder.path(forged).display(),
        folder.path("trust.toml").display(),
        folder.path(researcher::CHECKED).display(),
    ))?;
    let bundle = folder.bundle(forged)?;
    match verify::check(&bundle, anchors, &Accepted::insecure().keys()?, now()?) {
        Err(refusal) => story.say(&format!(
            "  {refusal}\n  Every challenge of the proof depends on the released numbers, so it holds for no others. Exit code 1.\n"
        ))?,
        Ok(_) => {
            return Err(crate::failure::Failure::Refused(
                "a forged answer was taken for true; please report this".into(),
            ));
        }
    }
    story.done()
}

fn farewell(folder: &Folder) -> String {
    let path = |name: &str| folder.path(name).display().to_string();
    let (trust, checked) = (path("trust.toml"), path(researcher::CHECKED));
    let trust = format!("--trust {trust} --checked {checked} --allow-dev-keys");
    format!(
        "Everything is in {}. Try:\n  nectar verify {} {trust}\n  nectar receipt verify {} --secret {} {trust}\n  \
         nectar show {}\n  nectar snapshot show {}\n",
        path(""),
        path("answers/5-after.nectar"),
        path("receipts/2.nectar"),
        path(subject::SECRET),
        path("answers/1-count.nectar"),
        path("dataset"),
    )
}
