//! All that an alert can say, field by field, as a person picks them by number: to add what they were not asked for, and
//! to put right what is wrong.

mod field;
#[cfg(test)]
mod tests;

use watchfire_client::file::alert::{CheckFile, TextFile, VerificationFile};
use watchfire_client::file::sighting::{PeopleFile, PlaceFile, SeenFile, SizeFile};
use watchfire_client::file::{AlertFile, rfc3339};
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Language, List, limit};

use field::Field;

use super::compose::{ask_needs, expiry, usual_expiry};
use super::report::{ask_activity, ask_conduct, ask_people, ask_size, ask_unit};
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
            tidy(file);
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
            Field::Place => {
                let text = form.text(tell!(lang, "send-where-street-corner"), limit::PLACE_CHARS)?;
                set(text.map(Some), &mut place(file).text);
            }
            Field::PlaceType => choose(form, List::PlaceType, asked, &mut place(file).place_type)?,
            Field::Coordinates => ask_point(form, place(file))?,
            Field::ExactPlace => self.ask_exact(file)?,
            Field::Size | Field::Unit | Field::Time | Field::Conduct => self.ask_seen(file, field)?,
            Field::People => self.ask_people(file)?,
            Field::Ask => choose(form, List::Ask, asked, &mut file.ask)?,
            Field::Needs => set(ask_needs(form)?, &mut file.needs),
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
            Field::Kind => {
                let kind = form.kind(tell!(lang, "send-happens-kind-enforcement"))?;
                set(kind.map(Some), &mut file.kind);
            }
            Field::Outcome => choose(form, List::Outcome, asked, &mut file.outcome)?,
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
            let said = self.text(&format!("{} ({tag}):", field.name(lang)), field)?;
            set(said, text_of(block(file, &tag), field));
        }
        Ok(())
    }

    /// Where exactly, in words and on the map: for those who come.
    fn ask_exact(&self, file: &mut AlertFile) -> Result<(), Problem> {
        let mut exact = place(file).exact.take().unwrap_or_default();
        let text = self.form.text(tell!(self.form.lang, "send-where-exactly"), limit::PLACE_CHARS)?;
        set(text.map(Some), &mut exact.text);
        ask_point(&self.form, &mut exact)?;
        place(file).exact = Some(exact).filter(|exact| **exact != PlaceFile::default());
        Ok(())
    }

    fn ask_seen(&self, file: &mut AlertFile, field: Field) -> Result<(), Problem> {
        let (form, lang) = (&self.form, self.form.lang);
        let seen = file.seen.get_or_insert_default();
        let mut anew = SeenFile::default();
        match field {
            Field::Size => {
                ask_size(form, &mut anew)?;
                ask_activity(form, &mut anew)?;
            }
            Field::Unit => ask_unit(form, &mut anew)?,
            Field::Conduct => ask_conduct(form, &mut anew)?,
            _ => {
                anew.seen_at = form.time(tell!(lang, "report-time"))?;
                anew.still_there = form.whether(tell!(lang, "report-still-there"))?;
            }
        }
        *seen = seen_over(anew, std::mem::take(seen));
        Ok(())
    }

    fn ask_people(&self, file: &mut AlertFile) -> Result<(), Problem> {
        let mut anew = PeopleFile::default();
        ask_people(&self.form, &mut anew)?;
        let before = file.people.take().unwrap_or_default();
        file.people = Some(PeopleFile {
            detained: anew.detained.or(before.detained),
            children: anew.children.or(before.children),
            medical: anew.medical.or(before.medical),
            languages: or_before(anew.languages, before.languages),
        });
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

/// Takes away what one field says. What every alert must say is asked for anew before it goes.
fn take_away(lang: Lang, file: &mut AlertFile, field: Field) {
    let seen = file.seen.get_or_insert_default();
    match field {
        Field::Headline | Field::Description | Field::Instruction => text_of(block(file, lang.tag()), field).clear(),
        Field::OtherLanguage => file.text.0.retain(|(tag, _)| tag == lang.tag()),
        Field::Place => place(file).text = None,
        Field::PlaceType => place(file).place_type = None,
        Field::Coordinates => place(file).set_point(None),
        Field::ExactPlace => place(file).exact = None,
        Field::Size => (seen.size, seen.activity) = (None, vec![]),
        Field::Unit => {
            (seen.unit, seen.agencies, seen.police_role) = (String::new(), vec![], None);
        }
        Field::Time => (seen.seen_at, seen.still_there) = (None, None),
        Field::Conduct => (seen.equipment, seen.conduct) = (String::new(), vec![]),
        Field::People => file.people = None,
        Field::Ask => file.ask = None,
        Field::Needs => file.needs.clear(),
        Field::Urgency => file.urgency = None,
        Field::Severity => file.severity = None,
        Field::Certainty => file.certainty = None,
        Field::Verification => file.verification = None,
        Field::Expiry => file.expires_in = None,
        Field::Status => file.status = None,
        Field::Kind => file.kind = None,
        Field::Outcome => file.outcome = None,
    }
}

/// What says nothing any more is not there.
fn tidy(file: &mut AlertFile) {
    file.text.0.retain(|(_, block)| *block != TextFile::default());
    file.seen = file.seen.take().filter(|seen| *seen != SeenFile::default());
    file.people = file.people.take().filter(|people| *people != PeopleFile::default());
    file.place = file.place.take().map(|mut place| {
        place.place_type = place.place_type.filter(|sort| sort != UNKNOWN);
        place
    });
    file.place = file.place.take().filter(|place| *place != PlaceFile::default());
}

/// What is said now counts before what was said.
fn seen_over(anew: SeenFile, before: SeenFile) -> SeenFile {
    SeenFile {
        size: match (anew.size, before.size) {
            (Some(anew), Some(before)) => {
                Some(SizeFile { people: anew.people.or(before.people), vehicles: anew.vehicles.or(before.vehicles) })
            }
            (anew, before) => anew.or(before),
        },
        activity: or_before(anew.activity, before.activity),
        unit: if anew.unit.is_empty() { before.unit } else { anew.unit },
        agencies: or_before(anew.agencies, before.agencies),
        police_role: anew.police_role.or(before.police_role),
        equipment: if anew.equipment.is_empty() { before.equipment } else { anew.equipment },
        conduct: or_before(anew.conduct, before.conduct),
        seen_at: anew.seen_at.or(before.seen_at),
        still_there: anew.still_there.or(before.still_there),
    }
}

fn or_before(anew: Vec<String>, before: Vec<String>) -> Vec<String> {
    if anew.is_empty() { before } else { anew }
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

fn place(file: &mut AlertFile) -> &mut PlaceFile {
    file.place.get_or_insert_default()
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
