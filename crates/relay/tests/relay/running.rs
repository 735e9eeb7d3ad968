//! A relay in this process, on a free port and a made-up clock.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;
use tokio::sync::oneshot;
use watchfire_protocol::charter::CharterBody;
use watchfire_protocol::frame::Reply;
use watchfire_protocol::id::NetworkId;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;
use watchfire_relay::admission::{Quota, allow};
use watchfire_relay::limit::Limits;
use watchfire_relay::{Clock, Config, Serving, bind, init, serve};

use crate::authority::Issued;
use crate::client::{open, publish};
use crate::organization::{EpochKeys, NOW, Organization, genesis};

pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) key: PublicKey,
    pub(crate) dir: TempDir,
    pub(crate) limits: Limits,
    time: Arc<AtomicU64>,
    stop: oneshot::Sender<()>,
    serving: Serving,
}

/// A relay that was stopped.
pub(crate) struct Stopped {
    pub(crate) dir: TempDir,
    limits: Limits,
    time: Arc<AtomicU64>,
}

impl Running {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        init(dir.path(), "127.0.0.1:0".parse().unwrap(), None).unwrap();
        Stopped { dir, limits, time: Arc::new(AtomicU64::new(NOW.0)) }.start().await
    }

    /// A relay that speaks TLS as well, with a certificate for `localhost`, and an organization whose first epoch is open.
    pub(crate) async fn founded_with_tls(limits: Limits, certificate: &Issued) -> (Self, Organization, EpochKeys) {
        let dir = tempfile::tempdir().unwrap();
        init(dir.path(), "127.0.0.1:0".parse().unwrap(), None).unwrap();
        certificate.write(dir.path());
        let config = dir.path().join("relay.toml");
        let text = std::fs::read_to_string(&config).unwrap()
            + "[tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"certificate.pem\"\nkey = \"key.pem\"\n";
        std::fs::write(config, text).unwrap();
        let relay = Stopped { dir, limits, time: Arc::new(AtomicU64::new(NOW.0)) }.start().await;
        let (organization, epoch) = relay.found(|_| {}).await;
        (relay, organization, epoch)
    }

    /// Where it speaks TLS.
    pub(crate) fn tls_port(&self) -> u16 {
        self.serving.tls_address().unwrap().port()
    }

    /// A relay with an organization whose first epoch is open.
    pub(crate) async fn founded() -> (Self, Organization, EpochKeys) {
        Self::founded_with(Limits::default(), |_| {}).await
    }

    pub(crate) async fn founded_with(
        limits: Limits,
        change: impl FnOnce(&mut CharterBody),
    ) -> (Self, Organization, EpochKeys) {
        let relay = Self::with(limits).await;
        let (organization, epoch) = relay.found(change).await;
        (relay, organization, epoch)
    }

    async fn found(&self, change: impl FnOnce(&mut CharterBody)) -> (Organization, EpochKeys) {
        let mut body = genesis(self.key);
        change(&mut body);
        let organization = Organization::found_by(body);
        self.allow(organization.network());
        assert_eq!(publish(&self.url, &organization).await, Reply::Done);
        let epoch = organization.epoch(1, None, 3);
        open(&self.url, &organization, &epoch, 0).await;
        (organization, epoch)
    }

    pub(crate) fn allow(&self, network: NetworkId) {
        allow(&self.dir.path().join("networks.toml"), network, Quota::default()).unwrap();
    }

    pub(crate) fn set_time(&self, now: Timestamp) {
        self.time.store(now.0, Ordering::SeqCst);
    }

    pub(crate) async fn stop(self) -> Stopped {
        self.stop.send(()).unwrap();
        self.serving.finished().await.unwrap();
        Stopped { dir: self.dir, limits: self.limits, time: self.time }
    }
}

impl Stopped {
    /// Starts it again with other limits.
    pub(crate) async fn start_with(self, limits: Limits) -> Running {
        Self { limits, ..self }.start().await
    }

    pub(crate) async fn start(self) -> Running {
        let Self { dir, limits, time } = self;
        let mut config = Config::open(dir.path()).unwrap();
        config.limits = limits.clone();
        let clock = Arc::clone(&time);
        config.clock = Clock::from_fn(move || Timestamp(clock.load(Ordering::SeqCst)));
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let serving = serve(bind(config.listen).unwrap(), config, shutdown).await.unwrap();
        // Where it speaks TLS as well, the tests of TLS say so; everything else goes to the plain door.
        let (url, key) = (format!("ws://{}/v1", serving.address()), serving.relay_key());
        Running { url, key, dir, limits, time, stop, serving }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }
}
