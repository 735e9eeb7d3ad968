//! `invite`.

use std::path::Path;

use serde_json::json;
use watchfire_client::Client;
use watchfire_client::file::rfc3339;
use watchfire_client::ops::invite::{InviteTerms, Withdrawn};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::Timestamp;
use zeroize::Zeroizing;

use super::coordinated;
use crate::app::{App, shown};
use crate::args::InviteNewArgs;
use crate::problem::{DONE, Done, Problem};
use crate::qr;
use crate::shape;
use crate::words::{Lang, clock, conduct_line, sanitize, tell};

pub(super) async fn new(app: &App, args: InviteNewArgs) -> Done {
    let lang = app.lang;
    // An invite whose link has nowhere to go is lost: the files are looked at before it is made.
    let out = args.out.iter().filter(|_| args.cards.is_none());
    for file in out.chain(&args.qr_file) {
        app.check_new(file)?;
    }
    if args.out.is_some() && args.out == args.qr_file {
        return Err(Problem::usage(tell!(lang, "invite-out-qr-file")).hint(tell!(lang, "invite-nothing-done-give")));
    }
    let client = app.open()?;
    let hood = client.hood_named(args.neighborhood.as_deref())?;
    if let (Some(cards), Some(file)) = (args.cards, &args.out) {
        return new_cards(app, &client, hood, cards, args.expires.as_secs(), file).await;
    }
    let terms = InviteTerms {
        role: args.role.role(),
        handle: args.invitee.unwrap_or_default(),
        uses: args.uses,
        expires_in: args.expires.as_secs(),
        auto_approve: args.auto_approve,
    };
    let invite = client.invite(hood, &terms).await?;
    let id = invite.id.to_string();
    // A program gets a file: the link is a secret, and results are piped and logged.
    let file = args.out.or_else(|| app.json.then(|| app.at_home(&format!("invite-{id}.link"))));
    if let Some(file) = &file {
        app.write_private(file, format!("{}\n", *invite.link))?;
    }
    let drawn = if args.qr || args.qr_file.is_some() { Some(qr::Code::of(lang, &invite.link)?) } else { None };
    if let (Some(code), Some(file)) = (&drawn, &args.qr_file) {
        let svg = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
        app.write_private(file, &if svg { code.svg() } else { format!("{}\n", code.text()) })?;
    }
    if app.json {
        app.object(&json!({
            "schema": "watchfire.invite/1",
            "id": id,
            "link-file": file.as_ref().map(|file| file.display().to_string()),
            "expires": rfc3339(invite.expires),
            "role": shape::role(terms.role),
            "uses": terms.uses,
        }))?;
        return Ok(DONE);
    }
    match &file {
        Some(file) => app.out(&shown(file))?,
        None => app.out(&invite.link)?,
    }
    if let Some(code) = drawn.filter(|_| args.qr) {
        app.tell(&code.text());
    }
    let (short, until) = (id.get(..4).unwrap_or(&id), clock::moment(lang, invite.expires));
    app.tell(&tell!(lang, "invite-invite-good-until", short, until));
    app.tell(if args.auto_approve { tell!(lang, "invite-they-run-desk") } else { tell!(lang, "invite-they-run-read") });
    Ok(DONE)
}

/// Cards go into a file and nowhere else: a screen is read by others.
async fn new_cards(app: &App, client: &Client, hood: NeighborhoodId, cards: u16, expires_in: u64, file: &Path) -> Done {
    let lang = app.lang;
    let begun = client.cards_were_begun(hood, cards, expires_in, file)?;
    if !begun {
        app.check_new(file)?;
    }
    let made = client.invite_typed_cards(hood, cards, expires_in, file).await?;
    let conduct = client.conduct(hood)?;
    let until = made.expires;
    let sheets = made.links.iter().enumerate().map(|(index, link)| card(index + 1, cards, link, until, &conduct));
    let sheet: Zeroizing<String> = Zeroizing::new(sheets.collect());
    let written = if begun { app.write_again(file, &sheet) } else { app.write_private(file, &sheet) };
    if let Err(problem) = written {
        // Cards that nobody holds must not stay open.
        client.told(made.id.0)?;
        let _ = client.withdraw_invite(hood, &made.id.to_string()).await;
        return Err(problem);
    }
    let id = made.id.to_string();
    let object = json!({
        "schema": "watchfire.invite/1",
        "id": id,
        "link-file": file.display().to_string(),
        "expires": rfc3339(made.expires),
        "role": shape::role(InviteRole::Responder),
        "uses": cards,
        "cards": cards,
    });
    app.result(&object, || shown(file))?;
    client.told(made.id.0)?;
    let short = id.get(..4).unwrap_or(&id);
    app.tell(&tell!(lang, "invite-cards-good-until", cards, until = clock::moment(lang, until), short));
    Ok(DONE)
}

