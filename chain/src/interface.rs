//! What is read of the contracts, by the signatures of getters and events.

use crate::artifact::{selector, topic};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::SolValue;
use nectar_verifier::{abi, keys::KeyTriple, trust::Head};

const CUSTODIANS: &str = "custodians(bytes32)";
const HEADS: &str = "heads(bytes32)";
const ENTRIES: &str = "entries(bytes32)";
const ATTESTORS: &str = "attestors(address)";
const VERIFIERS: &str = "verifiers(bytes32)";
const SNAPSHOT_PUBLISHED: &str = "SnapshotPublished(bytes32,uint64,bytes32,address,address)";
const ANSWER_VERIFIED: &str = "AnswerVerified(bytes32,bytes32,bytes32,bytes32,bytes,uint256[])";

/// A call of a getter, and how what it gives is read.
#[derive(Debug, Clone)]
pub struct Getter<T> {
    /// The calldata.
    pub call: Vec<u8>,
    /// Reads what it gives.
    pub read: fn(&[u8]) -> Option<T>,
}

impl<T> Getter<T> {
    fn new(signature: &str, key: impl Into<Option<B256>>, read: fn(&[u8]) -> Option<T>) -> Self {
        let key = key.into();
        let key = key.as_ref().map_or(&[][..], B256::as_slice);
        let call = [selector(signature).as_slice(), key].concat();
        Getter { call, read }
    }
}

fn value<T>(bytes: &[u8]) -> Option<T>
where
    T: SolValue + From<<T::SolType as alloy_sol_types::SolType>::RustType>,
{
    T::abi_decode_validate(bytes).ok()
}

fn seconds(bytes: &[u8]) -> Option<i64> {
    value::<U256>(bytes)?.try_into().ok()
}

/// The custodian of a dataset id; zero for none.
pub fn custodian(dataset: B256) -> Getter<Address> {
    Getter::new(CUSTODIANS, dataset, value)
}

/// The head of a dataset id: root, sequence number, and since when; zero for none.
pub fn head(dataset: B256) -> Getter<(B256, u64, u64)> {
    Getter::new(HEADS, dataset, |bytes| {
        <(B256, u64, u64)>::abi_decode_params_validate(bytes).ok()
    })
}

/// When an answer was entered, in seconds since the epoch; zero for never.
pub fn entry(id: B256) -> Getter<i64> {
    Getter::new(ENTRIES, id, seconds)
}

/// Whether an attestor's word is accepted.
pub fn attestor(address: Address) -> Getter<bool> {
    Getter::new(ATTESTORS, address.into_word(), value)
}

/// The verifier of a triple; zero for none.
pub fn verifier(keys: &KeyTriple) -> Getter<Address> {
    let bytes = [
        keys.srs.as_slice(),
        keys.key.as_slice(),
        &[keys.circuit.id()],
    ];
    Getter::new(VERIFIERS, keccak256(bytes.concat()), value)
}

/// What the event of an answer is found by: its dataset, its root and its statement.
pub fn answer_verified(dataset: B256, root: B256, d0: B256) -> [B256; 4] {
    [topic(ANSWER_VERIFIED), dataset, root, d0]
}

/// Id and cells out of the data of an answer's event.
pub fn entered(data: &[u8]) -> Option<(B256, Vec<U256>)> {
    let (id, _, cells) = <(B256, Bytes, Vec<U256>)>::abi_decode_params_validate(data).ok()?;
    Some((id, cells))
}

/// What the event of a snapshot is found by: its dataset and its sequence number.
pub fn snapshot_published(dataset: B256, sequence: u64) -> [B256; 3] {
    [
        topic(SNAPSHOT_PUBLISHED),
        dataset,
        U256::from(sequence).into(),
    ]
}

/// Root and attestor out of the data of a snapshot's event.
pub fn published(data: &[u8]) -> Option<(B256, Address)> {
    let (root, _, attestor) = <(B256, Address, Address)>::abi_decode_params_validate(data).ok()?;
    Some((root, attestor))
}

/// The signature in a call of `register` or `publish`.
pub fn signature(call: &[u8]) -> Option<Vec<u8>> {
    let parameters = call.get(4..)?;
    let (_, _, signature) =
        <(abi::Core, B256, Bytes)>::abi_decode_params_validate(parameters).ok()?;
    Some(signature.into())
}

/// The head as a log has it.
pub fn log_head(dataset: B256, (root, sequence, since): (B256, u64, u64)) -> Head {
    let since = i64::try_from(since).unwrap_or(i64::MAX);
    Head {
        dataset,
        sequence,
        root,
        since,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::Artifact;

    fn has(artifact: &Artifact, kind: &str, signature: &str) -> bool {
        artifact.entries(kind).any(|e| e.signature() == signature)
    }

    #[test]
    fn signatures_are_those_of_the_interface() {
        let registry = Artifact::registry().unwrap();
        for getter in [CUSTODIANS, HEADS, ENTRIES, ATTESTORS, VERIFIERS] {
            assert!(has(&registry, "function", getter), "{getter}");
        }
        for event in [SNAPSHOT_PUBLISHED, ANSWER_VERIFIED] {
            assert!(has(&registry, "event", event), "{event}");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let getter = head(B256::ZERO);
        assert_eq!((getter.read)(&[]), None);
        assert_eq!((getter.read)(&[0xff; 96]), None);
        assert_eq!((getter.read)(&[0; 96]), Some((B256::ZERO, 0, 0)));
        assert_eq!((entry(B256::ZERO).read)(&[0xff; 32]), None);
        assert_eq!((custodian(B256::ZERO).read)(&[0xff; 32]), None);
        assert_eq!(signature(&[0; 3]), None);
        assert_eq!(entered(&[1; 96]), None);
    }
}
