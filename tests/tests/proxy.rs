//! Everything goes through the proxy, each kind of connection by a way of its own, and nothing past it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde_json::Value;
use watchfire_tests::authority::{Authority, replace};
use watchfire_tests::process::{HOOD, Home, Relay, example, finish, has_strace, words};
use watchfire_tests::socks::{Manner, Socks, Visit};

/// A name that leads nowhere, unless somebody behind the proxy knows it.
const HOST: &str = "relay.watchfire.invalid";

/// The passwords of some visits, each once.
fn passwords(visits: &[Visit]) -> BTreeSet<String> {
    visits.iter().map(|visit| visit.password.clone()).collect()
}

/// Everybody wanted to go to the relay, by its name.
fn all_to(visits: &[Visit], host: &str, port: u16) -> bool {
    visits.iter().all(|visit| (visit.host.as_str(), visit.port) == (host, port))
}

#[test]
fn the_first_alert_goes_through_the_proxy_and_kinds_of_connections_stay_apart() {
    let authority = Authority::unknown();
    let relay = Relay::start_with_tls(&authority.issue(&[HOST]));
    let socks = Socks::start(Manner::Leads(([127, 0, 0, 1], relay.tls_port()).into()));
    let [marisol, ana] = [(); 2].map(|()| Home::new());
    let proxy = socks.url();
    // Said once, by the first command of each; the vault remembers it.
    for home in [&marisol, &ana] {
        let file = home.path("authority.pem");
        replace(&file, &authority.pem());
    }
    let url = format!("wss://{HOST}/v1");
    let token = relay.path().join("admission.token");
    let create = ["network", "create", "Night Watch", "--relay", &url, "--relay-key", &relay.key];
    let ca = marisol.path("authority.pem");
    let mut command = vec!["--proxy", &proxy, "--ca-file", ca.to_str().unwrap()];
    command.extend(create);
    command.extend(["--admission-token-file", token.to_str().unwrap()]);
    let said = marisol.run(&command).ok().stderr;
    assert!(said.contains(&format!("goes through {proxy}")), "{said}");
    marisol.run(&["neighborhood", "add", HOOD]).ok();
    let visits = socks.visits();
    assert!(all_to(&visits, HOST, 443) && visits.len() > 1, "{visits:?}");

    let (ca, link) = (ana.path("authority.pem"), ana.path("link"));
    marisol.json(&["invite", "new", "--neighborhood", HOOD, "--out", link.to_str().unwrap()]);
    socks.visits();
    let mut command = vec!["--proxy", &proxy, "--ca-file", ca.to_str().unwrap()];
    command.extend(["join", "--handle", "Ana", "--link-file", link.to_str().unwrap()]);
    let joining = ana.json(&command);
    let visits = socks.visits();
    assert!(all_to(&visits, HOST, 443) && !visits.is_empty(), "the first connection of all too: {visits:?}");
    let pending = marisol.json(&["member", "pending"]);
    let request = pending[0]["request"].as_str().unwrap();
    marisol.run(&["member", "approve", request, "--words", &words(&joining[0]["say"])]).ok();
    assert_eq!(ana.json(&["join", "--wait", "--timeout", "30s"]).last().unwrap()["state"], "member");
    ana.run(&["confirm", "--words", &words(&pending[0]["say"])]).ok();

    let file = example("checkpoint.json");
    let sent = marisol.json(&["alert", "send", "--neighborhood", HOOD, "--file", &file, "--yes"]);
    let id = sent[0]["id"].as_str().unwrap();
    socks.visits();
    assert_eq!(ana.json(&["watch", "--count", "1", "--timeout", "30s"])[0]["label"], "verified");
    let reading = socks.visits();
    assert_eq!(passwords(&reading).len(), 2, "that it was received is said by a way of its own: {reading:?}");
    assert_eq!(ana.json(&["answer", id, "going"])[0]["state"], "accepted");
    let answering = socks.visits();
    assert_eq!(passwords(&answering).len(), 2, "who reads is not who answers: {answering:?}");
    assert!(passwords(&answering).is_disjoint(&passwords(&reading)), "another command takes another way");

    let tally = marisol.json(&["alert", "follow", id, "--wait-for", "1", "--timeout", "30s"]);
    assert_eq!(tally.last().unwrap()["going"], 1);
    socks.visits();
    marisol.run(&["rotate"]).ok();
    let rotating = socks.visits();
    assert_eq!(passwords(&rotating).len(), 2, "a charter key is proved apart from the desk: {rotating:?}");
    assert!(all_to(&rotating, HOST, 443));
    assert!(rotating.iter().all(|visit| visit.user == "watchfire"));
}

