// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @dev Order of BN254's groups: the modulus of scalars.
uint256 constant P = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
/// @dev Order of the field that coordinates are in.
uint256 constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

/// @title Scalars
/// @notice Arithmetic modulo P. Arguments are below P unless a function says otherwise.
library Field {
    /// A scalar at or above P: arithmetic would reduce it silently.
    error NotCanonical();

    /// @notice Refuses a scalar at or above P.
    function check(uint256 x) internal pure {
        if (x >= P) revert NotCanonical();
    }

    function add(uint256 x, uint256 y) internal pure returns (uint256) {
        return addmod(x, y, P);
    }

    function sub(uint256 x, uint256 y) internal pure returns (uint256) {
        unchecked {
            return addmod(x, P - y, P);
        }
    }

    function mul(uint256 x, uint256 y) internal pure returns (uint256) {
        return mulmod(x, y, P);
    }

    /// @notice -x, and 0 for 0.
    function neg(uint256 x) internal pure returns (uint256) {
        return sub(0, x);
    }

    /// @notice x to a small exponent.
    function power(uint256 x, uint256 exponent) internal pure returns (uint256 result) {
        result = 1;
        for (; exponent > 0; exponent >>= 1) {
            if (exponent & 1 == 1) result = mul(result, x);
            x = mul(x, x);
        }
    }
}
