//! TLS in the relay: what is spoken, what is not, and which certificate.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConnection, HandshakeKind, NamedGroup, ProtocolVersion, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use watchfire_protocol::frame::Prover;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::Timestamp;
use watchfire_relay::limit::Limits;
use watchfire_relay::tls::{Certificates, Tls, TlsError};

use crate::authority::{Authority, Issued, replace};
use crate::client::Client;
use crate::limits::drip;
use crate::organization::{EpochKeys, Organization, sized};
use crate::process::{BINARY, Process, made};
use crate::running::Running;

const HOST: &str = "localhost";

/// A client's half, with all that a relay could be tempted to use: it would resume, and take tickets.
fn willing(authority: &Authority, provider: CryptoProvider) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.resumption = Resumption::in_memory_sessions(8);
    config.enable_early_data = true;
    TlsConnector::from(Arc::new(config))
}

async fn shake(port: u16, connector: &TlsConnector) -> std::io::Result<TlsStream<TcpStream>> {
    let socket = TcpStream::connect(("127.0.0.1", port)).await?;
    connector.connect(HOST.try_into().unwrap(), socket).await
}

/// Shakes hands, and asks something over it.
async fn conversation(port: u16, connector: &TlsConnector) -> Client<TlsStream<TcpStream>> {
    let socket = shake(port, connector).await.unwrap();
    let mut client = Client::over(&format!("ws://{HOST}:{port}/v1"), socket).await;
    client.hello().await;
    client
}

/// Connects with TLS and the members' key.
async fn member(
    port: u16,
    connector: &TlsConnector,
    of: &Organization,
    epoch: &EpochKeys,
) -> Client<TlsStream<TcpStream>> {
    let mut client = conversation(port, connector).await;
    client.prove(of.place(), epoch.number, Prover::Member, &epoch.member).await;
    client
}

/// The certificate that a relay shows.
async fn shown(port: u16, connector: &TlsConnector) -> CertificateDer<'static> {
    let socket = shake(port, connector).await.unwrap();
    let (_, session) = socket.get_ref();
    session.peer_certificates().unwrap()[0].clone().into_owned()
}

fn der(issued: &Issued) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap()
}

#[tokio::test]
async fn tls_is_1_3_with_a_group_that_no_quantum_computer_opens_later() {
    let authority = Authority::unknown();
    let (relay, ..) = Running::founded_with_tls(Limits::default(), &authority.issue(&[HOST])).await;
    let client = conversation(relay.tls_port(), &willing(&authority, aws_lc_rs::default_provider())).await;
    let (_, session) = client.socket.get_ref().get_ref();
    assert_eq!(session.protocol_version(), Some(ProtocolVersion::TLSv1_3));
    assert_eq!(session.negotiated_key_exchange_group().unwrap().name(), NamedGroup::X25519MLKEM768);

    // An old client is served all the same.
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519];
    let client = conversation(relay.tls_port(), &willing(&authority, provider)).await;
    let (_, session) = client.socket.get_ref().get_ref();
    assert_eq!(session.negotiated_key_exchange_group().unwrap().name(), NamedGroup::X25519);
}

#[tokio::test]
async fn nothing_ties_a_second_connection_to_the_first() {
    let authority = Authority::unknown();
    let (relay, ..) = Running::founded_with_tls(Limits::default(), &authority.issue(&[HOST])).await;
    let connector = willing(&authority, aws_lc_rs::default_provider());
    for _ in 0..2 {
        // After an answer all tickets would have come.
        let client = conversation(relay.tls_port(), &connector).await;
        let (_, session) = client.socket.get_ref().get_ref();
        assert_eq!(session.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!((session.tls13_tickets_received(), session.is_early_data_accepted()), (0, false));
    }
}

/// A hello as TLS 1.2 clients send it: two suites, SNI left out, no list of versions.
fn hello_of_tls_1_2() -> Vec<u8> {
    let extensions: &[u8] = &[0, 10, 0, 4, 0, 2, 0, 29, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3];
    let mut hello = vec![3, 3];
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&[0, 0, 4, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0]);
    hello.extend_from_slice(&[0, u8::try_from(extensions.len()).unwrap()]);
    hello.extend_from_slice(extensions);
    let length = u8::try_from(hello.len()).unwrap();
    [&[22, 3, 1, 0, length + 4, 1, 0, 0, length], hello.as_slice()].concat()
}

