// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @title Products of pairings
/// @notice The precompile refuses points that are not in their groups, those of G2 outside the subgroup of order P
/// included. G2 points are x.c1, x.c0, y.c1, y.c0.
library Pairing {
    /// A point of the product is not in its group, or its coordinates are not canonical.
    error NotInGroup();

    /// @dev The generator of G2.
    uint256 internal constant G2_X1 = 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 internal constant G2_X0 = 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;
    uint256 internal constant G2_Y1 = 0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b;
    uint256 internal constant G2_Y0 = 0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa;

    /// @notice Sets a pair of a product.
    function set(uint256[30] memory pairs, uint256 i, uint256 x, uint256 y, uint256[4] memory point) internal pure {
        i *= 6;
        (pairs[i], pairs[i + 1]) = (x, y);
        (pairs[i + 2], pairs[i + 3], pairs[i + 4], pairs[i + 5]) = (point[0], point[1], point[2], point[3]);
    }

    /// @notice Whether the product of the first `count` pairs, at most five, is 1. The list is overwritten.
    function isOne(uint256[30] memory pairs, uint256 count) internal view returns (bool one) {
        bool ok;
        // Assembly: the precompile is called with bare words, six a pair.
        assembly ("memory-safe") {
            ok := staticcall(gas(), 8, pairs, mul(count, 0xc0), pairs, 0x20)
            one := mload(pairs)
        }
        if (!ok) revert NotInGroup();
    }
}
