//! The relay never has a byte of plaintext: not in its files, not on the wire, not in its memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use watchfire_client::net::Connection;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{EpochState, Hood};
use watchfire_client::vault::{Bucket, Passphrase, Vault};
use watchfire_client::{ClientError, file};
use watchfire_protocol::frame::{Prover, Request};
use watchfire_protocol::record::{Channel, Header};
use watchfire_protocol::time::Hour;
use watchfire_tests::process::{HOOD, Home, Network, Relay, example};
use watchfire_tests::tap::Tap;

/// Everything that the relay has, by where it is.
fn everything(relay: &Relay, tap: &Tap) -> Vec<(String, Vec<u8>)> {
    let mut out = vec![("memory".to_owned(), memory(relay.pid()))];
    for file in fs::read_dir(relay.path()).unwrap() {
        let file = file.unwrap();
        let content = fs::read(file.path()).unwrap();
        // The reserve of the disk is 32 MiB of zeros.
        if content.iter().any(|byte| *byte != 0) {
            out.push((format!("file {:?}", file.file_name()), content));
        }
    }
    out.extend(tap.heard().into_iter().map(|stream| ("wire".to_owned(), stream)));
    out
}

/// All readable and writable memory of a process.
fn memory(pid: u32) -> Vec<u8> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut out = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw") && !line.contains("[v")) {
        let (from, to) = line.split_whitespace().next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut region = vec![0; usize::try_from(to - from).unwrap()];
        memory.seek(SeekFrom::Start(from)).unwrap();
        // A region that went away in between has nothing to hide any more.
        if memory.read_exact(&mut region).is_ok() {
            out.extend(region);
        }
    }
    assert!(out.len() > 1 << 20, "the memory could not be read");
    out
}

fn places(all: &[(String, Vec<u8>)], word: &str) -> Vec<String> {
    let needle = word.as_bytes();
    let holds = |bytes: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle);
    let mut found: Vec<String> = all.iter().filter(|(_, bytes)| holds(bytes)).map(|(place, _)| place.clone()).collect();
    found.sort();
    found.dedup();
    found
}

/// A record with nothing sealed in it, of a valid size, with the coordinators' key proved: as a broken client would.
async fn plant(network: &Network, url: &str, word: &str) {
    let passphrase = Passphrase::new("a passphrase of a test".to_owned()).unwrap();
    let vault = Vault::open(&network.marisol.home(), &passphrase).unwrap();
    let (state, epoch) = vault
        .transact(|tx| {
            let hoods = tx.list::<Hood>(Bucket::Hood, b"")?;
            let state = hoods[0].1.clone();
            let epoch = EpochState::load(tx, state.id, state.epoch)?.unwrap();
            Ok::<_, ClientError>((state, epoch))
        })
        .unwrap();
    let header = Header { channel: Channel::Alerts, epoch: epoch.epoch, hour: Hour(0) };
    let mut record = header.bytes().to_vec();
    record.extend_from_slice(word.as_bytes());
    record.resize(1024, 0);
    let key = epoch.keys(state.place()).coordinator.unwrap().role_key();
    let mut connection = Connection::open(&Route::straight().unwrap(), url, None, Errand::Alerts, None).await.unwrap();
    connection.prove(state.place(), epoch.epoch, Prover::Coordinator, &key).await.unwrap();
    connection.call(Request::Append { record }).await.unwrap();
    connection.close().await;
}

