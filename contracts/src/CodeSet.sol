// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Reader, Reading} from "./Reader.sol";
import {Words} from "./Words.sol";

/// @notice A set of codes: maybe "missing" (code 0), and runs lo ..= hi of the others, which stay in calldata.
struct CodeSet {
    bool missing;
    /// Place of the first run in calldata: four bytes a run, lo and hi.
    uint256 runs;
    uint256 count;
}

/// @title Code sets and their one canonical form (protocol, section 3)
library CodeSets {
    using Reading for Reader;

    /// A code set is not canonical over its column.
    error InvalidSet(uint256 column);
    /// The groups of an axis are out of order, overlap, or do not fit its kind.
    error InvalidAxis(uint256 column);

    uint256 private constant MOST_RUNS = 256;

    /// @notice Reads a set.
    function read(Reader memory r) internal pure returns (CodeSet memory set) {
        uint256 start = r.place;
        set.missing = r.below(2) == 1;
        unchecked {
            r.offset(start, start + 64);
            uint256 size = r.length(4 * MOST_RUNS);
            if (size & 3 != 0) revert Reading.QueryEncoding();
            set.runs = r.place;
            set.count = size / 4;
            r.skip(size);
        }
    }

    /// @notice Run `i`.
    function run(CodeSet memory set, uint256 i) internal pure returns (uint256 lo, uint256 hi) {
        unchecked {
            uint256 word = Words.load(set.runs + 4 * i);
            return (word >> 240, (word >> 224) & 0xffff);
        }
    }

    /// @notice The least code, missing least. The set is not empty.
    function least(CodeSet memory set) internal pure returns (uint256 code) {
        if (!set.missing) (code, ) = run(set, 0);
    }

    /// @notice Checks that a set is canonical over a column of `codes` codes: runs rise with a gap between, and the
    /// set is neither empty nor everything. An overlapping run would count a row twice.
    function check(CodeSet memory set, uint256 column, uint256 codes) internal pure {
        uint256 free = 1;
        unchecked {
            for (uint256 i; i < set.count; ++i) {
                (uint256 lo, uint256 hi) = run(set, i);
                if (lo < free || lo > hi || hi >= codes) revert InvalidSet(column);
                free = hi + 2;
            }
        }
        if (set.count == 0) {
            if (!set.missing) revert InvalidSet(column);
        } else if (set.count == 1 && set.missing) {
            (uint256 lo, uint256 hi) = run(set, 0);
            if (lo == 1 && hi == codes - 1) revert InvalidSet(column);
        }
    }

    /// @notice Checks the groups of a partition: they rise by their least code, and no code lies in two.
    function checkPartition(CodeSet[] memory groups, uint256 column) internal pure {
        uint256[16] memory taken;
        for (uint256 g; g < groups.length; ++g) {
            if (g > 0 && least(groups[g]) <= least(groups[g - 1])) revert InvalidAxis(column);
            for (uint256 i; i < groups[g].count; ++i) {
                (uint256 lo, uint256 hi) = run(groups[g], i);
                claim(taken, lo, hi, column);
            }
        }
    }

    /// @notice Checks the groups of a cumulative axis: runs to the last code with rising beginnings.
    function checkCumulative(CodeSet[] memory groups, uint256 column, uint256 codes) internal pure {
        uint256 before;
        for (uint256 g; g < groups.length; ++g) {
            (uint256 lo, uint256 hi) = run(groups[g], 0);
            bool tail = !groups[g].missing && groups[g].count == 1 && hi == codes - 1;
            if (!tail || lo <= before) revert InvalidAxis(column);
            before = lo;
        }
    }

    /// @notice How two canonical sets compare: missing after not missing, then by runs, a shorter list first where it
    /// is a prefix.
    /// @dev Runs are packed in the order in which they are compared, and no run is 0, so words padded with zeros
    /// compare as lists do.
    function compare(CodeSet memory a, CodeSet memory b) internal pure returns (int256) {
        if (a.missing != b.missing) return a.missing ? int256(1) : -1;
        uint256 most = a.count > b.count ? a.count : b.count;
        unchecked {
            for (uint256 i; i < most; i += 8) {
                uint256 x = i < a.count ? Words.load(a.runs + 4 * i) : 0;
                uint256 y = i < b.count ? Words.load(b.runs + 4 * i) : 0;
                if (x != y) return x < y ? -1 : int256(1);
            }
        }
        return 0;
    }

    /// @dev Marks lo ..= hi among the 4096 codes, none of which may be marked already.
    function claim(uint256[16] memory taken, uint256 lo, uint256 hi, uint256 column) private pure {
        unchecked {
            for (uint256 w = lo >> 8; w <= hi >> 8; ++w) {
                uint256 mask = type(uint256).max;
                if (w == lo >> 8) mask <<= lo & 255;
                if (w == hi >> 8) mask &= type(uint256).max >> (255 - (hi & 255));
                if (taken[w] & mask != 0) revert InvalidAxis(column);
                taken[w] |= mask;
            }
        }
    }
}
