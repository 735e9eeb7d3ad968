//! Results for programs: one JSON object each, with its schema. Fields are only ever added.

mod report;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::file::{alert, rfc3339, short};
use watchfire_client::notice::{OtherViewOf, Withheld};
use watchfire_client::ops::answer::{AttendedView, HelpView, Tally};
use watchfire_client::ops::desk::DroppedReports;
use watchfire_client::ops::join::{JoinState, JoinView};
use watchfire_client::ops::made::Untrue;
use watchfire_client::ops::member::{MemberView, PendingView};
use watchfire_client::ops::network::{NeighborhoodView, NetworkView};
use watchfire_client::ops::removal::{RemovalState, RemovalView, WaitingRemoval};
use watchfire_client::ops::status::{HoodStatus, Status};
use watchfire_client::ops::thread::Earlier;
use watchfire_client::ops::view::{AlertView, FollowUpView, HeldView, Signatures};
use watchfire_client::relays::RelayView;
use watchfire_client::state::{Missing, StoredClone};
use watchfire_protocol::charter::BelowQuorum;
use watchfire_protocol::direct::AttendedBy;
use watchfire_protocol::follow_up::What;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::verdict::{HeldReason, Label};

pub(crate) use report::{gaps, identifying, report};

use crate::words::withheld::view_code;
use crate::words::{Lang, fork, verdict};

/// `watchfire.alert/1`.
pub(crate) fn alert(view: &AlertView) -> Value {
    let body = view.shown.body();
    let label = view.shown.label();
    let reasons: Vec<&str> = match label {
        Label::Verified => vec![],
        Label::Signed(reasons) => reasons.iter().map(verdict::signed_code).collect(),
    };
    let thread = &view.thread;
    json!({
        "schema": "watchfire.alert/1",
        "id": view.shown_as().to_string(),
        "short": view.shown_short(),
        "message": view.shown.id().to_string(),
        "thread": {
            "id": thread.first.to_string(),
            "state": thread.state.to_string(),
            "kind": view.kind().as_str(),
            "updates": thread.updates,
            "replaced": thread.replaced,
            "enough": thread.enough.iter().map(short::need).collect::<Vec<_>>(),
        },
        "answered": view.answered.as_ref().map(|own| own.content.answer.to_string()),
        "answer-queued": view.answered.as_ref().map(|own| own.queued),
        "check-out": view.to_check_out().is_some(),
        "attended": help_seen(view.attended.as_ref()),
        "label": verdict::label_code(label),
        "reason": reasons.first(),
        "reasons": reasons,
        "notes": notes(view),
        "neighborhood": view.neighborhood,
        "drill": body.content.is_drill(),
        "status": body.content.status.as_str(),
        "msg-type": body.content.msg_type.as_str(),
        "kind": body.content.kind.as_str(),
        "sent": rfc3339(body.sent),
        "received": rfc3339(view.received),
        "expires": rfc3339(view.shown.expires()),
        "signed-by": view.signed_by,
        "signatures": signatures(view.signatures()),
        "closed-by": view.closed_by().map(|later| later.id.to_string()),
        "corrected-by": view.corrected_by().map(|later| later.id.to_string()),
        "follow-ups": view.follow_ups.iter().map(follow_up).collect::<Vec<_>>(),
        "body": body_with_place(view),
    })
}

/// The same with what was said in its thread before and counts, oldest first.
pub(crate) fn with_earlier(view: &AlertView) -> Value {
    let earlier = |earlier: &Earlier| {
        json!({
            "message": earlier.id.to_string(),
            "msg-type": earlier.content.msg_type.as_str(),
            "sent": rfc3339(earlier.sent),
            "signed-by": earlier.signed_by,
            "body": alert::to_json(&earlier.content),
        })
    };
    let mut object = alert(view);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("earlier".to_owned(), view.thread.earlier.iter().map(earlier).collect());
    }
    object
}

/// What an alert says; with the exact place for who is to know, which is not in the alert.
fn body_with_place(view: &AlertView) -> Value {
    let mut body = alert::to_json(&view.shown.body().content);
    if let (Some(exact), Some(fields)) = (&view.exact, body.as_object_mut()) {
        let place = fields.entry("place").or_insert_with(|| json!({}));
        if let Some(place) = place.as_object_mut() {
            place.insert("exact".to_owned(), json!(PlaceFile::from(exact)));
        }
    }
    body
}

/// `watchfire.place/1`: where exactly an alert is, told to this member after it was shown.
pub(crate) fn exact_place(view: &AlertView) -> Value {
    json!({
        "schema": "watchfire.place/1",
        "id": view.shown_as().to_string(),
        "short": view.shown_short(),
        "place": {"exact": view.exact.as_ref().map(PlaceFile::from)},
    })
}

