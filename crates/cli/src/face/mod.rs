//! An alert as a person reads it. The first line says its label; nothing that others wrote can look like ours.

pub(crate) mod report;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use watchfire_client::ops::thread::{Earlier, Out};
use watchfire_client::ops::view::{AlertView, FollowUpView, HeldView, OwnAnswer, Signatures};
use watchfire_protocol::direct::AttendedBy;
use watchfire_protocol::enough::said_by;
use watchfire_protocol::follow_up::What;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::Label;
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{
    AlertContent, Check, Code, Count, Language, List, Need, People, Place, Point, Seen, TEXT_FIELDS,
};

use crate::words::{
    Lang, ago, ahead, and, clock, code, codes, conduct_line, language, need, or, sanitize, sanitize_lines, tell,
    verdict,
};

/// The first line: whether it is a drill or a stand-down, the label, the id, what and where, how long ago, and whether it is
/// over.
pub(crate) fn headline(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    let content = &view.shown.body().content;
    let (kind, updates) = (code(lang, List::Kind, view.kind()), view.thread.updates);
    let ended = view.thread.topic.as_ref().filter(|_| view.is_present() && content.is_cancel());
    let what = match content.msg_type.as_str() {
        "update" if updates > 0 && view.is_state() => tell!(lang, "face-updated-times", kind, updates),
        // How it ended is said behind it.
        "cancel" if ended.is_some() => kind.into_owned(),
        "cancel" => stand_down(lang, view),
        _ => after_label(lang, view),
    };
    let sent = ended.map_or(view.shown.body().sent, |topic| topic.sent);
    format!(
        "{}  {}  {what}  {}   {} ({}){}",
        label(lang, view),
        view.shown_short(),
        whereabouts(view),
        ago(lang, now.since(sent)),
        clock::stamp(lang, sent, now),
        over(lang, view, now)
    )
}

/// Whether it is over, and how it ended.
fn over(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    let content = &view.shown.body().content;
    let is_correction = content.msg_type == "correction";
    // That it was not so stays what is said of it, however it is ended afterwards.
    if is_correction {
        return if debunks(content) { tell!(lang, "face-not-true").to_owned() } else { String::new() };
    }
    if view.corrected_by().is_some() {
        return tell!(lang, "face-corrected").to_owned();
    }
    match view.closed_by() {
        Some(FollowUpView { outcome: Some(outcome), sent, .. }) => {
            let (outcome, at) = (code(lang, List::Outcome, outcome), clock::when(lang, *sent, now));
            tell!(lang, "face-stood-down-as", outcome, at)
        }
        Some(_) => tell!(lang, "face-stood-down").to_owned(),
        None if view.thread.expires <= now => tell!(lang, "face-expired").to_owned(),
        None => String::new(),
    }
}

/// Whether it corrects another alert.
fn corrects(content: &AlertContent) -> bool {
    content.msg_type == "correction"
}

/// Whether that says that it was not so at all.
fn debunks(content: &AlertContent) -> bool {
    corrects(content) && content.kind == "rumor.debunk"
}

/// What a correction that counts does to what it is about, whatever language its texts are in.
fn put_right(lang: Lang, view: &AlertView) -> Option<&'static str> {
    let content = &view.shown.body().content;
    let counts = corrects(content) && view.is_over();
    counts.then(|| if debunks(content) { tell!(lang, "face-was-not-so") } else { tell!(lang, "face-put-right") })
}

/// What was stood down, how it ended, and who said so.
fn stand_down(lang: Lang, view: &AlertView) -> String {
    let content = &view.shown.body().content;
    let outcome = content.outcome.as_ref().map(|outcome| code(lang, List::Outcome, outcome).into_owned());
    let handles: Vec<String> = view.signed_by.iter().map(|handle| sanitize(handle)).collect();
    let (what, outcome, who) = (after_label(lang, view), outcome.unwrap_or_default(), and(lang, &handles));
    tell!(lang, "face-stand-down", what, outcome, who)
}

