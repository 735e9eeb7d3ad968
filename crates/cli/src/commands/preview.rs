//! What an author is shown before an alert goes: how it will look, who can read it, and what is doubtful in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use watchfire_client::file::alert::to_json;
use watchfire_client::file::short;
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::ops::alert::{Preview, Readers};
use watchfire_client::ops::desk::{FromMerged, ReportFilter, ReportView};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::desk;
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Check, Finding, Language, Place, Seen};

use super::compose::languages_line;
use super::from_report::from_merged_line;
use super::send::{Drafted, signatures};
use super::sighting::{old, seen_long_ago};
use crate::app::App;
use crate::face;
use crate::form::looks_like;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{Lang, and, field, sanitize, tell};

/// A draft, with what its author is to know of it.
pub(super) struct Shown<'a> {
    drafted: &'a Drafted,
    hood: String,
    now: Timestamp,
    readers: Readers,
    /// Who is said to have checked it, and is nobody here.
    strangers: BTreeSet<String>,
    /// Who is said to have checked it, and has said nothing of the sort at the desk.
    unheard: BTreeSet<String>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(
        client: &Client,
        hood: NeighborhoodId,
        drafted: &'a Drafted,
        before: Option<&AlertBody>,
    ) -> Result<Self, Problem> {
        let (content, now) = (&drafted.content, client.now());
        // Who may not see the members cannot be told who reads what.
        let readers = client.readers(hood, content).unwrap_or_default();
        let name = client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name);
        let strangers = strangers(client, hood, content)?;
        let mut unheard = unheard(client, hood, content, before)?;
        unheard.retain(|handle| !strangers.contains(handle));
        Ok(Self { drafted, hood: name.unwrap_or_default(), now, readers, strangers, unheard })
    }

    pub(super) fn hood_name(&self) -> &str {
        &self.hood
    }

    /// Codes of what a person is warned of.
    pub(super) fn warnings(&self) -> Vec<&'static str> {
        let strangers = Some("unknown-checkers").filter(|_| !self.strangers.is_empty());
        let unheard = Some("unheard-checkers").filter(|_| !self.unheard.is_empty());
        let old =
            Some("seen-long-ago").filter(|_| self.seen().is_some_and(|seen| seen_long_ago(seen, self.now).is_some()));
        self.drafted.warnings.iter().copied().chain(strangers).chain(unheard).chain(old).collect()
    }

    /// What was seen, where it is told as what holds by now: what ends or corrects an alert, or tells of practice, is meant whenever
    /// it was seen.
    fn seen(&self) -> Option<&Seen> {
        let content = &self.drafted.content;
        let is_now = ["alert", "update"].contains(&content.msg_type.as_str()) && !content.is_drill();
        content.seen.as_ref().filter(|_| is_now)
    }

    /// The languages of those who can read nothing, the most spoken first.
    pub(super) fn most_spoken(&self) -> Vec<Language> {
        let mut unread: Vec<(&Language, &usize)> = self.readers.unread.iter().collect();
        unread.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        unread.into_iter().map(|(language, _)| language.clone()).collect()
    }

    /// Shows it to somebody who is asked then whether it may go. Returns whether it may name a person.
    pub(super) fn before_asking(&self, app: &App) -> bool {
        app.tell_before_asking(&self.words(app.lang));
        for line in self.beside(app.lang) {
            app.tell_before_asking(&line);
        }
        let findings = self.drafted.findings();
        warn_of_names(app, &findings);
        if app.edits() {
            app.tell_before_asking(tell!(app.lang, "edit-or-change"));
        }
        !findings.is_empty()
    }

    /// Shows it, and no more than that.
    pub(super) fn only(&self, app: &App) -> Done {
        let lang = app.lang;
        app.result(&self.object(), || self.words(lang))?;
        for line in self.beside(lang) {
            app.tell(&line);
        }
        warn_of_names(app, &self.drafted.findings());
        app.tell(tell!(lang, "send-nothing-sent"));
        Ok(DONE)
    }

    fn words(&self, lang: Lang) -> String {
        let Drafted { content, enough, .. } = self.drafted;
        match self.drafted.preview() {
            Preview::Shown(view) => face::preview(lang, view, self.now),
            waits @ Preview::Waits { .. } => {
                face::waiting(lang, (content, enough), &self.hood, signatures(waits), self.now)
            }
        }
    }

    /// What does not stand in it: who reads it, where exactly it is, and what to look at again.
    fn beside(&self, lang: Lang) -> Vec<String> {
        let Drafted { content, exact, from_merged, .. } = self.drafted;
        let mut lines = vec![
            languages_line(lang, content, &self.readers),
            untranslated_line(lang, content),
            exact_words(lang, content, exact.as_ref()),
        ];
        lines.extend(from_merged.iter().map(|merged| from_merged_line(lang, merged)));
        let warning = tell!(lang, "app-warning");
        if !self.strangers.is_empty() {
            let handles: Vec<String> = self.strangers.iter().map(|handle| format!("`{}`", sanitize(handle))).collect();
            let strangers = tell!(lang, "preview-strangers", handles = and(lang, &handles), count = handles.len());
            lines.push(format!("{warning}{strangers}"));
        }
        if !self.unheard.is_empty() {
            let handles: Vec<String> = self.unheard.iter().map(|handle| format!("`{}`", sanitize(handle))).collect();
            let unheard = tell!(lang, "preview-unheard", handles = and(lang, &handles), count = handles.len());
            lines.push(format!("{warning}{unheard}"));
        }
        if let Some(old) = self.seen().and_then(|seen| old(lang, Some(seen), self.now)) {
            lines.push(format!("{warning}{old}"));
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn object(&self) -> Value {
        let Drafted { content, enough, exact, from_merged, .. } = self.drafted;
        let merged = |merged: &FromMerged| json!({"report": merged.id.to_string(), "by": merged.author, "fields": merged.fields});
        let unread = self.readers.unread.iter();
        let (label, reasons) = match self.drafted.preview() {
            Preview::Shown(view) => {
                let object = shape::alert(view);
                let field = |name| object.get(name).cloned().unwrap_or_default();
                (field("label"), field("reasons"))
            }
            Preview::Waits { .. } => (json!("held"), json!(["below-quorum"])),
        };
        json!({
            "schema": "watchfire.preview/1",
            "label": label,
            "reasons": reasons,
            "neighborhood": self.hood,
            "identifying": shape::identifying(&self.drafted.findings()),
            "unknown-checkers": self.strangers,
            "unheard-checkers": self.unheard,
            "warnings": self.warnings(),
            "languages": content.text.iter().map(|text| text.language.to_string()).collect::<Vec<_>>(),
            "unread-languages": unread.map(|(tag, n)| (tag.to_string(), *n)).collect::<BTreeMap<_, _>>(),
            "unsaid-languages": self.readers.unsaid,
            "untranslated": content.untranslated(),
            "exact": exact.as_ref().map(PlaceFile::from),
            "from-merged": from_merged.iter().map(merged).collect::<Vec<_>>(),
            "enough": enough.iter().map(short::need).collect::<Vec<_>>(),
            "body": to_json(content),
        })
    }
}

/// Who is said to have checked it, and is neither a coordinator nor a member whom this device knows. Nobody where it cannot
/// know all coordinators.
fn strangers(client: &Client, hood: NeighborhoodId, content: &AlertContent) -> Result<BTreeSet<String>, Problem> {
    let view = client.charter()?;
    let Some(known) = view.names.coordinators(view.charter.body()) else { return Ok(BTreeSet::new()) };
    // Who may not see the members knows none of them.
    let members = client.members(hood).unwrap_or_default();
    let is_known = |handle: &str| known.contains(handle) || members.iter().any(|member| member.handle == handle);
    let by = content.verification.by.iter().map(|check| check.handle.clone());
    Ok(by.filter(|handle| !is_known(handle.trim())).collect())
}

/// Who is said to have checked it that way, and neither is whoever says so nor has noted such a check at the desk. What was said
/// before is not asked again. Nobody where the desk cannot be read.
fn unheard(
    client: &Client,
    hood: NeighborhoodId,
    content: &AlertContent,
    before: Option<&AlertBody>,
) -> Result<BTreeSet<String>, Problem> {
    let reports = match client.reports(ReportFilter { hood: Some(hood), all: true }) {
        Err(ClientError::NotGranted(_)) => return Ok(BTreeSet::new()),
        reports => reports?,
    };
    let own = client.profile()?.handle;
    let noted = |said: &Check| {
        let by = |view: &ReportView| view.matter.checks.iter().any(|check| is_noted(view, check, said));
        reports.iter().any(by)
    };
    let known = |said: &&Check| {
        let repeated = before.is_some_and(|before| before.content.verification.by.contains(said));
        said.handle.trim() == own || repeated || noted(said)
    };
    let by = content.verification.by.iter();
    Ok(by.filter(|said| !known(said)).map(|said| said.handle.clone()).collect())
}

fn is_noted(view: &ReportView, noted: &desk::Check, said: &Check) -> bool {
    noted.bears_out() && noted.method == said.method && view.handle(&noted.by) == said.handle.trim()
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
fn exact_words(lang: Lang, content: &AlertContent, exact: Option<&Place>) -> String {
    let Some(exact) = exact else { return String::new() };
    let told = content.place.as_ref().is_some_and(|place| !place.text.is_empty() || place.point.is_some());
    let rest = if told { tell!(lang, "send-exact-kept") } else { tell!(lang, "send-exact-only") };
    format!("{}\n{rest}", face::exact(lang, exact))
}

/// Names what looks like it identifies a person.
fn warn_of_names(app: &App, findings: &[Finding]) {
    let lang = app.lang;
    for finding in findings {
        let (field, text) = (field::name(lang, &sanitize(&finding.field)), sanitize(&finding.text));
        let what = looks_like(lang, finding.what);
        app.tell_before_asking(&match finding.what.says_where() {
            true => tell!(lang, "home-warning", text, field, what),
            false => tell!(lang, "send-warning-looks-like", text, field, what),
        });
    }
}
