// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Column, ColumnDescriptor, OpenedColumn} from "./Column.sol";
import {Core, Header} from "./Header.sol";
import {Merkle, Siblings} from "./Merkle.sol";
import {Terms} from "./Terms.sol";

/// @dev The opened vectors of one column at a time, with room for those of all.
struct Opened {
    uint256 segments;
    uint256[] places;
    bytes32[] nodes;
}

/// @title Opened commitments of a snapshot (protocol, sections 2 and 9)
library Snapshot {
    using Column for ColumnDescriptor;
    using Merkle for Siblings;
    /// Other columns or vectors are opened than the query reads.
    error Openings();
    /// The opened vectors do not lead to the snapshot's root.
    error Root();

    /// @notice Checks that `points` are all segments of exactly the statement's vectors, in order, and that `columns`
    /// are exactly the columns of these, all under `root`.
    function check(
        Core calldata core,
        bytes32 root,
        Terms memory terms,
        OpenedColumn[] calldata columns,
        uint256[] calldata points,
        bytes32[] calldata siblings
    ) internal pure {
        if (points.length != 2 * terms.count * Header.segments(core)) revert Openings();
        Siblings memory s = Merkle.siblings(siblings);
        Opened memory o = Opened(Header.segments(core), new uint256[](terms.count), new bytes32[](terms.count));
        uint256[] memory places = new uint256[](columns.length);
        bytes32[] memory nodes = new bytes32[](columns.length);
        uint256 first;
        for (uint256 i; i < columns.length; ++i) {
            uint256 place = columns[i].index;
            uint256 next = open(o, terms, first, place, points);
            if (next == first || place >= core.columns) revert Openings();
            nodes[i] = column(o, next - first, columns[i].descriptor, s);
            (places[i], first) = (place, next);
        }
        if (first != terms.count) revert Openings();
        bytes32 columnsRoot = Merkle.climb(places, nodes, places.length, core.columns, s);
        s.finish();
        if (Header.root(core, columnsRoot) != root) revert Root();
    }

    /// @dev Lists the nodes of a column's vectors, whose terms begin at `first`; gives one past the last.
    function open(
        Opened memory o,
        Terms memory terms,
        uint256 first,
        uint256 index,
        uint256[] calldata points
    ) private pure returns (uint256 next) {
        unchecked {
            for (next = first; next < terms.count; ++next) {
                uint256 vector = terms.vectors[next];
                if (vector >> 16 != index) break;
                o.places[next - first] = vector & 0xffff;
                o.nodes[next - first] = Merkle.vector(points, next * o.segments, o.segments);
            }
        }
    }

    /// @dev The node of the column whose `count` opened vectors are listed.
    function column(
        Opened memory o,
        uint256 count,
        ColumnDescriptor calldata d,
        Siblings memory s
    ) private pure returns (bytes32) {
        return Merkle.column(d.digest(), Merkle.climb(o.places, o.nodes, count, d.vectors(), s));
    }
}
