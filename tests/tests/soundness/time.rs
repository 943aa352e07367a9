//! Which root answers for which day (docs/protocol.md, section 9). No proof is needed to judge that; one test shows
//! that bundles are judged this way.

use alloy_primitives::B256;
use nectar_engine::attest::AttestorKey;
use nectar_testkit::{
    cohort::{Cohort, day, noon},
    queries,
    world::{World, accepted, attested, head},
};
use nectar_verifier::{
    bundle::VerifyError,
    header::Core,
    statement::StatementError,
    trust::{AcceptedSnapshot, Head, LogView, Timing, TrustError, entry_id},
    verified::Verdict,
};

const DATASET: B256 = B256::repeat_byte(0xd5);
const ENTRY: B256 = B256::repeat_byte(0xe1);

fn root(sequence: u64) -> B256 {
    B256::with_last_byte(u8::try_from(sequence).expect("few snapshots"))
}

/// Snapshots of a dataset, each the head from noon of its day.
fn log(days: &[&str]) -> LogView {
    let head = |(sequence, day): (u64, &&str)| Head {
        dataset: DATASET,
        sequence,
        root: root(sequence),
        since: noon(day),
    };
    LogView {
        heads: (1..).zip(days).map(head).collect(),
        entries: vec![],
    }
}

fn core(sequence: u64, as_of: &str, lag: u8) -> Core {
    let mut core = Cohort::clinic().header(None).core;
    (core.dataset, core.sequence, core.as_of, core.lag) = (DATASET, sequence, noon(as_of), lag);
    core
}

const DAYS: [&str; 3] = ["2026-06-01", "2026-06-10", "2026-06-20"];

fn judge(log: &LogView, sequence: u64, asked: &str, now: &str) -> Result<Timing, TrustError> {
    let core = core(
        sequence,
        DAYS[usize::try_from(sequence - 1).expect("few")],
        1,
    );
    log.judge(&core, root(sequence), day(asked), ENTRY, noon(now))
}

fn window(first: &str, last: &str, got: &str) -> Result<Timing, TrustError> {
    let [first, last, got] = [first, last, got].map(day);
    Err(TrustError::Date { first, last, got })
}

fn current(at: &str) -> Result<Timing, TrustError> {
    Ok(Timing::Current(noon(at)))
}

#[test]
fn a_head_now_answers_for_today_and_the_lag() {
    let log = log(&DAYS);
    assert_eq!(
        judge(&log, 2, "2026-06-15", "2026-06-15"),
        current("2026-06-15")
    );
    assert_eq!(
        judge(&log, 2, "2026-06-14", "2026-06-15"),
        current("2026-06-15")
    );
    let late = judge(&log, 2, "2026-06-13", "2026-06-15");
    assert_eq!(late, window("2026-06-14", "2026-06-15", "2026-06-13"));
    let early = judge(&log, 2, "2026-06-16", "2026-06-15");
    assert_eq!(early, window("2026-06-14", "2026-06-15", "2026-06-16"));
}

/// On the day of a snapshot: an answer of that day counts, one of the day before asks the wrong snapshot.
#[test]
fn the_lag_does_not_reach_before_the_snapshot() {
    let log = log(&DAYS);
    assert_eq!(
        judge(&log, 2, "2026-06-10", "2026-06-10"),
        current("2026-06-10")
    );
    let before = judge(&log, 2, "2026-06-09", "2026-06-10");
    assert_eq!(before, window("2026-06-10", "2026-06-10", "2026-06-09"));
}

/// A root of long ago, with everybody who has withdrawn since, for a day of long ago, made today.
#[test]
fn an_old_root_made_nobody_knows_when_is_not_verified() {
    let log = log(&DAYS);
    assert_eq!(
        judge(&log, 1, "2026-06-05", "2026-06-25"),
        Ok(Timing::Historical)
    );
    // Not for days at which it was not the head, either.
    let after = judge(&log, 1, "2026-06-25", "2026-06-25");
    assert_eq!(after, window("2026-06-01", "2026-06-10", "2026-06-25"));
}