/// `watchfire.attended/1`: who takes care of this member, told after the alert was shown.
pub(crate) fn attended_news(view: &AlertView) -> Value {
    json!({
        "schema": "watchfire.attended/1",
        "id": view.shown_as().to_string(),
        "short": view.shown_short(),
        "attended": help_seen(view.attended.as_ref()),
    })
}

/// Who takes care of this member, who asked for help.
fn help_seen(by: Option<&AttendedBy>) -> Value {
    by.map_or(Value::Null, |by| json!({"by": by.handle, "since": rfc3339(by.since)}))
}

/// How many coordinators signed, and how many must.
pub(crate) fn signatures(signatures: Signatures) -> Value {
    json!({"have": signatures.have, "need": signatures.need})
}

/// What a later alert says about one.
fn follow_up(later: &FollowUpView) -> Value {
    json!({
        "id": later.id.to_string(),
        "msg-type": msg_type(later.follow_up.what),
        "counts": later.follow_up.counts,
        "outcome": later.outcome.as_ref().map(ToString::to_string),
        "sent": rfc3339(later.sent),
        "signed-by": later.signed_by,
        "signatures": signatures(later.signatures),
    })
}

const fn msg_type(what: What) -> &'static str {
    match what {
        What::Cancel => "cancel",
        What::Update => "update",
        What::Correction => "correction",
    }
}

/// `watchfire.label/1`: an alert that was told before has more signatures.
pub(crate) fn relabelled(view: &AlertView) -> Value {
    let whole = alert(view);
    let field = |name| whole.get(name).cloned().unwrap_or_default();
    json!({
        "schema": "watchfire.label/1",
        "id": field("id"),
        "short": field("short"),
        "label": field("label"),
        "reasons": field("reasons"),
        "drill": field("drill"),
        "neighborhood": field("neighborhood"),
        "signed-by": field("signed-by"),
        "signatures": field("signatures"),
    })
}

/// The codes of what is said beside an alert.
fn notes(view: &AlertView) -> Vec<&'static str> {
    let lone = |later: &&FollowUpView| later.follow_up.what == What::Cancel && !later.follow_up.counts;
    let lone = view.follow_ups.iter().find(lone).map(|_| "cancel-below-quorum");
    let gap = view.thread.lacks_predecessor.then_some("predecessor-missing");
    view.shown.notes().iter().map(verdict::note_code).chain(lone).chain(gap).collect()
}

/// `watchfire.alert/1` of what was kept aside: nothing of what it claims stands where an alert's words stand.
pub(crate) fn held(view: &HeldView) -> Value {
    let code = verdict::held_code(&view.why);
    json!({
        "schema": "watchfire.alert/1",
        "id": view.id,
        "short": view.id.get(..4).unwrap_or(&view.id),
        "label": "held",
        "reason": code,
        "reasons": [code],
        "notes": [],
        "neighborhood": view.neighborhood,
        "drill": null,
        "status": null,
        "msg-type": null,
        "kind": null,
        "sent": null,
        "received": rfc3339(view.received),
        "expires": null,
        "signed-by": view.signed_by,
        "signatures": match view.why {
            HeldReason::BelowQuorum { signed, quorum } => json!({"have": signed, "need": quorum}),
            _ => Value::Null,
        },
        "claimed-signer": view.signer,
        "body": null,
    })
}

/// `watchfire.tally/1`.
pub(crate) fn tally(tally: &Tally) -> Value {
    let need = |view: &watchfire_client::ops::answer::NeedView| {
        json!({
            "need": short::need(&view.need),
            "role": view.need.role.as_str(),
            "language": view.need.language.as_ref().map(ToString::to_string),
            "count": view.need.count,
            "met": view.met,
        })
    };
    let answer = |view: &watchfire_client::ops::answer::AnswerView| {
        json!({
            "handle": view.handle,
            "answer": view.answer.as_str(),
            "sent": rfc3339(view.sent),
            "eta-minutes": view.eta_minutes,
            "arrives": view.arrives().map(rfc3339),
            "reason": view.reason.as_ref().map(ToString::to_string),
            "role": view.role.as_ref().map(ToString::to_string),
            "languages": view.languages,
            "text": view.text,
            "help-since": view.help.map(rfc3339),
            "help-text": view.help_text,
            "attended": attended(view.attended.as_ref()),
            "removed": view.removed.map(rfc3339),
        })
    };
    json!({
        "schema": "watchfire.tally/1",
        "id": tally.alert.to_string(),
        "received": tally.received,
        "going": tally.going,
        "on-scene": tally.on_scene,
        "cannot": tally.cannot,
        "help": tally.help().collect::<Vec<_>>(),
        "needs": tally.needs.iter().map(need).collect::<Vec<_>>(),
        "roles": tally.roles.iter().map(|(role, count)| (role.to_string(), *count)).collect::<BTreeMap<_, _>>(),
        "either": tally.either,
        "languages": tally.languages,
        "closed-by": tally.closed.map(|id| id.to_string()),
        "closing-queued": tally.closing_queued,
        "were-out": tally.were_out,
        "check-out": tally.unaccounted,
        "answers": tally.answers.iter().map(answer).collect::<Vec<_>>(),
    })
}

