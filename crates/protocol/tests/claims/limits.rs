//! What is exactly as large as it may be.

use rand::SeedableRng;
use rand::rngs::StdRng;
use watchfire_protocol::alert::{AlertBody, AlertSignature, AlertsItem, Head, MAX_HEADS, MAX_SIGNATURES, SignedAlert};
use watchfire_protocol::cards::{Card, Cards, LINE_CHARS, MAX_CARDS, TITLE_CHARS};
use watchfire_protocol::charter::{
    CharterError, CharterSignature, MAX_BODY, MAX_SIGNED, SignedCharter, genesis_network, judge, sign,
};
use watchfire_protocol::frame::{ClientFrame, FRAME_LIMIT, Reply, Request, ServerFrame};
use watchfire_protocol::id::{AlertId, Epoch};
use watchfire_protocol::record::{Channel, Header, seal_record};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::sign::{PublicKey, Signature};
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_protocol::verdict::HeldReason;
use watchfire_protocol::vocabulary::limit::ALERT_BYTES;
use watchfire_protocol::vocabulary::{Language, TextBlock};
use watchfire_protocol::wire::{Body, Extension, Extensions, WireError, decode_body, encode, encode_body};

use crate::scene::{Scene, genesis, key};

/// A charter by sixteen admins whose body has so many bytes.
fn charter(len: usize) -> SignedCharter {
    let mut body = genesis();
    body.admins = (201..217).map(|seed| key(seed).public()).collect();
    body.threshold = 16;
    let room = len - encode_body(&body).len();
    // The field costs its tag and a length of three bytes.
    body.extensions = Extensions(vec![Extension { tag: 2, bytes: vec![0; room - 4] }]);
    let mut signed = SignedCharter::unsigned(&body);
    assert_eq!(signed.body.len(), len);
    for seed in 201..217 {
        let signature = sign(&key(seed), genesis_network(&signed.body), &signed.body);
        signed.insert(CharterSignature { signer: key(seed).public(), signature });
    }
    signed
}

#[test]
fn a_charter_of_exactly_the_limit_holds_and_travels_with_all_its_signatures() {
    let signed = charter(MAX_BODY);
    assert!(signed.to_bytes().len() <= MAX_SIGNED);
    assert_eq!(SignedCharter::from_bytes(&signed.to_bytes()), Ok(signed.clone()));
    assert!(judge(None, &signed).is_ok());

    let request = Request::PublishCharter { charter: signed.to_bytes(), admission: Some([1; 32]) };
    let frame = ClientFrame { id: u32::MAX, request };
    assert_eq!(ClientFrame::from_bytes(&frame.to_bytes()), Ok(frame));
    let frame = ServerFrame { id: u32::MAX, reply: Reply::Charters { charters: vec![signed.to_bytes()], more: true } };
    assert_eq!(ServerFrame::from_bytes(&frame.to_bytes()), Ok(frame));
}

#[test]
fn a_charter_of_one_byte_more_is_refused_by_whomever_it_is_signed() {
    let found = MAX_BODY + 1;
    let refused = CharterError::Wire(WireError::TooLarge { found, limit: MAX_BODY });
    assert_eq!(judge(None, &charter(found)), Err(refused));
}

fn heads(scene: &Scene) -> Vec<Head> {
    let head =
        Head { alert: AlertId([7; 16]), epoch: Epoch(u64::MAX), hour: Hour(u32::MAX), expires: Timestamp(u64::MAX) };
    assert!(scene.body().heads.is_empty());
    vec![head; MAX_HEADS]
}

#[test]
fn an_alert_tells_of_eight_others_and_one_that_tells_of_nine_is_held() {
    let scene = Scene::new();
    let mut told = heads(&scene);
    scene.assert_verified(scene.altered(&[11], |body| body.heads = told.clone()));
    told.push(told[0]);
    let held = scene.held(scene.altered(&[11], |body| body.heads = told));
    assert!(matches!(held.reason(), HeldReason::Malformed(_)), "{}", held.reason());
}

#[test]
fn the_longest_alert_that_the_vocabulary_allows_is_read_signed_by_eight_and_fits_a_record() {
    let scene = Scene::new();
    let mut body = AlertBody { heads: heads(&scene), ..scene.body() };
    (body.epoch, body.charter_version) = (Epoch(u64::MAX), u64::MAX);
    (body.sent, body.expires) = (Timestamp(u64::MAX), Timestamp(u64::MAX));
    let block = |description: String| TextBlock {
        language: Language::new("en").unwrap(),
        headline: String::new(),
        description,
        instruction: String::new(),
    };
    body.content.text = vec![block("x".repeat(60_000))];
    let room = ALERT_BYTES - encode(&body.content).len();
    body.content.text = vec![block("x".repeat(60_000 + room))];
    assert_eq!(encode(&body.content).len(), ALERT_BYTES);

    let encoded = encode_body(&body);
    assert!(encoded.len() > 60 << 10 && encoded.len() <= AlertBody::LIMIT);
    assert_eq!(decode_body::<AlertBody>(&encoded), Ok(body));

    // A body of the limit itself, with every signature that there may be.
    let signature = |signer: PublicKey| AlertSignature { signer, kind: 1, signature: Signature([9; 64]) };
    let signatures = (1..=8).map(|seed| signature(key(seed).public())).collect::<Vec<_>>();
    assert_eq!(signatures.len(), MAX_SIGNATURES);
    let item = AlertsItem::Alert(SignedAlert { body: vec![0; AlertBody::LIMIT], signatures });
    assert_eq!(AlertsItem::from_bytes(&item.to_bytes()), Ok(item.clone()));
    let header = Header { channel: Channel::Alerts, epoch: Epoch(1), hour: Hour(0) };
    let (hash, key) = (crate::scene::ANNOUNCEMENT, Secret::new([1; 32]));
    let mut rng = StdRng::seed_from_u64(1);
    let record = seal_record(&scene.place(), &hash, header, &key, &item.to_bytes(), &mut rng).unwrap();
    assert_eq!(record.len(), 64 << 10);
    let frame =
        ServerFrame { id: u32::MAX, reply: Reply::Record { channel: Channel::Alerts, position: u64::MAX, record } };
    assert!(frame.to_bytes().len() <= FRAME_LIMIT);
}

#[test]
fn as_many_cards_as_there_may_be_are_kept_in_their_authors_order() {
    let card = |n: usize| {
        let (title, lines) = ("é".repeat(TITLE_CHARS), vec!["é".repeat(LINE_CHARS)]);
        Card { language: Language::new(&format!("aa-q{:03}", 999 - n)).unwrap(), title, lines }
    };
    let cards: Vec<Card> = (0..MAX_CARDS).map(card).collect();
    assert_eq!(Cards::new(cards.clone()).unwrap().all(), cards);
}
