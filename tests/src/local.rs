//! A relay and people in this process, on clocks that a test moves.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use watchfire_client::net::Connection;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::join::{JoinState, JoinTerms};
use watchfire_client::ops::network::NeighborhoodTerms;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{EpochState, Hood, Profile};
use watchfire_client::vault::{Cost, Passphrase, Vault};
use watchfire_client::{Client, ClientError, Clock};
use watchfire_protocol::charter::{self, CharterBody, CharterSignature, SignedCharter};
use watchfire_protocol::frame::Request;
use watchfire_protocol::id::{NeighborhoodId, parse_base32};
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::record::{Channel, Header, seal_record};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_relay::{Config, Serving};

/// The passphrase of every vault here.
pub const PASSPHRASE: &str = "the passphrase of a test";

/// What a guess at the passphrase of a test costs: the least that there is. At the price of a real vault, opening them was
/// half of the time that all tests took.
pub const QUICK: Cost = Cost { memory_kib: 8, passes: 1 };

/// One clock for everybody, moved by hand.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicU64>);

impl HandClock {
    /// A clock at a made-up time.
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_795_000_000)))
    }

    pub fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn back(&self, seconds: u64) {
        self.0.fetch_sub(seconds, Ordering::SeqCst);
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    fn client(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

impl Default for HandClock {
    fn default() -> Self {
        Self::new()
    }
}

/// A relay in this process.
pub struct LocalRelay {
    pub dir: TempDir,
    pub url: String,
    pub key: PublicKey,
    clock: HandClock,
    address: SocketAddr,
    running: Option<(Serving, oneshot::Sender<()>)>,
}

impl LocalRelay {
    pub async fn start(clock: &HandClock) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let key = watchfire_relay::init(dir.path(), any, None).unwrap();
        let mut relay = Self { dir, url: String::new(), key, clock: clock.clone(), address: any, running: None };
        relay.serve().await;
        relay
    }

    /// A second relay with the same identity and what this one holds now: whoever has its disk can run one.
    pub async fn twin(&mut self) -> Self {
        let dir = self.copy().await;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let (key, clock) = (self.key, self.clock.clone());
        let mut twin = Self { dir, url: String::new(), key, clock, address, running: None };
        twin.serve().await;
        twin
    }

    pub async fn serve(&mut self) {
        let mut config = Config::open(self.dir.path()).unwrap();
        let clock = self.clock.clone();
        config.clock = watchfire_relay::Clock::from_fn(move || clock.now());
        // Its files are copied and searched: 32 MiB of nothing among them would only take time.
        config.limits.disk_reserve_bytes = 0;
        let listener = watchfire_relay::bind(self.address).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let until = async move {
            let _ = stopped.await;
        };
        let serving = watchfire_relay::serve(listener, config, until).await.unwrap();
        self.address = serving.address();
        self.url = serving.url().to_owned();
        self.running = Some((serving, stop));
    }

    pub async fn stop(&mut self) {
        let (serving, stop) = self.running.take().unwrap();
        stop.send(()).unwrap();
        serving.finished().await.unwrap();
    }

    /// What a hostile operator does to the database. The relay is stopped for it, and serves again.
    pub async fn tamper<T>(&mut self, work: impl FnOnce(&rusqlite::Connection) -> T) -> T {
        self.stop().await;
        let done = work(&rusqlite::Connection::open(self.dir.path().join("relay.db")).unwrap());
        self.serve().await;
        done
    }

    /// Everything that it has by now, its identity included.
    pub async fn copy(&mut self) -> TempDir {
        self.stop().await;
        let to = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.dir.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
        }
        self.serve().await;
        to
    }

    /// Shows what lies in another folder, at its own address and under its own key. Gives back the one before.
    pub async fn show(&mut self, other: TempDir) -> TempDir {
        self.stop().await;
        let before = std::mem::replace(&mut self.dir, other);
        self.serve().await;
        before
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn token(&self) -> [u8; 32] {
        parse_base32(std::fs::read_to_string(self.dir.path().join("admission.token")).unwrap().trim()).unwrap()
    }
}

/// A person with a vault.
pub struct Person {
    pub client: Client,
    pub home: PathBuf,
    _folder: TempDir,
}

impl Person {
    pub fn new(clock: &HandClock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let vault = Vault::create_at(&home, &passphrase(), QUICK).unwrap();
        let client = Client::new(vault, clock.client()).unwrap();
        Self { client, home, _folder: folder }
    }

    /// The same vault, opened again as another command would.
    pub fn reopen(&self, clock: &HandClock) -> Self {
        Self::at(&self.home, clock)
    }

    /// A vault that lies in a folder.
    pub fn at(home: &Path, clock: &HandClock) -> Self {
        let client = Client::open(home, &passphrase(), clock.client()).unwrap();
        Self { client, home: home.to_owned(), _folder: tempfile::tempdir().unwrap() }
    }

    /// A second handle on the vault, as whoever has its files and its passphrase has it.
    pub fn vault(&self) -> Vault {
        Vault::open(&self.home, &passphrase()).unwrap()
    }

    /// What can be taken out of it.
    pub fn keys(&self, hood: NeighborhoodId) -> (Hood, EpochState) {
        keys(&self.vault(), hood)
    }

    /// Seals content for the alerts channel in this hour, as any member's keys can.
    pub fn wrap(&self, hood: NeighborhoodId, content: &[u8]) -> Vec<u8> {
        wrap(&self.vault(), hood, self.client.now(), content)
    }
}

/// A person in a neighborhood, and the keys of the newest epoch there.
pub fn keys(vault: &Vault, hood: NeighborhoodId) -> (Hood, EpochState) {
    let taken = vault.transact(|tx| {
        let state = Hood::load(tx, hood)?;
        let epoch = EpochState::load(tx, hood, state.epoch)?.unwrap();
        Ok::<_, ClientError>((state, epoch))
    });
    taken.unwrap()
}

/// Seals content for the alerts channel, in the hour of a time.
pub fn wrap(vault: &Vault, hood: NeighborhoodId, now: Timestamp, content: &[u8]) -> Vec<u8> {
    let (state, epoch) = keys(vault, hood);
    let keys = epoch.keys(state.place());
    let hour = Hour::at(epoch.opened_at, now).max(keys.member.chain().hour());
    let chain = keys.member.chain().at(hour).unwrap();
    let header = Header { channel: Channel::Alerts, epoch: epoch.epoch, hour };
    let key = chain.alerts_key();
    seal_record(&state.place(), &epoch.announcement, header, &key, content, &mut rand::rng()).unwrap()
}

/// The time of the shipped programs.
pub fn now() -> Timestamp {
    watchfire_client::system_clock()()
}

pub fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned()).unwrap()
}

