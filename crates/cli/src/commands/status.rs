//! `status` and `sync`.

use serde_json::json;
use watchfire_client::ops::join::JoinState;
use watchfire_client::ops::status::{HoodStatus, Status};
use watchfire_client::ops::view::Filter;
use watchfire_client::relays::RelayView;
use watchfire_client::state::{Missing, StoredClone};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::charter::Expiry;
use watchfire_protocol::time::Timestamp;

use super::{hoods, join};
use crate::app::App;
use crate::args::StatusArgs;
use crate::problem::{DONE, Done, Problem, QUEUED};
use crate::shape;
use crate::words::{Lang, ago, clock, days, desk, error, fork, sanitize, tell, withheld};

pub(super) fn status(app: &App, args: &StatusArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let status = client.status()?;
    let waiting = !join::waiting(&client)?.is_empty();
    let mut object = shape::status(lang, &status);
    if args.relay_sees
        && let Some(fields) = object.as_object_mut()
    {
        let lines: Vec<&str> =
            tell!(lang, "status-relay-sees").lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        fields.insert("relay-sees".to_owned(), json!(lines));
    }
    app.result(&object, || status_words(lang, &status, waiting, client.now()))?;
    if args.relay_sees && !app.json {
        app.out(tell!(lang, "status-relay-sees"))?;
    }
    Ok(DONE)
}

fn status_words(lang: Lang, status: &Status, waiting: bool, now: Timestamp) -> String {
    let (network, handle) = (sanitize(&status.network), sanitize(&status.handle));
    let mut lines = vec![tell!(lang, "status-in", handle, network)];
    lines.extend(status.help.iter().map(|call| desk::call_for_help(lang, call, now)));
    lines.extend(status.untrue.iter().map(|view| desk::untrue(lang, view, now)));
    lines.extend(status.dropped.iter().map(|dropped| desk::dropped(lang, dropped)));
    for hood in &status.hoods {
        lines.extend(hood_words(lang, hood, now));
    }
    if waiting {
        lines.push(tell!(lang, "status-coordinator-approved-yet").to_owned());
    }
    let (version, expires) = (status.charter_version, clock::date(lang, status.charter_expires));
    lines.push(match status.expiry {
        Expiry::Fine => {
            tell!(lang, "status-charter-version-until", version, expires)
        }
        Expiry::Soon { days: left } => {
            let left = days(lang, left);
            tell!(lang, "status-charter-version-expires", version, left)
        }
        Expiry::Grace { days: past } | Expiry::Expired { days: past } => {
            let past = days(lang, past);
            tell!(lang, "status-charter-version-expired", version, past)
        }
    });
    lines.extend(status.forks.iter().map(|view| fork::details(lang, view, None)));
    lines.extend(status.newer_charter.map(|_| fork::newer(lang).to_owned()));
    if status.relays.len() > 1 {
        lines.extend((1_usize..).zip(&status.relays).map(|(number, relay)| relay_words(lang, number, relay)));
    }
    lines.extend(status.proxy.as_ref().map(|proxy| tell!(lang, "status-proxy", proxy = proxy.to_string())));
    lines.push(match status.queued {
        0 => tell!(lang, "status-nothing-waits-sent").to_owned(),
        queued => tell!(lang, "status-waiting-sent", queued),
    });
    lines.join("\n")
}

fn relay_words(lang: Lang, number: usize, relay: &RelayView) -> String {
    let url = sanitize(&relay.url);
    match relay.silent {
        Some(since) => tell!(lang, "status-relay-silent", number, url, at = clock::moment(lang, since)),
        None if relay.used => tell!(lang, "status-relay-used", number, url),
        None => tell!(lang, "status-relay-next", number, url),
    }
}