/// What an alert is about; before it what it does to others: `stand-down: checkpoint`.
fn what(lang: Lang, content: &AlertContent, kind: &Code) -> String {
    let kind = code(lang, List::Kind, kind);
    match content.msg_type.as_str() {
        "alert" => kind.into_owned(),
        _ => format!("{}: {kind}", code(lang, List::MsgType, &content.msg_type)),
    }
}

/// The same behind a label, which says of a stand-down or a correction that it is one.
fn after_label(lang: Lang, view: &AlertView) -> String {
    let content = &view.shown.body().content;
    if content.is_cancel() || corrects(content) {
        code(lang, List::Kind, view.kind()).into_owned()
    } else {
        what(lang, content, view.kind())
    }
}

/// One line: an alert that was told before has more signatures.
pub(crate) fn relabelled(lang: Lang, view: &AlertView) -> String {
    let handles: Vec<String> = view.signed_by.iter().map(|handle| sanitize(handle)).collect();
    let (first, signers) = (label(lang, view), and(lang, &handles));
    let what = format!("{}  {}  {}", view.shown_short(), after_label(lang, view), whereabouts(view));
    tell!(lang, "face-now-signed", first, what, signers)
}

/// One line: an alert that nobody sees until enough coordinators have signed.
pub(crate) fn waiting_line(lang: Lang, content: &AlertContent, view: &HeldView) -> String {
    let label = format!("{}{}", drill(lang, content), verdict::held(lang));
    let (id, handles) = (view.id.get(..4).unwrap_or(&view.id), view.signed_by.iter().map(|handle| sanitize(handle)));
    let who = and(lang, &handles.collect::<Vec<_>>());
    let signed = tell!(lang, "face-signed", who);
    format!("{}   {signed}", preview_line(lang, &format!("{label}  {id}"), content, &view.neighborhood))
}

/// An alert that nobody sees until enough coordinators have signed, for those who are to sign it.
pub(crate) fn waiting(
    lang: Lang,
    (content, said): (&AlertContent, &[Need]),
    neighborhood: &str,
    signatures: Signatures,
    now: Timestamp,
) -> String {
    let label = format!("{}{}", drill(lang, content), verdict::held(lang));
    let Signatures { have, need } = signatures;
    let why = tell!(lang, "face-nobody-sees-until", have, need);
    let first = preview_line(lang, &label, content, neighborhood);
    let body = body(lang, content, "", now).into_iter().chain(about(lang, content, None)).chain(enough(lang, said));
    let body: Vec<String> = body.map(indent).collect();
    format!("{first}\n{}\n{why}", body.join("\n"))
}

/// Who signed, and who could besides.
pub(crate) fn missing_signatures(lang: Lang, short: &str, signatures: Signatures, others: &[String]) -> String {
    let Signatures { have, need } = signatures;
    let handles: Vec<String> = others.iter().map(|handle| sanitize(handle)).collect();
    let counted = tell!(lang, "face-coordinators-signed", have, need);
    if handles.is_empty() {
        let nobody = tell!(lang, "face-nobody-else-may");
        return format!("{counted} {nobody}");
    }
    let who = or(lang, &handles);
    tell!(lang, "face-can-sign", counted, who, short)
}

/// The first line of an alert that is not sent yet.
pub(crate) fn preview_line(lang: Lang, label: &str, content: &AlertContent, neighborhood: &str) -> String {
    format!("{label}  {}  {}", what(lang, content, &content.kind), place(content.place.as_ref(), neighborhood))
}

/// `VERIFIED`, or `SIGNED` with why it is no more than that; `DRILL` before it. It is of a stand-down or a correction only that
/// it ends or corrects something, and not that this was so.
pub(crate) fn label(lang: Lang, view: &AlertView) -> String {
    let content = &view.shown.body().content;
    let (drill, word) = (drill(lang, content), verdict::label(lang, view.shown.label()));
    let label = match view.shown.label() {
        Label::Verified => word.to_owned(),
        Label::Signed(reasons) => {
            let reasons: Vec<String> = reasons.iter().map(|reason| verdict::signed_short(lang, reason)).collect();
            format!("{word} ({})", reasons.join("; "))
        }
    };
    match content.is_cancel() {
        true => format!("{drill}{}", tell!(lang, "face-label-stand-down", label)),
        false if corrects(content) => format!("{drill}{}", tell!(lang, "face-label-correction", label)),
        false => format!("{drill}{label}"),
    }
}

