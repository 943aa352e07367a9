// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Transcript} from "./Transcript.sol";

/// @title A proof as words of calldata, in the order in which the transcript absorbs them
/// @notice com_N | com_v, M (2), r_1 .. r_K | L, [S] (2) | F(z), F(1/z), S(z), S(1/z) | [Q] (2), A (2), B (4), C (2),
/// and last a hint that no transcript sees: the inverse of z (z^2 - 1). Places are those of the words after r.
library Proof {
    /// The proof has another number of words than the circuit's.
    error ProofLength();

    uint256 internal constant COM_N = 0;
    uint256 internal constant COM_V = 1;
    uint256 internal constant M = 2;
    uint256 internal constant R = 4;
    /// @dev Places from here on count from the end of r.
    uint256 internal constant L = 4;
    uint256 internal constant S = 5;
    uint256 internal constant VALUES = 7;
    uint256 internal constant POINT_Q = 11;
    uint256 internal constant A = 13;
    uint256 internal constant B = 15;
    uint256 internal constant C = 19;
    uint256 internal constant HINT = 21;
    uint256 private constant WORDS = 22;

    /// @notice Refuses a list of another length.
    function check(uint256[] calldata proof, uint256 rounds) internal pure {
        if (proof.length != WORDS + rounds) revert ProofLength();
    }

    /// @notice Message 1; gives rho.
    function table(bytes32 state, uint256[] calldata proof) internal pure returns (bytes32) {
        return Transcript.absorb(state, 1, proof, COM_N, 1, none(proof));
    }

    /// @notice Message 2; gives lambda.
    function evaluations(
        bytes32 state,
        uint256[] calldata proof,
        uint256 rounds,
        uint256[] calldata cells
    ) internal pure returns (bytes32) {
        return Transcript.absorb(state, 2, proof, COM_V, 3 + rounds, cells);
    }

    /// @notice Message 3; gives z.
    function quotient(bytes32 state, uint256[] calldata proof, uint256 rounds) internal pure returns (bytes32) {
        return Transcript.absorb(state, 3, proof, L + rounds, 3, none(proof));
    }

    /// @notice Message 4; gives nu.
    function values(bytes32 state, uint256[] calldata proof, uint256 rounds) internal pure returns (bytes32) {
        return Transcript.absorb(state, 4, proof, VALUES + rounds, 4, none(proof));
    }

    /// @notice Message 5; gives chi.
    function groth16(bytes32 state, uint256[] calldata proof, uint256 rounds) internal pure returns (bytes32) {
        return Transcript.absorb(state, 5, proof, POINT_Q + rounds, 10, none(proof));
    }

    function none(uint256[] calldata list) private pure returns (uint256[] calldata) {
        return list[:0];
    }
}
