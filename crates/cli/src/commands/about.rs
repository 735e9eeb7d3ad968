//! `alert update`, `alert enough`, `alert cancel` and `alert correct`: what is said further about an alert. Drafted, shown and sent like
//! the alert itself.

use std::path::Path;

use watchfire_client::file::alert::{TextFile, Texts};
use watchfire_client::file::language::spoken;
use watchfire_client::file::short::duration;
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::file::{AlertFile, EXPIRES_IN, FileError};
use watchfire_client::ops::begun::{Origin, Writing};
use watchfire_client::ops::follow_up::About;
use watchfire_client::ops::view::FollowUpView;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::enough::same;
use watchfire_protocol::follow_up::What;
use watchfire_protocol::id::AlertId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Code, List, Need, UNVERIFIED_EXPIRY, default_expiry, limit};

use super::join::unknown_role;
use super::kept::{Start, Writer};
use super::send::{Doubts, Outgoing, edit, finish, override_with, read_file, report};
use super::sign::refresh_all;
use crate::app::{App, shown};
use crate::args::{CancelArgs, EnoughArgs, UpdateArgs};
use crate::form::{Form, Person};
use crate::problem::{Done, Problem};
use crate::words::{Lang, and, code, meant, need, sanitize, several, tell};

pub(super) async fn update(app: &App, args: UpdateArgs) -> Done {
    let lang = app.lang;
    let UpdateArgs { id, content: args } = args;
    let (given, dry_run) = (read_file(app, args.file.as_deref())?, args.dry_run);
    let (client, about) = begin(app, &id, false).await?;
    refuse_if_over(lang, &about)?;
    refuse_if_corrected(lang, &about)?;
    client.refuse_if_untrue(about.state.hood, &about.state.thread.ids)?;
    let before = AlertFile::from(&restated(&about.state.shown.body().content, client.now()));
    let state = about.state.shown.id();
    let Begun { writer, text } = go_on(app, &client, &about, Writing::Update(state), args.file.as_deref())?;
    let mut file = match text {
        Some(text) => AlertFile::read(&text)?,
        None => overlaid(before.clone(), given),
    };
    override_with(&mut file, &args);
    if file.ask != before.ask && before.ask.as_deref() == Some("verify") && file.verification == before.verification {
        // What was called for to be verified has been, or is refused as before.
        let checked = client.checks_of(about.state.hood, &about.state.thread.ids)?;
        file.verification = checked.map(|checked| (&checked).into()).or(file.verification);
    }
    if file.status != before.status {
        // Whoever is out would take the real thing for practice, or practice for the real thing.
        return Err(Problem::usage(tell!(lang, "send-status-stays")).hint(tell!(lang, "send-status-stays-hint")));
    }
    file.needs = overlaid_needs(before.needs.clone(), file.needs);
    let form = Form { lang, person: &writer, now: client.now() };
    if file.kind != before.kind && file.text == before.text {
        mend_headline(app, &form, &mut file, &about)?;
    }
    if file == before {
        ask_what_changed(&form, &mut file)?;
    }
    if file == before && app.edits() {
        edit(&writer, &client, &mut file, vec![])?;
    }
    if file == before {
        if let Some(done) = gone_on(app, &client, &about, state).await? {
            return Ok(done);
        }
        return Err(Problem::usage(tell!(lang, "send-nothing-changed")).hint(tell!(lang, "send-say-new-file")));
    }
    go(&writer, &client, &about, file, "update", (vec![], dry_run)).await
}

pub(super) async fn correct(app: &App, args: UpdateArgs) -> Done {
    let lang = app.lang;
    let UpdateArgs { id, content: args } = args;
    let (given, dry_run) = (read_file(app, args.file.as_deref())?, args.dry_run);
    let (client, about) = begin(app, &id, true).await?;
    let what = Writing::Correction(about.state.shown.id());
    let Begun { writer, text } = go_on(app, &client, &about, what, args.file.as_deref())?;
    let mut file = match text {
        Some(text) => AlertFile::read(&text)?,
        None => overlaid(bare(&about), given),
    };
    override_with(&mut file, &args);
    if file.text.is_empty() {
        ask_what_is_true(&Form { lang, person: &writer, now: client.now() }, &mut file)?;
    }
    if file.text.is_empty() {
        let hint = match args.file {
            Some(_) => tell!(lang, "send-correction-text"),
            None => tell!(lang, "send-write-into-file"),
        };
        return Err(Problem::usage(tell!(lang, "send-correction-says-true")).hint(hint));
    }
    go(&writer, &client, &about, file, "correction", (vec![], dry_run)).await
}