/// What stands in front of everything that is practice.
pub(crate) fn drill(lang: Lang, content: &AlertContent) -> &'static str {
    match (content.is_drill(), content.status == "test") {
        (true, true) => tell!(lang, "face-drill-test"),
        (true, false) => tell!(lang, "face-drill"),
        (false, _) => "",
    }
}

/// Where it is, or what it is about.
fn whereabouts(view: &AlertView) -> String {
    let of_topic = || view.thread.topic.as_ref().and_then(|topic| topic.place.as_ref());
    place(view.shown.body().content.place.as_ref().or_else(of_topic), &view.neighborhood)
}

fn place(place: Option<&Place>, neighborhood: &str) -> String {
    let hood = sanitize(neighborhood);
    match place.map(|place| sanitize(&place.text)).filter(|text| !text.is_empty()) {
        Some(place) => format!("{place}, {hood}"),
        None => hood,
    }
}

/// An alert in full.
pub(crate) fn whole(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    below(lang, headline(lang, view, now), view, now)
}

/// An alert in full before it is sent: it has no id yet, and no age.
pub(crate) fn preview(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    let first = format!("{}  {}  {}", label(lang, view), after_label(lang, view), whereabouts(view));
    below(lang, first, view, now)
}

fn below(lang: Lang, first: String, view: &AlertView, now: Timestamp) -> String {
    let mut lines = vec![first];
    let content = &view.shown.body().content;
    lines.extend(put_right(lang, view).map(indent));
    lines.extend(body(lang, content, &view.conduct, now).into_iter().map(indent));
    // Of what stands under the first id, that is said already.
    let known_by = Some(view.thread.short.as_str()).filter(|_| view.thread.first != view.shown.id());
    lines.extend(about(lang, content, known_by).filter(|_| view.shown_as() == view.shown.id()).map(indent));
    lines.extend(view.exact.as_ref().map(|place| indent(exact(lang, place))));
    lines.extend(view.answered.as_ref().map(|own| indent(answered(lang, own, now))));
    lines.extend(view.attended.as_ref().map(|by| indent(attended(lang, by, now))));
    lines.extend(enough(lang, &view.thread.enough).filter(|_| !(corrects(content) || view.is_over())).map(indent));
    lines.extend(view.to_check_out().map(|out| indent(check_out(lang, out, view.shown_short()))));
    lines.push(indent(signed_line(lang, view, now)));
    if view.thread.lacks_predecessor {
        lines.push(indent(tell!(lang, "face-predecessor-missing")));
    }
    if let Label::Signed(reasons) = view.shown.label() {
        lines.extend(reasons.iter().map(|reason| indent(verdict::signed(lang, reason))));
    }
    lines.extend(view.shown.notes().iter().map(|note| indent(verdict::note(lang, note))));
    // A correction need not say of itself where it is to be found.
    let others = view.follow_ups.iter().filter(|later| later.id != view.shown.id() || later.follow_up.closes());
    lines.extend(others.map(|later| indent(follow_up(lang, view, later, now))));
    lines.join("\n")
}

/// An alert in a list: its first line, what is said of it that does not count, and what this member answered.
pub(crate) fn in_list(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    let claims = view.follow_ups.iter().filter(|later| !later.follow_up.counts);
    let claims = claims.map(|later| indent(follow_up(lang, view, later, now)));
    let own = view.answered.as_ref().map(|own| indent(answered(lang, own, now)));
    std::iter::once(headline(lang, view, now)).chain(claims).chain(own).collect::<Vec<_>>().join("\n")
}

