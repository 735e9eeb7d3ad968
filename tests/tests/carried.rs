//! Charters that are carried in files: around a relay that keeps them back, into homes that have none, and never
//! believed for being in a file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;

use watchfire_client::file::alert;
use watchfire_client::ops::admin::NewAdminKey;
use watchfire_client::ops::amend::{Amendment, Outcome};
use watchfire_client::ops::chain::{ChainError, JudgedFile};
use watchfire_client::ops::draft::CharterFile;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_client::state::Profile;
use watchfire_protocol::charter::{CharterError, CharterSignature, SignedCharter, sign};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::SecretKey;
use watchfire_tests::local::{Person, World};
use watchfire_tests::process::{HOOD, Home, Relay};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

/// A next version that the admin signs and publishes nowhere, in a file with those before it.
fn carried(world: &World, change: impl FnOnce(&mut watchfire_protocol::charter::CharterBody)) -> CharterFile {
    let admin = world.admin.vault().transact(Profile::load).unwrap().admin.unwrap();
    let admin = SecretKey::from_seed(&admin);
    let charters = world.admin.client.charters().unwrap();
    let mut body = charters.newest().body().clone();
    (body.network, body.version) = (charters.network(), body.version + 1);
    body.previous = charters.newest().hash();
    change(&mut body);
    let mut next = SignedCharter::unsigned(&body);
    let signature = sign(&admin, body.network, &next.body);
    next.insert(CharterSignature { signer: admin.public(), signature });
    let mut file = CharterFile::from_bytes(&world.admin.client.export_charters().unwrap().bytes).unwrap();
    file.charters.push(next);
    file
}

async fn verified(person: &Person, world: &World) -> usize {
    person.client.connected(world.hood).await.unwrap().0.goodbye().await;
    person.client.alerts(Filter::default()).unwrap().iter().filter(|view| is_verified(view)).count()
}

#[tokio::test]
async fn a_client_whose_relay_keeps_a_revocation_back_hears_of_it_by_file_and_believes_the_revoked_no_more() {
    let world = World::found().await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    let (ana, ben) = (world.join(InviteRole::Responder, "Ana").await, world.join(InviteRole::Responder, "Ben").await);
    kai.client.connected(world.hood).await.unwrap().0.goodbye().await;
    let founder = world.admin.client.profile().unwrap().coordinator;
    let file = carried(&world, |body| body.grants.retain(|grant| grant.coordinator != founder)).to_bytes();
    let imported = ana.client.import_charters(&file).unwrap();
    assert_eq!((imported.taken, imported.forked, imported.waiting), (1, false, false));
    assert_eq!(ana.client.import_charters(&file).unwrap().taken, 0);

    // Whoever was revoked goes on. Ben, whom only the relay tells, cannot know yet.
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = world.admin.client.draft_alert(world.hood, content, expires).unwrap();
    world.admin.client.send_alert(draft).await.unwrap();
    assert_eq!(verified(&ben, &world).await, 1);
    // Ana's device brings the relay what it kept back, and shows nothing of the revoked as verified.
    assert_eq!(verified(&ana, &world).await, 0);
    assert_eq!(ana.client.held(None).unwrap().len(), 1);
    // So everybody hears of it.
    ben.client.connected(world.hood).await.unwrap().0.goodbye().await;
    assert_eq!(ben.client.charters().unwrap().newest().version(), imported.version);
}

#[tokio::test]
async fn a_charter_in_a_file_that_does_not_hold_or_is_of_another_network_changes_nothing() {
    let (world, other) = (World::found().await, World::found().await);
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let before = ana.client.charters().unwrap().newest().hash();
    let mut unsigned = carried(&world, |body| body.grace_days = 1);
    unsigned.charters.last_mut().unwrap().signatures.clear();
    let refused = ana.client.import_charters(&unsigned.to_bytes());
    assert!(matches!(refused, Err(ChainError::Charter(CharterError::TooFewSignatures { .. }))));
    let foreign = carried(&other, |body| body.grace_days = 1);
    let refused = ana.client.import_charters(&foreign.to_bytes());
    assert!(matches!(refused, Err(ChainError::Charter(CharterError::OtherNetwork { .. }))));
    let mut many = carried(&world, |body| body.grace_days = 1);
    let last = many.charters.last_mut().unwrap();
    last.signatures = vec![last.signatures[0].clone(); 600];
    let refused = ana.client.import_charters(&many.to_bytes());
    assert!(matches!(refused, Err(ChainError::Charter(CharterError::TooManySignatures { .. }))));
    assert!(matches!(ana.client.import_charters(b"a letter"), Err(ChainError::File(_))));
    let nothing = CharterFile::default().to_bytes();
    assert!(matches!(ana.client.import_charters(&nothing), Err(ChainError::Empty)));
    assert_eq!(ana.client.charters().unwrap().newest().hash(), before);
    // A home that has no network judges it, too, and needs the first version.
    let mut late = carried(&world, |body| body.grace_days = 1);
    late.charters.remove(0);
    assert!(matches!(JudgedFile::from_bytes(&late.to_bytes()), Err(ChainError::NoGenesis)));
    let mut renamed = carried(&world, |body| body.grace_days = 1);
    renamed.names.values_mut().for_each(|block| block.network = "Day Watch".to_owned());
    assert!(matches!(JudgedFile::from_bytes(&renamed.to_bytes()), Err(ChainError::Names)));
}

