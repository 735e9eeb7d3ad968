//! Watchfire.
fn main() {}
