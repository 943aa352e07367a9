// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Transcript} from "./Transcript.sol";
import {Words} from "./Words.sol";

/// @notice A proof as words of calldata, in the order in which the transcript absorbs them: places of its parts.
struct Proof {
    /// com_N.
    uint256 comN;
    /// com_v, M (2), and then r.
    uint256 comV;
    uint256 m;
    /// r_1 .. r_K.
    uint256 r;
    /// L, [S] (2).
    uint256 l;
    uint256 s;
    /// F(z), F(1/z), S(z), S(1/z).
    uint256 values;
    /// [Q] (2).
    uint256 q;
    /// [V] (2), and then A, B, C.
    uint256 v;
    /// A (2), B (4), C (2).
    uint256 groth16;
    /// What no transcript sees: the inverse of z (z^2 - 1).
    uint256 hint;
}

/// @title Proofs in calldata (protocol, section 4)
library Proofs {
    /// The proof has another number of words than the circuit's.
    error ProofLength();

    uint256 private constant WORDS = 24;

    /// @notice The parts of a list of words, which has to have as many as they have.
    function parts(uint256[] calldata list, uint256 rounds) internal pure returns (Proof memory p) {
        unchecked {
            if (list.length != WORDS + rounds) revert ProofLength();
            uint256 place = Words.place(list);
            (p.comN, p.comV, p.m, p.r) = (place, place + 0x20, place + 0x40, place + 0x80);
            place += 0x80 + 32 * rounds;
            (p.l, p.s, p.values) = (place, place + 0x20, place + 0x60);
            (p.q, p.v, p.groth16, p.hint) = (place + 0xe0, place + 0x120, place + 0x160, place + 0x260);
        }
    }

    /// @notice Message 1; gives rho.
    function table(bytes32 state, Proof memory p) internal pure returns (bytes32) {
        return Transcript.absorb(state, 1, p.comN, p.comV);
    }

    /// @notice Message 2; gives lambda.
    function evaluations(bytes32 state, Proof memory p, uint256[] calldata cells) internal pure returns (bytes32) {
        return Transcript.absorb(state, 2, p.comV, p.l, cells);
    }

    /// @notice Message 3; gives z.
    function symmetric(bytes32 state, Proof memory p) internal pure returns (bytes32) {
        return Transcript.absorb(state, 3, p.l, p.values);
    }

    /// @notice Message 4; gives nu.
    function values(bytes32 state, Proof memory p) internal pure returns (bytes32) {
        return Transcript.absorb(state, 4, p.values, p.q);
    }

    /// @notice Message 5; gives psi.
    function quotient(bytes32 state, Proof memory p) internal pure returns (bytes32) {
        return Transcript.absorb(state, 5, p.q, p.v);
    }

    /// @notice Message 6; gives chi.
    function groth16(bytes32 state, Proof memory p) internal pure returns (bytes32) {
        return Transcript.absorb(state, 6, p.v, p.hint);
    }
}
