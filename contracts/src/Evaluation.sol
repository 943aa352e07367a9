// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Field, P} from "./Field.sol";
import {Shape} from "./Shape.sol";
import {Statement, Statements} from "./Statement.sol";
import {Sum} from "./Curve.sol";
import {Terms} from "./Terms.sol";
import {Words} from "./Words.sol";

/// @title Hidden evaluations at the sumcheck's point (protocol, section 4, steps 7 and 8)
library Evaluation {
    using Statements for Statement;

    /// A released cell is above 2^64 - 1.
    error Cell();
    /// There are more or fewer cells than the layout uses.
    error CellCount();

    /// @dev Stands where a cell was withheld.
    uint256 private constant MARK = type(uint64).max;

    /// @notice What the linear check says of public values, without the factor that the first has: sum over r_1 .. r_K
    /// and all cells of rising powers of lambda. Every scalar of r, which is in calldata, is checked.
    function publicPart(
        Statement memory s,
        Shape memory shape,
        bool zeros,
        uint256[] calldata cells,
        uint256 r,
        uint256 lambda
    ) internal pure returns (uint256 sum) {
        if (cells.length != s.used()) revert CellCount();
        sum = s.layoutId < 2
            ? tableCells(s, shape, zeros, cells, lambda)
            : gramCells(s, shape, zeros, cells, lambda);
        // The quotients of scalars below P are 0.
        uint256 quotients;
        unchecked {
            for (uint256 place = r + 32 * shape.rounds; place > r; ) {
                place -= 32;
                uint256 coordinate = Words.load(place);
                quotients |= coordinate / P;
                sum = addmod(mulmod(sum, lambda, P), coordinate, P);
            }
        }
        if (quotients != 0) revert Field.NotCanonical();
    }

    /// @notice Adds sum_k w_k sum_v weight_v C_{v,k}. Neighbours in manifest order that have the same weight or opposite
    /// ones, as the two ends of a run have, share a multiplication.
    function addCommitments(
        Sum sum,
        Terms memory terms,
        uint256[] memory weights,
        uint256 segments,
        uint256[] calldata points
    ) internal view {
        unchecked {
            uint256 size = 64 * segments;
            uint256 place = Words.place(points);
            uint256[] memory ofTerms = terms.weights;
            uint256 count = terms.count;
            // Entries below `count` and `segments` are there: a table of weights has room for every segment.
            for (uint256 t; t < count; ) {
                uint256 weight = Words.item(ofTerms, t);
                uint256 next = t + 1;
                while (next < count && isShared(weight, Words.item(ofTerms, next))) ++next;
                for (uint256 k; k < segments; ++k) {
                    sum.take(place);
                    uint256 other = place;
                    for (uint256 u = t + 1; u < next; ++u) {
                        other += size;
                        sum.join(other, Words.item(ofTerms, u) != weight);
                    }
                    sum.add(mulmod(weight, Words.item(weights, k), P));
                    place += 64;
                }
                place += (next - t - 1) * size;
                t = next;
            }
        }
    }

    function isShared(uint256 a, uint256 b) private pure returns (bool) {
        unchecked {
            return a == b || a + b == P;
        }
    }

    /// @dev Counts and moments use every cell of the span.
    function tableCells(
        Statement memory s,
        Shape memory shape,
        bool zeros,
        uint256[] calldata cells,
        uint256 lambda
    ) private pure returns (uint256 sum) {
        sum = beyond(s.span, shape.cells, zeros, lambda);
        unchecked {
            for (uint256 j = s.span; j > 0; ) {
                --j;
                sum = addmod(mulmod(sum, lambda, P), cell(cells, j), P);
            }
        }
    }

    /// @dev A gram's group uses the cells (a, b) with a and b up to the number of x. Its others hold a sum of 0, shown
    /// where the group's first cell is.
    function gramCells(
        Statement memory s,
        Shape memory shape,
        bool zeros,
        uint256[] calldata cells,
        uint256 lambda
    ) private pure returns (uint256 sum) {
        sum = beyond(s.span, shape.cells, zeros, lambda);
        (uint256 q, uint256 side) = (Statements.stride(s.layoutId), s.query.x.length + 1);
        unchecked {
            for (uint256 j = s.span; j > 0; ) {
                --j;
                (uint256 a, uint256 b) = ((j / q) % q, j % q);
                uint256 first = (j / (q * q)) * side * side;
                uint256 value = a < side && b < side
                    ? cell(cells, first + a * side + b)
                    : cell(cells, first) == MARK ? MARK : 0;
                sum = addmod(mulmod(sum, lambda, P), value, P);
            }
        }
    }

    /// @dev Cells past the span: an empty group is shown as 0 where the policy releases zeros.
    function beyond(uint256 span, uint256 cells, bool zeros, uint256 lambda) private pure returns (uint256 sum) {
        if (zeros) return 0;
        unchecked {
            uint256 count = cells - span;
            // Down the bits of the count: n terms become 2n, and 2n + 1 where a bit is 1.
            uint256 power = 1;
            for (uint256 bit = 256; bit > 0; bit >>= 1) {
                sum = addmod(sum, mulmod(sum, power, P), P);
                power = mulmod(power, power, P);
                if (count & bit != 0) {
                    sum = addmod(mulmod(sum, lambda, P), MARK, P);
                    power = mulmod(power, lambda, P);
                }
            }
        }
    }

    function cell(uint256[] calldata cells, uint256 j) private pure returns (uint256 value) {
        value = Words.get(cells, j);
        if (value > MARK) revert Cell();
    }
}
