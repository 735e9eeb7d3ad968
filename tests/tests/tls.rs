//! TLS between the shipped programs: certificates that do not hold, and what stands in front of a relay.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::net::SocketAddr;

use serde_json::Value;
use watchfire_tests::authority::{Authority, Issued, replace};
use watchfire_tests::process::{HOOD, Home, Ran, Relay};
use watchfire_tests::socks::{Manner, Socks};
use watchfire_tests::terminator::Terminator;

/// A name that leads nowhere, but behind the proxy of the test: TLS for names of this machine is not spoken.
const HOST: &str = "relay.watchfire.invalid";
/// Nobody listens there: to be put behind what nobody gets past.
const NOBODY: &str = "127.0.0.1:1";

fn nobody() -> SocketAddr {
    NOBODY.parse().unwrap()
}

/// A home that trusts an authority, which the first command is told of and the vault remembers.
fn trusting(authority: &Authority) -> (Home, String) {
    let home = Home::new();
    let file = home.path("authority.pem");
    replace(&file, &authority.pem());
    let file = file.to_str().unwrap().to_owned();
    (home, file)
}

/// Founds a network at a port with TLS, to which a proxy leads.
fn create(home: &Home, before: &[&str], port: u16, key: &str, token: Option<&str>) -> Ran {
    let url = format!("wss://{HOST}/v1");
    let proxy = Socks::start(Manner::Leads(([127, 0, 0, 1], port).into())).url();
    let mut command = vec!["--proxy", proxy.as_str()];
    command.extend(before);
    command.extend(["network", "create", "Night Watch", "--relay", &url, "--relay-key", key]);
    command.extend(token.iter().flat_map(|token| ["--admission-token-file", token]));
    home.run(&command)
}

/// What a person is told, in English and in Spanish, who comes to a certificate; nothing is sent.
fn told(authority: &Authority, issued: &Issued, known: bool) -> [String; 2] {
    let terminator = Terminator::start(issued, nobody());
    let key = Relay::start().key.clone();
    let said = ["en", "es"].map(|lang| {
        let (home, file) = trusting(authority);
        let mut before = vec!["--lang", lang];
        before.extend(if known { vec!["--ca-file", &file] } else { Vec::new() });
        let ran = create(&home, &before, terminator.port, &key, None);
        assert_eq!(ran.code, 3, "{ran:?}");
        ran.stderr
    });
    assert_eq!(terminator.shaken(), 0, "somebody went on");
    said
}

fn assert_told(said: &[String; 2], words: [&[&str]; 2]) {
    for (said, words) in said.iter().zip(words) {
        for word in words {
            assert!(said.contains(word), "no `{word}` in: {said}");
        }
        for never in ["ws://", "without TLS", "sin TLS", "insecure"] {
            assert!(!said.contains(never), "{said}");
        }
    }
}

#[test]
fn a_certificate_that_has_expired_says_since_when_and_one_from_tomorrow_that_the_clock_is_wrong() {
    let authority = Authority::unknown();
    let said = told(&authority, &authority.issue_for(&[HOST], 2020, 2022), true);
    assert_told(
        &said,
        [
            &["expired on January 1, 2022", "must renew the certificate", "nothing was lost"],
            &["venció el 1 de enero de 2022", "debe renovar", "no se envió"],
        ],
    );
    let said = told(&authority, &authority.issue_for(&[HOST], 2100, 2101), true);
    assert_told(
        &said,
        [
            &["is not valid before January 1, 2100", "Most likely the clock of this device is wrong"],
            &["no vale antes del 1 de enero de 2100", "Lo más probable es que el reloj de este equipo esté mal"],
        ],
    );
}

#[test]
fn a_certificate_of_other_names_says_which() {
    let authority = Authority::unknown();
    let said = told(&authority, &authority.issue(&["relay.example.org", "example.net"]), true);
    let names = ["relay.example.org", "example.net"];
    assert_told(&said, [&["was made for", names[0], names[1]], &["se hizo para", names[0], names[1]]]);
}

#[test]
fn a_certificate_of_an_unknown_issuer_is_told_as_that_and_the_error_has_a_code_for_programs() {
    let authority = Authority::unknown();
    let issued = authority.issue(&[HOST]);
    let said = told(&authority, &issued, false);
    assert_told(&said, [&["issued by somebody", "--ca-file FILE"], &["lo emitió alguien", "--ca-file ARCHIVO"]]);
    // The certificate of another authority helps nobody.
    let said = told(&Authority::unknown(), &issued, true);
    assert_told(&said, [&["issued by somebody"], &["lo emitió alguien"]]);

    let terminator = Terminator::start(&issued, nobody());
    let ran = create(&Home::new(), &["--json"], terminator.port, &Relay::start().key, None);
    let error: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(error["code"], "relay-certificate");
}

#[test]
fn a_file_without_certificates_changes_nothing_and_is_said() {
    let home = Home::new();
    let file = home.path("authority.pem");
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        replace(&file, text);
        let ran = create(&home, &["--ca-file", file.to_str().unwrap()], 1, &Relay::start().key, None);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("no list of certificates"), "{ran:?}");
    }
}

#[test]
fn a_relay_that_speaks_tls_serves_whoever_trusts_its_authority_and_the_vault_remembers_whom() {
    let authority = Authority::unknown();
    let relay = Relay::start_with_tls(&authority.issue(&[HOST]));
    let (marisol, file) = trusting(&authority);
    let token = relay.path().join("admission.token");
    let founded = create(&marisol, &["--ca-file", &file], relay.tls_port(), &relay.key, token.to_str()).ok();
    assert!(founded.stderr.contains("trusts 1 more authority"), "{founded:?}");
    // No later command is told again, and the file is needed no more.
    std::fs::remove_file(&file).unwrap();
    marisol.run(&["neighborhood", "add", HOOD]).ok();
    marisol.run(&["desk", "--once"]).ok();
    let forgotten = marisol.run(&["--ca-file", "none", "sync"]);
    assert_eq!(forgotten.code, 3, "{forgotten:?}");
    assert!(forgotten.stderr.contains("issued by somebody"), "{forgotten:?}");
}

#[test]
fn the_key_of_the_relay_holds_also_where_tls_ends_in_front_of_it() {
    let authority = Authority::unknown();
    let issued = authority.issue(&[HOST]);
    let (right, other) = (Relay::start(), Relay::start());
    let (marisol, file) = trusting(&authority);
    let ca = ["--ca-file", file.as_str()];
    let token = right.path().join("admission.token");

    // The certificate is right, and the relay behind it is another one.
    let wrong = Terminator::start(&issued, other.address());
    let refused = create(&marisol, &ca, wrong.port, &right.key, token.to_str());
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.stderr.contains("is not the one that the charter names"), "{refused:?}");
    assert_eq!(wrong.shaken(), 1, "TLS itself was in order");

    let front = Terminator::start(&issued, right.address());
    create(&marisol, &ca, front.port, &right.key, token.to_str()).ok();
    marisol.run(&["neighborhood", "add", HOOD]).ok();
    assert!(front.shaken() > 1);
}