fn hood_words(lang: Lang, hood: &HoodStatus, now: Timestamp) -> Vec<String> {
    let (name, epoch) = (sanitize(&hood.name), hood.epoch);
    let role = match hood.coordinator {
        true => tell!(lang, "status-coordinator"),
        false => tell!(lang, "status-responder"),
    };
    let words = shape::words(lang, &hood.epoch_words).join(" ");
    let mut lines = vec![tell!(lang, "status-epoch", name, role, epoch, words)];
    lines.extend(hood.missing.is_none().then(|| match (hood.fresh, hood.confirmed_at) {
        (true, _) => tell!(lang, "status-fresh-device-holds").to_owned(),
        (false, Some(at)) => {
            let at = clock::moment(lang, at);
            tell!(lang, "status-fresh-other-coordinator", at)
        }
        (false, None) => tell!(lang, "status-fresh-other-coordinator-confirmed").to_owned(),
    }));
    let synced = match hood.synced {
        Timestamp(0) => tell!(lang, "status-never-connected").to_owned(),
        at => {
            let ago = ago(lang, now.since(at));
            tell!(lang, "status-read-end", ago)
        }
    };
    lines.push(synced);
    lines.extend((!hood.confirmed).then(|| tell!(lang, "status-confirmed-compare-three").to_owned()));
    lines.extend(missing_words(lang, hood));
    lines.extend(hood.clock_in_doubt.then(|| tell!(lang, "status-clock-device-off").to_owned()));
    lines.extend(hood.notices.withheld.iter().map(|missing| format!("  {}", withheld::alert(lang, missing))));
    lines.extend(hood.notices.silent_since.map(|since| format!("  {}", withheld::silence(lang, since))));
    lines.extend(hood.notices.other_views.iter().map(|view| format!("  {}", withheld::view(lang, view))));
    lines.extend(hood.clones.iter().map(|clone| format!("  {}", clone_words(lang, clone))));
    lines.extend(hood.trouble.as_ref().map(|trouble| {
        let (at, message) = (clock::moment(lang, trouble.since), error::message(lang, &trouble.error()));
        tell!(lang, "status-duty-fails", at, message)
    }));
    if hood.held > 0 {
        let held = hood.held;
        lines.push(tell!(lang, "status-kept-aside", held));
    }
    lines
}

/// What to do about a device that was copied, in one line.
pub(super) fn clone_words(lang: Lang, clone: &StoredClone) -> String {
    let (handle, at) = (sanitize(&clone.handle), clock::moment(lang, clone.at));
    tell!(lang, "status-cloned-two-devices", handle, at)
}

fn missing_words(lang: Lang, hood: &HoodStatus) -> Option<String> {
    let by = hood.missing_by.as_deref().map(sanitize).unwrap_or_default();
    Some(match hood.missing? {
        Missing::Removed { .. } => tell!(lang, "status-shut-out", by),
        Missing::Withheld => tell!(lang, "status-keys-withheld").to_owned(),
    })
}

pub(super) async fn sync(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    for hood in join::waiting(&client)? {
        let view = client.continue_join(hood).await?;
        app.tell(match view.state {
            JoinState::Waiting => tell!(lang, "status-not-approved-yet"),
            JoinState::Member => tell!(lang, "status-approved"),
        });
    }
    let mut failed = None;
    for (hood, _) in hoods(&client)? {
        match client.connected(hood).await {
            Ok((mut link, sent)) => {
                for (_, away) in link.unreached() {
                    app.warn(&tell!(lang, "watch-relay-away", message = error::message(lang, away)));
                }
                let waits = |trouble: &ClientError| {
                    trouble.is_of_another_version() || matches!(trouble, ClientError::FirstRelayAway { .. })
                };
                let trouble = link.trouble.take().filter(waits);
                for trouble in [trouble, link.kept_back.take()].into_iter().flatten() {
                    app.warn(&error::message(lang, &trouble));
                    app.tell(&error::hint(lang, &trouble).unwrap_or_default());
                }
                link.goodbye().await;
                report(app, &client, hood, sent.len())?;
            }
            Err(error) => failed = Some(error),
        }
    }
    if hoods(&client)?.is_empty() {
        // An admin's vault need not be in any.
        let version = client.refresh_charters().await?;
        app.tell(&tell!(lang, "status-vault-neighborhood-charter", version));
    }
    match failed {
        None => Ok(DONE),
        Some(error @ (ClientError::Unreachable { .. } | ClientError::Broken(_))) if client.queued()? > 0 => {
            let why = error::message(lang, &error);
            let queued = client.queued()?;
            app.warn(&tell!(lang, "status-still-waiting-vault", why, queued));
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
    let new = client.alerts(Filter { hood: Some(hood), unprinted: true, ..Filter::default() })?;
    let new = new.iter().filter(|view| !view.thread.replaced).count();
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
        tell!(lang, "status-up-date-sent", name, sent, new)
    })?;
    if new > 0 {
        app.tell(tell!(lang, "status-see-them"));
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
        for (lang, what, then) in [(Lang::EN, "CLONED", "Remove them"), (Lang::es(), "CLONADO", "Elimine")] {
            let words = clone_words(lang, &cloned);
            assert!(words.starts_with(what) && words.contains("Ana") && words.contains(then), "{words}");
            assert!(!words.contains('\u{1b}'), "{words}");
        }
    }
}