/// The moment of the log's entry is judged, not the moment of verification.
#[test]
fn an_entry_says_when_the_answer_was_made() {
    let mut log = log(&DAYS);
    log.entries = vec![(ENTRY, noon("2026-06-05"))];
    assert_eq!(
        judge(&log, 1, "2026-06-05", "2030-01-01"),
        current("2026-06-05")
    );
    let forward = judge(&log, 1, "2026-06-07", "2026-06-07");
    assert_eq!(forward, window("2026-06-04", "2026-06-05", "2026-06-07"));
    // Entered when another root was the head, or none: no answer of this root, whatever is asked.
    for entered in ["2026-06-15", "2026-05-01"] {
        log.entries = vec![(ENTRY, noon(entered))];
        assert_eq!(
            judge(&log, 1, "2026-06-05", "2026-06-25"),
            Err(TrustError::NotHead)
        );
    }
}

/// An answer entered again later, by whomever, is as old as it was.
#[test]
fn the_first_entry_counts() {
    let mut log = log(&DAYS);
    log.entries = vec![(ENTRY, noon("2026-06-22")), (ENTRY, noon("2026-06-05"))];
    assert_eq!(
        judge(&log, 1, "2026-06-05", "2026-06-25"),
        current("2026-06-05")
    );
}

/// A log that enters answers in the future would let anybody ask about days to come.
#[test]
fn an_entry_of_the_future() {
    let mut log = log(&DAYS);
    log.entries = vec![(ENTRY, noon("2026-06-18"))];
    let asked = |now| judge(&log, 2, "2026-06-18", now);
    assert_eq!(asked("2026-06-18"), current("2026-06-18"));
    assert_eq!(asked("2026-06-17"), Err(TrustError::NotHead));
}

#[test]
fn roots_the_log_does_not_know() {
    let log = log(&DAYS);
    assert_eq!(
        judge(&LogView::default(), 2, "2026-06-15", "2026-06-15"),
        Err(TrustError::NotHead)
    );
    assert_eq!(
        judge(&log, 3, "2026-06-15", "2026-06-15"),
        Err(TrustError::NotHead),
        "not yet"
    );
    let core = core(2, DAYS[1], 1);
    let now = noon("2026-06-15");
    let unknown = log.judge(&core, root(9), day("2026-06-15"), ENTRY, now);
    assert_eq!(unknown, Err(TrustError::NotHead));
    let mut elsewhere = core.clone();
    elsewhere.dataset = B256::ZERO;
    let foreign = log.judge(&elsewhere, root(2), day("2026-06-15"), ENTRY, now);
    assert_eq!(foreign, Err(TrustError::NotHead));
    // The header says another sequence number than the log.
    let mut renumbered = core;
    renumbered.sequence = 1;
    let renumbered = log.judge(&renumbered, root(2), day("2026-06-15"), ENTRY, now);
    assert_eq!(renumbered, Err(TrustError::NotHead));
}

#[test]
fn two_roots_of_one_sequence_number() {
    let mut log = log(&DAYS);
    assert_eq!(
        judge(&log, 2, "2026-06-15", "2026-06-15"),
        current("2026-06-15")
    );
    log.heads.push(Head {
        root: B256::repeat_byte(7),
        ..log.heads[1]
    });
    assert_eq!(
        judge(&log, 2, "2026-06-15", "2026-06-15"),
        Err(TrustError::Equivocation)
    );
}

/// Days are counted in the header's offset: at 23:30 UTC it is tomorrow one hour east.
#[test]
fn days_are_counted_in_the_headers_offset() {
    let log = log(&DAYS);
    let late = noon("2026-06-15") + 11 * 3_600 + 1_800;
    for (offset, asked, accepted) in [
        (60, "2026-06-16", true),
        (0, "2026-06-16", false),
        (60, "2026-06-14", false),
    ] {
        let mut core = core(2, DAYS[1], 1);
        core.utc_offset = offset;
        let verdict = log.judge(&core, root(2), day(asked), ENTRY, late);
        assert_eq!(
            verdict.is_ok(),
            accepted,
            "{asked} at {offset} minutes: {verdict:?}"
        );
    }
}

