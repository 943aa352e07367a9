//! A small circuit through the whole path, over the file of the real ceremony.

use crate::{
    Context,
    circuit::{BITS, Sequence},
    phase2::{Imported, Phase2},
    ptau, read, write,
};
use ark_bn254::{Bn254, Fr};
use ark_ec::{AffineRepr, CurveGroup};
use ark_groth16::{Groth16, Proof, ProvingKey, prepare_verifying_key};
use nectar_circuits::r1cs::R1cs;
use nectar_params::qap::OddCoset;
use nectar_testkit::exchange;

/// The key of the small circuit, and a proof under it.
pub struct Small {
    phase2: Phase2,
    imported: Imported,
    key: ProvingKey<Bn254>,
    sequence: Sequence,
    proof: Proof<Bn254>,
}

impl Small {
    fn new(context: &Context) -> Self {
        let r1cs = Sequence::r1cs();
        let phase2 = Phase2::run(context, "small", &r1cs, &ptau::real());
        let powers = ptau::powers(&ptau::real(), BITS).1;
        let imported = phase2
            .import(&r1cs, &powers)
            .expect("snarkjs accepts the key");
        let key = imported.key().clone();
        let sequence = Sequence::new(17);
        let proof = prove(&key, &r1cs, &sequence.assignment());
        Small {
            phase2,
            imported,
            key,
            sequence,
            proof,
        }
    }

    fn of(context: &Context) -> &Self {
        context.small.get_or_init(|| Small::new(context))
    }

    /// Whether arkworks accepts a proof.
    fn accepts(&self, inputs: &[Fr], proof: &Proof<Bn254>) -> bool {
        let key = prepare_verifying_key(&self.key.vk);
        Groth16::<Bn254>::verify_proof(&key, proof, inputs).expect("seven inputs")
    }
}

fn prove(key: &ProvingKey<Bn254>, r1cs: &R1cs, assignment: &[Fr]) -> Proof<Bn254> {
    assert_eq!(r1cs.first_violated(assignment), None);
    Groth16::<Bn254, OddCoset>::create_proof_with_reduction_and_matrices(
        key,
        Fr::from(123u8),
        Fr::from(45u8),
        &r1cs.matrices,
        r1cs.num_inputs,
        r1cs.num_constraints,
        assignment,
    )
    .expect("a proof")
}

pub fn the_record_is_what_snarkjs_prints(context: &Context) {
    let small = Small::of(context);
    small.phase2.check_record(small.imported.record());
}

pub fn snarkjs_accepts_our_proof(context: &Context) {
    let small = Small::of(context);
    let inputs = small.sequence.inputs();
    assert!(small.accepts(&inputs, &small.proof));
    small
        .phase2
        .accepts(&context.snarkjs, &inputs, &small.proof);
}

/// Every public input and every point of the proof, one at a time.
pub fn snarkjs_refuses_what_was_changed(context: &Context) {
    let small = Small::of(context);
    let refused = |inputs: &[Fr], proof: &Proof<Bn254>| {
        assert!(!small.accepts(inputs, proof));
        small.phase2.refuses(&context.snarkjs, inputs, proof);
    };
    let honest = small.sequence.inputs();
    for i in 0..honest.len() {
        let mut inputs = honest;
        inputs[i] += Fr::from(1u8);
        refused(&inputs, &small.proof);
    }
    let Proof { a, b, c } = small.proof.clone();
    let changed = [
        Proof { a: -a, b, c },
        Proof {
            a,
            b: (b + b.into_group()).into_affine(),
            c,
        },
        Proof { a, b, c: a },
    ];
    for proof in changed {
        refused(&honest, &proof);
    }
}

/// The other way round: snarkjs proves under its key what our assignment states.
pub fn we_accept_the_proof_of_snarkjs(context: &Context) {
    let small = Small::of(context);
    let (folder, sequence) = (small.phase2.folder(), Sequence::new(99));
    let witness = exchange::witness(&sequence.assignment());
    write(&folder.join("witness.wtns"), witness);
    let [proof, public] = ["proof.json", "public.json"];
    let prove = [
        "groth16",
        "prove",
        "final.zkey",
        "witness.wtns",
        proof,
        public,
    ];
    context.snarkjs.succeed(folder, &prove);
    let mut inputs = exchange::read_public(&read(&folder.join(public)));
    assert_eq!(inputs, sequence.inputs());
    let proof = exchange::read_proof(&read(&folder.join(proof)));
    assert!(small.accepts(&inputs, &proof));
    inputs[0] += Fr::from(1u8);
    assert!(!small.accepts(&inputs, &proof));
}
