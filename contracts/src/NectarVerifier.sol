// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {OpenedColumn} from "./Column.sol";
import {Core, Header, PurposeColumn} from "./Header.sol";
import {Curve, Sum} from "./Curve.sol";
import {Evaluation} from "./Evaluation.sol";
import {Field, P} from "./Field.sol";
import {Groth16} from "./Groth16.sol";
import {KeyBytes, Keys} from "./Keys.sol";
import {Opening} from "./Opening.sol";
import {Pairing} from "./Pairing.sol";
import {Proof} from "./Proof.sol";
import {Shape, Shapes} from "./Shape.sol";
import {Snapshot} from "./Snapshot.sol";
import {Statement, Statements} from "./Statement.sol";
import {Terms} from "./Terms.sol";
import {Transcript} from "./Transcript.sol";
import {Words} from "./Words.sol";

/// @notice An answer with its proof and all that leads from the snapshot's root to the commitments it reads.
struct Answer {
    Core core;
    PurposeColumn[] purposes;
    /// The columns the statement reads, rising.
    OpenedColumn[] columns;
    /// Siblings of the opened vectors of each column, then of the columns: see Merkle.
    bytes32[] siblings;
    /// The commitments: x, y for all segments of each of the statement's vectors, in manifest order.
    uint256[] points;
    /// abi(Query), as D0 hashes it.
    bytes query;
    /// The released cells that the layout uses.
    uint256[] cells;
    /// See Proof.
    uint256[] proof;
}

/// @notice The challenges of a proof.
struct Challenges {
    uint256 rho;
    uint256 lambda;
    uint256 z;
    uint256 nu;
    uint256 chi;
}

