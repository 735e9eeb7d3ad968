//! What is for one member alone opens for that member alone, and only coordinators can make it.

use watchfire_protocol::direct::{Direct, Envelope, PADDED_LEN, open_direct, seal_direct};
use watchfire_protocol::id::{AlertId, AnnouncementHash, Epoch, NeighborhoodId};
use watchfire_protocol::kdf::Place as Where;
use watchfire_protocol::record::{Channel, Header, SIZES, seal_record};
use watchfire_protocol::seal::{OVERHEAD, Unopenable};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::slot::{MemberAuth, SlotSecret};
use watchfire_protocol::time::Hour;
use watchfire_protocol::vocabulary::{Place, limit};
use watchfire_protocol::wire::Extensions;

use crate::neighborhood::{Person, Town};

const ALERT: AlertId = AlertId([7; 16]);

fn told() -> Direct {
    let place = Some(Place::named("1204 Elm Street, the green door at the back"));
    Direct { alert: ALERT, place, text: "ring twice".to_owned(), extensions: Extensions::default() }
}

fn known(alert: &AlertId) -> bool {
    *alert == ALERT
}

/// The envelope of a record of the first epoch, third hour, and a sealed direct for `to` with what coordinators hold.
fn sealed_for(town: &mut Town, to: &Person) -> (Envelope, Vec<u8>) {
    let published = town.open();
    let envelope =
        Envelope { context: town.place.at(Epoch(1)), announcement: published.announcement.hash(), hour: Hour(3) };
    let entry = &town.roster.members()[&to.id];
    let sealed = seal_direct(&envelope, &entry.kem, &entry.auth(town.place), &told(), &mut town.rng).unwrap();
    (envelope, sealed)
}

#[test]
fn a_direct_opens_for_its_member_and_for_nobody_else() {
    let mut town = Town::new();
    let (kai, ana, coordinator) = (town.add(1, None), town.add(2, None), town.add(3, Some(11)));
    let (envelope, sealed) = sealed_for(&mut town, &kai);
    assert_eq!(open_direct(&envelope, &kai.kem, &kai.secret.auth(), &sealed, known), Ok(told()));
    for other in [&ana, &coordinator] {
        assert_eq!(open_direct(&envelope, &other.kem, &other.secret.auth(), &sealed, known), Err(Unopenable));
        // Neither half of the member's keys is enough.
        assert_eq!(open_direct(&envelope, &kai.kem, &other.secret.auth(), &sealed, known), Err(Unopenable));
        assert_eq!(open_direct(&envelope, &other.kem, &kai.secret.auth(), &sealed, known), Err(Unopenable));
    }
}

#[test]
fn a_direct_made_with_the_keys_of_another_member_or_of_a_removed_one_is_dropped() {
    let mut town = Town::new();
    let (kai, infiltrator) = (town.add(1, None), town.add(2, None));
    let (envelope, _) = sealed_for(&mut town, &kai);
    // An infiltrator knows nobody's key. Suppose that they do.
    let forged = seal_direct(&envelope, &kai.kem.public(), &infiltrator.secret.auth(), &told(), &mut town.rng).unwrap();
    assert_eq!(open_direct(&envelope, &kai.kem, &kai.secret.auth(), &forged, known), Err(Unopenable));
    // Who was a coordinator until the last epoch knows last epoch's secrets, and not what was renewed since.
    let next = Envelope { context: town.place.at(Epoch(2)), ..envelope };
    let renewed = kai.secret.step().mix(&Secret::new([9; 32]));
    let stale = [kai.secret.auth(), kai.secret.step().auth()];
    for auth in stale {
        let old = MemberAuth::new(next.context, auth.key().clone());
        let forged = seal_direct(&next, &kai.kem.public(), &old, &told(), &mut town.rng).unwrap();
        assert_eq!(open_direct(&next, &kai.kem, &renewed.auth(), &forged, known), Err(Unopenable));
    }
}

#[test]
fn a_direct_moved_to_another_place_epoch_announcement_or_hour_is_dropped() {
    let mut town = Town::new();
    let kai = town.add(1, None);
    let (envelope, sealed) = sealed_for(&mut town, &kai);
    let elsewhere = Where { neighborhood: NeighborhoodId([9; 16]), ..town.place };
    for moved in [
        Envelope { context: elsewhere.at(Epoch(1)), ..envelope },
        Envelope { context: town.place.at(Epoch(2)), ..envelope },
        Envelope { announcement: AnnouncementHash([1; 32]), ..envelope },
        Envelope { hour: Hour(4), ..envelope },
    ] {
        let secret = SlotSecret::new(moved.context, kai.secret.key().clone());
        for auth in [secret.auth(), kai.secret.auth()] {
            assert_eq!(open_direct(&moved, &kai.kem, &auth, &sealed, known), Err(Unopenable));
        }
    }
}

#[test]
fn a_direct_that_was_altered_or_cut_is_dropped() {
    let mut town = Town::new();
    let kai = town.add(1, None);
    let (envelope, sealed) = sealed_for(&mut town, &kai);
    for at in [0, sealed.len() / 2, sealed.len() - 1] {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert_eq!(open_direct(&envelope, &kai.kem, &kai.secret.auth(), &altered, known), Err(Unopenable));
    }
    for len in [0, 1, OVERHEAD, sealed.len() - 1] {
        assert_eq!(open_direct(&envelope, &kai.kem, &kai.secret.auth(), &sealed[..len], known), Err(Unopenable));
    }
}

#[test]
fn a_direct_about_an_alert_that_is_not_among_the_members_is_dropped() {
    let mut town = Town::new();
    let kai = town.add(1, None);
    let (envelope, sealed) = sealed_for(&mut town, &kai);
    assert_eq!(open_direct(&envelope, &kai.kem, &kai.secret.auth(), &sealed, |_| false), Err(Unopenable));
}

#[test]
fn every_direct_has_one_length_whatever_it_says_and_the_longest_fits_a_record_of_the_second_size() {
    let mut town = Town::new();
    let kai = town.add(1, None);
    let (envelope, short) = sealed_for(&mut town, &kai);
    let longest = Direct {
        place: Some(Place::named("é".repeat(limit::PLACE_CHARS))),
        text: "𝄞".repeat(limit::ANSWER_CHARS),
        ..told()
    };
    let (kem, auth) = (kai.kem.public(), kai.secret.auth());
    let sealed = seal_direct(&envelope, &kem, &auth, &longest, &mut town.rng).unwrap();
    assert_eq!((sealed.len(), short.len()), (PADDED_LEN + OVERHEAD, PADDED_LEN + OVERHEAD));
    let header = Header { channel: Channel::Alerts, epoch: Epoch(1), hour: Hour(3) };
    let content = watchfire_protocol::alert::AlertsItem::Direct(sealed).to_bytes();
    let hash = envelope.announcement;
    let record = seal_record(&town.place, &hash, header, &Secret::new([1; 32]), &content, &mut town.rng).unwrap();
    assert_eq!(record.len(), SIZES[1]);
    let more = Direct { text: "x".repeat(PADDED_LEN), ..told() };
    assert_eq!(seal_direct(&envelope, &kem, &auth, &more, &mut town.rng), Err(Unopenable));
}

#[test]
fn a_direct_is_printed_by_its_alert_and_without_the_place() {
    let printed = format!("{:?}", told());
    assert!(printed.contains(&format!("{ALERT:?}")) && !printed.contains("twice"), "{printed}");
}
