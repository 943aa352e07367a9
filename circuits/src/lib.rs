//! The statements Nectar proves in zero knowledge, in constraints over the scalar field of BN254.

pub mod poseidon;