/// An alert in full, and in short what was said of it before, the newest first.
pub(crate) fn with_earlier(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    let mut lines = vec![whole(lang, view, now)];
    lines.extend(view.thread.earlier.first().map(|_| indent(tell!(lang, "face-before"))));
    lines.extend(view.thread.earlier.iter().rev().map(|earlier| indent(indent(line_before(lang, earlier, now)))));
    lines.join("\n")
}

fn line_before(lang: Lang, earlier: &Earlier, now: Timestamp) -> String {
    let Earlier { sent, signed_by, content, .. } = earlier;
    let place = content.place.as_ref().map(|place| sanitize(&place.text)).filter(|place| !place.is_empty());
    let outcome = content.outcome.as_ref().map(|outcome| code(lang, List::Outcome, outcome).into_owned());
    let reader = Language::new(lang.tag()).ok();
    let text = reader.and_then(|reader| texts(lang, content, &reader).into_iter().next());
    let parts = [Some(what(lang, content, &content.kind)), place, outcome, text].into_iter().flatten();
    let what = parts.collect::<Vec<_>>().join("; ");
    let handles: Vec<String> = signed_by.iter().map(|handle| sanitize(handle)).collect();
    let (at, who) = (clock::stamp(lang, *sent, now), and(lang, &handles));
    tell!(lang, "face-line-before", at, what, who)
}

/// What an update says that another one does not; all of it, where that says the same and more.
pub(crate) fn said_besides(lang: Lang, update: &AlertView, other: &AlertView, now: Timestamp) -> String {
    let said = |view: &AlertView| -> Vec<String> {
        let content = &view.shown.body().content;
        let first = format!("{}  {}.", code(lang, List::Kind, &content.kind), whereabouts(view));
        let lines = std::iter::once(first).chain(body(lang, content, &view.conduct, now));
        lines.chain(enough(lang, &said_by(view.shown.body()))).collect()
    };
    let (all, others) = (said(update), said(other));
    let besides: Vec<&str> = all.iter().filter(|line| !others.contains(line)).map(String::as_str).collect();
    if besides.is_empty() { all.join(" ") } else { besides.join(" ") }
}

/// What this member answered, and whether it has gone.
fn answered(lang: Lang, own: &OwnAnswer, now: Timestamp) -> String {
    let OwnAnswer { sent, content, queued } = own;
    // A clock that was ahead may have dated it.
    let (word, at) = (code(lang, List::Answer, &content.answer), clock::stamp(lang, (*sent).min(now), now));
    let said = match content.eta_minutes {
        Some(minutes) => {
            let arrival = clock::stamp(lang, (*sent).min(now).plus(u64::from(minutes) * 60), now);
            tell!(lang, "face-answered-eta", word, at, arrival)
        }
        None => tell!(lang, "face-answered", word, at),
    };
    match queued {
        true => format!("{said} {}", tell!(lang, "face-answer-waits")),
        false => said,
    }
}

/// Who takes care of this member, who asked for help.
pub(crate) fn attended(lang: Lang, by: &AttendedBy, now: Timestamp) -> String {
    let (by, at) = (sanitize(&by.handle), clock::stamp(lang, by.since, now));
    tell!(lang, "face-attended", by, at)
}

/// What somebody is asked who is out for what is over.
fn check_out(lang: Lang, out: Out, short: &str) -> String {
    match out {
        Out::Going => tell!(lang, "face-over-going", short),
        Out::OnScene => tell!(lang, "face-over-on-scene", short),
        Out::Help => tell!(lang, "face-over-help", short),
    }
}

/// Of whom there is enough.
fn enough(lang: Lang, needs: &[Need]) -> Option<String> {
    let roles: BTreeSet<String> = needs.iter().map(|need| role(lang, need)).collect();
    let roles = and(lang, &roles.into_iter().collect::<Vec<_>>());
    (!needs.is_empty()).then(|| tell!(lang, "face-enough", roles))
}

