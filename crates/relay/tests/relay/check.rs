//! `check`: each thing that can be wrong is found, named, and comes with what to do.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use watchfire_protocol::id::NetworkId;
use watchfire_protocol::time::{DAY, HOUR};

use crate::authority::Authority;
use crate::process::{BINARY, Process, found, now, run, set_limits, text};

/// A relay's directory whose URL leads to where it listens.
fn made() -> (TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = dir.path().join("relay");
    let url = format!("ws://127.0.0.1:{port}/v1");
    let listen = format!("127.0.0.1:{port}");
    let made = run(&["init", "--dir", path.to_str().unwrap(), "--listen", &listen, "--url", &url]);
    assert!(made.status.success(), "{made:?}");
    // Whatever this machine allows, it allows these.
    set_limits(&path, "connections = 100");
    (dir, url)
}

/// Exit code, and what was found by the name of the check: its state and what it says.
fn check(dir: &TempDir, variables: &[(&str, &str)]) -> (i32, Vec<(String, String, String)>) {
    let mut command = Command::new(BINARY);
    command.args(["check", "--json", "--dir"]).arg(dir.path().join("relay")).envs(variables.iter().copied());
    let output = command.output().unwrap();
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["schema"], "watchfire.relay-check/1");
    let code = output.status.code().unwrap();
    assert_eq!(line["ok"], code == 0);
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let found = line["checks"].as_array().unwrap().iter().map(|each| {
        assert_eq!(each["do"].is_null(), each["state"] == "ok", "{each}");
        (word(&each["check"]), word(&each["state"]), word(&each["says"]))
    });
    (code, found.collect())
}

/// What does not stand as it should, as `check state: says`.
fn troubles(dir: &TempDir, variables: &[(&str, &str)]) -> (i32, Vec<String>) {
    let (code, found) = check(dir, variables);
    let troubles = found.into_iter().filter(|(_, state, _)| state != "ok");
    (code, troubles.map(|(check, state, says)| format!("{check} {state}: {says}")).collect())
}

fn fails(dir: &TempDir, variables: &[(&str, &str)], said: &str) {
    let (code, troubles) = troubles(dir, variables);
    assert_eq!(code, 1, "{troubles:?}");
    assert!(troubles.iter().any(|each| each.starts_with(said)), "{said}: {troubles:?}");
}

#[tokio::test]
async fn a_relay_that_is_as_it_should_be_has_nothing_but_ok() {
    let (dir, url) = made();
    let path = dir.path().join("relay");
    let process = Process::serve(&path);
    found(&path, &process).await;
    assert_eq!(troubles(&dir, &[]), (0, vec![]));
    let said = run(&["check", "--dir", path.to_str().unwrap()]);
    let lines: Vec<&str> = text(&said.stdout).lines().collect();
    assert!(lines.iter().all(|line| line.starts_with("OK    ")), "{lines:?}");
    let checks: Vec<&str> = lines.iter().map(|line| line[6..].split(' ').next().unwrap()).collect();
    assert_eq!(checks, ["config", "files", "identity", "networks", "database", "disk", "clock", "limits", "url"]);
    assert!(lines[8].contains(&format!("{url} leads here")), "{lines:?}");
    let (_, found) = check(&dir, &[("WATCHFIRE_RELAY_LOG", "warn")]);
    assert!(found[0].2.ends_with("the environment counts more: WATCHFIRE_RELAY_LOG"), "{found:?}");

    // The clock went back behind what the relay itself wrote down.
    let database = rusqlite::Connection::open(path.join("relay.db")).unwrap();
    database.execute("UPDATE epochs SET since = 9000000000", []).unwrap();
    fails(&dir, &[], "clock fail: it is behind what the database holds");
}

#[test]
fn where_a_url_leads_is_tried_from_outside() {
    let (dir, url) = made();
    let path = dir.path().join("relay");
    const URL: &str = "WATCHFIRE_RELAY_URL";
    let (code, stopped) = troubles(&dir, &[]);
    assert_eq!(code, 0);
    assert!(
        stopped.contains(&format!("url warn: {url} was not tried: no relay runs in this directory")),
        "{stopped:?}"
    );

    let _process = Process::serve(&path);
    let (other, _) = made();
    let other = Process::serve(&other.path().join("relay"));
    let elsewhere = format!("url fail: {} leads to another relay, with the key {}", other.url, other.key);
    fails(&dir, &[(URL, &other.url)], &elsewhere);
    let nobody = "url fail: ws://127.0.0.1:1/v1 does not lead to a relay";
    fails(&dir, &[(URL, "ws://127.0.0.1:1/v1")], nobody);
    let onion = format!("ws://{}.onion/v1", "a".repeat(56));
    let (code, unknown) = troubles(&dir, &[(URL, &onion)]);
    assert_eq!(code, 0);
    assert!(unknown.contains(&format!("url warn: {onion} was not tried: it is reached through Tor")), "{unknown:?}");
}

