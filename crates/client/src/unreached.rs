//! Why no relay was reached. Nothing was sent, whichever it was.

use std::io::ErrorKind;

use rustls::{CertificateError, Error as TlsError, PeerIncompatible};
use tokio_socks::Error as SocksError;
use watchfire_protocol::time::Timestamp;

/// Why no relay was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// Somebody answers who does not speak TLS 1.3.
    NoTls,
    /// The certificate does not hold.
    Certificate(Distrust),
    /// It stopped at the proxy, or behind it.
    Proxy {
        /// Which.
        proxy: String,
        /// Why.
        why: Stopped,
    },
    /// An onion address, and no proxy that knows the way.
    Onion,
    /// Anything else, as the network says it.
    Other(String),
}

/// Why a certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// It has expired, or this device's clock is ahead.
    Expired {
        /// Since when.
        since: Timestamp,
        /// What this device's clock says.
        now: Timestamp,
    },
    /// It is not valid yet, or this device's clock is behind.
    TooEarly {
        /// From when on it is.
        from: Timestamp,
        /// What this device's clock says.
        now: Timestamp,
    },
    /// It was made for other names.
    OtherName {
        /// For which.
        names: Vec<String>,
    },
    /// Nobody whom this device trusts issued it.
    Issuer,
    /// Something rarer.
    Other(String),
}

/// Why a proxy did not lead to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The proxy itself was not reached.
    Absent,
    /// It is no SOCKS5 proxy.
    OtherLanguage,
    /// It does not accept the name and password with which each kind of connection comes.
    Password,
    /// It does not let anybody go there.
    Forbidden,
    /// It reached the relay's address, and nothing listens there.
    Refused,
    /// It found no way there.
    NoWay,
}

impl From<&std::io::Error> for Unreached {
    fn from(error: &std::io::Error) -> Self {
        if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) {
            return tls.into();
        }
        Self::Other(said(error))
    }
}

/// What the system says, in words where it is a common thing.
pub(crate) fn said(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "there is no way to it".to_owned()
        }
        ErrorKind::TimedOut => "it does not answer".to_owned(),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => "it hung up".to_owned(),
        // What TLS says comes so.
        ErrorKind::InvalidData => "no secure connection (TLS) came about".to_owned(),
        // The standard library has no kind for this one.
        _ if error.to_string().starts_with("failed to lookup") => {
            "its name leads nowhere: is it spelled right?".to_owned()
        }
        _ => error.to_string(),
    }
}

impl From<&TlsError> for Unreached {
    fn from(error: &TlsError) -> Self {
        match error {
            TlsError::InvalidCertificate(error) => Self::Certificate(error.into()),
            TlsError::InvalidMessage(_)
            | TlsError::AlertReceived(rustls::AlertDescription::ProtocolVersion)
            | TlsError::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13)
            | TlsError::PeerIncompatible(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig) => Self::NoTls,
            _ => Self::Other("no secure connection (TLS) came about".to_owned()),
        }
    }
}

impl From<&CertificateError> for Distrust {
    fn from(error: &CertificateError) -> Self {
        let second = |time: &rustls::pki_types::UnixTime| Timestamp(time.as_secs());
        match error {
            CertificateError::ExpiredContext { time, not_after } => {
                Self::Expired { since: second(not_after), now: second(time) }
            }
            CertificateError::NotValidYetContext { time, not_before } => {
                Self::TooEarly { from: second(not_before), now: second(time) }
            }
            CertificateError::NotValidForNameContext { presented, .. } => {
                Self::OtherName { names: presented.iter().map(|name| plain(name)).collect() }
            }
            // A certificate that is its own issuer says so by its use.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::Issuer,
            other => Self::Other(other.to_string()),
        }
    }
}

/// A name as people write it: the verifier shows the kind of name around it.
fn plain(presented: &str) -> String {
    let inner = presented.split_once("(\"").and_then(|(_, rest)| rest.strip_suffix("\")"));
    inner.unwrap_or(presented).to_owned()
}

impl From<&SocksError> for Stopped {
    fn from(error: &SocksError) -> Self {
        match error {
            SocksError::ProxyServerUnreachable => Self::Absent,
            SocksError::NoAcceptableAuthMethods
            | SocksError::AuthorizationRequired
            | SocksError::PasswordAuthFailure(_)
            | SocksError::InvalidAuthValues(_)
            | SocksError::UnknownAuthMethod
            | SocksError::IdentdAuthFailure
            | SocksError::InvalidUserIdAuthFailure => Self::Password,
            SocksError::ConnectionNotAllowedByRuleset => Self::Forbidden,
            SocksError::ConnectionRefused => Self::Refused,
            SocksError::GeneralSocksServerFailure
            | SocksError::NetworkUnreachable
            | SocksError::HostUnreachable
            | SocksError::TtlExpired
            | SocksError::UnknownError => Self::NoWay,
            SocksError::Io(_)
            | SocksError::ParseError(_)
            | SocksError::InvalidTargetAddress(_)
            | SocksError::InvalidResponseVersion
            | SocksError::CommandNotSupported
            | SocksError::AddressTypeNotSupported
            | SocksError::InvalidReservedByte
            | SocksError::UnknownAddressType => Self::OtherLanguage,
        }
    }
}
