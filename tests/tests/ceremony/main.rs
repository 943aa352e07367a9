//! Phase 2 of the Groth16 setup as docs/ceremony.md has it: npm's snarkjs runs the ceremony, this workspace imports the
//! key and proves under it, and snarkjs verifies the proofs.
//!
//! snarkjs is a tool of this test only. Where node is missing or its packages cannot be fetched, every trial is
//! reported as ignored, and why is said once.

#![cfg(test)]

mod circuit;
mod export;
mod phase2;
mod ptau;
mod release;
mod small;
mod snarkjs;

use nectar_testkit::peer;
use snarkjs::Snarkjs;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::OnceLock,
};
use tempfile::TempDir;

/// What the trials share; each part is made by the first that needs it.
struct Context {
    snarkjs: Snarkjs,
    /// Gone when the last trial is done.
    folder: TempDir,
    ptau: OnceLock<PathBuf>,
    small: OnceLock<small::Small>,
    release: OnceLock<release::Release>,
}

const TRIALS: [peer::Named<Context>; 14] = [
    ("export::info_agrees", export::info_agrees),
    (
        "export::public_inputs_are_named",
        export::public_inputs_are_named,
    ),
    (
        "ptau::snarkjs_prepares_the_same_file",
        ptau::snarkjs_prepares_the_same_file,
    ),
    (
        "ptau::the_insecure_file_says_so",
        ptau::the_insecure_file_says_so,
    ),
    (
        "small::the_record_is_what_snarkjs_prints",
        small::the_record_is_what_snarkjs_prints,
    ),
    (
        "small::snarkjs_accepts_our_proof",
        small::snarkjs_accepts_our_proof,
    ),
    (
        "small::snarkjs_refuses_what_was_changed",
        small::snarkjs_refuses_what_was_changed,
    ),
    (
        "small::we_accept_the_proof_of_snarkjs",
        small::we_accept_the_proof_of_snarkjs,
    ),
    (
        "release::the_record_is_what_snarkjs_prints",
        release::the_record_is_what_snarkjs_prints,
    ),
    (
        "release::the_set_comes_out_of_its_files",
        release::the_set_comes_out_of_its_files,
    ),
    (
        "release::an_edited_set_is_refused",
        release::an_edited_set_is_refused,
    ),
    (
        "release::an_answer_under_the_key_is_verified_by_both",
        release::an_answer_under_the_key_is_verified_by_both,
    ),
    (
        "release::a_changed_answer_is_refused_by_both",
        release::a_changed_answer_is_refused_by_both,
    ),
    (
        "release::the_key_is_for_no_other_circuit",
        release::the_key_is_for_no_other_circuit,
    ),
];

fn main() -> ExitCode {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let context = |folder: PathBuf| Ok(Context::new(Snarkjs::of(&folder)));
    peer::run("the ceremony", "tests/snarkjs", scratch, TRIALS, context)
}

impl Context {
    fn new(snarkjs: Snarkjs) -> Self {
        Context {
            snarkjs,
            folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
                .expect("the target folder can be written"),
            ptau: OnceLock::new(),
            small: OnceLock::new(),
            release: OnceLock::new(),
        }
    }

    /// A folder for the files of one part.
    fn subfolder(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(&path).expect("the target folder can be written");
        path
    }
}

/// Reads a file of the ceremony.
fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Writes a file of the ceremony.
fn write(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::write(path, content).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