/// A network with one neighborhood.
pub struct World {
    pub clock: HandClock,
    pub relay: LocalRelay,
    pub admin: Person,
    pub hood: NeighborhoodId,
}

impl World {
    pub async fn found() -> Self {
        let clock = HandClock::new();
        let relay = LocalRelay::start(&clock).await;
        let url = relay.url.clone();
        Self::found_at(clock, relay, &url).await
    }

    /// The same, with the relay reached at another URL, through something that listens there.
    pub async fn found_at(clock: HandClock, relay: LocalRelay, url: &str) -> Self {
        let admin = Person::new(&clock);
        let client = &admin.client;
        client.create_network("Night Watch", "Marisol", url, relay.key, Some(relay.token())).await.unwrap();
        let hood = add_neighborhood(client, "Elm Park").await;
        Self { clock, relay, admin, hood }
    }

    /// Somebody joins, with the words read both ways.
    pub async fn join(&self, role: InviteRole, handle: &str) -> Person {
        let person = Person::new(&self.clock);
        self.join_as(&person, role, handle).await;
        person
    }

    /// Somebody who has a vault joins with it.
    pub async fn join_as(&self, person: &Person, role: InviteRole, handle: &str) {
        let link = self.invite(role).await;
        let view = person.client.join(&link, &terms(handle)).await.unwrap();
        self.admin.client.connected(self.hood).await.unwrap();
        let pending = self.admin.client.pending(self.hood).unwrap();
        let request = pending.iter().find(|pending| pending.request == view.request).unwrap();
        self.admin.client.approve(self.hood, &view.request.to_string(), &view.say[0].join(" ")).await.unwrap();
        let joined = person.client.wait_for_approval(self.hood, Duration::from_secs(20)).await.unwrap();
        assert_eq!(joined.state, JoinState::Member);
        person.client.confirm(&request.say[0].join(" ")).unwrap();
    }

    /// Somebody joins by a link that was handed over in person: without a phrase, which takes its time.
    pub async fn join_in_person(&self, handle: &str) -> Person {
        self.join_in_person_by(&self.admin, handle).await
    }

    /// The same, by a link of some coordinator.
    pub async fn join_in_person_by(&self, coordinator: &Person, handle: &str) -> Person {
        let person = Person::new(&self.clock);
        let link = self.invite_by(coordinator, handle).await;
        person.client.join(&link, &terms(handle)).await.unwrap();
        coordinator.client.connected(self.hood).await.unwrap();
        let joined = person.client.wait_for_approval(self.hood, Duration::from_secs(60)).await.unwrap();
        assert_eq!(joined.state, JoinState::Member);
        person
    }

    /// An invite that is handed over in person.
    pub async fn invite_by(&self, coordinator: &Person, handle: &str) -> InviteLink {
        let (role, handle) = (InviteRole::Responder, handle.to_owned());
        let terms = InviteTerms { role, handle, uses: 1, expires_in: 3600, auto_approve: true };
        InviteLink::parse(&coordinator.client.invite(self.hood, &terms).await.unwrap().link).unwrap()
    }

    /// Publishes a next version of the charter, signed by the admin.
    pub async fn next_charter(&self, change: impl FnOnce(&mut CharterBody)) {
        let charters = self.admin.client.charters().unwrap();
        let newest = charters.newest();
        let mut body = CharterBody {
            network: charters.network(),
            version: newest.version() + 1,
            previous: newest.hash(),
            issued: self.clock.now(),
            ..newest.body().clone()
        };
        change(&mut body);
        let admin = self.admin.vault().transact(Profile::load).unwrap().admin_key("").unwrap();
        let mut signed = SignedCharter::unsigned(&body);
        let signature = charter::sign(&admin, charters.network(), &signed.body);
        signed.insert(CharterSignature { signer: admin.public(), signature });
        let mut relay =
            Connection::open(&Route::straight().unwrap(), &self.relay.url, None, Errand::Alerts, None).await.unwrap();
        relay.done(Request::PublishCharter { charter: signed.to_bytes(), admission: None }).await.unwrap();
    }

    pub async fn invite(&self, role: InviteRole) -> InviteLink {
        let terms = InviteTerms { role, handle: String::new(), uses: 1, expires_in: 3600, auto_approve: false };
        InviteLink::parse(&self.admin.client.invite(self.hood, &terms).await.unwrap().link).unwrap()
    }
}

pub fn terms(handle: &str) -> JoinTerms {
    JoinTerms { handle: handle.to_owned(), languages: vec!["es".to_owned()], roles: vec![] }
}

pub async fn add_neighborhood(client: &Client, name: &str) -> NeighborhoodId {
    let terms = NeighborhoodTerms::default();
    client.add_neighborhoods(&[name.to_owned()], terms, true).await.unwrap()[0].id
}