/// A member whose identity is in use on two devices.
pub(crate) fn clone(clone: &StoredClone) -> Value {
    json!({"handle": clone.handle, "epoch": clone.epoch.0, "at": rfc3339(clone.at)})
}

/// Somebody who asks for help.
pub(crate) fn help(view: &HelpView) -> Value {
    json!({
        "neighborhood": view.neighborhood, "alert": view.alert.to_string(), "handle": view.handle, "drill": view.drill,
        "since": rfc3339(view.since), "attended": attended(view.attended.as_ref()), "member": view.member.to_string(),
        "removed": view.removed.map(rfc3339), "more": view.more,
    })
}

/// An alert that is out though a report that it was made of was found not to be so.
pub(crate) fn untrue(view: &Untrue) -> Value {
    json!({
        "neighborhood": view.neighborhood, "alert": view.alert.to_string(), "short": view.short, "report": view.report,
        "by": view.by, "at": rfc3339(view.at), "outcome": view.outcome.as_str(),
        "method": view.method.as_ref().map(ToString::to_string),
    })
}

/// Reports that had to go.
fn dropped(view: &DroppedReports) -> Value {
    json!({"neighborhood": view.neighborhood, "handle": view.author, "count": view.count})
}

/// Who takes care of them.
fn attended(view: Option<&AttendedView>) -> Value {
    view.map_or(Value::Null, |view| json!({"by": view.handle, "at": rfc3339(view.at), "yours": view.here}))
}

/// `watchfire.status/1`.
pub(crate) fn status(lang: Lang, status: &Status) -> Value {
    let hood = |hood: &HoodStatus| {
        json!({
            "name": hood.name,
            "id": hood.id.to_string(),
            "epoch": hood.epoch.0,
            "epoch-words": words(lang, &hood.epoch_words),
            "fresh": hood.fresh,
            "confirmed-at": hood.confirmed_at.map(rfc3339),
            "role": if hood.coordinator { "coordinator" } else { "responder" },
            "network-confirmed": hood.confirmed,
            "missing-keys": hood.missing.map(|missing| match missing {
                Missing::Removed { .. } => "removed",
                Missing::Withheld => "withheld",
            }),
            "missing-keys-by": hood.missing_by,
            "synced": (hood.synced.0 > 0).then(|| rfc3339(hood.synced)),
            "clock-in-doubt": hood.clock_in_doubt,
            "held": hood.held,
            "withheld": hood.notices.withheld.iter().map(withheld).collect::<Vec<_>>(),
            "silent-since": hood.notices.silent_since.map(rfc3339),
            "other-views": other_views(&hood.notices.other_views),
            "clones": hood.clones.iter().map(clone).collect::<Vec<_>>(),
            "duty-fails": hood.trouble.as_ref().map(|trouble| {
                let error = trouble.error();
                json!({
                    "since": rfc3339(trouble.since),
                    "code": error.code(),
                    "message": crate::words::error::message(lang, &error),
                })
            }),
        })
    };
    let relay = |relay: &RelayView| {
        json!({
            "url": relay.url,
            "key": relay.key.to_string(),
            "used": relay.used,
            "answered": relay.answered.map(rfc3339),
            "silent-since": relay.silent.map(rfc3339),
        })
    };
    json!({
        "schema": "watchfire.status/1",
        "network": status.network,
        "handle": status.handle,
        "neighborhoods": status.hoods.iter().map(hood).collect::<Vec<_>>(),
        "joining": status.joining,
        "charter": {"version": status.charter_version, "expires": rfc3339(status.charter_expires)},
        "forks": status.forks.iter().map(fork::object).collect::<Vec<_>>(),
        "newer-charter-since": status.newer_charter.map(rfc3339),
        "queued": status.queued,
        "help": status.help.iter().map(help).collect::<Vec<_>>(),
        "untrue": status.untrue.iter().map(untrue).collect::<Vec<_>>(),
        "dropped-reports": status.dropped.iter().map(dropped).collect::<Vec<_>>(),
        "relays": status.relays.iter().map(relay).collect::<Vec<_>>(),
        "proxy": status.proxy.as_ref().map(ToString::to_string),
    })
}

