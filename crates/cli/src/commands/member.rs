//! `member`: who waits, who is there, approving.

use watchfire_client::ops::ambiguous;
use watchfire_client::ops::member::{MemberView, PendingView};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::List;

use super::removal::waiting_line;
use super::{coordinated, refresh, refresh_if_possible};
use crate::app::App;
use crate::args::ApproveArgs;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{Lang, ago, clock, codes, sanitize, tell};

pub(super) async fn pending(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let mut any = false;
    for (hood, name) in coordinated(&client, "see who waits")? {
        refresh_if_possible(app, &client, hood).await?;
        for view in client.pending(hood)? {
            any = true;
            app.result(&shape::request(lang, &name, &view), || request_line(lang, &name, &view, &client))?;
        }
        for view in client.doubtful(hood)? {
            any = true;
            app.result(&shape::again(&name, &view), || again_line(lang, &name, &view))?;
        }
        for view in client.waiting_removals(hood)? {
            app.result(&shape::waiting_removal(&name, &view), || waiting_line(lang, &name, &view))?;
        }
    }
    app.tell(if any { tell!(lang, "member-speak-each-them") } else { tell!(lang, "member-nobody-waits-approval") });
    Ok(DONE)
}

fn request_line(lang: Lang, hood: &str, view: &PendingView, client: &Client) -> String {
    let (id, handle, hood) = (short(view), sanitize(&view.handle), sanitize(hood));
    let when = ago(lang, client.now().since(view.received));
    let words = shape::words(lang, &view.say).join("  ");
    let role = match view.role {
        InviteRole::Responder => tell!(lang, "member-responder"),
        InviteRole::Coordinator => tell!(lang, "member-coordinator"),
    };
    tell!(lang, "member-asked-read-them", id, handle, hood, role, when, words)
}

fn again_line(lang: Lang, hood: &str, view: &MemberView) -> String {
    let (handle, hood, since) = (sanitize(&view.handle), sanitize(hood), clock::date(lang, view.since));
    tell!(lang, "member-approved-somebody-revoked", handle, hood, since)
}

fn short(view: &PendingView) -> String {
    view.request.to_string().chars().take(4).collect()
}

pub(super) async fn approve(app: &App, args: ApproveArgs) -> Done {
    let lang = app.lang;
    if args.words.is_some() && args.request.len() > 1 {
        return Err(Problem::usage(tell!(lang, "member-words-those-one")).hint(tell!(lang, "member-approve-one-after")));
    }
    let client = app.open()?;
    let hoods = coordinated(&client, "approve members")?;
    for (hood, _) in &hoods {
        refresh(&client, *hood).await?;
    }
    for wanted in &args.request {
        if let Some((hood, name, member)) = find_again(&client, &hoods, wanted)? {
            approve_again(app, &client, hood, &name, &member).await?;
            continue;
        }
        let (hood, name, view) = match find(&client, &hoods, wanted) {
            Err(problem) => {
                let (name, member) = find_approved(&client, &hoods, wanted)?.ok_or(problem)?;
                app.result(&shape::member(&name, &member), || {
                    tell!(lang, "member-approved-already", handle = sanitize(&member.handle), name = sanitize(&name))
                })?;
                continue;
            }
            found => found?,
        };
        let heard = match &args.words {
            Some(words) => words.clone(),
            None => ask_words(app, &view)?,
        };
        let member = client.approve(hood, &view.request.to_string(), &heard).await?;
        app.result(&shape::member(&name, &member), || {
            let (handle, name) = (sanitize(&member.handle), sanitize(&name));
            let words = shape::words(lang, &view.say).join("  ");
            tell!(lang, "member-member-can-read", handle, name, words)
        })?;
        if member.coordinator {
            let handle = sanitize(&member.handle);
            app.tell(&tell!(lang, "member-they-came-coordinators", handle));
        }
    }
    Ok(DONE)
}

/// Somebody whose request was approved: perhaps by this command, before it was interrupted.
fn find_approved(
    client: &Client,
    hoods: &[(NeighborhoodId, String)],
    wanted: &str,
) -> Result<Option<(String, MemberView)>, Problem> {
    for (hood, name) in hoods {
        if let Some(member) = client.approved(*hood, wanted)? {
            return Ok(Some((name.clone(), member)));
        }
    }
    Ok(None)
}

