// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @notice Binds a column's codebook; texts by their hashes (protocol, section 2).
struct ColumnDescriptor {
    uint8 kind;
    uint16 codes;
    int64 min;
    int64 step;
    uint8 scale;
    bytes32 name;
    bytes32 unit;
    bytes32 labels;
    bytes32 purpose;
}

/// @notice A column opened under the columns root, by its place in the schema.
struct OpenedColumn {
    uint16 index;
    ColumnDescriptor descriptor;
}

/// @title Columns and the vectors committed for them (protocol, sections 1 and 2)
/// @notice Codebooks are judged whole, texts included, by whoever accepts a root; what is read here is judged again.
library Column {
    /// The query names a column that is not opened.
    error UnknownColumn(uint256 index);
    /// A column has fewer than 2 or more than 4096 codes.
    error Codes(uint256 index);
    /// The consent column is none, or that of another purpose.
    error ConsentColumn();
    /// The date lies outside the periods for which consent is recorded. It is refused, never clamped: period 0 would
    /// admit everybody who withdrew.
    error ConsentPeriod();

    uint256 private constant NUMBER = 1;
    uint256 private constant CONSENT = 4;
    /// @dev keccak256 of nothing, and of abi.encode of no hashes.
    bytes32 private constant NO_TEXT = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;
    bytes32 private constant NO_LABELS = 0x569e75fc77c1a856f6daaf9e69d8a9566ca34aa47f9133711ce065a571af0cfd;
    /// @dev 1970-03-01 counted in days from 0000-03-01, where years of 365.2425 days begin.
    int256 private constant EPOCH = 719468;

    /// @notice The column at a place of the schema.
    function find(
        OpenedColumn[] calldata columns,
        uint256 index
    ) internal pure returns (ColumnDescriptor calldata d) {
        bool found;
        // Assembly: columns are looked up some twenty times, and Solidity checks and cleans each index it passes. A word
        // that is no index is found by none.
        assembly ("memory-safe") {
            let place := columns.offset
            for { let end := add(place, mul(columns.length, 320)) } lt(place, end) { place := add(place, 320) } {
                if eq(calldataload(place), index) {
                    found := 1
                    break
                }
            }
            d := add(place, 0x20)
        }
        if (!found) revert UnknownColumn(index);
        uint256 codes = d.codes;
        if (codes < 2 || codes > 4096) revert Codes(index);
    }

    /// @notice Whether sums of the column may be asked for.
    function isNumber(ColumnDescriptor calldata d) internal pure returns (bool) {
        return d.kind == NUMBER;
    }

    /// @notice Whether a literal or an axis may name the column: not one of consent (4) or tags (5).
    function isQueryable(ColumnDescriptor calldata d) internal pure returns (bool) {
        return d.kind < CONSENT;
    }

    /// @notice The digest that the column's node binds. In calldata, where a zero costs a quarter, one stands for the
    /// hash of no unit, no labels or no purpose; what is hashed are the hashes.
    function digest(ColumnDescriptor calldata d) internal pure returns (bytes32 hash) {
        // Assembly: abi.encode would clean all nine words again; bytes that are no descriptor lead to no accepted root.
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, d, 288)
            if iszero(mload(add(start, 192))) { mstore(add(start, 192), NO_TEXT) }
            if iszero(mload(add(start, 224))) { mstore(add(start, 224), NO_LABELS) }
            if iszero(mload(add(start, 256))) { mstore(add(start, 256), NO_TEXT) }
            hash := keccak256(start, 288)
        }
    }

    /// @notice The place of X among a number column's vectors: after T - 1 index vectors and the binary digits. X2 is
    /// next. (The place of A_t is t - 1.)
    function sums(uint256 codes) internal pure returns (uint256 place) {
        unchecked {
            place = codes - 1;
            uint256 last = place;
            if (last > 63) (place, last) = (place + 6, last >> 6);
            for (; last > 0; last >>= 1) ++place;
        }
    }

    /// @notice The number of committed vectors.
    function vectors(ColumnDescriptor calldata d) internal pure returns (uint256) {
        unchecked {
            return sums(d.codes) + (isNumber(d) ? 2 : 0);
        }
    }

    /// @notice The least code that covers a day in the consent column of a purpose.
    function consentCode(ColumnDescriptor calldata d, bytes32 purpose, int256 day) internal pure returns (uint256) {
        // Zero stands for no purpose, and is the hash of none.
        if (d.kind != CONSENT || d.purpose != purpose || purpose == 0) revert ConsentColumn();
        unchecked {
            int256 code = month(day) - d.min + 1;
            if (code < 1 || code >= int256(uint256(d.codes))) revert ConsentPeriod();
            return uint256(code);
        }
    }

    /// @notice The month period of a day: 12 * year + month - 1 in the proleptic Gregorian calendar.
    function month(int256 day) internal pure returns (int256) {
        unchecked {
            // Eras of 400 years keep every division that follows among numbers of one sign.
            day += EPOCH;
            int256 era = (day >= 0 ? day : day - 146096) / 146097;
            int256 dayOfEra = day - era * 146097;
            int256 year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
            int256 dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100);
            // Months from March on have 153 days in five.
            return 12 * (year + era * 400) + (5 * dayOfYear + 2) / 153 + 2;
        }
    }
}
