//! Renewals: what is refused, what is folded, and what a stolen device opens afterwards.

use watchfire_protocol::branch::{Branches, Candidate};
use watchfire_protocol::id::{Epoch, MemberId, NeighborhoodId, sha256};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::renewal::{Renewal, RenewalBody, RenewalRefused};
use watchfire_protocol::roster::{Event, Roster, digest};
use watchfire_protocol::seal::{KemPublicKey, KemSecretKey};
use watchfire_protocol::secret::{Secret, Secret32};
use watchfire_protocol::wire::{Extension, Extensions, Signed, SignedError, WireError};

use crate::neighborhood::{Person, Published, Town, added};
use crate::scene::NOW;

/// A person who follows their branches, as a client does.
pub(crate) struct Follower {
    pub(crate) person: Person,
    pub(crate) branches: Branches,
}

impl Follower {
    pub(crate) fn new(person: Person) -> Self {
        let branches = Branches::new(person.secret.epoch(), person.secret.key().clone(), seed_of(&person.kem));
        Self { person, branches }
    }

    /// A renewal with keys of `n`, if one is due.
    pub(crate) fn renew(&mut self, place: Place, n: u64) -> Option<Renewal> {
        let bytes = |of: &str| Secret::new(sha256(&[of.as_bytes(), &self.person.id.0, &n.to_be_bytes()]));
        let (seed, fresh): (Secret32, Secret32) = (bytes("kem"), bytes("fresh"));
        let (epoch, kem) = self.branches.renew(place, seed, &fresh)?;
        Some(signed(&self.person, place, RenewalBody { member: self.person.id, epoch, kem, fresh, extensions: none() }))
    }

    /// Looks for a slot of the epoch among what was published, and takes the first that opens.
    fn open(&mut self, place: Place, published: &Published) -> Option<Candidate> {
        let epoch = published.announcement.epoch();
        let candidates = self.branches.take(place, epoch).unwrap();
        let opened = candidates.into_iter().find(|candidate| opens(candidate, published))?;
        self.branches.opened(epoch, opened.branch);
        Some(opened)
    }
}

/// Whether any slot of an epoch opens with these keys.
fn opens(candidate: &Candidate, published: &Published) -> bool {
    published.opened.slots.iter().any(|slot| candidate.open(&published.announcement, &slot.body).is_ok())
}

fn seed_of(kem: &KemSecretKey) -> Secret32 {
    kem.seed().clone()
}

fn none() -> Extensions {
    Extensions::default()
}

fn signed(person: &Person, place: Place, body: RenewalBody) -> Renewal {
    Renewal::open(&body.sign(&place, &person.identity), &place).unwrap()
}

fn renewal(town: &mut Town, person: &Person, epoch: u64) -> (Renewal, KemSecretKey) {
    let kem = KemSecretKey::generate(&mut town.rng);
    let fresh = Secret32::generate(&mut town.rng);
    let body = RenewalBody { member: person.id, epoch: Epoch(epoch), kem: kem.public(), fresh, extensions: none() };
    (signed(person, town.place, body), kem)
}

#[test]
fn a_member_goes_by_the_keys_of_the_branch_whose_slot_opened_last() {
    let mut town = Town::new();
    let mut follower = Follower::new(town.add(1, None));
    let (secret, kem) = follower.branches.main(town.place).unwrap();
    assert!(secret.key() == follower.person.secret.key() && kem == seed_of(&follower.person.kem));
    follower.open(town.place, &town.open()).unwrap();
    let renewal = follower.renew(town.place, 1).unwrap();
    let before = follower.branches.main(town.place).unwrap();
    town.roster = town.roster.step_with(Epoch(2), NOW, std::slice::from_ref(&renewal)).unwrap();
    follower.open(town.place, &town.open()).unwrap();
    let (secret, kem) = follower.branches.main(town.place).unwrap();
    assert!(KemSecretKey::from_seed(kem).public() == renewal.body().kem);
    assert!(secret.epoch() == Epoch(3) && secret.key() == before.0.step().key());
}

