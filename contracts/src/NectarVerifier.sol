// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

import {OpenedColumn} from "./Column.sol";
import {Core, Header, PurposeColumn, Size} from "./Header.sol";
import {Curve, Sum} from "./Curve.sol";
import {Evaluation} from "./Evaluation.sol";
import {Field} from "./Field.sol";
import {Groth16} from "./Groth16.sol";
import {KeyBytes, Keys} from "./Keys.sol";
import {Opening} from "./Opening.sol";
import {Pairing} from "./Pairing.sol";
import {Proof, Proofs} from "./Proof.sol";
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
    uint256 psi;
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
        (srs, circuitKey) = (Keys.srsDigest(keys), Keys.circuitDigest(keys));
        shape = uint8(Shapes.get(keys.shape).id);
        (bits, code) = (keys.bits, Keys.store(keys));
    }

    /// @notice Verifies an answer over the snapshot of `root`; reverts with the reason where a check fails.
    /// @return d0 The digest of the statement.
    function verify(bytes32 root, Answer calldata answer) external view returns (bytes32 d0) {
        checkKeys(answer.core);
        Header.check(answer.core);
        Size memory size = Header.size(answer.core);
        Shape memory shape_ = Shapes.get(shape);
        Proof memory proof = Proofs.parts(answer.proof, shape_.rounds);
        // Each list is looked up once: Solidity finds and checks offset and length again wherever a field is named.
        OpenedColumn[] calldata columns = answer.columns;
        uint256[] calldata points = answer.points;
        uint256[] calldata cells = answer.cells;
        bytes calldata query = answer.query;
        Statement memory s =
            Statements.compile(query, answer.core, answer.purposes, columns, shape_, size.bits);
        d0 = Transcript.d0(circuitKey, root, query);
        Challenges memory c = challenges(d0, proof, cells);
        (Terms memory terms, uint256 power) = s.terms(columns, shape_, c.rho, c.lambda);
        Snapshot.check(answer.core, size.segments, root, terms, columns, points, answer.siblings);
        // The mask's weight; that of r_1 is next.
        power = Field.mul(power, c.lambda);
        uint256 known = Field.mul(
            Field.mul(power, c.lambda),
            Evaluation.publicPart(s, shape_, answer.core.zeros, cells, proof.r, c.lambda)
        );
        // Weight of the indices below 2^m among all below 2^K.
        uint256 within = Opening.zeros(proof.r + 32 * size.bits, proof.l);
        uint256 present = Field.mul(within, Opening.prefix(proof.r, size.bits, size.rows));
        known = Field.add(known, Field.mul(terms.kappa, present));
        (uint256 inverse, uint256 ofDifference) = Opening.inverses(c.z, Words.load(proof.hint));
        checkIdentity(proof, size.segmentBits, known, c.z, inverse);
        uint256[30] memory key = Keys.load(code);
        Sum sum = Groth16.inputs(key, inputs(proof, s, c));
        Evaluation.addCommitments(sum, terms, segmentWeights(proof, size, Field.mul(c.chi, within)), size.segments, points);
        sum.add(proof.m, Field.mul(c.chi, power));
        checkPairings(sum, key, proof, c, inverse, ofDifference);
    }

    function checkKeys(Core calldata core) private view {
        if (core.srs != srs || (shape == 0 ? core.compactKey : core.wideKey) != circuitKey) revert OtherKeys();
        if (core.segmentBits > bits) revert SegmentSize();
    }

    /// @dev Replays the transcript. Points that are no identity and scalars below P are checked here, before they are
    /// used; coordinates by the precompiles, r by the linear check.
    function challenges(
        bytes32 d0,
        Proof memory proof,
        uint256[] calldata cells
    ) private pure returns (Challenges memory c) {
        Field.check(Words.load(proof.comN));
        Field.check(Words.load(proof.comV));
        Field.check(Words.load(proof.l));
        unchecked {
            for (uint256 place = proof.values; place < proof.q; place += 32) {
                Field.check(Words.load(place));
            }
        }
        Curve.check(proof.m);
        Curve.check(proof.s);
        Curve.check(proof.q);
        Curve.check(proof.v);
        Groth16.check(proof.groth16);
        bytes32 state = Proofs.table(d0, proof);
        c.rho = Transcript.challenge(state);
        state = Proofs.evaluations(state, proof, cells);
        c.lambda = Transcript.challenge(state);
        state = Proofs.symmetric(state, proof);
        c.z = Transcript.challenge(state);
        state = Proofs.values(state, proof);
        c.nu = Transcript.challenge(state);
        state = Proofs.quotient(state, proof);
        c.psi = Transcript.challenge(state);
        c.chi = Transcript.challenge(Proofs.groth16(state, proof));
    }

    /// @dev The public inputs in the circuit's order.
    function inputs(
        Proof memory proof,
        Statement memory s,
        Challenges memory c
    ) private pure returns (uint256[7] memory) {
        (uint256 comN, uint256 comV) = (Words.load(proof.comN), Words.load(proof.comV));
        return [c.rho, comN, comV, c.lambda, Words.load(proof.l), s.flags, s.policy];
    }

    /// @dev The weights of segments, eq(r_hi, k), times `scale`, of which those past the dataset's rows are no part.
    function segmentWeights(
        Proof memory proof,
        Size memory size,
        uint256 scale
    ) private pure returns (uint256[] memory) {
        unchecked {
            return Opening.eqTable(proof.r + 32 * size.segmentBits, size.bits - size.segmentBits, scale);
        }
    }

    /// @dev F(z) e(1/z) + F(1/z) e(z) = 2 Y + z S(z) + S(1/z) / z, where Y is what is left of L when everything known is
    /// subtracted.
    function checkIdentity(Proof memory proof, uint256 low, uint256 known, uint256 z, uint256 inverse) private pure {
        (uint256 ofZ, uint256 ofInverse) = Opening.eqPolynomial(proof.r, low, z, inverse);
        (uint256 f, uint256 fInverse, uint256 s, uint256 sInverse) = values(proof);
        uint256 left = Field.add(Field.mul(f, ofInverse), Field.mul(fInverse, ofZ));
        uint256 right = Field.add(Field.mul(z, s), Field.mul(inverse, sInverse));
        uint256 masked = Field.sub(Words.load(proof.l), known);
        if (left != Field.add(right, Field.add(masked, masked))) revert Opening.OpeningIdentity();
    }

    /// @dev F(z), F(1/z), S(z), S(1/z).
    function values(Proof memory proof) private pure returns (uint256, uint256, uint256, uint256) {
        uint256 place = proof.values;
        unchecked {
            return (Words.load(place), Words.load(place + 0x20), Words.load(place + 0x40), Words.load(place + 0x60));
        }
    }

    /// @dev With T(psi) = (psi - z) (psi - 1/z), all weighted by chi: P_0 = [F] + nu [S] - I(psi) [1]_1 - T(psi) [Q]
    /// + psi [V], P_1 = -[V]. `first` holds chi [F] and the public inputs' point. Unweighted, a residual of this equation
    /// could cancel one of Groth16's, which is in the same product.
    function checkPairings(
        Sum first,
        uint256[30] memory key,
        Proof memory proof,
        Challenges memory c,
        uint256 inverse,
        uint256 ofDifference
    ) private view {
        uint256 divisor = Field.mul(Field.sub(c.psi, c.z), Field.sub(c.psi, inverse));
        first.add(1, 2, Field.neg(Field.mul(c.chi, line(proof, c, ofDifference))));
        first.add(proof.s, Field.mul(c.chi, c.nu));
        first.add(proof.q, Field.neg(Field.mul(c.chi, divisor)));
        first.add(proof.v, Field.mul(c.chi, c.psi));
        Sum second = Curve.multiple(proof.v, Field.neg(c.chi));
        uint256[30] memory pairs;
        Groth16.write(pairs, key, proof.groth16, first);
        Opening.write(pairs, key, second);
        if (!Pairing.isOne(pairs, 5)) revert Pairings();
    }

    /// @dev I(psi) = g + (psi - z) (g - g') / (z - 1/z), with g = F(z) + nu S(z) and g' at 1/z.
    function line(Proof memory proof, Challenges memory c, uint256 ofDifference) private pure returns (uint256) {
        (uint256 f, uint256 fInverse, uint256 s, uint256 sInverse) = values(proof);
        uint256 g = Field.add(f, Field.mul(c.nu, s));
        uint256 other = Field.add(fInverse, Field.mul(c.nu, sInverse));
        uint256 slope = Field.mul(Field.sub(g, other), ofDifference);
        return Field.add(g, Field.mul(Field.sub(c.psi, c.z), slope));
    }
}
