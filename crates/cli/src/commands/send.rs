//! `alert send`: from a file, arguments and questions to a signed alert.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use watchfire_client::file::alert::to_json;
use watchfire_client::file::{AlertFile, FileError, short};
use watchfire_client::ops::alert::{Draft, Preview, SentAlert};
use watchfire_client::ops::desk::ReportView;
use watchfire_client::ops::view::Signatures;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Finding, Language, Need, Place};

use super::compose::{ask_missing, ask_where, languages_line, mend};
use super::{from_report, refresh};
use crate::app::App;
use crate::args::{ContentArgs, SendArgs};
use crate::face;
use crate::form::{Form, looks_like};
use crate::problem::{DONE, Done, Problem, UNSIGNED};
use crate::shape;
use crate::words::{Lang, and, sanitize, tell};

pub(super) async fn send(app: &App, args: SendArgs) -> Done {
    let lang = app.lang;
    let SendArgs { neighborhood, from, template, content: args } = args;
    let (mut file, mut opened) = (read_file(app, args.file.as_deref())?, None);
    let mut built_in = false;
    if let Some(name) = &template {
        let client = app.open()?;
        let found = client.template(name)?;
        built_in = found.built_in;
        file = found.filled_in(file);
        opened = Some(client);
    }
    let dry_run = args.dry_run;
    override_with(&mut file, args);
    // Somebody who is asked unlocks the vault first: what they write must not be lost to a wrong passphrase.
    let opens = opened.is_none() && (app.person() || from.is_some());
    let opened = if opens { Some(app.open()?) } else { opened };
    let of = match (&opened, &from) {
        (Some(client), Some(report)) => Some(from_report::fill(app, client, report, &mut file).await?),
        _ => None,
    };
    let hood_in = |client: &Client| match &of {
        Some(report) => from_report::hood(app, client, report, neighborhood.as_deref()),
        None => Ok(client.hood_named(neighborhood.as_deref())?),
    };
    if let Some(client) = opened.as_ref().filter(|_| app.person()) {
        let hood = hood_in(client)?;
        let unread = |file: &AlertFile| unread_languages(client, hood, file);
        let form = Form { lang, person: app, now: client.now() };
        // A file with a text is taken to say all that its author wants to say. A template cannot know where.
        if template.is_some() && !file.text.is_empty() {
            ask_where(&form, &mut file)?;
        }
        ask_missing(&form, &mut file, unread)?;
    }
    let (content, expires_in) = file.to_content()?;
    content.validate_to_sign().map_err(FileError::from)?;
    if built_in && content.place.is_none() && content.needs_verification() {
        return Err(Problem::usage(tell!(lang, "send-template-where")).hint(tell!(lang, "send-template-where-hint")));
    }
    let exact = file.exact_place()?;
    let client = match opened {
        Some(client) => client,
        None => app.open()?,
    };
    let hood = hood_in(&client)?;
    // What was granted, and what others have sent meanwhile, belongs into it. A relay that cannot be used stops nobody
    // from writing: sending meets it again, and queues.
    if let Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) = refresh(&client, hood).await {
        app.warn(tell!(lang, "send-relay-answers-goes"));
    }
    // Only silence is filled in: whoever says that nobody checked it is taken at their word.
    let vouch = is_vouched_for(&file, &content);
    finish(app, &client, Outgoing { hood, content, expires_in, exact, vouch, enough: vec![], dry_run, of }).await
}

/// What is to be sent, and where.
pub(super) struct Outgoing {
    pub(super) hood: NeighborhoodId,
    pub(super) content: AlertContent,
    pub(super) expires_in: Option<u64>,
    /// Where exactly, for those who come.
    pub(super) exact: Option<Place>,
    /// Whether who sends it stands in for the check.
    pub(super) vouch: bool,
    /// Of whom it says that there is enough.
    pub(super) enough: Vec<Need>,
    pub(super) dry_run: bool,
    /// The report that it is made of.
    pub(super) of: Option<ReportView>,
}