/// What an update is mostly about: what happens, and where it is by now.
fn ask_what_changed<P: Person>(form: &Form<'_, P>, file: &mut AlertFile) -> Result<(), Problem> {
    let lang = form.lang;
    if let Some(description) = form.long_text(tell!(lang, "send-changed"), limit::DESCRIPTION_CHARS)? {
        let block = TextFile { description, ..text_in(file, lang.tag()) };
        let texts = std::mem::take(&mut file.text);
        file.text = overlaid_texts(texts, Texts(vec![(lang.tag().to_owned(), block)]));
        form.keep(file)?;
    }
    let was = file.place.as_ref().and_then(|place| place.text.as_deref()).map(sanitize);
    let question = match was {
        Some(place) => tell!(lang, "send-moved-from", place),
        None => tell!(lang, "send-moved").to_owned(),
    };
    if let Some(text) = form.text(&question, limit::PLACE_CHARS)? {
        // Its point was that of the place before.
        let place_type = file.place.take().and_then(|place| place.place_type);
        file.place = Some(PlaceFile { place_type, text: Some(text), ..PlaceFile::default() });
        form.keep(file)?;
    }
    Ok(())
}

/// What was written of another kind of thing may not fit any more: a person may write its first line anew.
fn mend_headline<P: Person>(app: &App, form: &Form<'_, P>, file: &mut AlertFile, about: &About) -> Result<(), Problem> {
    let (lang, before) = (app.lang, &about.state.shown.body().content);
    if !before.text.iter().any(|block| !block.headline.is_empty()) {
        return Ok(());
    }
    let kind = code(lang, List::Kind, &before.kind);
    let headline = text_in(&AlertFile::from(before), lang.tag()).headline;
    let question = tell!(lang, "send-headline-of", kind = &kind, headline = sanitize(&headline));
    match form.text(&question, limit::HEADLINE_CHARS)? {
        Some(headline) => {
            let block = TextFile { headline, ..text_in(&AlertFile::from(before), lang.tag()) };
            let texts = std::mem::take(&mut file.text);
            file.text = overlaid_texts(texts, Texts(vec![(lang.tag().to_owned(), block)]));
            form.keep(file)?;
        }
        None => app.warn(&tell!(lang, "send-headline-kept", kind)),
    }
    Ok(())
}

/// What is true, and a line of it that people can pass on as it stands.
fn ask_what_is_true<P: Person>(form: &Form<'_, P>, file: &mut AlertFile) -> Result<(), Problem> {
    let lang = form.lang;
    let Some(description) = form.long_text(tell!(lang, "send-true"), limit::DESCRIPTION_CHARS)? else { return Ok(()) };
    let mut block = TextFile { description, ..TextFile::default() };
    file.text = Texts(vec![(lang.tag().to_owned(), block.clone())]);
    form.keep(file)?;
    if let Some(headline) = form.text(tell!(lang, "send-pass-on"), limit::HEADLINE_CHARS)? {
        block.headline = headline;
        file.text = Texts(vec![(lang.tag().to_owned(), block)]);
        form.keep(file)?;
    }
    Ok(())
}

/// An update that asks for nobody more in a role, or for nobody at all.
pub(super) async fn enough(app: &App, args: EnoughArgs) -> Done {
    let lang = app.lang;
    let EnoughArgs { id, role, dry_run } = args;
    if let Some(role) = role.as_ref().filter(|role| !List::Role.codes().contains(&role.as_str())) {
        return Err(unknown_role(lang, role));
    }
    let (client, about) = begin(app, &id, false).await?;
    refuse_if_over(lang, &about)?;
    refuse_if_corrected(lang, &about)?;
    client.refuse_if_untrue(about.state.hood, &about.state.thread.ids)?;
    let before = &about.state.shown.body().content;
    let is_enough = |need: &&Need| role.as_deref().is_none_or(|role| need.role == role);
    let enough: Vec<Need> = before.needs.iter().filter(is_enough).cloned().collect();
    if enough.is_empty() {
        if let Some(done) = gone_on(app, &client, &about, about.state.shown.id()).await? {
            return Ok(done);
        }
        let message = nobody_asked(lang, &about, role.as_deref());
        return Err(Problem::usage(message).hint(see(lang, &about)));
    }
    let mut still = restated(before, client.now());
    still.needs.retain(|need| !is_enough(&need));
    let writer = Writer::forgetful(app);
    go(&writer, &client, &about, AlertFile::from(&still), "update", (enough, dry_run)).await
}