/// Where exactly it is, for those who are told.
pub(crate) fn exact(lang: Lang, place: &Place) -> String {
    let text = sanitize(&place.text);
    let parts = Some(text).filter(|text| !text.is_empty()).into_iter().chain(place.point.map(coordinates));
    let parts: Vec<String> = parts.collect();
    let place = parts.join("; ");
    tell!(lang, "face-exact-place", place)
}

fn coordinates(point: Point) -> String {
    let (lat, lon, metres) = (f64::from(point.lat) / 1e6, f64::from(point.lon) / 1e6, point.precision_m);
    format!("{lat}, {lon} (±{metres} m)")
}

/// How urgent, severe and certain it is, as far as its author said.
fn gravity_line(lang: Lang, content: &AlertContent) -> Option<String> {
    let said = |list, chosen: &Code| (*chosen != "unknown").then(|| code(lang, list, chosen).into_owned());
    let urgency = said(List::Urgency, &content.urgency).map(|urgency| tell!(lang, "face-urgency", urgency));
    let severity = said(List::Severity, &content.severity).map(|severity| tell!(lang, "face-severity", severity));
    let certainty = said(List::Certainty, &content.certainty).map(|certainty| tell!(lang, "face-certainty", certainty));
    let parts = [urgency, severity, certainty].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let mut letters = parts.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// What kind of place it is, and where on the map. Its text stands in the first line.
fn place_line(lang: Lang, place: &Place) -> Option<String> {
    let sort = Some(&place.place_type).filter(|sort| **sort != "unknown");
    let sort = sort.map(|sort| code(lang, List::PlaceType, sort).into_owned());
    let parts: Vec<String> = sort.into_iter().chain(place.point.map(coordinates)).collect();
    let parts = parts.join("; ");
    (!parts.is_empty()).then(|| tell!(lang, "face-place", parts))
}

/// A role, with the language that it needs.
fn role(lang: Lang, need: &Need) -> String {
    let role = code(lang, List::Role, &need.role);
    match &need.language {
        Some(spoken) => format!("{role} ({})", language(lang, spoken)),
        None => role.into_owned(),
    }
}

/// What it says, without its envelope. A correction asks nobody for anything, and how grave it would have been is past.
pub(crate) fn body(lang: Lang, content: &AlertContent, conduct: &str, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    let reader = Language::new(lang.tag()).ok();
    lines.extend(reader.iter().flat_map(|reader| texts(lang, content, reader)));
    let asks = !corrects(content);
    if let Some(ask) = content.ask.as_ref().filter(|ask| asks && **ask != "none") {
        let ask = code(lang, List::Ask, ask);
        lines.push(tell!(lang, "face-asked", ask));
    }
    if asks && content.asks_people_to_come() {
        let conduct = sanitize(conduct);
        lines.push(if conduct.is_empty() { conduct_line(lang).to_owned() } else { conduct });
    }
    lines.extend(gravity_line(lang, content).filter(|_| asks));
    lines.extend(content.place.as_ref().and_then(|place| place_line(lang, place)));
    lines.extend(content.seen.as_ref().and_then(|seen| seen_line(lang, seen, now)));
    lines.extend(content.people.as_ref().and_then(|people| people_line(lang, people)));
    if asks && !content.needs.is_empty() {
        let needs: Vec<String> = content.needs.iter().map(|wanted| need(lang, wanted)).collect();
        let needs = and(lang, &needs);
        lines.push(tell!(lang, "face-needed", needs));
    }
    lines
}

/// What people wrote, in the reader's language where that field is; where it is not, which language it is in.
fn texts(lang: Lang, content: &AlertContent, reader: &Language) -> Vec<String> {
    let fields = TEXT_FIELDS.iter().filter_map(|(_, field)| content.text_in(reader, field));
    fields
        .flat_map(|(written, text)| {
            let mut lines = sanitize_lines(text);
            if let Some(first) = lines.first_mut().filter(|_| written.primary() != reader.primary()) {
                let spoken = language(lang, written);
                *first = tell!(lang, "face-in-language", spoken, text = first.as_str());
            }
            lines
        })
        .collect()
}

/// What it updates, stands down or corrects: the id that people know that by, which is the first that our clients name.
fn about(lang: Lang, content: &AlertContent, known_by: Option<&str>) -> Option<String> {
    let first = content.references.first().map(|id| id.to_string().chars().take(4).collect());
    let id: Option<String> = known_by.map(str::to_owned).or(first);
    let outcome = content.outcome.as_ref().map(|outcome| code(lang, List::Outcome, outcome));
    match (outcome, id) {
        (Some(outcome), id) => Some(tell!(lang, "face-about", id = id.unwrap_or_default(), outcome)),
        (None, Some(id)) => Some(tell!(lang, "face-about-only", id)),
        (None, None) => None,
    }
}

fn seen_line(lang: Lang, seen: &Seen, now: Timestamp) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(seen.size.people.map(|count| counted(lang, count, |count| tell!(lang, "face-people", count))));
    parts.extend(seen.size.vehicles.map(|count| counted(lang, count, |count| tell!(lang, "face-vehicles", count))));
    if !seen.activity.is_empty() {
        parts.push(codes(lang, List::Activity, &seen.activity));
    }
    if !seen.agencies.is_empty() {
        parts.push(codes(lang, List::Agency, &seen.agencies));
    }
    parts.extend(seen.police_role.as_ref().map(|role| {
        let role = code(lang, List::PoliceRole, role);
        tell!(lang, "face-police", role)
    }));
    parts.extend([&seen.unit, &seen.equipment].map(|text| sanitize(text)).into_iter().filter(|text| !text.is_empty()));
    if !seen.conduct.is_empty() {
        parts.push(codes(lang, List::Conduct, &seen.conduct));
    }
    parts.extend(seen.seen_at.map(|at| clock::when(lang, at, now)));
    parts.extend(seen.still_there.map(|still| match still {
        true => tell!(lang, "face-still").to_owned(),
        false => tell!(lang, "face-longer").to_owned(),
    }));
    let parts = parts.join("; ");
    (!parts.is_empty()).then(|| tell!(lang, "face-seen", parts))
}

