//! A thousand members: what a rotation costs, counted on the wire.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::vault::{Passphrase, Vault};
use watchfire_client::{Client, system_clock};
use watchfire_protocol::id::{MemberId, NeighborhoodId, RequestHash, sha256};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::roster::{Event, RosterMember, RosterSecrets};
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::SlotSecret;
use watchfire_protocol::time::Timestamp;
use watchfire_tests::process::{Network, Relay, join_in_person};
use watchfire_tests::rogue::append;
use watchfire_tests::tap::Tap;

const MEMBERS: usize = 1000;

/// Somebody with keys of their own, as an approval writes them down.
fn member(place: Place, client: &Client, n: usize) -> Event {
    let mut rng = rand::rng();
    let epoch = client.status().unwrap().hoods[0].epoch;
    let request = sha256(&[&n.to_be_bytes(), Secret32::generate(&mut rng).expose()]);
    let charters = client.charters().unwrap();
    Event::Add(Box::new(RosterMember {
        id: MemberId(*request.first_chunk().unwrap()),
        identity: SecretKey::generate(&mut rng).public(),
        kem: KemSecretKey::generate(&mut rng).public(),
        secrets: RosterSecrets::new(&SlotSecret::generate(place.at(epoch), &mut rng)),
        handle: format!("Member {n}"),
        languages: vec!["es".to_owned()],
        roles: vec![],
        charter_key: None,
        since: client.now(),
        added_by: charters.newest().body().grants[0].devices[0],
        added_in: epoch,
        invite: None,
        request: RequestHash(request),
        described: Timestamp(0),
    }))
}

#[test]
#[ignore = "long: run by .ci/long"]
fn a_neighborhood_of_a_thousand_rotates_through_the_command_within_its_bytes() {
    // A thousand approvals in a minute are more than people make, and more than the relay lets one connection send.
    let relay = Relay::start_with("frames-per-second = 5000\nframes-burst = 5000");
    let tap = Tap::on(relay.address());
    let url = format!("ws://{}/v1", tap.address);
    let marisol = Network::admin_at(&relay, &url);
    let responders = ["Ana", "Ben"].map(|handle| join_in_person(&marisol, handle));
    {
        let passphrase = Passphrase::new("a passphrase of a test".to_owned()).unwrap();
        let client = Client::open(&marisol.home(), &passphrase, system_clock()).unwrap();
        let vault = Vault::open(&marisol.home(), &passphrase).unwrap();
        let neighborhood: NeighborhoodId = client.hoods().unwrap()[0].0;
        let place = Place { network: client.charters().unwrap().network(), neighborhood };
        let events = (3..MEMBERS).map(|n| member(place, &client, n)).collect();
        tokio::runtime::Runtime::new().unwrap().block_on(append(&client, &vault, neighborhood, events));
    }
    marisol.run(&["sync"]).ok();
    assert_eq!(marisol.json(&["member", "list"]).len(), MEMBERS);

    // Everything that the command sends, frames and handshakes included: slots, roster, names and what it asks.
    let before = tap.counted();
    let rotated = marisol.json(&["rotate"]);
    assert_eq!(rotated[0]["epoch"], 2);
    let (up, _) = tap.counted();
    let up = up - before.0;
    println!("{MEMBERS} members: {up} bytes up");
    assert!(up < 4_500_000, "{up} bytes up");
    assert!(up > 2 * 2048 * MEMBERS, "everybody has a slot and a place on the roster: {up}");
    // Who looks on sees how far it is, in a line that is gone in the end.
    let screen = marisol.at_a_terminal(&["rotate"], "");
    let drawn: Vec<&str> = screen.split('\r').filter(|line| line.contains("sending new keys")).collect();
    assert!(drawn.len() > 3 && drawn.iter().any(|line| line.contains(" 50 %  ")), "{screen}");
    assert!(screen.contains("\r\u{1b}[2K`Elm Park` has new keys: epoch 3."), "{screen}");
    for home in &responders {
        // What it costs to ask when nothing is new.
        home.run(&["sync"]).ok();
        let before = tap.counted();
        home.run(&["sync"]).ok();
        let idle = tap.counted().1 - before.1;
        marisol.run(&["rotate"]).ok();
        let before = tap.counted();
        home.run(&["sync"]).ok();
        let down = tap.counted().1 - before.1;
        println!("{down} bytes down, of which {idle} without a rotation");
        assert!(down < 45_000, "{down} bytes down");
        assert!(down > idle + 2048 * 16, "a whole run was fetched: {down}");
        let status = home.json(&["status"]);
        assert_eq!(status[0]["neighborhoods"][0]["missing-keys"], serde_json::Value::Null);
    }
}