/// Drafts it, shows it, asks, and sends it.
pub(super) async fn finish(app: &App, client: &Client, outgoing: Outgoing) -> Done {
    let lang = app.lang;
    let Outgoing { hood, mut content, expires_in, exact, vouch, enough, dry_run, of } = outgoing;
    let name = client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name).unwrap_or_default();
    if vouch {
        client.vouch(&mut content)?;
    }
    let (draft, content) = loop {
        let draft = client.draft_enough(hood, content.clone(), expires_in, &enough)?;
        let signed = signed_content(&draft).cloned().unwrap_or_else(|| content.clone());
        // Who may not see the members cannot be told who reads what.
        let unread = client.unread_languages(hood, &signed).unwrap_or_default();
        if dry_run {
            return preview_only(app, &draft, (&signed, exact.as_ref(), &enough), &name, (client.now(), &unread));
        }
        app.tell_before_asking(&preview_words(app, &draft, (&signed, &enough), &name, client.now()));
        app.tell_before_asking(&languages_line(lang, &signed, &unread).unwrap_or_default());
        app.tell_before_asking(&untranslated_line(lang, &signed));
        app.tell_before_asking(&exact_words(lang, exact.as_ref()));
        let risky = warn_of_names(app, &findings(&signed, exact.as_ref()));
        // The exact place is not mended here: whoever typed it says no to the question below.
        let mendable = !signed.identifying_text().is_empty();
        if mendable && app.person() && !app.yes && wants_to_mend(app)? {
            mend(&Form { lang, person: app, now: client.now() }, &mut content)?;
            continue;
        }
        let hood_name = sanitize(&name);
        let everybody = tell!(lang, "send-goes-everybody-relay", hood_name);
        let question = if risky { tell!(lang, "send-may-name-person") } else { tell!(lang, "send-send") };
        app.confirm(&format!("{everybody} {question}"))?;
        break (draft, signed);
    };
    let findings = findings(&content, exact.as_ref());
    let draft = match exact {
        Some(place) => client.with_exact_place(draft, place)?,
        None => draft,
    };
    deliver(app, client, draft, &findings, of.as_ref()).await
}

/// Sends what was drafted, and says what became of it.
pub(super) async fn deliver(
    app: &App,
    client: &Client,
    draft: Draft,
    findings: &[Finding],
    of: Option<&ReportView>,
) -> Done {
    let signatures = signatures(&draft.preview);
    let sent = client.send_alert(draft).await?;
    if let Some(of) = of {
        from_report::note(app, client, of, sent.id).await;
    }
    report(app, client, &sent, findings, signatures)
}

/// The languages of members who can read none of the texts that a file has so far.
fn unread_languages(client: &Client, hood: NeighborhoodId, file: &AlertFile) -> Vec<Language> {
    let content = file.to_content().map(|(content, _)| content);
    let unread = content.ok().and_then(|content| client.unread_languages(hood, &content).ok());
    let mut unread: Vec<(Language, usize)> = unread.unwrap_or_default().into_iter().collect();
    unread.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    unread.into_iter().map(|(language, _)| language).collect()
}

/// Whether somebody would rather type anew what may name a person.
fn wants_to_mend(app: &App) -> Result<bool, Problem> {
    Ok(app
        .ask(tell!(app.lang, "send-mend-or-go-on"))?
        .is_some_and(|typed| ["e", "edit", "editar"].contains(&typed.trim())))
}

pub(super) fn read_file(app: &App, file: Option<&Path>) -> Result<AlertFile, Problem> {
    let Some(file) = file else { return Ok(AlertFile::default()) };
    let most = u64::try_from(watchfire_client::file::FILE_BYTES).unwrap_or(u64::MAX);
    Ok(AlertFile::read(&app.text_in(file, most)?)?)
}

/// What was typed counts before what stands in the file.
pub(super) fn override_with(file: &mut AlertFile, args: ContentArgs) {
    let ContentArgs { file: _, dry_run: _, kind, ask, urgency, severity, certainty, need, status, expires } = args;
    for (into, from) in [
        (&mut file.kind, kind),
        (&mut file.ask, ask),
        (&mut file.urgency, urgency),
        (&mut file.severity, severity),
        (&mut file.certainty, certainty),
        (&mut file.status, status),
        (&mut file.expires_in, expires),
    ] {
        if from.is_some() {
            *into = from;
        }
    }
    if !need.is_empty() {
        file.needs = need;
    }
}