/// Why there is nobody of whom there could be enough, and who is needed all the same.
fn nobody_asked(lang: Lang, about: &About, role: Option<&str>) -> String {
    let Some(role) = role.and_then(|role| Code::new(role).ok()) else {
        return tell!(lang, "send-nobody-asked").to_owned();
    };
    let (roles, is_enough) = (several(lang, &role), about.state.thread.enough.iter().any(|need| need.role == role));
    let first = match is_enough {
        true => tell!(lang, "send-enough-already", roles),
        false => tell!(lang, "send-role-not-asked", roles),
    };
    let needs: Vec<String> = about.state.shown.body().content.needs.iter().map(|wanted| need(lang, wanted)).collect();
    if needs.is_empty() { first } else { tell!(lang, "send-others-needed", first, needs = and(lang, &needs)) }
}

pub(super) async fn cancel(app: &App, args: CancelArgs) -> Done {
    let CancelArgs { id, outcome, file: path, dry_run } = args;
    let given = read_file(app, path.as_deref())?;
    let (client, about) = begin(app, &id, false).await?;
    if let Some(later) = about.state.closed_by()
        && let Some(done) = gone_on(app, &client, &about, later.id).await?
    {
        return Ok(done);
    }
    refuse_if_over(app.lang, &about)?;
    warn_of_lone_cancels(app, &about);
    warn_of_correction(app, &about);
    let what = Writing::Cancel(about.state.shown.id());
    let Begun { writer, text } = go_on(app, &client, &about, what, path.as_deref())?;
    let mut file = match text {
        Some(text) => AlertFile::read(&text)?,
        None => overlaid(bare(&about), given),
    };
    let outcome = outcome.or(file.outcome.take());
    file.outcome = outcome.map(|outcome| meant(app.lang, List::Outcome, &outcome).map_or(outcome, str::to_owned));
    if file.outcome.is_none() && app.person() {
        let form = Form { lang: app.lang, person: &writer, now: client.now() };
        let outcome = form.needed(List::Outcome, tell!(app.lang, "send-how-end"))?;
        file.outcome = Some(outcome.ok_or_else(|| Problem::declined(tell!(app.lang, "send-no-outcome")))?);
        form.keep(&file)?;
    }
    if file.outcome.as_deref() == Some("other") && file.text.is_empty() && app.person() {
        let form = Form { lang: app.lang, person: &writer, now: client.now() };
        if let Some(headline) = form.text(tell!(app.lang, "send-what-end"), limit::HEADLINE_CHARS)? {
            file.text.0.push((app.lang.tag().to_owned(), TextFile { headline, ..TextFile::default() }));
            form.keep(&file)?;
        }
    }
    if file.place.is_none() && file.text.is_empty() {
        file.text = headlines(&about, client.now());
    }
    go(&writer, &client, &about, file, "cancel", (vec![], dry_run)).await
}

/// Whoever writes something about an alert, and what they had begun to write of it.
struct Begun<'a> {
    writer: Writer<'a>,
    text: Option<String>,
}

/// Goes on with what was begun about the same state of an alert. Nothing is kept of what nobody types.
fn go_on<'a>(
    app: &'a App,
    client: &'a Client,
    about: &About,
    what: Writing,
    file: Option<&Path>,
) -> Result<Begun<'a>, Problem> {
    if !app.person() {
        return Ok(Begun { writer: Writer::forgetful(app), text: None });
    }
    let start = Start::of(app, client, what, Origin { file: file.map(shown), ..Origin::default() })?;
    let text = start.text().map(str::to_owned);
    Ok(Begun { writer: start.writer(about.state.hood), text })
}