#[test]
fn a_renewal_by_another_hand_or_of_another_place_or_altered_is_refused() {
    let mut town = Town::new();
    let (person, other) = (town.person(1), town.person(2));
    let body = renewal(&mut town, &person, 1).0.body().clone();
    let good = body.sign(&town.place, &person.identity);
    assert!(Renewal::open(&good, &town.place).is_ok_and(|read| *read.body() == body));

    let elsewhere = Place { neighborhood: NeighborhoodId([9; 16]), ..town.place };
    let relabelled = Signed { signer: other.identity.public(), ..good.clone() };
    let mut altered = good.clone();
    *altered.body.last_mut().unwrap() ^= 1;
    assert_eq!(Renewal::open(&good, &elsewhere).err(), Some(SignedError::Signature));
    for refused in [&relabelled, &altered] {
        assert_eq!(Renewal::open(refused, &town.place).err(), Some(SignedError::Signature));
    }
    // A join request's signature does not pass for a renewal's, though the same key makes both.
    let fields: [&[u8]; 3] = [&town.place.network.0, &town.place.neighborhood.0, &sha256(&[&good.body])];
    let signature = person.identity.sign(watchfire_protocol::labels::Purpose::Join, &fields);
    let other_purpose = Signed { signature, ..good };
    assert_eq!(Renewal::open(&other_purpose, &town.place).err(), Some(SignedError::Signature));
}

#[test]
fn a_renewal_with_an_unusable_key_or_too_many_bytes_or_of_a_newer_version_is_refused() {
    let mut town = Town::new();
    let person = town.person(1);
    let body = renewal(&mut town, &person, 1).0.body().clone();
    let refused =
        |body: &RenewalBody| Renewal::open(&body.sign(&town.place, &person.identity), &town.place).err().unwrap();
    let unusable = RenewalBody { kem: KemPublicKey(Box::new([0xff; 1216])), ..body.clone() };
    assert!(matches!(refused(&unusable), SignedError::Wire(WireError::Malformed(_))));
    let long = |tag| Extensions(vec![Extension { tag, bytes: vec![0; 1000] }]);
    let large = RenewalBody { extensions: long(2), ..body.clone() };
    assert!(matches!(refused(&large), SignedError::Wire(WireError::TooLarge { .. })));
    let newer = RenewalBody { extensions: Extensions(vec![Extension { tag: 3, bytes: vec![] }]), ..body };
    assert_eq!(refused(&newer), SignedError::Wire(WireError::Newer));
}

#[test]
fn a_roster_takes_only_its_members_own_renewals_of_its_epoch_with_keys_that_nobody_has() {
    let mut town = Town::new();
    let (person, other) = (town.add(1, None), town.add(2, None));
    town.step(2);
    let (good, _) = renewal(&mut town, &person, 2);
    assert_eq!(town.roster.takes(&good), Ok(()));
    let with = |change: &dyn Fn(&mut RenewalBody), by: &Person| {
        let mut body = good.body().clone();
        change(&mut body);
        signed(by, town.place, body)
    };
    let in_epoch = |named: u64| RenewalRefused::OtherEpoch { named: Epoch(named), roster: Epoch(2) };
    let refusals = [
        (with(&|_| {}, &other), RenewalRefused::WrongSigner),
        (with(&|body| body.member = MemberId([9; 16]), &person), RenewalRefused::NotAMember),
        (with(&|body| body.epoch = Epoch(1), &person), in_epoch(1)),
        (with(&|body| body.epoch = Epoch(3), &person), in_epoch(3)),
        (with(&|body| body.kem = other.kem.public(), &person), RenewalRefused::KeyInUse),
        (with(&|body| body.kem = person.kem.public(), &person), RenewalRefused::KeyInUse),
    ];
    let untouched = town.roster.step_to(Epoch(3), NOW).unwrap();
    for (refused, why) in refusals {
        assert_eq!(town.roster.takes(&refused), Err(why));
        assert!(town.roster.step_with(Epoch(3), NOW, &[refused]).unwrap() == untouched, "{why}");
    }
    assert!(town.roster.step_with(Epoch(3), NOW, &[good]).unwrap() != untouched);
}

#[test]
fn stepping_with_no_renewals_or_to_the_same_epoch_is_stepping() {
    let mut town = Town::new();
    let person = town.add(1, Some(11));
    let (renewed, _) = renewal(&mut town, &person, 1);
    assert!(town.roster.step_with(Epoch(5), NOW, &[]).unwrap() == town.roster.step_to(Epoch(5), NOW).unwrap());
    assert!(town.roster.step_with(Epoch(1), NOW, std::slice::from_ref(&renewed)).unwrap() == town.roster);
    assert!(town.roster.step_with(Epoch(0), NOW, &[renewed]).is_err());
}

#[test]
fn the_next_slot_is_sealed_to_the_renewed_key_under_the_mixed_secret() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let person = town.add(2, None);
    let (renewed, kem) = renewal(&mut town, &person, 1);
    let secret = person.secret.step().mix(&renewed.body().fresh);
    assert_ne!(secret.tag(), person.secret.step().tag());
    // Read back from a snapshot, as another coordinator holds it.
    let items = town.roster.snapshot();
    let read = Roster::from_snapshot(town.roster.context(), &items, &digest(&town.roster.context(), &items)).unwrap();
    town.roster = town.roster.step_with(Epoch(2), NOW, std::slice::from_ref(&renewed)).unwrap();
    assert!(read.step_with(Epoch(2), NOW, &[renewed]).unwrap() == town.roster);

    let renewed = Person { kem, secret, ..person };
    assert!(town.open().keys(&renewed).is_ok());
    town.step(4);
    assert!(town.open().keys(&renewed).is_ok(), "and so are those after it");
}

