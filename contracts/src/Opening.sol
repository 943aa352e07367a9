// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Field, P} from "./Field.sol";
import {Keys} from "./Keys.sol";
import {Sum} from "./Curve.sol";
import {Words} from "./Words.sol";

/// @title The opening (protocol, section 5)
library Opening {
    /// The opening's identity does not hold at z: the claimed inner product or a value is wrong.
    error OpeningIdentity();
    /// The hint is not the inverse of z (z^2 - 1).
    error InverseHint();

    /// @notice The inverses of z and of z - 1/z, from the one of z (z^2 - 1).
    function inverses(uint256 z, uint256 hint) internal pure returns (uint256 ofZ, uint256 ofDifference) {
        Field.check(hint);
        uint256 square = Field.mul(z, z);
        ofZ = Field.mul(hint, Field.sub(square, 1));
        if (Field.mul(ofZ, z) != 1) revert InverseHint();
        ofDifference = Field.mul(hint, square);
    }

    /// @notice e(x) = prod_j ((1 - r_j) + r_j x^(2^j)) for two x, over `count` words of calldata from a place on.
    function eqPolynomial(
        uint256 place,
        uint256 count,
        uint256 x,
        uint256 y
    ) internal pure returns (uint256 ofX, uint256 ofY) {
        (ofX, ofY) = (1, 1);
        unchecked {
            for (uint256 end = place + 32 * count; place < end; place += 32) {
                uint256 coordinate = Words.load(place);
                ofX = mulmod(ofX, 1 + mulmod(coordinate, x + (P - 1), P), P);
                ofY = mulmod(ofY, 1 + mulmod(coordinate, y + (P - 1), P), P);
                (x, y) = (mulmod(x, x, P), mulmod(y, y, P));
            }
        }
    }

    /// @notice Writes the fifth pair of a product: (P_1, [tau]_2). P_0 is with the public inputs.
    function write(uint256[30] memory pairs, uint256[30] memory key, Sum second) internal pure {
        (pairs[24], pairs[25]) = second.total();
        Words.copy(pairs, 26, key, Keys.TAU, 4);
    }

    /// @notice eq_i of `count` words of calldata from a place on, times `scale`, for all i below 2^count.
    function eqTable(uint256 place, uint256 count, uint256 scale) internal pure returns (uint256[] memory table) {
        unchecked {
            table = new uint256[](1 << count);
            table[0] = scale;
            for (uint256 j; j < count; ++j) {
                uint256 coordinate = Words.load(place + 32 * j);
                // Assembly: Solidity compares with the length for each of four accesses. Entries below 2^(j + 1), at most
                // 2^count, are read and written.
                assembly ("memory-safe") {
                    let size := shl(add(j, 5), 1)
                    let end := add(add(table, 0x20), size)
                    for { let i := add(table, 0x20) } lt(i, end) { i := add(i, 0x20) } {
                        let high := mulmod(mload(i), coordinate, P)
                        mstore(add(i, size), high)
                        mstore(i, addmod(mload(i), sub(P, high), P))
                    }
                }
            }
        }
    }

    /// @notice prod_j (1 - r_j) over words of calldata from one place to another: the weight of 0 in every bit.
    function zeros(uint256 place, uint256 end) internal pure returns (uint256 product) {
        product = 1;
        unchecked {
            for (; place < end; place += 32) {
                product = mulmod(product, 1 + P - Words.load(place), P);
            }
        }
    }

    /// @notice The multilinear extension of `rows` ones followed by zeros, at `count` words of calldata from a place on.
    /// Down the bits of `rows`, every index that agrees above a 1 and has 0 there counts.
    function prefix(uint256 place, uint256 count, uint256 rows) internal pure returns (uint256 sum) {
        if (rows >> count > 0) return 1;
        uint256 weight = 1;
        unchecked {
            // Below the last 1 nothing is added.
            while (rows << (256 - count) != 0) {
                --count;
                uint256 coordinate = Words.load(place + 32 * count);
                uint256 low = mulmod(weight, 1 + P - coordinate, P);
                if ((rows >> count) & 1 == 0) {
                    weight = low;
                } else {
                    sum = addmod(sum, low, P);
                    weight = mulmod(weight, coordinate, P);
                }
            }
        }
    }
}
