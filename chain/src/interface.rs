//! The getters and events of the registry.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolEvent, SolValue, sol};
use nectar_verifier::{abi, keys::KeyTriple};

const CUSTODIANS: &str = "custodians(bytes32)";
const HEADS: &str = "heads(bytes32)";
const ENTRIES: &str = "entries(bytes32)";
const ATTESTORS: &str = "attestors(address)";
const VERIFIERS: &str = "verifiers(bytes32)";

sol! {
    event SnapshotPublished(
        bytes32 indexed dataset, uint64 indexed sequence, bytes32 root, address custodian, address attestor
    );
    event AnswerVerified(
        bytes32 indexed dataset, bytes32 indexed root, bytes32 indexed d0, bytes32 id, bytes query, uint256[] cells
    );
}

/// A call of a getter, and how the data that it returns is read.
#[derive(Debug, Clone)]
pub struct Getter<T> {
    /// The calldata.
    pub call: Vec<u8>,
    /// Reads the data that it returns.
    pub read: fn(&[u8]) -> Option<T>,
}

impl<T> Getter<T> {
    fn new(signature: &str, key: B256, read: fn(&[u8]) -> Option<T>) -> Self {
        let [a, b, c, d, ..] = keccak256(signature).0;
        let call = [&[a, b, c, d], key.as_slice()].concat();
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

/// The head of a dataset id: root, sequence number, and since when in seconds since the epoch; zero for none.
pub fn head(dataset: B256) -> Getter<(B256, u64, i64)> {
    Getter::new(HEADS, dataset, |bytes| {
        let head = <(B256, u64, u64)>::abi_decode_params_validate(bytes);
        let (root, sequence, since) = head.ok()?;
        Some((root, sequence, since.try_into().ok()?))
    })
}

/// When an answer was entered, in seconds since the epoch; zero for never.
pub fn entry(id: B256) -> Getter<i64> {
    Getter::new(ENTRIES, id, seconds)
}

/// Whether an attestor is accepted.
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

/// The topics of an answer's event: its dataset, its root and its statement.
pub fn answer_verified(dataset: B256, root: B256, d0: B256) -> [B256; 4] {
    [AnswerVerified::SIGNATURE_HASH, dataset, root, d0]
}

/// Id and cells in the data of an answer's event.
pub fn entered(data: &[u8]) -> Option<(B256, Vec<U256>)> {
    let (id, _, cells) = AnswerVerified::abi_decode_data_validate(data).ok()?;
    Some((id, cells))
}

/// The topics of a snapshot's event: its dataset and its sequence number.
pub fn snapshot_published(dataset: B256, sequence: u64) -> [B256; 3] {
    [
        SnapshotPublished::SIGNATURE_HASH,
        dataset,
        U256::from(sequence).into(),
    ]
}

/// Root and attestor in the data of a snapshot's event.
pub fn published(data: &[u8]) -> Option<(B256, Address)> {
    let (root, _, attestor) = SnapshotPublished::abi_decode_data_validate(data).ok()?;
    Some((root, attestor))
}

/// The signature in a call of `register` or `publish`.
pub fn signature(call: &[u8]) -> Option<Vec<u8>> {
    let parameters = call.get(4..)?;
    let (_, _, signature) =
        <(abi::Core, B256, Bytes)>::abi_decode_params_validate(parameters).ok()?;
    Some(signature.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::Artifact;
    use alloy_json_abi::Event;
    use alloy_sol_types::TopicList;

    fn check_event<E: SolEvent>(registry: &Artifact) {
        let same = |e: &Event| {
            e.selector() == E::SIGNATURE_HASH
                && e.num_topics() == <E::TopicList as TopicList>::COUNT
        };
        assert!(registry.abi.events().any(same), "{}", E::SIGNATURE);
    }

    #[test]
    fn signatures_are_those_of_the_interface() {
        let registry = Artifact::registry().unwrap();
        for getter in [CUSTODIANS, HEADS, ENTRIES, ATTESTORS, VERIFIERS] {
            let mut functions = registry.abi.functions();
            assert!(functions.any(|f| f.signature() == getter), "{getter}");
        }
        check_event::<SnapshotPublished>(&registry);
        check_event::<AnswerVerified>(&registry);
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let getter = head(B256::ZERO);
        assert_eq!((getter.read)(&[]), None);
        assert_eq!((getter.read)(&[0xff; 96]), None);
        assert_eq!((getter.read)(&[0; 96]), Some((B256::ZERO, 0, 0)));
        let late = U256::from(u64::MAX).to_be_bytes::<32>();
        let since = [[0; 32], [0; 32], late].concat();
        assert_eq!((getter.read)(&since), None);
        assert_eq!((entry(B256::ZERO).read)(&[0xff; 32]), None);
        assert_eq!((custodian(B256::ZERO).read)(&[0xff; 32]), None);
        assert_eq!(signature(&[0; 3]), None);
        assert_eq!(entered(&[1; 96]), None);
    }
}
