// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Q} from "./Field.sol";
import {Words} from "./Words.sol";

/// @dev A running sum of multiples of points: the address of seven words of memory, which hold the sum (x, y), the
/// term in hand (x, y), and what is added to it or multiplies it.
type Sum is uint256;

using Curve for Sum global;

/// @title Points of G1
/// @notice Sums by the precompiles, which refuse coordinates at or above Q and points off the curve. They accept the
/// identity, written (0, 0), where this protocol does not: see `check`.
library Curve {
    /// A point is the identity.
    error Identity();
    /// A point is not on the curve, or its coordinates are not canonical.
    error NotOnCurve();

    uint256 private constant SUM_BYTES = 0xe0;

    /// @notice Refuses the identity.
    function check(uint256 x, uint256 y) internal pure {
        if (x | y == 0) revert Identity();
    }

    /// @notice Refuses the identity at a place in calldata.
    function check(uint256 place) internal pure {
        check(Words.load(place), Words.load(place + 0x20));
    }

    /// @notice A sum that begins with a point.
    function from(uint256 x, uint256 y) internal pure returns (Sum sum) {
        // Assembly: the precompiles want sum, term and scalar in adjacent words, which no Solidity type promises.
        assembly ("memory-safe") {
            sum := mload(0x40)
            mstore(0x40, add(sum, SUM_BYTES))
            mstore(sum, x)
            mstore(add(sum, 0x20), y)
        }
    }

    /// @notice A sum that begins with `scalar` times the point at a place in calldata.
    function multiple(uint256 place, uint256 scalar) internal view returns (Sum sum) {
        bool ok;
        // Assembly: as above; so below.
        assembly ("memory-safe") {
            sum := mload(0x40)
            mstore(0x40, add(sum, SUM_BYTES))
            calldatacopy(sum, place, 0x40)
            mstore(add(sum, 0x40), scalar)
            ok := staticcall(gas(), 7, sum, 0x60, sum, 0x40)
        }
        if (!ok) revert NotOnCurve();
    }

    /// @notice Takes a point in hand.
    function take(Sum sum, uint256 x, uint256 y) internal pure {
        assembly ("memory-safe") {
            mstore(add(sum, 0x40), x)
            mstore(add(sum, 0x60), y)
        }
    }

    /// @notice Takes the point at a place in calldata in hand.
    function take(Sum sum, uint256 place) internal pure {
        assembly ("memory-safe") {
            calldatacopy(add(sum, 0x40), place, 0x40)
        }
    }

    /// @notice Adds the point at a place in calldata, or its negative, to the one in hand.
    function join(Sum sum, uint256 place, bool negative) internal view {
        bool ok;
        assembly ("memory-safe") {
            calldatacopy(add(sum, 0x80), place, 0x40)
            ok := 1
            if negative {
                // Above Q this wraps to what the precompile refuses. No point has y = 0, and of (0, Q) this would make
                // the identity.
                let y := sub(Q, mload(add(sum, 0xa0)))
                mstore(add(sum, 0xa0), y)
                ok := gt(y, 0)
            }
            ok := and(ok, staticcall(gas(), 6, add(sum, 0x40), 0x80, add(sum, 0x40), 0x40))
        }
        if (!ok) revert NotOnCurve();
    }

    /// @notice Adds `scalar` times the point in hand to the sum; the product stays in hand.
    function add(Sum sum, uint256 scalar) internal view {
        bool ok;
        assembly ("memory-safe") {
            let product := add(sum, 0x40)
            mstore(add(sum, 0x80), scalar)
            ok := staticcall(gas(), 7, product, 0x60, product, 0x40)
            ok := and(ok, staticcall(gas(), 6, sum, 0x80, sum, 0x40))
        }
        if (!ok) revert NotOnCurve();
    }

    /// @notice Adds `scalar` times a point.
    function add(Sum sum, uint256 x, uint256 y, uint256 scalar) internal view {
        take(sum, x, y);
        add(sum, scalar);
    }

    /// @notice Adds `scalar` times the point at a place in calldata.
    function add(Sum sum, uint256 place, uint256 scalar) internal view {
        take(sum, place);
        add(sum, scalar);
    }

    /// @notice The sum so far.
    function total(Sum sum) internal pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            x := mload(sum)
            y := mload(add(sum, 0x20))
        }
    }
}
