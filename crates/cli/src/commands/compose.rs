//! What a person is asked for an alert: all that neither its file nor arguments say. And what they may mend before it is
//! signed.

use watchfire_client::file::alert::{CheckFile, TextFile, VerificationFile};
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::file::{AlertFile, EXPIRES_IN, parse_duration, parse_need, rfc3339, short};
use watchfire_client::ops::alert::Readers;
use watchfire_protocol::vocabulary::{
    AlertContent, Code, Finding, Language, List, UNVERIFIED_EXPIRY, default_expiry, limit,
};

use crate::form::{Form, Person, TRIES, looks_like};
use crate::problem::Problem;
use crate::words::spoken;
use crate::words::{Lang, and, duration, field, language, need_as_code, people_of, sanitize, tell};

/// Asks for the little that an alert cannot do without, and does not have: what, where, what is seen, and who is needed.
/// All else may be added where it is shown before it goes. What is made of a file or a template that has a text is `whole`:
/// it is taken to say all that its author wants to say.
pub(super) fn ask_missing<P: Person>(form: &Form<'_, P>, file: &mut AlertFile, whole: bool) -> Result<(), Problem> {
    let lang = form.lang;
    if file.kind.is_none() {
        file.kind = form.kind(tell!(lang, "form-kind"))?;
        if file.kind.is_none() {
            return Ok(());
        }
        form.keep(file)?;
    }
    if whole && !file.text.is_empty() {
        return Ok(());
    }
    ask_where(form, file)?;
    if file.text.is_empty()
        && let Some(description) = form.long_text(tell!(lang, "send-seen-enter-skip"), limit::DESCRIPTION_CHARS)?
    {
        file.text.0.push((lang.tag().to_owned(), TextFile { description, ..TextFile::default() }));
        form.keep(file)?;
    }
    if file.needs.is_empty() {
        ask_needs(form, file)?;
    }
    Ok(())
}

/// How a sighting was checked, where nobody has said so: a signature must not say more than its author does. What nobody
/// has checked goes out as a call to verify it, and as nothing else.
pub(super) fn ask_check<P: Person>(form: &Form<'_, P>, file: &mut AlertFile, me: &str) -> Result<(), Problem> {
    let (lang, nobody) = (form.lang, List::Method.codes().len() + 1);
    let unchecked = || Some(VerificationFile { state: "unverified".to_owned(), by: vec![] });
    let read = |typed: &str| match typed.parse::<usize>() {
        Ok(number) if number == nobody => Ok(None),
        _ => form.chosen(List::Method, typed).map(Some),
    };
    for _ in 0..TRIES {
        let last = format!("  {nobody:>2}  {}", tell!(lang, "send-check-nobody"));
        form.person.tell(&format!("{}\n{last}", form.numbered(List::Method)));
        match form.parsed(tell!(lang, "edit-how-checked"), read)? {
            None => form.person.tell(tell!(lang, "send-check-needed")),
            Some(Some(method)) => {
                let check = CheckFile { handle: me.to_owned(), method, at: rfc3339(form.now) };
                file.verification = Some(VerificationFile { state: "verified".to_owned(), by: vec![check] });
                return form.keep(file);
            }
            Some(None) => {
                form.person.tell(tell!(lang, "send-check-call"));
                if form.whether(tell!(lang, "send-check-as-call"))? == Some(true) {
                    (file.verification, file.ask) = (unchecked(), Some("verify".to_owned()));
                    file.expires_in = Some(short::duration(UNVERIFIED_EXPIRY));
                    return form.keep(file);
                }
            }
        }
    }
    // Nobody says that it was checked: then it was not.
    file.verification = unchecked();
    Ok(())
}

/// Where it is, for everybody: the one thing that no template knows. Where that must not be an address, then also where
/// exactly, for those who come.
pub(super) fn ask_where<P: Person>(form: &Form<'_, P>, file: &mut AlertFile) -> Result<(), Problem> {
    let lang = form.lang;
    let home = is_of_a_home(file);
    if file.place.as_ref().is_none_or(|place| place.text.is_none() && (home || place.lat.is_none())) {
        let question = if home { tell!(lang, "send-where-about") } else { tell!(lang, "send-where-street-corner") };
        if let Some(text) = form.text(question, limit::PLACE_CHARS)? {
            file.place.get_or_insert_default().text = Some(text);
            form.keep(file)?;
        }
    }
    if home && file.place.as_ref().is_none_or(|place| place.exact.is_none()) {
        let exact = form.text(tell!(lang, "send-where-exactly"), limit::PLACE_CHARS)?;
        if let Some(text) = exact {
            let exact = PlaceFile { text: Some(text), ..PlaceFile::default() };
            file.place.get_or_insert_default().exact = Some(Box::new(exact));
            form.keep(file)?;
        }
    }
    Ok(())
}

