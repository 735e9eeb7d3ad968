//! Join requests that are refused, and phrases that differ.

use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, InviteId, NeighborhoodId, NetworkId, RequestHash};
use watchfire_protocol::invite::{CharterKeyClaim, InviteLink, InviteSecret, JoinRequest, invite_id, neighborhood_of};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::phrase::{Half, Phrase, PhraseLanguage};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::seal::{KemPublicKey, KemSecretKey};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire::{Extension, Extensions, SignedError, WireError};

use crate::scene::{ELSEWHERE, HERE, key};

const PLACE: Place = Place { network: NetworkId([1; 32]), neighborhood: HERE };

fn request() -> JoinRequest {
    JoinRequest {
        invite: InviteId([2; 16]),
        epoch: Epoch(7),
        announcement: AnnouncementHash([3; 32]),
        charter_version: 1,
        charter: CharterHash([4; 32]),
        identity: key(50).public(),
        kem: KemSecretKey::from_seed(Secret::new([5; 32])).public(),
        secret: Secret::new([6; 32]),
        handle: "Kai".to_owned(),
        languages: vec!["es".to_owned()],
        roles: vec![Code::constant("observer")],
        charter_key: None,
        random: [7; 32],
        extensions: Extensions::default(),
    }
}

fn open(change: impl FnOnce(&mut JoinRequest)) -> Option<SignedError> {
    let mut request = request();
    change(&mut request);
    JoinRequest::open(&request.sign(&PLACE, &key(50)), &PLACE).err()
}

#[track_caller]
fn assert_malformed(change: impl FnOnce(&mut JoinRequest)) {
    assert!(matches!(open(change), Some(SignedError::Wire(WireError::Malformed(_)))));
}

#[test]
fn a_request_is_signed_by_the_identity_in_it_for_this_place() {
    assert_eq!(open(|_| ()), None);
    let stolen = request().sign(&PLACE, &key(51));
    assert_eq!(JoinRequest::open(&stolen, &PLACE).err(), Some(SignedError::Signature), "another identity signed");
    let mut renamed = request().sign(&PLACE, &key(51));
    renamed.signer = key(50).public();
    assert_eq!(JoinRequest::open(&renamed, &PLACE).err(), Some(SignedError::Signature));
    for place in [Place { neighborhood: ELSEWHERE, ..PLACE }, Place { network: NetworkId([9; 32]), ..PLACE }] {
        assert_eq!(JoinRequest::open(&request().sign(&PLACE, &key(50)), &place).err(), Some(SignedError::Signature));
    }
    let mut altered = request().sign(&PLACE, &key(50));
    *altered.body.last_mut().unwrap() ^= 1;
    assert_eq!(JoinRequest::open(&altered, &PLACE).err(), Some(SignedError::Signature));
}

#[test]
fn a_charter_key_that_did_not_bind_itself_to_this_identity_here_is_refused() {
    let identity = key(50).public();
    let bound = CharterKeyClaim::sign(&PLACE, &identity, &key(11));
    assert_eq!(open(|request| request.charter_key = Some(bound)), None);
    let elsewhere = Place { neighborhood: ELSEWHERE, ..PLACE };
    let others = CharterKeyClaim::sign(&PLACE, &key(51).public(), &key(11));
    let moved = CharterKeyClaim::sign(&elsewhere, &identity, &key(11));
    let stolen = CharterKeyClaim { key: key(12).public(), ..bound };
    for claim in [others, moved, stolen] {
        assert_eq!(open(|request| request.charter_key = Some(claim)), Some(SignedError::Signature));
    }
    let mut request = request();
    assert_eq!(request.role(), InviteRole::Responder);
    request.charter_key = Some(bound);
    assert_eq!(request.role(), InviteRole::Coordinator);
}

