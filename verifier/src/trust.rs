//! What a verifier trusts (docs/protocol.md, section 9): keys, attestors, the log, and the time.

use crate::{
    circuit::Circuit,
    header::Core,
    keys::{KeyTriple, Keys, VerifierSrs},
    shape::Shape,
};
use alloy_primitives::{Address, B256, Signature, b256, keccak256};
use std::collections::BTreeMap;

/// The keys a verifier accepts. The header only names keys: its author is the custodian, who is not trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AcceptedKeys {
    triples: Vec<KeyTriple>,
    srs: Vec<B256>,
    insecure: bool,
}

impl KeyTriple {
    /// Whether any part of it is a development key: with its secret alone proofs can be forged.
    pub fn is_insecure(&self) -> bool {
        let known = |dev: &KeyTriple| dev.srs == self.srs || dev.key == self.key;
        INSECURE_DEV_KEYS.iter().any(known)
    }
}

impl AcceptedKeys {
    /// What is compiled into this crate: the SRS of public ceremonies, and no circuit key, as none has been through a
    /// ceremony yet.
    pub fn compiled_in() -> Self {
        AcceptedKeys {
            triples: vec![],
            srs: CEREMONY_SRS.to_vec(),
            insecure: false,
        }
    }

    /// Accepts development keys too, over the development SRS or a ceremony's. Everybody knows their secrets: a proof
    /// under them proves nothing.
    pub fn with_insecure_dev_keys(mut self) -> Self {
        self.triples.extend(insecure_dev_triples());
        self.insecure = true;
        self
    }

    /// Accepts one more triple, by the caller's own decision.
    pub fn with(mut self, triple: KeyTriple) -> Self {
        self.triples.push(triple);
        self
    }

    /// Accepts one more SRS, which is all that receipts need, by the caller's own decision.
    pub fn with_srs(mut self, srs: B256) -> Self {
        self.srs.push(srs);
        self
    }

    /// Whether development keys are accepted.
    pub fn accepts_insecure_dev_keys(&self) -> bool {
        self.insecure
    }

    /// Trusts a pair of keys if it is one of the accepted triples.
    ///
    /// # Errors
    /// [`TrustError::DevKeys`] for development keys where these are not accepted, else [`TrustError::Keys`].
    pub fn trust(&self, keys: Keys) -> Result<TrustedKeys, TrustError> {
        let triple = keys.triple();
        let dev = insecure_dev_triples().any(|t| t == triple);
        admit(self.triples.contains(&triple), dev)?;
        let insecure = triple.is_insecure();
        Ok(TrustedKeys { keys, insecure })
    }

    /// Trusts an SRS if it is a ceremony's or that of an accepted triple: receipts have no circuit.
    ///
    /// # Errors
    /// As [`AcceptedKeys::trust`].
    pub fn trust_srs(&self, srs: VerifierSrs) -> Result<TrustedSrs, TrustError> {
        let digest = srs.digest();
        let insecure = INSECURE_DEV_KEYS.iter().any(|dev| dev.srs == digest);
        let known = self.srs.contains(&digest) || self.triples.iter().any(|t| t.srs == digest);
        admit(known, insecure)?;
        Ok(TrustedSrs { srs, insecure })
    }
}

/// The development keys, over the development SRS and over those of ceremonies.
fn insecure_dev_triples() -> impl Iterator<Item = KeyTriple> {
    INSECURE_DEV_KEYS.into_iter().flat_map(|dev| {
        let over = CEREMONY_SRS.map(|srs| KeyTriple { srs, ..dev });
        [dev].into_iter().chain(over)
    })
}

/// Refuses what is not accepted, for its own reason if accepting development keys would change that.
fn admit(accepted: bool, dev: bool) -> Result<(), TrustError> {
    match (accepted, dev) {
        (true, _) => Ok(()),
        (false, true) => Err(TrustError::DevKeys),
        (false, false) => Err(TrustError::Keys),
    }
}

/// Keys that are among the accepted triples; only [`AcceptedKeys::trust`] makes them.
#[derive(Debug, Clone)]
pub struct TrustedKeys {
    keys: Keys,
    insecure: bool,
}

impl TrustedKeys {
    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whether they are development keys.
    pub fn are_insecure_dev_keys(&self) -> bool {
        self.insecure
    }
}

/// An SRS that is among the accepted triples; only [`AcceptedKeys::trust_srs`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct TrustedSrs {
    srs: VerifierSrs,
    insecure: bool,
}

impl TrustedSrs {
    /// The SRS.
    pub fn srs(&self) -> &VerifierSrs {
        &self.srs
    }

    /// Whether its secret is known to everybody.
    pub fn is_insecure(&self) -> bool {
        self.insecure
    }
}

include!("pinned_keys.rs");

