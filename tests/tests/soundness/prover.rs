//! Dishonest provers: each follows the protocol but for one step, and is consistent in all that follows from it.

use ark_bn254::Fr;
use ark_ff::{Field, One};
use nectar_circuits::{
    release::{Formula, predicate},
    sumcheck::next_claim,
};
use nectar_engine::dishonest::Step;
use nectar_testkit::{
    cohort::at,
    queries::{self, begins},
    world::World,
};
use nectar_verifier::{
    bundle::VerifyError,
    column::purpose_id,
    date::parse_day,
    disclosure::{SUPPRESSED, release},
    evaluation::ProofError,
    layout::Layout,
    opening::{OpeningError, eq_table},
    policy::{Policy, Rounding},
    query::{CodeSet, Query},
    statement::Statement,
};
use std::cell::RefCell;

const IDENTITY: ProofError = ProofError::Opening(OpeningError::Identity);
const PAIRING: ProofError = ProofError::Opening(OpeningError::Pairing);

/// Shows the honest prover accepted, and one with this strategy rejected.
fn rejected(name: &str, query: &Query, strategy: impl Fn(Step<'_, '_>), want: ProofError) {
    let world = World::clinic();
    world.honest(query);
    let forged = world.judge(&world.forge(query, strategy));
    assert_eq!(forged, Err(VerifyError::Proof(want)), "{name}");
}

/// A prover that is consistent, over other rows than were committed.
fn reads_other_rows(name: &str, query: &Query, change: impl Fn(&mut [Vec<u16>])) {
    let strategy = |step: Step<'_, '_>| {
        if let Step::Source(_, codes) = step {
            change(codes.to_mut());
        }
    };
    rejected(name, query, strategy, PAIRING);
}

/// A prover that is consistent, for another query of the same form than it is asked.
fn answers_another(name: &str, query: &Query, change: impl Fn(&mut Query)) {
    let mut other = query.clone();
    change(&mut other);
    let header = World::clinic().snapshot.header();
    let consent = header.consent(other.purpose).map(|(place, _)| place);
    let other = Statement::new(other, &header.core, consent, header.columns.as_slice());
    let other = other.expect("a statement");
    let strategy = |step: Step<'_, '_>| {
        if let Step::Source(statement, _) = step {
            *statement.to_mut() = other.clone();
        }
    };
    rejected(name, query, strategy, PAIRING);
}

/// The first row in the cohort of [`queries::plain`], and the first that has withdrawn.
fn row(find: impl Fn(&[Vec<u16>], usize) -> bool) -> usize {
    let codes = World::clinic().snapshot.codes();
    (0..codes[0].len())
        .find(|row| find(codes, *row))
        .expect("there is such a row")
}

fn of(codes: &[Vec<u16>], column: u16, row: usize) -> u16 {
    codes[usize::from(column)][row]
}

fn is_counted(codes: &[Vec<u16>], row: usize) -> bool {
    of(codes, at::RESEARCH, row) >= 18
        && (2..=11).contains(&of(codes, at::AGE, row))
        && of(codes, at::SEX, row) == 1
}

#[test]
fn a_dropped_row() {
    let row = row(is_counted);
    reads_other_rows("dropped", &queries::plain(), |codes| {
        codes[usize::from(at::AGE)][row] = 0;
    });
}

#[test]
fn a_row_counted_twice() {
    let (one, other) = (row(is_counted), row(|codes, row| !is_counted(codes, row)));
    reads_other_rows("twice", &queries::plain(), |codes| {
        codes.iter_mut().for_each(|c| c[other] = c[one]);
    });
}

#[test]
fn a_withdrawn_consent_counted() {
    let row = row(|codes, row| of(codes, at::RESEARCH, row) == 0);
    reads_other_rows("withdrawn", &queries::plain(), |codes| {
        codes[usize::from(at::RESEARCH)][row] = 24;
    });
}

#[test]
fn no_consent_asked_at_all() {
    reads_other_rows("missing", &queries::counts(), |codes| {
        codes[usize::from(at::RESEARCH)].fill(24);
    });
}

#[test]
fn a_weaker_consent() {
    answers_another("expired", &queries::counts(), |q| {
        q.day = parse_day("2025-09-01").expect("a date");
    });
    answers_another("period one", &queries::counts(), |q| {
        q.day = parse_day("2025-01-01").expect("a date");
    });
    answers_another("another purpose", &queries::counts(), |q| {
        q.purpose = purpose_id("care");
    });
}

#[test]
fn another_column_code_or_segment() {
    answers_another("another column", &queries::counts(), |q| {
        q.literals = vec![begins(at::HBA1C, CodeSet::run(2, 11))];
    });
    answers_another("another code", &queries::counts(), |q| {
        q.literals = vec![begins(at::AGE, CodeSet::run(3, 11))];
    });
    answers_another("another axis", &queries::counts(), |q| {
        q.axes.swap(0, 1);
    });
    answers_another("another sum", &queries::moments(), |q| q.x = vec![at::AGE]);
    reads_other_rows("another segment", &queries::counts(), |codes| {
        let ages = &mut codes[usize::from(at::AGE)];
        let (first, second) = ages[..32].split_at_mut(16);
        first.swap_with_slice(second);
    });
}

