//! `alert export`: incidents that are over, for other programs.

use std::path::Path;

use serde_json::json;
use watchfire_client::export::{Incident, cap, csv, geojson};
use watchfire_client::ops::view::Filter;

use crate::app::{App, shown};
use crate::args::{ExportArgs, ExportFormat};
use crate::problem::{DONE, Done, Problem};
use crate::words::tell;

pub(super) fn export(app: &App, args: &ExportArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    app.check_new(&args.out)?;
    let incidents = client.incidents(&args.id)?;
    if incidents.is_empty() {
        let open = client.alerts(Filter::default())?;
        return Err(Problem::not_found(tell!(lang, "export-nothing")).hint(match open.first() {
            Some(first) => tell!(lang, "export-nothing-hint", short = first.shown_short()),
            None => tell!(lang, "export-forgotten-hint").to_owned(),
        }));
    }
    match args.format {
        ExportFormat::Csv => app.write_private(&args.out, csv::csv(&incidents)?)?,
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
        "reports": incidents.iter().map(|incident| incident.reports.len()).sum::<usize>(),
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
