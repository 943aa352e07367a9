//! Everything around a snapshot: who attests it, what the log says, what time it is.

use crate::{
    cohort::{Cohort, TODAY, noon},
    keys::keys,
};
use alloy_primitives::B256;
use nectar_engine::{
    Unobserved,
    attest::AttestorKey,
    dishonest::{self, Strategy},
    receipt,
    snapshot::Snapshot,
};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    query::Query,
    receipt::{Receipt, ReceiptError, VerifiedReceipt},
    trust::{AcceptedKeys, AcceptedSnapshot, Head, LogView, TrustedKeys},
    verified::{Verdict, Verified},
};
use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

/// A snapshot that is the head of its dataset, and a verifier who knows it.
pub struct World {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// What the log says.
    pub log: LogView,
    /// The moment of verification.
    pub now: i64,
}

/// The one attestor everybody here trusts.
pub fn attestor() -> AttestorKey {
    AttestorKey::from_bytes(&[9; 32]).expect("a key")
}

/// That attestor's signature over a root.
pub fn attest(root: B256) -> [u8; 65] {
    attestor().attest(root).expect("a signature")
}

/// Accepts any root, on the attestor's word.
pub fn attested(root: B256) -> AcceptedSnapshot {
    AcceptedSnapshot::attested(root, &attest(root), &[attestor().address()]).expect("attested")
}

/// The head a snapshot is from its moment on.
pub fn head(snapshot: &Snapshot) -> Head {
    let core = &snapshot.header().core;
    Head {
        dataset: core.dataset,
        sequence: core.sequence,
        root: snapshot.root(),
        since: core.as_of,
    }
}

/// Keys this verifier accepts: those for development.
pub fn accepted() -> AcceptedKeys {
    AcceptedKeys::compiled_in().with_insecure_dev_keys()
}

impl World {
    /// A world whose one snapshot is this.
    pub fn of(snapshot: Snapshot) -> Self {
        let log = LogView {
            heads: vec![head(&snapshot)],
            entries: vec![],
        };
        World {
            snapshot,
            log,
            now: noon(TODAY),
        }
    }

    /// The clinic's world.
    pub fn clinic() -> &'static World {
        static CLINIC: LazyLock<World> = LazyLock::new(|| World::of(Cohort::clinic().commit(None)));
        &CLINIC
    }

    /// The clinic's world with tags.
    pub fn tagged() -> &'static World {
        static TAGGED: LazyLock<World> =
            LazyLock::new(|| World::of(Cohort::clinic().tagged().commit(None)));
        &TAGGED
    }

    /// The honest receipt of a row.
    pub fn receipt(&self, row: u32, columns: &[u16]) -> Receipt {
        receipt::issue(&self.snapshot, keys().srs(), row, columns).expect("a receipt")
    }

    /// Verifies a receipt, as the subject would.
    pub fn read(&self, receipt: &Receipt) -> Result<VerifiedReceipt, ReceiptError> {
        receipt.verify(&attested(self.snapshot.root()), &accepted())
    }

    /// The honest answer.
    pub fn prove(&self, query: &Query) -> Bundle {
        let statement = nectar_engine::statement(&self.snapshot, query).expect("a statement");
        nectar_engine::prove(&self.snapshot, keys(), &statement, 0, &Unobserved).expect("an answer")
    }

    /// The honest answer, shown to be accepted; made once for all tests of a process.
    ///
    /// # Panics
    /// It is not accepted.
    pub fn honest(&self, query: &Query) -> Bundle {
        static MADE: Mutex<BTreeMap<(B256, Vec<u8>), Bundle>> = Mutex::new(BTreeMap::new());
        let name = (self.snapshot.root(), query.encode());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let bundle = made.entry(name).or_insert_with(|| {
            let bundle = self.prove(query);
            assert_eq!(self.judge(&bundle), Ok(()), "the honest answer");
            bundle
        });
        bundle.clone()
    }

    /// The answer of a prover with a strategy of its own.
    pub fn forge(&self, query: &Query, strategy: impl Strategy) -> Bundle {
        dishonest::forge(strategy, &self.snapshot, keys(), query, &Unobserved).expect("a forgery")
    }

    /// Verifies a bundle against the world's snapshot, as somebody who received it would.
    pub fn verify(&self, bundle: &Bundle) -> Result<Verdict, VerifyError> {
        bundle.verify(
            &attested(self.snapshot.root()),
            &accepted(),
            &self.log,
            self.now,
        )
    }

    /// Verifies, and says only why not.
    pub fn judge(&self, bundle: &Bundle) -> Result<(), VerifyError> {
        self.verify(bundle).map(|_| ())
    }

    /// The verified answer of an honest prover.
    pub fn answer(&self, query: &Query) -> Verified {
        match self.verify(&self.prove(query)) {
            Ok(Verdict::Verified(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }
}

/// The keys a bundle carries, if they are accepted.
pub fn trusted(bundle: &Bundle) -> Result<TrustedKeys, VerifyError> {
    bundle.open(bundle.root())?.keys(&accepted())
}
