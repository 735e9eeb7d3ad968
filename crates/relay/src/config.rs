//! `relay.toml`, and the directory around it.
//!
//! ```text
//! DIR/relay.toml        what is set here, commented
//! DIR/identity          the relay's key, 32 bytes. Keep a copy: charters name it
//! DIR/admission.token   whoever has it may bring a network. Give it away, or delete it
//! DIR/networks.toml     the networks that are served
//! DIR/relay.db          sealed records. Never needs a copy: clients bring everything back
//! ```

use std::ffi::OsString;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tracing::level_filters::LevelFilter;

use crate::admission::{Quota, create_token};
use crate::clock::Clock;
use crate::file::{make_dir, replace_private};
use crate::identity::{self, IdentityError};
use crate::limit::{Limits, described};
use crate::setting::{SettingError, Settings};
use crate::tls::Tls;
use watchfire_protocol::sign::PublicKey;

/// What a relay is told when it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where its files are.
    pub dir: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The URL by which clients reach it, if that is not where it listens.
    pub url: Option<String>,
    /// Where its identity is, if not in its directory.
    pub identity: Option<PathBuf>,
    /// Where it tells how it is, if anywhere.
    pub health: Option<SocketAddr>,
    /// Where it listens with TLS of its own, and the certificate.
    pub tls: Option<Tls>,
    /// The share of the disk that a network gets that is admitted by the token.
    pub quota: Quota,
    /// How much it logs.
    pub log: LevelFilter,
    /// Its limits.
    pub limits: Limits,
    /// Its clock.
    pub clock: Clock,
    /// The variables of the environment that count more than `relay.toml`.
    pub overridden: Vec<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read or written.
    #[error("`{}`", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `relay.toml`, or a variable that counts more, is not what it should be.
    #[error("`{}` cannot be used", path.display())]
    Setting {
        /// Where.
        path: PathBuf,
        /// What is wrong, with the line.
        source: SettingError,
    },
    /// Not a URL that a charter takes.
    #[error("`{url}` is no relay's URL: wanted `wss://HOST/v1` or `ws://HOST:PORT/v1`")]
    Url {
        /// What was given.
        url: String,
    },
    /// No identity could be made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl Config {
    /// The defaults for a directory, on any free port of this machine.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            url: None,
            identity: None,
            health: None,
            tls: None,
            quota: Quota::default(),
            log: LevelFilter::INFO,
            limits: Limits::default(),
            clock: Clock::system(),
            overridden: Vec::new(),
        }
    }

    /// Reads `relay.toml`.
    ///
    /// # Errors
    /// It is not there, or says something that it cannot say.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self, ConfigError> {
        Self::open_with(dir, [])
    }

    /// The same, with variables of the environment that count more: see [`crate::setting`].
    ///
    /// # Errors
    /// Also a variable says something that it cannot say.
    pub fn open_with(
        dir: impl Into<PathBuf>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let dir = dir.into();
        let path = dir.join("relay.toml");
        let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::File { path: path.clone(), source })?;
        let (settings, overridden) =
            Settings::read(&text, variables).map_err(|source| ConfigError::Setting { path, source })?;
        let Settings { listen, url, identity, health, quota, log, tls, limits } = settings;
        if let Some(url) = &url {
            check_url(url)?;
        }
        let tls = tls.whole().map(|tls| tls.within(&dir));
        let clock = Clock::system();
        Ok(Self { dir, listen, url, identity, health, tls, quota, log, limits, clock, overridden })
    }

    /// The identity's file.
    #[must_use]
    pub fn identity_path(&self) -> PathBuf {
        self.identity.as_ref().map_or_else(|| self.dir.join("identity"), |path| self.dir.join(path))
    }

    /// The admission token's file.
    #[must_use]
    pub fn token_path(&self) -> PathBuf {
        self.dir.join("admission.token")
    }

    /// The list of allowed networks.
    #[must_use]
    pub fn networks_path(&self) -> PathBuf {
        self.dir.join("networks.toml")
    }

    /// The database.
    #[must_use]
    pub fn database_path(&self) -> PathBuf {
        self.dir.join("relay.db")
    }
}

/// Makes a relay: directory, `relay.toml`, identity and admission token. Returns the public key that charters pin.
///
/// # Errors
/// There is an identity already, a file cannot be written, or the URL is none.
pub fn init(dir: &Path, listen: SocketAddr, url: Option<&str>) -> Result<PublicKey, ConfigError> {
    if let Some(url) = url {
        check_url(url)?;
    }
    make_dir(dir).map_err(|source| ConfigError::File { path: dir.to_owned(), source })?;
    let config = Config::new(dir);
    let key = identity::create(&config.identity_path())?;
    let token = config.token_path();
    create_token(&token)?;
    let path = dir.join("relay.toml");
    replace_private(&path, text(listen, url).as_bytes()).map_err(|source| ConfigError::File { path, source })?;
    Ok(key.public())
}