/// What this command wrote before it was interrupted: it goes on with that.
async fn gone_on(app: &App, client: &Client, about: &About, id: AlertId) -> Result<Option<u8>, Problem> {
    let Some(sent) = client.go_on_sending(&about.state, id).await? else { return Ok(None) };
    let signatures = client.alert(&id.to_string())?.signatures();
    report(app, client, &sent, &Doubts::default(), signatures).map(Some)
}

/// Nothing is updated, and nothing ended, that is over.
fn refuse_if_over(lang: Lang, about: &About) -> Result<(), Problem> {
    let Some(later) = about.state.closed_by() else { return Ok(()) };
    let by = signers(lang, later);
    Err(Problem::usage(tell!(lang, "send-stood-down-already", by)).hint(see(lang, about)))
}

/// What was said to be wrong is not brought back by telling more of it.
fn refuse_if_corrected(lang: Lang, about: &About) -> Result<(), Problem> {
    let Some(later) = about.state.corrected_by() else { return Ok(()) };
    let by = signers(lang, later);
    Err(Problem::usage(tell!(lang, "send-corrected-already", by)).hint(tell!(lang, "send-corrected-already-hint")))
}

/// What was said to be wrong needs no end, and may be given one.
fn warn_of_correction(app: &App, about: &About) {
    if let Some(later) = about.state.corrected_by() {
        app.warn(&tell!(app.lang, "send-corrected-before-end", by = signers(app.lang, later)));
    }
}

/// Who said so. What they said is found under the id of what it is about.
fn signers(lang: Lang, later: &FollowUpView) -> String {
    and(lang, &later.signed_by.iter().map(|handle| sanitize(handle)).collect::<Vec<_>>())
}

fn see(lang: Lang, about: &About) -> String {
    tell!(lang, "send-nothing-sent-see", short = about.state.shown_short())
}

/// What another coordinator has begun needs a signature rather than a second stand-down.
fn warn_of_lone_cancels(app: &App, about: &About) {
    let lone = |what: What, counts: bool| what == What::Cancel && !counts;
    let waiting = about.state.follow_ups.iter().find(|later| lone(later.follow_up.what, later.follow_up.counts));
    if let Some(later) = waiting {
        let id: String = later.id.to_string().chars().take(4).collect();
        app.warn(&tell!(app.lang, "send-stand-down-waits", id));
    }
}

/// Says who is out for what is to be ended, and who waits for help: that does not end with it.
fn tell_who_is_out(app: &App, client: &Client, about: &About) -> Result<(), Problem> {
    let lang = app.lang;
    let tally = match client.tally(&about.state) {
        // Whoever may not see the answers ends it all the same.
        Err(ClientError::NotGranted(_)) => return Ok(()),
        tally => tally?,
    };
    let (going, on_scene) = (tally.going, tally.on_scene);
    if going + on_scene > 0 {
        app.tell_before_asking(&tell!(lang, "send-who-is-out", going, on_scene));
    }
    let calling: Vec<String> = tally.help().map(sanitize).collect();
    if !calling.is_empty() {
        let warning = tell!(lang, "app-warning");
        let open = tell!(lang, "send-help-open", who = and(lang, &calling), short = about.state.shown_short());
        app.tell_before_asking(&format!("{warning}{open}"));
    }
    Ok(())
}

/// Fetches what is new, and finds the alert.
async fn begin(app: &App, id: &str, expired: bool) -> Result<(Client, About), Problem> {
    let client = app.open_without_calls()?;
    let untrue = client.untrue_alerts()?;
    let fetched = refresh_all(app, &client).await;
    // Whoever ends an alert must know before that somebody it called out asks for help, and not that they did.
    app.sound_calls(&client, &[])?;
    fetched?;
    app.sound_untrue(&client, &untrue)?;
    let about = client.about(id, expired)?;
    Ok((client, about))
}

