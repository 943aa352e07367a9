//! Development keys, made once for all test processes.

use ark_bn254::{Bn254, G1Affine};
use ark_groth16::ProvingKey;
use ark_serialize::CanonicalDeserialize;
use nectar_params::{ProverKeys, dev};
use nectar_verifier::circuit::Circuit;
use std::{
    fs::{self, File},
    path::PathBuf,
    sync::LazyLock,
};

/// The folder where cargo lets tests keep files: `<target>/tmp`, from `<target>/<profile>/deps/<test>`.
fn folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let target = test
        .ancestors()
        .nth(3)
        .expect("a test lies in the target folder");
    target.join("tmp")
}

/// The development keys of every shape.
pub fn keys() -> &'static ProverKeys {
    static KEYS: LazyLock<ProverKeys> = LazyLock::new(|| {
        let folder = folder();
        fs::create_dir_all(&folder).expect("the target folder can be written");
        // One process makes the keys, the others wait.
        let lock =
            File::create(folder.join("keys.lock")).expect("the target folder can be written");
        lock.lock().expect("files can be locked");
        let set = dev::insecure_setup(&folder.join(dev::ID), None, &|_| {});
        set.expect("development keys").prover_keys()
    });
    &KEYS
}

/// \[delta\]_1 of a circuit's development key, which every prover has.
pub fn delta_g1(circuit: Circuit) -> G1Affine {
    keys();
    let path = folder().join(dev::ID).join(format!("{circuit}.pk"));
    let bytes = fs::read(path).expect("a key's file");
    let key = ProvingKey::<Bn254>::deserialize_uncompressed_unchecked(&bytes[..]);
    key.expect("a proving key").delta_g1
}
