//! The charter by several admins: three homes, a threshold of two, and files that are carried between them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use watchfire_tests::process::{HOOD, Home, Ran, Relay, join};

/// Three admins of whom two must sign: Marisol founded and coordinates, Kai coordinates too, and Zoe is an admin and
/// nothing else: no member of any neighborhood.
struct Admins {
    relay: Relay,
    marisol: Home,
    kai: Home,
    zoe: Home,
}

impl Admins {
    fn found() -> Self {
        let relay = Relay::start();
        let (marisol, kai, zoe) = (Home::new(), Home::new(), Home::new());
        let token = relay.path().join("admission.token");
        marisol.json(&[
            "network",
            "create",
            "Night Watch",
            "--relay",
            &relay.url,
            "--relay-key",
            &relay.key,
            "--admission-token-file",
            token.to_str().unwrap(),
            "--handle",
            "Marisol",
        ]);
        marisol.json(&["neighborhood", "add", HOOD]);
        join(&marisol, &kai, "Kai", "coordinator");
        marisol
            .run(&["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", "dispatch", "--right", "enroll"])
            .ok();
        kai.run(&["sync"]).ok();

        // Keys are made where they are kept: Kai's in the vault of a member, Zoe's in a home without any network.
        let (kais, zoes) = (admin_key(&kai), admin_key(&zoe));
        zoe.run(&["status"]).fails(6);
        // Two more admins at once: two of three must sign, the new ones too.
        let draft = marisol.path("admins.draft");
        let draft = draft.to_str().unwrap();
        let added = marisol.json(&["charter", "admin", "add", &kais, &zoes, "--out", draft]);
        assert_eq!((added[0]["state"].as_str(), added[0]["missing"].as_u64()), (Some("draft"), Some(1)), "{added:?}");
        marisol.run(&["charter", "publish", draft]).fails(9);
        // Whoever is in no network enters it by the draft that they sign.
        let here = carried(draft, &zoe);
        zoe.run(&["charter", "sign", &here]).fails(2);
        assert_eq!(zoe.run(&["status"]).code, 6, "nothing was kept of what was not confirmed");
        let signed = zoe.json(&["charter", "sign", &here, "--yes"]);
        assert_eq!(signed[0]["missing"], 0);
        let published = zoe.json(&["charter", "publish", &here]);
        assert_eq!(published[0]["state"], "published", "{published:?}");
        let shown = zoe.json(&["charter", "show"]);
        assert_eq!((shown[0]["threshold"].as_u64(), shown[0]["admins"].as_array().unwrap().len()), (Some(2), 3));
        Self { relay, marisol, kai, zoe }
    }

    /// One drafts, another signs a copy of the file, a third publishes it, or signs it too if all three must. Whoever
    /// signs needs no relay: the file brings what it follows.
    fn change(&self, [drafts, signs, publishes]: [&Home; 3], args: &[&str]) -> Value {
        let draft = drafts.path("change.draft");
        let _ = std::fs::remove_file(&draft);
        let draft = draft.to_str().unwrap();
        let drafted = drafts.json(&[args, &["--out", draft]].concat())[0].clone();
        let missing = drafted["missing"].as_u64().unwrap();
        assert!(!drafted["changes"].as_array().unwrap().is_empty(), "{args:?}");
        let draft = carried(draft, signs);
        assert_eq!(signs.json(&["charter", "sign", &draft, "--yes"])[0]["missing"], missing - 1);
        let draft = carried(&draft, publishes);
        if missing == 2 {
            publishes.run(&["charter", "publish", &draft]).fails(9);
            publishes.json(&["charter", "sign", &draft, "--yes"]);
        }
        let published = publishes.json(&["charter", "publish", &draft])[0].clone();
        assert_eq!(published["state"], "published", "{args:?} {published}");
        assert_eq!(published["charter-version"], drafted["charter-version"]);
        assert_eq!(published["changes"], drafted["changes"], "all see the same change");
        published
    }
}

