//! `nectar demo`: the whole way on real data, every part played on this machine.

mod folder;
mod hospital;
mod researcher;
mod story;

use crate::{
    anchors::Anchors,
    commands::{snapshot, verify},
    failure::Outcome,
    terminal::Terminal,
    time::now,
};
use clap::Args;
use folder::Folder;
use hospital::Hospital;
use nectar_verifier::date::day_at;
use researcher::Researcher;
use std::path::PathBuf;
use story::Story;

/// Shows the whole way on bundled hospital data: import, commit, ask, verify, and a forgery refused
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
  The parameters are INSECURE development ones: with them anybody can forge proofs. They show how things work.

Three parts are played on this machine: the hospital, an attestor, and a researcher.
";

const CLOSING: &str = "\
What was proven: each table is what the disclosure policy makes of the counts over all records whose consent covers
  research today, and over no other record. The researcher saw the tables and nothing else.
What was trusted: the attestor's word that the committed table is well formed, the list of heads in trust.toml, and
  that the hospital typed in the truth. With these parameters: everybody, since anybody can forge.
";

impl Demo {
    /// Runs the command.
    ///
    /// # Errors
    /// A foreign folder, or I/O.
    pub fn run(self, terminal: Terminal) -> Outcome {
        let folder = Folder::prepare(&self.out)?;
        let mut story = Story::begin(terminal, 8);
        story.say(OPENING)?;
        let hospital = Hospital::set_up(&folder, &mut story)?;
        let anchors = snapshot::anchors(hospital.dataset())?;
        folder.write("trust.toml", anchors.write()?.as_bytes())?;
        let offset = hospital.dataset().schema().utc_offset;
        let today = day_at(now()?, offset).unwrap_or_default();
        let service = hospital.open_service(&folder, &mut story)?;
        let researcher = Researcher {
            folder: &folder,
            anchors: &anchors,
            terminal,
            today,
        };
        let last = researcher.ask_all(&service, &mut story)?;
        service.stop();
        forge(&folder, &anchors, &last, &mut story)?;
        story.end(CLOSING, &farewell(&folder))
    }
}

/// Changes one released number in a bundle and shows that it is refused.
fn forge(folder: &Folder, anchors: &Anchors, file: &str, story: &mut Story) -> Outcome {
    story.step("somebody changes one number in an answer")?;
    let forged = "answers/forged.nectar";
    let change = researcher::change_a_cell(folder, file, forged)?;
    story.say(&format!(
        "  {change}\n  $ nectar verify {} --trust {} --allow-dev-keys\n",
        folder.path(forged).display(),
        folder.path("trust.toml").display(),
    ))?;
    let bundle = folder.bundle(forged)?;
    match verify::check(&bundle, anchors, true, now()?) {
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
    format!(
        "Everything is in {}. Try:\n  nectar verify {} --trust {} --allow-dev-keys\n  nectar show {}\n  nectar snapshot show {}\n",
        path(""),
        path("answers/3-cross-table.nectar"),
        path("trust.toml"),
        path("answers/1-count.nectar"),
        path("dataset"),
    )
}
