//! What every statement has in common: round messages lead a claim to a point, and the evaluations
//! there are committed to and combined (protocol, section 4, steps 3 to 7).

use crate::poseidon::{PoseidonTranscript, Use, hash};
use ark_bn254::Fr;
use ark_ff::Zero;
use nectar_verifier::circuit::Circuit;
use zeroize::Zeroizing;

/// A list of another length than the circuit's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{list} has {got} elements, want {want}")]
pub struct Mismatch {
    /// The list.
    pub list: &'static str,
    /// Its length.
    pub got: usize,
    /// The length the circuit wants.
    pub want: usize,
}

/// Compares a length with the circuit's.
pub(crate) fn check(list: &'static str, got: usize, want: usize) -> Result<(), Mismatch> {
    if got == want {
        Ok(())
    } else {
        Err(Mismatch { list, got, want })
    }
}

/// Compares the lengths of round messages and evaluations with the circuit's.
pub(crate) fn check_rounds(
    circuit: Circuit,
    rounds: &[Vec<Fr>],
    evaluations: &[Fr],
) -> Result<(), Mismatch> {
    check("rounds", rounds.len(), circuit.rounds())?;
    for message in rounds {
        check("round message", message.len(), circuit.degree())?;
    }
    check("evaluations", evaluations.len(), circuit.slots())
}

/// The last claim and the point of all challenges, from the first claim.
pub(crate) fn rounds(
    mut transcript: PoseidonTranscript,
    mut claim: Fr,
    messages: &[Vec<Fr>],
) -> (Fr, Vec<Fr>) {
    let mut point = Vec::with_capacity(messages.len());
    for message in messages {
        let challenge = transcript.challenge(message);
        claim = next_claim(claim, message, challenge);
        point.push(challenge);
    }
    (claim, point)
}

/// The round polynomial at the challenge, where the message is c_0, c_2, .. c_degree and the linear
/// coefficient is the one that makes p(0) + p(1) the claim.
pub fn next_claim(claim: Fr, message: &[Fr], challenge: Fr) -> Fr {
    let Some((&constant, higher)) = message.split_first() else {
        return claim;
    };
    let linear = claim - constant - constant - higher.iter().sum::<Fr>();
    let powers = higher
        .iter()
        .rev()
        .fold(Fr::zero(), |sum, c| sum * challenge + c);
    (powers * challenge + linear) * challenge + constant
}

/// com_v = Poseidon(salt, v_*, mu, r_*), with the circuit's parameters and use.
pub fn evaluation_commitment(
    circuit: impl Into<Circuit>,
    salt: Fr,
    evaluations: &[Fr],
    mask: Fr,
    point: &[Fr],
) -> Fr {
    let circuit = circuit.into();
    let inputs = Zeroizing::new([&[salt], evaluations, &[mask], point].concat());
    hash(circuit, Use::evaluations(circuit), &inputs)
}

/// L: the sum of `lambda^i * item`, i from 1, over the fixed list v_*, mu, r_*, o_*. The index
/// statement has no cells.
pub fn combination(lambda: Fr, evaluations: &[Fr], mask: Fr, point: &[Fr], cells: &[u64]) -> Fr {
    let cells = cells.iter().copied().map(Fr::from);
    let list = evaluations.iter().chain([&mask]).chain(point).copied();
    list.chain(cells)
        .rev()
        .fold(Fr::zero(), |sum, item| (sum + item) * lambda)
}

#[cfg(test)]
pub(crate) mod toy;