#[tokio::test]
async fn a_fork_and_a_newer_format_in_a_file_are_noted_and_what_is_held_goes_on() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let mut newer = carried(&world, |body| {
        let critical = watchfire_protocol::wire::Extension { tag: 1, bytes: vec![7] };
        body.extensions = watchfire_protocol::wire::Extensions(vec![critical]);
    });
    assert!(ana.client.import_charters(&newer.to_bytes()).unwrap().newer);
    assert!(JudgedFile::from_bytes(&newer.to_bytes()).unwrap().newer);
    assert_eq!(ana.client.status().unwrap().newer_charter, Some(world.clock.now()));
    newer.charters.pop();
    let [one, two] = [11, 22].map(|days| carried(&world, |body| body.grace_days = days));
    assert_eq!(ana.client.import_charters(&one.to_bytes()).unwrap().taken, 1);
    assert_eq!(ana.client.status().unwrap().newer_charter, None);
    let imported = ana.client.import_charters(&two.to_bytes()).unwrap();
    assert!(imported.forked && imported.taken == 0);
    let fork = ana.client.forks().unwrap().remove(0);
    assert_eq!(fork.other, two.charters.last().unwrap().hash());
    ana.client.connected(world.hood).await.unwrap().0.goodbye().await;
}

#[test]
fn files_carry_a_network_into_a_home_without_one_once_a_person_has_compared() {
    let (relay, marisol, dana) = (Relay::start(), Home::new(), Home::bare());
    let token = relay.path().join("admission.token");
    let create = ["network", "create", "Night Watch", "--relay", &relay.url, "--relay-key", &relay.key];
    let create = [&create[..], &["--admission-token-file", token.to_str().unwrap()]].concat();
    let network = marisol.json(&create)[0]["id"].clone();
    marisol.json(&["neighborhood", "add", HOOD]);
    let file = marisol.path("charters");
    let file = file.to_str().unwrap();
    assert_eq!(marisol.json(&["charter", "export", file])[0]["charter-version"], 2);
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    marisol.run(&["charter", "export", file]).fails(2);

    // Judged without any vault.
    let judged = dana.json(&["charter", "verify", file]).remove(0);
    assert_eq!((&judged["network"], &judged["name"]), (&network, &"Night Watch".into()));
    assert_eq!(judged["versions"].as_array().unwrap().len(), 2);
    // A person compares first: nothing is made before.
    dana.run(&["charter", "import", file]).fails(2);
    assert!(!dana.home().exists());
    let entered = dana.json(&["--yes", "charter", "import", file]).remove(0);
    assert_eq!((&entered["network"], &entered["charter-version"]), (&network, &2.into()));
    let listed = dana.json(&["neighborhood", "list"]).remove(0);
    assert_eq!(listed["name"], HOOD);

    // Edited by hand.
    let mut bytes = std::fs::read(file).unwrap();
    bytes[80] ^= 1;
    let edited = dana.path("edited");
    std::fs::write(&edited, bytes).unwrap();
    for command in ["verify", "import"] {
        let ran = dana.run(&["charter", command, edited.to_str().unwrap()]).fails(4);
        assert!(ran.stderr.contains("hint:"), "{ran:?}");
    }
}

#[tokio::test]
async fn a_draft_with_a_charter_in_it_twice_brings_a_home_without_a_network_into_it_unharmed() {
    let world = World::found().await;
    let clara = Person::new(&world.clock);
    let key = NewAdminKey::generate();
    clara.client.keep_admin_key(&key).unwrap();
    let added = Amendment::AddAdmins(vec![key.public()]);
    let Outcome::Drafted(drafted) = world.admin.client.amend(&added, true).await.unwrap() else { panic!("published") };
    let mut file = CharterFile::from_bytes(&drafted.file).unwrap();
    file.charters.insert(0, file.charters[0].clone());

    let review = clara.client.review(&file.to_bytes()).unwrap();
    clara.client.sign_draft(review).unwrap();
    let (held, true_ones) = (clara.client.charters().unwrap(), world.admin.client.charters().unwrap());
    assert_eq!(held.newest().hash(), true_ones.newest().hash());
    // What is on the disk, as the next command reads it.
    let clara = clara.reopen(&world.clock);
    assert_eq!(clara.client.charters().unwrap().newest().hash(), true_ones.newest().hash());
}

#[tokio::test]
async fn whoever_signs_a_second_draft_of_a_version_is_warned_until_one_of_them_is_in_force() {
    let world = World::found().await;
    let rename = async |name: &str| {
        let amendment = Amendment::Rename { hood: world.hood, name: name.to_owned() };
        let Outcome::Drafted(drafted) = world.admin.client.amend(&amendment, true).await.unwrap() else {
            panic!("no draft")
        };
        drafted
    };
    let first = rename("Elm Park North").await;
    assert!(!first.view.rival, "it is the only one");
    let second = rename("Elm Park South").await;
    assert!(second.view.rival);
    assert!(world.admin.client.review(&first.file).unwrap().view.rival, "the other one warns as well");
    world.admin.client.publish_draft(&first.file).await.unwrap();
    assert!(!rename("Elm Park").await.view.rival, "that version is decided");
}
