//! Custodians whose columns are malformed: each commits to what breaks one rule of section 7 and is consistent in all
//! that follows. One tells the truth about evaluations, and the circuit refuses them; one tells the circuit what it
//! wants to hear, and the commitments refuse it.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use nectar_circuits::{
    index::{Instance, Violation, predicate},
    poseidon::PoseidonTranscript,
    sumcheck::next_claim,
};
use nectar_engine::{
    blinding::BlindingKey,
    dishonest::{Scan, Step, Strategy, forge_index},
    index_statement,
    manifest::Manifest,
    snapshot::Snapshot,
};
use nectar_testkit::{
    cohort::{Cohort, labels, nearest},
    keys::keys,
    published::{Published, verify},
    zero_check::{Vectors, value, zero_check},
};
use nectar_verifier::{
    column::Leaf,
    evaluation::{ProofError, segment_weights},
    index::IndexChallenges,
    manifest::{ColumnFault, ManifestError},
    opening::{OpeningError, eq_table},
};
use std::{cell::Cell, ops::RangeInclusive, sync::LazyLock};

const IDENTITY: ProofError = ProofError::Opening(OpeningError::Identity);
const PAIRING: ProofError = ProofError::Opening(OpeningError::Pairing);

/// Codes of the column, the missing one included: no power of two.
const CODES: u16 = 6;
/// Rows that exist; there is room for 32.
const ROWS: usize = 20;

/// What is added to a committed vector in one row.
type Change = (Leaf, usize, i64);

/// The column before anything is changed: row i has the code i mod 6.
fn honest() -> &'static Snapshot {
    static HONEST: LazyLock<Snapshot> = LazyLock::new(|| {
        let columns = vec![labels("column", 5)];
        let mut cohort = Cohort::random(columns, ROWS, 4, nearest(3, 5), 1);
        cohort.codes[0] = (0..20).map(|row| row % CODES).collect();
        cohort.commit(None)
    });
    &HONEST
}

/// How far a custodian goes.
#[derive(Clone, Copy, PartialEq)]
enum Lie {
    /// Not at all.
    None,
    /// The evaluation of W is the one the circuit accepts.
    Evaluations,
    /// And F is bent until it opens to that.
    Combination,
    /// pres(r) is the one the circuit accepts.
    Presence,
    /// eq(theta, r) is.
    Weight,
}

/// A custodian who has changed the committed vectors.
struct Custodian<'a> {
    snapshot: &'a Snapshot,
    changes: &'a [Change],
    lie: Lie,
    /// What the circuit says to the evaluations.
    circuit: Result<(), Violation>,
    seen: Cell<Seen>,
}

/// What the changes to F depend on.
#[derive(Clone, Copy, Default)]
struct Seen {
    code: Fr,
    lambda: Fr,
    /// Weights of the segments, and of the first row in one.
    segments: [Fr; 2],
    first: Fr,
    /// What has to be added to W, to pres(r) or to eq(theta, r) for the last claim to be met.
    shift: Fr,
}

/// The honest snapshot with its commitments changed.
fn changed(changes: &[Change]) -> Snapshot {
    let honest = honest();
    let powers = keys().srs().powers(4).expect("powers");
    let mut columns = honest.manifest().columns().to_vec();
    for (leaf, row, by) in changes {
        let place = honest.header().columns[0].leaf_index(*leaf);
        let point = &mut columns[0][row / 16].points[place.expect("a vector")];
        *point = (*point + powers[row % 16] * Fr::from(*by)).into();
    }
    let manifest = Manifest::new(honest.header().clone(), columns).expect("a manifest");
    let key = BlindingKey::from_bytes([1; 32]);
    Snapshot::load(manifest, honest.codes().to_vec(), key).expect("the same rows")
}

