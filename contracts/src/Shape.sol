// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @notice A size of the release circuit: 0 compact, 1 wide.
struct Shape {
    uint256 id;
    /// K: coordinates of the sumcheck's point.
    uint256 rounds;
    uint256 literals;
    uint256 cells;
}

/// @title The two sizes of the release circuit (protocol, section 3)
library Shapes {
    /// There are two shapes.
    error UnknownShape();

    /// @notice The shape of an id.
    function get(uint256 id) internal pure returns (Shape memory) {
        if (id == 0) return Shape(0, 24, 4, 64);
        if (id == 1) return Shape(1, 26, 12, 256);
        revert UnknownShape();
    }
}
