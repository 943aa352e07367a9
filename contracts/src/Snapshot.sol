// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Column, ColumnDescriptor, OpenedColumn} from "./Column.sol";
import {Core, Header} from "./Header.sol";
import {Merkle, Siblings} from "./Merkle.sol";
import {Terms} from "./Terms.sol";
import {Words} from "./Words.sol";

/// @dev The commitments that are still to be opened, and room for the entries of one column at a time.
struct Unopened {
    /// The next term.
    uint256 term;
    /// Place of its commitments in calldata.
    uint256 points;
    /// Segments of each vector.
    uint256 segments;
    /// See Merkle.climb.
    uint256[] entries;
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
        uint256 segments,
        bytes32 root,
        Terms memory terms,
        OpenedColumn[] calldata columns,
        uint256[] calldata points,
        bytes32[] calldata siblings
    ) internal pure {
        if (points.length != 2 * terms.count * segments) revert Openings();
        Unopened memory u = Unopened(0, Words.place(points), segments, new uint256[](2 * terms.count));
        Siblings memory s = Merkle.siblings(siblings);
        (uint256 count, uint256 width) = (columns.length, core.columns);
        uint256[] memory entries = new uint256[](2 * count);
        unchecked {
            for (uint256 i; i < count; ++i) {
                OpenedColumn calldata c = columns[i];
                uint256 place = c.index;
                uint256 opened = open(u, terms, place);
                if (opened == 0 || place >= width) revert Openings();
                bytes32 leaves = Merkle.climb(u.entries, opened, c.descriptor.vectors(), s);
                Words.put(entries, 2 * i, place);
                Words.put(entries, 2 * i + 1, uint256(Merkle.column(c.descriptor.digest(), leaves)));
            }
        }
        if (u.term != terms.count) revert Openings();
        bytes32 columnsRoot = Merkle.climb(entries, count, width, s);
        s.finish();
        if (Header.root(core, columnsRoot) != root) revert Root();
    }

    /// @dev Lists the next terms, as far as they are of the column at `index`, and says how many these are.
    function open(Unopened memory u, Terms memory terms, uint256 index) private pure returns (uint256 count) {
        (uint256 term, uint256 size) = (u.term, u.segments);
        (uint256[] memory entries, uint256[] memory vectors) = (u.entries, terms.vectors);
        unchecked {
            for (uint256 end = terms.count; term < end; ++term) {
                uint256 vector = Words.item(vectors, term);
                if (vector >> 16 != index) break;
                Words.put(entries, 2 * count, vector & 0xffff);
                Words.put(entries, 2 * count + 1, uint256(Merkle.vector(u.points, size)));
                u.points += 64 * size;
                ++count;
            }
        }
        u.term = term;
    }
}
