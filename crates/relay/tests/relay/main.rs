//! A real relay on a real socket, asked by hand-made clients; and the real binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod attack;
#[expect(unreachable_pub, reason = "the tests of the whole use it too")]
#[path = "../../../../tests/src/authority.rs"]
mod authority;
mod brought;
mod charters;
mod check;
mod client;
mod corpus;
mod epochs;
mod faults;
mod follow;
mod forgetting;
mod kills;
mod ledger;
mod limits;
mod operation;
mod organization;
mod pace;
mod process;
mod proofs;
mod refusals;
mod restrictions;
mod running;
mod silence;
mod strace;
mod tls;
mod unclean;
