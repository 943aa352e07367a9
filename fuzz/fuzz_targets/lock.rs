#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nectar_tests::fuzz::run("lock", bytes));
