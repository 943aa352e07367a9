// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Curve, Sum} from "./Curve.sol";
import {Q} from "./Field.sol";
import {Pairing} from "./Pairing.sol";

/// @notice A contract whose code is a key: code is read far cheaper than storage.
contract KeyCode {
    constructor(uint256[30] memory key) {
        bytes memory code = abi.encodePacked(bytes1(0x00), key);
        // Assembly: only a return of its own lets a constructor decide what the code is. The code begins with STOP, so
        // that a call has no effect.
        assembly ("memory-safe") {
            return(add(code, 32), mload(code))
        }
    }
}

/// @notice The keys one verifier verifies under, as bytes of section 9 have them.
struct KeyBytes {
    /// Digest of the powers in G1.
    bytes32 powers;
    /// The SRS serves segments of up to 2^bits rows.
    uint8 bits;
    /// [tau]_1, [tau]_2.
    uint256[6] srs;
    /// 0 compact, 1 wide.
    uint8 shape;
    /// alpha, beta, gamma, delta, IC_0 .. IC_7.
    uint256[30] circuit;
}

/// @title Keys (protocol, section 9)
/// @notice A verifier keeps alpha (2 words), beta, delta (4 each), IC_0 .. IC_7 (16) and [tau]_2 (4).
/// Its gamma is the generator of G2, as in every key of a phase-2 ceremony, so that the first pair of the opening and
/// that of the public inputs are one.
library Keys {
    /// gamma is not the generator of G2.
    error Gamma();
    /// delta is the generator or its negative: nobody contributed to phase 2, and proofs can be forged.
    error NoContribution();
    /// The SRS has no range for segments of 2^4 to 2^16 rows.
    error PowerRange();
    /// The powers are not powers of one secret other than 0, 1 and -1.
    error Inconsistent();

    uint256 internal constant ALPHA = 0;
    uint256 internal constant BETA = 2;
    uint256 internal constant DELTA = 6;
    uint256 internal constant IC = 10;
    uint256 internal constant TAU = 26;

    /// @notice The digest by which headers name an SRS.
    function srsDigest(KeyBytes memory k) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("nectar/v1/srs", k.powers, k.bits, k.srs));
    }

    /// @notice The digest by which headers name a circuit's key.
    function circuitDigest(KeyBytes memory k) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("nectar/v1/circuit-key", k.shape, k.circuit));
    }

    /// @notice Checks keys and writes them into a contract's code.
    function store(KeyBytes memory k) internal returns (address) {
        checkSrs(k);
        checkCircuit(k.circuit);
        uint256[30] memory key;
        for (uint256 i; i < 6; ++i) {
            key[ALPHA + i] = k.circuit[i];
        }
        for (uint256 i; i < 20; ++i) {
            key[DELTA + i] = k.circuit[10 + i];
        }
        for (uint256 i; i < 4; ++i) {
            key[TAU + i] = k.srs[2 + i];
        }
        return address(new KeyCode(key));
    }

    /// @notice Reads what `store` wrote.
    function load(address code) internal view returns (uint256[30] memory key) {
        // Assembly: `code.code` would copy to bytes, and a second time to words.
        assembly ("memory-safe") {
            extcodecopy(code, key, 1, 0x3c0)
        }
    }

    /// @dev e([tau]_1, [1]_2) = e([1]_1, [tau]_2); the precompile sees to it that both are points.
    function checkSrs(KeyBytes memory k) private view {
        if (k.bits < 4 || k.bits > 16) revert PowerRange();
        uint256[6] memory s = k.srs;
        bool trivial = s[0] == 0 || (s[0] == 1 && (s[1] == 2 || s[1] == Q - 2));
        uint256[4] memory one = [Pairing.G2_X1, Pairing.G2_X0, Pairing.G2_Y1, Pairing.G2_Y0];
        uint256[4] memory tau = [s[2], s[3], s[4], s[5]];
        uint256[30] memory pairs;
        Pairing.set(pairs, 0, s[0], s[1], one);
        Pairing.set(pairs, 1, 1, Q - 2, tau);
        if (trivial || !Pairing.isOne(pairs, 2)) revert Inconsistent();
    }

    function checkCircuit(uint256[30] memory c) private view {
        if (!isGenerator(c, 6)) revert Gamma();
        if (isGeneratorX(c, 10)) revert NoContribution();
        checkG2(c, 2);
        checkG2(c, 10);
        checkG1(c, 0);
        for (uint256 i = 14; i < 30; i += 2) {
            checkG1(c, i);
        }
    }

    function isGenerator(uint256[30] memory c, uint256 i) private pure returns (bool) {
        return isGeneratorX(c, i) && c[i + 2] == Pairing.G2_Y1 && c[i + 3] == Pairing.G2_Y0;
    }

    /// @dev Whether a point is the generator of G2 or its negative: no other point has the same x.
    function isGeneratorX(uint256[30] memory c, uint256 i) private pure returns (bool) {
        return c[i] == Pairing.G2_X1 && c[i + 1] == Pairing.G2_X0;
    }

    function checkG1(uint256[30] memory c, uint256 i) private view {
        Curve.check(c[i], c[i + 1]);
        Curve.from(0, 0).add(c[i], c[i + 1], 1);
    }

    /// @dev e([1]_1, x) e(-[1]_1, x) is 1 for every point x of the group, and refused for all else.
    function checkG2(uint256[30] memory c, uint256 i) private view {
        if (c[i] | c[i + 1] | c[i + 2] | c[i + 3] == 0) revert Curve.Identity();
        uint256[4] memory point = [c[i], c[i + 1], c[i + 2], c[i + 3]];
        uint256[30] memory pairs;
        Pairing.set(pairs, 0, 1, 2, point);
        Pairing.set(pairs, 1, 1, Q - 2, point);
        assert(Pairing.isOne(pairs, 2));
    }
}
