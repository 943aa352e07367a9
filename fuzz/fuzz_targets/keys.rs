#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nectar_testkit::fuzz::run("keys", bytes));
