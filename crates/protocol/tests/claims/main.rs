//! What the protocol claims, each claim a test that can fail. Refusals outnumber successes.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod alerts;
mod announcements;
mod bombs;
mod brake;
mod debug;
mod desk;
mod direct;
mod follow_up;
mod frames;
mod hours;
mod joining;
mod labels;
mod limits;
mod links;
mod names;
mod neighborhood;
mod proofs;
mod records;
mod roster;
mod round_trips;
mod runs;
mod scene;
mod slots;
mod strategies;
mod thread;
mod vocabulary;

/// Of the invariants of `docs/protocol.md`, those that have files of their own. The others are in the names of tests.
#[path = "."]
mod nothing_false_is_verified {
    mod freshness;
    mod held;
    mod quorum;
    mod restrictions;
}

#[path = "."]
mod removed_and_new_see_only_their_time {
    mod removal;
}

#[path = "."]
mod withholding_is_noticed {
    mod withholding;
}

#[path = "."]
mod opened_slots_stay_closed {
    pub(crate) mod renewals;
}

#[path = "."]
mod doubt_hides_nothing {
    mod notes;
}

#[path = "."]
mod every_approved_member_gets_a_key {
    mod openings;
    mod renewal_order;
    mod roster_order;
}
