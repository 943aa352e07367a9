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

    /// @notice Absorbs `count` words of `list` from `first` on, and after them all of `more`.
    function absorb(
        bytes32 state,
        uint8 id,
        uint256[] calldata list,
        uint256 first,
        uint256 count,
        uint256[] calldata more
    ) internal pure returns (bytes32 next) {
        // Assembly: the payload goes from calldata to the hash as it is, and memory is used again for each message.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, state)
            mstore8(add(start, 0x20), id)
            let end := add(start, 0x21)
            calldatacopy(end, add(list.offset, shl(5, first)), shl(5, count))
            end := add(end, shl(5, count))
            calldatacopy(end, more.offset, shl(5, more.length))
            end := add(end, shl(5, more.length))
            next := keccak256(start, sub(end, start))
        }
    }

    /// @notice The challenge a state gives.
    function challenge(bytes32 state) internal pure returns (uint256 c) {
        c = uint256(state) % P;
        if (c < 2 || c == P - 1) revert Challenge();
    }
}
