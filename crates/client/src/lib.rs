//! Watchfire's client: vault, sync, verification. It never prints.

mod answers;
mod charters;
mod client;
mod desk;
mod directs;
mod duties;
mod epochs;
pub mod error;
pub mod export;
mod fetch;
pub mod file;
mod fold;
pub mod follow;
mod former;
pub mod link;
mod mirror;
pub mod net;
pub mod notice;
mod open;
pub mod ops;
pub mod outbox;
mod records;
pub mod relays;
mod renewals;
pub mod restrictions;
pub mod route;
pub mod state;
pub mod trouble;
mod unfinished;
pub mod unreached;
pub mod vault;

pub use charters::ForkView;
pub use client::{Client, Clock, Watcher, system_clock};
pub use error::ClientError;
pub use open::Progress;
pub use records::Taken;
