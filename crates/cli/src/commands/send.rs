//! `alert send`: from a file, arguments and questions to a signed alert.

use std::path::Path;

use serde_json::json;
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::file::{AlertFile, FileError};
use watchfire_client::ops::alert::{Draft, Preview, SentAlert};
use watchfire_client::ops::begun::{Origin, Writing};
use watchfire_client::ops::desk::{FromMerged, ReportView};
use watchfire_client::ops::view::Signatures;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::enough::same;
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Code, Finding, Language, List, Need, Place, Verification, limit};

use super::about::{is_checked_no_more, is_first_seen};
use super::compose::{ask_check, ask_missing, ask_where, mend};
use super::edit::Editor;
use super::kept::{Start, Writer};
use super::preview::Shown;
use super::{from_report, home, meanwhile, refresh};
use crate::app::{App, shown};
use crate::args::{ContentArgs, SendArgs};
use crate::ask::Reply;
use crate::face;
use crate::form::Form;
use crate::problem::{DONE, Done, Problem, UNSIGNED};
use crate::shape;
use crate::words::{clock, code, sanitize, tell};

pub(super) async fn send(app: &App, args: SendArgs) -> Done {
    if app.person() { asked(app, args).await } else { unasked(app, args).await }
}

/// Sends what a file, a report and arguments say: there is nobody who could be asked.
async fn unasked(app: &App, args: SendArgs) -> Done {
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
    override_with(&mut file, &args);
    let mut of = None;
    if let Some(report) = &from {
        let client = app.open()?;
        of = Some(from_report::fill(app, &client, report, &mut file, dry_run).await?);
        opened = Some(client);
    }
    let content = checked(&file)?;
    if built_in && file.place.is_none() && content.needs_verification() {
        let lang = app.lang;
        return Err(Problem::usage(tell!(lang, "send-template-where")).hint(tell!(lang, "send-template-where-hint")));
    }
    let client = match opened {
        Some(client) => client,
        None => app.open()?,
    };
    let hood = match &of {
        Some(report) => from_report::hood(app, &client, report, neighborhood.as_deref())?,
        None => client.hood_named(neighborhood.as_deref())?,
    };
    refresh_before(app, &client, hood).await;
    let outgoing = Outgoing { hood, file, before: None, enough: vec![], dry_run, of };
    finish(&Writer::forgetful(app), &client, outgoing).await
}

/// Asks whoever sits there for what is missing. What they type is kept until it is sent.
async fn asked(app: &App, args: SendArgs) -> Done {
    let SendArgs { neighborhood, from, template, content: args } = args;
    let given = read_file(app, args.file.as_deref())?;
    refuse_unreadable(&given, &args)?;
    // The vault is unlocked first: what somebody writes must not be lost to a wrong passphrase.
    let client = app.open()?;
    let origin = Origin { from, template, file: args.file.as_deref().map(shown) };
    let start = Start::of(app, &client, Writing::Alert, origin)?;
    let mut file = match (start.text(), &start.origin.template) {
        (Some(text), _) => AlertFile::read(text)?,
        (None, Some(name)) => client.template(name)?.filled_in(given),
        (None, None) => given,
    };
    override_with(&mut file, &args);
    let of = match &start.origin.from {
        Some(report) => Some(from_report::fill(app, &client, report, &mut file, args.dry_run).await?),
        None => None,
    };
    let hood = match &of {
        Some(report) => from_report::hood(app, &client, report, neighborhood.as_deref())?,
        None => start.hood(neighborhood.as_deref())?,
    };
    let (whole, template) = (start.origin != Origin::default(), start.origin.template.is_some());
    let writer = start.writer(hood);
    let outgoing = Outgoing { hood, file, before: None, enough: vec![], dry_run: args.dry_run, of };
    let done = written(&writer, &client, outgoing, (whole, template)).await;
    if done.is_err() {
        writer.tell_kept()?;
    }
    done
}

async fn written(
    writer: &Writer<'_>,
    client: &Client,
    mut outgoing: Outgoing,
    (whole, template): (bool, bool),
) -> Done {
    let form = Form { lang: writer.app.lang, person: writer, now: client.now() };
    // A template cannot know where.
    if template && !outgoing.file.text.is_empty() {
        ask_where(&form, &mut outgoing.file)?;
    }
    ask_missing(&form, &mut outgoing.file, whole)?;
    refresh_before(writer.app, client, outgoing.hood).await;
    finish(writer, client, outgoing).await
}

/// What was granted, and what others have sent meanwhile, belongs into it. A relay that cannot be used stops nobody from
/// writing: sending meets it again, and queues.
async fn refresh_before(app: &App, client: &Client, hood: NeighborhoodId) {
    if let Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) = refresh(client, hood).await {
        app.warn(tell!(app.lang, "send-relay-answers-goes"));
    }
}