fn words_of(path: &Path) -> Vec<String> {
    let (content, _) = file::alert::parse(&fs::read_to_string(path).unwrap()).unwrap();
    let mut words = vec![content.kind.to_string(), content.place.unwrap().text];
    words.extend(content.text.into_iter().flat_map(|block| [block.headline, block.description]));
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn no_plaintext_is_ever_in_the_relays_files_traffic_or_memory_and_a_planted_one_is_found() {
    let (network, tap) = tokio::task::spawn_blocking(|| {
        let relay = Relay::start();
        let tap = Tap::on(relay.address());
        let url = format!("ws://{}/v1", tap.address);
        (Network::found_at(relay, &url), tap)
    })
    .await
    .unwrap();
    let checkpoint = example("checkpoint.json");
    let (network, tap) = tokio::task::spawn_blocking(move || {
        let mut alert: serde_json::Value = serde_json::from_str(&fs::read_to_string(checkpoint).unwrap()).unwrap();
        alert["place"]["exact"] = serde_json::json!({"text": "the door with the Kornblumen"});
        let send = ["--json", "--yes", "alert", "send", "--neighborhood", HOOD, "--file", "-"];
        let sent = network.marisol.run_with(&send, &alert.to_string()).ok().json();
        let id = sent[0]["id"].as_str().unwrap();
        for home in &network.responders {
            home.json(&["watch", "--count", "1", "--timeout", "30s"]);
        }
        let note = network.responders[0].path("note");
        fs::write(&note, "Bringing two thermoses of zarzaparrilla").unwrap();
        let going = ["answer", id, "going", "--eta", "9m", "--file", note.to_str().unwrap()];
        network.responders[0].run(&going).ok();
        let report = r#"{"kind":"enforcement.raid","place":{"text":"behind Mirabellenhof"},"comments":"by Schlehdorn",
                         "caller":"Holunder, 312-555-0188"}"#;
        let sent = network.responders[1].run_with(&["--json", "report", "--file", "-"], report).ok().json();
        let report = sent[0]["id"].as_str().unwrap();
        network.kai.run(&["inbox", "verify", report, "--outcome", "verified", "--by", "on-site"]).ok();
        network.kai.run_with(&["inbox", "note", report, "--file", "-"], "ask at Vogelbeere first").ok();
        assert!(network.marisol.json(&["inbox", "show", report])[0].to_string().contains("Vogelbeere"), "it arrived");
        let tally = network.kai.json(&["alert", "follow", id, "--wait-for", "1", "--timeout", "30s"]);
        assert!(tally.last().unwrap().to_string().contains("Ana"), "the answer arrived");
        network.marisol.run(&["sync"]).ok();
        network.responders[0].run(&["sync"]).ok();
        assert!(network.responders[0].json(&["show", id])[0].to_string().contains("Kornblumen"), "Ana was told where");
        (network, tap)
    })
    .await
    .unwrap();

    let mut secrets = words_of(Path::new(&example("checkpoint.json")));
    secrets.extend(["zarzaparrilla", "Night Watch", HOOD, "Marisol", "thermoses"].map(str::to_owned));
    secrets.extend(["Larkspur", "Quillan"].map(str::to_owned));
    secrets
        .extend(["Mirabellenhof", "Schlehdorn", "Holunder", "555-0188", "Vogelbeere", "Kornblumen"].map(str::to_owned));
    let all = everything(&network.relay, &tap);
    assert!(all.iter().filter(|(place, _)| place == "wire").count() > 10, "the tap heard the night");
    for secret in &secrets {
        assert_eq!(places(&all, secret), Vec::<String>::new(), "`{secret}`");
    }
    // Three letters stand anywhere by chance; as the encoder would write them, with their length, they do not.
    for handle in ["Kai", "Ana", "Ben", "Lou"] {
        assert_eq!(places(&all[1..], &format!("\u{3}{handle}")), Vec::<String>::new(), "`{handle}`");
    }

    plant(&network, &format!("ws://{}/v1", tap.address), "a planted word: Brombeerhecke").await;
    let all = everything(&network.relay, &tap);
    let found = places(&all, "Brombeerhecke");
    assert!(found.iter().any(|place| place.contains("relay.db")), "{found:?}");
    assert!(found.contains(&"memory".to_owned()), "{found:?}");
    assert!(found.contains(&"wire".to_owned()), "{found:?}");
}

#[test]
fn a_home_folder_shows_nothing_and_belongs_to_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let relay = Relay::start();
    let home = Home::new();
    let token = relay.path().join("admission.token");
    let create = ["network", "create", "Night Watch", "--relay", &relay.url, "--relay-key", &relay.key];
    let with_token = [&create[..], &["--admission-token-file", token.to_str().unwrap()]].concat();
    home.run(&with_token).ok();
    home.run(&["neighborhood", "add", HOOD]).ok();
    assert_eq!(fs::metadata(home.home()).unwrap().permissions().mode() & 0o777, 0o700);
    for file in fs::read_dir(home.home()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        let bytes = fs::read(file.path()).unwrap();
        for word in ["Night Watch", HOOD] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{:?}", file.path());
        }
    }
}
