//! Watchfire's protocol: bytes, keys and rules. No socket, no file, no clock and no randomness of its own.

pub mod alert;
pub mod announcement;
pub mod charter;
pub mod epoch;
pub mod frame;
pub mod history;
pub mod id;
pub mod inbox;
pub mod invite;
pub mod kdf;
pub mod labels;
pub mod names;
pub mod object;
pub mod phrase;
pub mod ratchet;
pub mod record;
pub mod roster;
pub mod run;
pub mod seal;
pub mod secret;
pub mod sign;
pub mod slot;
pub mod time;
pub mod verdict;
pub mod vocabulary;
pub mod wire;