/// What was given and cannot be read is said before anything is asked.
fn refuse_unreadable(file: &AlertFile, args: &ContentArgs) -> Result<(), FileError> {
    let mut file = file.clone();
    override_with(&mut file, args);
    // What is missing is asked for.
    file.kind.get_or_insert_with(|| "community.other".to_owned());
    if file.place.is_none() && file.text.is_empty() {
        file.place = Some(PlaceFile { text: Some("?".to_owned()), ..PlaceFile::default() });
    }
    file.exact_place()?;
    file.to_content().map(drop)
}

/// What a file says, if it can be sent.
fn checked(file: &AlertFile) -> Result<AlertContent, FileError> {
    let (content, _) = file.to_content()?;
    content.validate_to_sign()?;
    file.exact_place()?;
    Ok(content)
}

/// What is to be sent, and where.
pub(super) struct Outgoing {
    pub(super) hood: NeighborhoodId,
    pub(super) file: AlertFile,
    /// What was said before, where it is about an alert.
    pub(super) before: Option<AlertBody>,
    /// Of whom it says that there is enough, unless it asks for them again.
    pub(super) enough: Vec<Need>,
    pub(super) dry_run: bool,
    /// The report that it is made of.
    pub(super) of: Option<ReportView>,
}

impl Outgoing {
    /// Whether it tells of a sighting and not how that was checked. Only silence is filled in: whoever says that nobody checked
    /// it is taken at their word.
    fn says_no_check(&self, content: &AlertContent) -> bool {
        let said = &content.verification;
        let unsaid = said.state == "verified" && said.by.is_empty();
        content.needs_verification()
            && match &self.before {
                Some(AlertBody { content: before, .. }) => {
                    let first_seen = is_first_seen(before, content) && before.verification == *said;
                    is_checked_no_more(before, content) || first_seen || unsaid && before.verification != *said
                }
                None => unsaid || self.file.verification.is_none() && !content.is_call_to_verify(),
            }
    }

    /// Whether it says where somebody lives in what everybody reads, where it was not said before.
    fn tells_of_a_home(&self, findings: &[Finding]) -> bool {
        let before = self.before.as_ref().map(|before| before.content.identifying_text()).unwrap_or_default();
        findings.iter().any(|finding| finding.what.is_of_home() && !before.contains(finding))
    }

    /// Of whom an update such as this says that there is enough.
    fn enough(&self, content: &AlertContent) -> Vec<Need> {
        let asked_for = |need: &&Need| content.needs.iter().any(|asked| same(asked, need));
        let enough = self.enough.iter().filter(|need| content.msg_type == "update" && !asked_for(need));
        enough.take(limit::NEEDS).cloned().collect()
    }

    /// When an update ends, and what it is about, if that was otherwise before.
    fn tell_moved(&self, app: &App, content: &AlertContent, ends: Timestamp, now: Timestamp) {
        let Some(before) = self.before.as_ref().filter(|_| content.msg_type == "update") else { return };
        let lang = app.lang;
        if before.content.kind != content.kind {
            let (is, was) = (code(lang, List::Kind, &content.kind), code(lang, List::Kind, &before.content.kind));
            app.tell_before_asking(&tell!(lang, "send-kind-moved", is, was));
        }
        let (is, was) = (clock::when(lang, ends, now), clock::when(lang, before.expires, now));
        if is != was {
            app.tell_before_asking(&tell!(lang, "send-end-moved", is, was));
        }
    }

    /// What is said of it beside the preview: what an update changes, and what it leaves.
    fn tell_changes(&self, app: &App, content: &AlertContent) {
        let Some(AlertBody { content: before, .. }) = &self.before else { return };
        if content.msg_type == "update"
            && before.place != content.place
            && self.file.exact_place().is_ok_and(|exact| exact.is_none())
        {
            app.tell_before_asking(tell!(app.lang, "send-exact-goes"));
        }
        if content.msg_type == "update" && before.place != content.place && before.text == content.text {
            app.tell_before_asking(tell!(app.lang, "send-texts-kept"));
        }
    }
}

