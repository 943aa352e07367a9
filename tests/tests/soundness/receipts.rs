//! Honest receipts with one thing changed on the way.

use alloy_primitives::B256;
use ark_bn254::{Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::One;
use nectar_engine::receipt::issue;
use nectar_params::{dev::insecure_srs, srs::Srs};
use nectar_testkit::{
    cohort::{Cohort, at, consent, labels, nearest, noon, number, subject},
    keys::keys,
    world::{World, accepted, attested, head},
};
use nectar_verifier::{
    column::{Kind, Leaf},
    keys::VerifierSrs,
    merkle::PathError,
    opened::OpenedError,
    opening::OpeningError,
    receipt::{Receipt, ReceiptError, tag},
    transcript::TranscriptError,
    trust::{AcceptedKeys, Standing, TrustError},
};

/// A row of the third segment.
const ROW: u32 = 37;
/// Two digits, three and five; the last is a consent.
const COLUMNS: [u16; 3] = [at::SEX, at::DX, at::RESEARCH];

const IDENTITY: ReceiptError = ReceiptError::Opening(OpeningError::Identity);
const PAIRING: ReceiptError = ReceiptError::Opening(OpeningError::Pairing);
const NO_POINT: ReceiptError = ReceiptError::Transcript(TranscriptError::Identity);

fn elsewhere(column: u16) -> ReceiptError {
    let error = PathError::Root;
    ReceiptError::Path { column, error }
}

fn honest() -> Receipt {
    let receipt = World::tagged().receipt(ROW, &COLUMNS);
    assert_eq!(judge(&receipt), Ok(()), "the honest receipt");
    receipt
}

fn judge(receipt: &Receipt) -> Result<(), ReceiptError> {
    World::tagged().read(receipt).map(|_| ())
}

type Change = fn(&mut Receipt);

/// Shows the honest receipt accepted, and each change of it rejected.
fn rejected(cases: &[(&str, Change, ReceiptError)]) {
    let honest = honest();
    for (name, change, want) in cases {
        let mut receipt = honest.clone();
        change(&mut receipt);
        assert_eq!(judge(&receipt).as_ref(), Err(want), "{name}");
    }
}

fn negate(p: &mut G1Affine) {
    *p = -*p;
}

/// Every row of a small table with every set of its columns: the receipt says what the table says.
#[test]
fn every_row_and_every_set_of_columns() {
    let columns = vec![number("x", 5), labels("sex", 2), consent("research")];
    let cohort = Cohort::random(columns, 18, 4, nearest(3, 5), 3).tagged();
    let world = World::of(cohort.commit(None));
    for row in 0..18 {
        for set in 0..8 {
            let columns: Vec<u16> = (0..3).filter(|c| set >> c & 1 == 1).collect();
            let receipt = world.receipt(row, &columns);
            assert_eq!(Receipt::decode(&receipt.encode()).as_ref(), Ok(&receipt));
            let verified = world.read(&receipt).expect("an honest receipt");
            assert_eq!(
                (verified.row(), verified.root()),
                (row, world.snapshot.root())
            );
            assert!(verified.is_of(&subject(row)) && !verified.is_of(&subject(row + 1)));
            let code = |c: &u16| cohort.codes[usize::from(*c)][row as usize];
            let want: Vec<_> = columns.iter().map(|c| (*c, code(c))).collect();
            let got: Vec<_> = verified.codes().map(|(c, _, code)| (c, code)).collect();
            assert_eq!(got, want);
        }
    }
}

/// A consent that is left out is missed, since the header binds the map of purposes.
#[test]
fn consents_left_out() {
    let world = World::tagged();
    for (columns, want) in [
        (vec![at::RESEARCH, at::CARE], 0),
        (vec![at::DX, at::RESEARCH], 1),
        (vec![], 2),
    ] {
        let receipt = world.receipt(3, &columns);
        let verified = world.read(&receipt).expect("a receipt");
        assert_eq!(verified.consents_left_out(), want);
        assert_eq!(verified.dataset(), "clinic");
        assert!(verified.has_insecure_keys());
    }
}

#[test]
fn receipts_that_are_not_issued() {
    let ask = |world: &World, row, columns: &[u16], srs: &Srs| {
        issue(&world.snapshot, srs, row, columns).map(|_| ())
    };
    let (tagged, srs) = (World::tagged(), keys().srs());
    assert!(ask(tagged, 49, &[at::CARE, at::AGE], srs).is_ok());
    let doubled = [at::SEX, at::AGE, at::SEX];
    let small = insecure_srs(4);
    let refused = [
        (ask(World::clinic(), 0, &[], srs), "no tag column"),
        (ask(tagged, 50, &[], srs), "row 50 does not exist"),
        (ask(tagged, u32::MAX, &[], srs), "does not exist"),
        (ask(tagged, 0, &[10], srs), "column 10 does not exist"),
        (
            ask(tagged, 0, &[at::TAG], srs),
            "column 9 does not exist or has no codes",
        ),
        (ask(tagged, 0, &doubled, srs), "column 1 is asked for twice"),
        (ask(tagged, 0, &[], &small), "names another SRS"),
    ];
    for (got, want) in refused {
        let error = got.expect_err(want).to_string();
        assert!(error.contains(want), "{error}");
    }
}

#[test]
fn another_record_than_was_opened() {
    let code = |code, codes| ReceiptError::Code {
        column: at::DX,
        code,
        codes,
    };
    let row = |row| ReceiptError::Row { row, rows: 50 };
    rejected(&[
        ("row of the segment", |r| r.record.row ^= 1, IDENTITY),
        (
            "row of another segment",
            |r| r.record.row -= 16,
            elsewhere(at::SEX),
        ),
        ("first row past the last", |r| r.record.row = 50, row(50)),
        (
            "row past all segments",
            |r| r.record.row = u32::MAX,
            row(u32::MAX),
        ),
        (
            "tag",
            |r| r.record.tag = tag(&subject(3), r.record.core.dataset),
            IDENTITY,
        ),
        (
            "code",
            |r| r.record.codes[1] = (r.record.codes[1] + 1) % 6,
            IDENTITY,
        ),
        (
            "codes of two columns",
            |r| r.record.codes.swap(0, 1),
            IDENTITY,
        ),
        ("T_c", |r| r.record.codes[1] = 6, code(6, 6)),
        (
            "code past all digits",
            |r| r.record.codes[1] |= 8,
            code(8 | honest().record.codes[1], 6),
        ),
        (
            "a code less",
            |r| r.record.codes.truncate(2),
            ReceiptError::Openings,
        ),
        (
            "a code more",
            |r| r.record.codes.push(0),
            ReceiptError::Openings,
        ),
    ]);
}

#[test]
fn other_commitments_than_the_row_s() {
    let short = PathError::Depth { got: 1, want: 2 };
    let short = ReceiptError::Path {
        column: at::SEX,
        error: short,
    };
    rejected(&[
        (
            "another segment's, with its path",
            |r| {
                let manifest = World::tagged().snapshot.manifest();
                let other = manifest.segment(at::SEX, Leaf::Bit(0), 1);
                r.record.vectors[0] = other.expect("a segment");
            },
            elsewhere(at::SEX),
        ),
        (
            "another vector's, with its path",
            |r| r.record.vectors[0] = r.record.vectors[1].clone(),
            elsewhere(at::SEX),
        ),
        (
            "reordered",
            |r| r.record.vectors.swap(0, 1),
            elsewhere(at::SEX),
        ),
        (
            "negated",
            |r| negate(&mut r.record.vectors[2].point),
            elsewhere(at::DX),
        ),
        (
            "a vector less",
            |r| drop(r.record.vectors.remove(0)),
            ReceiptError::Openings,
        ),
        (
            "a vector more",
            |r| r.record.vectors.push(r.record.vectors[0].clone()),
            ReceiptError::Openings,
        ),
        (
            "a short path",
            |r| r.record.vectors[0].segments.truncate(1),
            short,
        ),
    ]);
}

#[test]
fn other_columns_than_were_opened() {
    rejected(&[
        (
            "dropped with all that is theirs",
            |r| {
                r.record.columns.remove(&at::SEX);
                r.record.codes.remove(0);
                r.record.vectors.drain(..2);
            },
            IDENTITY,
        ),
        (
            "dropped alone",
            |r| drop(r.record.columns.remove(&at::SEX)),
            ReceiptError::Openings,
        ),
        (
            "tags dropped",
            |r| drop(r.record.columns.remove(&at::TAG)),
            ReceiptError::Tag,
        ),
        (
            "tags without codes",
            |r| opened(r, at::TAG).column.kind = Kind::Boolean,
            ReceiptError::Tag,
        ),
        (
            "renamed",
            |r| opened(r, at::DX).column.name = "severity".into(),
            elsewhere(at::DX),
        ),
        (
            "labels swapped",
            |r| match &mut opened(r, at::DX).column.kind {
                Kind::Categorical { labels } => labels.reverse(),
                other => panic!("{other:?}"),
            },
            elsewhere(at::DX),
        ),
        (
            "moved",
            |r| {
                let dx = r.record.columns.remove(&at::DX).expect("opened");
                r.record.columns.insert(at::HBA1C, dx);
            },
            elsewhere(at::HBA1C),
        ),
    ]);
}

fn opened(r: &mut Receipt, column: u16) -> &mut nectar_verifier::opened::ColumnOpening {
    r.record.columns.get_mut(&column).expect("opened")
}

#[test]
fn another_snapshot() {
    rejected(&[
        (
            "policy",
            |r| r.record.core.policy = nearest(2, 1),
            ReceiptError::Root,
        ),
        ("rows", |r| r.record.core.rows = 64, ReceiptError::Root),
        (
            "columns",
            |r| r.record.core.columns -= 1,
            ReceiptError::Root,
        ),
        (
            "segments",
            |r| r.record.core.segment_bits = 5,
            ReceiptError::Root,
        ),
        (
            "columns root",
            |r| r.record.columns_root = B256::ZERO,
            ReceiptError::Root,
        ),
        (
            "name",
            |r| r.record.dataset.push('s'),
            ReceiptError::Dataset,
        ),
        (
            "a purpose left out",
            |r| {
                r.record.purposes.pop();
            },
            ReceiptError::Purposes,
        ),
    ]);
    let (world, receipt) = (World::tagged(), honest());
    let next = World::of(Cohort::clinic().tagged().commit(Some(&world.snapshot)));
    assert_eq!(next.read(&receipt).map(|_| ()), Err(ReceiptError::Root));
    // What was not touched keeps its commitments; only the root tells.
    let tags = |world: &World| world.receipt(ROW, &[at::SEX]);
    let mut moved = tags(world);
    moved.record = tags(&next).record;
    assert_eq!(next.read(&moved).map(|_| ()), Err(IDENTITY));
}

#[test]
fn where_a_snapshot_stands() {
    let world = World::tagged();
    let verified = world.read(&honest()).expect("a receipt");
    let cohort = Cohort {
        as_of: noon("2026-06-16"),
        ..Cohort::clinic().tagged()
    };
    let next = cohort.commit(Some(&world.snapshot));
    let mut log = world.log.clone();
    assert_eq!(verified.standing(&log, world.now), Ok(Standing::Head));
    assert_eq!(verified.standing(&log, 0), Err(TrustError::NotHead));
    log.heads.push(head(&next));
    assert_eq!(
        verified.standing(&log, noon("2026-06-15")),
        Ok(Standing::Head)
    );
    assert_eq!(
        verified.standing(&log, noon("2026-06-17")),
        Ok(Standing::Former)
    );
    log.heads[1].sequence = 1;
    let twins = verified.standing(&log, noon("2026-06-17"));
    assert_eq!(twins, Err(TrustError::Equivocation));
    log.heads.clear();
    assert_eq!(verified.standing(&log, world.now), Err(TrustError::NotHead));
}

/// Whatever is absorbed moves all challenges after it, so that the identity at z fails; [Q] is the last message, and
/// no message has [V].
#[test]
fn every_element_of_the_proof_replaced() {
    rejected(&[
        (
            "M",
            |r| r.m = (r.m + G1Affine::generator()).into(),
            IDENTITY,
        ),
        ("M negated", |r| negate(&mut r.m), IDENTITY),
        ("M the identity", |r| r.m = G1Affine::zero(), NO_POINT),
        ("mu", |r| r.mu += Fr::one(), IDENTITY),
        ("mu negated", |r| r.mu = -r.mu, IDENTITY),
        ("[S]", |r| r.opening.s = G1Affine::generator(), IDENTITY),
        ("[S] negated", |r| negate(&mut r.opening.s), IDENTITY),
        (
            "[S] the identity",
            |r| r.opening.s = G1Affine::zero(),
            NO_POINT,
        ),
        ("F(z)", |r| r.opening.values[0] += Fr::one(), IDENTITY),
        ("F(1/z)", |r| r.opening.values[1] += Fr::one(), IDENTITY),
        ("S(z)", |r| r.opening.values[2] += Fr::one(), IDENTITY),
        ("S(1/z)", |r| r.opening.values[3] += Fr::one(), IDENTITY),
        ("[Q]", |r| r.opening.q = G1Affine::generator(), PAIRING),
        ("[Q] negated", |r| negate(&mut r.opening.q), PAIRING),
        (
            "[Q] the identity",
            |r| r.opening.q = G1Affine::zero(),
            NO_POINT,
        ),
        ("[V]", |r| r.opening.v = G1Affine::generator(), PAIRING),
        ("[V] negated", |r| negate(&mut r.opening.v), PAIRING),
        (
            "[V] the identity",
            |r| r.opening.v = G1Affine::zero(),
            NO_POINT,
        ),
    ]);
}

#[test]
fn the_mask_of_another_receipt() {
    let other = honest();
    let mut receipt = honest();
    (receipt.m, receipt.mu) = (other.m, other.mu);
    assert_eq!(judge(&receipt), Err(IDENTITY));
    receipt.opening = World::tagged().receipt(ROW, &[]).opening;
    assert_eq!(judge(&receipt), Err(IDENTITY));
}

/// A self-made SRS, whose secret is 5.
fn own_srs() -> VerifierSrs {
    let five = Fr::from(5u8);
    VerifierSrs {
        tau_g1: (G1Affine::generator() * five).into(),
        tau_g2: (ark_bn254::G2Affine::generator() * five).into(),
        ..*keys().srs().verifier()
    }
}

#[test]
fn keys_that_are_not_accepted() {
    let receipt = honest();
    let snapshot = attested(receipt.record.root());
    let verify =
        |receipt: &Receipt, keys: &AcceptedKeys| receipt.verify(&snapshot, keys).map(|_| ());
    let strict = AcceptedKeys::compiled_in();
    assert_eq!(verify(&receipt, &strict), Err(TrustError::DevKeys.into()));

    let srs = own_srs();
    let mut other = receipt.clone();
    other.record.srs = srs.encode();
    assert_eq!(verify(&other, &accepted()), Err(TrustError::Keys.into()));
    // The custodian writes the header: that it names the SRS is worth nothing.
    other.record.core.srs = srs.digest();
    let named = attested(other.record.root());
    let verdict = other.verify(&named, &accepted()).map(|_| ());
    assert_eq!(verdict, Err(TrustError::Keys.into()));
    other.record.core.srs = receipt.record.core.srs;
    let mut triple = nectar_verifier::trust::INSECURE_DEV_KEYS[0];
    triple.srs = srs.digest();
    let lenient = accepted().with(triple);
    assert_eq!(verify(&receipt, &lenient), Ok(()));
    assert_eq!(verify(&other, &lenient), Err(ReceiptError::Srs));
    other.record.srs.pop();
    assert!(matches!(
        verify(&other, &lenient),
        Err(ReceiptError::Key(_))
    ));
}

/// Lists have one order, and no column is in them twice.
#[test]
fn columns_doubled_or_out_of_order() {
    let order = Err(ReceiptError::Columns(OpenedError::Order));
    let changed = |change: fn(&mut nectar_verifier::abi::Receipt)| {
        let mut wire = super::receipt_bytes::wire(&honest());
        change(&mut wire);
        super::receipt_bytes::read(&wire)
    };
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(changed(|w| w.columns.swap(0, 1)), order);
    assert_eq!(
        changed(|w| w.columns.insert(1, w.columns[0].clone())),
        order
    );
}
