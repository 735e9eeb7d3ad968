//! `invite`.

use std::path::Path;

use serde_json::json;
use watchfire_client::Client;
use watchfire_client::file::rfc3339;
use watchfire_client::ops::invite::{InviteTerms, Withdrawn};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::roster::InviteRole;
use zeroize::Zeroizing;

use super::coordinated;
use crate::app::{App, shown};
use crate::args::InviteNewArgs;
use crate::problem::{DONE, Done, Problem};
use crate::qr;
use crate::shape;
use crate::words::{Lang, clock, conduct_line, sanitize, say};

pub(super) async fn new(app: &App, args: InviteNewArgs) -> Done {
    let lang = app.lang;
    // An invite whose link has nowhere to go is lost: the files are looked at before it is made.
    for file in args.out.iter().chain(&args.qr_file) {
        app.check_new(file)?;
    }
    if args.out.is_some() && args.out == args.qr_file {
        return Err(Problem::usage(
            lang.say("--out and --qr-file name the same file", "--out y --qr-file nombran el mismo archivo"),
        )
        .hint(lang.say("nothing was done; give two names", "no se hizo nada; dé dos nombres")));
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
    let (short, until) = (id.get(..4).unwrap_or(&id), clock::moment(invite.expires));
    app.tell(&say!(
        lang,
        "Invite {short}, good until {until}. Whoever has the link can ask to join: hand it to nobody else.",
        "Invitación {short}, vale hasta {until}. Quien tenga el enlace puede pedir entrar: no se lo dé a nadie más."
    ));
    app.tell(if args.auto_approve {
        lang.say(
            "They run:  watchfire join. The desk approves them itself within ten minutes, while one runs:  watchfire desk",
            "La otra persona escribe:  watchfire join. La mesa la aprueba sola dentro de diez minutos, si está abierta:  watchfire desk",
        )
    } else {
        lang.say(
            "They run:  watchfire join, and read three words to you. Then:  watchfire member pending",
            "La otra persona escribe:  watchfire join, y le lee tres palabras. Después:  watchfire member pending",
        )
    });
    Ok(DONE)
}

/// Cards go into a file and nowhere else: a screen is read by others.
async fn new_cards(app: &App, client: &Client, hood: NeighborhoodId, cards: u16, expires_in: u64, file: &Path) -> Done {
    let lang = app.lang;
    let made = client.invite_cards(hood, cards, expires_in).await?;
    let conduct = client.conduct(hood)?;
    let until = clock::moment(made.expires);
    let sheets = made.links.iter().enumerate().map(|(index, link)| card(index + 1, cards, link, &until, &conduct));
    let sheet: Zeroizing<String> = Zeroizing::new(sheets.collect());
    if let Err(problem) = app.write_private(file, &sheet) {
        // Cards that nobody holds must not stay open.
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
    let short = id.get(..4).unwrap_or(&id);
    app.tell(&say!(
        lang,
        "{cards} cards, good until {until}. Hand each to one person, face to face; whoever finds one can join by it.\n\
         The desk approves who comes by a card itself, while one runs:  watchfire desk\n\
         A card is lost:  watchfire invite withdraw {short}/7    All of them:  watchfire invite withdraw {short}",
        "{cards} tarjetas, valen hasta {until}. Entregue cada una a una persona, cara a cara; quien encuentre una puede entrar con ella.\n\
         La mesa aprueba sola a quien llegue con una tarjeta, si está abierta:  watchfire desk\n\
         Si se pierde una:  watchfire invite withdraw {short}/7    Todas:  watchfire invite withdraw {short}"
    ));
    Ok(DONE)
}

/// One card, in both languages: nobody knows who will hold it. It names no network and no neighborhood.
fn card(number: usize, of: u16, link: &str, until: &str, conduct: &str) -> String {
    let (en, es) = if conduct.is_empty() { (conduct_line(Lang::EN), conduct_line(Lang::ES)) } else { (conduct, "") };
    let mut lines = vec![
        format!("Card {number} of {of}  /  Tarjeta {number} de {of}"),
        String::new(),
        link.to_owned(),
        String::new(),
        format!("To join, before {until}: run  watchfire join  and type or scan the line above. For one person."),
        format!(
            "Para entrar, antes del {until}: escriba  watchfire join  y copie o escanee la línea de arriba. Para una persona."
        ),
        String::new(),
    ];
    lines.extend([en, es].iter().filter(|line| !line.is_empty()).map(|line| sanitize(line)));
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
                let (short, until) = (id.get(..4).unwrap_or(&id).to_owned(), clock::moment(invite.expires));
                let (used, uses, name) = (invite.used, invite.uses, sanitize(&name));
                let role = match invite.role {
                    InviteRole::Responder => lang.say("responder", "para responder"),
                    InviteRole::Coordinator => lang.say("coordinator", "para coordinar"),
                };
                if invite.cards > 0 {
                    let (cards, withdrawn) = (invite.cards, invite.withdrawn);
                    return say!(
                        lang,
                        "{short}  {name}  {cards} cards  used {used} of {uses}, {withdrawn} withdrawn  until {until}",
                        "{short}  {name}  {cards} tarjetas  usadas {used} de {uses}, {withdrawn} retiradas  hasta {until}"
                    );
                }
                let whom = sanitize(&invite.handle);
                say!(
                    lang,
                    "{short}  {name}  {role}  {whom}  used {used} of {uses}  until {until}",
                    "{short}  {name}  {role}  {whom}  usada {used} de {uses}  hasta {until}"
                )
            })?;
        }
    }
    if !any {
        app.tell(lang.say("No invite is open.", "No hay ninguna invitación abierta."));
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
            Withdrawn { card: Some(card), .. } => say!(
                lang,
                "Card {card} of {short} has ended: nobody can join by it any more. Who joined by it stays a member.",
                "La tarjeta {card} de {short} terminó: ya nadie puede entrar con ella. Quien entró con ella sigue siendo integrante."
            ),
            Withdrawn { cards: 0, .. } => say!(
                lang,
                "Invite {short} has ended: nobody can join by it any more. Who joined by it stays a member.",
                "La invitación {short} terminó: ya nadie puede entrar con ella. Quien entró con ella sigue siendo integrante."
            ),
            Withdrawn { cards, .. } => say!(
                lang,
                "The {cards} cards of {short} have ended: nobody can join by them any more. Who joined by them stays a member.",
                "Las {cards} tarjetas de {short} terminaron: ya nadie puede entrar con ellas. Quien entró con ellas sigue siendo integrante."
            ),
        }
    })?;
    Ok(DONE)
}
