//! OASIS CAP 1.2: one XML document an alert, with the elements in the order of the schema.
//!
//! Points are `lat,lon`, a circle's radius is in kilometres, and UTC is written `-00:00`. The scope is `Restricted`:
//! the alert was for members of one neighborhood. Who signed it stands in no element.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Code, Count, Point, TextBlock};

use super::coarse::{called, given_on};
use super::{Incident, Message, joined, plain};
use crate::error::ClientError;
use crate::file::{rfc3339, short};

/// The namespace of CAP 1.2.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// What the values of codes that CAP lacks are called.
const OWN: &str = "watchfire";

/// One alert of an incident as a CAP document.
///
/// # Errors
/// None of the writer's can happen in memory; should one, it is unexpected.
pub fn cap(incident: &Incident, message: &Message) -> Result<Vec<u8>, ClientError> {
    let unexpected = |error: io::Error| ClientError::Unexpected(error.to_string());
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).map_err(unexpected)?;
    let root = writer.create_element("alert").with_attribute(("xmlns", NAMESPACE));
    root.write_inner_content(|writer| alert(writer, incident, message)).map_err(unexpected)?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

type Out<'a> = &'a mut Writer<Vec<u8>>;

fn alert(writer: Out<'_>, incident: &Incident, message: &Message) -> io::Result<()> {
    let content = &message.content;
    element(writer, "identifier", &message.id.to_string())?;
    element(writer, "sender", &sender(incident))?;
    element(writer, "sent", &date_time(message.sent))?;
    element(writer, "status", status(content))?;
    element(writer, "msgType", msg_type(content))?;
    element(writer, "scope", "Restricted")?;
    element(writer, "restriction", &format!("members of the neighborhood {}", incident.neighborhood))?;
    element(writer, "code", &format!("{OWN}:{}", content.msg_type))?;
    if let Some(note) = note(incident, content) {
        element(writer, "note", &note)?;
    }
    let references = references(incident, content);
    if !references.is_empty() {
        element(writer, "references", &references.join(" "))?;
    }
    element(writer, "incidents", &incident.id.to_string())?;
    if content.text.is_empty() {
        return info(writer, incident, message, None);
    }
    content.text.iter().try_for_each(|block| info(writer, incident, message, Some(block)))
}

fn info(writer: Out<'_>, incident: &Incident, message: &Message, text: Option<&TextBlock>) -> io::Result<()> {
    let element = writer.create_element("info");
    element.write_inner_content(|writer| in_info(writer, incident, message, text)).map(drop)
}

fn in_info(writer: Out<'_>, incident: &Incident, message: &Message, text: Option<&TextBlock>) -> io::Result<()> {
    let (content, kind) = (&message.content, incident.kind_of(message));
    let drill = if content.is_drill() { "DRILL: " } else { "" };
    element(writer, "language", text.map_or("en", |text| text.language.as_str()))?;
    element(writer, "category", category(kind))?;
    element(writer, "event", &format!("{drill}{kind}"))?;
    if let Some(response) = content.ask.as_ref().and_then(response) {
        element(writer, "responseType", response)?;
    }
    element(writer, "urgency", of(&["Immediate", "Expected", "Future", "Past"], &content.urgency))?;
    element(writer, "severity", of(&["Extreme", "Severe", "Moderate", "Minor"], &content.severity))?;
    element(writer, "certainty", of(&["Observed", "Likely", "Possible", "Unlikely"], &content.certainty))?;
    named(writer, "eventCode", "kind", kind.as_str())?;
    element(writer, "effective", &date_time(message.sent))?;
    if let Some(at) = content.seen.as_ref().and_then(|seen| seen.seen_at) {
        element(writer, "onset", &date_time(at))?;
    }
    element(writer, "expires", &date_time(message.expires))?;
    filled(writer, "senderName", &incident.network_name)?;
    if let Some(TextBlock { headline, description, instruction, .. }) = text {
        let headline = if headline.is_empty() { String::new() } else { format!("{drill}{headline}") };
        filled(writer, "headline", &headline)?;
        filled(writer, "description", description)?;
        filled(writer, "instruction", instruction)?;
    }
    for (name, value) in parameters(incident, message).into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        named(writer, "parameter", name, &value)?;
    }
    area(writer, incident, message)
}

fn area(writer: Out<'_>, incident: &Incident, message: &Message) -> io::Result<()> {
    let (place, kind) = (message.content.place.as_ref(), incident.kind_of(message));
    let text = place.map(|place| called(place, kind)).filter(|text| !text.trim().is_empty());
    let described = text
        .map_or_else(|| incident.neighborhood.clone(), |text| format!("{}, {}", text.trim(), incident.neighborhood));
    let point = place.and_then(|place| given_on(place, kind));
    let element_of = writer.create_element("area");
    element_of
        .write_inner_content(|writer| {
            element(writer, "areaDesc", &described)?;
            point.map_or(Ok(()), |point| element(writer, "circle", &circle(point)))
        })
        .map(drop)
}

/// `lat,lon radius`, in degrees and kilometres.
fn circle(Point { lat, lon, precision_m }: Point) -> String {
    let degrees = |millionths: i32| f64::from(millionths) / 1e6;
    format!("{},{} {}", degrees(lat), degrees(lon), f64::from(precision_m) / 1e3)
}