/// A literal left out is an unused slot where the flags say used.
#[test]
fn a_literal_left_out() {
    let query = queries::counts();
    let header = World::clinic().snapshot.header();
    let mut other = query.clone();
    other.literals.clear();
    let consent = header.consent(other.purpose).map(|(place, _)| place);
    let other = Statement::new(other, &header.core, consent, header.columns.as_slice());
    let other = other.expect("a statement");
    let strategy = |step: Step<'_, '_>| {
        if let Step::Source(statement, _) = step {
            *statement.to_mut() = other.clone();
        }
    };
    rejected("left out", &query, strategy, PAIRING);
}

#[test]
fn a_wrong_cell() {
    for query in [
        queries::plain(),
        queries::counts(),
        queries::moments(),
        queries::gram(),
    ] {
        let strategy = |step: Step<'_, '_>| {
            if let Step::Table(table) = step {
                table[0] += 1;
            }
        };
        rejected("wrong cell", &query, strategy, ProofError::Groth16);
    }
}

/// The wrong table again, with one evaluation bent until the last claim is met: the circuit is satisfied, and the
/// opening is not; then with F bent as well until its identity holds: the commitments tell.
#[test]
fn a_wrong_cell_carried_into_the_opening() {
    for bend_f in [false, true] {
        let lie = RefCell::new(Lie::default());
        let strategy = |step: Step<'_, '_>| {
            let lie = &mut *lie.borrow_mut();
            match step {
                Step::Table(table) => {
                    table[0] += 5;
                    lie.table.clone_from(table);
                }
                Step::Rho(rho) => lie.rho = *rho,
                Step::Scan(scan) => {
                    let fold = |sum: Fr, n: &u64| sum * lie.rho + Fr::from(*n);
                    let claim = lie.table.iter().rev().fold(Fr::from(0), fold);
                    let rounds = scan.messages.iter().zip(&scan.point);
                    let last = rounds.fold(claim, |claim, (m, r)| next_claim(claim, m, *r));
                    let value = lie.formula().value(&scan.evaluations);
                    let bent = scan.evaluations[0] * last / value;
                    lie.shift = bent - scan.evaluations[0];
                    scan.evaluations[0] = bent;
                    lie.first = eq_table(&scan.point[..4])[0];
                }
                Step::Lambda(lambda) => lie.shift *= *lambda,
                Step::Combination(f) if bend_f => f[0] += lie.shift / lie.first,
                Step::Circuit(instance, witness) => {
                    assert_eq!(
                        predicate(instance, witness),
                        Ok(()),
                        "the circuit's part holds"
                    );
                }
                _ => {}
            }
        };
        let want = if bend_f { PAIRING } else { IDENTITY };
        rejected("wrong cell", &queries::counts(), strategy, want);
    }
}

#[derive(Default)]
struct Lie {
    table: Vec<u64>,
    rho: Fr,
    shift: Fr,
    first: Fr,
}

impl Lie {
    fn formula(&self) -> Formula {
        let world = World::clinic();
        let statement = nectar_engine::statement(&world.snapshot, &queries::counts()).expect("one");
        Formula::unpack(statement.shape(), Fr::from(statement.flags())).expect("a formula")
    }
}

/// The product is right, so the circuit is satisfied; the values are not those of the committed vectors.
#[test]
fn evaluations_wrong_with_the_product_right() {
    let strategy = |step: Step<'_, '_>| match step {
        Step::Scan(scan) => {
            let two = Fr::from(2);
            scan.evaluations[0] *= two;
            scan.evaluations[5] /= two;
        }
        Step::Circuit(instance, witness) => assert_eq!(predicate(instance, witness), Ok(())),
        _ => {}
    };
    rejected("product", &queries::counts(), strategy, IDENTITY);
}

/// An unused U, V or W does not enter the formula: only the opening of L forces it to 0.
#[test]
fn an_unused_slot_that_is_not_zero() {
    for slot in 5..8 {
        let strategy = |step: Step<'_, '_>| match step {
            Step::Scan(scan) => scan.evaluations[slot] = Fr::from(7),
            Step::Circuit(instance, witness) => assert_eq!(predicate(instance, witness), Ok(())),
            _ => {}
        };
        rejected("unused", &queries::plain(), strategy, IDENTITY);
    }
}

#[test]
fn a_round_that_does_not_sum() {
    for (round, coefficient) in [(0, 0), (0, 1), (7, 3), (23, 7)] {
        let strategy = |step: Step<'_, '_>| {
            if let Step::Scan(scan) = step {
                scan.messages[round][coefficient] += Fr::one();
            }
        };
        rejected("round", &queries::plain(), strategy, ProofError::Groth16);
    }
}