async fn go(
    writer: &Writer<'_>,
    client: &Client,
    about: &About,
    mut file: AlertFile,
    msg_type: &str,
    (enough, dry_run): (Vec<Need>, bool),
) -> Done {
    file.msg_type = Some(msg_type.to_owned());
    file.references = about.references.iter().map(ToString::to_string).collect();
    let (content, expires_in) = file.to_content()?;
    content.validate_to_sign().map_err(FileError::from)?;
    // What goes on ends when it did, as the client sees to. What ends it lasts as long, or it would seem to go on.
    let goes_on = msg_type == "update" && content.kind == about.state.shown.body().content.kind;
    let lasting = default_expiry(&content).max(about.remaining).min(most(client, about, &content)?);
    if expires_in.is_none() && (!goes_on || content.is_unverified_sighting()) {
        file.expires_in = Some(duration(lasting.clamp(1, EXPIRES_IN)));
    }
    let (hood, mut before) = (about.state.hood, about.state.shown.body().clone());
    before.content = restated(&before.content, client.now());
    let enough = all_enough(enough, &about.state.thread.enough);
    if msg_type != "update" {
        tell_who_is_out(writer.app, client, about)?;
    }
    let outgoing = Outgoing { hood, file, before: Some(before), enough, dry_run, of: None };
    let done = finish(writer, client, outgoing).await;
    if done.is_err() {
        writer.tell_kept()?;
    }
    done
}

/// Of whom an update says that there is enough: it carries what was said before, as it carries the rest.
fn all_enough(mut enough: Vec<Need>, before: &[Need]) -> Vec<Need> {
    for need in before {
        if !enough.iter().any(|other| same(other, need)) {
            enough.push(need.clone());
        }
    }
    enough
}

/// Whether an update tells of another place or sighting under the check of the old one, which says nothing of it.
pub(super) fn is_checked_no_more(before: &AlertContent, now: &AlertContent) -> bool {
    let another = before.place != now.place || before.seen != now.seen;
    another && now.needs_verification() && now.claims_verified() && before.verification == now.verification
}

/// Whether an update tells what was seen where that was no matter before, so that nobody has said yet if it was checked.
pub(super) fn is_first_seen(before: &AlertContent, now: &AlertContent) -> bool {
    let was_open = before.needs_verification() || before.is_call_to_verify() || before.is_drill();
    !was_open && before.kind == now.kind && now.needs_verification() && !now.is_call_to_verify()
}

/// For how many seconds an alert may count there.
fn most(client: &Client, about: &About, content: &AlertContent) -> Result<u64, ClientError> {
    if content.is_unverified_sighting() {
        return Ok(UNVERIFIED_EXPIRY);
    }
    let hood = client.neighborhoods()?.into_iter().find(|hood| hood.id == about.state.hood);
    Ok(hood.map_or(0, |hood| u64::from(hood.retention_hours) * 3600))
}

/// What an alert says, as this program may say it again: without texts in what is no language, and without claims, which are
/// shown and not signed.
fn restated(content: &AlertContent, now: Timestamp) -> AlertContent {
    let mut content = content.clone();
    content.settle(now);
    content.text.retain(|block| spoken(block.language.as_str()).is_some());
    if let Some(people) = &mut content.people {
        people.languages.retain(|language| spoken(language.as_str()).is_some());
    }
    content
}

/// What ends or corrects an alert takes over: what and where it is, and nothing that it says or asks.
fn bare(about: &About) -> AlertFile {
    let AlertFile { kind, status, severity, place, .. } = AlertFile::from(&about.state.shown.body().content);
    let mut file = AlertFile { kind, status, severity, place, ..AlertFile::default() };
    // That somebody lives there is not told once more.
    file.keep_home();
    file.place =
        file.place.map(|place| PlaceFile { exact: None, ..place }).filter(|place| *place != PlaceFile::default());
    file
}

/// The headlines of an alert that names no place: something must tell which one it was.
fn headlines(about: &About, now: Timestamp) -> Texts {
    let texts = AlertFile::from(&restated(&about.state.shown.body().content, now)).text.0.into_iter();
    Texts(texts.map(|(tag, text)| (tag, TextFile { headline: text.headline, ..TextFile::default() })).collect())
}

