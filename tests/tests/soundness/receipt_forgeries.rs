//! Custodians who do not follow the protocol: each is consistent in all that follows from its lie, and would be
//! believed by a verifier with one rule less.

use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, Field};
use nectar_engine::{
    blinding::BlindingKey,
    dishonest::{Step, forge_receipt},
    manifest::Manifest,
    snapshot::Snapshot,
};
use nectar_testkit::{
    cohort::{Cohort, at, subject},
    keys::keys,
    world::{World, accepted, attested},
};
use nectar_verifier::{
    column::{Leaf, LeafRef},
    header::Core,
    opening::OpeningError,
    receipt::{Receipt, ReceiptError, Record, tag, weights},
    transcript::Transcript,
};
use std::cell::{Cell, RefCell};

/// A row of the third segment.
const ROW: u32 = 37;
const COLUMNS: [u16; 2] = [at::DX, at::RESEARCH];

const IDENTITY: ReceiptError = ReceiptError::Opening(OpeningError::Identity);
const PAIRING: ReceiptError = ReceiptError::Opening(OpeningError::Pairing);

/// What is added to a committed vector at a row.
type Change = (LeafRef, Fr);

/// A custodian who claims something else of a row, and opens what the table says with `changes` at that row.
fn lie(
    snapshot: &Snapshot,
    row: u32,
    columns: &[u16],
    claim: impl Fn(&mut Record),
    changes: &[Change],
) -> Receipt {
    let (order, lambda) = (RefCell::new(vec![]), Cell::new(Fr::ZERO));
    let strategy = |step: Step<'_, '_>| match step {
        Step::Record(record, ..) => {
            claim(record);
            order.replace(record.claims());
        }
        Step::Lambda(l) => lambda.set(*l),
        Step::Combination(f) => {
            let claims = order.borrow();
            let weights = weights(lambda.get(), claims.len());
            for (leaf, change) in changes {
                let exponent = claims.iter().position(|(l, _)| l == leaf);
                f[row as usize % 16] += weights[exponent.expect("an opened vector")] * change;
            }
        }
        _ => {}
    };
    forge_receipt(strategy, snapshot, keys().srs(), row, columns).expect("a forgery")
}

/// A custodian who commits something else at a row than the table says.
fn commit(cohort: &Cohort, row: u32, changes: &[Change]) -> Snapshot {
    let honest = cohort.commit(None);
    let power = keys().srs().powers(4).expect("powers")[row as usize % 16];
    let mut columns = honest.manifest().columns().to_vec();
    for ((column, leaf), change) in changes {
        let place = cohort.columns[usize::from(*column)].leaf_index(*leaf);
        let segment = &mut columns[usize::from(*column)][row as usize / 16];
        let point = &mut segment.points[place.expect("a committed vector")];
        *point = (*point + power * change).into_affine();
    }
    let manifest = Manifest::new(honest.header().clone(), columns).expect("a manifest");
    let key = BlindingKey::from_bytes(cohort.secret);
    Snapshot::load(manifest, cohort.records(), key).expect("a snapshot")
}

/// The verdict of ours, with any snapshot attested.
fn judge(receipt: &Receipt) -> Result<(), ReceiptError> {
    let verified = receipt.verify(&attested(receipt.record.root()), &accepted());
    verified.map(|_| ())
}

/// The verdict of a verifier who looks at the opening alone, with a lambda of its own.
fn opens(receipt: &Receipt, lambda: Fr) -> Result<(), OpeningError> {
    let Receipt {
        record,
        m,
        mu,
        opening,
    } = receipt;
    let claims = record.claims();
    let (mut transcript, _) = first_message(record, &claims, m, mu);
    let challenges = opening.challenges(None, &mut transcript);
    let challenges = challenges.expect("challenges");
    let weights = weights(lambda, claims.len());
    let values = claims.iter().map(|c| c.1).chain([*mu]);
    let y = weights.iter().zip(values).map(|(w, v)| *w * v).sum();
    opening.check_identity(&record.point(), y, challenges.z)?;
    let points: Vec<G1Affine> = record.vectors.iter().map(|v| v.point).chain([*m]).collect();
    let commitment = G1Projective::msm(&points, &weights).expect("as many");
    opening.check_pairing(keys().srs().verifier(), commitment, &challenges)
}