/// Moments at the ends of the calendar are refused, and nothing panics.
#[test]
fn moments_outside_the_calendar() {
    for now in [i64::MIN, i64::MAX] {
        for as_of in [i64::MIN, i64::MAX] {
            let mut log = log(&DAYS);
            log.heads[1].since = i64::MIN;
            let mut core = core(2, DAYS[1], 31);
            core.as_of = as_of;
            for asked in [i32::MIN, i32::MAX] {
                assert!(log.judge(&core, root(2), asked, ENTRY, now).is_err());
            }
        }
    }
}

/// Bundles are judged so.
#[test]
fn an_answer_of_an_old_snapshot() {
    let world = World::clinic();
    let honest = world.honest(&queries::counts());
    let next = Cohort {
        as_of: noon("2026-06-16"),
        ..Cohort::clinic()
    }
    .commit(Some(&world.snapshot));
    let mut log = world.log.clone();
    log.heads.push(head(&next));
    let snapshot = attested(world.snapshot.root());
    let verify = |log: &LogView, now: &str| honest.verify(&snapshot, &accepted(), log, noon(now));
    assert!(matches!(
        verify(&log, "2026-06-15"),
        Ok(Verdict::Verified(_))
    ));
    assert!(matches!(
        verify(&log, "2027-06-20"),
        Ok(Verdict::Historical(_))
    ));
    let statement = honest.statement().expect("a statement");
    let entry = entry_id(statement.digest(&honest.core, honest.root()), &honest.cells);
    log.entries = vec![(entry, noon("2026-06-15"))];
    assert!(matches!(
        verify(&log, "2027-06-20"),
        Ok(Verdict::Verified(_))
    ));
}

/// Dates without a period are refused by prover and verifier alike, never clamped.
#[test]
fn dates_without_a_period() {
    let world = World::clinic();
    for asked in ["2024-12-31", "2027-01-01", "1970-01-01"] {
        let mut query = queries::counts();
        query.day = day(asked);
        let refused = nectar_engine::statement(&world.snapshot, &query).map(|_| ());
        assert_eq!(refused, Err(StatementError::Date), "{asked}");
        let mut bundle = world.honest(&queries::counts());
        bundle.query = query;
        assert_eq!(
            world.judge(&bundle),
            Err(VerifyError::Statement(StatementError::Date))
        );
    }
    let mut bundle = world.honest(&queries::counts());
    bundle.query.day = day("2026-06-13");
    let want = TrustError::Date {
        first: day("2026-06-15"),
        last: day("2026-06-15"),
        got: day("2026-06-13"),
    };
    assert_eq!(world.judge(&bundle), Err(VerifyError::Trust(want)));
}

#[test]
fn attestations_by_nobody_known() {
    let (known, other) = (
        AttestorKey::from_bytes(&[1; 32]),
        AttestorKey::from_bytes(&[2; 32]),
    );
    let (known, other) = (known.expect("a key"), other.expect("a key"));
    let list = [known.address()];
    let accept =
        |signature: &[u8]| AcceptedSnapshot::attested(root(1), signature, &list).map(|_| ());
    assert_eq!(accept(&known.attest(root(1)).unwrap()), Ok(()));
    let refused = Err(TrustError::Attestor);
    assert_eq!(accept(&other.attest(root(1)).unwrap()), refused);
    assert_eq!(accept(&known.attest(root(2)).unwrap()), refused);
    assert_eq!(accept(&[0; 65]), refused);
    assert_eq!(accept(&[]), refused);
    assert_eq!(accept(&known.attest(root(1)).unwrap()[..64]), refused);
}