#[test]
fn a_certificate_is_looked_at_before_clients_refuse_it() {
    const HOST: &str = "relay.example.org";
    const URL: (&str, &str) = ("WATCHFIRE_RELAY_URL", "wss://relay.example.org/v1");
    let (dir, _) = made();
    let path = dir.path().join("relay");
    let config = path.join("relay.toml");
    let tls = "[tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"certificate.pem\"\nkey = \"key.pem\"\n";
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + tls).unwrap();
    fails(&dir, &[URL], "tls fail: ");
    let authority = Authority::unknown();
    authority.issue_for(&[HOST], 2020, 2022).write(&path);
    fails(&dir, &[URL], "tls fail: the certificate expired ");
    authority.issue_for(&[HOST], 2100, 2101).write(&path);
    fails(&dir, &[URL], "tls fail: the certificate is not valid yet");
    let soon = now().plus(10 * DAY + HOUR);
    authority.issue_until(&[HOST], soon.0).write(&path);
    let (code, found) = troubles(&dir, &[URL]);
    assert_eq!(code, 0, "{found:?}");
    assert!(found.contains(&"tls warn: the certificate expires in 10 days".to_owned()), "{found:?}");
    authority.issue(&["relay.example.net"]).write(&path);
    let (_, found) = troubles(&dir, &[URL]);
    assert!(found.iter().any(|each| each.contains("relay.example.net") && each.contains("another name")), "{found:?}");
    authority.issue(&[HOST]).write(&path);
    let (code, found) = check(&dir, &[URL]);
    assert_eq!(code, 0, "{found:?}");
    let (_, state, says) = found.iter().find(|(check, ..)| check == "tls").unwrap();
    assert!(state == "ok" && says.ends_with("days more"), "{found:?}");

    // Who tries the URL sees what a client would see that was told of nobody.
    let process = Process::serve(&path);
    let port = process.tls.unwrap().port();
    let here = format!("wss://localhost:{port}/v1");
    authority.issue(&["localhost"]).write(&path);
    let (code, found) = troubles(&dir, &[("WATCHFIRE_RELAY_URL", &here)]);
    assert_eq!(code, 1, "{found:?}");
    assert!(found.iter().any(|each| each.starts_with("url fail: ") && each.contains("ertificate")), "{found:?}");
}

#[test]
fn a_plain_door_to_the_world_is_warned_of() {
    let (dir, _) = made();
    let (_, found) = troubles(&dir, &[("WATCHFIRE_RELAY_LISTEN", "0.0.0.0:7443")]);
    assert!(found.iter().any(|each| each.starts_with("listen warn: 0.0.0.0:7443")), "{found:?}");
}

