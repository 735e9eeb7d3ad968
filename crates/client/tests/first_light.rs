//! One network, five vaults, a real relay on loopback: from the founding to the tally.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use watchfire_client::file::alert;
use watchfire_client::ops::alert::Preview;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::join::{JoinState, JoinTerms};
use watchfire_client::ops::network::NeighborhoodTerms;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_client::vault::Passphrase;
use watchfire_client::{Client, system_clock};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_relay::{Config, Serving};

struct Relay {
    dir: TempDir,
    serving: Option<Serving>,
    stop: Option<oneshot::Sender<()>>,
    url: String,
    key: watchfire_protocol::sign::PublicKey,
    address: std::net::SocketAddr,
}

impl Relay {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = watchfire_relay::init(dir.path(), "127.0.0.1:0".parse().unwrap(), None).unwrap();
        let (serving, stop) = Self::serve(dir.path(), "127.0.0.1:0".parse().unwrap()).await;
        let (url, address) = (serving.url().to_owned(), serving.address());
        Self { dir, serving: Some(serving), stop: Some(stop), url, key, address }
    }

    async fn serve(dir: &Path, address: std::net::SocketAddr) -> (Serving, oneshot::Sender<()>) {
        let config = Config::open(dir).unwrap();
        let listener = watchfire_relay::bind(address).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = watchfire_relay::serve(listener, config, async move {
            let _ = stopped.await;
        })
        .await
        .unwrap();
        (serving, stop)
    }

    /// Stops it, deletes its database, and starts it again where it was.
    async fn lose_everything(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.serving.take().unwrap().finished().await.unwrap();
        let mut deleted = 0;
        for file in std::fs::read_dir(self.dir.path()).unwrap() {
            let path = file.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().contains(".db") {
                std::fs::remove_file(path).unwrap();
                deleted += 1;
            }
        }
        assert!(deleted > 0);
        let (serving, stop) = Self::serve(self.dir.path(), self.address).await;
        (self.serving, self.stop) = (Some(serving), Some(stop));
    }

    fn token(&self) -> [u8; 32] {
        let text = std::fs::read_to_string(self.dir.path().join("admission.token")).unwrap();
        watchfire_protocol::id::parse_base32(text.trim()).unwrap()
    }
}

struct Person {
    client: Client,
    _home: TempDir,
}

fn person() -> Person {
    let home = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("a passphrase".to_owned()).unwrap();
    let client = Client::open_or_create(home.path(), &passphrase, system_clock()).unwrap();
    Person { client, _home: home }
}

async fn invite(coordinator: &Client, hood: NeighborhoodId, role: InviteRole, auto: bool) -> InviteLink {
    let terms = InviteTerms { role, handle: String::new(), uses: 1, expires_in: 3600, auto_approve: auto };
    let invite = coordinator.invite(hood, &terms).await.unwrap();
    InviteLink::parse(&invite.link).unwrap()
}

async fn join(coordinator: &Client, hood: NeighborhoodId, role: InviteRole, handle: &str, person: &Client) {
    let link = invite(coordinator, hood, role, false).await;
    let terms = JoinTerms { handle: handle.to_owned(), languages: vec!["es".to_owned()], roles: vec![] };
    let view = person.join(&link, &terms).await.unwrap();
    assert_eq!(view.state, JoinState::Waiting);
    coordinator.connected(hood).await.unwrap();
    let pending = coordinator.pending(hood).unwrap();
    assert_eq!(pending.len(), 1);
    let request = pending[0].request.to_string();
    assert!(coordinator.approve(hood, &request, "abandon abandon abandon").await.is_err());
    coordinator.approve(hood, &request, &view.say[0].join(" ")).await.unwrap();
    let view = person.wait_for_approval(hood, Duration::from_secs(20)).await.unwrap();
    assert_eq!(view.state, JoinState::Member);
    assert!(person.confirm("abandon abandon abandon").is_err());
    person.confirm(&pending[0].say[1].join(" ")).unwrap();
}

