//! Records: headers, size classes, and what does not open.

use rand::SeedableRng;
use rand::rngs::StdRng;
use watchfire_protocol::id::{AnnouncementHash, Epoch, InviteId, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::{
    Channel, HEADER_LEN, Header, INBOX_SIZES, RecordError, SIZES, join_invite, open_inbox, open_join, open_record,
    record_id, seal_inbox, seal_join, seal_record, seal_symmetric,
};
use watchfire_protocol::seal::{KemPublicKey, KemSecretKey, Psk};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::time::Hour;

const PLACE: Place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };
const ANNOUNCEMENT: AnnouncementHash = AnnouncementHash([3; 32]);
const HEADER: Header = Header { channel: Channel::Alerts, epoch: Epoch(7), hour: Hour(9) };

fn rng() -> StdRng {
    StdRng::seed_from_u64(1)
}

fn psk(byte: u8) -> Psk {
    Psk::new(Secret::new([byte; 32])).unwrap()
}

fn sealed(header: Header, len: usize) -> Result<Vec<u8>, RecordError> {
    seal_record(&PLACE, &ANNOUNCEMENT, header, &Secret::new([4; 32]), &vec![5; len], &mut rng())
}

#[test]
fn every_record_has_one_of_four_sizes_whatever_it_contains() {
    // Header, nonce, tag and length take 58 bytes.
    for (class, size) in SIZES.into_iter().enumerate() {
        let most = size - 58;
        assert_eq!(sealed(HEADER, most).unwrap().len(), size);
        let next = SIZES.get(class + 1);
        match next {
            Some(next) => assert_eq!(sealed(HEADER, most + 1).unwrap().len(), *next),
            None => assert_eq!(sealed(HEADER, most + 1), Err(RecordError::TooLong { found: most + 1, limit: most })),
        }
    }
    assert_eq!(sealed(HEADER, 0).unwrap().len(), SIZES[0]);
}

#[test]
fn every_inbox_record_has_one_of_four_sizes() {
    let key = KemSecretKey::from_seed(Secret::new([6; 32])).public();
    let inbox =
        |len: usize| seal_inbox(&PLACE.at(Epoch(7)), &ANNOUNCEMENT, Hour(9), &key, &psk(7), &vec![5; len], &mut rng());
    let join = |len: usize| {
        let invite = InviteId([8; 16]);
        seal_join(&PLACE.at(Epoch(7)), &ANNOUNCEMENT, invite, &key, &psk(7), &vec![5; len], &mut rng())
    };
    for (class, size) in INBOX_SIZES.into_iter().enumerate() {
        let most = size - HEADER_LEN - 1136 - 4;
        assert_eq!(inbox(most).unwrap().len(), size);
        assert_eq!(join(most - 16).unwrap().len(), size);
        if let Some(next) = INBOX_SIZES.get(class + 1) {
            assert_eq!(inbox(most + 1).unwrap().len(), *next);
            assert_eq!(join(most - 15).unwrap().len(), *next);
        } else {
            assert_eq!(inbox(most + 1), Err(RecordError::TooLong { found: most + 1, limit: most }));
            assert!(join(most - 15).is_err());
        }
    }
    let unusable = KemPublicKey(Box::new([0xff; 1216]));
    let refused = seal_inbox(&PLACE.at(Epoch(7)), &ANNOUNCEMENT, Hour(9), &unusable, &psk(7), b"x", &mut rng());
    assert!(refused.is_err());
}

#[test]
fn a_header_of_another_version_channel_or_size_is_refused() {
    let record = sealed(HEADER, 3).unwrap();
    assert_eq!(Header::parse(&record), Ok(HEADER));
    for len in 0..HEADER_LEN {
        assert_eq!(Header::parse(&record[..len]), Err(RecordError::Truncated(len)));
    }
    for len in [HEADER_LEN, 1023, 1025, 2048, 70_000] {
        let mut other = record.clone();
        other.resize(len, 0);
        assert_eq!(Header::parse(&other), Err(RecordError::SizeClass(len)));
    }
    for version in [0, 2, 255] {
        let mut other = record.clone();
        other[0] = version;
        assert_eq!(Header::parse(&other), Err(RecordError::Version(version)));
    }
    for channel in [0, 6, 255] {
        let mut other = record.clone();
        other[1] = channel;
        assert_eq!(Header::parse(&other), Err(RecordError::Channel(channel)));
    }
    for channel in [2, 5] {
        let mut other = record.clone();
        other[1] = channel;
        assert_eq!(Header::parse(&other), Err(RecordError::SizeClass(1024)), "the inbox has no records of 1 KiB");
    }
}

#[test]
fn a_record_opens_in_its_place_epoch_hour_and_channel_alone() {
    let record = sealed(HEADER, 3).unwrap();
    let open = |place: &Place, announcement: &AnnouncementHash, key: u8, record: &[u8]| {
        open_record(place, announcement, &Secret::new([key; 32]), record).ok().map(|content| content.to_vec())
    };
    assert_eq!(open(&PLACE, &ANNOUNCEMENT, 4, &record), Some(vec![5; 3]));
    assert_eq!(open(&PLACE, &ANNOUNCEMENT, 9, &record), None, "another key");
    assert_eq!(open(&PLACE, &AnnouncementHash([9; 32]), 4, &record), None, "another announcement of the epoch");
    for place in
        [Place { network: NetworkId([9; 32]), ..PLACE }, Place { neighborhood: NeighborhoodId([9; 16]), ..PLACE }]
    {
        assert_eq!(open(&place, &ANNOUNCEMENT, 4, &record), None, "another place");
    }
    // Version, channel, epoch and hour are no part of the ciphertext, and all the same bound to it.
    for at in (0..HEADER_LEN).chain([14, 37, 38, 1023]) {
        let mut other = record.clone();
        other[at] ^= 1;
        assert_eq!(open(&PLACE, &ANNOUNCEMENT, 4, &other), None, "{at}");
    }
    for len in 0..record.len() {
        assert_eq!(open(&PLACE, &ANNOUNCEMENT, 4, &record[..len]), None);
    }
    assert_eq!(open(&PLACE, &ANNOUNCEMENT, 4, &[&record[..], &[0]].concat()), None);
}

