//! The brake: removals that one coordinator alone may not make. `docs/protocol.md`, "The brake".
//!
//! One stolen coordinator's key must not empty a neighborhood. So of the removals that one coordinator signs, only a few
//! count by themselves; the others wait until another coordinator signs a removal of the same member. What is counted is
//! the coordinator, whatever device signed, and the epoch in whose log the event came: a date is its author's to choose,
//! and removals that come together count together whatever dates they bear.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{CoordinatorId, Epoch, MemberId};
use crate::time::{DAY, HOUR, Timestamp};

/// In so many seconds the removals of one coordinator are counted together.
pub const WINDOW: u64 = DAY;
/// So many removals count by themselves, however few members there are.
pub const FLOOR: usize = 5;
/// Of so many members one may be removed by one coordinator alone.
pub const SHARE: usize = 10;

/// One coordinator's removal of one member, signed by somebody who had the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Removal {
    /// When: what the event says, and not before the epoch opened in which it came.
    pub at: Timestamp,
    /// The epoch in whose log it came, or the one that it names, whichever is later.
    pub epoch: Epoch,
    /// Whose device signed it.
    pub by: CoordinatorId,
    /// Who is removed.
    pub member: MemberId,
}

/// Which removals count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Braked {
    /// Who is out.
    pub counts: BTreeSet<MemberId>,
    /// Whose removal waits for another coordinator, and who signed it.
    pub waits: BTreeMap<MemberId, CoordinatorId>,
}

/// How many removals of one coordinator count by themselves in a neighborhood of so many members.
#[must_use]
pub const fn limit(members: usize) -> usize {
    let share = members / SHARE;
    if share > FLOOR { share } else { FLOOR }
}

/// Judges all removals that are known, in whatever order they are given. `members` is how many the neighborhood has, and
/// `enrollers` are the coordinators who may remove people now: whoever is the only one waits for nobody.
#[must_use]
pub fn brake(removals: &[Removal], members: usize, enrollers: &BTreeSet<CoordinatorId>, now: Timestamp) -> Braked {
    let known: BTreeSet<Removal> = removals.iter().filter(|removal| removal.at <= now.plus(HOUR)).copied().collect();
    let mut signers: BTreeMap<MemberId, BTreeSet<CoordinatorId>> = BTreeMap::new();
    for removal in &known {
        signers.entry(removal.member).or_default().insert(removal.by);
    }
    let mut out = Braked::default();
    let mut spent: BTreeMap<CoordinatorId, Vec<Removal>> = BTreeMap::new();
    for removal in known {
        let confirmed = signers.get(&removal.member).is_some_and(|by| by.len() > 1);
        let alone = enrollers.iter().all(|other| *other == removal.by);
        if confirmed || alone {
            out.counts.insert(removal.member);
            continue;
        }
        let spent = spent.entry(removal.by).or_default();
        if out.counts.contains(&removal.member) || out.waits.contains_key(&removal.member) {
            continue;
        }
        let together = spent.iter().filter(|one| one.epoch == removal.epoch || removal.at.since(one.at) < WINDOW);
        if together.count() < limit(members) {
            spent.push(removal);
            out.counts.insert(removal.member);
        } else {
            out.waits.insert(removal.member, removal.by);
        }
    }
    out
}