fn counted(lang: Lang, count: Count, what: impl Fn(u16) -> String) -> String {
    let what = what(count.max.unwrap_or(count.min));
    match count {
        Count { min, max: Some(max) } if min == max => format!("{min} {what}"),
        Count { min: 0, max: Some(max) } => tell!(lang, "face-most", max, what),
        Count { min, max: Some(max) } => tell!(lang, "face-to", min, max, what),
        Count { min, max: None } => tell!(lang, "face-more", min, what),
    }
}

fn people_line(lang: Lang, people: &People) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(people.detained.map(|count| match count {
        0 => tell!(lang, "face-nobody-detained").to_owned(),
        count => tell!(lang, "face-detained", count),
    }));
    parts.extend((people.children == Some(true)).then(|| tell!(lang, "face-children").to_owned()));
    parts.extend((people.medical == Some(true)).then(|| tell!(lang, "face-somebody-needs-medical").to_owned()));
    if !people.languages.is_empty() {
        let spoken: Vec<_> = people.languages.iter().map(|tag| language(lang, tag)).collect();
        let spoken = and(lang, &spoken);
        parts.push(tell!(lang, "face-they-speak", spoken));
    }
    let parts = parts.join("; ");
    (!parts.is_empty()).then(|| tell!(lang, "face-people-line", parts))
}

/// Who signed, who checked, and when it ends.
fn signed_line(lang: Lang, view: &AlertView, now: Timestamp) -> String {
    let handles: Vec<String> = view.signed_by.iter().map(|handle| sanitize(handle)).collect();
    let signers = and(lang, &handles);
    let expires = view.shown.expires();
    let ends = match expires > now {
        true => ahead(lang, expires.since(now)),
        false => ago(lang, now.since(expires)),
    };
    let at = clock::when(lang, expires, now);
    let checked = checked(lang, &view.shown.body().content, &view.signed_by, now);
    tell!(lang, "face-signed-expires", signers, checked, at, ends)
}

