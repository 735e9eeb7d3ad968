//! `{:?}` ends up in logs. What it must never print is looked for in every spelling.

use std::marker::PhantomData;

use data_encoding::{HEXLOWER, HEXUPPER};
use watchfire_protocol::alert::{AlertsItem, SignedAlert};
use watchfire_protocol::branch::{Branches, Candidate};
use watchfire_protocol::desk::{Desk, DeskBody, DeskEvent, Entry, Matter};
use watchfire_protocol::epoch::{CoordinatorKeys, EpochKeys, MemberKeys};
use watchfire_protocol::frame::{ClientFrame, Request};
use watchfire_protocol::id::{
    AlertId, AnnouncementHash, CharterHash, Epoch, MemberId, RequestHash, RestrictionsHash, crockford, sha256,
};
use watchfire_protocol::inbox::{InboxItem, Report, Sees};
use watchfire_protocol::invite::{InviteLink, InviteSecret, JoinRequest};
use watchfire_protocol::ratchet::Chain;
use watchfire_protocol::renewal::{Renewal, RenewalBody};
use watchfire_protocol::roster::{Event, EventBody, Roster, RosterInvite, RosterMember, RosterSecrets};
use watchfire_protocol::seal::{KemSecretKey, Psk};
use watchfire_protocol::secret::{Secret, Secret32};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::{MemberAuth, SlotSecret};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::Verdict;
use watchfire_protocol::vocabulary::{Caller, Code, ReportContent};
use watchfire_protocol::wire::{Extensions, Signed, encode_body};

use crate::neighborhood::{Town, member};
use crate::scene::{NOW, Scene, key};

/// No run of six bytes of the secret is printed, as text, hexadecimal, base32 or numbers, on one line or on many.
#[track_caller]
fn assert_silent(value: &impl std::fmt::Debug, secret: &[u8]) {
    let printed = [format!("{value:?}"), format!("{value:#?}").split_whitespace().collect::<Vec<_>>().join(" ")];
    for text in printed {
        for run in secret.windows(6) {
            let numbers: Vec<String> = run.iter().map(u8::to_string).collect();
            let spellings = [
                String::from_utf8_lossy(run).into_owned(),
                HEXLOWER.encode(run),
                HEXUPPER.encode(run),
                crockford().encode(run)[..8].to_owned(),
                numbers.join(", "),
            ];
            for spelling in spellings {
                assert!(!text.contains(&spelling), "`{spelling}` in {text}");
            }
        }
    }
}

const SECRET: [u8; 32] = *b"n0-0ne-may-see-th1s-1n-a-l0g-f1l";

#[test]
fn the_looking_glass_finds_what_is_printed() {
    for value in [format!("{:?}", SECRET), HEXLOWER.encode(&SECRET), String::from_utf8(SECRET.to_vec()).unwrap()] {
        assert!(std::panic::catch_unwind(|| assert_silent(&value, &SECRET)).is_err(), "{value}");
    }
    assert!(std::panic::catch_unwind(|| assert_silent(&SECRET, &SECRET)).is_err());
}

/// Tells at compile time whether a type can be printed: the inherent method wins where its bound holds.
struct Printed<T>(PhantomData<T>);

trait Silent {
    fn by_debug(&self) -> bool {
        false
    }

    fn by_display(&self) -> bool {
        false
    }
}

impl<T> Silent for &Printed<T> {}

impl<T: std::fmt::Debug> Printed<T> {
    const fn by_debug(&self) -> bool {
        true
    }
}

impl<T: std::fmt::Display> Printed<T> {
    const fn by_display(&self) -> bool {
        true
    }
}

macro_rules! printed {
    ($($type:ty),+ $(,)?) => {
        [$((stringify!($type), (&Printed::<$type>(PhantomData)).by_debug(), (&Printed::<$type>(PhantomData)).by_display())),+]
    };
}

#[test]
fn no_type_that_is_a_secret_can_be_printed_at_all() {
    assert_eq!(printed!(u8, Timestamp), [("u8", true, true), ("Timestamp", true, false)]);
    let secrets = printed!(
        Secret<16>,
        Secret32,
        SecretKey,
        Psk,
        KemSecretKey,
        Chain,
        SlotSecret,
        MemberAuth,
        MemberKeys,
        CoordinatorKeys,
        EpochKeys,
        InviteSecret,
        InviteLink,
        JoinRequest,
        RenewalBody,
        Renewal,
        Candidate,
        Branches,
        RosterSecrets,
        RosterMember,
        RosterInvite,
        Event,
        EventBody,
        Roster,
        DeskEvent,
        DeskBody,
        Entry,
        Desk,
        Matter,
    );
    for (name, debug, display) in secrets {
        assert!(!debug && !display, "{name}");
    }
}