impl Custodian<'_> {
    fn vectors(&self) -> Vectors {
        let mut vectors = Vectors::of(&self.snapshot.codes()[0], CODES - 1, 3, 5);
        for (leaf, row, by) in self.changes {
            let vector = match leaf {
                Leaf::Code(t) => &mut vectors.thermometer[usize::from(*t) - 1],
                Leaf::Bit(b) => &mut vectors.digits[usize::from(*b)],
                _ => panic!("labels have no other vectors"),
            };
            vector[*row] += Fr::from(*by);
        }
        vectors
    }

    /// What the lie takes to meet the last claim.
    fn shift(&self, challenges: &IndexChallenges, scan: &Scan) -> Fr {
        let statement = index_statement(self.snapshot, 0).expect("a coded column");
        let Instance {
            presence, weight, ..
        } = statement.instance_at(challenges, &scan.point);
        let rounds = scan.messages.iter().zip(&scan.point);
        let claim = rounds.fold(Fr::ZERO, |claim, (m, r)| next_claim(claim, m, *r));
        let value = |presence| value(presence, &scan.evaluations, challenges);
        let gap = claim / weight - value(presence);
        match self.lie {
            Lie::None => Fr::ZERO,
            Lie::Evaluations | Lie::Combination => gap,
            Lie::Presence => gap / (value(Fr::ONE) - value(Fr::ZERO)),
            Lie::Weight => claim / value(presence) - weight,
        }
    }

    fn check(&self, challenges: &IndexChallenges, sponge: &PoseidonTranscript, scan: &mut Scan) {
        *scan = zero_check(&self.vectors(), challenges, sponge);
        let segments = segment_weights(&self.snapshot.header().core, &scan.point);
        let seen = Seen {
            code: challenges.code,
            segments: segments.try_into().expect("two segments"),
            first: eq_table(&scan.point[..4])[0],
            shift: self.shift(challenges, scan),
            ..Seen::default()
        };
        if let Lie::Evaluations | Lie::Combination = self.lie {
            scan.evaluations[0] += seen.shift;
        }
        self.seen.set(seen);
    }

    /// F as it is with the changes, so that all is consistent.
    fn combine(&self, f: &mut [Fr]) {
        let seen = self.seen.get();
        for (leaf, row, by) in self.changes {
            let weight = match *leaf {
                Leaf::Code(t) => (seen.code - Fr::ONE) * seen.code.pow([u64::from(t) - 1]),
                Leaf::Bit(b) => seen.lambda.pow([u64::from(b) + 1]),
                _ => panic!("labels have no other vectors"),
            };
            f[row % 16] += seen.lambda * weight * seen.segments[row / 16] * Fr::from(*by);
        }
        if self.lie == Lie::Combination {
            f[0] += seen.lambda * seen.shift / seen.first;
        }
    }
}

impl Strategy for Custodian<'_> {
    fn step(&self, step: Step<'_, '_>) {
        match step {
            Step::ZeroCheck(challenges, sponge, scan) => self.check(challenges, sponge, scan),
            Step::Lambda(lambda) => self.seen.set(Seen {
                lambda: *lambda,
                ..self.seen.get()
            }),
            Step::Combination(f) => self.combine(f),
            Step::IndexCircuit(instance, witness) => {
                match self.lie {
                    Lie::Presence => instance.presence += self.seen.get().shift,
                    Lie::Weight => instance.weight += self.seen.get().shift,
                    _ => {}
                }
                assert_eq!(predicate(instance, witness), self.circuit);
            }
            _ => {}
        }
    }
}

