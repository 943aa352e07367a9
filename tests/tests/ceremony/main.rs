//! Phase 2 of the Groth16 setup as docs/ceremony.md has it: npm's snarkjs runs the ceremony, this workspace imports the
//! key and proves under it, and snarkjs verifies the proofs.
//!
//! snarkjs is a tool of this test only. Where node is missing or its packages cannot be fetched, every trial is
//! reported as ignored, and why is said once.

mod circuit;
mod export;
mod phase2;
mod ptau;
mod release;
mod small;
mod snarkjs;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use nectar_tests::npm::{self, Missing};
use snarkjs::Snarkjs;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, OnceLock},
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

type Run = fn(&Context);

const TRIALS: [(&str, Run); 14] = [
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
    let arguments = Arguments::from_args();
    let context = if arguments.list {
        Err(Missing::Skip("the trials are only listed".into()))
    } else {
        let packages = npm::installed("tests/snarkjs", Path::new(env!("CARGO_TARGET_TMPDIR")));
        packages.map(|folder| Context::new(Snarkjs::of(&folder)))
    };
    if let (Err(Missing::Skip(why)), false) = (&context, arguments.list) {
        eprintln!("\nSKIPPED: all trials of the ceremony, nothing is tested here: {why}");
    }
    let context = Arc::new(context);
    let trials = TRIALS.map(|trial| prepare(trial, &context)).into();
    libtest_mimic::run(&arguments, trials).exit_code()
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

fn prepare((name, run): (&str, Run), context: &Arc<Result<Context, Missing>>) -> Trial {
    let context = context.clone();
    Trial::ignorable_test(name, move || match &*context {
        Ok(context) => {
            run(context);
            Ok(Completion::Completed)
        }
        Err(Missing::Skip(why)) => {
            let why = why.lines().next().unwrap_or_default();
            Ok(Completion::ignored_with(why))
        }
        Err(Missing::Broken(why)) => Err(Failed::from(why)),
    })
}

/// Reads a file of the ceremony.
fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Writes a file of the ceremony.
fn write(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::write(path, content).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