#[test]
fn the_operators_token_is_not_printed() {
    let request = Request::PublishCharter { charter: vec![1], admission: Some(SECRET) };
    assert_eq!(format!("{request:?}"), "PublishCharter");
    assert_silent(&request, &SECRET);
    assert_silent(&ClientFrame { id: 1, request }, &SECRET);
}

#[test]
fn the_slot_secret_in_a_signed_body_is_not_printed() {
    let mut town = Town::new();
    let person = town.person(1);
    let mut entry = member(&person, None);
    entry.secrets = RosterSecrets { epoch: Epoch(1), auth: Secret::new(SECRET), next: Secret::new(SECRET), slot: None };
    let body = EventBody {
        epoch: Epoch(1),
        charter_version: 1,
        charter: CharterHash([1; 32]),
        at: NOW,
        event: Event::Add(Box::new(entry)),
        extensions: Extensions::default(),
    };
    let signed = body.sign(&town.place, &key(11));
    assert!(signed.body.windows(32).any(|run| run == SECRET));
    assert_silent(&signed, &SECRET);
    assert_silent(&InboxItem::Renew(signed.clone()), &SECRET);
    assert_silent(&AlertsItem::Beacon(signed), &SECRET);
}

#[test]
fn what_a_report_says_and_who_called_are_not_printed_with_its_envelope() {
    let report = Report {
        random: [1; 16],
        sent: NOW,
        sees: Sees {
            charter_version: 1,
            charter: CharterHash([1; 32]),
            restrictions: RestrictionsHash::ZERO,
            announcement: AnnouncementHash([2; 32]),
            head: None,
        },
        content: ReportContent {
            caller: Some(Caller::new(String::from_utf8(SECRET.to_vec()).unwrap())),
            ..ReportContent::new(Code::constant("enforcement.raid"))
        },
        extensions: Extensions::default(),
    };
    assert!(encode_body(&report).windows(32).any(|run| run == SECRET));
    assert_silent(&report, &SECRET);
    let auth = MemberAuth::new(Scene::new().place().at(Epoch(1)), Secret::new([3; 32]));
    let item = InboxItem::authenticate(MemberId([1; 16]), &auth, &report);
    assert_silent(&item, &SECRET);
    assert_silent(&item, b"enforcement.raid");
    let InboxItem::Authenticated { mac, .. } = &item else { panic!("a report is authenticated") };
    assert_silent(&item, mac);
}

#[test]
fn what_an_alert_says_is_not_printed_before_it_was_judged() {
    let scene = Scene::new();
    let alert = scene.alert(&[99]);
    let said = b"enforcement.checkpoint";
    assert!(alert.body.windows(said.len()).any(|run| run == said));
    assert_silent(&alert, said);
    assert_silent(&AlertsItem::Alert(alert.clone()), said);
    let Verdict::Held(held) = scene.judge(alert) else { panic!("shown") };
    assert_silent(&held, said);
}

#[test]
fn an_envelope_tells_how_long_its_body_is() {
    let signed = Signed {
        body: vec![7; 300],
        signer: key(1).public(),
        signature: key(1).sign(watchfire_protocol::labels::Purpose::Join, &[]),
    };
    assert!(format!("{signed:?}").starts_with("Signed { body: 300 bytes, signer: PublicKey("));
    let alert = SignedAlert { body: vec![7; 300], signatures: vec![] };
    assert_eq!(format!("{alert:?}"), "SignedAlert { body: 300 bytes, signatures: [] }");
    let item = InboxItem::Authenticated { member: MemberId([0; 16]), body: vec![7; 300], mac: [8; 32] };
    assert_eq!(
        format!("{item:?}"),
        "Authenticated { member: MemberId(00000000000000000000000000), body: 300 bytes, .. }"
    );
    assert_ne!(AlertId([7; 16]).to_string(), RequestHash([7; 32]).to_string());
}

#[test]
fn a_public_key_of_x_wing_is_told_by_its_hash() {
    let [one, other] = [1, 2].map(|seed| KemSecretKey::from_seed(Secret::new([seed; 32])).public());
    let hash = crockford().encode(&sha256(&[one.0.as_slice()]));
    assert_eq!(format!("{one:?}"), format!("KemPublicKey({hash})"));
    assert_ne!(format!("{one:?}"), format!("{other:?}"));
}
