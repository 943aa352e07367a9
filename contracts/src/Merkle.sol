// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Curve} from "./Curve.sol";
import {Words} from "./Words.sol";

/// @dev The siblings of paths that follow from no opened entry, in the order of use.
struct Siblings {
    /// Place of the next one in calldata.
    uint256 next;
    /// Place after the last one.
    uint256 end;
}

/// @title Merkle trees (protocol, section 2)
/// @notice Several entries of a tree are opened at once: a node that follows from other opened entries is computed and
/// never sent.
library Merkle {
    /// There are more or fewer siblings than the opened entries need.
    error SiblingCount();

    /// @dev What stands in a place past the last entry: keccak256("nectar/v1/empty").
    bytes32 private constant EMPTY = 0x37fbd745a51eb71226368b4d6b9c6ff324f65bc603f725bff7c223936257c65d;

    /// @notice The siblings of a list.
    function siblings(bytes32[] calldata list) internal pure returns (Siblings memory s) {
        uint256 start = Words.place(list);
        unchecked {
            return Siblings(start, start + 32 * list.length);
        }
    }

    /// @notice Refuses a list that was not used up. Past the end of one come words of other values; what was made of
    /// these is refused here.
    function finish(Siblings memory s) internal pure {
        if (s.next != s.end) revert SiblingCount();
    }

    /// @notice The root of a tree over `width` entries, of which `count` are opened: `entries` has pairs of a place and
    /// a node, by rising places below `width`.
    /// @dev Nodes are numbered: the root is 1, below node h are 2h and 2h + 1. An entry's path is climbed to below the
    /// node where the next entry's joins. There the node waits for its right sibling, at which the path of a later entry
    /// arrives.
    function climb(
        uint256[] memory entries,
        uint256 count,
        uint256 width,
        Siblings memory s
    ) internal pure returns (bytes32 root) {
        // Assembly: an answer has some sixty nodes, and Solidity's lists cost several times what the hashes do. Scratch
        // space and the nodes that wait lie past all that is allocated.
        assembly ("memory-safe") {
            // Two words to hash, after a byte, at a place that xor moves from one to the other.
            let left := and(add(mload(0x40), 0x40), not(0x3f))
            mstore8(sub(left, 1), 1)
            let first := 1
            for {} lt(first, width) {} { first := shl(1, first) }
            // The last that waits: number of its right sibling, and node. Below all of them, the root's number.
            let waiting := add(left, 0x40)
            mstore(waiting, 1)
            let sibling := mload(s)
            let last := add(entries, sub(shl(6, count), 0x20))
            for { let entry := add(entries, 0x20) } 1 { entry := add(entry, 0x40) } {
                let h := add(first, mload(entry))
                root := mload(add(entry, 0x20))
                let fork := 1
                if lt(entry, last) {
                    // The node below which paths part is as far up as their places' highest differing bit.
                    let bits := xor(mload(entry), mload(add(entry, 0x40)))
                    bits := or(bits, shr(1, bits))
                    bits := or(bits, shr(2, bits))
                    bits := or(bits, shr(4, bits))
                    bits := or(bits, shr(8, bits))
                    fork := div(h, add(shr(1, bits), 1))
                }
                for {} 1 {} {
                    let goal := mload(waiting)
                    if lt(goal, fork) { goal := fork }
                    for {} gt(h, goal) { h := shr(1, h) } {
                        let place := xor(left, and(shl(5, h), 0x20))
                        mstore(place, root)
                        mstore(xor(place, 0x20), calldataload(sibling))
                        sibling := add(sibling, 0x20)
                        root := keccak256(sub(left, 1), 65)
                    }
                    if eq(h, fork) { break }
                    mstore(left, mload(add(waiting, 0x20)))
                    mstore(add(left, 0x20), root)
                    root := keccak256(sub(left, 1), 65)
                    h := shr(1, h)
                    waiting := sub(waiting, 0x40)
                }
                if eq(entry, last) { break }
                waiting := add(waiting, 0x40)
                mstore(waiting, or(h, 1))
                mstore(add(waiting, 0x20), root)
            }
            mstore(s, sibling)
        }
    }

    /// @notice The root over all segments of a committed vector: `count` points from a place in calldata on, none of
    /// which may be the identity.
    function vector(uint256 place, uint256 count) internal pure returns (bytes32 root) {
        bool identity;
        // Assembly: as in `climb`. Nodes and scratch space lie past all that is allocated, and are used once.
        assembly ("memory-safe") {
            let width := 1
            for {} lt(width, count) {} { width := shl(1, width) }
            let nodes := add(mload(0x40), 0x20)
            let scratch := add(nodes, shl(5, width))
            let end := add(nodes, shl(5, count))
            mstore8(scratch, 0)
            for { let i := nodes } lt(i, end) { i := add(i, 0x20) } {
                calldatacopy(add(scratch, 1), place, 64)
                identity := or(identity, iszero(or(mload(add(scratch, 1)), mload(add(scratch, 33)))))
                mstore(i, keccak256(scratch, 65))
                place := add(place, 64)
            }
            for { let i := end } lt(i, scratch) { i := add(i, 0x20) } { mstore(i, EMPTY) }
            for {} gt(width, 1) { width := shr(1, width) } {
                let above := nodes
                end := add(nodes, shl(5, width))
                // Two nodes are hashed where they stand, and the byte before them is of one that was hashed already.
                for { let i := nodes } lt(i, end) { i := add(i, 0x40) } {
                    mstore8(sub(i, 1), 1)
                    mstore(above, keccak256(sub(i, 1), 65))
                    above := add(above, 0x20)
                }
            }
            root := mload(nodes)
        }
        if (identity) revert Curve.Identity();
    }

    /// @notice The node of a column.
    function column(bytes32 descriptor, bytes32 leaves) internal pure returns (bytes32 node) {
        // Assembly: abi.encodePacked allocates what is hashed once.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore8(start, 3)
            mstore(add(start, 1), descriptor)
            mstore(add(start, 33), leaves)
            node := keccak256(start, 65)
        }
    }
}
