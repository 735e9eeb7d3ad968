//! What a relay keeps back, in words and for programs.

use watchfire_client::notice::{OtherViewOf, Withheld};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::withholding::OtherView;

use super::{Lang, and, sanitize, say};
use crate::words::clock;

/// An alert that has not come: one line.
pub(crate) fn alert(lang: Lang, missing: &Withheld) -> String {
    let id = missing.id.to_string();
    let short = id.get(..4).unwrap_or(&id);
    let about = clock::moment(missing.since);
    let tellers: Vec<String> = missing.told_by.iter().map(|handle| sanitize(handle)).collect();
    let tellers = and(lang, &tellers);
    say!(
        lang,
        "WITHHELD: {tellers} had the alert {short} of about {about}, and it has not come here. The relay keeps it back, or lost it: ask a coordinator, by another way",
        "RETENIDA: {tellers} tenía la alerta {short} de cerca de {about}, y aquí no ha llegado. El retransmisor la retiene o la perdió: pregunte a quien coordina, por otro medio"
    )
}

/// Nothing was heard for more than a day: one line.
pub(crate) fn silence(lang: Lang, since: Timestamp) -> String {
    let since = clock::moment(since);
    say!(
        lang,
        "SILENCE since {since}: nothing by a coordinator has come here. It may be quiet, or the relay keeps things back: ask a coordinator, by another way",
        "SILENCIO desde {since}: no ha llegado nada de coordinación. Puede que no pase nada, o que el retransmisor retenga algo: pregunte a quien coordina, por otro medio"
    )
}

/// A member sees something else: one line.
pub(crate) fn view(lang: Lang, view: &OtherViewOf) -> String {
    let who = sanitize(&view.handle);
    let sees = match view.sees {
        OtherView::OtherCharter { version } => say!(
            lang,
            "{who} sees another charter of version {version} than this desk",
            "{who} ve otro estatuto de versión {version} que esta mesa"
        ),
        OtherView::NewerCharter { seen, held } => say!(
            lang,
            "{who} sees charter version {seen}, and this desk has version {held}",
            "{who} ve la versión {seen} del estatuto, y esta mesa tiene la {held}"
        ),
        OtherView::OlderCharter { seen, held } => say!(
            lang,
            "{who} still sees charter version {seen}, and this desk has version {held}",
            "{who} sigue viendo la versión {seen} del estatuto, y esta mesa tiene la {held}"
        ),
        OtherView::OtherEpoch => {
            say!(lang, "{who} sees another epoch than this desk", "{who} ve otra época que esta mesa")
        }
        OtherView::OlderEpoch => {
            say!(
                lang,
                "{who} still sees an older epoch than this desk",
                "{who} sigue viendo una época anterior a la de esta mesa"
            )
        }
    };
    say!(
        lang,
        "{sees}: compare the epoch words by voice (watchfire status). If they differ, the relay shows two different views",
        "{sees}: comparen las palabras de la época de viva voz (watchfire status). Si no coinciden, el retransmisor muestra dos cosas distintas"
    )
}

/// How a view differs, for programs.
pub(crate) const fn view_code(view: &OtherView) -> &'static str {
    match view {
        OtherView::OtherCharter { .. } => "other-charter",
        OtherView::NewerCharter { .. } => "newer-charter",
        OtherView::OlderCharter { .. } => "older-charter",
        OtherView::OtherEpoch => "other-epoch",
        OtherView::OlderEpoch => "older-epoch",
    }
}
