//! Five thousand hostile connections beside a thousand honest ones: alerts arrive, and about as soon as without them.
//!
//! A measurement, so it is run by hand and by `.ci/long`, as a release build. Honest clients, hostile ones and the relay are
//! processes of their own; the hostile one has the lowest priority, because attackers bring machines of their own.
//! `WATCHFIRE_HOSTILE`, `WATCHFIRE_HONEST`, `WATCHFIRE_RATE` (hostile connects a second) and `WATCHFIRE_ALERTS` say how much.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};
use tokio_tungstenite::tungstenite::Message;
use watchfire_protocol::frame::{Prover, Reply, Request};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_relay::limit::Limits;

use crate::client::Client;
use crate::organization::{EpochKeys, Organization, RIVERSIDE, key, sized};
use crate::process::{Process, found, made, number, resident, set_limits};

const FIRST: Epoch = Epoch(1);
const URL: &str = "WATCHFIRE_ATTACKED_URL";
const NETWORK: &str = "WATCHFIRE_ATTACKED_NETWORK";

fn setting(name: &str, default: u64) -> usize {
    usize::try_from(number(name).unwrap_or(default)).unwrap()
}

/// Connects from one of this machine's addresses: 127.`net`.x.y.
async fn connect_from(net: u8, number: usize, url: &str) -> std::io::Result<TcpStream> {
    let [.., high, low] = u32::try_from(number + 1).unwrap().to_be_bytes();
    let to: SocketAddr = url.strip_prefix("ws://").and_then(|rest| rest.strip_suffix("/v1")).unwrap().parse().unwrap();
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, net, high, low)), 0))?;
    socket.connect(to).await
}

// --- the hostile process

/// Waits until the relay ends a connection to which nothing is said.
async fn silent(mut socket: TcpStream) {
    let _ = socket.read(&mut [0]).await;
}

