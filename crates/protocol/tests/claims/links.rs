//! Invite links: how long they may be, and which relays they can name.

use watchfire_protocol::id::{crockford, sha256};
use watchfire_protocol::invite::{InviteLink, InviteSecret, LINK_LEN, LinkError};
use watchfire_protocol::labels::Domain;
use watchfire_protocol::secret::Secret;

/// A link with a checksum that is right, whatever its host is.
fn link(host: &str) -> String {
    let bytes = [[1; 24].as_slice(), &[2; 16], &[3; 4]].concat();
    let checksum = sha256(&[&Domain::Link.prefix(), &bytes, host.to_uppercase().as_bytes()]);
    format!("WATCHFIRE:1/{}/{}", crockford().encode(&[&bytes[..], &checksum[..3]].concat()), host.to_uppercase())
}

/// A host with which a link has so many characters.
fn host(length: usize) -> String {
    "a".repeat(length - link("").len())
}

fn made(host: &str) -> Result<String, LinkError> {
    let (secret, host) = (InviteSecret::new(Secret::new([1; 24])), host.to_owned());
    InviteLink { secret, charter: [2; 16], neighborhood: [3; 4], host, in_person: false }.to_text()
}

#[test]
fn a_link_has_as_many_characters_as_a_code_has_room_for_and_not_one_more() {
    let longest = host(LINK_LEN);
    assert_eq!(made(&longest), Ok(link(&longest)));
    assert_eq!(InviteLink::parse(&link(&longest)).map(|read| read.host).ok(), Some(longest));
    for length in [LINK_LEN + 1, LINK_LEN + 20, 3 * LINK_LEN] {
        assert_eq!(made(&host(length)), Err(LinkError::Host));
        assert_eq!(InviteLink::parse(&link(&host(length))).err(), Some(LinkError::Host), "{length}");
    }
    assert_eq!(InviteLink::parse(&link(&host(9 * LINK_LEN))).err(), Some(LinkError::Typo), "not all of it is read");
}

#[test]
fn a_link_whose_checksum_is_right_still_names_a_host() {
    for host in ["", "a/b", "a@b", "[::1]", "é"] {
        assert_eq!(InviteLink::parse(&link(host)).err(), Some(LinkError::Host), "{host}");
        assert_eq!(made(host).err(), Some(LinkError::Host), "{host}");
    }
}

#[test]
fn a_link_leads_back_to_the_url_that_it_was_made_of() {
    for url in ["ws://127.0.0.1:7443/v1", "ws://localhost/v1", "wss://relay.example.org/v1", "wss://128.0.0.1/v1"] {
        let host = InviteLink::host_of(url).unwrap();
        assert_eq!(InviteLink::parse(&made(&host).unwrap()).map(|read| read.url()).ok().as_deref(), Some(url));
    }
    for url in [
        "wss://127.0.0.1:7443/v1",
        "wss://localhost/v1",
        "ws://relay.example.org/v1",
        "http://relay.example.org/v1",
        "http://127.0.0.1/v1",
        "wss://relay.example.org/v2",
        "wss://relay.example.org",
        "wss://[::1]/v1",
        "wss://a@relay.example.org/v1",
        "relay.example.org/v1",
    ] {
        assert_eq!(InviteLink::host_of(url), None, "{url}");
    }
}