/// @title Verifies answers under one pair of keys
/// @notice Says that the released cells answer the query over the snapshot of a root, and nothing of whether that root
/// is to be believed, or of time: that is the registry's part. No owner, no state, nothing to pause.
contract NectarVerifier {
    using Statements for Statement;

    /// The header names other keys than this verifier's.
    error OtherKeys();
    /// The SRS does not serve segments of this size.
    error SegmentSize();
    /// The product is not 1: what the circuit says does not hold, or the opening's values are not those of the
    /// commitments.
    error Pairings();

    /// @notice Digest of the SRS.
    bytes32 public immutable srs;
    /// @notice Digest of the circuit's key.
    bytes32 public immutable circuitKey;
    /// @notice The circuit's shape: 0 compact, 1 wide.
    uint8 public immutable shape;
    uint256 private immutable bits;
    address private immutable code;

    constructor(KeyBytes memory keys) {
        Shapes.get(keys.shape);
        (srs, circuitKey, shape) = (Keys.srsDigest(keys), Keys.circuitDigest(keys), keys.shape);
        (bits, code) = (keys.bits, Keys.store(keys));
    }

    /// @notice Verifies an answer over the snapshot of `root`; reverts with the reason where a check fails.
    /// @return d0 The digest of the statement.
    function verify(bytes32 root, Answer calldata answer) external view returns (bytes32 d0) {
        checkKeys(answer.core);
        Header.check(answer.core);
        Shape memory shape_ = Shapes.get(shape);
        Proof.check(answer.proof, shape_.rounds);
        Statement memory s =
            Statements.compile(answer.query, answer.core, answer.purposes, answer.columns, shape_);
        d0 = Transcript.d0(circuitKey, root, answer.query);
        Challenges memory c = challenges(d0, answer, shape_.rounds);
        (Terms memory terms, uint256 power) = s.terms(answer.columns, shape_, c.rho, c.lambda);
        Snapshot.check(answer.core, root, terms, answer.columns, answer.points, answer.siblings);
        // The mask's weight; that of r_1 is next.
        power = Field.mul(power, c.lambda);
        uint256 masked = maskedEvaluation(answer, s, shape_, terms.kappa, Field.mul(power, c.lambda), c.lambda);
        (uint256 inverse, uint256 ofDifference) =
            Opening.inverses(c.z, Words.get(answer.proof, Proof.HINT + shape_.rounds));
        checkIdentity(answer, shape_.rounds, masked, c.z, inverse);
        Sum sum = Curve.empty();
        addMasked(sum, answer, shape_, terms, power, c.chi);
        checkPairings(sum, answer.proof, s, shape_.rounds, c, inverse, ofDifference);
    }

    function checkKeys(Core calldata core) private view {
        if (core.srs != srs || (shape == 0 ? core.compactKey : core.wideKey) != circuitKey) revert OtherKeys();
        if (core.segmentBits > bits) revert SegmentSize();
    }

    /// @dev Replays the transcript. Points that are no identity and scalars below P are checked here, before they are
    /// used; coordinates by the precompiles, r by the linear check.
    function challenges(
        bytes32 d0,
        Answer calldata answer,
        uint256 rounds
    ) private pure returns (Challenges memory c) {
        uint256[] calldata proof = answer.proof;
        Field.check(Words.get(proof, Proof.COM_N));
        Field.check(Words.get(proof, Proof.COM_V));
        Field.check(Words.get(proof, Proof.L + rounds));
        for (uint256 i; i < 4; ++i) {
            Field.check(Words.get(proof, Proof.VALUES + rounds + i));
        }
        checkPoint(proof, Proof.M);
        checkPoint(proof, Proof.S + rounds);
        checkPoint(proof, Proof.POINT_Q + rounds);
        Groth16.check(groth16(proof, rounds));
        bytes32 state = Proof.table(d0, proof);
        c.rho = Transcript.challenge(state);
        state = Proof.evaluations(state, proof, rounds, answer.cells);
        c.lambda = Transcript.challenge(state);
        state = Proof.quotient(state, proof, rounds);
        c.z = Transcript.challenge(state);
        state = Proof.values(state, proof, rounds);
        c.nu = Transcript.challenge(state);
        c.chi = Transcript.challenge(Proof.groth16(state, proof, rounds));
    }

    function checkPoint(uint256[] calldata proof, uint256 i) private pure {
        Curve.check(Words.get(proof, i), Words.get(proof, i + 1));
    }

    /// @dev The place of A, B and C.
    function groth16(uint256[] calldata proof, uint256 rounds) private pure returns (uint256) {
        return Words.place(proof) + 32 * (Proof.A + rounds);
    }

    /// @dev Y: what is left of L when everything public is subtracted.
    function maskedEvaluation(
        Answer calldata answer,
        Statement memory s,
        Shape memory shape_,
        uint256 kappa,
        uint256 power,
        uint256 lambda
    ) private pure returns (uint256) {
        uint256 known =
            Evaluation.publicPart(s, shape_, answer.core.zeros, answer.cells, answer.proof, lambda);
        known = Field.mul(known, power);
        uint256 present = Opening.prefix(answer.proof, Proof.R, shape_.rounds, answer.core.rows);
        known = Field.add(known, Field.mul(kappa, present));
        return Field.sub(Words.get(answer.proof, Proof.L + shape_.rounds), known);
    }

    /// @dev F(z) e(1/z) + F(1/z) e(z) = 2 Y + z S(z) + S(1/z) / z.
    function checkIdentity(
        Answer calldata answer,
        uint256 rounds,
        uint256 masked,
        uint256 z,
        uint256 inverse
    ) private pure {
        uint256[] calldata proof = answer.proof;
        uint256 low = answer.core.segmentBits;
        uint256 values = Proof.VALUES + rounds;
        uint256 left = Field.add(
            Field.mul(Words.get(proof, values), Opening.eqPolynomial(proof, Proof.R, low, inverse)),
            Field.mul(Words.get(proof, values + 1), Opening.eqPolynomial(proof, Proof.R, low, z))
        );
        uint256 right = Field.add(
            Field.mul(z, Words.get(proof, values + 2)),
            Field.mul(inverse, Words.get(proof, values + 3))
        );
        if (left != Field.add(right, Field.add(masked, masked))) revert Opening.OpeningIdentity();
    }

    /// @dev Adds chi [F], of which `power` is the mask's weight.
    function addMasked(
        Sum sum,
        Answer calldata answer,
        Shape memory shape_,
        Terms memory terms,
        uint256 power,
        uint256 chi
    ) private view {
        uint256[] memory weights = Evaluation.segmentWeights(answer.core, shape_, answer.proof, chi);
        Evaluation.addCommitments(sum, terms, weights, Header.segments(answer.core), answer.points);
        uint256[] calldata proof = answer.proof;
        sum.add(Words.get(proof, Proof.M), Words.get(proof, Proof.M + 1), Field.mul(chi, power));
    }

    /// @dev With g = F(z) + nu S(z), g' at 1/z, c_1 = (g - g') / (z - 1/z) and c_0 = g - c_1 z, all weighted by chi:
    /// P_0 = [F] + nu [S] - c_0 [1]_1 - [Q], P_1 = (z + 1/z) [Q] - c_1 [1]_1, P_2 = -[Q]. `first` holds chi [F].
    /// Unweighted, a residual of this equation could cancel one of Groth16's, which is in the same product.
    function checkPairings(
        Sum first,
        uint256[] calldata proof,
        Statement memory s,
        uint256 rounds,
        Challenges memory c,
        uint256 inverse,
        uint256 ofDifference
    ) private view {
        (Sum second, Sum third) = (Curve.empty(), Curve.empty());
        {
            uint256 values = Proof.VALUES + rounds;
            uint256 g = Field.add(Words.get(proof, values), Field.mul(c.nu, Words.get(proof, values + 2)));
            uint256 other = Field.add(Words.get(proof, values + 1), Field.mul(c.nu, Words.get(proof, values + 3)));
            uint256 slope = Field.mul(Field.sub(g, other), ofDifference);
            uint256 constant_ = Field.sub(g, Field.mul(slope, c.z));
            second.add(1, 2, Field.neg(Field.mul(c.chi, slope)));
            first.add(1, 2, Field.neg(Field.mul(c.chi, constant_)));
        }
        (uint256 x, uint256 y) = (Words.get(proof, Proof.POINT_Q + rounds), Words.get(proof, Proof.POINT_Q + rounds + 1));
        second.add(x, y, Field.mul(c.chi, Field.add(c.z, inverse)));
        third.add(x, y, Field.neg(c.chi));
        (x, y) = third.total();
        first.take(x, y);
        first.add();
        uint256 place = Proof.S + rounds;
        first.add(Words.get(proof, place), Words.get(proof, place + 1), Field.mul(c.chi, c.nu));
        uint256[34] memory key = Keys.load(code);
        uint256[7] memory inputs = [
            c.rho,
            Words.get(proof, Proof.COM_N),
            Words.get(proof, Proof.COM_V),
            c.lambda,
            Words.get(proof, Proof.L + rounds),
            s.flags,
            s.policy
        ];
        Groth16.addInputs(first, key, inputs);
        uint256[36] memory pairs;
        Groth16.write(pairs, key, groth16(proof, rounds), first);
        Opening.write(pairs, key, second, third);
        if (!Pairing.isOne(pairs, 6)) revert Pairings();
    }
}