/// Drafts it, shows it, asks, and sends it. A person may change it as often as they like before it goes.
pub(super) async fn finish(writer: &Writer<'_>, client: &Client, mut outgoing: Outgoing) -> Done {
    let (app, lang) = (writer.app, writer.app.lang);
    let mut told = outgoing.before.as_ref().and_then(|before| before.content.place.as_ref()).map(PlaceFile::from);
    loop {
        let form = Form { lang, person: writer, now: client.now() };
        if app.edits() {
            home::keep(&form, &mut outgoing.file, &mut told)?;
        } else {
            home::keep_unasked(app, &mut outgoing.file, told.as_ref());
        }
        let says_no_check =
            |outgoing: &Outgoing| outgoing.file.to_content().is_ok_and(|(content, _)| outgoing.says_no_check(&content));
        if app.edits() && says_no_check(&outgoing) {
            ask_check(&form, &mut outgoing.file, &client.profile()?.handle)?;
        }
        let drafted = match drafted(app, client, &outgoing) {
            // What a person has typed is not lost to one slip in it.
            Err(error) if app.edits() && is_about_content(&error) => {
                app.tell_before_asking(&crate::words::error::message(lang, &error));
                let before = outgoing.file.clone();
                edit(writer, client, &mut outgoing.file, vec![])?;
                if outgoing.file == before {
                    return Err(error.into());
                }
                continue;
            }
            drafted => drafted?,
        };
        let shown = Shown::of(client, outgoing.hood, &drafted, outgoing.before.as_ref())?;
        if outgoing.dry_run {
            return shown.only(app);
        }
        let risky = shown.before_asking(app);
        if !app.edits() && outgoing.tells_of_a_home(&drafted.findings()) {
            return Err(Problem::usage(tell!(lang, "home-not-sent")).hint(tell!(lang, "home-not-sent-hint")));
        }
        let everybody = tell!(lang, "send-goes-everybody-relay", hood_name = sanitize(shown.hood_name()));
        let question = if risky { tell!(lang, "send-may-name-person") } else { tell!(lang, "send-send") };
        match app.confirm_or_edit(&format!("{everybody} {question}"))? {
            Reply::Yes => {}
            Reply::No => return Err(Problem::declined(tell!(lang, "send-not-sent"))),
            Reply::Change => {
                let unread = shown.most_spoken();
                let form = Form { lang, person: writer, now: client.now() };
                mend(&form, &mut outgoing.file, &drafted.findings())?;
                edit(writer, client, &mut outgoing.file, unread)?;
                continue;
            }
        }
        if let Some(of) = &outgoing.of {
            from_report::look_again(app, client, of, &drafted.content).await?;
        }
        let doubts = Doubts { findings: drafted.findings(), warnings: shown.warnings() };
        let draft = match drafted.exact {
            Some(place) => client.with_exact_place(drafted.draft, place)?,
            None => drafted.draft,
        };
        let draft = match writer.slot() {
            Some(slot) => draft.begun(slot),
            None => draft,
        };
        return deliver(app, client, draft, doubts, outgoing.of.as_ref()).await;
    }
}

/// What is doubtful in what is sent, which programs are told with what became of it.
#[derive(Default)]
pub(super) struct Doubts {
    /// What looks like it identifies a person.
    pub(super) findings: Vec<Finding>,
    /// Codes of what a person is warned of.
    pub(super) warnings: Vec<&'static str>,
}

/// What is signed and not sent yet.
pub(super) struct Drafted {
    draft: Draft,
    /// Codes of what was filled in where nothing, or something else, was said.
    pub(super) warnings: Vec<&'static str>,
    /// What it says.
    pub(super) content: AlertContent,
    /// Of whom it says that there is enough.
    pub(super) enough: Vec<Need>,
    /// Where exactly: kept out of it.
    pub(super) exact: Option<Place>,
    /// What of it comes from reports that were merged into the one that it is made of.
    pub(super) from_merged: Vec<FromMerged>,
}

impl Drafted {
    /// How it will look to its readers.
    pub(super) const fn preview(&self) -> &Preview {
        &self.draft.preview
    }

    /// What looks like it identifies a person, in the alert and in the exact place beside it.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let in_exact = self.exact.as_ref().map(Place::identifying_exact_text).unwrap_or_default();
        self.content.identifying_text().into_iter().chain(in_exact).collect()
    }
}

/// Signs what is to be sent as it is by now.
fn drafted(app: &App, client: &Client, outgoing: &Outgoing) -> Result<Drafted, ClientError> {
    let (mut content, expires_in) = outgoing.file.to_content()?;
    let exact = outgoing.file.exact_place()?;
    let mut warnings = Vec::new();
    if outgoing.says_no_check(&content) {
        if !content.verification.by.is_empty() {
            app.tell_before_asking(tell!(app.lang, "send-check-gone"));
            warnings.push("check-gone");
        }
        content.verification = Verification { state: Code::constant("verified"), by: vec![] };
        app.warn(tell!(app.lang, "send-check-unsaid"));
        warnings.push("check-unsaid");
    }
    outgoing.tell_changes(app, &content);
    let enough = outgoing.enough(&content);
    let draft = client.draft_enough(outgoing.hood, content.clone(), expires_in, &enough)?;
    outgoing.tell_moved(app, &content, draft.expires, client.now());
    if let Preview::Shown(view) = &draft.preview {
        content = view.shown.body().content.clone();
    }
    let from_merged = match &outgoing.of {
        Some(of) => from_report::from_merged(client, of, &content)?,
        None => vec![],
    };
    Ok(Drafted { draft, warnings, content, enough, exact, from_merged })
}