fn first_message(
    record: &Record,
    claims: &[(LeafRef, Fr)],
    m: &G1Affine,
    mu: &Fr,
) -> (Transcript, Fr) {
    Transcript::receipt(record.root(), record.row, claims, m, mu).expect("lambda")
}

fn honest_lambda(receipt: &Receipt) -> Fr {
    let record = &receipt.record;
    first_message(record, &record.claims(), &receipt.m, &receipt.mu).1
}

fn tag_of(row: u32, core: &Core) -> Fr {
    tag(&subject(row), core.dataset)
}

/// The digits in which a claimed code differs from the true one.
fn digits(column: u16, from: u16, to: u16) -> Vec<Change> {
    let digit = |code: u16, b: u8| Fr::from(code >> b & 1);
    let change = |b: u8| ((column, Leaf::Bit(b)), digit(to, b) - digit(from, b));
    (0..3).map(change).filter(|c| c.1 != Fr::ZERO).collect()
}

fn code_of(snapshot: &Snapshot, column: u16, row: u32) -> u16 {
    snapshot.codes()[usize::from(column)][row as usize]
}

#[test]
fn the_honest_strategy_is_believed() {
    let receipt = lie(&World::tagged().snapshot, ROW, &COLUMNS, |_| {}, &[]);
    assert_eq!(judge(&receipt), Ok(()));
    assert_eq!(opens(&receipt, honest_lambda(&receipt)), Ok(()));
}

/// Claimed in the record: F opens to what is committed. Opened as claimed: F is not what is committed.
#[test]
fn another_tag_or_code_than_was_committed() {
    let snapshot = &World::tagged().snapshot;
    let core = &snapshot.header().core;
    let other = |record: &mut Record| record.tag = tag_of(3, core);
    let change = ((at::TAG, Leaf::Tag), tag_of(3, core) - tag_of(ROW, core));
    assert_eq!(
        judge(&lie(snapshot, ROW, &COLUMNS, other, &[])),
        Err(IDENTITY)
    );
    assert_eq!(
        judge(&lie(snapshot, ROW, &COLUMNS, other, &[change])),
        Err(PAIRING)
    );

    let true_code = code_of(snapshot, at::DX, ROW);
    let false_code = (true_code + 1) % 6;
    let other = |record: &mut Record| record.codes[0] = false_code;
    let changes = digits(at::DX, true_code, false_code);
    assert_eq!(
        judge(&lie(snapshot, ROW, &COLUMNS, other, &[])),
        Err(IDENTITY)
    );
    assert_eq!(
        judge(&lie(snapshot, ROW, &COLUMNS, other, &changes)),
        Err(PAIRING)
    );
}

/// Past the last row every consent reads "withdrawn", and a tag can be put there for anybody. No query counts it.
#[test]
fn a_ghost_row() {
    let cohort = Cohort::clinic().tagged();
    let ghost = 50;
    let dataset = cohort.header(None).core.dataset;
    let hidden = [((at::TAG, Leaf::Tag), tag(&subject(3), dataset))];
    let snapshot = commit(&cohort, ghost, &hidden);
    let true_row = lie(&snapshot, 20, &[at::RESEARCH], |_| {}, &[]);
    assert_eq!(judge(&true_row), Ok(()), "a row that exists");
    let claim = |record: &mut Record| record.tag = hidden[0].1;
    let receipt = lie(&snapshot, ghost, &[at::RESEARCH], claim, &hidden);
    assert_eq!(receipt.record.codes, [0], "withdrawn");
    assert_eq!(
        opens(&receipt, honest_lambda(&receipt)),
        Ok(()),
        "it does open"
    );
    assert_eq!(
        judge(&receipt),
        Err(ReceiptError::Row { row: 50, rows: 50 })
    );
}

