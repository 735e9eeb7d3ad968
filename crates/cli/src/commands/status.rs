//! `status` and `sync`.

use serde_json::json;
use watchfire_client::ops::join::JoinState;
use watchfire_client::ops::status::{HoodStatus, Status};
use watchfire_client::ops::view::Filter;
use watchfire_client::state::{Missing, StoredClone};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::charter::Expiry;
use watchfire_protocol::time::Timestamp;

use super::{hoods, join};
use crate::app::App;
use crate::args::StatusArgs;
use crate::problem::{DONE, Done, Problem, QUEUED};
use crate::shape;
use crate::words::{Lang, ago, clock, fork, plural, sanitize, say, withheld};

pub(super) fn status(app: &App, args: &StatusArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let status = client.status()?;
    let waiting = !join::waiting(&client)?.is_empty();
    let mut object = shape::status(lang, &status);
    if args.relay_sees
        && let Some(fields) = object.as_object_mut()
    {
        let lines: Vec<&str> = relay_sees(lang).lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        fields.insert("relay-sees".to_owned(), json!(lines));
    }
    app.result(&object, || status_words(lang, &status, waiting, client.now()))?;
    if args.relay_sees && !app.json {
        app.out(relay_sees(lang))?;
    }
    Ok(DONE)
}

fn status_words(lang: Lang, status: &Status, waiting: bool, now: Timestamp) -> String {
    let (network, handle) = (sanitize(&status.network), sanitize(&status.handle));
    let mut lines = vec![say!(lang, "{handle} in {network}", "{handle} en {network}")];
    for hood in &status.hoods {
        lines.extend(hood_words(lang, hood, now));
    }
    if waiting {
        lines.push(
            lang.say(
                "A coordinator has not approved you yet. Your three words:  watchfire join",
                "Todavía no le han aprobado. Sus tres palabras:  watchfire join",
            )
            .to_owned(),
        );
    }
    let (version, expires) = (status.charter_version, clock::date(status.charter_expires));
    let days = |days| plural(days, lang.say("day", "día"), lang.say("days", "días"));
    lines.push(match status.expiry {
        Expiry::Fine => {
            say!(lang, "Charter version {version}, until {expires}", "Estatuto versión {version}, hasta {expires}")
        }
        Expiry::Soon { days: left } => {
            let left = days(left);
            say!(
                lang,
                "Charter version {version} expires in {left}: an admin must renew it",
                "El estatuto versión {version} vence en {left}: administración debe renovarlo"
            )
        }
        Expiry::Grace { days: past } | Expiry::Expired { days: past } => {
            let past = days(past);
            say!(
                lang,
                "Charter version {version} EXPIRED {past} ago: an admin must renew it",
                "El estatuto versión {version} VENCIÓ hace {past}: administración debe renovarlo"
            )
        }
    });
    lines.extend(status.forks.iter().map(|view| fork::details(lang, view)));
    lines.extend(status.newer_charter.map(|_| fork::newer(lang).to_owned()));
    lines.push(match status.queued {
        0 => lang.say("Nothing waits to be sent", "Nada espera ser enviado").to_owned(),
        queued => say!(lang, "{queued} waiting to be sent:  watchfire sync", "{queued} por enviar:  watchfire sync"),
    });
    lines.join("\n")
}

