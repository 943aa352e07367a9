// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @title Words of calldata, and of lists in memory
/// @notice Reads without a check of bounds on each. Past the end of calldata all is 0, so nothing else can be reached;
/// callers compare lengths once.
library Words {
    /// @notice The word at a place in calldata.
    function load(uint256 start) internal pure returns (uint256 word) {
        // Assembly: only calldataload reads at a place that no Solidity value names.
        assembly ("memory-safe") {
            word := calldataload(start)
        }
    }

    /// @notice The place of a list's first entry.
    function place(uint256[] calldata list) internal pure returns (uint256 start) {
        // Assembly: the place of a list in calldata has no other name; so below.
        assembly ("memory-safe") {
            start := list.offset
        }
    }

    /// @notice The place of a list's first entry.
    function place(bytes32[] calldata list) internal pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := list.offset
        }
    }

    /// @notice Copies `count` words of calldata to a list of pairs, at a place that is a constant within it.
    function copy(uint256[30] memory pairs, uint256 to, uint256 from, uint256 count) internal pure {
        // Assembly: Solidity copies no part of a list at once; so below.
        assembly ("memory-safe") {
            calldatacopy(add(pairs, shl(5, to)), from, shl(5, count))
        }
    }

    /// @notice Copies `count` words of a key, at places that are constants within both.
    function copy(
        uint256[30] memory pairs,
        uint256 to,
        uint256[30] memory key,
        uint256 from,
        uint256 count
    ) internal pure {
        assembly ("memory-safe") {
            mcopy(add(pairs, shl(5, to)), add(key, shl(5, from)), shl(5, count))
        }
    }

    /// @notice Entry i of a list in memory whose length is known to be greater.
    function item(uint256[] memory list, uint256 i) internal pure returns (uint256 word) {
        // Assembly: Solidity's own indexing compares i with the length each time; so below.
        assembly ("memory-safe") {
            word := mload(add(add(list, 0x20), shl(5, i)))
        }
    }

    /// @notice Sets entry i of a list in memory whose length is known to be greater.
    function put(uint256[] memory list, uint256 i, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(list, 0x20), shl(5, i)), word)
        }
    }

    /// @notice Entry i of a list whose length is known to be greater.
    function get(uint256[] calldata list, uint256 i) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(list.offset, shl(5, i)))
        }
    }
}
