// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Answer, NectarVerifier} from "./NectarVerifier.sol";
import {Attestation} from "./Attestation.sol";
import {Core, Header} from "./Header.sol";

/// @notice The newest snapshot of a dataset.
struct Head {
    bytes32 root;
    uint64 sequence;
    /// When it became the head, in seconds since the epoch.
    uint64 since;
}

/// @title Datasets, their snapshots, and answers over them
/// @notice Accepts a root as that of a well-formed manifest on an attestor's word: no index proof is checked here.
/// Anybody can submit an answer, only a dataset's custodian can publish its snapshots. Attestors and verifiers are those
/// of the day it was made. There is no owner, and nobody can pause it.
contract NectarRegistry {
    /// The dataset is registered already.
    error Registered();
    /// The sender is not the dataset's custodian.
    error NotCustodian();
    /// The snapshot does not follow the head: another sequence number, or another parent.
    error NotNext();
    /// The answer's snapshot is not the head of its dataset.
    error NotHead();
    /// No verifier here has the keys that the header names.
    error UnknownKeys();
    /// The query's date is outside the window that the header's lag leaves open.
    error Date(int256 first, int256 last, int256 got);

    /// @notice A snapshot is the head of its dataset, on an attestor's word, and the custodian may publish the next.
    event SnapshotPublished(
        bytes32 indexed dataset,
        uint64 indexed sequence,
        bytes32 root,
        address custodian,
        address attestor
    );
    /// @notice An answer is verified, for the first time under this id.
    event AnswerVerified(
        bytes32 indexed dataset,
        bytes32 indexed root,
        bytes32 indexed d0,
        bytes32 id,
        bytes query,
        uint256[] cells
    );

    /// @notice The custodian of a dataset id.
    mapping(bytes32 dataset => address) public custodians;
    /// @notice The head of a dataset id.
    mapping(bytes32 dataset => Head) public heads;
    /// @notice When an answer was entered first, by its id: D0 with the released cells.
    mapping(bytes32 id => uint256) public entries;
    /// @notice Whether somebody's word is accepted for the form of manifests.
    mapping(address => bool) public attestors;
    /// @notice The verifier of a triple: keccak256(SRS digest | circuit-key digest | shape).
    mapping(bytes32 triple => NectarVerifier) public verifiers;

    constructor(address[] memory attestors_, NectarVerifier[] memory verifiers_) {
        for (uint256 i; i < attestors_.length; ++i) {
            attestors[attestors_[i]] = true;
        }
        for (uint256 i; i < verifiers_.length; ++i) {
            NectarVerifier v = verifiers_[i];
            verifiers[triple(v.srs(), v.circuitKey(), v.shape())] = v;
        }
    }

    /// @notice Registers a dataset by the snapshot to begin with, of whatever sequence number.
    /// @param signature An attestor's, over the root: without one, anybody could take ids that others are to use.
    function register(Core calldata core, bytes32 columnsRoot, bytes calldata signature) external {
        if (heads[core.dataset].sequence != 0) revert Registered();
        if (msg.sender != core.custodian) revert NotCustodian();
        accept(core, columnsRoot, signature);
    }

    /// @notice Publishes the snapshot after the head. The custodian that its header names publishes the next.
    /// @param signature An attestor's, over the root.
    function publish(Core calldata core, bytes32 columnsRoot, bytes calldata signature) external {
        if (msg.sender != custodians[core.dataset]) revert NotCustodian();
        Head storage head = heads[core.dataset];
        if (core.sequence != uint256(head.sequence) + 1 || core.parent != head.root) revert NotNext();
        accept(core, columnsRoot, signature);
    }

    /// @notice Verifies an answer over the head of its dataset, and enters it.
    /// @param shape The circuit's: 0 compact, 1 wide.
    /// @return id The answer's id. Proofs can be rerandomised by anybody and are no part of it.
    function submit(uint8 shape, Answer calldata answer) external returns (bytes32 id) {
        Core calldata core = answer.core;
        bytes32 root = heads[core.dataset].root;
        if (heads[core.dataset].sequence != core.sequence) revert NotHead();
        NectarVerifier verifier = verifiers[triple(core.srs, shape == 0 ? core.compactKey : core.wideKey, shape)];
        if (address(verifier) == address(0)) revert UnknownKeys();
        bytes32 d0 = forward(verifier, root);
        checkDate(core, answer.query);
        id = entryId(d0, answer.cells);
        if (entries[id] != 0) return id;
        entries[id] = block.timestamp;
        emit AnswerVerified(core.dataset, root, d0, id, answer.query, answer.cells);
    }

    /// @dev Makes a snapshot the head of its dataset, on an attestor's word.
    function accept(Core calldata core, bytes32 columnsRoot, bytes calldata signature) private {
        Header.check(core);
        bytes32 root = Header.root(core, columnsRoot);
        address attestor = Attestation.signer(root, signature);
        if (!attestors[attestor]) revert Attestation.Attestor();
        custodians[core.dataset] = core.custodian;
        heads[core.dataset] = Head(root, core.sequence, uint64(block.timestamp));
        emit SnapshotPublished(core.dataset, core.sequence, root, core.custodian, attestor);
    }

    /// @dev What `verify` gives for a root and the answer in this call, whose reason to refuse is passed on. An answer
    /// stands after one word in the calls of both functions, so that its bytes are good for both as they are: Solidity
    /// would take it apart and encode it again. Offsets can lead a list back to that word, where one sees the shape and
    /// the other the root: as a length, a root is beyond all calldata.
    function forward(NectarVerifier verifier, bytes32 root) private view returns (bytes32) {
        bytes memory call_ = abi.encodePacked(NectarVerifier.verify.selector, root, msg.data[36:]);
        (bool ok, bytes memory result) = address(verifier).staticcall(call_);
        if (!ok) {
            // Assembly: Solidity raises no error that it was given in bytes.
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
        return abi.decode(result, (bytes32));
    }

    /// @dev max(day(asOf), day(now) - lag) <= the query's day <= day(now), in the header's offset.
    function checkDate(Core calldata core, bytes calldata query) private view {
        // The fourth word of a query, whose encoding the verifier has found canonical.
        int256 day = abi.decode(query[96:128], (int32));
        int256 last = Header.day(core, int256(block.timestamp));
        int256 first = Header.day(core, core.asOf);
        if (first < last - int8(core.lag)) first = last - int8(core.lag);
        if (day < first || day > last) revert Date(first, last, day);
    }

    /// @dev keccak256(D0 | each cell as eight bytes).
    function entryId(bytes32 d0, uint256[] calldata cells) private pure returns (bytes32) {
        bytes memory packed = abi.encodePacked(d0);
        for (uint256 i; i < cells.length; ++i) {
            packed = abi.encodePacked(packed, uint64(cells[i]));
        }
        return keccak256(packed);
    }

    function triple(bytes32 srs, bytes32 circuitKey, uint8 shape) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(srs, circuitKey, shape));
    }
}
