//! The compiled circuit and the fast assignment in stock Groth16.

use super::*;
use crate::compiled::Blank;
use ark_bn254::{Bn254, Fr};
use ark_ff::UniformRand;
use ark_groth16::{Groth16, Proof, ProvingKey};
use ark_snark::SNARK;
use ark_std::rand::{SeedableRng, rngs::StdRng};

fn prove(shape: Shape, key: &ProvingKey<Bn254>, honest: &Honest, rng: &mut StdRng) -> Proof<Bn254> {
    let circuit = compiled(shape);
    let assignment = assign(&honest.instance, &honest.witness);
    let proof = Groth16::<Bn254>::create_proof_with_reduction_and_matrices(
        key,
        Fr::rand(rng),
        Fr::rand(rng),
        &circuit.matrices,
        circuit.num_inputs,
        circuit.num_constraints,
        &assignment,
    );
    proof.expect("proves")
}

fn keys_of_the_synthesiser_match_compiled_proofs(shape: Shape) {
    let mut rng = StdRng::seed_from_u64(1);
    let honest = Toy::random(2, shape, Layout::Counts).prove();
    let (key, verifying) =
        Groth16::<Bn254>::circuit_specific_setup(Blank(shape.into()), &mut rng).expect("setup");
    let proof = prove(shape, &key, &honest, &mut rng);
    let inputs = honest.instance.inputs();
    assert!(Groth16::<Bn254>::verify(&verifying, &inputs, &proof).expect("well formed"));
    for i in 0..INPUTS {
        let mut other = inputs;
        other[i] += Fr::from(1);
        assert!(!Groth16::<Bn254>::verify(&verifying, &other, &proof).expect("well formed"));
    }
}

#[test]
fn compact_proofs_verify() {
    keys_of_the_synthesiser_match_compiled_proofs(Shape::Compact);
}

#[test]
fn wide_proofs_verify() {
    keys_of_the_synthesiser_match_compiled_proofs(Shape::Wide);
}
