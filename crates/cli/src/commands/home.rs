//! Where somebody lives: for those who come, and not for everybody.

use watchfire_client::file::AlertFile;
use watchfire_client::file::sighting::PlaceFile;
use watchfire_protocol::vocabulary::limit;

use crate::app::App;
use crate::form::{Form, Person};
use crate::problem::Problem;
use crate::words::tell;

/// Has a person keep for those who come what says exactly where somebody lives, unless they want everybody to know. Of a
/// place that was told before, or is to be, nothing is asked.
pub(super) fn keep<P: Person>(
    form: &Form<'_, P>,
    file: &mut AlertFile,
    told: &mut Option<PlaceFile>,
) -> Result<(), Problem> {
    let lang = form.lang;
    loop {
        let mut kept = file.clone();
        let zone = for_everybody(file);
        if zone == *told || !kept.keep_home() {
            return Ok(());
        }
        if form.whether(tell!(lang, "home-keep"))? == Some(false) {
            *told = zone;
            return Ok(());
        }
        *file = kept;
        form.keep(file)?;
        form.person.tell(tell!(lang, "home-kept"));
        let Some(place) = file.place.as_mut().filter(|place| place.text.is_none()) else { return Ok(()) };
        place.text = form.text(tell!(lang, "send-where-about"), limit::PLACE_CHARS)?;
        form.keep(file)?;
    }
}

/// The same where nobody is asked: no `--yes` tells everybody where somebody lives.
pub(super) fn keep_unasked(app: &App, file: &mut AlertFile, told: Option<&PlaceFile>) {
    if for_everybody(file).as_ref() != told && file.keep_home() {
        app.tell_before_asking(tell!(app.lang, "home-kept"));
    }
}

/// Where it is, as everybody is told.
fn for_everybody(file: &AlertFile) -> Option<PlaceFile> {
    file.place.clone().map(|place| PlaceFile { exact: None, ..place })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{NOW, Scripted};
    use crate::words::Lang;

    const HOME: &str = r#"{"kind":"enforcement.home","place":{"text":"1204 Elm Street","lat":41.850417,"lon":-87.650042,
                           "precision-m":25}}"#;

    fn kept(answers: &[&str]) -> (AlertFile, Option<PlaceFile>, String) {
        let (person, mut file, mut told) = (Scripted::new(answers), AlertFile::read(HOME).unwrap(), None);
        let form = Form { lang: Lang::EN, person: &person, now: NOW };
        keep(&form, &mut file, &mut told).unwrap();
        let before = file.clone();
        keep(&form, &mut file, &mut told).unwrap();
        assert_eq!(file, before, "it is asked once");
        person.is_done();
        (file, told, person.read())
    }

    #[test]
    fn the_address_of_a_home_is_for_those_who_come_unless_somebody_says_no_to_that() {
        // Enter keeps it; another address in its place is kept from everybody too, and then a crossing goes.
        let (file, _, read) = kept(&["", "1206 Elm Street", "", "Elm & 12th"]);
        let zone = file.to_content().unwrap().0.place.unwrap();
        assert_eq!(zone.text, "Elm & 12th");
        assert!(zone.point.unwrap().precision_m >= 1000);
        assert_eq!(file.exact_place().unwrap().unwrap().text, "1204 Elm Street", "what was said first");
        assert!(read.contains("those who come"), "{read}");
        let (file, _, _) = kept(&["", ""]);
        assert_eq!(file.to_content().unwrap().0.place.unwrap().text, "");

        let (file, told, _) = kept(&["n"]);
        assert_eq!((file.clone(), told), (AlertFile::read(HOME).unwrap(), file.place));
    }
}