/// What a verifier says to the manifest of a custodian who made these changes; `circuit` is what the circuit's part
/// comes to.
fn verdict(
    changes: &[Change],
    lie: Lie,
    circuit: Result<(), Violation>,
) -> Result<(), ColumnFault> {
    let snapshot = changed(changes);
    let custodian = Custodian {
        changes,
        lie,
        circuit,
        seen: Cell::default(),
        snapshot: &snapshot,
    };
    let proof = forge_index(custodian, &snapshot, keys(), 0).expect("a forgery");
    let proofs = vec![Some(proof)];
    match verify(&Published { snapshot, proofs }.encode()) {
        Ok(_) => Ok(()),
        Err(ManifestError::Column { error, .. }) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

/// Shows a malformation refused, by the circuit where the custodian tells the truth, by the opening where not.
fn refused(changes: &[Change]) {
    let truth = verdict(changes, Lie::None, Err(Violation::Formula));
    assert_eq!(truth, Err(ColumnFault::Proof(ProofError::Groth16)));
    let lie = verdict(changes, Lie::Evaluations, Ok(()));
    assert_eq!(lie, Err(ColumnFault::Proof(IDENTITY)));
}

/// All digits of a row as they are, and as they become.
fn digits(row: usize, from: u8, to: u8) -> Vec<Change> {
    let bit = |code: u8, b: u8| i64::from(code >> b & 1);
    let change = |b: u8| (Leaf::Bit(b), row, bit(to, b) - bit(from, b));
    (0..3).map(change).filter(|c| c.2 != 0).collect()
}

/// Index vectors `codes` raised in a row.
fn steps(row: usize, codes: RangeInclusive<u16>, by: i64) -> Vec<Change> {
    codes.map(|t| (Leaf::Code(t), row, by)).collect()
}

/// The custodian's path without a malformation: as it was committed, and with rows whose codes are others altogether.
#[test]
fn columns_that_are_well_formed() {
    let column = index_statement(honest(), 0).expect("a column").column;
    assert_eq!((column.codes(), column.bits()), (CODES, 3));
    let recoded = [
        steps(2, 3..=5, 1),
        digits(2, 2, 5),
        steps(19, 1..=1, -1),
        digits(19, 1, 0),
    ];
    for changes in [vec![], recoded.concat()] {
        assert_eq!(verdict(&changes, Lie::None, Ok(())), Ok(()));
    }
}

/// The codes 2 and 4, and -1 times none: index vectors always add up to one.
#[test]
fn a_row_with_two_codes() {
    refused(&steps(2, 1..=4, 1));
}

/// No index vector holds the row, and its digits say 3.
#[test]
fn a_row_with_digits_alone() {
    refused(&steps(3, 1..=3, -1));
}

/// Digits of 6 where codes go to 5: every index vector holds the row.
#[test]
fn a_code_past_the_last() {
    refused(&digits(5, 5, 6));
}

#[test]
fn a_row_that_counts_twice() {
    refused(&steps(3, 1..=3, 1));
}

/// In the second segment.
#[test]
fn a_row_that_counts_minus_once() {
    refused(&steps(17, 1..=5, -2));
}

/// Twice the code 1 and -1 times none, and the first digit 2: 1 + 2 (R - 1) on both sides, so that only the rule for
/// digits is broken.
#[test]
fn a_digit_of_two() {
    refused(&[(Leaf::Code(1), 6, 2), (Leaf::Bit(0), 6, 2)]);
}

/// The second digit -1 and the third 1, which add up to the code 2.
#[test]
fn a_digit_of_minus_one() {
    refused(&[(Leaf::Bit(1), 2, -2), (Leaf::Bit(2), 2, 1)]);
}

/// A row past N, with a code and its digits.
#[test]
fn a_row_that_does_not_exist() {
    refused(&[steps(25, 1..=3, 1), digits(25, 0, 3)].concat());
}

/// Digits past N are free, but digits: no receipt is believed there.
#[test]
fn digits_of_a_row_that_does_not_exist() {
    assert_eq!(verdict(&digits(25, 0, 3), Lie::None, Ok(())), Ok(()));
    refused(&[(Leaf::Bit(0), 25, 2)]);
}

/// Every row has the digits of the row before.
#[test]
fn digits_of_another_column() {
    let code = |row: usize| u8::try_from(honest().codes()[0][row]).expect("a small code");
    let changes = (1..ROWS).flat_map(|row| digits(row, code(row), code(row - 1)));
    refused(&changes.collect::<Vec<_>>());
}

/// Code 4, 1 and -2 at once.
#[test]
fn index_vectors_that_do_not_fall() {
    refused(&steps(4, 2..=2, -1));
}

/// The liar again, who bends F as well until its identity holds: the commitments tell.
#[test]
fn a_lie_carried_into_the_opening() {
    let changes = steps(3, 1..=3, 1);
    let verdict = verdict(&changes, Lie::Combination, Ok(()));
    assert_eq!(verdict, Err(ColumnFault::Proof(PAIRING)));
}

/// Custodians who tell the circuit another presence or another weight than the verifier computes.
#[test]
fn public_inputs_the_circuit_would_accept() {
    let changes = [steps(25, 1..=3, 1), digits(25, 0, 3)].concat();
    for lie in [Lie::Presence, Lie::Weight] {
        let verdict = verdict(&changes, lie, Ok(()));
        assert_eq!(verdict, Err(ColumnFault::Proof(ProofError::Groth16)));
    }
}
