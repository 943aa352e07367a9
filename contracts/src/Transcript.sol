// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {P} from "./Field.sol";

/// @title The keccak256 transcript (protocol, section 4)
/// @notice state' = keccak256(state | id | payload); a challenge is the new state mod P, while the state goes on from
/// all 256 bits.
library Transcript {
    /// A challenge is 0, 1 or -1.
    error Challenge();

    /// @notice D0: the digest of a statement.
    function d0(bytes32 key, bytes32 root, bytes calldata query) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("nectar/v1/query", key, root, query));
    }

    /// @notice Absorbs calldata from one place to another.
    function absorb(bytes32 state, uint8 id, uint256 start, uint256 end) internal pure returns (bytes32 next) {
        // Assembly: the payload goes from calldata to the hash as it is, and memory is used again for each message; so
        // below.
        assembly ("memory-safe") {
            let message := mload(0x40)
            let size := sub(end, start)
            mstore(message, state)
            mstore8(add(message, 0x20), id)
            calldatacopy(add(message, 0x21), start, size)
            next := keccak256(message, add(size, 0x21))
        }
    }

    /// @notice Absorbs calldata from one place to another, and after it a list.
    function absorb(
        bytes32 state,
        uint8 id,
        uint256 start,
        uint256 end,
        uint256[] calldata list
    ) internal pure returns (bytes32 next) {
        assembly ("memory-safe") {
            let message := mload(0x40)
            let size := sub(end, start)
            mstore(message, state)
            mstore8(add(message, 0x20), id)
            calldatacopy(add(message, 0x21), start, size)
            calldatacopy(add(add(message, 0x21), size), list.offset, shl(5, list.length))
            next := keccak256(message, add(add(size, 0x21), shl(5, list.length)))
        }
    }

    /// @notice The challenge a state gives.
    function challenge(bytes32 state) internal pure returns (uint256 c) {
        c = uint256(state) % P;
        if (c < 2 || c == P - 1) revert Challenge();
    }
}