/// Makes an admin key, and returns the path of its public half.
fn admin_key(home: &Home) -> String {
    let file = home.path("public.key").to_str().unwrap().to_owned();
    let made = home.json(&["charter", "admin", "key", "--out", &file]);
    assert_eq!((made[0]["schema"].as_str(), made[0]["made"].as_bool()), (Some("watchfire.admin-key/1"), Some(true)));
    file
}

/// Copies a file into another home, as a stick or a messenger would.
fn carried(file: &str, to: &Home) -> String {
    let there = to.path("carried.draft");
    if there.to_str() != Some(file) {
        std::fs::copy(file, &there).unwrap();
    }
    there.to_str().unwrap().to_owned()
}

/// The charter, after fetching what is new.
fn show(home: &Home) -> Value {
    home.run(&["sync"]).ok();
    home.json(&["charter", "show"])[0].clone()
}

fn neighborhood(home: &Home, name: &str) -> Value {
    home.run(&["sync"]).ok();
    let all = home.json(&["neighborhood", "list"]);
    all.into_iter().find(|hood| hood["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn code(ran: &Ran) -> String {
    serde_json::from_str::<Value>(ran.stderr.lines().last().unwrap()).unwrap()["code"].as_str().unwrap().to_owned()
}

#[test]
fn three_admins_of_whom_two_must_sign_change_everything_that_a_charter_says() {
    let all = Admins::found();
    let Admins { relay, marisol, kai, zoe } = &all;

    // Terms, and another name that the relay never sees: it reaches those who did not carry the file by the next keys.
    let set = ["neighborhood", "set", HOOD, "--quorum", "2", "--below-quorum", "hold", "--retention", "48h"];
    all.change([zoe, kai, marisol], &set);
    let terms = neighborhood(kai, HOOD);
    assert_eq!((terms["quorum"].as_u64(), terms["retention-hours"].as_u64()), (Some(2), Some(48)));
    assert_eq!(terms["below-quorum"], "hold");
    let renamed = all.change([marisol, zoe, kai], &["neighborhood", "rename", HOOD, "Elm Park North"]);
    assert_eq!(renamed["epochs"][0]["neighborhood"], "Elm Park North", "who publishes hands the names over");
    for home in [marisol, kai, zoe] {
        neighborhood(home, "Elm Park North");
    }
    all.change([kai, marisol, zoe], &["neighborhood", "rename", "Elm Park North", HOOD]);
    kai.run(&["charter", "publish", &carried(zoe.path("carried.draft").to_str().unwrap(), kai)]).ok();

    // A neighborhood more, with both who coordinate already, and its end.
    let add = ["neighborhood", "add", "Old Mill", "--quorum", "2", "--coordinator", "Kai"];
    let added = all.change([marisol, kai, zoe], &add);
    assert_eq!(added["waiting"][0], "Old Mill", "who publishes coordinates nothing: {added}");
    let opened = marisol.json(&["neighborhood", "add", "Old Mill"]);
    assert_eq!((opened[0]["epoch"].as_u64(), opened[0]["quorum"].as_u64()), (Some(1), Some(2)));
    all.change([zoe, marisol, kai], &["neighborhood", "close", "Old Mill"]);
    assert_eq!(neighborhood(kai, "Old Mill")["closed"], true);
    let closed = marisol.run(&["--json", "invite", "new", "--neighborhood", "Old Mill"]).fails(4);
    assert_eq!(code(&closed), "closed", "{closed:?}");
    let alert = watchfire_tests::process::example("checkpoint.json");
    let send = ["--json", "alert", "send", "--neighborhood", "Old Mill", "--file", &alert, "--yes"];
    assert_eq!(code(&marisol.run(&send).fails(4)), "closed");
    assert_eq!(code(&marisol.run(&["--json", "rotate", "--neighborhood", "Old Mill"]).fails(4)), "closed");

    // Rights: narrowed, retired, revoked.
    all.change([marisol, zoe, kai], &["neighborhood", "set", HOOD, "--quorum", "1"]);
    all.change([zoe, kai, marisol], &["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", "dispatch"]);
    let kais = |home: &Home| -> Vec<Value> {
        let grants = show(home)["grants"].as_array().unwrap().clone();
        grants.into_iter().filter(|grant| grant["handle"] == "Kai" && grant["neighborhood"] == HOOD).collect()
    };
    assert_eq!(kais(zoe)[0]["rights"], serde_json::json!(["dispatch"]));
    all.change([kai, zoe, marisol], &["charter", "retire", "Kai", "--neighborhood", HOOD]);
    let until = kais(zoe)[0]["until"].as_str().unwrap().to_owned();
    assert!(until.as_str() < show(zoe)["expires"].as_str().unwrap());

    // Relays, and how long it lives.
    let key = "8XXZ-73A5-4X83-40FR-ZKR5-BMKY-DT7S-2GF5-VVQJ-BN3D-0QQA-M0T9-Q9JG";
    all.change([zoe, marisol, kai], &["charter", "relay", "add", "wss://relay.example.org/v1", key]);
    assert_eq!(show(kai)["relays"].as_array().unwrap().len(), 2);
    assert_eq!(show(kai)["relays"][0]["url"], relay.url.as_str());
    all.change([kai, zoe, marisol], &["charter", "relay", "remove", "8xxz-73"]);
    let before = show(zoe)["expires"].clone();
    all.change([marisol, kai, zoe], &["charter", "renew", "--for", "90d"]);
    assert!(show(zoe)["expires"].as_str() < before.as_str());

    // Thresholds and admins.
    all.change([zoe, kai, marisol], &["charter", "threshold", "3"]);
    show(zoe);
    let three = zoe.run(&["charter", "show"]).ok();
    assert!(three.stdout.contains("losing one ends this network"), "{three:?}");
    all.change([marisol, kai, zoe], &["charter", "threshold", "2"]);
    let zoes = zoe.json(&["charter", "admin", "key", "--out", zoe.path("public.key").to_str().unwrap()]);
    assert_eq!(zoes[0]["made"], false);
    let prefix = &zoes[0]["key"].as_str().unwrap()[..9];
    all.change([marisol, kai, zoe], &["charter", "admin", "remove", prefix]);
    assert_eq!(show(kai)["admins"].as_array().unwrap().len(), 2);
    // Who is no admin any more may draw a draft, but no longer sign one.
    let draft = zoe.path("late.draft").to_str().unwrap().to_owned();
    assert_eq!(zoe.json(&["charter", "renew", "--out", &draft])[0]["missing"], 2);
    assert_eq!(code(&zoe.run(&["--json", "--yes", "charter", "sign", &draft]).fails(4)), "draft");

    // Everything is told in words: what each version changed, and who signed it.
    let history = zoe.run(&["charter", "history"]).ok().stdout;
    for told in [
        "network founded",
        "2 of 3 admins must sign a change, no longer 1",
        "2 must sign an alert in `Elm Park`, no longer 1",
        "alerts below the quorum of `Elm Park` are held back",
        "records of `Elm Park` are kept 48 h, no longer 72 h",
        "names of `Elm Park` changed",
        "neighborhood `Old Mill` added: quorum 2",
        "neighborhood `Old Mill` closed",
        "Kai may only send alerts in `Elm Park` from now on",
        "Kai retired in `Elm Park`",
        "relay wss://relay.example.org/v1 added",
        "relay wss://relay.example.org/v1 removed",
        "renewed: expires",
        "3 of 3 admins must sign a change, no longer 2",
        " removed",
    ] {
        assert!(history.contains(told), "`{told}` is not told:\n{history}");
    }
    let versions = zoe.json(&["charter", "history"]);
    assert!(versions[4..].iter().all(|version| version["signers"].as_array().unwrap().len() >= 2), "{versions:?}");
}

/// What `charter show` says of the restrictions in force.
fn restrictions(home: &Home) -> Vec<Value> {
    show(home)["restrictions"].as_array().unwrap().clone()
}

#[test]
fn one_of_three_admins_silences_a_coordinator_at_once_and_the_next_version_takes_it_in() {
    let all = Admins::found();
    let Admins { marisol, kai, zoe, .. } = &all;
    let epoch = |home: &Home| neighborhood(home, HOOD)["epoch"].as_u64().unwrap();
    let before = epoch(marisol);

    // Zoe coordinates nothing, and needs nobody.
    zoe.run(&["charter", "revoke", "Nobody"]).fails(6);
    let silenced = zoe.json(&["charter", "revoke", "Kai"])[0].clone();
    assert_eq!((silenced["state"].as_str(), silenced["at-relay"].as_bool()), (Some("restricted"), Some(true)));
    let told = format!("Kai may do nothing in `{HOOD}` any more, and is distrusted from epoch {}", before + 1);
    assert_eq!(silenced["changes"], serde_json::json!([told]));
    // Once more changes nothing.
    assert_eq!(zoe.json(&["charter", "revoke", "Kai"])[0]["hash"], silenced["hash"]);

    // The other coordinator's next connection gives everybody else new keys.
    let after = epoch(marisol);
    assert_eq!(after, before + 1);
    let members = marisol.json(&["member", "list"]);
    assert!(members.iter().all(|member| member["handle"] != "Kai"), "{members:?}");
    let held = restrictions(marisol);
    assert_eq!((held.len(), &held[0]["hash"]), (1, &silenced["hash"]));
    let takes = serde_json::json!([{
        "who": "Kai", "neighborhood": HOOD, "rights": ["dispatch", "enroll"], "distrust-from": before + 1,
    }]);
    assert_eq!(held[0]["takes"], takes);
    let zoes = zoe.json(&["charter", "admin", "key", "--out", zoe.path("public.key").to_str().unwrap()]);
    assert_eq!(held[0]["signed-by"], serde_json::json!([zoes[0]["key"]]));
    assert!(marisol.run(&["charter", "show"]).ok().stdout.contains(&told));
    // Kai's own client says so instead of sending what nobody would be shown.
    let alert = watchfire_tests::process::example("checkpoint.json");
    let send = ["--json", "alert", "send", "--neighborhood", HOOD, "--file", &alert, "--yes"];
    kai.run(&["sync"]);
    kai.run(&send).fails(4);

    // Any next version takes it in. Kai is an admin still, and may sign even this.
    let renewed = all.change([marisol, zoe, kai], &["charter", "renew", "--for", "90d"]);
    let taken = renewed["changes"].as_array().unwrap();
    assert!(taken.iter().any(|change| change == "1 restriction taken in"), "{renewed}");
    assert!(restrictions(zoe).is_empty());
    let shown = show(zoe);
    assert!(shown["grants"].as_array().unwrap().iter().all(|grant| grant["handle"] != "Kai"), "{shown}");
    assert_eq!(shown["revocations"][0]["distrust-from"], before + 1);
    assert!(zoe.run(&["charter", "history"]).ok().stdout.contains("1 restriction taken in"));
}

/// A desk that runs.
struct Desk {
    child: Child,
    lines: Receiver<String>,
}

impl Desk {
    fn open(home: &Home) -> Self {
        let mut child = home.spawn(&["--json", "desk"]);
        let (out, (told, lines)) = (BufReader::new(child.stdout.take().unwrap()), channel());
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
        Self { child, lines }
    }

    /// Waits until it tells that an epoch was opened.
    fn opens(&self) -> u64 {
        loop {
            let Ok(line) = self.lines.recv_timeout(Duration::from_secs(300)) else { panic!("the desk opens no epoch") };
            let told: Value = serde_json::from_str(&line).unwrap();
            if told["event"] == "epoch" {
                return told["epoch"].as_u64().unwrap();
            }
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_desk_gives_new_keys_by_itself_after_a_version_that_revokes_a_device_and_after_a_restriction() {
    let all = Admins::found();
    let Admins { marisol, kai, zoe, .. } = &all;
    let tablet = Home::new();
    join(marisol, &tablet, "tablet", "coordinator");
    let file = tablet.path("tablet.key").to_str().unwrap().to_owned();
    let key = tablet.json(&["charter", "device", "key", "--out", &file])[0]["key"].as_str().unwrap().to_owned();
    all.change([zoe, kai, zoe], &["charter", "device", "add", "Kai", &file]);
    let before = neighborhood(marisol, HOOD)["epoch"].as_u64().unwrap();
    let desk = Desk::open(marisol);
    // Zoe publishes, and coordinates nothing: whoever keeps a desk opens the next epoch.
    all.change([zoe, kai, zoe], &["charter", "device", "remove", "Kai", &key]);
    let after = desk.opens();
    assert_eq!(after, before + 1);
    tablet.run(&["sync"]);
    assert_eq!(tablet.json(&["status"])[0]["neighborhoods"][0]["missing-keys"], "removed");

    zoe.json(&["charter", "revoke", "Kai"]);
    assert_eq!(desk.opens(), after + 1);
    drop(desk);
    kai.run(&["sync"]);
    assert_eq!(kai.json(&["status"])[0]["neighborhoods"][0]["missing-keys"], "removed");
    let members = marisol.json(&["member", "list"]);
    assert_eq!(members.len(), 1, "{members:?}");
}

#[test]
fn where_two_must_sign_a_restriction_it_is_a_draft_too_and_the_last_coordinator_can_be_silenced() {
    let all = Admins::found();
    let Admins { marisol, kai, zoe, .. } = &all;
    all.change([marisol, zoe, kai], &["charter", "threshold", "2", "--restrict", "2"]);
    let draft = zoe.path("revoke.draft").to_str().unwrap().to_owned();
    let drafted = zoe.json(&["charter", "revoke", "Marisol", "--distrust-from", "1", "--out", &draft])[0].clone();
    assert_eq!((drafted["state"].as_str(), drafted["restriction"].as_bool()), (Some("draft"), Some(true)));
    assert_eq!(drafted["missing"], 1);
    let lacking = zoe.run(&["--json", "charter", "publish", &draft]).fails(9);
    assert_eq!(code(&lacking), "more-signatures");
    assert!(zoe.run(&["charter", "publish", &draft]).stderr.contains("restriction is not in force"));
    assert_eq!(code(&zoe.run(&["--json", "--yes", "charter", "sign", &draft]).fails(4)), "draft");
    assert!(restrictions(zoe).is_empty());

    let here = kai.path("revoke.draft").to_str().unwrap().to_owned();
    std::fs::copy(&draft, &here).unwrap();
    let read = kai.run(&["charter", "sign", &here]).fails(2);
    assert!(read.stderr.contains("Marisol may do nothing"), "{read:?}");
    kai.json(&["charter", "sign", &here, "--yes"]);
    let published = kai.json(&["charter", "publish", &here])[0].clone();
    assert_eq!((published["state"].as_str(), &published["hash"]), (Some("restricted"), &drafted["hash"]));
    kai.json(&["charter", "publish", &here]);
    assert_eq!(restrictions(zoe).len(), 1);

    // With Kai silenced as well nobody would be left, which needs a yes: the next version takes one in, and the other stays in force.
    let alone = zoe.run(&["charter", "revoke", "Kai"]).fails(2);
    assert!(alone.stderr.contains("this asks for a yes"), "{alone:?}");
    zoe.json(&["charter", "revoke", "Kai", "--out", zoe.path("second.draft").to_str().unwrap()]);
    let second = carried(zoe.path("second.draft").to_str().unwrap(), marisol);
    marisol.json(&["charter", "sign", &second, "--yes"]);
    // The next draft that is carried takes the place of this one.
    let signed = marisol.path("second.signed").to_str().unwrap().to_owned();
    std::fs::copy(&second, &signed).unwrap();
    marisol.json(&["charter", "publish", &second]);
    all.change([zoe, marisol, kai], &["charter", "renew", "--for", "90d"]);
    // The earlier one; of two that were issued within a second, the one with the lower hash.
    let left = restrictions(zoe);
    assert_eq!(left.len(), 1);
    let taken = match left[0]["takes"][0]["who"].as_str() {
        Some("Kai") => here,
        Some("Marisol") => signed,
        other => panic!("{other:?} is restricted"),
    };
    // One that a version took in has ended.
    let late = kai.run(&["charter", "publish", &taken]).fails(4);
    assert!(late.stderr.contains("took it in"), "{late:?}");
}

#[test]
fn a_draft_that_was_edited_overtaken_or_drawn_elsewhere_is_refused_and_nothing_is_kept_of_it() {
    let all = Admins::found();
    let Admins { marisol, kai, zoe, .. } = &all;
    let draft = |home: &Home, name: &str, args: &[&str]| {
        let file = home.path(name).to_str().unwrap().to_owned();
        home.json(&[args, &["--out", &file]].concat());
        file
    };
    let first = draft(marisol, "first.draft", &["charter", "renew"]);
    let second = draft(kai, "second.draft", &["charter", "threshold", "3"]);
    assert_eq!(std::fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
    // A file that is there is not overwritten, and a second signature by one hand is refused.
    marisol.run(&["charter", "renew", "--out", &first]).fails(2);
    assert_eq!(code(&marisol.run(&["--json", "--yes", "charter", "sign", &first]).fails(4)), "draft");

    // One byte by hand.
    let edited = zoe.path("edited.draft").to_str().unwrap().to_owned();
    let mut bytes = std::fs::read(&first).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&edited, &bytes).unwrap();
    assert_eq!(code(&zoe.run(&["--json", "--yes", "charter", "sign", &edited]).fails(2)), "charter-file");
    std::fs::write(&edited, "not one").unwrap();
    assert_eq!(code(&zoe.run(&["--json", "--yes", "charter", "sign", &edited]).fails(2)), "charter-file");

    // Two drafts of one version: the second no longer fits once the first is in force.
    let signed = carried(&first, zoe);
    zoe.json(&["charter", "sign", &signed, "--yes"]);
    zoe.json(&["charter", "publish", &signed]);
    zoe.json(&["charter", "publish", &signed]);
    let late = zoe.run(&["--json", "--yes", "charter", "sign", &second]).fails(4);
    assert!(late.stderr.contains("no longer fits"), "{late:?}");
    assert!(zoe.run(&["--lang", "es", "--yes", "charter", "sign", &second]).fails(4).stderr.contains("ya no encaja"));
    let gone = kai.run(&["--json", "charter", "publish", &second]).fails(4);
    assert!(gone.stderr.contains("no longer fits"), "{gone:?}");

    // Another network's.
    let other = Admins::found();
    let foreign = draft(&other.marisol, "foreign.draft", &["charter", "renew"]);
    let refused = zoe.run(&["--json", "--yes", "charter", "sign", &foreign]).fails(4);
    assert!(refused.stderr.contains("another network"), "{refused:?}");
    let version = show(zoe)["version"].as_u64().unwrap();
    assert_eq!(zoe.json(&["charter", "history"]).len() as u64, version);

    // What breaks a rule is refused before there is a draft.
    let out = kai.path("never.draft").to_str().unwrap().to_owned();
    for refused in [
        &["charter", "threshold", "0"][..],
        &["charter", "threshold", "1"],
        &["charter", "threshold", "4"],
        &["charter", "threshold", "2", "--restrict", "3"],
        &["charter", "renew", "--for", "300"],
        &["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", "dispatch", "--until", "2020-01-01"],
        &["neighborhood", "set", HOOD, "--quorum", "0"],
        &["neighborhood", "set", HOOD, "--quorum", "3"],
        &["neighborhood", "add", "Old Mill", "--quorum", "3", "--coordinator", "Marisol"],
        &["charter", "admin", "add", marisol.path("passphrase").to_str().unwrap()],
        &["charter", "admin", "add", zoe.path("public.key").to_str().unwrap()],
    ] {
        let ran = kai.run(&[&["--json"], refused, &["--out", &out]].concat());
        assert_eq!(ran.code, 2, "{refused:?} {ran:?}");
        assert!(!std::path::Path::new(&out).exists(), "{refused:?}");
    }
    kai.run(&["charter", "retire", "Nobody"]).fails(6);
    kai.run(&["charter", "admin", "remove", "0000"]).fails(6);
    kai.run(&["charter", "relay", "remove", &all.relay.key]).fails(2);
    // One that does not answer is not made the first without a yes.
    let silent = ["charter", "relay", "add", "ws://127.0.0.1:1/v1", &all.relay.key, "--first", "--out", &out];
    let asked = kai.run(&silent).fails(2);
    assert!(asked.stderr.contains("this asks for a yes"), "{asked:?}");
    assert!(!std::path::Path::new(&out).exists());
    assert_eq!(show(kai)["version"].as_u64().map(|held| held <= version), Some(true));
}

#[test]
fn an_admin_key_comes_back_from_its_words_on_paper() {
    let (home, again) = (Home::new(), Home::new());
    let paper = home.path("paper").to_str().unwrap().to_owned();
    let file = |home: &Home| home.path("public.key").to_str().unwrap().to_owned();
    let made = home.json(&["charter", "admin", "key", "--out", &file(&home), "--paper-file", &paper]);
    assert_eq!(std::fs::metadata(&paper).unwrap().permissions().mode() & 0o777, 0o600);
    let words = std::fs::read_to_string(&paper).unwrap();
    assert_eq!(words.split_whitespace().count(), 24);
    assert!(!made[0].to_string().contains(words.split_whitespace().next().unwrap()), "{made:?}");

    let restored =
        again.run_with(&["--json", "charter", "admin", "key", "--from-paper", "--out", &file(&again)], &words);
    assert_eq!(restored.ok().json()[0]["key"], made[0]["key"]);
    let told = again.run_with(&["charter", "admin", "key", "--from-paper", "--out", &file(&again)], &words).ok();
    assert!(told.stderr.contains("charter import") && !told.stderr.contains("in this vault alone"), "{told:?}");
    assert_eq!(std::fs::read(file(&home)).unwrap(), std::fs::read(file(&again)).unwrap());
    // Not whole, misread, or another one than the vault has.
    let cut: Vec<&str> = words.split_whitespace().skip(1).collect();
    let other = Home::new();
    other.run_with(&["charter", "admin", "key", "--from-paper"], &cut.join(" ")).fails(2);
    admin_key(&other);
    other.run_with(&["charter", "admin", "key", "--from-paper", "--out", &file(&other)], &words).fails(2);
    // Shown at a terminal when the key is made, elsewhere only to one who says so, and never in a log or to a program.
    let fresh = Home::new();
    let told = fresh.run(&["charter", "admin", "key", "--out", &file(&fresh)]).ok().stderr;
    let first_and_last = |told: &str| told.contains("   1 ") && told.contains("  24 ");
    assert!(!first_and_last(&told) && told.contains("charter admin key --paper"), "{told}");
    fresh.run(&["charter", "admin", "key", "--paper", "--out", &file(&fresh)]).fails(2);
    let once_more = fresh.run(&["charter", "admin", "key", "--paper", "--yes", "--out", &file(&fresh)]).ok().stderr;
    assert!(first_and_last(&once_more), "{once_more}");
}
