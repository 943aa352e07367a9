// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Field} from "../src/Field.sol";
import {Groth16} from "../src/Groth16.sol";
import {KeyBytes, Keys} from "../src/Keys.sol";
import {Pairing} from "../src/Pairing.sol";

/// @title The part of NectarVerifier that verifies Groth16 proofs, alone
/// @notice Exists to be measured beside verifiers that other tools export. It is never deployed: a proof of the release
/// circuit says nothing without the transcript and the opening that its inputs come from.
contract Groth16Only {
    address private immutable code;

    constructor(KeyBytes memory keys) {
        code = Keys.store(keys);
    }

    /// @notice Whether A, B, C prove what the circuit says of the public inputs.
    function verify(uint256[8] calldata proof, uint256[7] calldata inputs) external view returns (bool) {
        uint256 place;
        // Assembly: the place of a list in calldata has no other name.
        assembly ("memory-safe") {
            place := proof
        }
        Groth16.check(place);
        uint256[7] memory scalars = inputs;
        for (uint256 i; i < 7; ++i) {
            Field.check(scalars[i]);
        }
        uint256[30] memory key = Keys.load(code);
        uint256[30] memory pairs;
        Groth16.write(pairs, key, place, Groth16.inputs(key, scalars));
        return Pairing.isOne(pairs, 4);
    }
}
