//! CSV (RFC 4180): a row an alert and a row a report, with every field by itself. Reports that the desk closed without an
//! alert come last. The point of a home is not exact, and its address is left out.
//!
//! A cell that a spreadsheet would take for a formula begins with `'`. Whoever reads the file with a program takes that
//! one character off again: [`harmed`] is the way back.

use std::collections::BTreeSet;

use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{
    AlertContent, Check, Code, Count, Language, People, Place, Point, Seen, TextBlock,
};

use super::coarse::{called, given_on};
use super::{Answers, EndedReport, Incident, Message, ReportRow, joined, plain};
use crate::error::ClientError;
use crate::file::{rfc3339, short};

/// One line: an alert, a report that led to it, or a report that ended without one.
struct Row<'a> {
    /// What became of it, where an alert did.
    incident: Option<&'a Incident>,
    of: Of<'a>,
}

#[derive(Clone, Copy)]
enum Of<'a> {
    Alert(&'a Message),
    Report(&'a ReportRow),
    Ended(&'a EndedReport),
}

/// What a column is called, and what stands in it.
type Column = (&'static str, fn(&Row<'_>) -> String);

const COLUMNS: &[Column] = &[
    ("record", |row| row.of.name().to_owned()),
    ("incident", |row| row.incident.map(|incident| incident.id.to_string()).unwrap_or_default()),
    ("id", |row| row.of.id()),
    ("drill", |row| yes_no(row.is_drill())),
    ("status", |row| row.alert(|content| content.status.to_string())),
    ("msg-type", |row| row.alert(|content| content.msg_type.to_string())),
    ("label", |row| row.message().map_or("", |message| message.label).to_owned()),
    ("counts", |row| row.message().map(|message| yes_no(message.counts)).unwrap_or_default()),
    ("neighborhood", |row| row.neighborhood().to_owned()),
    ("kind", |row| row.kind().to_string()),
    ("sent", |row| rfc3339(row.of.sent())),
    ("expires", |row| row.message().map(|message| rfc3339(message.expires)).unwrap_or_default()),
    ("closed", |row| row.closed()),
    ("outcome", |row| row.outcome()),
    ("urgency", |row| row.alert(|content| content.urgency.to_string())),
    ("severity", |row| row.alert(|content| content.severity.to_string())),
    ("certainty", |row| row.alert(|content| content.certainty.to_string())),
    ("verification", |row| row.verification()),
    ("verified-by", |row| row.verified_by()),
    ("verified-at", |row| row.verified_at()),
    ("ask", |row| row.alert(|content| content.ask.as_ref().map(Code::to_string).unwrap_or_default())),
    ("needs", |row| row.alert(|content| joined(content.needs.iter().map(short::need)))),
    ("place-type", |row| row.place(|place| place.place_type.to_string())),
    ("place", |row| row.place(|place| called(place, row.kind()))),
    ("lat", |row| row.point(|point| degrees(point.lat))),
    ("lon", |row| row.point(|point| degrees(point.lon))),
    ("precision-m", |row| row.point(|point| point.precision_m.to_string())),
    ("seen-at", |row| row.seen(|seen| seen.seen_at.map(rfc3339).unwrap_or_default())),
    ("still-there", |row| row.seen(|seen| seen.still_there.map(yes_no).unwrap_or_default())),
    ("people-min", |row| row.seen(|seen| least(seen.size.people))),
    ("people-max", |row| row.seen(|seen| most(seen.size.people))),
    ("vehicles-min", |row| row.seen(|seen| least(seen.size.vehicles))),
    ("vehicles-max", |row| row.seen(|seen| most(seen.size.vehicles))),
    ("activity", |row| row.seen(|seen| joined(&seen.activity))),
    ("unit", |row| row.seen(|seen| seen.unit.clone())),
    ("agencies", |row| row.seen(|seen| joined(&seen.agencies))),
    ("police-role", |row| row.seen(|seen| seen.police_role.as_ref().map(Code::to_string).unwrap_or_default())),
    ("equipment", |row| row.seen(|seen| seen.equipment.clone())),
    ("conduct", |row| row.seen(|seen| joined(&seen.conduct))),
    ("detained", |row| row.people(|people| people.detained.map(|count| count.to_string()).unwrap_or_default())),
    ("children", |row| row.people(|people| people.children.map(yes_no).unwrap_or_default())),
    ("medical", |row| row.people(|people| people.medical.map(yes_no).unwrap_or_default())),
    ("languages", |row| row.people(|people| joined(&people.languages))),
    ("source", |row| row.report().map(|report| report.content.source.to_string()).unwrap_or_default()),
    ("comments", |row| row.report().map(|report| report.content.comments.clone()).unwrap_or_default()),
    ("signed-by", |row| row.message().map(|message| message.signed_by.join("; ")).unwrap_or_default()),
    ("received", |row| row.answers(|answers| answers.received.to_string())),
    ("going", |row| row.answers(|answers| answers.going.to_string())),
    ("on-scene", |row| row.answers(|answers| answers.on_scene.to_string())),
    ("were-out", |row| row.answers(|answers| answers.were_out.to_string())),
    ("cannot", |row| row.answers(|answers| answers.cannot.to_string())),
    ("first-going", |row| row.answers(|answers| answers.first_going.map(rfc3339).unwrap_or_default())),
];

/// Numbers that this program wrote: a minus before one is no formula.
const NUMBERS: &[&str] = &["lat", "lon"];

/// The incidents as CSV, with a line of names first, and after them the reports that ended without an alert.
///
/// # Errors
/// None of the writer's can happen in memory; should one, it is unexpected.
pub fn csv(incidents: &[Incident], ended: &[EndedReport]) -> Result<Vec<u8>, ClientError> {
    let unexpected = |error: ::csv::Error| ClientError::Unexpected(error.to_string());
    let languages = languages(incidents);
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(names(&languages)).map_err(unexpected)?;
    for incident in incidents {
        let alerts = incident.messages.iter().map(Of::Alert);
        for of in alerts.chain(incident.reports.iter().map(Of::Report)) {
            writer.write_record(cells(&Row { incident: Some(incident), of }, &languages)).map_err(unexpected)?;
        }
    }
    for report in ended {
        let row = Row { incident: None, of: Of::Ended(report) };
        writer.write_record(cells(&row, &languages)).map_err(unexpected)?;
    }
    writer.into_inner().map_err(|error| ClientError::Unexpected(error.to_string()))
}

fn languages(incidents: &[Incident]) -> BTreeSet<Language> {
    let messages = incidents.iter().flat_map(|incident| &incident.messages);
    messages.flat_map(|message| &message.content.text).map(|block| block.language.clone()).collect()
}

fn names(languages: &BTreeSet<Language>) -> Vec<String> {
    let fixed = COLUMNS.iter().map(|(name, _)| (*name).to_owned());
    let texts = ["headline", "description", "instruction"];
    fixed.chain(languages.iter().flat_map(|tag| texts.map(|name| format!("{name}-{tag}")))).collect()
}

fn cells(row: &Row<'_>, languages: &BTreeSet<Language>) -> Vec<String> {
    let fixed = COLUMNS.iter().map(|(name, cell)| {
        let cell = plain(&cell(row));
        if NUMBERS.contains(name) { cell } else { harmless(cell) }
    });
    let texts = languages.iter().flat_map(|tag| row.texts(tag)).map(|text| harmless(plain(text)));
    fixed.chain(texts).collect()
}

/// What a spreadsheet shows as it stands, and does not calculate.
fn harmless(cell: String) -> String {
    if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell }
}

