//! A receipt and its check.

use super::{error::ReceiptError, record::Record};
use crate::{keys::VerifierSrs, opening::Opening, transcript::Transcript};
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::VariableBaseMSM;

/// A record with the proof that the committed vectors hold what it claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// What is claimed, and of which commitments.
    pub record: Record,
    /// Commitment to the mask.
    pub m: G1Affine,
    /// The mask's value at the row.
    pub mu: Fr,
    /// The opening of the masked combination at the row.
    pub opening: Opening,
}

/// lambda, lambda^2, ..: a weight for each of `claims` claims in order and, last, for the mask.
pub fn weights(lambda: Fr, claims: usize) -> Vec<Fr> {
    std::iter::successors(Some(lambda), |w| Some(*w * lambda))
        .take(claims.saturating_add(1))
        .collect()
}

impl Receipt {
    /// Checks everything but whether the root is accepted and the SRS trusted, which [`Receipt::verify`] does too.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn check(&self, srs: &VerifierSrs) -> Result<(), ReceiptError> {
        let record = &self.record;
        record.check(srs)?;
        let claims = record.claims();
        let (mut transcript, lambda) =
            Transcript::receipt(record.root(), record.row, &claims, &self.m, &self.mu)?;
        let challenges = self.opening.challenges(None, &mut transcript)?;
        let weights = weights(lambda, claims.len());
        let values = claims.iter().map(|c| c.1).chain([self.mu]);
        let y = weights.iter().zip(values).map(|(w, v)| *w * v).sum();
        let point = record.point();
        self.opening.check_identity(&point, y, challenges.z)?;
        let points = record.vectors.iter().map(|v| v.point).chain([self.m]);
        let commitment = G1Projective::msm_unchecked(&points.collect::<Vec<_>>(), &weights);
        Ok(self.opening.check_pairing(srs, commitment, &challenges)?)
    }
}
