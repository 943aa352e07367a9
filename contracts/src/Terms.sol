// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {CodeSet, CodeSets} from "./CodeSet.sol";
import {Field, P} from "./Field.sol";

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

    /// There are more terms than there is room for, which no statement has.
    error Full();

    /// @notice Room for so many terms.
    function empty(uint256 most) internal pure returns (Terms memory terms) {
        terms.vectors = new uint256[](most);
        terms.weights = new uint256[](most);
    }

    /// @notice Adds `weight` times a column's vector. A vector that occurs stays, also with the weight 0.
    function add(Terms memory terms, uint256 column_, uint256 place, uint256 weight) internal pure {
        uint256 vector = (column_ << 16) | place;
        (uint256[] memory vectors, uint256[] memory weights) = (terms.vectors, terms.weights);
        uint256 count = terms.count;
        bool full = count == vectors.length;
        bool found;
        // Assembly: a search and a shift by Solidity's lists compare with their lengths several times an entry. All
        // that is read or written lies among `count` entries and the one after, which is there unless `full`.
        assembly ("memory-safe") {
            let i := shl(5, count)
            for {} and(gt(i, 0), gt(mload(add(vectors, i)), vector)) {} { i := sub(i, 0x20) }
            found := and(gt(i, 0), eq(mload(add(vectors, i)), vector))
            switch found
            case 1 { mstore(add(weights, i), addmod(mload(add(weights, i)), weight, P)) }
            default {
                if iszero(full) {
                    let rest := sub(shl(5, count), i)
                    i := add(i, 0x20)
                    mcopy(add(vectors, add(i, 0x20)), add(vectors, i), rest)
                    mcopy(add(weights, add(i, 0x20)), add(weights, i), rest)
                    mstore(add(vectors, i), vector)
                    mstore(add(weights, i), weight)
                }
            }
        }
        if (found) return;
        if (full) revert Full();
        unchecked {
            terms.count = count + 1;
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
