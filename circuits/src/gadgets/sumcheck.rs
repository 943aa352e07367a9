//! The sumcheck's verifier (protocol, section 4, step 3).

use super::{
    builder::{Builder, Number},
    poseidon::Sponge,
};
use ark_bn254::Fr;

/// The last claim and the point, from the first claim through all messages, whose challenges the
/// transcript draws.
pub(crate) fn rounds<B: Builder>(
    b: &mut B,
    mut transcript: Sponge<B::Linear>,
    mut claim: Number<B>,
    messages: &[Vec<Number<B>>],
) -> (Number<B>, Vec<Number<B>>) {
    let mut point = Vec::with_capacity(messages.len());
    for message in messages {
        transcript.absorb(b, message);
        let challenge = transcript.output().clone();
        claim = round(b, &claim, message, &challenge);
        point.push(challenge);
    }
    (claim, point)
}

/// The claim after a round: the round polynomial at the challenge.
///
/// `message` holds the coefficients c_0, c_2, .. c_degree. The linear one is not sent: it is what
/// makes p(0) + p(1) the claim, so a wrong sum or degree cannot even be written down.
fn round<B: Builder>(
    b: &mut B,
    claim: &Number<B>,
    message: &[Number<B>],
    challenge: &Number<B>,
) -> Number<B> {
    let [constant, higher @ ..] = message else {
        return claim.clone();
    };
    let mut linear = claim.clone();
    linear.add_scaled(constant, -Fr::from(2));
    for coefficient in higher {
        linear -= coefficient;
    }
    let mut value = Number::<B>::default();
    for (i, coefficient) in higher.iter().rev().enumerate() {
        value = match i {
            0 => coefficient.clone(),
            _ => b.product(&value, challenge) + coefficient,
        };
    }
    let value = b.product(&value, challenge) + &linear;
    b.product(&value, challenge) + constant
}

/// The sum of `point^i * item_i`, i from 0.
pub(crate) fn evaluate<B: Builder>(b: &mut B, items: &[Number<B>], point: &Number<B>) -> Number<B> {
    let mut items = items.iter().rev();
    let last = items.next().cloned().unwrap_or_default();
    items.fold(last, |sum, item| b.product(&sum, point) + item)
}