/// Whether it is about where somebody lives, which is nothing for everybody.
fn is_of_a_home(file: &AlertFile) -> bool {
    let sort = file.place.as_ref().and_then(|place| place.place_type.as_deref());
    sort == Some("home") || sort.is_none() && file.kind.as_deref() == Some("enforcement.home")
}

/// Who is needed: one role after the other by number, or all of them at once, spelled out. Enter at the first leaves it as it
/// was.
pub(super) fn ask_needs<P: Person>(form: &Form<'_, P>, file: &mut AlertFile) -> Result<(), Problem> {
    let lang = form.lang;
    form.person.tell(&form.numbered(List::Role));
    let mut several = Vec::new();
    loop {
        let question = if several.is_empty() { tell!(lang, "send-who-needed") } else { tell!(lang, "send-who-else") };
        match form.parsed(question, |typed| wanted(form, typed))? {
            None => return Ok(()),
            Some(Wanted::Needs(needs)) => {
                several.extend(needs);
                file.needs = several;
                return form.keep(file);
            }
            Some(Wanted::Role(role)) => {
                several.push(ask_need(form, &role)?);
                file.needs.clone_from(&several);
                form.keep(file)?;
            }
        }
    }
}

/// In what language, where that is what they come for, and how many.
fn ask_need<P: Person>(form: &Form<'_, P>, role: &str) -> Result<String, Problem> {
    let lang = form.lang;
    let spoken = match role {
        "interpreter" => form.languages(tell!(lang, "send-need-language"))?.into_iter().next(),
        _ => None,
    };
    let count = form.parsed(tell!(lang, "send-need-count"), |typed| {
        let count = spoken::number(typed).filter(|count| *count > 0);
        count.ok_or_else(|| tell!(lang, "form-number").to_owned())
    })?;
    let count = count.unwrap_or(1);
    Ok(spoken.map_or_else(|| format!("{role}:{count}"), |spoken| format!("{role}:{spoken}:{count}")))
}

/// What was typed where it was asked who is needed.
enum Wanted {
    Role(String),
    Needs(Vec<String>),
}

fn wanted<P: Person>(form: &Form<'_, P>, typed: &str) -> Result<Wanted, String> {
    if typed.contains(':') {
        return needs(form.lang, typed).map(Wanted::Needs);
    }
    form.chosen(List::Role, typed).map(Wanted::Role)
}

fn needs(lang: Lang, typed: &str) -> Result<Vec<String>, String> {
    let wanted = typed.split([',', ';', ' ']).map(str::trim).filter(|need| !need.is_empty());
    wanted
        .map(|typed| {
            let need = need_as_code(lang, typed);
            let known = parse_need(&need).is_ok();
            known.then_some(need).ok_or_else(|| tell!(lang, "send-not-a-need", need = sanitize(typed)))
        })
        .collect()
}

/// A span of time to come.
pub(super) fn expiry(lang: Lang, typed: &str) -> Result<String, String> {
    match parse_duration(typed, EXPIRES_IN) {
        Ok(seconds) if seconds > 0 => Ok(typed.trim().to_owned()),
        _ => Err(tell!(lang, "send-not-a-span").to_owned()),
    }
}

/// For how long it counts if nobody says.
pub(super) fn usual_expiry(lang: Lang, file: &AlertFile) -> String {
    let code = |text: &Option<String>| text.as_deref().and_then(|text| Code::new(text).ok());
    let mut content = AlertContent::new(code(&file.kind).unwrap_or(Code::constant("unknown")));
    content.ask = code(&file.ask);
    duration(lang, default_expiry(&content))
}

/// Which languages the texts are in, and who can read none of them, or has not said what they read.
pub(super) fn languages_line(lang: Lang, content: &AlertContent, readers: &Readers) -> String {
    if content.text.is_empty() {
        return tell!(lang, "send-texts-none").to_owned();
    }
    let written: Vec<_> = content.text.iter().map(|text| language(lang, &text.language)).collect();
    let written = and(lang, &written);
    let Readers { unread, unsaid, members } = readers;
    let mut line = tell!(lang, "send-texts-in", written);
    if !unread.is_empty() {
        let people = |(tag, count): (&Language, &usize)| people_of(lang, &language(lang, tag), *count);
        let missing = and(lang, &unread.iter().map(people).collect::<Vec<_>>());
        line.push_str(&format!(" {}", tell!(lang, "send-texts-missing", missing)));
    }
    if *unsaid > 0 {
        line.push_str(&format!(" {}", tell!(lang, "send-texts-unsaid", unsaid, members)));
    } else if unread.is_empty() && *members > 0 {
        line.push_str(&format!(" {}", tell!(lang, "send-texts-all")));
    }
    line
}

