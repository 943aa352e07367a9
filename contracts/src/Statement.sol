// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {CodeSet} from "./CodeSet.sol";
import {Column, ColumnDescriptor, OpenedColumn} from "./Column.sol";
import {Core, Header, PurposeColumn} from "./Header.sol";
import {Field} from "./Field.sol";
import {Axis, Literal, Queries, Query} from "./Query.sol";
import {Shape} from "./Shape.sol";
import {Terms, Weighing} from "./Terms.sol";

/// @notice The algebraic statement of one query over one snapshot.
struct Statement {
    Query query;
    /// Place of the consent column, and the least code that covers the day.
    uint256 consentColumn;
    uint256 consentCode;
    /// Summed columns of a gram that get a clause of complete cases.
    uint256[] complete;
    /// 0 counts, 1 moments, 2 and 3 gram of stride 4 and 8.
    uint256 layoutId;
    /// One past the last cell the layout spans.
    uint256 span;
    /// Public input FLAGS.
    uint256 flags;
    /// Public input POLICY.
    uint256 policy;
}

/// @title From a canonical query to what is proven (protocol, sections 3 and 6)
library Statements {
    using Column for ColumnDescriptor;
    using Queries for Query;
    using Weighing for Terms;

    /// The query fits no circuit, or a smaller one than this.
    error Circuit();

    /// @notice Compiles a query against a header and the columns that are opened.
    function compile(
        bytes calldata encoded,
        Core calldata core,
        PurposeColumn[] calldata purposes,
        OpenedColumn[] calldata columns,
        Shape memory shape,
        uint256 rowBits
    ) internal pure returns (Statement memory s) {
        Query memory q = Queries.read(encoded);
        q.check(columns);
        s.query = q;
        s.consentColumn = Header.consent(core, purposes, q.purpose);
        s.consentCode = Column.find(columns, s.consentColumn).consentCode(q.purpose, q.day);
        s.complete = completeCases(q);
        s.layoutId = q.variant < Queries.GRAM ? q.variant : q.x.length < 4 ? 2 : 3;
        s.span = group(s.layoutId) * size(q, 0) * size(q, 1) * size(q, 2);
        checkShape(s, rowBits, shape);
        s.flags = flags(s, shape);
        s.policy = policy(core, q.x, columns);
    }

    /// @notice The committed vectors with their weights: sum over slots of lambda^i times the slot's weight, i from 1.
    /// @return terms_ The vectors.
    /// @return power lambda to the number of slots.
    function terms(
        Statement memory s,
        OpenedColumn[] calldata columns,
        Shape memory shape,
        uint256 rho,
        uint256 lambda
    ) internal pure returns (Terms memory terms_, uint256 power) {
        Query memory q = s.query;
        terms_ = Weighing.empty(most(q));
        power = lambda;
        terms_.add(s.consentColumn, s.consentCode - 1, power);
        for (uint256 i; i < shape.literals; ++i) {
            power = Field.mul(power, lambda);
            if (i < q.literals.length) {
                Literal memory l = q.literals[i];
                terms_.addSet(l.column, l.codes, l.set, power);
            } else if (i - q.literals.length < s.complete.length) {
                terms_.add(s.complete[i - q.literals.length], 0, power);
            }
        }
        uint256[3] memory weights;
        for (uint256 i; i < 3; ++i) {
            weights[i] = power = Field.mul(power, lambda);
        }
        if (q.variant == Queries.COUNTS) addCounts(terms_, q, weights, rho);
        else if (q.variant == Queries.MOMENTS) addMoments(terms_, q, columns, weights, rho);
        else addGram(terms_, s, columns, weights, rho);
    }

    /// @notice How many cells are released: those the layout uses.
    function used(Statement memory s) internal pure returns (uint256) {
        if (s.query.variant < Queries.GRAM) return s.span;
        uint256 side = s.query.x.length + 1;
        return (s.span / group(s.layoutId)) * side * side;
    }

    /// @notice Cells that are released or withheld together.
    function group(uint256 layoutId) internal pure returns (uint256) {
        uint256 q = stride(layoutId);
        return layoutId == Queries.MOMENTS ? 4 : q * q;
    }

    /// @notice Cells from one row of a gram to the next; 1 where there are no rows.
    function stride(uint256 layoutId) internal pure returns (uint256) {
        return layoutId < Queries.GRAM ? 1 : layoutId == 2 ? 4 : 8;
    }

    function size(Query memory q, uint256 axis) private pure returns (uint256) {
        return axis < q.axes.length ? q.axes[axis].groups.length : 1;
    }

    /// @dev present(x) for every column of a gram on which no one-literal clause without missing stands yet.
    function completeCases(Query memory q) private pure returns (uint256[] memory columns) {
        if (q.variant != Queries.GRAM) return columns;
        uint256 count;
        columns = new uint256[](q.x.length);
        for (uint256 i; i < q.x.length; ++i) {
            if (!q.isComplete(q.x[i])) columns[count++] = q.x[i];
        }
        // Assembly: Solidity shortens no list in memory.
        assembly ("memory-safe") {
            mstore(columns, count)
        }
    }

    /// @dev The shape is the least that fits; there is no choice in it.
    function checkShape(Statement memory s, uint256 rowBits, Shape memory shape) private pure {
        uint256 literals = s.query.literals.length + s.complete.length;
        bool fits = literals <= shape.literals && s.span <= shape.cells && rowBits <= shape.rounds;
        bool smaller = literals <= 4 && s.span <= 64 && rowBits <= 24;
        if (!fits || (shape.id == 1 && smaller)) revert Circuit();
    }

    /// @dev From the least bit: used and joins of each literal, used bits of U, V, W, the layout's id.
    function flags(Statement memory s, Shape memory shape) private pure returns (uint256 bits) {
        Query memory q = s.query;
        for (uint256 i; i < q.literals.length; ++i) {
            bits |= uint256(q.literals[i].joins ? 3 : 1) << (2 * i);
        }
        for (uint256 i; i < s.complete.length; ++i) {
            bits |= 1 << (2 * (q.literals.length + i));
        }
        // Moments have a W of their own, a gram U and W and its axis in V.
        uint256 weights = (1 << q.axes.length) - 1;
        if (q.variant == Queries.MOMENTS) weights |= 4;
        if (q.variant == Queries.GRAM) weights = 5 | (q.axes.length << 1);
        bits |= (weights | (s.layoutId << 3)) << (2 * shape.literals);
    }

    /// @dev From the least bit: k (28), base (8), midpoint, zeros, then the widths of the summed columns (4 each).
    function policy(
        Core calldata core,
        uint256[] memory x,
        OpenedColumn[] calldata columns
    ) private pure returns (uint256 bits) {
        bits = core.k | (uint256(core.base) << 28);
        if (core.midpoint) bits |= 1 << 36;
        if (core.zeros) bits |= 1 << 37;
        uint256 most_ = core.wMax;
        for (uint256 i; i < x.length; ++i) {
            uint256 width;
            uint256 codes = Column.find(columns, x[i]).codes;
            unchecked {
                while (width < most_ && 1 << width < codes) ++width;
            }
            bits |= width << (38 + 4 * i);
        }
    }

    /// @dev An upper bound on the number of terms: two a run, one for missing, three for each sum.
    function most(Query memory q) private pure returns (uint256 count) {
        count = 1 + 3 * q.x.length;
        for (uint256 i; i < q.literals.length; ++i) {
            count += 2 * q.literals[i].set.count + 1;
        }
        for (uint256 i; i < q.axes.length; ++i) {
            CodeSet[] memory groups = q.axes[i].groups;
            for (uint256 g; g < groups.length; ++g) {
                count += 2 * groups[g].count + 1;
            }
        }
    }

    function addCounts(Terms memory t, Query memory q, uint256[3] memory weights, uint256 rho) private pure {
        addAxis(t, q, 0, weights[0], Field.power(rho, size(q, 1) * size(q, 2)));
        addAxis(t, q, 1, weights[1], Field.power(rho, size(q, 2)));
        addAxis(t, q, 2, weights[2], rho);
    }

    /// @dev W = A_1 + rho X + rho^2 X2 + rho^3 A_0.
    function addMoments(
        Terms memory t,
        Query memory q,
        OpenedColumn[] calldata columns,
        uint256[3] memory weights,
        uint256 rho
    ) private pure {
        addAxis(t, q, 0, weights[0], Field.power(rho, 4 * size(q, 1)));
        addAxis(t, q, 1, weights[1], Field.power(rho, 4));
        (uint256 x, uint256 weight) = (q.x[0], weights[2]);
        uint256 place = Column.sums(Column.find(columns, x).codes);
        t.add(x, 0, weight);
        weight = Field.mul(weight, rho);
        t.add(x, place, weight);
        weight = Field.mul(weight, rho);
        t.add(x, place + 1, weight);
        t.kappa = Field.add(t.kappa, Field.mul(weight, rho));
    }

    function addGram(
        Terms memory t,
        Statement memory s,
        OpenedColumn[] calldata columns,
        uint256[3] memory weights,
        uint256 rho
    ) private pure {
        uint256 row = Field.power(rho, stride(s.layoutId));
        addSums(t, s.query.x, columns, weights[0], row);
        addAxis(t, s.query, 0, weights[1], Field.power(row, stride(s.layoutId)));
        addSums(t, s.query.x, columns, weights[2], rho);
    }

    /// @dev sum over groups g of step^g * indicator of group g.
    function addAxis(Terms memory t, Query memory q, uint256 axis, uint256 weight, uint256 step) private pure {
        if (axis >= q.axes.length) return;
        Axis memory a = q.axes[axis];
        for (uint256 g; g < a.groups.length; ++g) {
            t.addSet(a.column, a.codes, a.groups[g], weight);
            weight = Field.mul(weight, step);
        }
    }

    /// @dev A_0 + sum over a of step^a X of x_a.
    function addSums(
        Terms memory t,
        uint256[] memory x,
        OpenedColumn[] calldata columns,
        uint256 weight,
        uint256 step
    ) private pure {
        t.kappa = Field.add(t.kappa, weight);
        for (uint256 i; i < x.length; ++i) {
            weight = Field.mul(weight, step);
            t.add(x[i], Column.sums(Column.find(columns, x[i]).codes), weight);
        }
    }
}