#[test]
fn handles_languages_and_roles_out_of_bounds_are_refused() {
    assert_eq!(open(|request| request.handle = "k".repeat(64)), None);
    assert_malformed(|request| request.handle = "k".repeat(65));
    assert_malformed(|request| request.handle.clear());
    assert_malformed(|request| request.handle = " \t\u{a0}".to_owned());
    assert_eq!(open(|request| request.languages = vec!["es".to_owned(); 8]), None);
    assert_malformed(|request| request.languages = vec!["es".to_owned(); 9]);
    assert_malformed(|request| request.languages = vec!["x".repeat(36)]);
    assert_eq!(open(|request| request.roles = vec![Code::constant("observer"); 8]), None);
    assert_malformed(|request| request.roles = vec![Code::constant("observer"); 9]);
    assert_malformed(|request| {
        request.languages = vec!["x".repeat(35); 8];
        request.roles = vec![Code::new("r".repeat(48)).unwrap(); 8];
    });
    assert_malformed(|request| request.extensions = Extensions(vec![Extension { tag: 2, bytes: vec![0; 100] }; 2]));
}

#[test]
fn a_key_to_which_nothing_can_be_sealed_is_refused() {
    assert_malformed(|request| request.kem = KemPublicKey(Box::new([0xff; 1216])));
}

#[test]
fn a_request_beyond_its_limit_is_refused() {
    let large = Extension { tag: 2, bytes: vec![0; 4096] };
    let refused = open(|request| request.extensions = Extensions(vec![large]));
    assert!(matches!(refused, Some(SignedError::Wire(WireError::TooLarge { .. }))));
}

#[test]
fn an_invite_has_other_keys_in_every_neighborhood_and_for_every_secret() {
    let invite = InviteSecret::new(Secret::new([7; 24]));
    let elsewhere = Place { neighborhood: ELSEWHERE, ..PLACE };
    assert_ne!(invite.id(&PLACE), invite.id(&elsewhere));
    let mut other = [7; 24];
    other[23] = 8;
    assert_ne!(invite.id(&PLACE), InviteSecret::new(Secret::new(other)).id(&PLACE));
}

#[test]
fn a_link_that_could_mean_two_neighborhoods_means_none() {
    let link = InviteLink {
        secret: InviteSecret::new(Secret::new([7; 24])),
        charter: [8; 16],
        neighborhood: [4; 4],
        host: "relay.example".to_owned(),
        in_person: false,
    };
    let mut twin = HERE;
    twin.0[15] = 9;
    assert_eq!(neighborhood_of(&link, [ELSEWHERE, HERE]), Some(HERE));
    assert_eq!(neighborhood_of(&link, [HERE, ELSEWHERE, twin]), None);
    assert_eq!(neighborhood_of(&link, [ELSEWHERE]), None);
}

#[test]
fn a_phrase_differs_in_everything_that_both_must_agree_on() {
    let (charter, key, request) = ([8; 16], key(50).public(), RequestHash([9; 32]));
    let compute = |place: Place, charter: [u8; 16], key, request: RequestHash| {
        Phrase::compute(&place, &charter, &invite_id(&key), &key, &request).unwrap()
    };
    let phrase = compute(PLACE, charter, key, request);
    let other_key = crate::scene::key(51).public();
    for other in [
        compute(Place { network: NetworkId([2; 32]), ..PLACE }, charter, key, request),
        compute(Place { neighborhood: NeighborhoodId([2; 16]), ..PLACE }, charter, key, request),
        compute(PLACE, [9; 16], key, request),
        compute(PLACE, charter, other_key, request),
        compute(PLACE, charter, key, RequestHash([8; 32])),
    ] {
        for half in [Half::Newcomer, Half::Coordinator] {
            assert_ne!(phrase.words(half, PhraseLanguage::English), other.words(half, PhraseLanguage::English));
            let heard = other.words(half, PhraseLanguage::Spanish).join(" ");
            assert!(!phrase.matches(half, &heard));
        }
    }
    let said = phrase.words(Half::Newcomer, PhraseLanguage::English);
    assert!(!phrase.matches(Half::Newcomer, &said[..2].join(" ")), "two words are not three");
    assert!(!phrase.matches(Half::Newcomer, &[said[1], said[0], said[2]].join(" ")), "their order counts");
}
