//! `alert export`: incidents that are over, for other programs.

use std::path::Path;

use serde_json::json;
use watchfire_client::export::{EndedReport, Incident, cap, csv, geojson};
use watchfire_client::ops::view::Filter;
use watchfire_protocol::vocabulary::Finding;

use crate::app::{App, shown};
use crate::args::{ExportArgs, ExportFormat};
use crate::form::looks_like;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{field, sanitize, tell};

pub(super) fn export(app: &App, args: &ExportArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    app.check_new(&args.out)?;
    let incidents = client.incidents(&args.id)?;
    // They belong to no alert: named ones are written by themselves.
    let all = args.format == ExportFormat::Csv && args.id.is_empty();
    let ended = if all { client.ended_reports()? } else { vec![] };
    if incidents.is_empty() && ended.is_empty() {
        let open = client.alerts(Filter::default())?;
        return Err(Problem::not_found(tell!(lang, "export-nothing")).hint(match open.first() {
            Some(first) => tell!(lang, "export-nothing-hint", short = first.shown_short()),
            None => tell!(lang, "export-forgotten-hint").to_owned(),
        }));
    }
    let identifying = identifying(&incidents, &ended, args.format);
    ask_if_it_names(app, &identifying)?;
    match args.format {
        ExportFormat::Csv => app.write_private(&args.out, csv::csv(&incidents, &ended)?)?,
        ExportFormat::Geojson => app.write_private(&args.out, format!("{:#}\n", geojson::geojson(&incidents)))?,
        ExportFormat::Cap => write_cap(app, &args.out, &incidents)?,
    }
    let object = json!({
        "schema": "watchfire.export/1",
        "format": args.format.code(),
        "out": args.out.display().to_string(),
        "incidents": incidents.len(),
        "drills": incidents.iter().filter(|incident| incident.is_drill()).count(),
        "alerts": incidents.iter().map(|incident| incident.messages.len()).sum::<usize>(),
        "reports": incidents.iter().map(|incident| incident.reports.len()).sum::<usize>() + ended.len(),
        "ended-reports": ended.len(),
        "identifying": shape::identifying(&identifying.into_iter().map(|(_, found)| found).collect::<Vec<_>>()),
    });
    let out = shown(&args.out);
    app.result(&object, || tell!(lang, "export-done", count = incidents.len(), out))?;
    app.tell(match args.format {
        ExportFormat::Csv => tell!(lang, "export-csv-holds"),
        ExportFormat::Geojson => tell!(lang, "export-geojson-holds"),
        ExportFormat::Cap => tell!(lang, "export-cap-holds"),
    });
    Ok(DONE)
}

/// What the files would hold that looks like it identifies a person, with the id of the alert or report that says it.
fn identifying(incidents: &[Incident], ended: &[EndedReport], format: ExportFormat) -> Vec<(String, Finding)> {
    let mut found = Vec::new();
    let mut look = |id: &str, findings: Vec<Finding>| {
        let id: String = id.chars().take(4).collect();
        // Where a home is stands in no file.
        let written = |finding: &Finding| !(finding.what.is_of_home() && finding.field.starts_with("place."));
        found.extend(findings.into_iter().filter(written).map(|finding| (id.clone(), finding)));
    };
    for incident in incidents {
        // A map holds codes and numbers, and documents for others hold no reports.
        // Everything that was said of one is found under the id of the first.
        let known_by = incident.messages.first().map(|first| first.id.to_string()).unwrap_or_default();
        for message in incident.messages.iter().filter(|_| format != ExportFormat::Geojson) {
            look(&known_by, message.content.identifying_text());
        }
        for report in incident.reports.iter().filter(|_| format == ExportFormat::Csv) {
            look(&report.id, report.content.identifying_text());
        }
    }
    for EndedReport { report, .. } in ended {
        look(&report.id, report.content.identifying_text());
    }
    found
}

/// Points out what leaves the desk and may name a person. Nothing is written without a yes to that.
fn ask_if_it_names(app: &App, identifying: &[(String, Finding)]) -> Result<(), Problem> {
    if identifying.is_empty() {
        return Ok(());
    }
    let lang = app.lang;
    for (id, finding) in identifying {
        let (text, field) = (sanitize(&finding.text), field::name(lang, &sanitize(&finding.field)));
        let what = looks_like(lang, finding.what);
        app.tell_before_asking(&tell!(lang, "export-looks-like", text, field, id, what));
    }
    let count = identifying.len();
    if app.yes || app.person() {
        return app.confirm(&tell!(lang, "export-ask", count));
    }
    Err(Problem::no_input(tell!(lang, "export-names", count)).hint(tell!(lang, "ask-look-run-again")))
}

/// A folder with a document for each alert.
fn write_cap(app: &App, out: &Path, incidents: &[Incident]) -> Result<(), Problem> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().mode(0o700).create(out);
    made.map_err(|error| Problem::file(app.lang, &shown(out), &error))?;
    for incident in incidents {
        for message in &incident.messages {
            app.write_private(&out.join(format!("{}.xml", message.id)), cap::cap(incident, message)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use watchfire_client::export::ReportRow;
    use watchfire_client::file::report;
    use watchfire_protocol::time::Timestamp;

    use super::*;

    #[test]
    fn what_may_name_a_person_in_a_report_without_an_alert_is_pointed_out_too() {
        let text = r#"{"kind":"enforcement.checkpoint","comments":"ask for A123456789","place":{"text":"5th"}}"#;
        let report = ReportRow {
            id: "REPORT".to_owned(),
            sent: Timestamp(1),
            state: "unverified".to_owned(),
            verified_by: vec![],
            verified: None,
            content: report::parse(text).unwrap(),
        };
        let ended = EndedReport { neighborhood: "Elm Park".to_owned(), closed: Timestamp(2), how: "debunked", report };
        let found = identifying(&[], &[ended], ExportFormat::Csv);
        assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["REPO"]);
    }
}