/// An alert that has not come.
pub(crate) fn withheld(missing: &Withheld) -> Value {
    json!({"id": missing.id.to_string(), "since": rfc3339(missing.since), "told-by": missing.told_by})
}

/// Members who see something else.
pub(crate) fn other_views(views: &[OtherViewOf]) -> Value {
    views.iter().map(|view| json!({"handle": view.handle, "sees": view_code(&view.sees)})).collect()
}

/// `watchfire.network/1`.
pub(crate) fn network(view: &NetworkView) -> Value {
    json!({
        "schema": "watchfire.network/1",
        "id": view.id.to_string(),
        "name": view.name,
        "relays": view.relays.iter().map(|relay| relay.url.as_str()).collect::<Vec<_>>(),
        "relay-keys": view.relays.iter().map(|relay| relay.key.to_string()).collect::<Vec<_>>(),
        "charter-version": view.charter_version,
    })
}

/// `watchfire.neighborhood/1`.
pub(crate) fn neighborhood(view: &NeighborhoodView) -> Value {
    json!({
        "schema": "watchfire.neighborhood/1",
        "id": view.id.to_string(),
        "name": view.name,
        "quorum": view.quorum,
        "below-quorum": below_quorum(view.below_quorum),
        "retention-hours": view.retention_hours,
        "epoch": view.epoch.0,
        "closed": view.closed,
    })
}

pub(crate) const fn below_quorum(what: BelowQuorum) -> &'static str {
    match what {
        BelowQuorum::Show => "show",
        BelowQuorum::Hold => "hold",
    }
}

pub(crate) const fn role(role: InviteRole) -> &'static str {
    match role {
        InviteRole::Responder => "responder",
        InviteRole::Coordinator => "coordinator",
    }
}

/// `watchfire.join/1`.
pub(crate) fn join(lang: Lang, view: &JoinView) -> Value {
    let state = match view.state {
        JoinState::Waiting => "waiting",
        JoinState::Member => "member",
    };
    json!({
        "schema": "watchfire.join/1",
        "request": view.request.to_string(),
        "say": words(lang, &view.say),
        "state": state,
    })
}

/// `watchfire.join-request/1`.
pub(crate) fn request(lang: Lang, neighborhood: &str, view: &PendingView) -> Value {
    json!({
        "schema": "watchfire.join-request/1",
        "request": view.request.to_string(),
        "handle": view.handle,
        "say": words(lang, &view.say),
        "neighborhood": neighborhood,
        "role": role(view.role),
        "languages": view.languages,
        "received": rfc3339(view.received),
        "state": "new",
    })
}

/// `watchfire.join-request/1` of a member who is to be approved again: no words, because they were read once.
pub(crate) fn again(neighborhood: &str, view: &MemberView) -> Value {
    json!({
        "schema": "watchfire.join-request/1",
        "request": view.id.to_string(),
        "handle": view.handle,
        "say": [],
        "neighborhood": neighborhood,
        "role": if view.coordinator { "coordinator" } else { "responder" },
        "languages": view.languages,
        "received": rfc3339(view.since),
        "state": "again",
    })
}

/// `watchfire.removal/1`.
pub(crate) fn removal(neighborhood: &str, view: &RemovalView) -> Value {
    let (state, from) = match view.state {
        RemovalState::Out { from } => ("removed", Some(from.0)),
        RemovalState::Waiting => ("waiting", None),
    };
    json!({
        "schema": "watchfire.removal/1",
        "id": view.member.to_string(),
        "handle": view.handle,
        "neighborhood": neighborhood,
        "state": state,
        "epoch": from,
        "still-granted": view.granted,
    })
}

/// `watchfire.removal/1` of one that waits for another coordinator.
pub(crate) fn waiting_removal(neighborhood: &str, view: &WaitingRemoval) -> Value {
    json!({
        "schema": "watchfire.removal/1",
        "id": view.member.to_string(),
        "handle": view.handle,
        "neighborhood": neighborhood,
        "state": "waiting",
        "epoch": null,
        "by": view.by,
        "own": view.own,
    })
}

/// `watchfire.member/1`.
pub(crate) fn member(neighborhood: &str, view: &MemberView) -> Value {
    json!({
        "schema": "watchfire.member/1",
        "id": view.id.to_string(),
        "handle": view.handle,
        "role": if view.coordinator { "coordinator" } else { "responder" },
        "roles": view.roles,
        "languages": view.languages,
        "since": rfc3339(view.since),
        "neighborhood": neighborhood,
    })
}

/// Words of a phrase, which the client keeps in English and in Spanish: those that the reader can say best.
pub(crate) fn words<const N: usize>(lang: Lang, both: &[[String; N]; 2]) -> &[String; N] {
    let [english, spanish] = both;
    if lang.tag() == "es" { spanish } else { english }
}
