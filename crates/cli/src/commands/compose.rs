//! What a person is asked for an alert: all that neither its file nor arguments say. And what they may mend before it is
//! signed.

use std::collections::BTreeMap;

use watchfire_client::file::alert::TextFile;
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::file::{AlertFile, EXPIRES_IN, parse_duration, parse_need};
use watchfire_protocol::vocabulary::{AlertContent, Code, Finding, Language, default_expiry, limit};

use crate::form::{Form, Person, looks_like};
use crate::problem::Problem;
use crate::words::{Lang, and, duration, language, sanitize, tell};

/// In so many languages more a text is asked for.
const TRANSLATIONS: usize = 3;

/// Asks for what an alert needs and does not have. `unread` tells the languages of members who can read none of its texts.
pub(super) fn ask_missing<P: Person>(
    form: &Form<'_, P>,
    file: &mut AlertFile,
    unread: impl Fn(&AlertFile) -> Vec<Language>,
) -> Result<(), Problem> {
    let lang = form.lang;
    if file.kind.is_none() {
        file.kind = form.kind(tell!(lang, "send-happens-kind-enforcement"))?;
        if file.kind.is_none() {
            return Ok(());
        }
    }
    if !file.text.is_empty() {
        return Ok(());
    }
    ask_where(form, file)?;
    if let Some(description) = form.long_text(tell!(lang, "send-seen-enter-skip"), limit::DESCRIPTION_CHARS)? {
        file.text.0.push((lang.tag().to_owned(), TextFile { description, ..TextFile::default() }));
        ask_translations(form, file, &unread(file))?;
    }
    if file.needs.is_empty() {
        file.needs = form.parsed(tell!(lang, "send-who-needed"), |typed| needs(lang, typed))?.unwrap_or_default();
    }
    if file.expires_in.is_none() {
        let usual = usual_expiry(lang, file);
        file.expires_in = form.parsed(&tell!(lang, "send-how-long", usual), |typed| expiry(lang, typed))?;
    }
    Ok(())
}

/// Where it is, for everybody and for those who come: the one thing that no template knows.
pub(super) fn ask_where<P: Person>(form: &Form<'_, P>, file: &mut AlertFile) -> Result<(), Problem> {
    if file.place.is_none() {
        let text = form.text(tell!(form.lang, "send-where-street-corner"), limit::PLACE_CHARS)?;
        file.place = text.map(|text| PlaceFile { text: Some(text), ..PlaceFile::default() });
    }
    ask_exact(form, file)
}

/// Where it is exactly: for those who come, and for nobody else.
fn ask_exact<P: Person>(form: &Form<'_, P>, file: &mut AlertFile) -> Result<(), Problem> {
    if file.place.as_ref().is_some_and(|place| place.exact.is_some()) {
        return Ok(());
    }
    let question = tell!(form.lang, "send-where-exactly");
    if let Some(text) = form.text(question, limit::PLACE_CHARS)? {
        let exact = PlaceFile { text: Some(text), ..PlaceFile::default() };
        file.place.get_or_insert_default().exact = Some(Box::new(exact));
    }
    Ok(())
}

/// The same text once more, in the languages of those who could not read it.
fn ask_translations<P: Person>(form: &Form<'_, P>, file: &mut AlertFile, unread: &[Language]) -> Result<(), Problem> {
    for tag in unread.iter().take(TRANSLATIONS) {
        let spoken = language(form.lang, tag);
        let question = tell!(form.lang, "send-same-in", spoken);
        if let Some(description) = form.long_text(&question, limit::DESCRIPTION_CHARS)? {
            file.text.0.push((tag.to_string(), TextFile { description, ..TextFile::default() }));
        }
    }
    Ok(())
}

fn needs(lang: Lang, typed: &str) -> Result<Vec<String>, String> {
    let wanted = typed.split([',', ';', ' ']).map(str::trim).filter(|need| !need.is_empty());
    wanted
        .map(|need| match parse_need(need) {
            Ok(_) => Ok(need.to_owned()),
            Err(_) => {
                let need = sanitize(need);
                Err(tell!(lang, "send-not-a-need", need))
            }
        })
        .collect()
}

fn expiry(lang: Lang, typed: &str) -> Result<String, String> {
    match parse_duration(typed, EXPIRES_IN) {
        Ok(seconds) if seconds > 0 => Ok(typed.trim().to_owned()),
        _ => Err(tell!(lang, "send-not-a-span").to_owned()),
    }
}

/// For how long it counts if nobody says.
fn usual_expiry(lang: Lang, file: &AlertFile) -> String {
    let code = |text: &Option<String>| text.as_deref().and_then(|text| Code::new(text).ok());
    let mut content = AlertContent::new(code(&file.kind).unwrap_or(Code::constant("unknown")));
    content.ask = code(&file.ask);
    duration(lang, default_expiry(&content))
}

/// Which languages the texts are in, and who can read none of them.
pub(super) fn languages_line(lang: Lang, content: &AlertContent, unread: &BTreeMap<Language, usize>) -> Option<String> {
    if content.text.is_empty() {
        return None;
    }
    let written: Vec<_> = content.text.iter().map(|text| language(lang, &text.language)).collect();
    let written = and(lang, &written);
    if unread.is_empty() {
        return Some(tell!(lang, "send-texts-in", written));
    }
    let missing: Vec<String> = unread.iter().map(|(tag, count)| format!("{} ({count})", language(lang, tag))).collect();
    let missing = and(lang, &missing);
    Some(tell!(lang, "send-texts-missing", written, missing))
}

