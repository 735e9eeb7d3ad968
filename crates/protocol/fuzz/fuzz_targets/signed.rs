#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    watchfire_protocol_fuzz::signed(bytes);
});