fn check_url(url: &str) -> Result<(), ConfigError> {
    let rest = url.strip_prefix("wss://").or_else(|| url.strip_prefix("ws://"));
    let fits = rest.is_some_and(|rest| {
        rest.ends_with(watchfire_protocol::frame::PATH)
            && rest.len() > watchfire_protocol::frame::PATH.len()
            && rest.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '@' | '?' | '#' | '"' | '\\'))
    });
    if fits { Ok(()) } else { Err(ConfigError::Url { url: url.to_owned() }) }
}

/// The commented `relay.toml`.
fn text(listen: SocketAddr, url: Option<&str>) -> String {
    let mut out = String::from(
        "# A Watchfire relay. It stores sealed records for a while and can read none of them.\n\
         # Whatever is commented out stands at its default. `serve` reads this file when it starts. A variable of the\n\
         # environment counts more: WATCHFIRE_RELAY_LISTEN, WATCHFIRE_RELAY_LIMITS_IDLE_SECONDS, and so on.\n\n\
         # Where it listens without TLS: for a reverse proxy or an onion service on the same machine, and for\n\
         # `healthcheck`. Not a public address: TLS has one of its own, in the section [tls] at the end.\n",
    );
    let _ = writeln!(out, "listen = \"{listen}\"\n");
    out.push_str("# The URL by which clients reach it, as charters name it.\n");
    match url {
        Some(url) => {
            let _ = writeln!(out, "url = \"{url}\"\n");
        }
        None => out.push_str("# url = \"wss://relay.example.org/v1\"\n\n"),
    }
    out.push_str(
        "# Its key, if it is kept elsewhere: a credential of systemd, or a memory that is gone when the machine is off.\n\
         # identity = \"identity\"\n\n\
         # Where it tells how it is: /healthz, /readyz and /metrics, over plain HTTP. Nobody but you should reach it.\n\
         # health = \"127.0.0.1:7444\"\n\n\
         # How much it logs: off, error, warn, info, debug or trace. No level names an address, a key or a network.\n\
         # log = \"info\"\n\n",
    );
    let _ = writeln!(
        out,
        "# The share of the disk of a network that comes with the admission token.\n# quota = \"{}\"\n\n[limits]",
        Quota::default()
    );
    for (name, default, reason) in described() {
        for line in reason {
            let _ = writeln!(out, "#{line}");
        }
        let _ = writeln!(out, "# {name} = {default}\n");
    }
    out.push_str(
        "# TLS in the relay itself. Only version 1.3 is spoken. The files are read again when they change. Paths begin at this\n\
         # file's folder. The key must be readable by the relay only; one that belongs to root may be readable by a group.\n\
         # [tls]\n\
         # listen = \"0.0.0.0:443\"\n\
         # certificate = \"certificate.pem\"\n\
         # key = \"key.pem\"\n",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen() -> SocketAddr {
        "127.0.0.1:7443".parse().unwrap()
    }

    #[test]
    fn the_written_file_says_what_was_asked_and_its_comments_say_the_defaults() {
        let settings = |text: &str| Settings::read(text, []).unwrap().0;
        let file = settings(&text(listen(), Some("wss://relay.example.org/v1")));
        assert_eq!(file.listen, listen());
        assert_eq!(file.url.as_deref(), Some("wss://relay.example.org/v1"));
        assert_eq!((file.quota, file.limits), (Quota::default(), Limits::default()));

        let open: String = text(listen(), None)
            .lines()
            .map(|line| {
                let setting = line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || *rest == "[tls]");
                setting.unwrap_or(line)
            })
            .filter(|line| !line.starts_with('#'))
            .fold(String::new(), |all, line| all + line + "\n");
        let file = settings(&open);
        assert_eq!((file.quota, file.log, file.limits), (Quota::default(), LevelFilter::INFO, Limits::default()));
        assert_eq!(open.matches(" = ").count(), described().len() + 9);
        assert!(file.tls.whole().is_some());
    }

    #[test]
    fn only_a_relays_url_is_taken() {
        for url in ["wss://relay.example.org/v1", "ws://127.0.0.1:7443/v1"] {
            assert!(check_url(url).is_ok(), "{url}");
        }
        for url in
            ["https://relay.example.org/v1", "wss://relay.example.org", "wss:///v1", "wss://a@b/v1", "ws://a\"/v1"]
        {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
