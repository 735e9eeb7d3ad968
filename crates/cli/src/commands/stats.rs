//! `stats`: how the nights went, from what this vault still holds.

use serde_json::{Value, json};
use watchfire_client::ops::stats::Stats;

use crate::app::App;
use crate::problem::{DONE, Done};
use crate::words::{Lang, duration, tell};

pub(super) fn stats(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let (stats, history) = (client.stats()?, client.history()?);
    app.result(&object(&stats, history), || lines(lang, &stats).join("\n"))?;
    app.tell(&tell!(lang, "stats-of-what-is-kept", history = duration(lang, history)));
    Ok(DONE)
}

fn object(stats: &Stats, history: u64) -> Value {
    json!({
        "schema": "watchfire.stats/1",
        "reports": stats.reports,
        "sightings": stats.sightings,
        "verified": stats.verified,
        "false-alarms": stats.false_alarms,
        "false-alarm-percent": stats.false_alarm_percent(),
        "dismissed": stats.dismissed,
        "open": stats.open,
        "seconds-to-verify": stats.time_to_verify,
        "incidents": stats.incidents,
        "drills": stats.drills,
        "seconds-to-first-going": stats.time_to_going,
        "history-hours": history / 3600,
    })
}

fn lines(lang: Lang, stats: &Stats) -> Vec<String> {
    let Stats { sightings, reports, verified, false_alarms, dismissed, open, incidents, drills, .. } = stats;
    let span = |seconds: Option<u64>| match seconds {
        Some(seconds) => duration(lang, seconds),
        None => tell!(lang, "stats-unknown").to_owned(),
    };
    let percent = match stats.false_alarm_percent() {
        Some(percent) => format!("{percent} %"),
        None => tell!(lang, "stats-unknown").to_owned(),
    };
    vec![
        tell!(lang, "stats-reports", reports, sightings),
        tell!(lang, "stats-found", verified, false_alarms, dismissed, open),
        tell!(lang, "stats-false-share", percent),
        tell!(lang, "stats-to-verify", span = span(stats.time_to_verify)),
        tell!(lang, "stats-incidents", incidents, drills),
        tell!(lang, "stats-to-going", span = span(stats.time_to_going)),
    ]
}