/// Whether it is what is said that cannot be sent, and not who says it or where.
const fn is_about_content(error: &ClientError) -> bool {
    matches!(error, ClientError::File(_) | ClientError::Content(_) | ClientError::Invalid(_) | ClientError::NotVerified)
}

/// Has a person change what an alert says.
pub(super) fn edit(
    writer: &Writer<'_>,
    client: &Client,
    file: &mut AlertFile,
    unread: Vec<Language>,
) -> Result<(), Problem> {
    let form = Form { lang: writer.app.lang, person: writer, now: client.now() };
    Editor { form, me: client.profile()?.handle, unread }.edit(file)
}

/// Sends what was drafted, and says what became of it.
pub(super) async fn deliver(
    app: &App,
    client: &Client,
    draft: Draft,
    mut doubts: Doubts,
    of: Option<&ReportView>,
) -> Done {
    let signatures = signatures(&draft.preview);
    let sent = client.send_alert(client.typed(draft)).await?;
    if let Some(of) = of {
        doubts.warnings.extend(from_report::warning(of));
        doubts.warnings.extend(from_report::note(app, client, of, sent.id).await);
    }
    doubts.warnings.extend(meanwhile::tell_of_another(app, client, &sent).await);
    report(app, client, &sent, &doubts, signatures)
}

pub(super) fn read_file(app: &App, file: Option<&Path>) -> Result<AlertFile, Problem> {
    let Some(file) = file else { return Ok(AlertFile::default()) };
    let most = u64::try_from(watchfire_client::file::FILE_BYTES).unwrap_or(u64::MAX);
    Ok(AlertFile::read(&app.text_in(file, most)?)?)
}

/// What was typed counts before what stands in the file.
pub(super) fn override_with(file: &mut AlertFile, args: &ContentArgs) {
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
            into.clone_from(from);
        }
    }
    if !need.is_empty() {
        file.needs.clone_from(need);
    }
}

/// How many signed of how many.
pub(super) fn signatures(preview: &Preview) -> Signatures {
    match preview {
        Preview::Shown(view) => view.signatures(),
        Preview::Waits { signed, quorum } => Signatures { have: *signed, need: *quorum },
    }
}

/// It is in the vault already: whoever writes it again sends two.
fn not_taken(app: &App, why: Option<&ClientError>) -> Problem {
    let lang = app.lang;
    let why = why.map(|error| format!("\n{}", crate::words::error::message(lang, error))).unwrap_or_default();
    Problem::queued(tell!(lang, "send-alert-signed-vault", why)).hint(tell!(lang, "send-write-again-try"))
}

pub(super) fn report(app: &App, client: &Client, sent: &SentAlert, doubts: &Doubts, signatures: Signatures) -> Done {
    let lang = app.lang;
    let id = sent.id.to_string();
    let own = client.alert(&id).map_or_else(|_| id.chars().take(4).collect(), |view| view.short);
    let short = client.listed_short(&sent.id);
    let object = json!({
        "schema": "watchfire.sent/1",
        "id": id,
        "short": own,
        "state": if sent.receipt.is_some() { "accepted" } else { "queued" },
        "position": sent.receipt.map(|receipt| receipt.position),
        "followers": sent.receipt.map(|receipt| receipt.followers),
        "identifying": shape::identifying(&doubts.findings),
        "warnings": doubts.warnings,
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
    client.told(sent.id.0)?;
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
    fn whoever_says_how_it_was_checked_or_that_nobody_did_is_taken_at_their_word() {
        let unsaid = |fields: &str| {
            let text = format!("{{{fields}\"kind\":\"enforcement.raid\",\"place\":{{\"text\":\"A\"}}}}");
            let (hood, file) = (NeighborhoodId([1; 16]), AlertFile::read(&text).unwrap());
            let (content, _) = file.to_content().unwrap();
            let outgoing = Outgoing { hood, file, before: None, enough: vec![], dry_run: false, of: None };
            outgoing.says_no_check(&content)
        };
        let by = r#"{"handle":"Kai","method":"on-site","at":"2026-01-17T03:00:00Z"}"#;
        assert!(unsaid("") && unsaid(r#""verification":{"state":"verified"},"#));
        assert!(!unsaid(&format!(r#""verification":{{"state":"verified","by":[{by}]}},"#)));
        assert!(!unsaid(r#""verification":{"state":"unverified"},"#) && !unsaid(r#""ask":"verify","#));
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
        override_with(&mut file, &args);
        assert_eq!((file.kind.as_deref(), file.ask.as_deref()), (Some("community.flood"), Some("avoid")));
        assert_eq!((file.urgency.as_deref(), file.expires_in.as_deref()), (Some("immediate"), Some("1h")));
        assert_eq!(file.needs, ["driver:2"]);
    }
}