/// Somebody who is to be approved again.
fn find_again(
    client: &Client,
    hoods: &[(NeighborhoodId, String)],
    wanted: &str,
) -> Result<Option<(NeighborhoodId, String, MemberView)>, Problem> {
    for (hood, name) in hoods {
        let mut all = client.doubtful(*hood)?.into_iter();
        if let Some(member) = all.find(|member| member.handle == wanted || member.id.to_string() == wanted) {
            return Ok(Some((*hood, name.clone(), member)));
        }
    }
    Ok(None)
}

async fn approve_again(
    app: &App,
    client: &Client,
    hood: NeighborhoodId,
    name: &str,
    member: &MemberView,
) -> Result<(), Problem> {
    let lang = app.lang;
    let (handle, shown) = (sanitize(&member.handle), sanitize(name));
    app.confirm(&tell!(lang, "member-know-vouch-them", handle, shown))?;
    let member = client.approve_again(hood, member.id).await?;
    app.result(&shape::member(name, &member), || tell!(lang, "member-approved-again-gets", handle, shown))
}

fn ask_words(app: &App, view: &PendingView) -> Result<String, Problem> {
    let lang = app.lang;
    let handle = sanitize(&view.handle);
    let question = tell!(lang, "member-three-words-read", handle);
    app.ask(&question)?.ok_or_else(|| {
        let message = tell!(lang, "member-nobody-approved-newcomers");
        Problem::no_input(message).hint(tell!(lang, "member-give-those-heard"))
    })
}

/// The neighborhood in which a request waits, and the request.
fn find(
    client: &Client,
    hoods: &[(NeighborhoodId, String)],
    wanted: &str,
) -> Result<(NeighborhoodId, String, PendingView), Problem> {
    let plain: String = wanted.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect::<String>().to_uppercase();
    let plain = plain.replace('O', "0").replace(['I', 'L'], "1");
    let mut found = Vec::new();
    for (hood, name) in hoods {
        let waiting = client.waiting(*hood)?.into_iter();
        found.extend(
            waiting.filter(|(id, _)| id.to_string().starts_with(&plain)).map(|(id, _)| (*hood, name.clone(), id)),
        );
    }
    let (hood, name, request) = match (found.pop(), found.is_empty()) {
        (Some(found), true) if plain.len() >= 4 => found,
        (Some((_, _, last)), _) => {
            let ids = found.iter().map(|(_, _, id)| id).chain([&last]).map(ToString::to_string).collect();
            return Err(ambiguous("request", wanted, ids).into());
        }
        (None, _) => return Err(ClientError::NotFound { what: "request", name: wanted.to_owned() }.into()),
    };
    // The words take a quarter of a second: those of this one only.
    let view = client.pending_request(hood, &request)?;
    let view = view.ok_or_else(|| ClientError::Expired { what: "the invite of request", name: wanted.to_owned() })?;
    Ok((hood, name, view))
}

pub(super) async fn list(app: &App) -> Done {
    let client = app.open()?;
    for (hood, name) in coordinated(&client, "see the members")? {
        refresh_if_possible(app, &client, hood).await?;
        for view in client.members(hood)? {
            app.result(&shape::member(&name, &view), || member_line(app.lang, &name, &view))?;
        }
    }
    Ok(DONE)
}

pub(super) async fn show(app: &App, handle: &str) -> Done {
    let client = app.open()?;
    let mut any = false;
    for (hood, name) in coordinated(&client, "see the members")? {
        refresh_if_possible(app, &client, hood).await?;
        for view in client.members(hood)? {
            if view.handle == handle || view.id.to_string() == handle {
                any = true;
                app.result(&shape::member(&name, &view), || member_line(app.lang, &name, &view))?;
            }
        }
    }
    if any { Ok(DONE) } else { Err(ClientError::NotFound { what: "member", name: handle.to_owned() }.into()) }
}

fn member_line(lang: Lang, hood: &str, view: &MemberView) -> String {
    let (handle, hood, since) = (sanitize(&view.handle), sanitize(hood), clock::date(lang, view.since));
    let role = if view.coordinator { tell!(lang, "member-coordinator-2") } else { tell!(lang, "member-responder-2") };
    let mut line = tell!(lang, "member-since", handle, hood, role, since);
    if !view.roles.is_empty() {
        line.push_str(&format!("  {}", codes(lang, List::Role, &view.roles)));
    }
    if !view.languages.is_empty() {
        let tags: Vec<String> = view.languages.iter().map(|tag| sanitize(tag)).collect();
        line.push_str(&format!("  ({})", tags.join(", ")));
    }
    line
}
