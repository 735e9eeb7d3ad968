//! Watchfire's protocol: bytes, keys and rules. No socket, no file, no clock and no randomness of its own.

pub mod announcement;
pub mod charter;
pub mod frame;
pub mod id;
pub mod kdf;
pub mod labels;
pub mod record;
pub mod run;
pub mod seal;
pub mod secret;
pub mod sign;
pub mod time;
pub mod wire;
