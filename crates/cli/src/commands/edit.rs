//! All that an alert can say, field by field, as a person picks them by number: to add what they were not asked for, and
//! to put right what is wrong.

mod field;
pub(super) mod report;
#[cfg(test)]
mod tests;

use watchfire_client::file::alert::{CheckFile, TextFile, VerificationFile};
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::file::{AlertFile, rfc3339};
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Language, List, limit};

use field::Field;

use super::compose::{ask_needs, expiry, usual_expiry};
use super::report::{ask_activity, ask_conduct, ask_people, ask_size, ask_still_there, ask_time, ask_unit};
use super::sighting::{Sighting, place, seen, tidy};
use crate::form::{Form, Person};
use crate::problem::Problem;
use crate::words::{Lang, language, tell};

/// Somebody who changes what an alert says.
pub(super) struct Editor<'a, P> {
    pub(super) form: Form<'a, P>,
    /// Who they are: whoever checks something themselves is named.
    pub(super) me: String,
    /// Languages of members who can read none of its texts.
    pub(super) unread: Vec<Language>,
}

impl<P: Person> Editor<'_, P> {
    /// Offers all fields, and asks for those that are picked.
    pub(super) fn edit(&self, file: &mut AlertFile) -> Result<(), Problem> {
        let (lang, fields) = (self.form.lang, Field::of(file));
        self.form.person.tell(&field::numbered(lang, &fields));
        let picked = self.form.parsed(tell!(lang, "edit-which"), |typed| field::picked(lang, &fields, typed))?;
        for (field, away) in picked.unwrap_or_default() {
            if away {
                take_away(lang, file, field)
            } else {
                self.ask(file, field)?
            }
            file.text.0.retain(|(_, block)| *block != TextFile::default());
            tidy(file);
            self.form.keep(file)?;
        }
        Ok(())
    }

    /// Asks for one field. Enter leaves it as it was.
    fn ask(&self, file: &mut AlertFile, field: Field) -> Result<(), Problem> {
        let (form, lang) = (&self.form, self.form.lang);
        let asked = field.name(lang);
        match field {
            Field::Headline | Field::Description | Field::Instruction => {
                let said = self.text(&format!("{asked}:"), field)?;
                set(said, text_of(block(file, lang.tag()), field));
            }
            Field::OtherLanguage => self.ask_in_another(file)?,
            Field::ExactPlace => self.ask_exact(file)?,
            Field::Ask => choose(form, List::Ask, asked, &mut file.ask)?,
            Field::Needs => ask_needs(form, file)?,
            Field::Urgency => choose(form, List::Urgency, asked, &mut file.urgency)?,
            Field::Severity => choose(form, List::Severity, asked, &mut file.severity)?,
            Field::Certainty => choose(form, List::Certainty, asked, &mut file.certainty)?,
            Field::Verification => self.ask_verification(file)?,
            Field::Expiry => {
                let usual = usual_expiry(lang, file);
                let typed = form.parsed(&tell!(lang, "send-how-long", usual), |typed| expiry(lang, typed))?;
                set(typed.map(Some), &mut file.expires_in);
            }
            Field::Status => choose(form, List::Status, asked, &mut file.status)?,
            Field::Outcome => choose(form, List::Outcome, asked, &mut file.outcome)?,
            _ => ask_alike(form, file, field)?,
        }
        Ok(())
    }

    fn text(&self, question: &str, field: Field) -> Result<Option<String>, Problem> {
        match field {
            Field::Headline => self.form.text(question, limit::HEADLINE_CHARS),
            Field::Instruction => self.form.long_text(question, limit::INSTRUCTION_CHARS),
            _ => self.form.long_text(question, limit::DESCRIPTION_CHARS),
        }
    }

    /// All three texts in a language of the author's choice: first of those who could read nothing.
    fn ask_in_another(&self, file: &mut AlertFile) -> Result<(), Problem> {
        let (form, lang) = (&self.form, self.form.lang);
        let usual = self.unread.first();
        let question = match usual {
            Some(tag) => tell!(lang, "edit-which-language-usual", spoken = language(lang, tag)),
            None => tell!(lang, "edit-which-language").to_owned(),
        };
        let typed = form.languages(&question)?.into_iter().next();
        let Some(tag) = typed.or_else(|| usual.map(Language::to_string)) else { return Ok(()) };
        for field in [Field::Headline, Field::Description, Field::Instruction] {
            if let Some(said) = self.text(&format!("{} ({tag}):", field.name(lang)), field)? {
                *text_of(block(file, &tag), field) = said;
                form.keep(file)?;
            }
        }
        Ok(())
    }

    /// Where exactly, in words and on the map: for those who come.
    fn ask_exact(&self, file: &mut AlertFile) -> Result<(), Problem> {
        let (form, lang) = (&self.form, self.form.lang);
        if let Some(text) = form.text(tell!(lang, "send-where-exactly"), limit::PLACE_CHARS)? {
            place(file).exact.get_or_insert_default().text = Some(text);
            form.keep(file)?;
        }
        if let Some(point) = form.point(tell!(lang, "form-coordinates"))? {
            place(file).exact.get_or_insert_default().set_point(Some(point));
        }
        Ok(())
    }

    /// Who found what, how and when. Another check joins those that found the same.
    fn ask_verification(&self, file: &mut AlertFile) -> Result<(), Problem> {
        let (form, lang) = (&self.form, self.form.lang);
        let Some(state) = form.choice(List::VerificationState, Field::Verification.name(lang))? else { return Ok(()) };
        let before = file.verification.take().filter(|before| before.state == state);
        let mut by = before.map(|before| before.by).unwrap_or_default();
        // That nobody has looked yet has no author.
        if state != "unverified" {
            let who = form.text(tell!(lang, "edit-who-checked"), limit::HANDLE_CHARS)?;
            let handle = who.unwrap_or_else(|| self.me.clone());
            let method = form.choice(List::Method, tell!(lang, "edit-how-checked"))?;
            let at = form.time(tell!(lang, "edit-when-checked"))?.unwrap_or_else(|| rfc3339(form.now));
            by.retain(|check: &CheckFile| check.handle != handle);
            by.push(CheckFile { handle, method: method.unwrap_or_else(|| UNKNOWN.to_owned()), at });
        }
        file.verification = Some(VerificationFile { state, by });
        Ok(())
    }
}

