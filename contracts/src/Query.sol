// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {CodeSet, CodeSets} from "./CodeSet.sol";
import {Column, ColumnDescriptor, OpenedColumn} from "./Column.sol";
import {Reader, Reading} from "./Reader.sol";

/// @notice The code of a column lies in a set; `joins` the literal before by OR.
struct Literal {
    uint256 column;
    bool joins;
    CodeSet set;
    /// T of the column, known after `Queries.check`.
    uint256 codes;
}

/// @notice A column with one code set a group.
struct Axis {
    uint256 column;
    bool cumulative;
    CodeSet[] groups;
    /// T of the column, known after `Queries.check`.
    uint256 codes;
}

/// @notice A cohort query. The consent literal follows from purpose and day and is never written.
struct Query {
    uint256 variant;
    bytes32 purpose;
    int256 day;
    Literal[] literals;
    Axis[] axes;
    uint256[] x;
}

/// @title Queries and their one canonical form (protocol, section 3)
/// @notice A query that is not canonical is refused, never normalised.
library Queries {
    using CodeSets for CodeSet;
    using Column for ColumnDescriptor;
    using Reading for Reader;

    /// The query names a consent or tag column, or sums a column that holds no numbers.
    error ColumnKind(uint256 column);
    /// Literals or clauses are out of order or doubled.
    error InvalidClauses();
    /// Axes or summed columns do not fit the variant.
    error InvalidForm();

    uint256 internal constant COUNTS = 0;
    uint256 internal constant MOMENTS = 1;
    uint256 internal constant GRAM = 2;
    uint256 internal constant MOST_LITERALS = 12;
    uint256 private constant MOST_GROUPS = 256;
    uint256 private constant MOST_QUERY_RUNS = 2048;
    uint256 private constant MOST_BYTES = 64 << 10;
    uint256 private constant COLUMNS = 1 << 16;

    /// @notice Reads abi(Query), refusing every other encoding.
    function read(bytes calldata encoded) internal pure returns (Query memory q) {
        if (encoded.length > MOST_BYTES) revert Reading.QueryLimit();
        Reader memory r;
        // Assembly: the place of bytes in calldata has no other name.
        assembly ("memory-safe") {
            mstore(r, encoded.offset)
        }
        unchecked {
            uint256 start = r.place + 32;
            r.offset(r.place, start);
            q.variant = r.below(3);
            q.purpose = bytes32(r.word());
            q.day = int256(r.word());
            if (q.day != int32(q.day)) revert Reading.QueryEncoding();
            Reader memory offsets = Reader(r.place);
            r.place += 96;
            offsets.offset(start, r.place);
            q.literals = readLiterals(r);
            offsets.offset(start, r.place);
            q.axes = readAxes(r);
            offsets.offset(start, r.place);
            q.x = readColumns(r);
            if (r.place != start - 32 + encoded.length) revert Reading.QueryEncoding();
        }
    }

    /// @notice Checks that a query is canonical over the opened columns.
    function check(Query memory q, OpenedColumn[] calldata columns) internal pure {
        uint256 runs;
        for (uint256 i; i < q.literals.length; ++i) {
            Literal memory l = q.literals[i];
            l.codes = queryable(columns, l.column);
            l.set.check(l.column, l.codes);
            runs += l.set.count;
        }
        checkClauses(q.literals);
        for (uint256 i; i < q.axes.length; ++i) {
            runs += checkAxis(q.axes[i], columns);
        }
        if (runs > MOST_QUERY_RUNS) revert Reading.QueryLimit();
        checkForm(q, columns);
    }

    /// @notice Whether a one-literal clause without missing stands on a column.
    function isComplete(Query memory q, uint256 column) internal pure returns (bool) {
        for (uint256 i; i < q.literals.length; ++i) {
            Literal memory l = q.literals[i];
            if (l.column == column && !l.set.missing && isSingle(q.literals, i)) return true;
        }
        return false;
    }

    function readLiterals(Reader memory r) private pure returns (Literal[] memory literals) {
        uint256 count = r.length(MOST_LITERALS);
        literals = new Literal[](count);
        uint256 offsets = r.items(count);
        for (uint256 i; i < count; ++i) {
            r.begins(offsets, i);
            (uint256 start, Literal memory l) = (r.place, literals[i]);
            l.column = r.below(COLUMNS);
            l.joins = r.below(2) == 1;
            r.offset(start, start + 96);
            l.set = CodeSets.read(r);
        }
    }

    function readAxes(Reader memory r) private pure returns (Axis[] memory axes) {
        uint256 count = r.length(3);
        axes = new Axis[](count);
        uint256 offsets = r.items(count);
        for (uint256 i; i < count; ++i) {
            r.begins(offsets, i);
            (uint256 start, Axis memory a) = (r.place, axes[i]);
            a.column = r.below(COLUMNS);
            a.cumulative = r.below(2) == 1;
            r.offset(start, start + 96);
            a.groups = readGroups(r);
        }
    }

    function readGroups(Reader memory r) private pure returns (CodeSet[] memory groups) {
        uint256 count = r.length(MOST_GROUPS);
        groups = new CodeSet[](count);
        uint256 offsets = r.items(count);
        for (uint256 i; i < count; ++i) {
            r.begins(offsets, i);
            groups[i] = CodeSets.read(r);
        }
    }

    function readColumns(Reader memory r) private pure returns (uint256[] memory columns) {
        columns = new uint256[](r.length(7));
        for (uint256 i; i < columns.length; ++i) {
            columns[i] = r.below(COLUMNS);
        }
    }

    /// @dev T of a column that literals and axes may name.
    function queryable(OpenedColumn[] calldata columns, uint256 index) private pure returns (uint256) {
        ColumnDescriptor calldata d = Column.find(columns, index);
        if (!d.isQueryable()) revert ColumnKind(index);
        return d.codes;
    }

    function checkAxis(Axis memory a, OpenedColumn[] calldata columns) private pure returns (uint256 runs) {
        if (a.groups.length == 0) revert CodeSets.InvalidAxis(a.column);
        a.codes = queryable(columns, a.column);
        for (uint256 g; g < a.groups.length; ++g) {
            a.groups[g].check(a.column, a.codes);
            runs += a.groups[g].count;
        }
        if (a.cumulative) CodeSets.checkCumulative(a.groups, a.column, a.codes);
        else CodeSets.checkPartition(a.groups, a.column);
    }

    /// @dev Columns rise within a clause, clauses rise as lists of (column, missing, runs), and one-literal clauses
    /// are on different columns. Clauses rise by their first column, so two on one column follow one another among the
    /// one-literal ones.
    function checkClauses(Literal[] memory literals) private pure {
        uint256 before;
        uint256 single = type(uint256).max;
        for (uint256 i; i < literals.length; ++i) {
            Literal memory l = literals[i];
            if (l.joins) {
                if (i == 0 || l.column <= literals[i - 1].column) revert InvalidClauses();
                continue;
            }
            if (i > 0 && !precedes(literals, before, i)) revert InvalidClauses();
            before = i;
            if (isSingle(literals, i)) {
                if (l.column == single) revert InvalidClauses();
                single = l.column;
            }
        }
    }

    /// @dev Whether the clause that begins at `a` and ends before `b` is less than the one that begins at `b`.
    function precedes(Literal[] memory literals, uint256 a, uint256 b) private pure returns (bool) {
        uint256 end = b;
        for (; a < end; (++a, ++b)) {
            if (b == literals.length || (b > end && !literals[b].joins)) return false;
            (Literal memory x, Literal memory y) = (literals[a], literals[b]);
            if (x.column != y.column) return x.column < y.column;
            int256 order = x.set.compare(y.set);
            if (order != 0) return order < 0;
        }
        return b < literals.length && literals[b].joins;
    }

    function isSingle(Literal[] memory literals, uint256 i) private pure returns (bool) {
        return !literals[i].joins && (i + 1 == literals.length || !literals[i + 1].joins);
    }

    function checkForm(Query memory q, OpenedColumn[] calldata columns) private pure {
        (uint256 axes, uint256 least, uint256 most) = (3, 0, 0);
        if (q.variant == MOMENTS) (axes, least, most) = (2, 1, 1);
        if (q.variant == GRAM) (axes, least, most) = (1, 1, 7);
        if (q.axes.length > axes || q.x.length < least || q.x.length > most) revert InvalidForm();
        for (uint256 i; i < q.axes.length; ++i) {
            if (q.variant != COUNTS && q.axes[i].cumulative) revert InvalidForm();
        }
        for (uint256 i; i < q.x.length; ++i) {
            if (i > 0 && q.x[i] <= q.x[i - 1]) revert InvalidForm();
            if (!Column.find(columns, q.x[i]).isNumber()) revert ColumnKind(q.x[i]);
        }
    }
}
