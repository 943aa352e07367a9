// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {CodeSet, CodeSets} from "./CodeSet.sol";
import {Field} from "./Field.sol";

/// @notice The committed vectors of a statement in manifest order, with their weights in the masked combination.
struct Terms {
    /// How many there are.
    uint256 count;
    /// Column (from bit 16 on) and the vector's place in the column.
    uint256[] vectors;
    uint256[] weights;
    /// Weight of A_0, the public presence of rows.
    uint256 kappa;
}

/// @title Combinations of committed vectors (protocol, section 3)
library Weighing {
    using CodeSets for CodeSet;

    /// @notice Room for so many terms.
    function empty(uint256 most) internal pure returns (Terms memory terms) {
        terms.vectors = new uint256[](most);
        terms.weights = new uint256[](most);
    }

    /// @notice The column of term `i`.
    function column(Terms memory terms, uint256 i) internal pure returns (uint256) {
        return terms.vectors[i] >> 16;
    }

    /// @notice Adds `weight` times a column's vector. A vector that occurs stays, also with the weight 0.
    function add(Terms memory terms, uint256 column_, uint256 place, uint256 weight) internal pure {
        uint256 vector = (column_ << 16) | place;
        uint256 i = terms.count;
        unchecked {
            while (i > 0 && terms.vectors[i - 1] > vector) --i;
            if (i > 0 && terms.vectors[i - 1] == vector) {
                terms.weights[i - 1] = Field.add(terms.weights[i - 1], weight);
                return;
            }
            for (uint256 j = terms.count; j > i; --j) {
                terms.vectors[j] = terms.vectors[j - 1];
                terms.weights[j] = terms.weights[j - 1];
            }
            (terms.vectors[i], terms.weights[i]) = (vector, weight);
            ++terms.count;
        }
    }

    /// @notice Adds `weight` times the indicator of a set over a column of `codes` codes: A_lo - A_{hi+1} for each run,
    /// A_0 - A_1 for missing. A_T is 0 and not committed; A_1 cancels where missing is next to a run from 1 on.
    function addSet(
        Terms memory terms,
        uint256 column_,
        uint256 codes,
        CodeSet memory set,
        uint256 weight
    ) internal pure {
        uint256 minus = Field.neg(weight);
        unchecked {
            bool open = set.missing;
            if (open) terms.kappa = Field.add(terms.kappa, weight);
            for (uint256 i; i < set.count; ++i) {
                (uint256 lo, uint256 hi) = set.run(i);
                if (open && lo > 1) add(terms, column_, 0, minus);
                if (!open || lo > 1) add(terms, column_, lo - 1, weight);
                if (hi + 1 < codes) add(terms, column_, hi, minus);
                open = false;
            }
            if (open) add(terms, column_, 0, minus);
        }
    }
}
