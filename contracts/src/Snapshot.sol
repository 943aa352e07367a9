// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Column, ColumnDescriptor, OpenedColumn} from "./Column.sol";
import {Core, Header} from "./Header.sol";
import {Merkle, Siblings} from "./Merkle.sol";
import {Terms, Weighing} from "./Terms.sol";

/// @title Opened commitments of a snapshot (protocol, sections 2 and 9)
library Snapshot {
    using Column for ColumnDescriptor;
    using Merkle for Siblings;
    using Weighing for Terms;

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
        uint256[] memory places = new uint256[](columns.length);
        bytes32[] memory nodes = new bytes32[](columns.length);
        uint256 first;
        for (uint256 i; i < columns.length; ++i) {
            places[i] = columns[i].index;
            uint256 next = end(terms, first, places[i]);
            if (next == first || places[i] >= core.columns) revert Openings();
            nodes[i] = column(core, terms, first, next - first, columns[i].descriptor, points, s);
            first = next;
        }
        if (first != terms.count) revert Openings();
        bytes32 columnsRoot = Merkle.climb(places, nodes, places.length, core.columns, s);
        s.finish();
        if (Header.root(core, columnsRoot) != root) revert Root();
    }

    /// @dev One past the last term of a column whose terms begin at `i`.
    function end(Terms memory terms, uint256 i, uint256 index) private pure returns (uint256) {
        while (i < terms.count && terms.column(i) == index) ++i;
        return i;
    }

    /// @dev The node of the column whose opened vectors are `count` terms from `first` on.
    function column(
        Core calldata core,
        Terms memory terms,
        uint256 first,
        uint256 count,
        ColumnDescriptor calldata d,
        uint256[] calldata points,
        Siblings memory s
    ) private pure returns (bytes32) {
        uint256 segments = Header.segments(core);
        uint256[] memory places = new uint256[](count);
        bytes32[] memory nodes = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            places[i] = terms.vectors[first + i] & 0xffff;
            nodes[i] = Merkle.vector(points, (first + i) * segments, segments);
        }
        return Merkle.column(d.digest(), Merkle.climb(places, nodes, count, d.vectors(), s));
    }
}
