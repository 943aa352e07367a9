//! Every circuit as it is compiled, and what the tests of all statements share.

use super::*;
use ark_bn254::Bn254;
use ark_ff::UniformRand;
use ark_groth16::Groth16;
use ark_relations::gr1cs::ConstraintSystem;
use ark_snark::SNARK;
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_verifier::shape::Shape;
use std::sync::LazyLock;

/// A circuit, compiled once.
pub(crate) fn compiled(circuit: impl Into<Circuit>) -> &'static Compiled {
    static ALL: LazyLock<[Compiled; 3]> =
        LazyLock::new(|| Circuit::ALL.map(|circuit| Compiled::new(circuit).expect("synthesises")));
    &ALL[usize::from(circuit.into().id())]
}

/// Values alone, and the values beside constraints, are the same assignment, which satisfies the
/// constraints as arkworks sees it.
pub(crate) fn agrees_with_synthesis(build: impl FnOnce(&mut Constraints), assignment: &[Fr]) {
    let cs = ConstraintSystem::<Fr>::new_ref();
    let mut constraints = Constraints::new(cs.clone());
    build(&mut constraints);
    constraints.finish().expect("synthesises");
    let slow =
        [cs.instance_assignment(), cs.witness_assignment()].map(|part| part.expect("proving"));
    assert_eq!(slow.concat(), assignment);
    assert_eq!(cs.is_satisfied(), Ok(true));
}

/// The compiled circuit and an assignment make a proof, in stock Groth16, that verifies under a key
/// made by synthesis, for these public inputs and no others.
pub(crate) fn proves(circuit: impl Into<Circuit>, inputs: [Fr; PUBLIC_INPUTS], assignment: &[Fr]) {
    let circuit = circuit.into();
    let (mut rng, r1cs) = (StdRng::seed_from_u64(1), &compiled(circuit).r1cs);
    let (key, verifying) =
        Groth16::<Bn254>::circuit_specific_setup(UnassignedCircuit(circuit), &mut rng)
            .expect("setup");
    let proof = Groth16::<Bn254>::create_proof_with_reduction_and_matrices(
        &key,
        Fr::rand(&mut rng),
        Fr::rand(&mut rng),
        &r1cs.matrices,
        r1cs.num_inputs,
        r1cs.num_constraints,
        assignment,
    )
    .expect("proves");
    let verifies =
        |inputs: &[Fr]| Groth16::<Bn254>::verify(&verifying, inputs, &proof).expect("well formed");
    assert!(verifies(&inputs));
    for i in 0..PUBLIC_INPUTS {
        let mut other = inputs;
        other[i] += Fr::from(1);
        assert!(!verifies(&other));
    }
}

/// The numbers that sections 6 and 7 of the protocol state.
#[test]
fn circuits_have_their_sizes() {
    for (circuit, constraints, domain) in [
        (Shape::Compact.into(), 25_415, 1 << 15),
        (Shape::Wide.into(), 65_369, 1 << 16),
        (Circuit::Index, 18_825, 1 << 15),
    ] {
        let r1cs = &compiled(circuit).r1cs;
        println!(
            "{circuit}: {} constraints, {} private variables, {} entries",
            r1cs.num_constraints,
            r1cs.num_witness,
            r1cs.entries(),
        );
        assert_eq!(r1cs.num_inputs, PUBLIC_INPUTS + 1);
        assert_eq!(r1cs.domain_size(), domain);
        assert_eq!(r1cs.num_constraints, constraints);
    }
}