fn hood_words(lang: Lang, hood: &HoodStatus, now: Timestamp) -> Vec<String> {
    let (name, epoch) = (sanitize(&hood.name), hood.epoch);
    let role = match hood.coordinator {
        true => lang.say("coordinator", "coordina"),
        false => lang.say("responder", "responde"),
    };
    let words = shape::words(lang, &hood.epoch_words).join(" ");
    let mut lines =
        vec![say!(lang, "{name}  {role}  epoch {epoch}: {words}", "{name}  {role}  época {epoch}: {words}")];
    lines.push(match (hood.fresh, hood.confirmed_at) {
        (true, _) => lang
            .say(
                "  fresh: what this device holds was confirmed lately",
                "  al día: se confirmó hace poco lo que tiene este equipo",
            )
            .to_owned(),
        (false, Some(at)) => {
            let at = clock::moment(at);
            say!(
                lang,
                "  NOT FRESH: no other coordinator has confirmed the charter and the keys since {at}",
                "  NO ESTÁ AL DÍA: nadie más de coordinación confirmó el estatuto y las claves desde {at}"
            )
        }
        (false, None) => lang
            .say(
                "  NOT FRESH: no other coordinator has confirmed the charter and the keys yet",
                "  NO ESTÁ AL DÍA: nadie más de coordinación confirmó todavía el estatuto y las claves",
            )
            .to_owned(),
    });
    let synced = match hood.synced {
        Timestamp(0) => lang.say("  never connected", "  nunca se conectó").to_owned(),
        at => {
            let ago = ago(lang, now.since(at));
            say!(lang, "  read to the end {ago}", "  leído hasta el final {ago}")
        }
    };
    lines.push(synced);
    lines.extend((!hood.confirmed).then(|| {
        lang.say(
            "  not confirmed: compare the three words with your coordinator, then:  watchfire confirm",
            "  sin confirmar: compare las tres palabras con quien coordina, y después:  watchfire confirm",
        )
        .to_owned()
    }));
    lines.extend(hood.missing.map(|missing| missing_words(lang, missing).to_owned()));
    lines.extend(hood.clock_in_doubt.then(|| {
        lang.say(
            "  the clock of this device is off: set it right",
            "  el reloj de este equipo está mal: póngalo en hora",
        )
        .to_owned()
    }));
    lines.extend(hood.notices.withheld.iter().map(|missing| format!("  {}", withheld::alert(lang, missing))));
    lines.extend(hood.notices.silent_since.map(|since| format!("  {}", withheld::silence(lang, since))));
    lines.extend(hood.notices.other_views.iter().map(|view| format!("  {}", withheld::view(lang, view))));
    lines.extend(hood.clones.iter().map(|clone| format!("  {}", clone_words(lang, clone))));
    if hood.held > 0 {
        let held = hood.held;
        lines.push(say!(lang, "  {held} kept aside:  watchfire held", "  {held} apartadas:  watchfire held"));
    }
    lines
}

/// What to do about a device that was copied, in one line.
pub(super) fn clone_words(lang: Lang, clone: &StoredClone) -> String {
    let (handle, at) = (sanitize(&clone.handle), clock::moment(clone.at));
    say!(
        lang,
        "CLONED: two devices use the identity of {handle} (noticed {at}). Remove them and let them join again on a device that is theirs alone",
        "CLONADO: dos equipos usan la identidad de {handle} (se notó {at}). Elimine a esa persona, y que entre de nuevo con un equipo que sea solo suyo"
    )
}

const fn missing_words(lang: Lang, missing: Missing) -> &'static str {
    match (lang, missing) {
        (Lang::EN, Missing::Removed { .. }) => {
            "  NO NEW KEYS: you were removed, or another device uses your identity. What is here is kept. Ask a coordinator, by another way"
        }
        (_, Missing::Removed { .. }) => {
            "  SIN CLAVES NUEVAS: le dieron de baja, u otro equipo usa su identidad. Lo que hay aquí se conserva. Pregunte a quien coordina, por otro medio"
        }
        (Lang::EN, Missing::Withheld) => {
            "  NO NEW KEYS: the relay does not hand them out. They are fetched again by themselves; ask a coordinator if it lasts"
        }
        (_, Missing::Withheld) => {
            "  SIN CLAVES NUEVAS: el retransmisor no las entrega. Se piden otra vez solas; si sigue así, pregunte a quien coordina"
        }
    }
}

const fn relay_sees(lang: Lang) -> &'static str {
    match lang {
        Lang::EN => {
            "\nWhat the relay can observe\n\
             \x20 your network address, unless you connect over Tor or a VPN; when you connect, and for how long\n\
             \x20 which network and which neighborhood, as numbers without names\n\
             \x20 whether you prove the responders' key or the coordinators': the same for all of them, so not who you are\n\
             \x20 how large each sealed record is, in steps, and when it came\n\
             What it cannot read\n\
             \x20 alerts, answers, requests, names, places, who is a member, and who signed or answered"
        }
        _ => {
            "\nQué puede observar el retransmisor\n\
             \x20 su dirección de red, salvo que use Tor o una VPN; cuándo se conecta y por cuánto tiempo\n\
             \x20 qué red y qué vecindario, como números sin nombre\n\
             \x20 si usa la clave de quienes responden o la de quienes coordinan: la misma para todas las personas, así que no quién es usted\n\
             \x20 el tamaño de cada registro sellado, por escalones, y cuándo llegó\n\
             Qué no puede leer\n\
             \x20 alertas, respuestas, solicitudes, nombres, lugares, quién es integrante, ni quién firmó o respondió"
        }
    }
}

