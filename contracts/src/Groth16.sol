// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Curve, Sum} from "./Curve.sol";
import {Keys} from "./Keys.sol";
import {Pairing} from "./Pairing.sol";
import {Proof} from "./Proof.sol";
import {Q} from "./Field.sol";
import {Words} from "./Words.sol";

/// @title Groth16 (protocol, section 5), in one product with an opening that was weighted by chi
library Groth16 {
    /// The product is not 1: what the circuit says does not hold, or the opening's values are not those of the
    /// commitments.
    error Pairings();

    /// @notice Adds IC_0 + sum_i input_i IC_i.
    function addInputs(Sum sum, uint256[34] memory key, uint256[7] memory inputs) internal view {
        sum.take(key[Keys.IC], key[Keys.IC + 1]);
        sum.add();
        unchecked {
            uint256 place = Keys.IC;
            for (uint256 i; i < 7; ++i) {
                place += 2;
                sum.add(key[place], key[place + 1], inputs[i]);
            }
        }
    }

    /// @notice Checks e(-A, B) e(alpha, beta) e(P_0 + inputs, [1]_2) e(C, delta) e(P_1, [tau]_2) e(P_2, [tau^2]_2) = 1,
    /// where each P is weighted by chi: unweighted, a residual of one equation could cancel one of the other.
    /// @param first P_0 plus the public inputs' points; gamma is [1]_2.
    /// @param second P_1.
    /// @param third P_2.
    function check(
        uint256[34] memory key,
        uint256[] calldata proof,
        uint256 rounds,
        Sum first,
        Sum second,
        Sum third
    ) internal view {
        uint256[36] memory pairs;
        unchecked {
            (uint256 a, uint256 c) = (Proof.A + rounds, Proof.C + rounds);
            uint256 y = Words.get(proof, a + 1);
            // Of (0, Q) this would make the identity.
            if (y >= Q) revert Pairing.NotInGroup();
            (pairs[0], pairs[1]) = (Words.get(proof, a), Q - y);
            copy(pairs, 6, key, Keys.ALPHA, 6);
            copy(pairs, 20, key, Keys.DELTA, 4);
            copy(pairs, 26, key, Keys.TAU, 4);
            copy(pairs, 32, key, Keys.TAU2, 4);
            for (uint256 i; i < 4; ++i) {
                pairs[2 + i] = Words.get(proof, Proof.B + rounds + i);
            }
            (pairs[12], pairs[13]) = first.total();
            (pairs[14], pairs[15], pairs[16], pairs[17]) =
                (Pairing.G2_X1, Pairing.G2_X0, Pairing.G2_Y1, Pairing.G2_Y0);
            (pairs[18], pairs[19]) = (Words.get(proof, c), Words.get(proof, c + 1));
            (pairs[24], pairs[25]) = second.total();
            (pairs[30], pairs[31]) = third.total();
        }
        if (!Pairing.isOne(pairs)) revert Pairings();
    }

    /// @dev Copies `count` words of the key to the pairs, at places that are constants within both.
    function copy(
        uint256[36] memory pairs,
        uint256 to,
        uint256[34] memory key,
        uint256 from,
        uint256 count
    ) private pure {
        // Assembly: Solidity copies no part of a list at once.
        assembly ("memory-safe") {
            mcopy(add(pairs, shl(5, to)), add(key, shl(5, from)), shl(5, count))
        }
    }
}
