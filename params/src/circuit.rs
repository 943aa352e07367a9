//! A circuit with its Groth16 keys.

use crate::{error::ParamsError, file, qap::OddCoset};
use alloy_primitives::{B256, keccak256};
use ark_bn254::{Bn254, Fr, G1Projective, G2Projective};
use ark_ec::PrimeGroup;
use ark_ff::UniformRand;
use ark_groth16::{Groth16, Proof, ProvingKey};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use nectar_circuits::compiled::{Compiled, UnassignedCircuit};
use nectar_verifier::{circuit::Circuit, keys::VerifierKey};
use std::path::Path;

/// A circuit's matrices with a proving key made for them.
pub struct CircuitKey {
    compiled: Compiled,
    key: ProvingKey<Bn254>,
    verifier: VerifierKey,
}

impl CircuitKey {
    /// Joins a circuit and a proving key.
    ///
    /// # Errors
    /// The key is for another circuit, or has no phase-2 contribution.
    pub fn new(circuit: Circuit, key: ProvingKey<Bn254>) -> Result<Self, ParamsError> {
        let compiled = Compiled::new(circuit).map_err(|e| ParamsError::Circuit {
            circuit,
            what: e.to_string(),
        })?;
        CircuitKey::of(compiled, key)
    }

    /// [`CircuitKey::new`], of a circuit that is there.
    pub(crate) fn of(compiled: Compiled, key: ProvingKey<Bn254>) -> Result<Self, ParamsError> {
        let circuit = compiled.circuit;
        let refuse = |what: String| ParamsError::Circuit { circuit, what };
        let r1cs = &compiled.r1cs;
        let lengths = [
            ("A", key.a_query.len(), r1cs.variables()),
            ("B in G1", key.b_g1_query.len(), r1cs.variables()),
            ("B in G2", key.b_g2_query.len(), r1cs.variables()),
            ("L", key.l_query.len(), r1cs.num_witness),
            ("H", key.h_query.len(), r1cs.domain_size()),
        ];
        if let Some((list, got, want)) = lengths.into_iter().find(|(_, got, want)| got != want) {
            return Err(refuse(format!(
                "the proving key is for another circuit: its list {list} has {got} points, want {want}"
            )));
        }
        let verifier =
            VerifierKey::new(circuit, key.vk.clone()).map_err(|e| refuse(e.to_string()))?;
        Ok(CircuitKey {
            compiled,
            key,
            verifier,
        })
    }

    /// Setup by somebody who knows every secret of the key. For development only.
    pub(crate) fn of_known_secrets(
        circuit: Circuit,
        rng: &mut impl ark_std::rand::Rng,
    ) -> Result<Self, ParamsError> {
        let refuse = |e: ark_relations::gr1cs::SynthesisError| ParamsError::Circuit {
            circuit,
            what: e.to_string(),
        };
        let [alpha, beta, delta] = [(); 3].map(|()| Fr::rand(rng));
        // gamma = 1, as keys that come out of snarkjs have it.
        let (gamma, g1, g2) = (
            Fr::from(1u8),
            G1Projective::generator(),
            G2Projective::generator(),
        );
        let key = Groth16::<Bn254, OddCoset>::generate_parameters_with_qap(
            UnassignedCircuit(circuit),
            alpha,
            beta,
            gamma,
            delta,
            g1,
            g2,
            rng,
        );
        CircuitKey::new(circuit, key.map_err(refuse)?)
    }

    /// Reads a proving key this program wrote, if keccak256 of its bytes is `digest`.
    ///
    /// # Errors
    /// I/O, malformed content, or another key.
    pub(crate) fn read(path: &Path, circuit: Circuit, digest: B256) -> Result<Self, ParamsError> {
        let bytes = file::read(path, file::MAX_KEY_BYTES)?;
        let malformed = |what: &'static str| ParamsError::Malformed {
            path: path.into(),
            what,
        };
        ParamsError::check_digest(path, "the file", keccak256(&bytes), digest)?;
        let mut reader = bytes.as_slice();
        // Unchecked: the lock has the digest of the file, and whoever wrote that had the points checked. Sets of others
        // are to be verified with their files before they are used.
        let key = ProvingKey::deserialize_uncompressed_unchecked(&mut reader)
            .map_err(|_| malformed("it is not a proving key"))?;
        if !reader.is_empty() {
            return Err(malformed("bytes are left over"));
        }
        CircuitKey::new(circuit, key)
    }

    /// Writes the proving key to a file, which is replaced in one step; gives keccak256 of its bytes.
    ///
    /// # Errors
    /// I/O.
    pub(crate) fn write(&self, path: &Path) -> Result<B256, ParamsError> {
        let bytes = self.encode().ok_or_else(|| ParamsError::Malformed {
            path: path.into(),
            what: "it cannot be written",
        })?;
        file::write(path, &bytes)?;
        Ok(keccak256(&bytes))
    }

    /// The bytes of the proving key's file.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.key.uncompressed_size());
        self.key.serialize_uncompressed(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The circuit.
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// What verifiers need.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Proves what the circuit states of an assignment, which `assign` of the statement makes: 1, public
    /// inputs, private variables. `blinders` are Groth16's r and s, fresh for every proof. Both are secrets
    /// that the caller wipes.
    ///
    /// # Errors
    /// The assignment has another length than the circuit's.
    pub fn prove(
        &self,
        assignment: &[Fr],
        blinders: &[Fr; 2],
    ) -> Result<Proof<Bn254>, ParamsError> {
        let r1cs = &self.compiled.r1cs;
        let refuse = |what| ParamsError::Circuit {
            circuit: self.compiled.circuit,
            what,
        };
        let (got, want) = (assignment.len(), r1cs.variables());
        if got != want {
            return Err(refuse(format!(
                "the assignment has {got} elements, want {want}"
            )));
        }
        let [r, s] = *blinders;
        Groth16::<Bn254, OddCoset>::create_proof_with_reduction_and_matrices(
            &self.key,
            r,
            s,
            &r1cs.matrices,
            r1cs.num_inputs,
            r1cs.num_constraints,
            assignment,
        )
        .map_err(|e| refuse(e.to_string()))
    }
}