pub(super) async fn sync(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    for hood in join::waiting(&client)? {
        let view = client.continue_join(hood).await?;
        app.tell(match view.state {
            JoinState::Waiting => lang.say("A coordinator has not approved you yet.", "Todavía no le han aprobado."),
            JoinState::Member => lang.say("You were approved.", "Ya le aprobaron."),
        });
    }
    let mut failed = None;
    for (hood, _) in hoods(&client)? {
        match client.connected(hood).await {
            Ok((link, sent)) => {
                link.goodbye().await;
                report(app, &client, hood, sent.len())?;
            }
            Err(error) => failed = Some(error),
        }
    }
    if hoods(&client)?.is_empty() {
        // An admin's vault need not be in any.
        let version = client.refresh_charters().await?;
        app.tell(&say!(
            lang,
            "This vault is in no neighborhood. Its charter is the relay's newest: version {version}.",
            "Esta bóveda no está en ningún vecindario. Su estatuto es el más nuevo del retransmisor: versión {version}."
        ));
    }
    match failed {
        None => Ok(DONE),
        Some(error @ (ClientError::Unreachable { .. } | ClientError::Broken(_))) if client.queued()? > 0 => {
            let why = crate::words::error::message(lang, &error);
            let queued = client.queued()?;
            app.warn(&say!(
                lang,
                "{why}. {queued} still waiting in the vault: nothing is lost.",
                "{why}. {queued} siguen en la bóveda: no se pierde nada."
            ));
            Ok(QUEUED)
        }
        Some(error) => Err(error.into()),
    }
}

fn report(
    app: &App,
    client: &Client,
    hood: watchfire_protocol::id::NeighborhoodId,
    sent: usize,
) -> Result<(), Problem> {
    let lang = app.lang;
    let new = client.alerts(Filter { hood: Some(hood), unprinted: true, ..Filter::default() })?.len();
    let status = client.status()?;
    // A newcomer learns the name by connecting.
    let view = status.hoods.iter().find(|view| view.id == hood);
    let (epoch, name) = view.map_or((0, String::new()), |view| (view.epoch.0, view.name.clone()));
    let object = json!({
        "schema": "watchfire.sync/1",
        "neighborhood": name,
        "epoch": epoch,
        "sent": sent,
        "new-alerts": new,
        "queued": status.queued,
    });
    app.result(&object, || {
        let name = sanitize(&name);
        say!(
            lang,
            "`{name}` is up to date: {sent} sent, {new} new alerts.",
            "`{name}` está al día: {sent} enviadas, {new} alertas nuevas."
        )
    })?;
    if new > 0 {
        app.tell(lang.say("See them:  watchfire watch", "Véalas:  watchfire watch"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::id::{Epoch, MemberId};

    use super::*;

    #[test]
    fn a_clone_is_told_by_name_with_what_to_do_and_no_name_writes_on_the_terminal() {
        let handle = "Ana\u{1b}[2J".to_owned();
        let cloned = StoredClone { member: MemberId([1; 16]), handle, epoch: Epoch(3), at: Timestamp(1_795_000_000) };
        for (lang, what, then) in [(Lang::EN, "CLONED", "Remove them"), (Lang::ES, "CLONADO", "Elimine")] {
            let words = clone_words(lang, &cloned);
            assert!(words.starts_with(what) && words.contains("Ana") && words.contains(then), "{words}");
            assert!(!words.contains('\u{1b}'), "{words}");
        }
    }

    #[test]
    fn who_gets_no_keys_hears_of_removal_and_of_another_device() {
        let by =
            watchfire_protocol::sign::SecretKey::from_seed(&watchfire_protocol::secret::Secret::new([1; 32])).public();
        let words = |lang| missing_words(lang, Missing::Removed { by });
        assert!(words(Lang::EN).contains("removed") && words(Lang::EN).contains("another device"));
        assert!(words(Lang::ES).contains("baja") && words(Lang::ES).contains("otro equipo"));
    }
}
