// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// @title Attestations (protocol, section 9)
/// @notice An attestor's word that the manifest under a root is well formed: trust, not proof.
library Attestation {
    /// The signature is malformed, or by nobody whose word is accepted.
    error Attestor();

    /// @notice Who signed a root: 65 bytes r | s | v over keccak256("nectar/v1/attestation" | root), v
    /// 0 or 1, or 27 more. Another signature can be made of one; nothing hangs on there being one only.
    function signer(bytes32 root, bytes calldata signature) internal pure returns (address who) {
        if (signature.length != 65) revert Attestor();
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        uint8 v = uint8(signature[64]);
        if (v < 27) v += 27;
        who = ecrecover(keccak256(abi.encodePacked("nectar/v1/attestation", root)), v, r, s);
        if (who == address(0)) revert Attestor();
    }
}
