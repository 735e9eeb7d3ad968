//! TLS in the relay itself: version 1.3 only, X25519MLKEM768 with whoever knows it, and nothing that ties two connections
//! together: no tickets, no resumption, no early data.
//!
//! It hides the talk on its way. Who the relay is, clients know by its identity key, whatever the certificate says.

use std::fs::Metadata;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, NoServerSessionStorage, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::TLS13;
use rustls::{CertificateError, Error, InconsistentKeys, RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;
use watchfire_protocol::time::Timestamp;
use zeroize::Zeroizing;

use crate::file::exposed;

/// What is offered, and all that is spoken over it.
const ALPN: &[u8] = b"http/1.1";
/// Bytes of finished TLS records that one connection may keep for a slow reader: one record of the largest size.
pub(crate) const UNSENT: usize = 16 << 10;

/// What section `[tls]` of `relay.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Where it listens with TLS, beside where it listens without.
    pub listen: SocketAddr,
    /// The certificate and those between it and its issuer, PEM, its own first.
    pub certificate: PathBuf,
    /// The certificate's private key, PEM.
    pub key: PathBuf,
}

/// Why a certificate and its key are not used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("`{}`", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the key.
    #[error("`{}` has mode {mode:03o}: others than the relay may read the key of its certificate", path.display())]
    Exposed {
        /// Which.
        path: PathBuf,
        /// What is allowed.
        mode: u32,
    },
    /// The file does not hold what it should.
    #[error("`{}` holds no {wanted} in PEM", path.display())]
    NotPem {
        /// Which.
        path: PathBuf,
        /// What it should hold.
        wanted: &'static str,
    },
    /// The key belongs to another certificate.
    #[error("`{}` is not the key of the certificate in `{}`", key.display(), certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The certificate or the key is of a kind that is not supported.
    #[error("the certificate in `{}` cannot be used", certificate.display())]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// Why.
        source: Error,
    },
}

/// A certificate with its key, read and found to belong together.
#[derive(Debug)]
pub struct Pair {
    certified: Arc<CertifiedKey>,
    valid: [Timestamp; 2],
}

impl Pair {
    /// From when to when the certificate says that it is valid.
    #[must_use]
    pub const fn valid(&self) -> [Timestamp; 2] {
        self.valid
    }

    /// Whether it was made for a host's name. Where not, the names that it has.
    ///
    /// # Errors
    /// The names that it was made for.
    pub fn is_for(&self, host: &str) -> Result<(), Vec<String>> {
        let certificate = self.certified.end_entity_cert().and_then(ParsedCertificate::try_from);
        let name = ServerName::try_from(host).map_err(|_| Vec::new())?;
        match certificate.and_then(|certificate| verify_server_name(&certificate, &name)) {
            Ok(()) => Ok(()),
            Err(Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. })) => {
                Err(presented)
            }
            Err(_) => Err(Vec::new()),
        }
    }
}

impl Tls {
    /// The same, with paths that begin at a folder where they do not begin at the root.
    pub(crate) fn within(self, dir: &Path) -> Self {
        Self { listen: self.listen, certificate: dir.join(self.certificate), key: dir.join(self.key) }
    }

    /// Reads the two files.
    ///
    /// # Errors
    /// One cannot be read, others may read the key, or they do not belong together.
    pub fn load(&self) -> Result<Pair, TlsError> {
        let not_pem = |path: &Path, wanted| TlsError::NotPem { path: path.to_owned(), wanted };
        let chain = CertificateDer::pem_slice_iter(&read(&self.certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .filter(|chain| !chain.is_empty())
            .ok_or_else(|| not_pem(&self.certificate, "certificate"))?;
        if let Some(mode) = exposed(&metadata(&self.key)?) {
            return Err(TlsError::Exposed { path: self.key.clone(), mode });
        }
        let key = Zeroizing::new(read(&self.key)?);
        let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| not_pem(&self.key, "private key"))?;
        let unusable = |source| TlsError::Unusable { certificate: self.certificate.clone(), source };
        let certified =
            CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(|error| match error {
                Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                    TlsError::Mismatch { certificate: self.certificate.clone(), key: self.key.clone() }
                }
                error => unusable(error),
            })?;
        let valid = validity(&certified).map_err(unusable)?;
        Ok(Pair { certified: Arc::new(certified), valid })
    }

    /// What tells whether a file is another one than before; nothing where there is none.
    fn stamps(&self) -> [Option<Stamp>; 2] {
        [&self.certificate, &self.key].map(|path| {
            let metadata = metadata(path).ok()?;
            Some((metadata.dev(), metadata.ino(), metadata.len(), metadata.mtime(), metadata.mtime_nsec()))
        })
    }
}

/// Device, file, length, and when it was written.
type Stamp = (u64, u64, u64, i64, i64);

fn metadata(path: &Path) -> Result<Metadata, TlsError> {
    std::fs::metadata(path).map_err(|source| TlsError::File { path: path.to_owned(), source })
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::File { path: path.to_owned(), source })
}

/// From when to when a certificate is valid. The verifier is the only reader of certificates here, and tells the two times
/// to whoever asks whether the certificate holds long before and long after them.
fn validity(certified: &CertifiedKey) -> Result<[Timestamp; 2], Error> {
    const LONG_AFTER: Duration = Duration::from_secs(1 << 40);
    let certificate = ParsedCertificate::try_from(certified.end_entity_cert()?)?;
    let at = |time| {
        let time = UnixTime::since_unix_epoch(time);
        let verified = verify_server_cert_signed_by_trust_anchor(&certificate, &RootCertStore::empty(), &[], time, &[]);
        match verified {
            Err(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before: at, .. }))
            | Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after: at, .. })) => {
                Ok(Timestamp(at.as_secs()))
            }
            Err(error) => Err(error),
            Ok(()) => Err(CertificateError::BadEncoding.into()),
        }
    };
    Ok([at(Duration::ZERO)?, at(LONG_AFTER)?])
}

/// The certificate in use, and the files in which the next one will be.
#[derive(Debug)]
pub struct Certificates {
    tls: Tls,
    used: Mutex<Used>,
}

#[derive(Debug)]
struct Used {
    pair: Pair,
    /// The files as they were when they were last read.
    stamps: [Option<Stamp>; 2],
}

impl Certificates {
    /// Reads the pair with which the relay starts.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(tls: Tls) -> Result<Self, TlsError> {
        let stamps = tls.stamps();
        let used = Mutex::new(Used { pair: tls.load()?, stamps });
        Ok(Self { tls, used })
    }

    /// Reads the files again if they are others than before. A pair that cannot be used changes nothing.
    ///
    /// # Errors
    /// Why it cannot; told once for each change of the files.
    pub fn look(&self) -> Result<bool, TlsError> {
        let stamps = self.tls.stamps();
        if std::mem::replace(&mut self.used().stamps, stamps) == stamps {
            return Ok(false);
        }
        let pair = self.tls.load()?;
        self.used().pair = pair;
        Ok(true)
    }

    /// Until when the one in use is valid.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let [_, expires] = self.used().pair.valid;
        expires
    }

    /// What accepts connections with the certificate that is in use at the time.
    ///
    /// # Errors
    /// The provider has no TLS 1.3.
    pub(crate) fn acceptor(self: Arc<Self>) -> Result<TlsAcceptor, Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_no_client_auth()
            .with_cert_resolver(self);
        config.alpn_protocols = vec![ALPN.to_vec()];
        // A ticket would tie a client's connections together, by whoever watches, and outlive the epoch's keys.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.used().pair.certified))
    }
}
