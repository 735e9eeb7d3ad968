//! `member remove`: out, and the next epoch without them.

use std::collections::BTreeMap;
use std::path::Path;

use watchfire_client::Client;
use watchfire_client::ClientError;
use watchfire_client::ops::removal::{RemovalState, RemovalView, WaitingRemoval};
use watchfire_protocol::id::{MemberId, NeighborhoodId};

use super::{coordinated, refresh};
use crate::app::App;
use crate::args::RemoveArgs;
use crate::problem::{DONE, Done, Problem, UNSIGNED};
use crate::progress;
use crate::shape;
use crate::words::{Lang, and, sanitize, tell};

/// Bytes of the longest list of handles: every member of a large neighborhood.
const LIST_BYTES: u64 = 1 << 20;

/// Whom to remove, by neighborhood.
type Wanted = BTreeMap<(String, NeighborhoodId), Vec<(MemberId, String)>>;

pub(super) async fn remove(app: &App, args: RemoveArgs) -> Done {
    let lang = app.lang;
    let handles = handles(app, &args)?;
    let client = progress::told(app, app.open()?);
    let mut hoods = coordinated(&client, "remove members")?;
    if let Some(wanted) = &args.neighborhood {
        let only = client.hood_named(Some(wanted))?;
        hoods.retain(|(hood, _)| *hood == only);
    }
    for (hood, _) in &hoods {
        refresh(&client, *hood).await?;
    }
    let wanted = find_all(&client, &hoods, &handles, lang)?;
    for ((name, _), members) in &wanted {
        let (handles, name) = (listed(lang, members.iter().map(|(_, handle)| handle)), sanitize(name));
        app.tell_before_asking(&tell!(lang, "removal-out-others-get", name, handles));
    }
    app.confirm(tell!(lang, "removal-remove"))?;
    let mut waiting = false;
    for ((name, hood), members) in &wanted {
        let views = client.remove_members(*hood, members, args.reason.as_deref().unwrap_or_default()).await?;
        tell(app, name, &views)?;
        waiting |= views.iter().any(|view| view.state == RemovalState::Waiting);
    }
    Ok(if waiting { UNSIGNED } else { DONE })
}

/// The handles that were typed, or those of a file or of standard input, one a line.
fn handles(app: &App, args: &RemoveArgs) -> Result<Vec<String>, Problem> {
    let lang = app.lang;
    let typed = args.handle.iter().filter(|handle| *handle != "-").cloned();
    let piped = args.handle.iter().any(|handle| handle == "-").then(|| Path::new("-"));
    let file = args.file.as_deref().or(piped);
    let text = file.map(|file| app.text_in(file, LIST_BYTES)).transpose()?.unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    for handle in typed.chain(text.lines().map(|line| line.trim().to_owned())).filter(|handle| !handle.is_empty()) {
        if !all.contains(&handle) {
            all.push(handle);
        }
    }
    if all.is_empty() {
        return Err(Problem::usage(tell!(lang, "removal-nobody-named")).hint(tell!(lang, "removal-see")));
    }
    Ok(all)
}

/// Finds everybody, or does nothing.
fn find_all(
    client: &Client,
    hoods: &[(NeighborhoodId, String)],
    handles: &[String],
    lang: Lang,
) -> Result<Wanted, Problem> {
    let mut out = Wanted::new();
    for handle in handles {
        let mut found = Vec::new();
        for (hood, name) in hoods {
            match client.member_named(*hood, handle) {
                Ok(member) => found.push(((name.clone(), *hood), member)),
                Err(ClientError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (Some((place, member)), rest) = (found.pop(), found) else {
            return Err(ClientError::NotFound { what: "member", name: handle.clone() }.into());
        };
        if !rest.is_empty() {
            let handle = sanitize(handle);
            return Err(Problem::usage(tell!(lang, "removal-member-several-neighborhoods", handle))
                .hint(tell!(lang, "removal-say-one-neighborhood")));
        }
        let members: &mut Vec<(MemberId, String)> = out.entry(place).or_default();
        if !members.iter().any(|(id, _)| *id == member.0) {
            members.push(member);
        }
    }
    Ok(out)
}

fn listed<'a>(lang: Lang, handles: impl Iterator<Item = &'a String>) -> String {
    and(lang, &handles.map(|handle| sanitize(handle)).collect::<Vec<_>>())
}

fn tell(app: &App, name: &str, views: &[RemovalView]) -> Result<(), Problem> {
    let lang = app.lang;
    let shown = sanitize(name);
    for view in views {
        let handle = sanitize(&view.handle);
        app.result(&shape::removal(name, view), || match view.state {
            RemovalState::Out { from } => tell!(lang, "removal-out-epoch", handle, shown, from),
            RemovalState::Waiting => tell!(lang, "removal-still-another-coordinator", handle, shown),
        })?;
    }
    if views.iter().any(|view| matches!(view.state, RemovalState::Out { .. })) {
        app.tell(tell!(lang, "removal-out-reads-nothing"));
    }
    let waiting: Vec<&RemovalView> = views.iter().filter(|view| view.state == RemovalState::Waiting).collect();
    if !waiting.is_empty() {
        let (count, out) = (waiting.len(), views.len() - waiting.len());
        let quoted = waiting.iter().map(|view| format!("\"{}\"", sanitize(&view.handle)));
        let handles = quoted.collect::<Vec<_>>().join(" ");
        app.tell(&tell!(lang, "removal-count-now-wait", out, count, handles));
    }
    let granted: Vec<&String> = views.iter().filter(|view| view.granted).map(|view| &view.handle).collect();
    if !granted.is_empty() {
        let handles = listed(lang, granted.into_iter());
        app.warn(&tell!(lang, "removal-charter-still-grants", handles));
    }
    Ok(())
}

/// A removal that waits, in a list.
pub(super) fn waiting_line(lang: Lang, hood: &str, view: &WaitingRemoval) -> String {
    let (handle, hood, by) = (sanitize(&view.handle), sanitize(hood), sanitize(&view.by));
    if view.own {
        return tell!(lang, "removal-removal-waits-another", handle, hood);
    }
    tell!(lang, "removal-removed-waits", handle, hood, by)
}