/// Has a person type anew what looks like it names somebody. Returns whether anything changed.
pub(super) fn mend<P: Person>(form: &Form<'_, P>, content: &mut AlertContent) -> Result<bool, Problem> {
    let mut changed = false;
    for Finding { field, what, text } in content.identifying_text() {
        let Some((written, most)) = field_of(content, &field) else { continue };
        // Two findings in one text are mended at once.
        if !written.contains(&text) {
            continue;
        }
        let (before, piece, what) = (sanitize(written), sanitize(&text), looks_like(form.lang, what));
        form.person.tell(&tell!(form.lang, "send-mend", field = sanitize(&field), before, piece, what));
        if let Some(anew) = form.text(tell!(form.lang, "send-mend-anew"), most)? {
            *written = anew;
            changed = true;
        }
    }
    Ok(changed)
}

/// A text of an alert by its name, and how long it may be.
fn field_of<'a>(content: &'a mut AlertContent, field: &str) -> Option<(&'a mut String, usize)> {
    match field {
        "place.text" => content.place.as_mut().map(|place| (&mut place.text, limit::PLACE_CHARS)),
        "seen.unit" => content.seen.as_mut().map(|seen| (&mut seen.unit, limit::SEEN_CHARS)),
        "seen.equipment" => content.seen.as_mut().map(|seen| (&mut seen.equipment, limit::SEEN_CHARS)),
        _ => {
            let (tag, part) = field.strip_prefix("text.")?.rsplit_once('.')?;
            let block = content.text.iter_mut().find(|block| block.language.as_str() == tag)?;
            match part {
                "headline" => Some((&mut block.headline, limit::HEADLINE_CHARS)),
                "description" => Some((&mut block.description, limit::DESCRIPTION_CHARS)),
                "instruction" => Some((&mut block.instruction, limit::INSTRUCTION_CHARS)),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{NOW, Scripted};

    fn composed(answers: &[&str], mut file: AlertFile) -> (AlertFile, String) {
        let person = Scripted::new(answers);
        let form = Form { lang: Lang::EN, person: &person, now: NOW };
        ask_missing(&form, &mut file, |_| vec![Language::new("es").unwrap()]).unwrap();
        person.is_done();
        (file, person.read())
    }

    #[test]
    fn what_an_alert_lacks_is_asked_for_and_the_exact_place_stays_out_of_it() {
        let answers = [
            "enforcement.checkpoint",
            "5th & Main",
            "1204 Elm Street, the green door",
            "4 people, 2 vehicles",
            "4 personas, 2 vehículos",
            "observer:4, interpreter:es:1",
            "90m",
        ];
        let (file, _) = composed(&answers, AlertFile::default());
        let (content, expires_in) = file.to_content().unwrap();
        assert_eq!(content.place.unwrap().text, "5th & Main");
        assert_eq!(file.exact_place().unwrap().unwrap().text, "1204 Elm Street, the green door");
        assert_eq!(content.text.len(), 2);
        assert_eq!((content.needs.len(), expires_in), (2, Some(5400)));
    }

    #[test]
    fn what_cannot_be_read_is_asked_again_and_everything_can_be_skipped() {
        let kind = AlertFile { kind: Some("community.fire".into()), ..AlertFile::default() };
        let (file, read) =
            composed(&["5th & Main", "", "", "pilot:3", "driver:2", "yesterday", "0m", ""], kind.clone());
        assert_eq!((file.needs, file.expires_in), (vec!["driver:2".to_owned()], None));
        assert!(read.contains("`pilot:3`") && read.contains("4 h"), "{read}");
        let (file, read) = composed(&["x".repeat(201).as_str(), "", "", "", "", ""], kind);
        assert_eq!(file.place, None);
        assert!(read.contains("201"), "the size is said before anything is signed: {read}");
    }

    #[test]
    fn whoever_begins_with_a_template_is_asked_where() {
        let mut file = AlertFile::read(r#"{"kind":"community.fire","text":{"en":{"headline":"Fire"}}}"#).unwrap();
        let person = Scripted::new(&["5th & Main", "the yard behind"]);
        ask_where(&Form { lang: Lang::EN, person: &person, now: NOW }, &mut file).unwrap();
        person.is_done();
        assert_eq!(file.to_content().unwrap().0.place.unwrap().text, "5th & Main");
        assert_eq!(file.exact_place().unwrap().unwrap().text, "the yard behind");
    }

    #[test]
    fn what_a_file_says_is_not_asked_for() {
        let text = r#"{"kind":"community.fire","text":{"en":{"headline":"Fire"}}}"#;
        composed(&[], AlertFile::read(text).unwrap());
    }

    #[test]
    fn what_looks_like_it_names_somebody_is_typed_anew_where_it_stands() {
        let text = r#"{"kind":"community.fire","place":{"text":"call 312-555-0123"},
                       "text":{"es":{"headline":"Pregunte por A123456789"}}}"#;
        let mut content = AlertFile::read(text).unwrap().to_content().unwrap().0;
        let person = Scripted::new(&["5th & Main", ""]);
        let form = Form { lang: Lang::EN, person: &person, now: NOW };
        assert!(mend(&form, &mut content).unwrap());
        assert_eq!(content.place.unwrap().text, "5th & Main");
        assert_eq!(content.text[0].headline, "Pregunte por A123456789", "left as it is");
    }
}