fn preview_words(app: &App, draft: &Draft, said: (&AlertContent, &[Need]), hood: &str, now: Timestamp) -> String {
    let lang = app.lang;
    match &draft.preview {
        Preview::Shown(view) => face::preview(lang, view, now),
        Preview::Waits { .. } => face::waiting(lang, said, hood, signatures(&draft.preview), now),
    }
}

fn preview_only(
    app: &App,
    draft: &Draft,
    (content, exact, enough): (&AlertContent, Option<&Place>, &[Need]),
    hood: &str,
    (now, unread): (Timestamp, &BTreeMap<Language, usize>),
) -> Done {
    let lang = app.lang;
    let (label, reasons) = match &draft.preview {
        Preview::Shown(view) => {
            let object = shape::alert(view);
            let field = |name| object.get(name).cloned().unwrap_or_default();
            (field("label"), field("reasons"))
        }
        Preview::Waits { .. } => (json!("held"), json!(["below-quorum"])),
    };
    let findings = findings(content, exact);
    let object = json!({
        "schema": "watchfire.preview/1",
        "label": label,
        "reasons": reasons,
        "neighborhood": hood,
        "identifying": shape::identifying(&findings),
        "languages": content.text.iter().map(|text| text.language.to_string()).collect::<Vec<_>>(),
        "unread-languages": unread.iter().map(|(tag, count)| (tag.to_string(), *count)).collect::<BTreeMap<_, _>>(),
        "untranslated": content.untranslated(),
        "enough": enough.iter().map(short::need).collect::<Vec<_>>(),
        "body": to_json(content),
    });
    app.result(&object, || preview_words(app, draft, (content, enough), hood, now))?;
    app.tell(&languages_line(lang, content, unread).unwrap_or_default());
    app.tell(&untranslated_line(lang, content));
    app.tell(&exact_words(lang, exact));
    warn_of_names(app, &findings);
    app.tell(tell!(lang, "send-nothing-sent"));
    Ok(DONE)
}

/// What is written in one language and not in another.
fn untranslated_line(lang: Lang, content: &AlertContent) -> String {
    let fields: Vec<String> = content.untranslated().iter().map(|field| format!("`{field}`")).collect();
    if fields.is_empty() {
        return String::new();
    }
    let fields = and(lang, &fields);
    tell!(lang, "send-untranslated", fields)
}

/// Where exactly it is, and who is told.
fn exact_words(lang: Lang, exact: Option<&Place>) -> String {
    exact.map_or_else(String::new, |place| format!("{}\n{}", face::exact(lang, place), tell!(lang, "send-exact-kept")))
}

/// What looks like it identifies a person, in the alert and in the exact place beside it.
fn findings(content: &AlertContent, exact: Option<&Place>) -> Vec<Finding> {
    let in_exact = exact.map(Place::identifying_exact_text).unwrap_or_default();
    content.identifying_text().into_iter().chain(in_exact).collect()
}

/// Names what looks like it identifies a person. Returns whether anything does.
fn warn_of_names(app: &App, findings: &[Finding]) -> bool {
    let lang = app.lang;
    for finding in findings {
        let (field, text) = (sanitize(&finding.field), sanitize(&finding.text));
        let what = looks_like(lang, finding.what);
        app.tell_before_asking(&tell!(lang, "send-warning-looks-like", text, field, what));
    }
    !findings.is_empty()
}

/// How many signed of how many.
fn signatures(preview: &Preview) -> Signatures {
    match preview {
        Preview::Shown(view) => view.signatures(),
        Preview::Waits { signed, quorum } => Signatures { have: *signed, need: *quorum },
    }
}

/// Whether who sends it stands in for a check that its author says nothing about.
fn is_vouched_for(file: &AlertFile, content: &AlertContent) -> bool {
    file.verification.is_none() && content.needs_verification() && !content.is_call_to_verify()
}