/// A cell as it was before it was made harmless.
#[must_use]
pub fn harmed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with('\t') || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

impl<'a> Of<'a> {
    /// The report, if it is one.
    const fn report(self) -> Option<&'a ReportRow> {
        match self {
            Self::Alert(_) => None,
            Self::Report(report) => Some(report),
            Self::Ended(ended) => Some(&ended.report),
        }
    }

    const fn name(self) -> &'static str {
        if self.report().is_some() { "report" } else { "alert" }
    }

    fn id(self) -> String {
        match self {
            Self::Alert(message) => message.id.to_string(),
            Self::Report(report) | Self::Ended(EndedReport { report, .. }) => report.id.clone(),
        }
    }

    const fn sent(self) -> watchfire_protocol::time::Timestamp {
        match self {
            Self::Alert(message) => message.sent,
            Self::Report(report) | Self::Ended(EndedReport { report, .. }) => report.sent,
        }
    }
}

impl<'a> Row<'a> {
    const fn message(&self) -> Option<&'a Message> {
        match self.of {
            Of::Alert(message) => Some(message),
            Of::Report(_) | Of::Ended(_) => None,
        }
    }

    const fn report(&self) -> Option<&'a ReportRow> {
        self.of.report()
    }

    fn kind(&self) -> &'a Code {
        match self.of {
            Of::Alert(message) => self.incident.map_or(&message.content.kind, |incident| incident.kind_of(message)),
            Of::Report(report) | Of::Ended(EndedReport { report, .. }) => &report.content.kind,
        }
    }

    fn ended(&self) -> Option<&'a EndedReport> {
        match self.of {
            Of::Ended(ended) => Some(ended),
            Of::Alert(_) | Of::Report(_) => None,
        }
    }

    fn neighborhood(&self) -> &'a str {
        let ended = self.ended().map(|ended| ended.neighborhood.as_str());
        ended.or_else(|| self.incident.map(|incident| incident.neighborhood.as_str())).unwrap_or_default()
    }

    fn closed(&self) -> String {
        let ended = self.ended().map(|ended| ended.closed);
        ended.or_else(|| self.incident.map(|incident| incident.closed)).map(rfc3339).unwrap_or_default()
    }

    /// How it ended: an incident as [`Incident::ended`] says, a report without one as the desk closed it.
    fn outcome(&self) -> String {
        let ended = self.incident.and_then(Incident::ended).map(str::to_owned);
        ended.or_else(|| self.ended().map(|ended| ended.how.to_owned())).unwrap_or_default()
    }

    fn is_drill(&self) -> bool {
        let incident = || self.incident.is_some_and(Incident::is_drill);
        self.message().map_or_else(incident, |message| message.content.is_drill())
    }

    fn alert(&self, cell: impl FnOnce(&AlertContent) -> String) -> String {
        self.message().map(|message| cell(&message.content)).unwrap_or_default()
    }

    fn where_it_is(&self) -> Option<&'a Place> {
        match self.report() {
            Some(report) => report.content.place.as_ref(),
            None => self.message().and_then(|message| message.content.place.as_ref()),
        }
    }

    fn place(&self, cell: impl FnOnce(&Place) -> String) -> String {
        self.where_it_is().map(cell).unwrap_or_default()
    }

    /// A home's exact point is in no file.
    fn point(&self, cell: impl FnOnce(Point) -> String) -> String {
        self.where_it_is().and_then(|place| given_on(place, self.kind())).map(cell).unwrap_or_default()
    }

    fn seen(&self, cell: impl FnOnce(&Seen) -> String) -> String {
        let seen = match self.report() {
            Some(report) => report.content.seen.as_ref(),
            None => self.message().and_then(|message| message.content.seen.as_ref()),
        };
        seen.map(cell).unwrap_or_default()
    }

    fn people(&self, cell: impl FnOnce(&People) -> String) -> String {
        let people = match self.report() {
            Some(report) => report.content.people.as_ref(),
            None => self.message().and_then(|message| message.content.people.as_ref()),
        };
        people.map(cell).unwrap_or_default()
    }

    fn verification(&self) -> String {
        let of_report = self.report().map(|report| report.state.clone());
        let of_alert =
            || self.incident.zip(self.message()).map(|(incident, message)| incident.verification_of(message));
        of_report.or_else(|| of_alert().map(str::to_owned)).unwrap_or_default()
    }

    fn verified_by(&self) -> String {
        match self.of {
            Of::Alert(message) if message.content.says_no_check() => UNKNOWN.to_owned(),
            Of::Alert(message) => verified_by(&message.content.verification.by),
            Of::Report(report) | Of::Ended(EndedReport { report, .. }) => verified_by(&report.verified_by),
        }
    }

    fn verified_at(&self) -> String {
        let checks = |message: &Message| message.content.verification.by.last().map(|check| check.at);
        let at = match self.report() {
            Some(report) => report.verified,
            None => self.message().and_then(checks),
        };
        at.map(rfc3339).unwrap_or_default()
    }

    /// Answers are counted once, in the line of the first alert.
    fn answers(&self, cell: impl FnOnce(&Answers) -> String) -> String {
        let is_first = |incident: &&Incident| self.message().is_some_and(|message| message.id == incident.id);
        let answers = self.incident.filter(is_first).and_then(|incident| incident.answers.as_ref());
        answers.map(cell).unwrap_or_default()
    }

    fn texts(&self, tag: &Language) -> [&'a str; 3] {
        let blocks = self.message().map_or(&[][..], |message| &message.content.text);
        let block = blocks.iter().find(|block| block.language == *tag);
        block.map_or(["", "", ""], |TextBlock { headline, description, instruction, .. }| {
            [headline, description, instruction]
        })
    }
}

fn verified_by(checks: &[Check]) -> String {
    let check = |Check { handle, method, at }: &Check| format!("{handle} {method} {}", rfc3339(*at));
    checks.iter().map(check).collect::<Vec<_>>().join("; ")
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

fn least(count: Option<Count>) -> String {
    count.map(|count| count.min.to_string()).unwrap_or_default()
}

fn most(count: Option<Count>) -> String {
    count.and_then(|count| count.max).map(|most| most.to_string()).unwrap_or_default()
}

/// Millionths of a degree, as `alert.json` writes them.
fn degrees(millionths: i32) -> String {
    (f64::from(millionths) / 1e6).to_string()
}