/// A byte of an upgrade every half second.
async fn slow(mut socket: TcpStream) {
    for byte in b"GET /v1 HTTP/1.1\r\nHost: relay\r\n".iter().cycle() {
        if socket.write_all(&[*byte]).await.is_err() {
            return;
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// As many questions, proofs and pings as the relay reads.
async fn flooding(url: &str, socket: TcpStream, place: Place) -> Option<()> {
    let mut client = Client::try_over(url, socket).await?;
    let Place { network, neighborhood } = place;
    client.try_hello().await?;
    loop {
        client.try_ask(Request::Standing { network, neighborhood }).await?;
        client.try_ask(Request::Charters { network, from: 1 }).await?;
        client.try_ask(Request::SlotRun { network, neighborhood, epoch: FIRST, run: 0, from: 0 }).await?;
        client.socket.get_mut().write_all(&[0x89, 0x80, 1, 2, 3, 4].repeat(10)).await.ok()?;
        let signature = client.proof(place, FIRST, Prover::Member).sign(&key(99));
        let (epoch, prover) = (FIRST, Prover::Member);
        client.try_ask(Request::Prove { network, neighborhood, epoch, prover, signature }).await?;
    }
}

/// What is no WebSocket, no frame, or no message.
async fn malformed(url: &str, mut socket: TcpStream, number: usize) -> Option<()> {
    if number.is_multiple_of(2) {
        socket.write_all(&[0x16, 0x03, 0x01].repeat(3000)).await.ok()?;
        silent(socket).await;
        return None;
    }
    let mut client = Client::try_over(url, socket).await?;
    let garbage = vec![u8::try_from(number % 251).unwrap(); 60 << 10];
    client.socket.get_mut().write_all(&[0x02, 0x80, 1, 2, 3, 4, 0, 0x80]).await.ok()?;
    client.try_send(Message::Binary(garbage.into())).await?;
    client.try_event().await.map(drop)
}

/// The hostile part, in a process of its own: nothing without what [`attack`] tells it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the measurement under attack"]
async fn hostile_connections() {
    let (Ok(url), Ok(network)) = (std::env::var(URL), std::env::var(NETWORK)) else { return };
    let place = Place { network: network.parse().unwrap(), neighborhood: RIVERSIDE };
    let rate = setting("WATCHFIRE_RATE", 250);
    // One connects at a time, at the stated rate.
    let pace = Arc::new(Mutex::new(interval(Duration::from_secs(1) / u32::try_from(rate).unwrap())));
    let (connected, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for number in 0..setting("WATCHFIRE_HOSTILE", 5000) {
        let (url, pace, connected, open) = (url.clone(), Arc::clone(&pace), Arc::clone(&connected), Arc::clone(&open));
        tasks.spawn(async move {
            loop {
                pace.lock().await.tick().await;
                let Ok(socket) = connect_from(2, number, &url).await else { continue };
                connected.fetch_add(1, Ordering::Relaxed);
                open.fetch_add(1, Ordering::Relaxed);
                match number % 4 {
                    0 => silent(socket).await,
                    1 => slow(socket).await,
                    2 => drop(flooding(&url, socket, place).await),
                    _ => drop(malformed(&url, socket, number).await),
                }
                open.fetch_sub(1, Ordering::Relaxed);
            }
        });
    }
    let mut most = 0;
    loop {
        sleep(Duration::from_secs(1)).await;
        most = most.max(open.load(Ordering::Relaxed));
        println!("hostile {} {most}", connected.load(Ordering::Relaxed));
    }
}

/// Starts the hostile process.
struct Attack(Child);

impl Attack {
    fn begin(url: &str, of: &Organization) -> Self {
        let mut command = Command::new("nice");
        command.arg("-n").arg("19").arg(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "--nocapture", "attack::hostile_connections"]);
        command.env(URL, url).env(NETWORK, of.network().to_string());
        Self(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// How many connected, and how many were open at once.
    fn end(mut self) -> (usize, usize) {
        self.0.kill().unwrap();
        let said = String::new();
        let said = self.0.stdout.take().map_or(said, |out| std::io::read_to_string(out).unwrap());
        self.0.wait().unwrap();
        let last = said.lines().rfind(|line| line.starts_with("hostile ")).unwrap();
        let mut numbers = last.split(' ').skip(1).map(|number| number.parse().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    }
}

// --- the honest process

/// Members who follow; what each receives is told with its time.
async fn members(
    url: &str,
    of: &Organization,
    epoch: &EpochKeys,
) -> (JoinSet<()>, mpsc::UnboundedReceiver<(u32, Instant)>) {
    let (told, arrivals) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for number in 0..setting("WATCHFIRE_HONEST", 1000) {
        let mut member = member(url, of, epoch, number).await;
        let told = told.clone();
        tasks.spawn(async move {
            let mut pings = interval(Duration::from_secs(25));
            loop {
                let event = tokio::select! {
                    // Whoever is not connected any more receives nothing, and that is noticed.
                    event = member.try_event() => event,
                    _ = pings.tick() => {
                        member.send_raw(Message::Ping(Vec::new().into())).await;
                        continue;
                    }
                };
                let Some(event) = event else { return };
                if let Reply::Record { record, .. } = event {
                    let number = u32::from_be_bytes(record[14..18].try_into().unwrap());
                    let _ = told.send((number, Instant::now()));
                }
            }
        });
    }
    (tasks, arrivals)
}

async fn member(url: &str, of: &Organization, epoch: &EpochKeys, number: usize) -> Client {
    let socket = connect_from(1, number, url).await.unwrap();
    let mut client = Client::over(url, socket).await;
    client.hello().await;
    let reply = client.prove(of.place(), epoch.number, Prover::Member, &epoch.member).await;
    assert!(matches!(reply, Reply::Proved { .. }), "{reply:?}");
    client.follow(Channel::Alerts, None).await;
    client
}

/// Milliseconds below which so many of a thousand lie.
fn quantile(sorted: &[Duration], thousandths: usize) -> f64 {
    sorted[(sorted.len() * thousandths / 1000).min(sorted.len() - 1)].as_secs_f64() * 1000.0
}

/// What was measured in one phase.
struct Phase {
    p50: f64,
    p99: f64,
    resident: usize,
    /// Milliseconds for an honest member to connect, prove and follow, at the longest.
    connect: f64,
}

struct Measurement {
    process: Process,
    organization: Organization,
    epoch: EpochKeys,
    arrivals: mpsc::UnboundedReceiver<(u32, Instant)>,
    sent: u32,
}

impl Measurement {
    /// Sends alerts, and waits until all of them have arrived everywhere.
    async fn phase(&mut self, name: &str, alerts: u32) -> Phase {
        let honest = setting("WATCHFIRE_HONEST", 1000);
        let url = self.process.url.clone();
        let mut writer = Client::coordinator(&url, &self.organization, &self.epoch).await;
        let (mut latencies, mut connects, mut most) = (Vec::new(), Vec::new(), 0);
        for _ in 0..alerts {
            self.sent += 1;
            let mut record = sized(Channel::Alerts, self.epoch.number, 1, 1024);
            record[14..18].copy_from_slice(&self.sent.to_be_bytes());
            let begun = Instant::now();
            writer.append(&record).await;
            for _ in 0..honest {
                let (number, at) = tokio::time::timeout(Duration::from_secs(60), self.arrivals.recv())
                    .await
                    .expect("an alert did not arrive in a minute")
                    .unwrap();
                assert_eq!(number, self.sent, "an alert arrived twice, or late");
                latencies.push(at - begun);
            }
            most = most.max(resident(self.process.id()));
            let begun = Instant::now();
            member(&url, &self.organization, &self.epoch, honest).await;
            connects.push(begun.elapsed());
            sleep(Duration::from_millis(100)).await;
        }
        latencies.sort_unstable();
        connects.sort_unstable();
        let (p50, p99) = (quantile(&latencies, 500), quantile(&latencies, 990));
        let phase = Phase { p50, p99, resident: most, connect: quantile(&connects, 1000) };
        println!(
            "{name}: {} deliveries, p50 {p50:.1} ms, p99 {p99:.1} ms; to connect, prove and follow p50 {:.1} ms, at most \
             {:.1} ms; the relay has {} MiB",
            latencies.len(),
            quantile(&connects, 500),
            phase.connect,
            most >> 20
        );
        phase
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: run by .ci/long, as a release build"]
async fn alerts_of_honest_people_arrive_beside_thousands_of_hostile_connections() {
    let dir = made();
    let limits = Limits::default();
    set_limits(dir.path(), &format!("connections-per-loopback = {}", limits.connections_per_source));
    let process = Process::serve(dir.path());
    let (organization, epoch) = found(dir.path(), &process).await;
    let (_members, arrivals) = members(&process.url, &organization, &epoch).await;
    let mut measured = Measurement { process, organization, epoch, arrivals, sent: 0 };
    let alerts = u32::try_from(setting("WATCHFIRE_ALERTS", 200)).unwrap();

    measured.phase("warming up", alerts / 10 + 1).await;
    let quiet = measured.phase("quiet", alerts).await;
    let attack = Attack::begin(&measured.process.url, &measured.organization);
    let hostile = u64::try_from(setting("WATCHFIRE_HOSTILE", 5000)).unwrap();
    // Until each of them has connected once.
    sleep(Duration::from_secs(hostile / u64::try_from(setting("WATCHFIRE_RATE", 250)).unwrap() + 2)).await;
    let attacked = measured.phase("under attack", alerts).await;
    let (connected, most) = attack.end();
    let again = measured.phase("quiet again", alerts).await;

    println!("{hostile} hostile addresses connected {connected} times, at most {most} at once");
    println!(
        "under attack to quiet: p50 {:.2}, p99 {:.2}; p99 quiet again to quiet {:.2}",
        attacked.p50 / quiet.p50,
        attacked.p99 / quiet.p99,
        again.p99 / quiet.p99
    );
    let most = attacked.resident.max(again.resident);
    println!("the relay had at most {} MiB, its limits allow {} MiB", most >> 20, limits.ceiling() >> 20);
    assert!(most < limits.ceiling());
    assert!(connected > usize::try_from(hostile).unwrap() / 2, "the attack did not happen: {connected}");
}
