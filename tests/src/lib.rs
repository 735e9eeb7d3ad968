//! Helpers for the tests beside this folder: a relay in this process with a clock of its own, people with vaults, and
//! the shipped programs as processes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "only tests use it, and a test fails by panicking"
)]

pub mod authority;
pub mod hostile;
pub mod local;
pub mod process;
pub mod rogue;
pub mod simulation;
pub mod socks;
pub mod tap;
pub mod terminal;
pub mod terminator;
pub mod thief;
