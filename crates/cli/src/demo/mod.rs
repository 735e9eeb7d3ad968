//! `watchfire demo`: a made-up network on this machine, with a real relay, real vaults and real seals, in one minute.

mod search;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use watchfire_client::file::alert;
use watchfire_client::ops::alert::{Draft, Preview, SentAlert};
use watchfire_client::ops::answer::Tally;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::join::{JoinState, JoinTerms};
use watchfire_client::ops::network::NeighborhoodTerms;
use watchfire_client::ops::view::{AlertView, is_verified};
use watchfire_client::vault::{Passphrase, Vault, VaultError};
use watchfire_client::{Client, ClientError, Taken, system_clock};
use watchfire_protocol::id::{NeighborhoodId, parse_base32};
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_relay::{Config, Serving};

use crate::problem::{DONE, INTERRUPTED};
use crate::words::{Lang, and, tell};
use search::{contents, position_of, search, secrets};

const ALERT: &str = include_str!("../../../../examples/alerts/checkpoint.json");
const NETWORK: &str = "Lantern Street Network";
const HOOD: &str = "Elm Park";
/// How long a live link may wait for the alert before the demo says that something is wrong.
const PATIENCE: Duration = Duration::from_secs(20);

type Shared = Arc<Client>;

struct Person {
    name: &'static str,
    client: Shared,
}

/// Whoever reads may stop reading: that ends nothing.
fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Everything of the demo lies in one folder, which is deleted when this is dropped.
struct Stage {
    folder: tempfile::TempDir,
    lang: Lang,
    began: Instant,
}

impl Stage {
    fn say(&self, text: &str) {
        let at = self.began.elapsed().as_secs_f32();
        line(&format!("{at:5.1} s  {text}"));
    }

    fn detail(&self, text: &str) {
        line(&format!("         {text}"));
    }

    fn person(&self, name: &'static str) -> Result<Person, ClientError> {
        let home = self.folder.path().join(name);
        let passphrase = Passphrase::new(format!("the made-up passphrase of {name}"))?;
        let client = if Vault::exists(&home) {
            Client::open(&home, &passphrase, system_clock())?
        } else {
            Client::open_or_create(&home, &passphrase, system_clock())?
        };
        Ok(Person { name, client: Arc::new(client) })
    }
}

/// Runs the demo, until it ends or somebody stops it; either way nothing is left behind.
pub(crate) async fn run(lang: Lang) -> Result<u8, ClientError> {
    let folder = tempfile::Builder::new().prefix("watchfire-demo-").tempdir().map_err(VaultError::from)?;
    let stage = Stage { folder, lang, began: Instant::now() };
    let relay_dir = stage.folder.path().join("relay");
    let (serving, stop) = start_relay(&relay_dir).await?;
    stage.say(&tell!(stage.lang, "demo-relay", url = serving.url()));
    let played = tokio::select! {
        played = Box::pin(play(&stage, &serving, &relay_dir)) => played.map(|()| DONE),
        _ = tokio::signal::ctrl_c() => Ok(INTERRUPTED),
    };
    // A relay that was not told to stop stops with the process; the folder goes either way.
    let _ = stop.send(());
    let _ = serving.finished().await;
    played
}

async fn play(stage: &Stage, serving: &Serving, relay_dir: &Path) -> Result<(), ClientError> {
    // What the relay's files say before it was told anything: the words of its tables.
    let own_words = contents(relay_dir)?.concat();
    let marisol = stage.person("Marisol")?;
    let hood = Box::pin(found(stage, serving, relay_dir, &marisol)).await?;
    let kai = stage.person("Kai")?;
    Box::pin(bring_in(stage, &marisol, hood, &kai, InviteRole::Coordinator)).await?;
    Box::pin(marisol.client.grant("Kai", hood, true, true, None)).await?;
    Box::pin(kai.client.connected(hood)).await?.0.goodbye().await;
    stage.say(tell!(stage.lang, "demo-grant"));
    let mut responders = Vec::new();
    for name in ["Ana", "Ben", "Lou"] {
        let person = stage.person(name)?;
        Box::pin(bring_in(stage, &marisol, hood, &person, InviteRole::Responder)).await?;
        responders.push(person);
    }

    let (content, expires) = alert::parse(ALERT)?;
    let draft = marisol.client.draft_alert(hood, content, expires)?;
    show_draft(stage, &draft);
    let sent = Box::pin(send_and_watch(stage, &marisol, draft, &responders, hood)).await?;
    Box::pin(answer_and_count(stage, &kai, &responders, hood, &sent)).await?;
    let mut secrets = secrets(&marisol, &sent)?;
    secrets.retain(|secret| position_of(&own_words, secret.as_bytes()).is_none());
    search(stage, relay_dir, &sent, &secrets)?;
    stage.say(tell!(stage.lang, "demo-end"));
    stage.detail(tell!(stage.lang, "demo-own"));
    Ok(())
}