/// What CAP has no element for, in codes.
fn parameters(incident: &Incident, message: &Message) -> Vec<(&'static str, String)> {
    let content = &message.content;
    let maybe = |code: Option<&Code>| code.map(Code::to_string).unwrap_or_default();
    let mut out = vec![
        ("label", message.label.to_owned()),
        ("verification", incident.verification_of(message).to_owned()),
        ("methods", joined(content.verification.by.iter().map(|check| &check.method))),
        ("ask", maybe(content.ask.as_ref())),
        ("outcome", maybe(content.outcome.as_ref())),
        ("needs", joined(content.needs.iter().map(short::need))),
        ("place-type", maybe(content.place.as_ref().map(|place| &place.place_type))),
    ];
    if let Some(seen) = &content.seen {
        out.extend([
            ("people", range(seen.size.people)),
            ("vehicles", range(seen.size.vehicles)),
            ("activity", joined(&seen.activity)),
            ("unit", seen.unit.clone()),
            ("agencies", joined(&seen.agencies)),
            ("police-role", maybe(seen.police_role.as_ref())),
            ("equipment", seen.equipment.clone()),
            ("conduct", joined(&seen.conduct)),
            ("still-there", seen.still_there.map(|still| still.to_string()).unwrap_or_default()),
        ]);
    }
    if let Some(people) = &content.people {
        out.extend([
            ("detained", people.detained.map(|count| count.to_string()).unwrap_or_default()),
            ("children", people.children.map(|yes| yes.to_string()).unwrap_or_default()),
            ("medical", people.medical.map(|yes| yes.to_string()).unwrap_or_default()),
            ("languages", joined(&people.languages)),
        ]);
    }
    out
}

/// `4` is exactly four, `4-` at least four, `2-6` from two to six.
fn range(count: Option<Count>) -> String {
    match count {
        None => String::new(),
        Some(Count { min, max: Some(max) }) if min == max => min.to_string(),
        Some(Count { min, max: Some(max) }) => format!("{min}-{max}"),
        Some(Count { min, max: None }) => format!("{min}-"),
    }
}

/// `sender,identifier,sent` of each alert that is referenced and part of the incident: of others the time is not known.
fn references(incident: &Incident, content: &AlertContent) -> Vec<String> {
    let known = |id: &AlertId| incident.messages.iter().find(|message| message.id == *id);
    let triple = |message: &Message| format!("{},{},{}", sender(incident), message.id, date_time(message.sent));
    content.references.iter().filter_map(known).map(triple).collect()
}

/// Unique to the network, without spaces, commas and what XML escapes.
fn sender(incident: &Incident) -> String {
    format!("{OWN}:{}", incident.network)
}

/// What somebody who handles CAP must not overlook.
fn note(incident: &Incident, content: &AlertContent) -> Option<String> {
    if content.is_drill() {
        return Some("DRILL. This was practice: nothing of it happened.".to_owned());
    }
    match content.msg_type.as_str() {
        "correction" if incident.is_debunked() => {
            Some("A correction: NOT TRUE, what is referenced was wrong.".to_owned())
        }
        _ if incident.is_debunked() => Some("NOT TRUE: a correction says what was so.".to_owned()),
        "cancel" => content.outcome.as_ref().map(|outcome| format!("Stood down: {outcome}")),
        "correction" => Some("A correction: what is referenced was wrong.".to_owned()),
        _ if content.says_no_check() => Some("Its sender does not say how it was checked.".to_owned()),
        _ => None,
    }
}

/// A drill is `Exercise` whatever else it says, and what this version does not know is not to be acted upon.
fn status(content: &AlertContent) -> &'static str {
    match content.status.as_str() {
        "test" => "Test",
        _ if content.is_drill() => "Exercise",
        "actual" => "Actual",
        _ => "Draft",
    }
}

/// CAP has no correction: it updates, with a note.
fn msg_type(content: &AlertContent) -> &'static str {
    match content.msg_type.as_str() {
        "alert" => "Alert",
        "cancel" => "Cancel",
        _ => "Update",
    }
}

fn category(kind: &Code) -> &'static str {
    match kind.as_str() {
        "community.fire" => "Fire",
        "community.flood" | "community.storm" | "community.heat" => "Met",
        "community.power" => "Infra",
        "community.missing-person" => "Rescue",
        "community.hate-incident" => "Security",
        "community.medical" | "support.medical" => "Health",
        "support.ride" => "Transport",
        _ if kind.is_in("enforcement") => "Security",
        _ if kind.is_in("support") || kind.is_in("community") => "Safety",
        _ => "Other",
    }
}

fn response(ask: &Code) -> Option<&'static str> {
    Some(match ask.as_str() {
        "observe" | "support" => "Execute",
        "verify" => "Assess",
        "standby" => "Prepare",
        "stay-in" => "Shelter",
        "leave" => "Evacuate",
        "avoid" => "Avoid",
        "monitor" => "Monitor",
        "all-clear" => "AllClear",
        "none" => "None",
        _ => return None,
    })
}

/// The CAP word of a code that has the same name there.
fn of(words: &[&'static str], code: &Code) -> &'static str {
    words.iter().find(|word| word.eq_ignore_ascii_case(code.as_str())).copied().unwrap_or("Unknown")
}

/// With whole seconds and an offset: `Z` is not allowed.
fn date_time(at: Timestamp) -> String {
    let utc = rfc3339(at);
    format!("{}-00:00", utc.strip_suffix('Z').unwrap_or(&utc))
}

fn element(writer: Out<'_>, name: &str, text: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(&plain(text))).map(drop)
}

/// The same, unless it would be empty.
fn filled(writer: Out<'_>, name: &str, text: &str) -> io::Result<()> {
    if text.trim().is_empty() { Ok(()) } else { element(writer, name, text) }
}

fn named(writer: Out<'_>, name: &str, value_name: &str, value: &str) -> io::Result<()> {
    let pair = writer.create_element(name);
    pair.write_inner_content(|writer| {
        element(writer, "valueName", &format!("{OWN}:{value_name}"))?;
        element(writer, "value", value)
    })
    .map(drop)
}