#[test]
fn files_that_others_may_read_that_lack_or_that_are_damaged_are_named() {
    let (dir, _) = made();
    let path = dir.path().join("relay");
    let mode = |name: &str, mode| std::fs::set_permissions(path.join(name), Permissions::from_mode(mode)).unwrap();
    let said = |dir: &Path| text(&run(&["check", "--dir", dir.to_str().unwrap()]).stdout).to_owned();
    mode("identity", 0o604);
    fails(&dir, &[], "files fail: others than the relay's user may read its files");
    fails(&dir, &[], "identity fail: ");
    let refused = run(&["serve", "--dir", path.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    let command = format!("hint: chmod 600 {}. ", path.join("identity").display());
    assert!(text(&refused.stderr).contains("has mode 604: others than the relay may read its key"), "{refused:?}");
    assert!(text(&refused.stderr).contains(&command), "{refused:?}");
    assert!(said(&path).contains(&format!("do: chmod 600 {}", path.join("identity").display())));
    mode("identity", 0o600);
    std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    assert!(said(&path).contains(&format!("do: chmod 700 {}", path.display())));
    std::fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();

    let identity = path.join("identity");
    let key = std::fs::read(&identity).unwrap();
    std::fs::write(&identity, &key[1..]).unwrap();
    fails(&dir, &[], "identity fail: ");
    std::fs::write(&identity, &key).unwrap();
    let elsewhere = dir.path().join("credential");
    std::fs::rename(&identity, &elsewhere).unwrap();
    fails(&dir, &[], "identity fail: ");
    assert_eq!(check(&dir, &[("WATCHFIRE_RELAY_IDENTITY", elsewhere.to_str().unwrap())]).0, 0);
    std::fs::rename(&elsewhere, &identity).unwrap();

    let list = path.join("networks.toml");
    std::fs::write(&list, "[[network]]\nid = \"none\"\n").unwrap();
    std::fs::set_permissions(&list, Permissions::from_mode(0o600)).unwrap();
    fails(&dir, &[], "networks fail: the id of entry 1");
    std::fs::remove_file(&list).unwrap();

    std::fs::write(path.join("relay.db"), [7; 9000]).unwrap();
    fails(&dir, &[], "database fail: ");
    std::fs::write(path.join("relay.toml"), "listen = \"127.0.0.1:1\"\nlog-level = \"info\"\n").unwrap();
    fails(&dir, &[], "config fail: ");
    assert!(said(&path).contains("line 2: there is no setting `log-level`"));
    assert!(said(&dir.path().join("nowhere")).contains("do: make a relay first: watchfire-relay init"));
}

#[test]
fn promises_that_the_machine_cannot_keep_are_warned_of() {
    let (dir, _) = made();
    let path = dir.path().join("relay");
    let id = NetworkId([7; 32]).to_string();
    assert!(run(&["networks", "allow", &id, "--quota", "900TiB", "--dir", path.to_str().unwrap()]).status.success());
    let (code, warned) = troubles(&dir, &[]);
    assert_eq!(code, 0);
    assert!(warned.iter().any(|each| each.starts_with("disk warn: ") && each.contains("may still take")), "{warned:?}");
    fails(&dir, &[("WATCHFIRE_RELAY_LIMITS_DISK_LOW_BYTES", "1000000000000000")], "disk fail: only ");

    let few = format!("ulimit -n 120; exec {BINARY} check --dir {}", path.display());
    let few = Command::new("sh").args(["-c", &few]).output().unwrap();
    assert!(text(&few.stdout).contains("WARN  limits    120 files may be open at once"), "{few:?}");
    assert!(text(&few.stdout).contains("LimitNOFILE="), "{few:?}");
}

#[test]
fn a_url_with_tls_leads_here_for_whoever_trusts_the_authority_and_for_nobody_else() {
    let (dir, _) = made();
    let path = dir.path().join("relay");
    let (authority, ca) = (Authority::unknown(), dir.path().join("ca.pem"));
    std::fs::write(&ca, authority.pem()).unwrap();
    authority.issue(&["localhost"]).write(&path);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (listen, url) = (format!("127.0.0.1:{port}"), format!("wss://localhost:{port}/v1"));
    let variables = [
        ("WATCHFIRE_RELAY_TLS_LISTEN", listen.as_str()),
        ("WATCHFIRE_RELAY_TLS_CERTIFICATE", "certificate.pem"),
        ("WATCHFIRE_RELAY_TLS_KEY", "key.pem"),
        ("WATCHFIRE_RELAY_URL", &url),
    ];
    let _process = Process::spawn(Command::new(BINARY).arg("serve").arg("--dir").arg(&path).envs(variables));
    let mut command = Command::new(BINARY);
    command.args(["check", "--dir"]).arg(&path).arg("--ca-file").arg(&ca).envs(variables);
    let trusting = command.output().unwrap();
    assert_eq!(trusting.status.code(), Some(0), "{trusting:?}");
    assert!(text(&trusting.stdout).contains(&format!("OK    url       {url} leads here")), "{trusting:?}");
    fails(&dir, &variables, &format!("url fail: {url} does not lead to a relay: "));

    std::fs::write(&ca, "no certificate").unwrap();
    let none = run(&["check", "--dir", path.to_str().unwrap(), "--ca-file", ca.to_str().unwrap()]);
    assert_eq!(none.status.code(), Some(2), "{none:?}");
}
