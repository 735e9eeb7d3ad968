//! What a relay keeps back, in words and for programs.

use watchfire_client::notice::{OtherViewOf, Withheld};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::withholding::OtherView;

use super::{Lang, and, sanitize, tell};
use crate::words::clock;

/// An alert that has not come: one line.
pub(crate) fn alert(lang: Lang, missing: &Withheld) -> String {
    let id = missing.id.to_string();
    let short = id.get(..4).unwrap_or(&id);
    let about = clock::moment(lang, missing.since);
    let tellers: Vec<String> = missing.told_by.iter().map(|handle| sanitize(handle)).collect();
    let tellers = and(lang, &tellers);
    tell!(lang, "withheld-withheld-had-alert", tellers, short, about)
}

/// Nothing was heard for more than a day: one line.
pub(crate) fn silence(lang: Lang, since: Timestamp) -> String {
    let since = clock::moment(lang, since);
    tell!(lang, "withheld-silence-since-nothing", since)
}

/// A member sees something else: one line.
pub(crate) fn view(lang: Lang, view: &OtherViewOf) -> String {
    let who = sanitize(&view.handle);
    let sees = match view.sees {
        OtherView::OtherCharter { version } => tell!(lang, "withheld-sees-another-charter", who, version),
        OtherView::NewerCharter { seen, held } => tell!(lang, "withheld-sees-charter-version", who, seen, held),
        OtherView::OlderCharter { seen, held } => tell!(lang, "withheld-still-sees-charter", who, seen, held),
        OtherView::OtherRestrictions => tell!(lang, "withheld-sees-other-restrictions", who),
        OtherView::OlderRestrictions => tell!(lang, "withheld-sees-older-restrictions", who),
        OtherView::OtherEpoch => {
            tell!(lang, "withheld-sees-another-epoch", who)
        }
        OtherView::OlderEpoch => {
            tell!(lang, "withheld-still-sees-older", who)
        }
    };
    tell!(lang, "withheld-compare-epoch-words", sees)
}

/// How a view differs, for programs.
pub(crate) const fn view_code(view: &OtherView) -> &'static str {
    match view {
        OtherView::OtherCharter { .. } => "other-charter",
        OtherView::NewerCharter { .. } => "newer-charter",
        OtherView::OlderCharter { .. } => "older-charter",
        OtherView::OtherRestrictions => "other-restrictions",
        OtherView::OlderRestrictions => "older-restrictions",
        OtherView::OtherEpoch => "other-epoch",
        OtherView::OlderEpoch => "older-epoch",
    }
}
