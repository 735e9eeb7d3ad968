//! One admin silences a coordinator, who goes on with every key that they had. Invariant `nothing-false-is-verified`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::alert;
use watchfire_client::net::Connection;
use watchfire_client::ops::admin::NewAdminKey;
use watchfire_client::ops::amend::{Amendment, Enacted, Outcome};
use watchfire_client::ops::edit::NewTerms;
use watchfire_client::ops::revoke::{Revoked, Revoking};
use watchfire_client::ops::view::{AlertView, Filter};
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{EpochState, Hood};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::alert::{AlertBody, AlertsItem, Beacon, SignedAlert};
use watchfire_protocol::charter::{Restricted, RestrictionError, Right, Subject};
use watchfire_protocol::frame::{Prover, Refusal, Request};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::record::{Channel, Header, seal_record};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{DAY, HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::{HeldReason, Label, Note};
use watchfire_protocol::wire;
use watchfire_tests::local::{Person, World};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

/// Marisol is the admin and a coordinator, Bea a coordinator, Ana a responder.
struct Town {
    world: World,
    bea: Person,
    ana: Person,
}

impl Town {
    async fn new() -> Self {
        let world = World::found().await;
        let bea = world.join(InviteRole::Coordinator, "Bea").await;
        let ana = world.join(InviteRole::Responder, "Ana").await;
        world.admin.client.grant("Bea", world.hood, true, true, None).await.unwrap();
        for person in [&bea, &ana] {
            person.client.connected(world.hood).await.unwrap();
        }
        Self { world, bea, ana }
    }

    /// Bea's device key, as the charter grants it.
    fn device(&self) -> SecretKey {
        let charters = self.bea.client.charters().unwrap();
        let profile = self.bea.client.profile().unwrap();
        let mut keys = profile.candidates.iter().map(SecretKey::from_seed);
        keys.find(|key| charters.newest().as_written().coordinator_of(&key.public()).is_some()).unwrap()
    }

    fn restricted(&self, distrust_from: Option<Epoch>) -> Restricted {
        let charters = self.world.admin.client.charters().unwrap();
        let coordinator = charters.newest().as_written().coordinator_of(&self.device().public()).unwrap();
        let (subject, neighborhood) = (Subject::Coordinator(coordinator), self.world.hood);
        Restricted { subject, neighborhood, right: Right::Dispatch, distrust_from }
    }

    async fn restrict(&self, distrust_from: Option<Epoch>) {
        let done = self.world.admin.client.restrict(vec![self.restricted(distrust_from)]).await.unwrap();
        assert!(done.why_waiting.is_none(), "{:?}", done.why_waiting);
    }

    /// Appends what Bea signs with her device key, sealed with the epoch's keys: both are hers.
    async fn append(&self, item: &AlertsItem) {
        let (state, epoch) = keys(&self.bea, &self.world);
        let keys = epoch.keys(state.place());
        let hour = Hour::at(epoch.opened_at, self.world.clock.now());
        let chain = keys.member.chain().at(hour).unwrap();
        let header = Header { channel: Channel::Alerts, epoch: epoch.epoch, hour: chain.hour() };
        let (announcement, content) = (&epoch.announcement, item.to_bytes());
        let record = seal_record(&state.place(), announcement, header, &chain.alerts_key(), &content, &mut rand::rng());
        let mut connection = Connection::open(
            &Route::straight().unwrap(),
            &self.world.relay.url,
            Some(&self.world.relay.key),
            Errand::Alerts,
            None,
        )
        .await
        .unwrap();
        let role = keys.coordinator.as_ref().unwrap().role_key();
        connection.prove(state.place(), epoch.epoch, Prover::Coordinator, &role).await.unwrap();
        connection.call(Request::Append { record: record.unwrap() }).await.unwrap();
    }

    async fn read(&self) -> Vec<AlertView> {
        self.ana.client.connected(self.world.hood).await.unwrap();
        self.ana.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap()
    }

    fn why_held(&self) -> Vec<HeldReason> {
        self.ana.client.held(None).unwrap().into_iter().map(|held| held.why).collect()
    }
}

fn keys(person: &Person, world: &World) -> (Hood, EpochState) {
    let read = person.vault().transact(|tx| {
        let state = Hood::load(tx, world.hood)?;
        let epoch = EpochState::load(tx, world.hood, state.epoch)?.unwrap();
        Ok::<_, ClientError>((state, epoch))
    });
    read.unwrap()
}

async fn send(client: &Client, world: &World) -> SignedAlert {
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = client.draft_alert(world.hood, content, expires).unwrap();
    client.send_alert(draft).await.unwrap();
    let view = client.alerts(Filter { hood: Some(world.hood), ..Filter::default() }).unwrap().pop().unwrap();
    view.shown.signed().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_admin_can_silence_a_coordinator_and_what_was_shown_before_keeps_its_label() {
    let town = Town::new().await;
    let before = send(&town.bea.client, &town.world).await;
    let shown = town.read().await;
    assert_eq!((shown.len(), shown[0].shown.label()), (1, &Label::Verified));
    let (state, epoch) = keys(&town.bea, &town.world);
    town.restrict(Some(epoch.epoch.next())).await;

    // Bea has all her keys, and writes as if nothing had happened.
    let mut body: AlertBody = wire::decode_body(&before.body).unwrap();
    body.random = [7; 16];
    town.append(&AlertsItem::Alert(SignedAlert::sign(&body, &state.place(), &town.device()))).await;
    let shown = town.read().await;
    assert_eq!(shown.len(), 1, "the new one is not among the alerts");
    assert_eq!(shown[0].shown.label(), &Label::Verified);
    assert_eq!(shown[0].shown.notes(), [Note::SenderRevoked]);
    let signer = town.device().public();
    assert_eq!(town.why_held(), [HeldReason::Revoked { signer }]);
    // Her own client says so, instead of sending what nobody will see.
    town.bea.client.connected(town.world.hood).await.unwrap();
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let refused = town.bea.client.draft_alert(town.world.hood, content, expires).err().unwrap();
    assert!(matches!(refused, ClientError::NotGranted(_)), "{refused:?}");
    // The admin's alerts are what they were, and name what restricts the charter.
    town.world.clock.forward(1);
    let after = send(&town.world.admin.client, &town.world).await;
    let named: AlertBody = wire::decode_body(&after.body).unwrap();
    assert_eq!(named.restrictions, town.world.admin.client.charters().unwrap().restrictions_hash());
    let shown = town.read().await;
    assert_eq!(shown.last().unwrap().shown.body().restrictions, named.restrictions);
    assert_eq!(shown.last().unwrap().shown.label(), &Label::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_distrusted_from_an_epoch_on_has_not_said_what_they_said_in_it() {
    let town = Town::new().await;
    send(&town.bea.client, &town.world).await;
    assert_eq!(town.read().await.len(), 1);
    let (_, epoch) = keys(&town.bea, &town.world);
    town.restrict(Some(epoch.epoch)).await;
    assert!(town.read().await.is_empty());
    assert_eq!(town.why_held(), [HeldReason::Revoked { signer: town.device().public() }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_lets_a_restricted_device_prove_nothing_and_open_nothing() {
    let town = Town::new().await;
    let (state, epoch) = keys(&town.bea, &town.world);
    let device = town.device();
    let open = async || {
        Connection::open(
            &Route::straight().unwrap(),
            &town.world.relay.url,
            Some(&town.world.relay.key),
            Errand::Alerts,
            None,
        )
        .await
        .unwrap()
    };
    let mut proved = open().await;
    proved.prove(state.place(), Epoch::NONE, Prover::Device(device.public()), &device).await.unwrap();
    let staged = Request::Staged { announcement: epoch.announcement };
    proved.call(staged.clone()).await.unwrap();
    town.restrict(Some(epoch.epoch.next())).await;
    let refused = proved.call(staged).await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::NotGranted))), "{refused:?}");
    let refused = open().await.prove(state.place(), Epoch::NONE, Prover::Device(device.public()), &device).await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::NotGranted))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_coordinators_beacon_confirms_nothing() {
    let town = Town::new().await;
    let (state, epoch) = keys(&town.bea, &town.world);
    let charters = town.bea.client.charters().unwrap();
    let beacon = |time| Beacon {
        time,
        charter_version: charters.newest().version(),
        charter: charters.newest().hash(),
        restrictions: charters.restrictions_hash(),
        announcement: epoch.announcement,
        heads: vec![],
        extensions: wire::Extensions::default(),
    };
    let post = async |time: Timestamp| {
        town.append(&AlertsItem::Beacon(beacon(time).sign(&state.place(), &town.device()))).await;
        town.ana.client.connected(town.world.hood).await.unwrap();
        town.ana.client.status().unwrap().hoods[0].confirmed_at
    };
    town.world.clock.forward(2 * HOUR);
    let before = town.world.clock.now();
    assert_eq!(post(before).await, Some(before));
    town.restrict(Some(epoch.epoch.next())).await;
    town.world.clock.forward(60);
    let after = post(town.world.clock.now()).await;
    assert!(after.is_none_or(|at| at < before), "neither the one before nor the one after: {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restriction_reaches_an_emptied_relay_from_whoever_holds_it() {
    let mut town = Town::new().await;
    let before = town.world.relay.copy().await;
    let (_, epoch) = keys(&town.bea, &town.world);
    town.restrict(Some(epoch.epoch.next())).await;
    town.ana.client.connected(town.world.hood).await.unwrap();
    let set = town.ana.client.charters().unwrap().restrictions_hash();
    // A relay that was put back to before the restriction: Ana's client alone brings it there, and to Bea.
    town.world.relay.show(before).await;
    town.ana.client.connected(town.world.hood).await.unwrap();
    town.bea.client.connected(town.world.hood).await.unwrap();
    assert_eq!(town.bea.client.charters().unwrap().restrictions_hash(), set);
    // And the vault holds it, opened again.
    let again = town.ana.reopen(&town.world.clock);
    let charters = again.client.charters().unwrap();
    assert_eq!(charters.restrictions_hash(), set);
    assert!(charters.held_set(&set));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_version_takes_the_restriction_in_and_the_coordinator_stays_revoked() {
    let town = Town::new().await;
    let (_, epoch) = keys(&town.bea, &town.world);
    let alert = send(&town.bea.client, &town.world).await;
    assert_eq!(town.read().await.len(), 1);
    town.restrict(Some(epoch.epoch.next())).await;
    watchfire_tests::local::add_neighborhood(&town.world.admin.client, "Old Mill").await;
    let shown = town.read().await;
    let charters = town.ana.client.charters().unwrap();
    assert!(charters.restrictions().is_empty());
    assert_eq!(charters.newest().body().restrictions.len(), 1);
    let key = town.device().public();
    assert!(charters.newest().body().revocations.iter().any(|revocation| revocation.key == key));
    assert_eq!(charters.newest().as_written().coordinator_of(&key), None);
    assert_eq!(shown[0].shown.signed(), &alert);
    assert_eq!(shown[0].shown.notes(), [Note::SenderRevoked]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_admin_restricts_nobody_and_what_names_a_stranger_is_not_kept() {
    let town = Town::new().await;
    let refused = town.ana.client.restrict(vec![town.restricted(None)]).await.err().unwrap();
    assert!(matches!(refused, ClientError::NotGranted(_)), "{refused:?}");
    let stranger = Subject::Device(SecretKey::generate(&mut rand::rng()).public());
    let unknown = Restricted { subject: stranger, ..town.restricted(None) };
    let refused = town.world.admin.client.restrict(vec![unknown]).await.err().unwrap();
    assert!(matches!(refused, ClientError::Restriction(RestrictionError::UnknownSubject { .. })), "{refused:?}");
    assert!(town.world.admin.client.charters().unwrap().restrictions().is_empty());
}

/// Two of three admins make a version: Marisol, Ana, and one who is not here.
async fn three_admins(town: &Town) {
    let (ana, marisol) = (&town.ana.client, &town.world.admin.client);
    let (anas, third) = (NewAdminKey::generate(), NewAdminKey::generate());
    ana.keep_admin_key(&anas).unwrap();
    agree(town, marisol, &Amendment::AddAdmins(vec![anas.public(), third.public()])).await;
}

/// Marisol draws a version, and Ana signs and publishes it.
async fn agree(town: &Town, marisol: &Client, amendment: &Amendment) {
    let Outcome::Drafted(drafted) = marisol.amend(amendment, false).await.unwrap() else { panic!("it needs Ana") };
    let signed = town.ana.client.sign_draft(town.ana.client.review(&drafted.file).unwrap()).unwrap();
    assert!(matches!(town.ana.client.publish_draft(&signed.file).await.unwrap(), Enacted::Version(_)));
    marisol.refresh_charters().await.unwrap();
}

fn revoking(handle: &str) -> Revoking {
    Revoking { handle: handle.to_owned(), hood: None, distrust_from: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_of_several_admins_revokes_is_held_by_everybody_and_taken_in_by_the_next_version() {
    let town = Town::new().await;
    let marisol = &town.world.admin.client;
    three_admins(&town).await;
    agree(&town, marisol, &Amendment::SetTerms { hood: town.world.hood, terms: two_must_sign() }).await;
    let before = send(&town.bea.client, &town.world).await;
    let (state, epoch) = keys(&town.bea, &town.world);
    let Revoked::Silenced(done) = town.ana.client.revoke(&revoking("Bea"), false).await.unwrap() else {
        panic!("Ana alone cannot make a version")
    };
    assert!(done.why_waiting.is_none());

    // Bea writes once more with the keys that she has; then the other coordinator's connection turns them.
    let mut body: AlertBody = wire::decode_body(&before.body).unwrap();
    body.random = [7; 16];
    town.append(&AlertsItem::Alert(SignedAlert::sign(&body, &state.place(), &town.device()))).await;
    marisol.connected(town.world.hood).await.unwrap();
    assert_eq!(keys(&town.world.admin, &town.world).1.epoch, epoch.epoch.next());
    town.read().await;
    let signer = town.device().public();
    for client in [&town.ana.client, marisol] {
        let why: Vec<HeldReason> = client.held(None).unwrap().into_iter().map(|held| held.why).collect();
        assert!(why.contains(&HeldReason::Revoked { signer }), "{why:?}");
    }

    // The quorum falls to those who are left.
    agree(&town, marisol, &Amendment::Renew { lifetime: 90 * DAY }).await;
    let charters = marisol.charters().unwrap();
    let newest = charters.newest().body();
    assert!(charters.restrictions().is_empty());
    assert_eq!(newest.restrictions, [done.hash]);
    assert_eq!((newest.grants.len(), newest.neighborhoods[0].quorum), (1, 1));
    let revoked = |key| newest.revocations.iter().any(|revocation| revocation.key == key);
    assert!(revoked(signer));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_version_would_leave_nobody_a_lone_admin_revokes_by_a_restriction_that_stays() {
    let world = World::found().await;
    let marisol = &world.admin.client;
    let handle = marisol.profile().unwrap().handle;
    let Revoked::Silenced(done) = marisol.revoke(&revoking(&handle), false).await.unwrap() else {
        panic!("a version would leave nobody")
    };
    assert!(matches!(marisol.amend(&Amendment::Renew { lifetime: 90 * DAY }, false).await, Ok(Outcome::Published(_))));
    let charters = marisol.charters().unwrap();
    assert_eq!(charters.restrictions().iter().map(|held| held.hash()).collect::<Vec<_>>(), [done.hash]);
    assert_eq!((charters.newest().body().grants.len(), charters.newest().body().restrictions.len()), (1, 0));
    let Revoked::Silenced(again) = marisol.revoke(&revoking(&handle), false).await.unwrap() else {
        panic!("nobody is left still")
    };
    assert_eq!(again.hash, done.hash);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_admin_revokes_by_a_version() {
    let town = Town::new().await;
    let signer = town.device().public();
    let done = town.world.admin.client.revoke(&revoking("Bea"), false).await.unwrap();
    assert!(matches!(done, Revoked::Amended(Outcome::Published(_))));
    let charters = town.world.admin.client.charters().unwrap();
    assert!(charters.restrictions().is_empty());
    assert!(charters.newest().body().revocations.iter().all(|revocation| revocation.key == signer));
    assert_eq!(charters.newest().body().grants.len(), 1);
}

const fn two_must_sign() -> NewTerms {
    NewTerms { quorum: Some(2), below_quorum: None, retention_hours: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_opens_one_epoch_and_no_more() {
    let town = Town::new().await;
    let (admin, hood) = (&town.world.admin.client, town.world.hood);
    let before = admin.status().unwrap().hoods[0].epoch;
    let Revoked::Amended(Outcome::Published(done)) = admin.revoke(&revoking("Bea"), false).await.unwrap() else {
        panic!()
    };
    assert_eq!(done.epochs, [(hood, before.next())]);
    admin.connected(hood).await.unwrap().0.goodbye().await;
    assert_eq!(admin.status().unwrap().hoods[0].epoch, before.next());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_reaches_members_by_the_next_coordinator_who_connects() {
    let town = Town::new().await;
    let (admin, hood) = (&town.world.admin.client, town.world.hood);
    // The draft's names are in the vault of whoever drew it; somebody else publishes it.
    let rename = Amendment::Rename { hood, name: "Olmo Park".to_owned() };
    let Outcome::Drafted(drafted) = admin.amend(&rename, true).await.unwrap() else { panic!() };
    assert!(matches!(town.ana.client.publish_draft(&drafted.file).await.unwrap(), Enacted::Version(_)));
    admin.connected(hood).await.unwrap().0.goodbye().await;
    town.bea.client.connected(hood).await.unwrap();
    assert_eq!(town.bea.client.hoods().unwrap()[0].1, "Olmo Park");
}