#[test]
fn padding_is_zeros_and_the_length_within_it() {
    let key = Secret::new([4; 32]);
    let aad = [b"watchfire v1 record\0", &PLACE.bytes()[..], &ANNOUNCEMENT.0, &HEADER.bytes()].concat();
    let open = |padded: &[u8]| {
        let sealed = seal_symmetric(&key, &aad, padded, &mut rng());
        let record = [&HEADER.bytes()[..], &sealed].concat();
        open_record(&PLACE, &ANNOUNCEMENT, &key, &record).ok().map(|content| content.to_vec())
    };
    assert_eq!(open(&[0, 0, 0, 1, 7, 0, 0]), Some(vec![7]));
    assert_eq!(open(&[0, 0, 0, 3, 7, 0, 0]), Some(vec![7, 0, 0]));
    for wrong in [&[0, 0, 0, 1, 7, 0, 1][..], &[0, 0, 0, 4, 7, 0, 0], &[255, 255, 255, 255, 7], &[0, 0, 0], &[]] {
        assert_eq!(open(wrong), None, "{wrong:?}");
    }
}

#[test]
fn an_inbox_record_opens_for_its_epoch_hour_key_and_psk_alone() {
    let key = KemSecretKey::from_seed(Secret::new([6; 32]));
    let here = PLACE.at(Epoch(7));
    let record = seal_inbox(&here, &ANNOUNCEMENT, Hour(9), &key.public(), &psk(7), b"x", &mut rng()).unwrap();
    assert_eq!(open_inbox(&here, &ANNOUNCEMENT, &key, &psk(7), &record).unwrap().as_slice(), b"x");
    let other_key = KemSecretKey::from_seed(Secret::new([9; 32]));
    assert!(open_inbox(&here, &ANNOUNCEMENT, &other_key, &psk(7), &record).is_err());
    assert!(open_inbox(&here, &ANNOUNCEMENT, &key, &psk(8), &record).is_err());
    assert!(open_inbox(&here, &AnnouncementHash([9; 32]), &key, &psk(7), &record).is_err());
    assert!(open_inbox(&PLACE.at(Epoch(8)), &ANNOUNCEMENT, &key, &psk(7), &record).is_err());
    assert!(open_join(&here, &ANNOUNCEMENT, &key, &psk(7), &record).is_err());
    let mut renamed = record.clone();
    renamed[1] = Channel::Join as u8;
    assert!(open_inbox(&here, &ANNOUNCEMENT, &key, &psk(7), &renamed).is_err(), "under another channel's name");
    for at in (0..HEADER_LEN).chain([14, 1133, 1134, 2047]) {
        let mut other = record.clone();
        other[at] ^= 1;
        assert!(open_inbox(&here, &ANNOUNCEMENT, &key, &psk(7), &other).is_err(), "{at}");
    }
}

#[test]
fn a_join_record_opens_for_its_invite_alone() {
    let key = KemSecretKey::from_seed(Secret::new([6; 32]));
    let (here, invite) = (PLACE.at(Epoch(7)), InviteId([8; 16]));
    let record = seal_join(&here, &ANNOUNCEMENT, invite, &key.public(), &psk(7), b"x", &mut rng()).unwrap();
    assert_eq!(join_invite(&record), Some(invite));
    assert_eq!(Header::parse(&record).unwrap().channel.log(), Channel::Inbox);
    assert_eq!(open_join(&here, &ANNOUNCEMENT, &key, &psk(7), &record).unwrap().as_slice(), b"x");
    assert!(open_join(&here, &ANNOUNCEMENT, &key, &psk(8), &record).is_err());
    assert!(open_inbox(&here, &ANNOUNCEMENT, &key, &psk(7), &record).is_err());
    for at in (0..HEADER_LEN + 16).chain([30, 1149, 1150, 2047]) {
        let mut other = record.clone();
        other[at] ^= 1;
        assert!(open_join(&here, &ANNOUNCEMENT, &key, &psk(7), &other).is_err(), "{at}");
    }
    assert_eq!(join_invite(&record[..29]), None);
}

#[test]
fn a_pre_shared_key_of_zeros_is_refused() {
    assert!(Psk::new(Secret::new([0; 32])).is_err());
    let mut one = [0; 32];
    one[31] = 1;
    assert!(Psk::new(Secret::new(one)).is_ok());
}

#[test]
fn every_byte_of_a_record_is_in_its_id() {
    let record = sealed(HEADER, 3).unwrap();
    for at in [0, 13, 500, 1023] {
        let mut other = record.clone();
        other[at] ^= 1;
        assert_ne!(record_id(&other), record_id(&record));
    }
}