fn text_in(file: &AlertFile, tag: &str) -> TextFile {
    file.text.0.iter().find(|(other, _)| other == tag).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// What is given counts before what was there.
fn overlaid(before: AlertFile, given: AlertFile) -> AlertFile {
    let list = |before: Vec<String>, given: Vec<String>| if given.is_empty() { before } else { given };
    AlertFile {
        kind: given.kind.or(before.kind),
        status: given.status.or(before.status),
        msg_type: given.msg_type.or(before.msg_type),
        ask: given.ask.or(before.ask),
        urgency: given.urgency.or(before.urgency),
        severity: given.severity.or(before.severity),
        certainty: given.certainty.or(before.certainty),
        verification: given.verification.or(before.verification),
        outcome: given.outcome.or(before.outcome),
        references: list(before.references, given.references),
        place: overlaid_place(before.place, given.place),
        seen: given.seen.or(before.seen),
        people: given.people.or(before.people),
        needs: list(before.needs, given.needs),
        expires_in: given.expires_in.or(before.expires_in),
        text: overlaid_texts(before.text, given.text),
    }
}

/// Another place, or the same with where exactly it is.
fn overlaid_place(before: Option<PlaceFile>, given: Option<PlaceFile>) -> Option<PlaceFile> {
    match given {
        Some(PlaceFile { place_type: None, text: None, lat: None, lon: None, precision_m: None, exact }) => {
            Some(PlaceFile { exact, ..before.unwrap_or_default() })
        }
        given => given.or(before),
    }
}

/// A role, in one language or in none, is asked for anew; the others stay. That there is enough of one is said by
/// `alert enough` and never by the way.
fn overlaid_needs(before: Vec<String>, given: Vec<String>) -> Vec<String> {
    let whom = |need: &str| need.rsplit_once(':').map_or(need, |(whom, _)| whom).to_owned();
    let mut needs = before;
    for need in given {
        match needs.iter_mut().find(|other| whom(other) == whom(&need)) {
            Some(other) => *other = need,
            None => needs.push(need),
        }
    }
    needs
}

fn overlaid_texts(mut before: Texts, given: Texts) -> Texts {
    before.0.retain(|(tag, _)| !given.0.iter().any(|(other, _)| other == tag));
    before.0.extend(given.0);
    before
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::vocabulary::Code;

    use super::*;

    #[test]
    fn a_check_is_of_no_other_place_and_no_other_sighting() {
        let content = |place: &str, unit: &str, by: &str| {
            let text = format!(
                r#"{{"kind":"enforcement.raid","place":{{"text":"{place}"}},"seen":{{"unit":"{unit}"}},"verification":{{
                "state":"verified","by":[{{"handle":"{by}","method":"on-site","at":"2026-01-17T03:00:00Z"}}]}}}}"#
            );
            AlertFile::read(&text).unwrap().to_content().unwrap().0
        };
        let before = content("Mill Lane", "police", "Kai");
        assert!(is_checked_no_more(&before, &content("Elm Street", "police", "Kai")));
        assert!(is_checked_no_more(&before, &content("Mill Lane", "army", "Kai")));
        assert!(!is_checked_no_more(&before, &before.clone()), "nothing is another");
        assert!(!is_checked_no_more(&before, &content("Elm Street", "police", "Ana")), "somebody checked it");
        let mut call = before.clone();
        call.verification.state = Code::constant("unverified");
        let elsewhere = AlertContent { place: content("Elm Street", "", "Kai").place, ..call.clone() };
        assert!(!is_checked_no_more(&call, &elsewhere), "what nobody checked stays unchecked");
    }

    #[test]
    fn an_update_asks_anew_for_the_roles_that_it_names_and_leaves_the_others() {
        let needs = |needs: &[&str]| needs.iter().map(|need| (*need).to_owned()).collect::<Vec<_>>();
        let before = needs(&["observer:4", "interpreter:es:1", "interpreter:fr:1"]);
        let after = |given: &[&str]| overlaid_needs(before.clone(), needs(given));
        assert_eq!(after(&["observer:2"]), ["observer:2", "interpreter:es:1", "interpreter:fr:1"]);
        assert_eq!(after(&["interpreter:es:3"]), ["observer:4", "interpreter:es:3", "interpreter:fr:1"]);
        assert_eq!(after(&["driver:1"]), ["observer:4", "interpreter:es:1", "interpreter:fr:1", "driver:1"]);
    }
}
