//! Records of every channel.

use watchfire_protocol::id::{AnnouncementHash, InviteId};
use watchfire_protocol::record::{
    Channel, Header, open_inbox, open_join, open_record, record_id, seal_inbox, seal_join, seal_record,
};
use watchfire_protocol::seal::Psk;
use watchfire_protocol::secret::Secret;
use watchfire_protocol::time::Hour;

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, Drawn, PLACE, kem, secret};

const ANNOUNCEMENT: AnnouncementHash = AnnouncementHash([0xa0; 32]);
const CONTENT: &[u8] = b"what a record contains";

fn case(channel: Channel, hour: u32) -> Case {
    let header = Header { channel, epoch: CONTEXT.epoch, hour: Hour(hour) };
    Case::new(format!("{channel:?}").to_lowercase())
        .bytes("announcement_hash", ANNOUNCEMENT.0)
        .bytes("content", CONTENT)
        .whole(
            "header",
            &header.bytes(),
            &[
                ("version", vec![1]),
                ("channel", vec![channel as u8]),
                ("epoch", CONTEXT.epoch.0.to_be_bytes().to_vec()),
                ("hour", hour.to_be_bytes().to_vec()),
            ],
        )
}

fn symmetric(channel: Channel) -> Case {
    let key = Secret::new(secret(0xa1));
    let header = Header { channel, epoch: CONTEXT.epoch, hour: Hour(300) };
    let mut rng = Drawn::new(0xa2);
    let record = seal_record(&PLACE, &ANNOUNCEMENT, header, &key, CONTENT, &mut rng).unwrap();
    assert_eq!(open_record(&PLACE, &ANNOUNCEMENT, &key, &record).unwrap().as_slice(), CONTENT);
    assert_eq!(Header::parse(&record), Ok(header));
    let aad = [b"watchfire v1 record\0", &PLACE.bytes()[..], &ANNOUNCEMENT.0, &header.bytes()].concat();
    case(channel, 300)
        .bytes("key", key.expose())
        .bytes("aad", aad)
        .bytes("nonce", &rng.all)
        .bytes("record", &record)
        .bytes("id", record_id(&record).0)
}

#[test]
fn records_of_every_channel_open() {
    let (key, psk) = (kem(0xa3), Psk::new(Secret::new(secret(0xa4))).unwrap());
    let sealed = |case: Case, extra: Vec<u8>, drawn: &[u8], record: &[u8]| {
        case.bytes("recipient_seed", key.seed().expose())
            .bytes("psk", [0xa4; 32])
            .bytes("extra", extra)
            .bytes("randomness", drawn)
            .bytes("record", record)
            .bytes("id", record_id(record).0)
    };
    let mut rng = Drawn::new(0xa5);
    let inbox = seal_inbox(&CONTEXT, &ANNOUNCEMENT, Hour(300), &key.public(), &psk, CONTENT, &mut rng).unwrap();
    assert_eq!(open_inbox(&CONTEXT, &ANNOUNCEMENT, &key, &psk, &inbox).unwrap().as_slice(), CONTENT);
    let extra = [&ANNOUNCEMENT.0[..], &300_u32.to_be_bytes()].concat();
    let inbox = sealed(case(Channel::Inbox, 300), extra, &rng.all, &inbox);

    let (mut rng, invite) = (Drawn::new(0xa6), InviteId([0xa7; 16]));
    let join = seal_join(&CONTEXT, &ANNOUNCEMENT, invite, &key.public(), &psk, CONTENT, &mut rng).unwrap();
    assert_eq!(open_join(&CONTEXT, &ANNOUNCEMENT, &key, &psk, &join).unwrap().as_slice(), CONTENT);
    let extra = [&ANNOUNCEMENT.0[..], &invite.0].concat();
    let join = sealed(case(Channel::Join, 0).bytes("invite", invite.0), extra, &rng.all, &join);

    let cases = [symmetric(Channel::Alerts), symmetric(Channel::Desk), symmetric(Channel::Roster), inbox, join];
    let about = "plaintext = u32be(length) || content || zeros; alerts, desk, roster: header || nonce || \
                 XChaCha20-Poly1305(key, nonce, plaintext, aad); inbox, join: header || [invite] || seal for `inbox` or \
                 `join` under psk; id = the first 16 bytes of SHA-256(record)";
    check("records", about, &cases);
}