#[test]
fn of_two_renewals_the_lowest_hash_is_folded_in_every_order_and_the_clone_is_told() {
    let mut town = Town::new();
    let (person, other) = (town.add(1, None), town.add(2, None));
    let mut both = [renewal(&mut town, &person, 1).0, renewal(&mut town, &person, 1).0];
    both.sort_by_key(|renewal| *renewal.hash());
    let [low, high] = both;
    let (single, _) = renewal(&mut town, &other, 1);
    let wanted = town.roster.step_with(Epoch(2), NOW, &[low.clone(), single.clone()]).unwrap();
    for order in [[&high, &single, &low], [&low, &high, &single], [&single, &high, &low]] {
        let renewals: Vec<Renewal> = order.into_iter().cloned().collect();
        assert!(town.roster.step_with(Epoch(2), NOW, &renewals).unwrap() == wanted);
        assert!(town.roster.clones(&renewals).into_iter().eq([person.id]));
    }
    assert!(wanted.members()[&person.id].kem == low.body().kem);
    assert!(town.roster.clones(&[low.clone(), low.clone(), single]).is_empty(), "one that came twice is one");
    let (forged, _) = renewal(&mut town, &other, 1);
    let forged = signed(&other, town.place, RenewalBody { member: person.id, ..forged.body().clone() });
    assert!(town.roster.clones(&[low, forged]).is_empty(), "nobody can accuse another");
}

#[test]
fn two_members_who_renew_to_one_key_do_not_get_it_both() {
    let mut town = Town::new();
    let (one, other) = (town.add(1, None), town.add(2, None));
    let (first, _) = renewal(&mut town, &one, 1);
    let same = signed(&other, town.place, RenewalBody { member: other.id, ..first.body().clone() });
    for renewals in [[first.clone(), same.clone()], [same, first.clone()]] {
        let stepped = town.roster.step_with(Epoch(2), NOW, &renewals).unwrap();
        assert!(stepped.members()[&one.id].kem == first.body().kem);
        assert!(stepped.members()[&other.id].kem == other.kem.public());
    }
}

#[test]
fn a_removed_member_does_not_come_back_by_a_renewal() {
    let mut town = Town::new();
    let person = town.add(1, None);
    let (renewed, _) = renewal(&mut town, &person, 1);
    town.roster.apply(&Event::Remove { member: person.id, reason: String::new() }).unwrap();
    assert_eq!(town.roster.takes(&renewed), Err(RenewalRefused::NotAMember));
    let next = town.roster.step_with(Epoch(2), NOW, &[renewed]).unwrap();
    assert!(next.members().is_empty() && next.removed(&person.id));
}

#[test]
fn renewals_of_several_epochs_are_folded_each_in_its_own() {
    let mut town = Town::new();
    let mut follower = Follower::new(town.add(1, None));
    follower.branches.take(town.place, Epoch(1)).unwrap();
    follower.branches.opened(Epoch(1), 0);
    let mut renewals = Vec::new();
    let start = town.roster.clone();
    for epoch in 1..=3 {
        renewals.push(follower.renew(town.place, epoch).unwrap());
        town.roster = town.roster.step_with(Epoch(epoch + 1), NOW, &renewals).unwrap();
        let published = town.open();
        assert!(follower.open(town.place, &published).is_some(), "epoch {}", epoch + 1);
    }
    assert!(start.step_with(Epoch(4), NOW, &renewals).unwrap() == town.roster, "for whoever lost the rosters between");
}

#[test]
fn whoever_copied_a_device_before_a_renewal_opens_nothing_once_it_was_folded() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let mut victim = Follower::new(town.add(2, None));
    let first = town.open();
    victim.open(town.place, &first).unwrap();
    let mut thief = victim.branches.clone();

    // Not yet folded: the copy is as good as the device.
    town.step(2);
    let second = town.open();
    assert!(thief.take(town.place, Epoch(2)).unwrap().iter().any(|candidate| opens(candidate, &second)));
    victim.open(town.place, &second).unwrap();

    let renewed = victim.renew(town.place, 0).unwrap();
    town.roster = town.roster.step_with(Epoch(3), NOW, &[renewed]).unwrap();
    for epoch in 3..6 {
        town.step(epoch);
        let published = town.open();
        let stolen = thief.take(town.place, Epoch(epoch)).unwrap();
        assert!(!stolen.iter().any(|candidate| opens(candidate, &published)), "epoch {epoch}");
        assert!(victim.open(town.place, &published).is_some());
    }
}