/// One card, in every language: nobody knows who will hold it. It names no network and no neighborhood.
fn card(number: usize, of: u16, link: &str, until: Timestamp, conduct: &str) -> String {
    let each = |text: &dyn Fn(Lang) -> String| Lang::all().map(text).collect::<Vec<_>>();
    let title = each(&|lang| tell!(lang, "invite-card-title", number, of)).join("  /  ");
    let mut lines = vec![title, String::new(), link.to_owned(), String::new()];
    lines.extend(each(&|lang| tell!(lang, "invite-card-use", until = clock::moment(lang, until))));
    lines.push(String::new());
    match conduct.is_empty() {
        true => lines.extend(each(&|lang| conduct_line(lang).to_owned())),
        false => lines.push(sanitize(conduct)),
    }
    lines.push("- ".repeat(38));
    lines.join("\n") + "\n\n"
}

pub(super) fn list(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let mut any = false;
    for (hood, name) in coordinated(&client, "see the invites")? {
        for invite in client.invites(hood)? {
            any = true;
            let object = json!({
                "schema": "watchfire.invite/1",
                "id": invite.id.to_string(),
                "link-file": null,
                "expires": rfc3339(invite.expires),
                "neighborhood": name,
                "role": shape::role(invite.role),
                "for": invite.handle,
                "uses": invite.uses,
                "used": invite.used,
                "cards": invite.cards,
                "withdrawn": invite.withdrawn,
            });
            app.result(&object, || {
                let id = invite.id.to_string();
                let (short, until) = (id.get(..4).unwrap_or(&id).to_owned(), clock::moment(lang, invite.expires));
                let (used, uses, name) = (invite.used, invite.uses, sanitize(&name));
                let role = match invite.role {
                    InviteRole::Responder => tell!(lang, "invite-responder"),
                    InviteRole::Coordinator => tell!(lang, "invite-coordinator"),
                };
                if invite.cards > 0 {
                    let (cards, withdrawn) = (invite.cards, invite.withdrawn);
                    return tell!(
                        lang,
                        "invite-cards-used-withdrawn",
                        short,
                        name,
                        cards,
                        used,
                        uses,
                        withdrawn,
                        until
                    );
                }
                let whom = sanitize(&invite.handle);
                tell!(lang, "invite-used-until", short, name, role, whom, used, uses, until)
            })?;
        }
    }
    if !any {
        app.tell(tell!(lang, "invite-invite-open"));
    }
    Ok(DONE)
}

pub(super) async fn withdraw(app: &App, wanted: &str) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let mut found = Err(watchfire_client::ClientError::NotFound { what: "invite", name: wanted.to_owned() });
    for (hood, _) in coordinated(&client, "withdraw invites")? {
        found = client.withdraw_invite(hood, wanted).await;
        if !matches!(found, Err(watchfire_client::ClientError::NotFound { .. })) {
            break;
        }
    }
    let withdrawn = found?;
    let id = withdrawn.id.to_string();
    let object = json!({"schema": "watchfire.invite/1", "id": id, "card": withdrawn.card, "state": "withdrawn"});
    app.result(&object, || {
        let short = id.get(..4).unwrap_or(&id);
        match withdrawn {
            Withdrawn { card: Some(card), .. } => tell!(lang, "invite-card-ended-nobody", card, short),
            Withdrawn { cards: 0, .. } => tell!(lang, "invite-invite-ended-nobody", short),
            Withdrawn { cards, .. } => tell!(lang, "invite-cards-ended-nobody", cards, short),
        }
    })?;
    Ok(DONE)
}
