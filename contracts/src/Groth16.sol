// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Curve, Sum} from "./Curve.sol";
import {Keys} from "./Keys.sol";
import {Pairing} from "./Pairing.sol";
import {Q} from "./Field.sol";
import {Words} from "./Words.sol";

/// @title Groth16 (protocol, section 5)
/// @notice A proof is eight words of calldata: A (2), B (4), C (2). Its four pairs are the first of a product, which may
/// go on: gamma is [1]_2, so that a commitment paired with [1]_2 shares the pair of the public inputs.
library Groth16 {
    uint256 private constant B = 0x40;
    uint256 private constant C = 0xc0;

    /// @notice Refuses a proof with the identity for a point, which the precompile would take.
    function check(uint256 place) internal pure {
        Curve.check(place);
        Curve.check(place + C);
        uint256 x = Words.load(place + B) | Words.load(place + B + 0x20);
        if (x | Words.load(place + B + 0x40) | Words.load(place + B + 0x60) == 0) revert Curve.Identity();
    }

    /// @notice A sum that begins with IC_0 + sum_i input_i IC_i.
    function inputs(uint256[30] memory key, uint256[7] memory scalars) internal view returns (Sum sum) {
        sum = Curve.from(key[Keys.IC], key[Keys.IC + 1]);
        unchecked {
            uint256 place = Keys.IC;
            for (uint256 i; i < 7; ++i) {
                place += 2;
                sum.add(key[place], key[place + 1], scalars[i]);
            }
        }
    }

    /// @notice Writes the first four pairs: (-A, B), (alpha, beta), (inputs, [1]_2), (C, delta).
    /// @param third The public inputs' point, and what else is paired with [1]_2.
    function write(uint256[30] memory pairs, uint256[30] memory key, uint256 place, Sum third) internal pure {
        uint256 y = Words.load(place + 0x20);
        // Of (0, Q) this would make the identity.
        if (y >= Q) revert Pairing.NotInGroup();
        unchecked {
            (pairs[0], pairs[1]) = (Words.load(place), Q - y);
        }
        Words.copy(pairs, 2, place + B, 4);
        Words.copy(pairs, 6, key, Keys.ALPHA, 6);
        (pairs[12], pairs[13]) = third.total();
        (pairs[14], pairs[15], pairs[16], pairs[17]) =
            (Pairing.G2_X1, Pairing.G2_X0, Pairing.G2_Y1, Pairing.G2_Y0);
        Words.copy(pairs, 18, place + C, 2);
        Words.copy(pairs, 20, key, Keys.DELTA, 4);
    }
}
