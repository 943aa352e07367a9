//! What provers hold of a set, or of keys made otherwise.

use crate::{circuit::CircuitKey, error::ParamsError, srs::Srs};
use nectar_verifier::circuit::Circuit;
use std::sync::OnceLock;

/// Everything a prover needs: the SRS, and the key of each circuit, loaded when first used.
pub struct ProverKeys {
    srs: Srs,
    circuits: [OnceLock<CircuitKey>; Circuit::ALL.len()],
    source: Box<dyn Fn(Circuit) -> Result<CircuitKey, ParamsError> + Send + Sync>,
}

impl ProverKeys {
    /// Keys whose circuits come from `source` when first used.
    pub fn new(
        srs: Srs,
        source: impl Fn(Circuit) -> Result<CircuitKey, ParamsError> + Send + Sync + 'static,
    ) -> Self {
        ProverKeys {
            srs,
            circuits: Default::default(),
            source: Box::new(source),
        }
    }

    /// The SRS.
    pub fn srs(&self) -> &Srs {
        &self.srs
    }

    /// The key of a circuit, or of the release circuit of a shape.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn circuit(&self, circuit: impl Into<Circuit>) -> Result<&CircuitKey, ParamsError> {
        let circuit = circuit.into();
        let cell = &self.circuits[usize::from(circuit.id())];
        if let Some(key) = cell.get() {
            return Ok(key);
        }
        let key = (self.source)(circuit)?;
        Ok(cell.get_or_init(|| key))
    }
}