/// Why something is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Unknown keys.
    #[error("the keys are not among those this verifier accepts")]
    Keys,
    /// Development keys.
    #[error(
        "insecure development keys, which are not accepted here: anybody can forge a proof under them"
    )]
    DevKeys,
    /// The attestation's signature is malformed or by somebody else.
    #[error("the snapshot is not attested by an attestor this verifier accepts")]
    Attestor,
    /// The root is not in the log, or never was a head.
    #[error("the log does not know this snapshot as a head of its dataset at the time in question")]
    NotHead,
    /// Two roots with one sequence number.
    #[error("the log holds two snapshots with one sequence number: the custodian has equivocated")]
    Equivocation,
    /// The query's date is not in the window.
    #[error(
        "the query's date is outside the window: want {first} to {last}, got {got} (days since 1970-01-01)"
    )]
    Date {
        /// First day allowed.
        first: i32,
        /// Last day allowed.
        last: i32,
        /// The day of the query.
        got: i32,
    },
}

/// How a snapshot came to be accepted; printed with every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// An attestor's word that the manifest is well formed: trust, not proof.
    Attested(Address),
    /// Every column's index proof and derived vectors were checked, under this index key.
    Proven(KeyTriple),
}

/// A snapshot root whose manifest is accepted as well formed. Only a check makes one, an attestor's signature, or the
/// verifier's own note of an earlier check ([`CheckedRoots`]):
///
/// ```compile_fail,E0451
/// # use nectar_verifier::trust::{Acceptance, AcceptedSnapshot};
/// # fn f(acceptance: Acceptance) -> AcceptedSnapshot {
/// AcceptedSnapshot { root: Default::default(), acceptance }
/// # }
/// ```
/// ```compile_fail,E0624
/// # use nectar_verifier::trust::{AcceptedSnapshot, TrustedKeys};
/// # fn f(keys: &TrustedKeys) -> AcceptedSnapshot {
/// AcceptedSnapshot::proven(Default::default(), keys)
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptedSnapshot {
    root: B256,
    acceptance: Acceptance,
}

/// What an attestor signs for a root.
pub fn attestation_digest(root: B256) -> B256 {
    keccak256([b"nectar/v1/attestation".as_slice(), root.as_slice()].concat())
}

/// Who signed a root: 65 bytes r | s | v over [`attestation_digest`]. Whether they are believed is another matter.
///
/// # Errors
/// [`TrustError::Attestor`] for bytes that are nobody's signature.
pub fn attestor(root: B256, signature: &[u8]) -> Result<Address, TrustError> {
    let signature = Signature::from_raw(signature).map_err(|_| TrustError::Attestor)?;
    signature
        .recover_address_from_prehash(&attestation_digest(root))
        .map_err(|_| TrustError::Attestor)
}

impl AcceptedSnapshot {
    /// Accepts a root on an attestor's signature (65 bytes r | s | v over [`attestation_digest`]).
    ///
    /// # Errors
    /// [`TrustError::Attestor`].
    pub fn attested(
        root: B256,
        signature: &[u8],
        attestors: &[Address],
    ) -> Result<Self, TrustError> {
        let signer = attestor(root, signature)?;
        if !attestors.contains(&signer) {
            return Err(TrustError::Attestor);
        }
        Ok(AcceptedSnapshot {
            root,
            acceptance: Acceptance::Attested(signer),
        })
    }

    /// Accepts a root whose whole manifest was checked under these index keys.
    pub(crate) fn proven(root: B256, keys: &TrustedKeys) -> Self {
        AcceptedSnapshot {
            root,
            acceptance: Acceptance::Proven(keys.keys().triple()),
        }
    }

    /// Whether the acceptance rests on development keys, under which anybody can forge.
    pub fn rests_on_insecure_dev_keys(&self) -> bool {
        matches!(self.acceptance, Acceptance::Proven(keys) if keys.is_insecure())
    }

    /// The root.
    pub fn root(&self) -> B256 {
        self.root
    }

    /// How it came to be accepted.
    pub fn acceptance(&self) -> Acceptance {
        self.acceptance
    }
}

/// What a verifier keeps of manifests it has checked, so that none is checked twice: roots with the index key each
/// was checked under. It is the verifier's own note and as good as the place where it is kept; whoever can change it
/// can make this verifier accept anything, as with its list of attestors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedRoots(BTreeMap<B256, KeyTriple>);

impl CheckedRoots {
    /// Notes a snapshot, if its acceptance rests on a check and not on somebody's word.
    pub fn note(&mut self, snapshot: &AcceptedSnapshot) {
        if let Acceptance::Proven(keys) = snapshot.acceptance {
            self.0.insert(snapshot.root, keys);
        }
    }

    /// Accepts a root that was checked before, under a key that is still accepted.
    pub fn accept(&self, root: B256, accepted: &AcceptedKeys) -> Option<AcceptedSnapshot> {
        let keys = self.0.get(&root)?;
        accepted.triples.contains(keys).then_some(AcceptedSnapshot {
            root,
            acceptance: Acceptance::Proven(*keys),
        })
    }

    /// The notes of earlier checks, as this verifier kept them. Nothing is checked again: whoever makes these up
    /// decides what is accepted.
    pub fn from_own_notes(notes: impl IntoIterator<Item = (B256, KeyTriple)>) -> Self {
        let index = |(_, keys): &(B256, KeyTriple)| keys.circuit == Circuit::Index;
        CheckedRoots(notes.into_iter().filter(index).collect())
    }

