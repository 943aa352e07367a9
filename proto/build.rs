//! Compiles the protocol buffers without a system protoc.

use std::{env, error::Error, fs, path::PathBuf};

const FILES: [&str; 3] = [
    "nectar/v1/dataset.proto",
    "nectar/v1/job.proto",
    "nectar/v1/service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_imports(true).include_source_info(true);
    for file in FILES {
        println!("cargo::rerun-if-changed={file}");
        compiler.open_file(file)?;
    }
    let set = PathBuf::from(env::var("OUT_DIR")?).join("nectar.v1.bin");
    fs::write(set, compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        // It holds a secret, which must not reach a log.
        .skip_debug(["nectar.v1.IssueReceiptRequest"])
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