#[test]
fn no_command_opens_a_socket_past_the_proxy() {
    if !has_strace() {
        return;
    }
    let relay = Relay::start();
    let socks = Socks::start(Manner::Leads(relay.address()));
    let onion = format!("ws://{}.onion/v1", "a".repeat(56));
    let marisol = Home::new();
    let token = relay.path().join("admission.token");
    let token = token.to_str().unwrap();
    let proxy = socks.url();
    let found = ["network", "create", "Night Watch", "--relay", &onion, "--relay-key", &relay.key];
    let mut first = vec!["--proxy", &proxy];
    first.extend(found);
    first.extend(["--admission-token-file", token]);
    let file = example("checkpoint.json");
    let port = format!("htons({})", socks.address.port());
    for command in [
        first.as_slice(),
        &["neighborhood", "add", HOOD],
        &["alert", "send", "--neighborhood", HOOD, "--file", &file, "--yes"],
        &["desk", "--once"],
        &["sync"],
    ] {
        let sockets = marisol.sockets(command);
        assert!(!sockets.is_empty(), "{command:?}");
        assert!(sockets.iter().all(|call| call.contains(&port)), "{command:?}: {sockets:?}");
    }
    assert!(all_to(&socks.visits(), onion.trim_start_matches("ws://").trim_end_matches("/v1"), 80));
}

#[test]
fn what_stops_at_the_proxy_is_told_in_words_and_an_answer_waits_in_the_vault() {
    let relay = Relay::start();
    let onion = format!("ws://{}.onion/v1", "b".repeat(56));
    let create = ["network", "create", "Night Watch", "--relay", &onion, "--relay-key", &relay.key];
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = |lang: &str, proxy: &str| {
        let mut command = vec!["--lang", lang, "--proxy", proxy];
        command.extend(create);
        let ran = Home::new().run(&command);
        assert_eq!(ran.code, 3, "{ran:?}");
        ran.stderr
    };
    for (manner, en, es) in [
        (None, "does not answer", "no contesta"),
        (Some(Manner::RefusesPasswords), "does not take the passwords", "no acepta las contraseñas"),
        (Some(Manner::Stops(1)), "found no way to", "no encontró camino"),
        (Some(Manner::Stops(2)), "lets nobody connect to", "no deja conectar"),
        (Some(Manner::Stops(4)), "found no way to", "no encontró camino"),
        (Some(Manner::Stops(5)), "found that nothing listens at", "encontró que en"),
    ] {
        let proxy = manner.map_or_else(|| format!("socks5h://{gone}"), |manner| Socks::start(manner).url());
        for (lang, words) in [("en", en), ("es", es)] {
            let said = run(lang, &proxy);
            assert!(said.contains(words), "{said}");
        }
    }
    // What is no proxy at all: the relay itself.
    assert!(run("en", &format!("socks5h://{}", relay.address())).contains("is no SOCKS5 proxy"));
}

#[test]
fn an_onion_address_without_a_proxy_is_refused_and_none_is_looked_up() {
    let relay = Relay::start();
    let onion = format!("ws://{}.onion/v1", "c".repeat(56));
    let ran =
        Home::new().run(&["--json", "network", "create", "Night Watch", "--relay", &onion, "--relay-key", &relay.key]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let error: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(error["code"], "proxy");
    assert!(error["hint"].as_str().unwrap().contains("--proxy socks5h://127.0.0.1:9050"), "{error}");
}

#[test]
fn a_proxy_that_would_have_names_looked_up_here_is_none() {
    for proxy in ["socks5://127.0.0.1:9050", "127.0.0.1:9050", "socks5h://me:secret@127.0.0.1:9050"] {
        let ran = Home::new().run(&["--proxy", proxy, "status"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("socks5h://HOST:PORT"), "{ran:?}");
        assert!(!ran.stderr.contains("secret") || proxy.contains("127"), "{ran:?}");
    }
}

#[test]
fn the_vault_remembers_the_proxy_until_somebody_takes_it_away() {
    let relay = Relay::start();
    let socks = Socks::start(Manner::Leads(relay.address()));
    let token = relay.path().join("admission.token");
    let create = ["network", "create", "Night Watch", "--relay", &relay.url, "--relay-key", &relay.key];
    let marisol = Home::new();
    let proxy = socks.url();
    let mut first = vec!["--proxy", &proxy];
    first.extend(create);
    first.extend(["--admission-token-file", token.to_str().unwrap()]);
    marisol.run(&first).ok();
    assert!(!socks.visits().is_empty());
    let status = marisol.json(&["status"]);
    assert_eq!(status[0]["proxy"], proxy.as_str());
    marisol.run(&["neighborhood", "add", HOOD]).ok();
    assert!(!socks.visits().is_empty(), "without being told again, and to loopback too");
    let straight = marisol.run(&["--proxy", "none", "desk", "--once"]).ok();
    assert!(straight.stderr.contains("connects without a proxy"), "{straight:?}");
    marisol.run(&["desk", "--once"]).ok();
    assert_eq!(socks.visits(), []);
    assert_eq!(marisol.json(&["status"])[0]["proxy"], Value::Null);

    // The variable is as good as the option.
    let by_variable = marisol.command(&["desk", "--once"]).env("WATCHFIRE_PROXY", &proxy).spawn().unwrap();
    finish(by_variable).ok();
    assert!(!socks.visits().is_empty());
}