    /// The notes, to be kept.
    pub fn iter(&self) -> impl Iterator<Item = (&B256, &KeyTriple)> {
        self.0.iter()
    }
}

/// A root as the log or registry knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Dataset.
    pub dataset: B256,
    /// Sequence number of the snapshot.
    pub sequence: u64,
    /// Its root.
    pub root: B256,
    /// When it became the head, in seconds since the epoch.
    pub since: i64,
}

/// What the log or registry says: heads of datasets, and when answers were entered. It is judged as if it were
/// complete: a view older than `now` does not know that a head has been replaced since.
#[derive(Debug, Clone, Default)]
pub struct LogView {
    /// Heads.
    pub heads: Vec<Head>,
    /// Answers by [`entry_id`], with their time in seconds since the epoch.
    pub entries: Vec<(B256, i64)>,
}

/// The log's name for an answer: D0 with the released cells, never proof bytes, which anybody can rerandomise.
pub fn entry_id(d0: B256, released: &[u64]) -> B256 {
    let cells = released.iter().flat_map(|c| c.to_be_bytes());
    keccak256(d0.iter().copied().chain(cells).collect::<Vec<_>>())
}

/// Whether the time of an answer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// The root was the one head at the moment given: that of the log's entry, or now.
    Current(i64),
    /// The root was a head once and is not now, and no entry says when the answer was made.
    Historical,
}

/// Where a root stands now, to one who need not know when something was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the head of its dataset.
    Head,
    /// It was the head, and another one is now.
    Former,
}

impl LogView {
    fn head_at(&self, dataset: B256, t: i64) -> Option<&Head> {
        self.heads
            .iter()
            .filter(|h| h.dataset == dataset && h.since <= t)
            .max_by_key(|h| h.sequence)
    }

    /// The listed head of a root, which no other has with its sequence number.
    fn listed(&self, core: &Core, root: B256) -> Result<&Head, TrustError> {
        let known =
            |h: &&Head| h.dataset == core.dataset && h.root == root && h.sequence == core.sequence;
        let head = self.heads.iter().find(known).ok_or(TrustError::NotHead)?;
        let twin =
            |h: &Head| h.dataset == core.dataset && h.sequence == core.sequence && h.root != root;
        if self.heads.iter().any(twin) {
            Err(TrustError::Equivocation)
        } else {
            Ok(head)
        }
    }

    /// Where a root stands at `now` (seconds since the epoch).
    ///
    /// # Errors
    /// [`TrustError::NotHead`] for a root the log does not know, or not yet; [`TrustError::Equivocation`].
    pub fn standing(&self, core: &Core, root: B256, now: i64) -> Result<Standing, TrustError> {
        if self.listed(core, root)?.since > now {
            return Err(TrustError::NotHead);
        }
        let head = self.head_at(core.dataset, now);
        Ok(if head.is_some_and(|h| h.root == root) {
            Standing::Head
        } else {
            Standing::Former
        })
    }

    /// Judges root and date of an answer (section 9): t is the entry's time, or `now` where there is none;
    /// the root has to be the one head at t, and max(day(as_of), day(t) - lag) <= d <= day(t).
    ///
    /// # Errors
    /// [`TrustError`]: unknown root, equivocation, date outside the window.
    pub fn judge(
        &self,
        core: &Core,
        root: B256,
        day: i32,
        entry: B256,
        now: i64,
    ) -> Result<Timing, TrustError> {
        let head = self.listed(core, root)?;
        // Anybody may enter an answer again; the first time is when it was there.
        let times = self.entries.iter().filter(|e| e.0 == entry);
        let entered = times.map(|e| e.1).min();
        let t = entered.unwrap_or(now);
        if t > now {
            return Err(TrustError::NotHead);
        }
        if head.since <= t
            && self
                .head_at(core.dataset, t)
                .is_some_and(|h| h.root == root)
        {
            return check_window(core, day, t).map(|()| Timing::Current(t));
        }
        if entered.is_some() || head.since > now {
            return Err(TrustError::NotHead);
        }
        // Head once: the date has to lie in a window of that time.
        let until = self
            .heads
            .iter()
            .filter(|h| h.dataset == core.dataset && h.sequence > core.sequence);
        let last = until.map(|h| h.since).min().unwrap_or(now);
        check_range(core, day, head.since, last).map(|()| Timing::Historical)
    }
}

fn check_window(core: &Core, day: i32, t: i64) -> Result<(), TrustError> {
    check_range(core, day, t, t)
}

/// max(day(as_of), day(from) - lag) <= d <= day(to).
fn check_range(core: &Core, day: i32, from: i64, to: i64) -> Result<(), TrustError> {
    let at = |t| core.day_at(t).ok_or(TrustError::NotHead);
    let first = at(core.as_of)?.max(at(from)?.saturating_sub(i32::from(core.lag)));
    let last = at(to)?;
    if (first..=last).contains(&day) {
        Ok(())
    } else {
        Err(TrustError::Date {
            first,
            last,
            got: day,
        })
    }
}