/// What was signed, where the draft shows it.
fn signed_content(draft: &Draft) -> Option<&AlertContent> {
    match &draft.preview {
        Preview::Shown(view) => Some(&view.shown.body().content),
        Preview::Waits { .. } => None,
    }
}

/// It is in the vault already: whoever writes it again sends two.
fn not_taken(app: &App, why: Option<&ClientError>) -> Problem {
    let lang = app.lang;
    let why = why.map(|error| format!("\n{}", crate::words::error::message(lang, error))).unwrap_or_default();
    Problem::queued(tell!(lang, "send-alert-signed-vault", why)).hint(tell!(lang, "send-write-again-try"))
}

fn report(app: &App, client: &Client, sent: &SentAlert, findings: &[Finding], signatures: Signatures) -> Done {
    let lang = app.lang;
    let id = sent.id.to_string();
    let short = client.alert(&id).map_or_else(|_| id.chars().take(4).collect(), |view| view.short);
    let object = json!({
        "schema": "watchfire.sent/1",
        "id": id,
        "short": short,
        "state": if sent.receipt.is_some() { "accepted" } else { "queued" },
        "position": sent.receipt.map(|receipt| receipt.position),
        "followers": sent.receipt.map(|receipt| receipt.followers),
        "identifying": shape::identifying(findings),
        "signatures": shape::signatures(signatures),
    });
    let handle = sanitize(&client.profile()?.handle);
    app.result(&object, || match sent.receipt {
        Some(receipt) => {
            // The relay rounds down, so that nobody can count by it who came and went.
            let devices = match receipt.followers {
                0 => tell!(lang, "send-few-devices-connected").to_owned(),
                followers => tell!(lang, "send-devices-more-connected", followers),
            };
            tell!(lang, "send-signed-accepted-relay", handle, short, devices)
        }
        None => tell!(lang, "send-signed-sent-yet", handle, short),
    })?;
    if sent.receipt.is_none() {
        return Err(not_taken(app, sent.why_queued.as_ref()));
    }
    if !signatures.are_enough() {
        app.tell(&face::missing_signatures(lang, &short, signatures, &sent.others));
    }
    app.tell(&tell!(lang, "send-follow", short));
    Ok(if signatures.are_enough() { DONE } else { UNSIGNED })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_spoke_of_is_vouched_for() {
        let vouched = |verification: &str| {
            let text = format!(
                "{{\"kind\":\"enforcement.checkpoint\",\"ask\":\"observe\",{verification}\"text\":{{\"en\":{{\"headline\":\"A\"}}}}}}"
            );
            let file = AlertFile::read(&text).unwrap();
            let (content, _) = file.to_content().unwrap();
            is_vouched_for(&file, &content)
        };
        assert!(vouched(""));
        assert!(!vouched("\"verification\":{\"state\":\"unverified\"},"));
    }

    #[test]
    fn a_number_in_the_exact_place_is_pointed_out_as_one_in_the_alert_is() {
        let content = AlertContent::new(watchfire_protocol::vocabulary::Code::constant("enforcement.home"));
        let exact = Place::named("1204 Elm Street, ask for A123456789, 312-555-0123");
        let fields: Vec<String> = findings(&content, Some(&exact)).into_iter().map(|finding| finding.field).collect();
        assert_eq!(fields, ["place.exact.text", "place.exact.text"]);
        assert_eq!(findings(&content, None), []);
    }

    #[test]
    fn what_was_typed_counts_before_the_file() {
        let mut file =
            AlertFile { kind: Some("community.fire".into()), ask: Some("avoid".into()), ..AlertFile::default() };
        let args = ContentArgs {
            file: None,
            kind: Some("community.flood".into()),
            ask: None,
            urgency: Some("immediate".into()),
            severity: None,
            certainty: None,
            need: vec!["driver:2".into()],
            status: None,
            expires: Some("1h".into()),
            dry_run: false,
        };
        override_with(&mut file, args);
        assert_eq!((file.kind.as_deref(), file.ask.as_deref()), (Some("community.flood"), Some("avoid")));
        assert_eq!((file.urgency.as_deref(), file.expires_in.as_deref()), (Some("immediate"), Some("1h")));
        assert_eq!(file.needs, ["driver:2"]);
    }
}
