// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {Words} from "./Words.sol";

/// @dev A place in calldata that is read from.
struct Reader {
    uint256 place;
}

/// @title Strict reading of ABI bytes
/// @notice The canonical encoding is read word by word from its start to its end, offsets included, so that bytes with
/// gaps, overlaps or leftovers are refused: what is hashed is what was understood.
library Reading {
    /// The query's bytes are not its one encoding.
    error QueryEncoding();
    /// The query passes a limit of section 9.
    error QueryLimit();

    /// @notice The next word.
    function word(Reader memory r) internal pure returns (uint256 value) {
        value = Words.load(r.place);
        unchecked {
            r.place += 32;
        }
    }

    /// @notice The next word, which has to be below a bound.
    function below(Reader memory r, uint256 bound) internal pure returns (uint256 value) {
        value = word(r);
        if (value >= bound) revert QueryEncoding();
    }

    /// @notice The next word, an offset that counts from `start`, and has to lead to `place`.
    function offset(Reader memory r, uint256 start, uint256 place) internal pure {
        unchecked {
            if (word(r) != place - start) revert QueryEncoding();
        }
    }

    /// @notice The length of a list.
    function length(Reader memory r, uint256 most) internal pure returns (uint256 count) {
        count = word(r);
        if (count > most) revert QueryLimit();
    }

    /// @notice Begins a list of `count` items of dynamic size: skips their offsets, and gives the first one's place.
    function items(Reader memory r, uint256 count) internal pure returns (uint256 offsets) {
        offsets = r.place;
        unchecked {
            r.place += 32 * count;
        }
    }

    /// @notice Checks that item `i` of a list begins here.
    function begins(Reader memory r, uint256 offsets, uint256 i) internal pure {
        unchecked {
            if (Words.load(offsets + 32 * i) != r.place - offsets) revert QueryEncoding();
        }
    }

    /// @notice Skips bytes, which are padded with zeros to whole words.
    function skip(Reader memory r, uint256 count) internal pure {
        unchecked {
            r.place += (count + 31) & ~uint256(31);
            uint256 rest = count & 31;
            if (rest > 0 && Words.load(r.place - 32) << (8 * rest) != 0) revert QueryEncoding();
        }
    }
}
