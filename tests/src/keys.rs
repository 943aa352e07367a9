//! Development keys, made once for all test processes.

use nectar_params::{ProverKeys, dev};
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