async fn start_relay(dir: &Path) -> Result<(Serving, oneshot::Sender<()>), ClientError> {
    let failed = |error: String| ClientError::Unexpected(format!("the demo's relay does not start: {error}"));
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    watchfire_relay::init(dir, address, None).map_err(|error| failed(error.to_string()))?;
    let mut config = Config::open(dir).map_err(|error| failed(error.to_string()))?;
    // It lives for a minute, and all that it wrote is searched.
    config.limits.disk_reserve_bytes = 0;
    let listener = watchfire_relay::bind(address).map_err(|error| failed(error.to_string()))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let until = async move {
        let _ = stopped.await;
    };
    let serving = watchfire_relay::serve(listener, config, until).await.map_err(|error| failed(error.to_string()))?;
    Ok((serving, stop))
}

async fn found(
    stage: &Stage,
    serving: &Serving,
    relay_dir: &Path,
    marisol: &Person,
) -> Result<NeighborhoodId, ClientError> {
    let token = std::fs::read_to_string(relay_dir.join("admission.token")).map_err(VaultError::from)?;
    let token = parse_base32(token.trim()).map_err(|error| ClientError::Invalid(error.to_string()))?;
    let client = &marisol.client;
    Box::pin(client.create_network(NETWORK, "Marisol", serving.url(), serving.relay_key(), Some(token))).await?;
    let terms = NeighborhoodTerms::default();
    let hoods = Box::pin(client.add_neighborhoods(&[HOOD.to_owned()], terms, true)).await?;
    let hood = hoods.first().ok_or_else(|| ClientError::Unexpected("no neighborhood was added".to_owned()))?.id;
    stage.say(&tell!(stage.lang, "demo-founded", network = NETWORK, neighborhood = HOOD));
    Ok(hood)
}

/// An invite, a request, the words that both read aloud, the approval.
async fn bring_in(
    stage: &Stage,
    coordinator: &Person,
    hood: NeighborhoodId,
    newcomer: &Person,
    role: InviteRole,
) -> Result<(), ClientError> {
    let terms = InviteTerms { role, handle: String::new(), uses: 1, expires_in: 3600, auto_approve: false };
    let invite = Box::pin(coordinator.client.invite(hood, &terms)).await?;
    let link = InviteLink::parse(&invite.link)?;
    let roles = ["observer", "interpreter"].map(Code::new).into_iter().filter_map(Result::ok).collect();
    let terms = JoinTerms { handle: newcomer.name.to_owned(), languages: vec!["es".to_owned()], roles };
    let joining = Box::pin(newcomer.client.join(&link, &terms)).await?;
    let [say, _] = &joining.say;
    let request = joining.request.to_string();
    Box::pin(coordinator.client.connected(hood)).await?.0.goodbye().await;
    let pending = coordinator.client.pending(hood)?;
    let waiting = pending.iter().find(|waiting| waiting.request == joining.request);
    let waiting = waiting.ok_or_else(|| ClientError::NotFound { what: "request", name: request.clone() })?;
    Box::pin(coordinator.client.approve(hood, &request, &say.join(" "))).await?;
    let joined = Box::pin(newcomer.client.wait_for_approval(hood, PATIENCE)).await?;
    if joined.state != JoinState::Member {
        return Err(ClientError::Timeout("the approval did not arrive".to_owned()));
    }
    let [hear, _] = &waiting.say;
    newcomer.client.confirm(&hear.join(" "))?;
    stage.say(&tell!(
        stage.lang,
        "demo-joins",
        name = newcomer.name,
        say = say.join(" "),
        coordinator = coordinator.name,
        hear = hear.join(" ")
    ));
    Ok(())
}

