//! What the protocol claims, each claim a test that can fail. Refusals outnumber successes.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod alerts;
mod announcements;
mod bombs;
mod debug;
mod follow_up;
mod frames;
mod freshness;
mod held;
mod joining;
mod labels;
mod limits;
mod names;
mod neighborhood;
mod notes;
mod quorum;
mod records;
mod removal;
mod renewal_order;
mod renewals;
mod restrictions;
mod roster;
mod roster_order;
mod round_trips;
mod runs;
mod scene;
mod slots;
mod strategies;
mod withholding;
