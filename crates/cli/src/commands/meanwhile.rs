//! Two coordinators who update an alert at one moment: neither has read of the other's, and one of both takes the other's place.

use watchfire_client::Client;
use watchfire_client::ops::alert::SentAlert;
use watchfire_client::ops::view::{AlertView, Filter};
use watchfire_protocol::follow_up::What;
use watchfire_protocol::vocabulary::limit;

use super::refresh;
use crate::app::App;
use crate::face;
use crate::words::{and, clock, sanitize, tell};

/// Looks again once an update was sent, and tells its author of another that it does not know of. Of two, at least the one who
/// looks last is told. Returns the code of what its author is warned of.
pub(super) async fn tell_of_another(app: &App, client: &Client, sent: &SentAlert) -> Option<&'static str> {
    sent.receipt?;
    let own = client.alert(&sent.id.to_string()).ok()?;
    if own.shown.body().content.msg_type != "update" {
        return None;
    }
    let _ = refresh(client, own.hood).await;
    let all = client.alerts(Filter { hood: Some(own.hood), expired: true, unprinted: false }).ok()?;
    let own = all.iter().find(|view| view.shown.id() == sent.id)?;
    let other = all.iter().rev().find(|other| is_unknown_to(own, other))?;
    let (lang, now) = (app.lang, client.now());
    let by = and(lang, &other.signed_by.iter().map(|handle| sanitize(handle)).collect::<Vec<_>>());
    let (at, said) = (clock::stamp(lang, other.shown.body().sent, now), face::said_besides(lang, other, own, now));
    let short = &own.thread.short;
    app.warn(&match other.is_state() {
        true => tell!(lang, "send-another-holds", by, at, said, short),
        false => tell!(lang, "send-another-replaced", by, at, said, short),
    });
    Some("another-update")
}

/// Whether another update counts in the same thread, and this one was not written about it.
fn is_unknown_to(own: &AlertView, other: &AlertView) -> bool {
    let references = &own.shown.body().content.references;
    // Where more were said before than can be named, nobody can tell.
    let names_all = references.len() < limit::REFERENCES;
    let another = own.thread.ids.contains(&other.shown.id()) && other.shown.id() != own.shown.id();
    another && names_all && other.shown.counts_as(What::Update) && !references.contains(&other.shown.id())
}