/// What somebody is told who sends some bytes to the door with TLS.
async fn told(port: u16, bytes: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_client_that_knows_only_tls_1_2_is_told_so() {
    const FATAL: u8 = 2;
    const PROTOCOL_VERSION: u8 = 70;
    let authority = Authority::unknown();
    let (relay, ..) = Running::founded_with_tls(Limits::default(), &authority.issue(&[HOST])).await;
    let answer = told(relay.tls_port(), &hello_of_tls_1_2()).await;
    assert_eq!((answer[0], &answer[5..]), (21, [FATAL, PROTOCOL_VERSION].as_slice()), "{answer:?}");
    // And so is one that speaks no TLS at all, in the one language that is spoken there.
    let answer = told(relay.tls_port(), b"GET /v1 HTTP/1.1\r\nHost: relay\r\n\r\n").await;
    assert_eq!(answer.first(), Some(&21), "{answer:?}");
}

#[tokio::test]
async fn the_limits_of_a_handshake_hold_for_tls() {
    let authority = Authority::unknown();
    let issued = authority.issue(&[HOST]);
    let (relay, ..) = Running::founded_with_tls(Limits::default(), &issued).await;
    let stopped = relay.stop().await;

    // One who opens the door and says nothing, and one who says a part of a hello.
    let relay = stopped.start_with(Limits { handshake_seconds: 0, ..Limits::default() }).await;
    assert_eq!(told(relay.tls_port(), &[]).await, b"");
    assert_eq!(told(relay.tls_port(), &hello_of_tls_1_2()[..30]).await, b"");
    let stopped = relay.stop().await;

    // The places of those without a proof are taken from the first byte on, and who says nothing makes room for others.
    let relay = stopped.start_with(Limits { connections_unproved: 1, ..Limits::default() }).await;
    let mut silent = TcpStream::connect(("127.0.0.1", relay.tls_port())).await.unwrap();
    // Accepted by the kernel in this order.
    assert_ne!(told(relay.tls_port(), &hello_of_tls_1_2()).await, b"");
    assert_eq!(silent.read(&mut [0]).await.unwrap(), 0);
}

/// The first bytes of a handshake as a client of today sends it.
fn hello(connector: &TlsConnector) -> Vec<u8> {
    let mut session = ClientConnection::new(Arc::clone(connector.config()), HOST.try_into().unwrap()).unwrap();
    let mut hello = Vec::new();
    session.write_tls(&mut hello).unwrap();
    hello
}

#[tokio::test]
async fn whoever_sends_byte_by_byte_in_the_handshake_or_in_the_upgrade_after_it_is_let_go_and_others_come_in_meanwhile()
{
    let authority = Authority::unknown();
    let limits = Limits { handshake_seconds: 2, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with_tls(limits, &authority.issue(&[HOST])).await;
    let connector = willing(&authority, aws_lc_rs::default_provider());
    let port = relay.tls_port();
    // Either would last for many times as long as a handshake may.
    let hello = hello(&connector);
    let upgrade = [b"GET /v1 HTTP/1.1\r\nX-Slow: ".as_slice(), &[b'x'; 1000]].concat();
    let in_the_handshake = async {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        drip(&mut socket, &hello).await
    };
    let in_the_upgrade = async {
        let mut socket = shake(port, &connector).await.unwrap();
        drip(&mut socket, &upgrade).await
    };
    let honest = async {
        let mut reader = member(port, &connector, &organization, &epoch).await;
        reader.follow(Channel::Alerts, None).await;
        let record = sized(Channel::Alerts, epoch.number, 1, 4096);
        Client::coordinator(&relay.url, &organization, &epoch).await.append(&record).await;
        assert_eq!(reader.backlog().await, []);
        assert_eq!(reader.record().await.record, record);
    };
    let (of_hello, of_upgrade, ()) = tokio::join!(in_the_handshake, in_the_upgrade, honest);
    assert!(of_hello < hello.len() && of_upgrade < upgrade.len(), "{of_hello} and {of_upgrade} bytes were taken");
}

#[tokio::test]
async fn a_slow_reader_over_tls_gets_everything_in_the_end() {
    const RECORDS: u32 = 120;
    let authority = Authority::unknown();
    let limits = Limits { frames_per_second: 10_000, tail_records: 8, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with_tls(limits, &authority.issue(&[HOST])).await;
    let connector = willing(&authority, aws_lc_rs::default_provider());
    let mut reader = member(relay.tls_port(), &connector, &organization, &epoch).await;
    reader.follow(Channel::Alerts, None).await;
    assert_eq!(reader.backlog().await, []);
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    // 7.5 MiB: more than the buffers of two sockets.
    for number in 0..RECORDS {
        let mut record = sized(Channel::Alerts, epoch.number, 1, 64 << 10);
        record[20..24].copy_from_slice(&number.to_be_bytes());
        writer.append(&record).await;
    }
    for number in 0..RECORDS {
        assert_eq!(reader.record().await.record[20..24], number.to_be_bytes());
    }
}

#[tokio::test]
async fn a_new_certificate_is_used_without_a_restart() {
    let authority = Authority::unknown();
    let connector = willing(&authority, aws_lc_rs::default_provider());
    let [first, second] = [(); 2].map(|()| authority.issue(&[HOST]));
    let limits = Limits { certificate_seconds: 1, ..Limits::default() };
    let (relay, ..) = Running::founded_with_tls(limits, &first).await;
    assert_eq!(shown(relay.tls_port(), &connector).await, der(&first));
    second.write(relay.dir.path());
    while shown(relay.tls_port(), &connector).await != der(&second) {}
}

fn files(dir: &Path) -> Tls {
    let (certificate, key) = (dir.join("certificate.pem"), dir.join("key.pem"));
    Tls { listen: "127.0.0.1:0".parse().unwrap(), certificate, key }
}

#[test]
fn a_pair_that_is_broken_half_there_or_readable_by_others_leaves_the_old_one_in_use() {
    const IN_2031: u64 = 1_924_992_000;
    let authority = Authority::unknown();
    let (first, second) = (authority.issue_for(&[HOST], 2020, 2031), authority.issue_for(&[HOST], 2020, 2041));
    let dir = tempfile::tempdir().unwrap();
    let (certificate, key) = (dir.path().join("certificate.pem"), dir.path().join("key.pem"));
    first.write(dir.path());
    let certificates = Certificates::open(files(dir.path())).unwrap();
    assert!(!certificates.look().unwrap(), "the same files are not read again");

    replace(&certificate, &second.certificate);
    assert!(matches!(certificates.look(), Err(TlsError::Mismatch { .. })));
    assert!(!certificates.look().unwrap(), "it is said once");
    replace(&key, "no key");
    assert!(matches!(certificates.look(), Err(TlsError::NotPem { wanted: "private key", .. })));
    replace(&key, &second.key);
    std::fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(certificates.look(), Err(TlsError::Exposed { mode: 0o644, .. })));
    std::fs::remove_file(&certificate).unwrap();
    assert!(matches!(certificates.look(), Err(TlsError::File { .. })));
    replace(&certificate, "no certificate");
    assert!(matches!(certificates.look(), Err(TlsError::NotPem { wanted: "certificate", .. })));
    assert_eq!(certificates.expires(), Timestamp(IN_2031));

    second.write(dir.path());
    assert!(certificates.look().unwrap());
    assert!(certificates.expires() > Timestamp(IN_2031));
}

#[test]
fn a_certificate_says_when_and_for_whom_it_is_valid() {
    let dir = tempfile::tempdir().unwrap();
    Authority::unknown().issue_for(&["relay.example.org", "*.example.net"], 2020, 2031).write(dir.path());
    let pair = files(dir.path()).load().unwrap();
    assert_eq!(pair.valid(), [Timestamp(1_577_836_800), Timestamp(1_924_992_000)]);
    assert_eq!(pair.is_for("relay.example.org"), Ok(()));
    assert_eq!(pair.is_for("a.example.net"), Ok(()));
    let names = pair.is_for("example.com").unwrap_err();
    assert!(names.iter().any(|name| name.contains("relay.example.org")), "{names:?}");
}

/// A folder of a relay that is to speak TLS, with a pair in it.
fn made_with_tls() -> tempfile::TempDir {
    let dir = made();
    Authority::unknown().issue(&[HOST]).write(dir.path());
    let config = dir.path().join("relay.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    // As an operator does it: by taking comment signs away.
    let (rest, tls) = text.split_once("# [tls]\n").unwrap();
    let tls = tls.replace("# ", "").replace("0.0.0.0:443", "127.0.0.1:0");
    std::fs::write(config, format!("{rest}[tls]\n{tls}")).unwrap();
    dir
}

#[test]
fn the_program_speaks_tls_beside_its_plain_door_when_the_comments_are_taken_away() {
    let dir = made_with_tls();
    let process = Process::serve(dir.path());
    assert!(process.tls.unwrap().ip().is_loopback());
    // What it tells is what clients and links take, and they take no TLS with loopback.
    let here = InviteLink::host_of(&process.url).unwrap();
    assert_eq!(process.url, format!("ws://{here}/v1"));
    assert_ne!(here, process.tls.unwrap().to_string());
}

#[test]
fn the_program_does_not_start_with_a_key_that_others_may_read_or_that_is_not_the_certificates() {
    let dir = made_with_tls();
    let key = dir.path().join("key.pem");
    let refused = || {
        let output = Command::new(BINARY).arg("serve").arg("--dir").arg(dir.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    std::fs::set_permissions(&key, Permissions::from_mode(0o604)).unwrap();
    let said = refused();
    assert!(said.contains("has mode 604") && said.contains("hint: make it the relay's own: chmod 600"), "{said}");
    replace(&key, &Authority::unknown().issue(&[HOST]).key);
    let said = refused();
    assert!(said.contains("is not the key of the certificate in") && said.contains("hint: "), "{said}");
}