/// Has a person type anew what looks like it names somebody.
pub(super) fn mend<P: Person>(form: &Form<'_, P>, file: &mut AlertFile, findings: &[Finding]) -> Result<(), Problem> {
    for Finding { field, what, text } in findings {
        let Some((written, most)) = field_of(file, field) else { continue };
        // Two findings in one text are mended at once.
        if !written.contains(text) {
            continue;
        }
        let (before, piece, what) = (sanitize(written), sanitize(text), looks_like(form.lang, *what));
        form.person.tell(&tell!(form.lang, "send-mend", field = field::name(form.lang, field), before, piece, what));
        if let Some(anew) = form.text(tell!(form.lang, "send-mend-anew"), most)? {
            *written = anew;
        }
    }
    Ok(())
}

/// A text of an alert by its name, and how long it may be.
fn field_of<'a>(file: &'a mut AlertFile, field: &str) -> Option<(&'a mut String, usize)> {
    match field {
        "place.text" => Some((file.place.as_mut()?.text.as_mut()?, limit::PLACE_CHARS)),
        "place.exact.text" => Some((file.place.as_mut()?.exact.as_mut()?.text.as_mut()?, limit::PLACE_CHARS)),
        "seen.unit" => Some((&mut file.seen.as_mut()?.unit, limit::SEEN_CHARS)),
        "seen.equipment" => Some((&mut file.seen.as_mut()?.equipment, limit::SEEN_CHARS)),
        _ => {
            let (tag, part) = field.strip_prefix("text.")?.rsplit_once('.')?;
            let block = file.text.0.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(tag))?;
            match part {
                "headline" => Some((&mut block.1.headline, limit::HEADLINE_CHARS)),
                "description" => Some((&mut block.1.description, limit::DESCRIPTION_CHARS)),
                "instruction" => Some((&mut block.1.instruction, limit::INSTRUCTION_CHARS)),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{NOW, Scripted};

    fn asked(
        answers: &[&str],
        mut file: AlertFile,
        ask: impl Fn(&Form<'_, Scripted>, &mut AlertFile),
    ) -> (AlertFile, String) {
        let person = Scripted::new(answers);
        ask(&Form { lang: Lang::EN, person: &person, now: NOW }, &mut file);
        person.is_done();
        (file, person.read())
    }

    fn composed(answers: &[&str], file: AlertFile) -> (AlertFile, String) {
        asked(answers, file, |form, file| ask_missing(form, file, true).unwrap())
    }

    fn needed(answers: &[&str]) -> (Vec<String>, String) {
        let (file, read) = asked(answers, AlertFile::default(), |form, file| {
            ask_needs(form, file).unwrap();
        });
        (file.needs, read)
    }

    #[test]
    fn what_an_alert_cannot_do_without_is_asked_for_and_no_more() {
        let answers = ["1", "2", "5th & Main", "4 people, 2 vehicles", "observer:4, interpreter:es:1"];
        let (file, _) = composed(&answers, AlertFile::default());
        let (content, _) = file.to_content().unwrap();
        assert_eq!(content.kind, "enforcement.checkpoint");
        assert_eq!(content.place.unwrap().text, "5th & Main");
        assert_eq!((content.text.len(), content.needs.len()), (1, 2));
    }

    #[test]
    fn with_a_kind_and_needs_two_answers_are_enough() {
        let text = r#"{"kind":"enforcement.checkpoint","needs":["observer:4"]}"#;
        composed(&["5th & Main", "4 or more people, 2 vehicles, stopping cars"], AlertFile::read(text).unwrap());
    }

    #[test]
    fn of_a_home_everybody_is_told_about_where_and_those_who_come_the_address() {
        let home = AlertFile { kind: Some("enforcement.home".into()), ..AlertFile::default() };
        let (file, read) = composed(&["Elm & 12th", "1204 Elm Street, the green door", "", ""], home);
        assert_eq!(file.to_content().unwrap().0.place.unwrap().text, "Elm & 12th");
        assert_eq!(file.exact_place().unwrap().unwrap().text, "1204 Elm Street, the green door");
        assert!(read.contains("never its address"), "{read}");
        let text = r#"{"kind":"enforcement.raid","place":{"type":"home","exact":{"text":"1204 Elm Street"}}}"#;
        let (file, _) = composed(&["Elm & 12th", "", ""], AlertFile::read(text).unwrap());
        assert_eq!(file.to_content().unwrap().0.place.unwrap().text, "Elm & 12th");
        assert_eq!(file.exact_place().unwrap().unwrap().text, "1204 Elm Street");
    }

    #[test]
    fn who_is_needed_is_picked_by_number_with_a_language_for_interpreters_and_how_many() {
        let (needs, read) = needed(&["1", "4", "4", "Spanish", "", "99", ""]);
        assert_eq!(needs, ["observer:4", "interpreter:es:1"]);
        assert!(read.contains(" 1  observer") && read.contains("number from the list"), "{read}");
        assert_eq!(needed(&["interpreter", "", "0", "2", "driver:1"]).0, ["interpreter:2", "driver:1"]);
        let (needs, read) = needed(&["pilot:3", "driver:2"]);
        assert_eq!(needs, ["driver:2"]);
        assert!(read.contains("`pilot:3`"), "{read}");
        assert!(needed(&[""]).0.is_empty());
    }

    #[test]
    fn that_everybody_reads_it_is_said_of_people_who_have_said_what_they_read() {
        let text = r#"{"kind":"community.fire","text":{"en":{"headline":"Fire"}}}"#;
        let content = AlertFile::read(text).unwrap().to_content().unwrap().0;
        let line = |lang, unread: &[(&str, usize)], unsaid, members| {
            let unread = unread.iter().map(|(tag, count)| (Language::new(tag).unwrap(), *count)).collect();
            languages_line(lang, &content, &Readers { unread, unsaid, members })
        };
        assert_eq!(line(Lang::EN, &[], 0, 3), "Texts are in English. Everybody here reads one of them.");
        assert_eq!(line(Lang::EN, &[], 0, 0), "Texts are in English.", "nothing is known");
        assert_eq!(line(Lang::EN, &[], 2, 3), "Texts are in English. 2 of 3 members have not said what they read.");
        assert_eq!(
            line(Lang::EN, &[("es", 1), ("mam", 2)], 1, 4),
            "Texts are in English. Missing for people here: Spanish (1 person) and Mam (2 people). Coded parts everybody \
             reads in their language. 1 of 4 members has not said what they read."
        );
        let spanish = line(Lang::es(), &[("es", 1)], 0, 3);
        assert!(spanish.contains("español (1 persona)") && !spanish.contains("Todas las personas"), "{spanish}");
        let coded =
            AlertFile::read(r#"{"kind":"community.fire","place":{"text":"5th"}}"#).unwrap().to_content().unwrap().0;
        let line = languages_line(Lang::EN, &coded, &Readers { unread: [].into(), unsaid: 0, members: 3 });
        assert!(line.contains("in their own language"), "{line}");
    }

    #[test]
    fn the_size_of_a_text_is_said_before_anything_is_signed() {
        let kind = AlertFile { kind: Some("community.fire".into()), ..AlertFile::default() };
        let (file, read) = composed(&["x".repeat(201).as_str(), "", "", ""], kind);
        assert_eq!(file.place, None);
        assert!(read.contains("201"), "{read}");
    }

    #[test]
    fn what_a_file_says_is_not_asked_for_but_of_a_template_where_it_is() {
        let text = r#"{"kind":"community.fire","text":{"en":{"headline":"Fire"}}}"#;
        let file = AlertFile::read(text).unwrap();
        composed(&[], file.clone());
        let (file, _) = asked(&["5th & Main"], file, |form, file| ask_where(form, file).unwrap());
        assert_eq!(file.to_content().unwrap().0.place.unwrap().text, "5th & Main");
    }

    #[test]
    fn what_looks_like_it_names_somebody_is_typed_anew_where_it_stands() {
        let text = r#"{"kind":"community.fire","place":{"text":"call 312-555-0123","exact":{"text":"ask for ana@example.org"}},
                       "text":{"es":{"headline":"Pregunte por A123456789"}}}"#;
        let file = AlertFile::read(text).unwrap();
        let mut findings = file.to_content().unwrap().0.identifying_text();
        findings.extend(file.exact_place().unwrap().unwrap().identifying_exact_text());
        let answers = ["5th & Main", "", "the yard behind"];
        let (file, _) = asked(&answers, file, |form, file| mend(form, file, &findings).unwrap());
        let (content, _) = file.to_content().unwrap();
        assert_eq!(content.place.unwrap().text, "5th & Main");
        assert_eq!(content.text[0].headline, "Pregunte por A123456789", "left as it is");
        assert_eq!(file.exact_place().unwrap().unwrap().text, "the yard behind");
    }
}
