//! Invariants 3 and 11 with renewals: approvals, removals, renewals that are read or not, openings by different
//! coordinators, and rosters that could not be read, in any order.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, proptest};
use proptest::test_runner::{Config, TestCaseError};
use watchfire_protocol::branch::Candidate;
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::renewal::Renewal;
use watchfire_protocol::roster::{Event, Roster, RosterMember, digest};
use watchfire_protocol::seal::KemSecretKey;

use crate::neighborhood::{Town, added};
use crate::opened_slots_stay_closed::renewals::Follower;
use crate::scene::NOW;

const COORDINATORS: usize = 3;

/// What happens while one epoch is open, and how it ends.
#[derive(Clone, Debug)]
struct Turn {
    /// Somebody is approved, and whether the opener reads of it before the epoch ends.
    approved: Option<bool>,
    /// Who is removed; everybody reads of it, for its author opens the next epoch.
    removed: Option<usize>,
    /// Who renews, and which coordinators read it in time.
    renewals: Vec<(usize, [bool; COORDINATORS])>,
    /// Who opens the next epoch.
    opener: usize,
    /// Who cannot read the opener's roster.
    lost: [bool; COORDINATORS],
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let approved = proptest::option::of(any::<bool>());
    let removed = proptest::option::weighted(0.3, 0_usize..8);
    let renewals = vec((0_usize..8, any::<[bool; COORDINATORS]>()), 0..6);
    let turn = (approved, removed, renewals, 0..COORDINATORS, any::<[bool; COORDINATORS]>())
        .prop_map(|(approved, removed, renewals, opener, lost)| Turn { approved, removed, renewals, opener, lost });
    vec(turn, 1..7)
}

struct Coordinator {
    roster: Roster,
    renewals: Vec<Renewal>,
    /// Whether the roster of this epoch could not be read.
    lost: bool,
}

struct Model {
    town: Town,
    events: Vec<Event>,
    coordinators: Vec<Coordinator>,
    present: Vec<Follower>,
    gone: Vec<Follower>,
    drawn: u64,
}

/// What a slot is sealed by; compared in place of sealing, which takes long.
fn fits(place: Place, candidate: &Candidate, member: &RosterMember) -> bool {
    let kem = || KemSecretKey::from_seed(candidate.kem.clone()).public();
    member.auth(place).key() == &candidate.auth
        && member.secrets.slot.as_ref().is_some_and(|(tag, psk)| *tag == candidate.tag && *psk == candidate.psk)
        && member.kem == kem()
}

impl Model {
    fn new() -> Self {
        let town = Town::new();
        let roster = town.roster.clone();
        let coordinators =
            (0..COORDINATORS).map(|_| Coordinator { roster: roster.clone(), renewals: vec![], lost: false }).collect();
        Self { town, events: vec![], coordinators, present: vec![], gone: vec![], drawn: 0 }
    }

    fn read_events(&mut self, reader: usize) {
        for event in &self.events {
            let _ = self.coordinators[reader].roster.apply(event);
        }
    }

    fn approve(&mut self) {
        let n = u8::try_from(self.present.len() + self.gone.len() + 1).unwrap();
        let mut follower = Follower::new(self.town.person(n));
        self.events.push(added(&follower.person, None));
        // Their late slot, which the approver adds at once.
        let epoch = self.town.roster.context().epoch;
        let candidate = follower.branches.take(self.town.place, epoch).unwrap().remove(0);
        follower.branches.opened(epoch, candidate.branch);
        self.present.push(follower);
    }

    fn renew(&mut self, who: usize, read: [bool; COORDINATORS]) {
        if self.present.is_empty() {
            return;
        }
        let who = who % self.present.len();
        self.drawn += 1;
        let Some(renewal) = self.present[who].renew(self.town.place, self.drawn) else { return };
        for (coordinator, _) in self.coordinators.iter_mut().zip(read).filter(|(_, read)| *read) {
            coordinator.renewals.push(renewal.clone());
        }
    }

    /// Ends the epoch. Returns the rosters by which slots are sealed in the next: the opener's into the runs, and what a
    /// coordinator found missing, or could not read, as late slots.
    fn turn(&mut self, turn: &Turn) -> Vec<Roster> {
        let opener = turn.opener;
        let approvals_before = self.events.len();
        if turn.approved.is_some() {
            self.approve();
        }
        if let Some(who) = turn.removed.filter(|_| !self.present.is_empty()) {
            let removed = self.present.remove(who % self.present.len());
            self.events.push(Event::Remove { member: removed.person.id, reason: String::new() });
            self.gone.push(removed);
        }
        for (who, read) in &turn.renewals {
            self.renew(*who, *read);
        }
        let late = (turn.approved == Some(false)).then(|| self.events.remove(approvals_before));
        for reader in 0..COORDINATORS {
            self.read_events(reader);
        }
        let next = self.town.roster.context().epoch.next();
        self.town.step(next.0);
        let stepped: Vec<Roster> = self
            .coordinators
            .iter()
            .map(|coordinator| coordinator.roster.step_with(next, NOW, &coordinator.renewals).unwrap())
            .collect();
        let opened = stepped[opener].clone();
        let (context, items) = (opened.context(), opened.snapshot());
        self.events.extend(late);
        let mut sealed = vec![opened];
        for (at, own) in stepped.into_iter().enumerate() {
            let lost = turn.lost[at] && at != opener && !self.coordinators[at].lost;
            self.coordinators[at].lost = lost;
            let read = || Roster::from_snapshot(context, &items, &digest(&context, &items)).unwrap();
            self.coordinators[at].roster = if lost { own } else { read() };
            self.read_events(at);
            sealed.push(self.coordinators[at].roster.clone());
        }
        sealed
    }

    /// Everybody looks for a slot.
    fn check(&mut self, epoch: Epoch, sealed: &[Roster]) -> Result<(), TestCaseError> {
        let place = self.town.place;
        let finds = |candidates: &[Candidate]| {
            // The runs before the late slots: they tell what the opener folded.
            sealed.iter().find_map(|roster| {
                let sealed_to = |candidate: &&Candidate| roster.members().values().any(|m| fits(place, candidate, m));
                candidates.iter().find(sealed_to).map(|candidate| candidate.branch)
            })
        };
        for follower in &mut self.present {
            let found = finds(&follower.branches.take(place, epoch).unwrap());
            prop_assert!(found.is_some(), "an approved member has no key of epoch {epoch}");
            follower.branches.opened(epoch, found.unwrap());
        }
        for follower in &mut self.gone {
            let found = finds(&follower.branches.take(place, epoch).unwrap());
            prop_assert!(found.is_none(), "a removed member has a key of epoch {epoch}");
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(Config { cases: 96, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_approved_member_gets_a_key_and_no_removed_one_in_any_order_of_renewals(turns in turns()) {
        let mut model = Model::new();
        for _ in 0..3 {
            model.approve();
        }
        for turn in &turns {
            let sealed = model.turn(turn);
            model.check(model.town.roster.context().epoch, &sealed)?;
        }
    }
}
