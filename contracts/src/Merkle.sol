// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Curve} from "./Curve.sol";

/// @dev The siblings that paths of several entries have in common with nothing computed, in the order of use.
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
        uint256 start;
        // Assembly: the place of a list in calldata has no other name.
        assembly ("memory-safe") {
            start := list.offset
        }
        unchecked {
            return Siblings(start, start + 32 * list.length);
        }
    }

    /// @notice Refuses a list that was not used up. Past the end of one come words of other values; what was made of
    /// these is refused here.
    function finish(Siblings memory s) internal pure {
        if (s.next != s.end) revert SiblingCount();
    }

    /// @notice The root of a tree over `width` entries, of which the first `count` of `nodes` are opened at rising
    /// `places` below `width`. Both lists are overwritten.
    function climb(
        uint256[] memory places,
        bytes32[] memory nodes,
        uint256 count,
        uint256 width,
        Siblings memory s
    ) internal pure returns (bytes32 root) {
        // Assembly: an answer has some fifty nodes, and Solidity's lists cost several times what the hashes do. Both lists
        // are used up to `count` entries only, scratch space lies past all that is allocated.
        assembly ("memory-safe") {
            let left := add(mload(0x40), 1)
            mstore8(sub(left, 1), 1)
            places := add(places, 0x20)
            nodes := add(nodes, 0x20)
            let sibling := mload(s)
            // As long as there are several nodes.
            for { let end := shl(5, count) } and(gt(width, 1), gt(end, 0x20)) { width := shr(1, add(width, 1)) } {
                let above := 0
                for { let i := 0 } lt(i, end) { above := add(above, 0x20) } {
                    let place := mload(add(places, i))
                    let right := shl(5, and(place, 1))
                    mstore(add(left, right), mload(add(nodes, i)))
                    i := add(i, 0x20)
                    // Places rise, so what follows an odd one is no neighbour of it; a node alone has its sibling in
                    // calldata.
                    switch and(lt(i, end), eq(mload(add(places, i)), or(place, 1)))
                    case 0 {
                        mstore(add(left, xor(right, 0x20)), calldataload(sibling))
                        sibling := add(sibling, 0x20)
                    }
                    default {
                        mstore(add(left, 0x20), mload(add(nodes, i)))
                        i := add(i, 0x20)
                    }
                    mstore(add(places, above), shr(1, place))
                    mstore(add(nodes, above), keccak256(sub(left, 1), 65))
                }
                end := above
            }
            root := mload(nodes)
            // One node is left, if any was there.
            for { let place := mload(places) } gt(width, 1) { width := shr(1, add(width, 1)) } {
                let right := shl(5, and(place, 1))
                mstore(add(left, right), root)
                mstore(add(left, xor(right, 0x20)), calldataload(sibling))
                sibling := add(sibling, 0x20)
                root := keccak256(sub(left, 1), 65)
                place := shr(1, place)
            }
            mstore(s, sibling)
        }
    }

    /// @notice The root over all segments of a committed vector: `count` points of `points` from point `first` on, none
    /// of which may be the identity.
    function vector(uint256[] calldata points, uint256 first, uint256 count) internal pure returns (bytes32 root) {
        uint256 width = 1;
        while (width < count) width <<= 1;
        bool identity;
        // Assembly: as in `climb`. Nodes and scratch space lie past all that is allocated, and are used once.
        assembly ("memory-safe") {
            let nodes := add(mload(0x40), 0x20)
            let scratch := add(nodes, shl(5, width))
            let end := add(nodes, shl(5, count))
            let point := add(points.offset, shl(6, first))
            mstore8(scratch, 0)
            for { let i := nodes } lt(i, end) { i := add(i, 0x20) } {
                calldatacopy(add(scratch, 1), point, 64)
                identity := or(identity, iszero(or(mload(add(scratch, 1)), mload(add(scratch, 33)))))
                mstore(i, keccak256(scratch, 65))
                point := add(point, 64)
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