fn checkpoint() -> (watchfire_protocol::vocabulary::AlertContent, Option<u64>) {
    alert::parse(&std::fs::read_to_string("../../examples/alerts/checkpoint.json").unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_reaches_every_responder_and_their_answers_come_back() {
    let mut relay = Relay::start().await;
    let (marisol, kai, ana, ben) = (person(), person(), person(), person());
    let (marisol, kai, ana, ben) = (&marisol.client, &kai.client, &ana.client, &ben.client);
    let refused = marisol.create_network("Night Watch", "Marisol", &relay.url, relay.key, None).await;
    assert_eq!(refused.err().unwrap().exit_code(), 4);
    marisol.create_network("Night Watch", "Marisol", &relay.url, relay.key, Some(relay.token())).await.unwrap();
    let hoods = marisol.add_neighborhoods(&["Elm Park".to_owned()], NeighborhoodTerms::default(), true).await.unwrap();
    let hood = hoods[0].id;
    assert_eq!(hoods[0].epoch.0, 1);

    join(marisol, hood, InviteRole::Coordinator, "Kai", kai).await;
    join(marisol, hood, InviteRole::Responder, "Ana", ana).await;
    let (_, epoch) = marisol.grant("Kai", hood, true, true, None).await.unwrap();
    assert_eq!(epoch.0, 2);
    let (link, _) = kai.connected(hood).await.unwrap();
    drop(link);
    assert!(kai.status().unwrap().hoods[0].coordinator);
    // Kai, a coordinator by now, brings Ben in.
    join(kai, hood, InviteRole::Responder, "Ben", ben).await;

    let (content, expires) = checkpoint();
    let draft = marisol.draft_alert(hood, content, expires).unwrap();
    assert!(matches!(&draft.preview, Preview::Shown(view) if is_verified(view)));
    let sent = marisol.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some());

    for (person, times) in [(ana, 2), (ben, 2)] {
        for _ in 0..times {
            person.connected(hood).await.unwrap();
        }
        let alerts = person.alerts(Filter::default()).unwrap();
        assert_eq!(alerts.len(), 1);
        assert!(is_verified(&alerts[0]), "{:?}", alerts[0].shown.label());
        assert_eq!(alerts[0].signed_by, ["Marisol"]);
        assert_eq!(alerts[0].neighborhood, "Elm Park");
    }
    let mut going = AnswerContent::new(Code::new("going").unwrap());
    going.eta_minutes = Some(10);
    let id = sent.id.to_string();
    assert!(ana.answer(&id[..6], going).await.unwrap().1.is_some());
    assert!(ben.answer(&id[..6], AnswerContent::new(Code::new("cannot").unwrap())).await.unwrap().1.is_some());
    for coordinator in [marisol, kai] {
        coordinator.connected(hood).await.unwrap();
        let tally = coordinator.tally(&coordinator.alert(&id).unwrap()).unwrap();
        assert_eq!((tally.received, tally.going, tally.cannot), (2, 1, 1));
        assert_eq!(tally.answers[0].handle, "Ana");
    }

    // The relay loses its database. Somebody who never saw the alert gets it after a coordinator's next command.
    let late = person();
    join(marisol, hood, InviteRole::Responder, "Lou", &late.client).await;
    let seen_before = late.client.alerts(Filter::default()).unwrap().len();
    assert_eq!(seen_before, 0);
    relay.lose_everything().await;
    kai.connected(hood).await.unwrap();
    ana.connected(hood).await.unwrap();
    assert_eq!(ana.alerts(Filter::default()).unwrap().len(), 1);
    // Kai did not open this epoch and never read of Lou's approval, so Kai opens no other, which would leave Lou out.
    late.client.connected(hood).await.unwrap();
    assert_eq!(late.client.alerts(Filter::default()).unwrap().len(), 1);
    // Marisol opened it, and opens the next one, with a slot for everybody.
    marisol.connected(hood).await.unwrap();
    late.client.connected(hood).await.unwrap();
    assert_eq!(late.client.status().unwrap().hoods[0].epoch.0, 3);
    assert_eq!(late.client.status().unwrap().hoods[0].missing, None);
    assert_eq!(late.client.alerts(Filter::default()).unwrap().len(), 1);
}