/// Three digits hold codes up to 7 of a column with six: consistent, and of no meaning.
#[test]
fn a_code_the_column_does_not_have() {
    let cohort = Cohort::clinic().tagged();
    let true_code = cohort.codes[usize::from(at::DX)][ROW as usize];
    for code in [5, 6, 7] {
        let hidden = digits(at::DX, true_code, code);
        let snapshot = commit(&cohort, ROW, &hidden);
        let claim = |record: &mut Record| record.codes[0] = code;
        let receipt = lie(&snapshot, ROW, &COLUMNS, claim, &hidden);
        assert_eq!(
            opens(&receipt, honest_lambda(&receipt)),
            Ok(()),
            "it does open"
        );
        let want = if code < 6 {
            // What the table says is the attestor's business (section 7): the receipt shows what is committed.
            Ok(())
        } else {
            let (column, codes) = (at::DX, 6);
            Err(ReceiptError::Code {
                column,
                code,
                codes,
            })
        };
        assert_eq!(judge(&receipt), want);
    }
}

/// Of two tag columns one row could be shown to two subjects. Only the schema's last column counts.
#[test]
fn a_second_tag_column() {
    let mut receipt = World::tagged().receipt(ROW, &COLUMNS);
    assert_eq!(judge(&receipt), Ok(()));
    receipt.record.core.columns += 1;
    assert_eq!(judge(&receipt), Err(ReceiptError::Tag));
}

/// Sum of weight times what is claimed less what is true, over the vectors of a record.
fn gap(claims: &[(LeafRef, Fr)], truth: &[(LeafRef, Fr)], weights: &[Fr]) -> Fr {
    let pairs = claims.iter().zip(truth).zip(weights);
    pairs.map(|((c, t), w)| *w * (c.1 - t.1)).sum()
}

/// A verifier with a weak lambda, and the custodian who knows it before all of the first message is fixed.
/// `weak` gives that lambda, `mend` makes the claims' sum right again by what was not absorbed.
fn deceive(
    weak: impl Fn(&Record, &[(LeafRef, Fr)], &G1Affine, &Fr) -> Fr,
    mend: impl Fn(&mut Record, &mut Fr, Fr, &[Fr]),
) -> (Receipt, Fr) {
    let snapshot = &World::tagged().snapshot;
    let known = Cell::new(Fr::ZERO);
    let strategy = |step: Step<'_, '_>| match step {
        Step::Record(record, m, mu) => {
            let truth = record.claims();
            record.codes[0] = (record.codes[0] + 1) % 6;
            known.set(weak(record, &record.claims(), m, mu));
            let weights = weights(known.get(), truth.len());
            let gap = gap(&record.claims(), &truth, &weights);
            mend(record, mu, gap, &weights);
        }
        Step::Lambda(lambda) => *lambda = known.get(),
        _ => {}
    };
    let receipt =
        forge_receipt(strategy, snapshot, keys().srs(), ROW, &COLUMNS).expect("a forgery");
    let true_code = code_of(snapshot, at::DX, ROW);
    assert_ne!(receipt.record.codes[0], true_code, "a lie");
    (receipt, known.get())
}

/// mu chosen after lambda makes up for any lie.
#[test]
fn a_mask_evaluation_that_is_not_absorbed() {
    let (receipt, lambda) = deceive(
        |record, claims, m, _| first_message(record, claims, m, &Fr::ZERO).1,
        |_, mu, gap, weights| {
            let weight = weights.last().and_then(Field::inverse);
            *mu -= gap * weight.expect("not zero");
        },
    );
    assert_eq!(opens(&receipt, lambda), Ok(()), "forged");
    assert_eq!(
        opens(&receipt, honest_lambda(&receipt)),
        Err(OpeningError::Identity)
    );
    assert_eq!(judge(&receipt), Err(IDENTITY));
}

/// Claims chosen after lambda: a tag makes up for a false code.
#[test]
fn claimed_values_that_are_not_absorbed() {
    let (receipt, lambda) = deceive(
        |record, claims, m, mu| {
            let blank: Vec<_> = claims.iter().map(|c| (c.0, Fr::ZERO)).collect();
            first_message(record, &blank, m, mu).1
        },
        |record, _, gap, weights| {
            let weight = weights[weights.len() - 2].inverse();
            record.tag -= gap * weight.expect("not zero");
        },
    );
    assert_eq!(opens(&receipt, lambda), Ok(()), "forged");
    assert_eq!(
        opens(&receipt, honest_lambda(&receipt)),
        Err(OpeningError::Identity)
    );
    assert_eq!(judge(&receipt), Err(IDENTITY));
}
