#![no_main]

libfuzzer_sys::fuzz_target!(
    // The reader catches panics of the parquet crate; libFuzzer's hook would end the process before.
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| nectar_testkit::fuzz::run("parquet", bytes)
);
