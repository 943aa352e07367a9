// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @notice The fixed-size part of a snapshot header (protocol, section 2).
struct Core {
    uint16 version;
    bytes32 dataset;
    uint64 sequence;
    bytes32 parent;
    int64 asOf;
    int16 utcOffset;
    uint8 lag;
    address custodian;
    uint32 rows;
    uint8 segmentBits;
    uint16 columns;
    bytes32 purposes;
    uint32 k;
    uint8 base;
    bool midpoint;
    bool zeros;
    uint8 wMax;
    bytes32 srs;
    bytes32 compactKey;
    bytes32 wideKey;
}

/// @notice A purpose and the place of the column that holds its consent.
struct PurposeColumn {
    bytes32 purpose;
    uint16 column;
}

/// @notice How the rows of a snapshot are cut.
struct Size {
    uint256 rows;
    /// s: a segment has 2^s rows.
    uint256 segmentBits;
    uint256 segments;
    /// m: row variables of the sumcheck, the least number from s on with room for all segments.
    uint256 bits;
}

/// @title Snapshot headers (protocol, sections 1, 2 and 6)
library Header {
    /// The format version is not 1.
    error Version();
    /// A field is outside its range.
    error Range();
    /// The first snapshot alone has no parent.
    error Parent();
    /// The disclosure policy breaks a rule of section 6.
    error InvalidPolicy();
    /// The purpose map is not the one the header binds.
    error Purposes();
    /// The dataset knows no consent for the purpose.
    error UnknownPurpose();

    /// @notice Checks the rules of section 1.
    function check(Core calldata core) internal pure {
        if (core.version != 1) revert Version();
        bool rows = core.rows >= 1 && core.rows <= 1 << 26;
        bool segments_ = core.segmentBits >= 4 && core.segmentBits <= 16;
        bool columns = core.columns >= 1 && core.columns <= 1024;
        bool time = core.lag <= 31 && core.utcOffset >= -1080 && core.utcOffset <= 1080;
        if (!(rows && segments_ && columns && time && core.sequence >= 1)) revert Range();
        if ((core.sequence == 1) != (core.parent == 0)) revert Parent();
        checkPolicy(core.k, core.base, core.midpoint, core.wMax);
    }

    /// @dev k begins a rounding class: released figures never say more about a small count than its class does.
    function checkPolicy(uint256 k, uint256 base, bool midpoint, uint256 wMax) private pure {
        if (base == 0 || (midpoint && base != 6) || wMax > 12 || k < 2 || k >= 1 << 27) revert InvalidPolicy();
        unchecked {
            uint256 first = midpoint ? 1 : base - base / 2;
            if (k < first || (k - first) % base != 0) revert InvalidPolicy();
        }
    }

    /// @notice The snapshot root over a core and the columns root.
    function root(Core calldata core, bytes32 columnsRoot) internal pure returns (bytes32 node) {
        // Assembly: abi.encode would clean all twenty words again; bytes that are no encoding of a core lead to no
        // accepted root.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore8(start, 2)
            calldatacopy(add(start, 1), core, 640)
            mstore(add(start, 641), columnsRoot)
            node := keccak256(start, 673)
        }
    }

    /// @notice How the rows are cut.
    function size(Core calldata core) internal pure returns (Size memory z) {
        (uint256 rows, uint256 bits) = (core.rows, core.segmentBits);
        (z.rows, z.segmentBits) = (rows, bits);
        unchecked {
            uint256 count = (rows + (1 << bits) - 1) >> bits;
            z.segments = count;
            for (uint256 width = 1; width < count; width <<= 1) ++bits;
        }
        z.bits = bits;
    }

    /// @notice The civil day of a moment, in the header's offset from UTC.
    function day(Core calldata core, int256 seconds_) internal pure returns (int256) {
        int256 local = seconds_ + int256(core.utcOffset) * 60;
        return (local >= 0 ? local : local - 86399) / 86400;
    }

    /// @notice The place of a purpose's consent column in the map that the header binds.
    function consent(
        Core calldata core,
        PurposeColumn[] calldata purposes,
        bytes32 purpose
    ) internal pure returns (uint256) {
        if (keccak256(abi.encode(purposes)) != core.purposes) revert Purposes();
        for (uint256 i; i < purposes.length; ++i) {
            if (purposes[i].purpose == purpose) return purposes[i].column;
        }
        revert UnknownPurpose();
    }
}
