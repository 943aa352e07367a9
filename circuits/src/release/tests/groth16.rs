//! The release statement in stock Groth16.

use super::*;
use crate::compiled::tests::proves;

fn honest_toys_prove(shape: Shape) {
    let Honest {
        instance, witness, ..
    } = Toy::random(2, shape, Layout::Counts).prove();
    proves(shape, instance.inputs(), &assign(&instance, &witness));
}

#[test]
fn compact_proofs_verify() {
    honest_toys_prove(Shape::Compact);
}

#[test]
fn wide_proofs_verify() {
    honest_toys_prove(Shape::Wide);
}