#[test]
fn another_point_than_the_rounds_draw() {
    for place in [0, 3, 4, 10, 23] {
        let strategy = |step: Step<'_, '_>| {
            if let Step::Scan(scan) = step {
                scan.point[place] += Fr::one();
            }
        };
        rejected("point", &queries::plain(), strategy, IDENTITY);
    }
}

#[test]
fn challenges_and_folds_of_the_provers_own() {
    type Change = fn(Step<'_, '_>);
    let cases: [(&str, Change, ProofError); 9] = [
        (
            "rho",
            |s| {
                if let Step::Rho(c) = s {
                    *c += Fr::one()
                }
            },
            PAIRING,
        ),
        (
            "mu",
            |s| {
                if let Step::Mu(c) = s {
                    *c += Fr::one()
                }
            },
            IDENTITY,
        ),
        (
            "lambda",
            |s| {
                if let Step::Lambda(c) = s {
                    *c += Fr::one()
                }
            },
            IDENTITY,
        ),
        (
            "L",
            |s| {
                if let Step::Linear(c) = s {
                    *c += Fr::one()
                }
            },
            IDENTITY,
        ),
        (
            "F",
            |s| {
                if let Step::Combination(f) = s {
                    f[3] += Fr::one()
                }
            },
            IDENTITY,
        ),
        (
            "F past n",
            |s| {
                if let Step::Combination(f) = s {
                    f[16] += Fr::one()
                }
            },
            PAIRING,
        ),
        (
            "com_N",
            |s| {
                if let Step::Circuit(i, _) = s {
                    i.com_n += Fr::one()
                }
            },
            ProofError::Groth16,
        ),
        (
            "com_v",
            |s| {
                if let Step::Circuit(i, _) = s {
                    i.com_v += Fr::one()
                }
            },
            ProofError::Groth16,
        ),
        (
            "flags",
            |s| {
                if let Step::Circuit(i, _) = s {
                    i.flags += Fr::one()
                }
            },
            ProofError::Groth16,
        ),
    ];
    for (name, change, want) in cases {
        rejected(name, &queries::counts(), change, want);
    }
}

/// Cells released under a rule of the prover's own.
#[test]
fn a_rule_of_the_provers_own() {
    let header = World::clinic().snapshot.header();
    let policy = header.core.policy;
    let lower = Policy::new(2, 1, Rounding::Nearest, true, 12).expect("valid");
    let hidden = Policy::new(8, 5, Rounding::Nearest, true, 12).expect("valid");
    let cases = [
        (
            "threshold lowered",
            queries::counts(),
            lower,
            Layout::Counts,
        ),
        (
            "threshold raised",
            queries::counts(),
            hidden,
            Layout::Counts,
        ),
        ("layout forged", queries::moments(), policy, Layout::Counts),
        ("layout forged", queries::gram(), policy, Layout::Counts),
    ];
    for (name, query, policy, layout) in cases {
        let table = RefCell::new(vec![]);
        let strategy = |step: Step<'_, '_>| match step {
            Step::Table(cells) => table.borrow_mut().clone_from(cells),
            Step::Released(cells) => {
                let own = release(&policy, layout, &[5; 7], &table.borrow()).unwrap_or_default();
                assert_ne!(*cells, own, "{name}: the rule makes a difference");
                *cells = own;
            }
            _ => {}
        };
        rejected(name, &query, strategy, ProofError::Groth16);
    }
}

#[test]
fn a_suppressed_cell_revealed_or_a_released_one_withheld() {
    for reveal in [true, false] {
        let table = RefCell::new(vec![]);
        let strategy = |step: Step<'_, '_>| match step {
            Step::Table(cells) => table.borrow_mut().clone_from(cells),
            Step::Released(cells) => {
                let place = cells
                    .iter()
                    .position(|o| (*o == SUPPRESSED) == reveal && *o != 0);
                let place = place.expect("a cell to change");
                cells[place] = if reveal {
                    table.borrow()[place]
                } else {
                    SUPPRESSED
                };
            }
            _ => {}
        };
        rejected("cell", &queries::counts(), strategy, ProofError::Groth16);
    }
}

/// com_v is one the circuit accepts, of values that the bundle does not show.
#[test]
fn the_circuit_is_told_another_story() {
    type Change = fn(Step<'_, '_>);
    let cases: [(&str, Change); 4] = [
        ("rho", |s| {
            if let Step::Circuit(i, _) = s {
                i.rho += Fr::one()
            }
        }),
        ("lambda", |s| {
            if let Step::Circuit(i, _) = s {
                i.lambda = i.lambda.square()
            }
        }),
        ("L", |s| {
            if let Step::Circuit(i, _) = s {
                i.l += Fr::one()
            }
        }),
        ("policy", |s| {
            if let Step::Circuit(i, _) = s {
                i.policy += Fr::one()
            }
        }),
    ];
    for (name, change) in cases {
        rejected(name, &queries::counts(), change, ProofError::Groth16);
    }
}