fn show_draft(stage: &Stage, draft: &Draft) {
    let Preview::Shown(view) = &draft.preview else { return };
    let headline = headline(view, stage.lang);
    stage.say(&tell!(stage.lang, "demo-signs", headline));
}

fn headline(view: &AlertView, lang: Lang) -> String {
    let blocks = &view.shown.body().content.text;
    let wanted = blocks.iter().find(|block| block.language.primary() == lang.tag());
    wanted.or_else(|| blocks.first()).map(|block| block.headline.clone()).unwrap_or_default()
}

/// Every responder follows live; the time is from before the seal until the label.
async fn send_and_watch(
    stage: &Stage,
    marisol: &Person,
    draft: Draft,
    responders: &[Person],
    hood: NeighborhoodId,
) -> Result<SentAlert, ClientError> {
    let mut watching = Vec::new();
    let (ready, mut all_ready) = tokio::sync::mpsc::channel(responders.len().max(1));
    for person in responders {
        let (client, ready) = (Arc::clone(&person.client), ready.clone());
        watching.push((person, tokio::spawn(async move { watch(&client, hood, ready).await })));
    }
    drop(ready);
    for _ in responders {
        all_ready.recv().await;
    }
    let before = Instant::now();
    let sent = Box::pin(marisol.client.send_alert(draft)).await?;
    let acknowledged = millis(before.elapsed());
    let followers = sent.receipt.map_or(0, |receipt| receipt.followers);
    stage.detail(&tell!(stage.lang, "demo-acknowledged", time = acknowledged, followers));
    for (person, task) in watching {
        let (arrived, view) =
            task.await.map_err(|error| ClientError::Unexpected(format!("a watcher ended: {error}")))??;
        let label =
            if is_verified(&view) { tell!(stage.lang, "demo-verified") } else { tell!(stage.lang, "demo-signed") };
        let after = millis(arrived.duration_since(before));
        let signers = view.signed_by.join(", ");
        stage.say(&tell!(stage.lang, "demo-sees", name = person.name, after, label, signers));
    }
    Ok(sent)
}

async fn watch(
    client: &Client,
    hood: NeighborhoodId,
    ready: tokio::sync::mpsc::Sender<()>,
) -> Result<(Instant, AlertView), ClientError> {
    let (mut link, _) = Box::pin(client.connected(hood)).await?;
    let _ = ready.send(()).await;
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(Taken::Alert(id)) = client.next(&mut link, Duration::from_secs(1)).await? {
            let view = client.alert(&id.to_string())?;
            return Ok((Instant::now(), view));
        }
    }
    Err(ClientError::Timeout("the alert did not arrive".to_owned()))
}

async fn answer_and_count(
    stage: &Stage,
    kai: &Person,
    responders: &[Person],
    hood: NeighborhoodId,
    sent: &SentAlert,
) -> Result<(), ClientError> {
    let going = Code::new("going").map(|code| AnswerContent { eta_minutes: Some(8), ..AnswerContent::new(code) });
    let cannot = Code::new("cannot").map(AnswerContent::new);
    for (person, content) in responders.iter().zip([going, cannot]) {
        let content = content.map_err(|error| ClientError::Invalid(error.to_string()))?;
        Box::pin(person.client.answer(&sent.id.to_string(), content)).await?;
    }
    Box::pin(kai.client.connected(hood)).await?.0.goodbye().await;
    let view = kai.client.alert(&sent.id.to_string())?;
    let Tally { going, cannot, answers, .. } = kai.client.tally(&view)?;
    let names: Vec<String> = answers.iter().map(|answer| answer.handle.clone()).collect();
    stage.say(&tell!(stage.lang, "demo-answers", names = and(stage.lang, &names), going, cannot));
    Ok(())
}