/// What it says about who checked it. A claim of its signers, and said so where it is not one of a VERIFIED alert.
fn checked(lang: Lang, content: &AlertContent, signed_by: &[String], now: Timestamp) -> String {
    if !content.needs_verification() {
        return String::new();
    }
    // That they sent it says no more than their signature does.
    let says_nothing = |check: &&Check| check.method == UNKNOWN && signed_by.contains(&check.handle);
    let by = content.verification.by.iter().filter(|check| !says_nothing(check));
    let by: Vec<String> = by
        .map(|check| {
            let (who, at) = (sanitize(&check.handle), clock::stamp(lang, check.at, now));
            match check.method == UNKNOWN {
                true => format!("{who} ({at})"),
                false => format!("{who} ({}, {at})", code(lang, List::Method, &check.method)),
            }
        })
        .collect();
    let by = and(lang, &by);
    match (content.claims_verified(), by.is_empty()) {
        (true, false) => tell!(lang, "face-checked", by),
        (true, true) => {
            let senders: Vec<String> = signed_by.iter().map(|handle| sanitize(handle)).collect();
            tell!(lang, "face-vouched", count = senders.len(), by = and(lang, &senders))
        }
        (false, _) => {
            let state = code(lang, List::VerificationState, &content.verification.state);
            tell!(lang, "face-state-check", state)
        }
    }
}

/// What a later alert says about this one. What counts is found under the id of the thread, and the rest under its own.
fn follow_up(lang: Lang, view: &AlertView, later: &FollowUpView, now: Timestamp) -> String {
    let handles: Vec<String> = later.signed_by.iter().map(|handle| sanitize(handle)).collect();
    let (who, at) = (and(lang, &handles), clock::when(lang, later.sent, now));
    let own: String = later.id.to_string().chars().take(4).collect();
    let id = if later.follow_up.counts { &view.thread.short } else { &own };
    let outcome = later.outcome.as_ref().map(|outcome| code(lang, List::Outcome, outcome).into_owned());
    let outcome = outcome.unwrap_or_default();
    let Signatures { have, need } = later.signatures;
    match (later.follow_up.what, later.follow_up.counts) {
        (What::Cancel, true) => {
            tell!(lang, "face-stood-down-by", who, at, outcome)
        }
        (What::Cancel, false) => tell!(lang, "face-wants-stand-down", who, id, outcome, have, need),
        (What::Update, true) => {
            tell!(lang, "face-updated-see", who, at, id)
        }
        (What::Update, false) => tell!(lang, "face-says-something-newer", who, id, have, need),
        // What is said now stands in this very entry.
        (What::Correction, true) if view.is_present() => tell!(lang, "face-corrected-by", who, at),
        (What::Correction, true) => tell!(lang, "face-corrected-see", who, at, id),
        (What::Correction, false) => tell!(lang, "face-says-wrong-signatures", who, id, have, need),
    }
}

/// What ended or corrected an alert: by whom, when, and with what outcome.
pub(crate) fn ended(lang: Lang, view: &AlertView, now: Timestamp) -> Option<String> {
    view.closed_by().or(view.corrected_by()).map(|later| follow_up(lang, view, later, now))
}

/// What was kept aside: its reason, and nothing of what it claims.
pub(crate) fn held(lang: Lang, view: &HeldView, now: Timestamp) -> String {
    let (label, id) = (verdict::held(lang), view.id.get(..4).unwrap_or(&view.id));
    let (hood, ago) = (sanitize(&view.neighborhood), ago(lang, now.since(view.received)));
    let at = clock::stamp(lang, view.received, now);
    format!("{label}  {id}  {hood}   {ago} ({at})\n{}", indent(verdict::held_reason(lang, &view.why)))
}

fn indent(line: impl AsRef<str>) -> String {
    format!("  {}", line.as_ref())
}