/// Asks for what alerts and reports say alike. Enter leaves it as it was.
fn ask_alike<P: Person>(form: &Form<'_, P>, file: &mut impl Sighting, field: Field) -> Result<(), Problem> {
    let (lang, asked) = (form.lang, field.name(form.lang));
    match field {
        Field::Place | Field::Where => {
            let text = form.text(tell!(lang, "send-where-street-corner"), limit::PLACE_CHARS)?;
            set(text.map(Some), &mut place(file).text);
        }
        Field::PlaceType => choose(form, List::PlaceType, asked, &mut place(file).place_type)?,
        Field::Coordinates => ask_point(form, place(file))?,
        Field::Size => {
            ask_size(form, file, true)?;
            ask_activity(form, file, true)?;
        }
        Field::Unit => ask_unit(form, file, true)?,
        Field::Time => {
            ask_time(form, file, true)?;
            ask_still_there(form, file, true)?;
        }
        Field::Conduct => ask_conduct(form, file, true)?,
        Field::People => ask_people(form, file, true)?,
        Field::Kind => set(form.kind(tell!(lang, "form-kind"))?.map(Some), file.kind()),
        _ => {}
    }
    Ok(())
}

/// Takes away what alerts and reports say alike.
fn take_away_alike(file: &mut impl Sighting, field: Field) {
    match field {
        Field::Place | Field::Where => place(file).text = None,
        Field::PlaceType => place(file).place_type = None,
        Field::Coordinates => place(file).set_point(None),
        Field::Size => (seen(file).size, seen(file).activity) = (None, vec![]),
        Field::Unit => {
            let seen = seen(file);
            (seen.unit, seen.agencies, seen.police_role) = (String::new(), vec![], None);
        }
        Field::Time => (seen(file).seen_at, seen(file).still_there) = (None, None),
        Field::Conduct => (seen(file).equipment, seen(file).conduct) = (String::new(), vec![]),
        Field::People => *file.people() = None,
        Field::Kind => *file.kind() = None,
        _ => {}
    }
}

/// Takes away what one field says. What every alert must say is asked for anew before it goes.
fn take_away(lang: Lang, file: &mut AlertFile, field: Field) {
    match field {
        Field::Headline | Field::Description | Field::Instruction => text_of(block(file, lang.tag()), field).clear(),
        Field::OtherLanguage => file.text.0.retain(|(tag, _)| tag == lang.tag()),
        Field::ExactPlace => place(file).exact = None,
        Field::Ask => file.ask = None,
        Field::Needs => file.needs.clear(),
        Field::Urgency => file.urgency = None,
        Field::Severity => file.severity = None,
        Field::Certainty => file.certainty = None,
        Field::Verification => file.verification = None,
        Field::Expiry => file.expires_in = None,
        Field::Status => file.status = None,
        Field::Outcome => file.outcome = None,
        _ => take_away_alike(file, field),
    }
}

fn set<T>(said: Option<T>, into: &mut T) {
    if let Some(said) = said {
        *into = said;
    }
}

fn choose<P: Person>(form: &Form<'_, P>, list: List, question: &str, into: &mut Option<String>) -> Result<(), Problem> {
    set(form.choice(list, &format!("{question}:"))?.map(Some), into);
    Ok(())
}

fn ask_point<P: Person>(form: &Form<'_, P>, place: &mut PlaceFile) -> Result<(), Problem> {
    if let Some(point) = form.point(tell!(form.lang, "form-coordinates"))? {
        place.set_point(Some(point));
    }
    Ok(())
}

/// What is said in a language, in that very spelling of it or another.
fn block<'a>(file: &'a mut AlertFile, tag: &str) -> &'a mut TextFile {
    let texts = &mut file.text.0;
    let primary = |tag: &str| tag.split('-').next().map(str::to_lowercase);
    let at = texts.iter().position(|(other, _)| other.eq_ignore_ascii_case(tag));
    let at = at.or_else(|| texts.iter().position(|(other, _)| primary(other) == primary(tag)));
    let at = at.unwrap_or_else(|| {
        texts.push((tag.to_owned(), TextFile::default()));
        texts.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "it was found there, or put there")]
    &mut texts[at].1
}

fn text_of(block: &mut TextFile, field: Field) -> &mut String {
    match field {
        Field::Headline => &mut block.headline,
        Field::Instruction => &mut block.instruction,
        _ => &mut block.description,
    }
}
