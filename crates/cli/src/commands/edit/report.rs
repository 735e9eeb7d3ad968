//! What a report says, field by field, as its author picks them before it goes.

use watchfire_client::file::ReportFile;

use super::field::{self, Field};
use super::{ask_alike, take_away_alike};
use crate::commands::report::{ask_comments, ask_source};
use crate::commands::sighting::tidy;
use crate::form::{Form, Person};
use crate::problem::Problem;
use crate::words::tell;

/// Offers all fields, and asks for those that are picked. Whoever keeps the desk also says who called.
pub(in crate::commands) fn edit<P: Person>(
    form: &Form<'_, P>,
    file: &mut ReportFile,
    desk: bool,
) -> Result<(), Problem> {
    let (lang, fields) = (form.lang, field::OF_REPORT);
    form.person.tell(&field::numbered(lang, fields));
    let picked = form.parsed(tell!(lang, "edit-which"), |typed| field::picked(lang, fields, typed))?;
    for (field, away) in picked.unwrap_or_default() {
        match (field, away) {
            (Field::Comments, true) => file.comments.clear(),
            (Field::Source, true) => (file.source, file.caller) = (None, None),
            (Field::Comments, false) => ask_comments(form, file, true)?,
            (Field::Source, false) => ask_source(form, file, desk, true)?,
            (field, true) => take_away_alike(file, field),
            (field, false) => ask_alike(form, file, field)?,
        }
        tidy(file);
        form.keep(file)?;
    }
    Ok(())
}