#[test]
fn with_one_renewal_unresolved_no_other_is_made_and_both_branches_are_followed() {
    let mut town = Town::new();
    let mut follower = Follower::new(town.add(1, None));
    assert!(follower.renew(town.place, 0).is_none(), "not before the first slot opened");
    let published = town.open();
    follower.open(town.place, &published).unwrap();
    assert!(follower.renew(town.place, 1).is_some() && follower.branches.is_unresolved());
    assert!(follower.renew(town.place, 2).is_none());

    // The renewal was lost, and the slot of the next epoch withheld.
    town.step(2);
    assert_eq!(follower.branches.take(town.place, Epoch(2)).unwrap().len(), 2);
    assert!(follower.renew(town.place, 3).is_none(), "nor while the newest epoch has no keys");
    town.step(3);
    let third = town.open();
    follower.open(town.place, &third).unwrap();
    assert!(!follower.branches.is_unresolved());
    assert!(follower.renew(town.place, 4).is_some());
    // Each branch has a number of its own, and what the last slot was sealed by is looked for first.
    town.step(4);
    let candidates = follower.branches.take(town.place, Epoch(4)).unwrap();
    let numbers: std::collections::BTreeSet<u64> = candidates.iter().map(|candidate| candidate.branch).collect();
    assert_eq!(numbers.len(), candidates.len());
    let fourth = town.open();
    let opened = candidates.iter().find(|candidate| opens(candidate, &fourth)).unwrap().branch;
    follower.branches.opened(Epoch(4), opened);
    assert_eq!(follower.branches.take(town.place, Epoch(5)).unwrap()[0].branch, opened);
}

#[test]
fn the_branch_that_lost_is_erased_once_another_slot_opened() {
    let mut town = Town::new();
    let mut follower = Follower::new(town.add(1, None));
    let published = town.open();
    follower.open(town.place, &published).unwrap();
    let renewed = follower.renew(town.place, 1).unwrap();
    let losing = follower.person.secret.step_to(Epoch(4)).unwrap();
    town.roster = town.roster.step_with(Epoch(2), NOW, &[renewed]).unwrap();
    for (epoch, there) in [(2, true), (3, false)] {
        town.step(epoch);
        let published = town.open();
        follower.open(town.place, &published).unwrap();
        let held = follower.branches.clone().take(town.place, Epoch(4)).unwrap();
        assert_eq!(held.iter().any(|candidate| candidate.tag == losing.tag()), there, "epoch {epoch}");
    }
    let bytes = watchfire_protocol::wire::encode(&follower.branches);
    let gone = [seed_of(&follower.person.kem), losing.key().clone()];
    assert!(!gone.iter().any(|secret| bytes.windows(32).any(|window| window == secret.expose())));
}

#[test]
fn a_slot_that_opens_late_decides_nothing() {
    let mut town = Town::new();
    let mut follower = Follower::new(town.add(1, None));
    let published = town.open();
    let first = follower.open(town.place, &published).unwrap();
    follower.renew(town.place, 1).unwrap();
    let before = follower.branches.clone();
    follower.branches.opened(Epoch(1), first.branch);
    follower.branches.opened(Epoch(2), 77);
    assert!(follower.branches == before);
}

#[test]
fn an_epoch_is_taken_once_and_not_from_too_far_away() {
    let mut town = Town::new();
    let mut branches = Follower::new(town.person(1)).branches;
    branches.take(town.place, Epoch(1)).unwrap();
    let before = branches.clone();
    for refused in [0, 1, 4099] {
        assert!(branches.take(town.place, Epoch(refused)).is_err());
    }
    assert!(branches == before);
    assert!(branches.take(town.place, Epoch(4098)).is_ok());
}

#[test]
fn a_vouched_member_is_known_in_later_epochs_and_in_snapshots() {
    let mut town = Town::new();
    let person = town.add(1, None);
    assert!(!town.roster.vouched(&person.id));
    assert_eq!(town.roster.apply(&Event::Vouch { member: person.id }), Ok(true));
    assert_eq!(town.roster.apply(&Event::Vouch { member: person.id }), Ok(false));
    town.step(2);
    let (context, items) = (town.roster.context(), town.roster.snapshot());
    let read = Roster::from_snapshot(context, &items, &digest(&context, &items)).unwrap();
    assert!(read.vouched(&person.id) && !read.vouched(&MemberId([9; 16])));
    assert_eq!(town.roster.apply(&added(&person, None)), Ok(false));
}
