//! The researcher's part: three questions, each answer verified; and a forger's.

use super::{Stage, folder::Folder, story::Story};
use crate::{
    accepted::Accepted,
    anchors::Anchors,
    commands::{snapshot::verify::Verify, verify::check},
    failure::{Failure, Outcome},
    remote::Question,
    render,
    terminal::Terminal,
    time::now,
};
use nectar_answer::{
    Released, derive,
    number::whole,
    time::day_text,
    verdict::{self, HeadSource},
};
use nectar_verifier::{date::Day, disclosure::SUPPRESSED, verified::Verdict};

/// Where researcher and patient note the snapshots they checked.
pub const CHECKED: &str = "checked.toml";

/// The researcher, and what they go by.
pub struct Researcher<'a> {
    /// Where bundles go.
    pub folder: &'a Folder,
    /// What may be printed.
    pub terminal: Terminal,
    /// The day of the questions.
    pub today: Day,
}

/// A question of the demo.
struct Asked {
    what: &'static str,
    sql: &'static str,
    file: &'static str,
}

const QUESTIONS: [Asked; 3] = [
    Asked {
        what: "How many people of 60 to 80, admitted for circulatory disease, were given insulin?",
        sql: "SELECT COUNT(*) FROM diabetes130 WHERE age IN ('60-70', '70-80') \
              AND diagnosis_group = 'Circulatory' AND insulin <> 'No'",
        file: "answers/1-count.nectar",
    },
    Asked {
        what: "How long do people stay, by age?",
        sql: "SELECT age, COUNT(*) AS people, AVG(time_in_hospital) AS mean FROM diabetes130 GROUP BY age",
        file: "answers/2-means.nectar",
    },
    Asked {
        what: "Do people on diabetes medication come back within 30 days more often?",
        sql: "SELECT diabetesMed, readmitted_30_days, COUNT(*) FROM diabetes130 \
              GROUP BY diabetesMed, readmitted_30_days",
        file: "answers/3-cross-table.nectar",
    },
];

/// How many there are, before and after somebody withdraws.
const HEADS: [Asked; 2] = [
    Asked {
        what: "How many people are there, before?",
        sql: "SELECT COUNT(*) FROM diabetes130",
        file: "answers/4-before.nectar",
    },
    Asked {
        what: "And after?",
        sql: "SELECT COUNT(*) FROM diabetes130",
        file: "answers/5-after.nectar",
    },
];

impl Researcher<'_> {
    /// Checks the whole commitment, once for all questions about it.
    ///
    /// # Errors
    /// The service refuses, or the manifest is not well formed.
    pub fn check_snapshot(&self, stage: &mut Stage, story: &mut Story) -> Outcome {
        story.step("the researcher checks the whole commitment, once")?;
        let (url, checked) = (stage.service.url(), self.folder.path(CHECKED));
        story.say(&format!(
            "  Every commitment and every proof; no record is among them.\n  $ nectar snapshot verify --server {url} \
             --dataset diabetes130 --checked {} --allow-dev-keys\n\n",
            checked.display(),
        ))?;
        Verify::demonstrated(url, "diabetes130", checked.clone()).run(self.terminal)?;
        stage.anchors = Anchors::read(&self.folder.path("trust.toml"), Some(&checked))?;
        story.done()
    }

    /// Asks all questions and verifies the answers; gives the last answer's file.
    ///
    /// # Errors
    /// The service refuses, or an answer does not verify.
    pub fn ask_all(&self, stage: &Stage, story: &mut Story) -> Outcome<String> {
        story.step("the researcher asks three questions and checks each answer")?;
        story.say(
            "  Consent for research today is always applied: the text cannot leave it out, and the proof covers it.\n",
        )?;
        for asked in &QUESTIONS {
            self.ask(asked, stage, story)?;
        }
        story.done()?;
        self.verdict_step(stage, story)?;
        Ok(QUESTIONS[2].file.into())
    }

    /// Counts heads before or after the withdrawal.
    ///
    /// # Errors
    /// The service refuses, or the answer does not verify.
    pub fn count(&self, stage: &Stage, after: bool, story: &Story) -> Outcome {
        let [before, later] = &HEADS;
        self.ask(if after { later } else { before }, stage, story)
    }

    fn ask(&self, asked: &Asked, stage: &Stage, story: &Story) -> Outcome {
        story.say(&format!(
            "\n{}\n  $ nectar query --server {} --dataset diabetes130 --purpose research --date {} \\\n      --trust {} \
             --checked {} --allow-dev-keys --out {} \\\n      \"{}\"\n\n",
            self.terminal.strong(asked.what),
            stage.service.url(),
            day_text(self.today),
            self.folder.path("trust.toml").display(),
            self.folder.path(CHECKED).display(),
            self.folder.path(asked.file).display(),
            asked.sql,
        ))?;
        let begun = std::time::Instant::now();
        let reply = stage.service.ask(Question {
            dataset: "diabetes130",
            purpose: "research",
            day: self.today,
            sql: asked.sql,
        })?;
        let asked_for = begun.elapsed().as_secs_f64();
        self.folder.write(asked.file, &reply.bytes)?;
        let begun = std::time::Instant::now();
        let verdict = check(
            &reply.bundle,
            &stage.anchors,
            &Accepted::insecure().keys()?,
            now()?,
        )?;
        let checked = begun.elapsed().as_secs_f64();
        let Verdict::Verified(verified) = &verdict else {
            return Err(Failure::Refused(
                "the snapshot is no longer the head".into(),
            ));
        };
        let answer = derive(&Released::from(verified), &reply.outputs);
        story.say(&render::answer(&answer, self.terminal))?;
        let bytes = whole(reply.bytes.len() as f64);
        story.say(&format!(
            "  VERIFIED. Answered and proven in {asked_for:.1} s, checked in {checked:.2} s, bundle of {bytes} bytes.\n"
        ))
    }

    /// Shows in full what was verified of the last answer.
    fn verdict_step(&self, stage: &Stage, story: &mut Story) -> Outcome {
        story.step("what VERIFIED means, for the last answer")?;
        let bundle = self.folder.bundle(QUESTIONS[2].file)?;
        let verdict = check(
            &bundle,
            &stage.anchors,
            &Accepted::insecure().keys()?,
            now()?,
        )?;
        let established = verdict::summary(&verdict, HeadSource::List);
        story.say(&render::summary(&established, self.terminal))?;
        story.done()
    }
}

/// Writes a bundle with one released cell changed by the least step the policy knows; says what was changed.
///
/// # Errors
/// I/O, or a table without released cells.
pub fn change_a_cell(folder: &Folder, from: &str, to: &str) -> Outcome<String> {
    let mut bundle = folder.bundle(from)?;
    let step = u64::from(bundle.core.policy.base());
    let cell = bundle
        .cells
        .iter_mut()
        .find(|c| **c != SUPPRESSED && **c > 0);
    let cell = cell.ok_or_else(|| Failure::Refused("the table has no released cell".into()))?;
    let honest = *cell;
    *cell = honest + step;
    let change = format!(
        "{honest} becomes {}; nothing else is touched.",
        honest + step
    );
    folder.write(to, &bundle.encode())?;
    Ok(change)
}
