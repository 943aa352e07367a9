//! Circuits out: snarkjs reads in our `.r1cs` files what we wrote.

use crate::{Context, circuit, write};
use ark_bn254::Fr;
use nectar_circuits::{
    compiled::{Compiled, input_names},
    r1cs::R1cs,
};
use nectar_params::r1cs::{encode, symbols};
use nectar_verifier::circuit::Circuit;

pub fn info_agrees(context: &Context) {
    let folder = context.subfolder("info");
    for circuit in Circuit::ALL {
        let r1cs = Compiled::new(circuit).expect("a circuit").r1cs;
        write(&folder.join("circuit.r1cs"), encode(&r1cs));
        let text = context
            .snarkjs
            .succeed(&folder, &["r1cs", "info", "circuit.r1cs"]);
        for (what, count) in [
            ("Wires", r1cs.variables()),
            ("Constraints", r1cs.num_constraints),
            ("Private Inputs", r1cs.num_witness),
            ("Public Inputs", 7),
            ("Labels", r1cs.variables()),
            ("Outputs", 0),
        ] {
            let line = format!("# of {what}: {count}");
            assert!(
                text.lines().any(|l| l.ends_with(&line)),
                "{circuit}: no \"{line}\" in\n{text}"
            );
        }
        assert!(text.contains("Curve: bn-128"), "{circuit}:\n{text}");
    }
}

/// Under the names of each circuit, in the order of its public inputs.
pub fn public_inputs_are_named(context: &Context) {
    let folder = context.subfolder("names");
    write(&folder.join("inputs.r1cs"), encode(&inputs_alone()));
    let circuits = Circuit::ALL.map(input_names);
    for names in circuits.into_iter().chain([circuit::NAMES]) {
        write(&folder.join("inputs.sym"), symbols(&names));
        let print = ["r1cs", "print", "inputs.r1cs", "inputs.sym"];
        let text = context.snarkjs.succeed(&folder, &print);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), names.len(), "{text}");
        for (line, name) in lines.iter().zip(names) {
            let want = format!("[ main.{name} ] * [ 1 ] - [ main.{name} ] = 0");
            assert!(line.ends_with(&want), "no \"{want}\" in\n{text}");
        }
    }
}

/// Seven public inputs, each of them itself: snarkjs prints a line for every constraint, which for a whole circuit are
/// tens of thousands.
fn inputs_alone() -> R1cs {
    let one = Fr::from(1u8);
    let inputs: Vec<_> = (1..=7).map(|i| vec![(one, i)]).collect();
    R1cs {
        matrices: vec![inputs.clone(), vec![vec![(one, 0)]; 7], inputs],
        num_inputs: 8,
        num_witness: 0,
        num_constraints: 7,
    }
}
