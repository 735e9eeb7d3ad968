//! What a newcomer, and a thief, cannot open.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use watchfire_client::ClientError;
use watchfire_client::file::alert;
use watchfire_client::net::Connection;
use watchfire_client::ops::view::Filter;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{EpochState, Hood, Joining, Profile, Queued, StoredEvent};
use watchfire_client::vault::{Bucket, Vault};
use watchfire_protocol::announcement::{Announcement, LateSlot, SignedAnnouncement};
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::roster::{EVIDENCE_EPOCHS, InviteRole};
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::slot::{SlotSecret, open_slot};
use watchfire_protocol::time::HOUR;
use watchfire_protocol::wire;
use watchfire_tests::local::{Person, World, passphrase, terms};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

async fn send(world: &World) {
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = world.admin.client.draft_alert(world.hood, content, Some(20 * HOUR)).unwrap();
    assert!(world.admin.client.send_alert(draft).await.unwrap().receipt.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_and_new_see_only_their_time_and_an_approval_opens_nothing_from_before_the_hour_ahead() {
    let world = World::found().await;
    let early = world.join(InviteRole::Responder, "Ana").await;
    world.clock.forward(5 * HOUR);
    send(&world).await;
    world.clock.forward(3 * HOUR);
    send(&world).await;
    // Hour 8: the newcomer gets the chain of hour 7.
    let late = world.join(InviteRole::Responder, "Ben").await;
    world.clock.forward(HOUR);
    send(&world).await;
    for person in [&early, &late] {
        person.client.connected(world.hood).await.unwrap();
    }
    assert_eq!(early.client.alerts(Filter::default()).unwrap().len(), 3);
    assert_eq!(late.client.alerts(Filter::default()).unwrap().len(), 2, "those of hours 8 and 9");
    assert_eq!(late.client.held(None).unwrap().len(), 0, "what was before their time is no alarm");
    let oldest = late
        .vault()
        .transact(|tx| {
            let hood = Hood::load(tx, world.hood)?;
            let epoch = EpochState::load(tx, world.hood, hood.epoch)?.unwrap();
            Ok::<_, ClientError>(epoch.keys(hood.place()).member.chain().hour())
        })
        .unwrap();
    assert_eq!(oldest.0, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_retention_a_vault_holds_no_key_of_what_was_sealed() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    send(&world).await;
    ana.client.connected(world.hood).await.unwrap();
    world.clock.forward(80 * HOUR);
    ana.client.connected(world.hood).await.unwrap();
    assert_eq!(ana.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap().len(), 0);
    let oldest = ana
        .vault()
        .transact(|tx| {
            let epoch = EpochState::load(tx, world.hood, Epoch(1))?.unwrap();
            Ok::<_, ClientError>(epoch.keys(Hood::load(tx, world.hood)?.place()).member.chain().hour())
        })
        .unwrap();
    // 80 hours − retention of 72 − 1.
    assert_eq!(oldest.0, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_about_members_is_forgotten_once_the_roster_carries_it() {
    let world = World::found().await;
    world.join(InviteRole::Responder, "Ana").await;
    let events = || -> usize {
        let vault = world.admin.vault();
        vault
            .transact(|tx| Ok::<_, ClientError>(tx.list::<StoredEvent>(Bucket::RosterEvent, &world.hood.0)?.len()))
            .unwrap()
    };
    assert!(events() > 0, "an invite and an approval");
    for _ in 0..=EVIDENCE_EPOCHS {
        world.admin.client.rotate(world.hood).await.unwrap();
    }
    world.admin.client.connected(world.hood).await.unwrap().0.goodbye().await;
    assert!(events() > 0, "they are younger than the retention");
    world.clock.forward(80 * HOUR);
    world.admin.client.rotate(world.hood).await.unwrap();
    world.admin.client.connected(world.hood).await.unwrap().0.goodbye().await;
    assert_eq!(events(), 0);
    let members = world.admin.client.members(world.hood).unwrap();
    assert!(members.iter().any(|member| member.handle == "Ana"), "and nobody is lost by it");
}

/// Everything in a vault that may hold secrets, as plain bytes.
fn contents(vault: &Vault) -> Vec<Vec<u8>> {
    fn all<T: bincode::Encode + bincode::Decode<()>>(
        tx: &watchfire_client::vault::Tx<'_>,
        bucket: Bucket,
    ) -> Vec<Vec<u8>> {
        tx.list::<T>(bucket, b"").unwrap().iter().map(|(_, value)| wire::encode(value)).collect()
    }
    vault
        .transact(|tx| {
            let profile: Option<Profile> = tx.get(Bucket::Meta, b"profile")?;
            let mut out = vec![wire::encode(&profile)];
            out.extend(all::<Hood>(tx, Bucket::Hood));
            out.extend(all::<EpochState>(tx, Bucket::Epoch));
            out.extend(all::<Joining>(tx, Bucket::Joining));
            out.extend(all::<Queued>(tx, Bucket::Outbox));
            out.extend(all::<Vec<u8>>(tx, Bucket::Announcement));
            Ok::<_, ClientError>(out)
        })
        .unwrap()
}

/// What a thief tries: every 32 bytes of the vault as the slot secret, as the pre-shared key, and as the X-Wing key.
fn a_thief_opens(vault: &Vault, announcement: &Announcement, slot: &LateSlot) -> bool {
    let contents = contents(vault);
    let windows: Vec<[u8; 32]> = contents
        .iter()
        .flat_map(|value| value.windows(32).map(|window| <[u8; 32]>::try_from(window).unwrap()))
        .collect();
    let psks: Vec<Secret32> = windows
        .iter()
        .filter_map(|window| {
            let secret = SlotSecret::new(announcement.context(), Secret32::new(*window));
            (secret.tag() == slot.tag).then(|| secret.psk())
        })
        .collect();
    // Where the vault holds no slot secret, perhaps it holds the key under which the slot was sealed.
    let kems = kem_seeds(vault);
    let direct = windows.iter().map(|window| Secret32::new(*window));
    psks.into_iter()
        .chain(direct)
        .filter(|psk| !psk.is_zero())
        .any(|psk| kems.iter().any(|kem| open_slot(announcement, slot.tag, &psk, kem, &slot.body).is_ok()))
}

fn kem_seeds(vault: &Vault) -> Vec<KemSecretKey> {
    vault
        .transact(|tx| {
            let hoods = tx.list::<Hood>(Bucket::Hood, b"")?.into_iter().flat_map(|(_, mut hood)| {
                let (place, next) = (hood.place(), hood.branches.next_epoch());
                let later = hood.branches.take(place, next).unwrap();
                hood.pending.into_iter().chain(later).map(|candidate| candidate.kem)
            });
            let joining = tx.list::<Joining>(Bucket::Joining, b"")?.into_iter().map(|(_, joining)| joining.kem);
            Ok::<_, ClientError>(hoods.chain(joining).map(KemSecretKey::from_seed).collect())
        })
        .unwrap()
}

async fn recorded(world: &World, person: &Person) -> (Announcement, Vec<LateSlot>) {
    let network = person.client.charters().unwrap().network();
    let neighborhood = world.hood;
    let mut relay =
        Connection::open(&Route::straight().unwrap(), &world.relay.url, None, Errand::Alerts, None).await.unwrap();
    let from = Epoch(1);
    let Reply::Announcements { announcements, .. } =
        relay.call(Request::Announcements { network, neighborhood, from }).await.unwrap()
    else {
        panic!("no announcements");
    };
    let place = watchfire_protocol::kdf::Place { network, neighborhood };
    let announcement = SignedAnnouncement::from_bytes(&announcements[0]).unwrap().verify(&place).unwrap();
    let epoch = Epoch(1);
    let Reply::LateSlots { slots, .. } =
        relay.call(Request::LateSlots { network, neighborhood, epoch, from: 0 }).await.unwrap()
    else {
        panic!("no slots");
    };
    (announcement, slots)
}

fn copy(home: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(home).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
    to
}

#[tokio::test(flavor = "multi_thread")]
async fn opened_slots_stay_closed_to_whoever_seizes_relay_and_vault_later() {
    let world = World::found().await;
    let ana = Person::new(&world.clock);
    let link = world.invite(InviteRole::Responder).await;
    let view = ana.client.join(&link, &terms("Ana")).await.unwrap();
    let before = copy(&ana.home);
    world.admin.client.connected(world.hood).await.unwrap();
    let request = view.request.to_string();
    world.admin.client.approve(world.hood, &request, &view.say[0].join(" ")).await.unwrap();
    let (announcement, slots) = recorded(&world, &ana).await;
    assert_eq!(slots.len(), 1);

    ana.client.continue_join(world.hood).await.unwrap();
    let after = copy(&ana.home);
    let open = |home: &Path| Vault::open(home, &passphrase()).unwrap();
    assert!(a_thief_opens(&open(before.path()), &announcement, &slots[0]), "the attack is a real one");
    assert!(!a_thief_opens(&open(after.path()), &announcement, &slots[0]));
}

/// Every sealed value in a vault's file.
fn sealed(home: &Path) -> Vec<Vec<u8>> {
    let file = rusqlite::Connection::open(home.join(watchfire_client::vault::FILE)).unwrap();
    let mut rows = file.prepare("SELECT value FROM entry").unwrap();
    let values = rows.query_map([], |row| row.get(0)).unwrap();
    values.map(Result::unwrap).collect()
}

/// How many runs of 32 bytes of these values are in a home's files.
fn traces(home: &Path, values: &[Vec<u8>]) -> usize {
    let runs: std::collections::BTreeSet<&[u8]> = values.iter().flat_map(|value| value.chunks_exact(32)).collect();
    let files = std::fs::read_dir(home).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.map(|bytes| bytes.windows(32).filter(|window| runs.contains(window)).count()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_vault_forgot_or_replaced_is_in_none_of_its_files() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    for _ in 0..20 {
        send(&world).await;
    }
    ana.client.connected(world.hood).await.unwrap().0.goodbye().await;
    for person in [&world.admin, &ana] {
        let before = sealed(&person.home);
        assert!(before.len() > 60 && traces(&person.home, &before) > 60, "{}", before.len());
    }
    let before = [&world.admin, &ana].map(|person| sealed(&person.home));
    world.clock.forward(80 * HOUR);
    for (person, before) in [&world.admin, &ana].into_iter().zip(before) {
        person.client.connected(world.hood).await.unwrap().0.goodbye().await;
        let after = sealed(&person.home);
        let gone: Vec<Vec<u8>> = before.into_iter().filter(|value| !after.contains(value)).collect();
        assert!(gone.len() > 40, "{} of them", gone.len());
        assert_eq!(traces(&person.home, &gone), 0);
    }
    // Leaving forgets the rest of the neighborhood.
    let before = sealed(&ana.home);
    ana.client.leave(&[world.hood]).unwrap();
    let after = sealed(&ana.home);
    let gone: Vec<Vec<u8>> = before.into_iter().filter(|value| !after.contains(value)).collect();
    assert!(gone.len() > 5, "{} of them", gone.len());
    assert_eq!(traces(&ana.home, &gone), 0);
}
