//! Signatures that are added to an alert, and what else an alerts record may contain.

use watchfire_protocol::alert::{AlertSignature, AlertsItem, Beacon, Head, MAX_HEADS, SignedAlert};
use watchfire_protocol::id::{AlertId, Epoch, RestrictionsHash};
use watchfire_protocol::inbox::InboxItem;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::Signature;
use watchfire_protocol::time::Hour;
use watchfire_protocol::wire::{Extensions, SignedError, WireError, encode};

use crate::scene::{ANNOUNCEMENT, ELSEWHERE, NOW, Scene, key};

fn made_up(signer: u8, kind: u8) -> AlertSignature {
    AlertSignature { signer: key(signer).public(), kind, signature: Signature([7; 64]) }
}

fn with(mut alert: SignedAlert, added: impl IntoIterator<Item = AlertSignature>) -> SignedAlert {
    alert.signatures.extend(added);
    alert.signatures.sort_unstable();
    assert!(alert.is_well_formed());
    alert
}

#[test]
fn a_signature_is_added_once_and_in_its_place() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11]);
    let added = scene.alert(&[21]).signatures[0];
    assert!(alert.add(&scene.place(), added));
    assert!(!alert.add(&scene.place(), added));
    assert!(alert.is_well_formed());
    assert_eq!(alert.valid_signatures(&scene.place()).count(), 2);
}

#[test]
fn a_signature_that_does_not_verify_here_is_never_added() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11]);
    let elsewhere = Place { neighborhood: ELSEWHERE, ..scene.place() };
    let moved = SignedAlert::sign(&scene.body(), &elsewhere, &key(21)).signatures[0];
    let other = scene.altered(&[21], |body| body.sent = NOW.plus(1)).signatures[0];
    let mut kind = scene.alert(&[21]).signatures[0];
    kind.kind = 2;
    for refused in [moved, other, kind, made_up(21, 1)] {
        assert!(!alert.add(&scene.place(), refused));
    }
    assert_eq!(alert, scene.alert(&[11]));
}

#[test]
fn a_made_up_signature_does_not_keep_the_true_one_out() {
    let scene = Scene::new();
    for kind in [1, 2] {
        let mut alert = with(scene.alert(&[11]), [made_up(21, kind)]);
        assert!(alert.add(&scene.place(), scene.alert(&[21]).signatures[0]));
        assert!(alert.is_well_formed());
        assert_eq!(alert.valid_signatures(&scene.place()).count(), 2);
    }
}

#[test]
fn eight_made_up_signatures_leave_room_for_true_ones() {
    let scene = Scene::new();
    let mut alert = with(scene.alert(&[11]), (51..58).map(|signer| made_up(signer, 1)));
    for signer in [21, 31, 61, 62, 63, 64, 65] {
        assert!(alert.add(&scene.place(), scene.alert(&[signer]).signatures[0]), "{signer}");
        assert!(alert.is_well_formed());
    }
    assert_eq!(alert.valid_signatures(&scene.place()).count(), 8);
    assert!(!alert.add(&scene.place(), scene.alert(&[66]).signatures[0]), "a true one gives way to nobody");
}

#[test]
fn no_more_than_eight_signatures_are_ever_checked() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11, 12, 21, 31, 41, 51, 61, 71]);
    alert.signatures.push(scene.alert(&[81]).signatures[0]);
    assert_eq!(alert.valid_signatures(&scene.place()).count(), 8);
}

#[test]
fn an_alert_has_another_id_in_every_neighborhood_and_for_every_body() {
    let scene = Scene::new();
    let elsewhere = Place { neighborhood: ELSEWHERE, ..scene.place() };
    let alert = scene.alert(&[11]);
    assert_ne!(alert.id(&scene.place()), alert.id(&elsewhere));
    assert_ne!(alert.id(&scene.place()), scene.altered(&[11], |body| body.random[0] ^= 1).id(&scene.place()));
    assert_eq!(alert.id(&scene.place()), scene.alert(&[21]).id(&scene.place()), "whoever signed it");
}

fn beacon(scene: &Scene) -> Beacon {
    Beacon {
        time: NOW,
        charter_version: 1,
        charter: scene.charters.newest().hash(),
        restrictions: RestrictionsHash::ZERO,
        announcement: ANNOUNCEMENT,
        heads: vec![],
        extensions: Extensions::default(),
    }
}

#[test]
fn a_beacon_of_another_place_or_by_another_hand_or_an_alert_is_none() {
    let scene = Scene::new();
    let signed = beacon(&scene).sign(&scene.place(), &key(11));
    assert_eq!(Beacon::open(&signed, &scene.place()), Ok(beacon(&scene)));
    let elsewhere = Place { neighborhood: ELSEWHERE, ..scene.place() };
    assert_eq!(Beacon::open(&signed, &elsewhere), Err(SignedError::Signature));
    let mut other = signed.clone();
    other.signer = key(21).public();
    assert_eq!(Beacon::open(&other, &scene.place()), Err(SignedError::Signature));
    let mut other = signed;
    let alert = scene.alert(&[11]);
    (other.body, other.signature) = (alert.body.clone(), alert.signatures[0].signature);
    assert_eq!(Beacon::open(&other, &scene.place()), Err(SignedError::Signature), "one purpose a signature");
}

#[test]
fn a_beacon_tells_of_eight_alerts_and_one_that_tells_of_nine_is_refused() {
    let scene = Scene::new();
    let head = Head { alert: AlertId([7; 16]), epoch: Epoch(1), hour: Hour(0), expires: NOW };
    let open = |count| {
        let told = Beacon { heads: vec![head; count], ..beacon(&scene) };
        Beacon::open(&told.sign(&scene.place(), &key(11)), &scene.place())
    };
    assert!(open(MAX_HEADS).is_ok());
    assert!(matches!(open(MAX_HEADS + 1), Err(SignedError::Wire(WireError::Malformed(_)))));
}

#[test]
fn what_a_newer_program_puts_into_a_record_is_told_apart_from_garbage() {
    for variant in [4_u64, 200, 251] {
        let bytes = [&encode(&variant)[..], &[1, 2, 3]].concat();
        assert_eq!(AlertsItem::from_bytes(&bytes), Err(WireError::Newer));
    }
    assert_eq!(InboxItem::from_bytes(&[2, 0]), Err(WireError::Newer));
    for garbage in [vec![], vec![0], vec![3, 5, 1], vec![1; 20]] {
        assert!(matches!(AlertsItem::from_bytes(&garbage), Err(WireError::Malformed(_))), "{garbage:?}");
        assert!(matches!(InboxItem::from_bytes(&garbage), Err(WireError::Malformed(_) | WireError::Newer)));
    }
}

#[test]
fn a_relay_can_be_replaced_and_an_alert_sealed_anew_in_a_later_epoch_is_the_same_and_as_true() {
    let mut scene = Scene::new();
    let alert = scene.alert(&[11]);
    let written = scene.record_epoch;
    for later in [0, 1, 7, 4000] {
        scene.record_epoch = Epoch(written.0 + later);
        scene.assert_verified(alert.clone());
        assert_eq!(scene.shown(alert.clone()).id(), alert.id(&scene.place()));
    }
}
