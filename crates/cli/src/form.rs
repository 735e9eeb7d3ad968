//! Questions to a person, one field after the other: codes by number, counts, times, texts. What cannot be read is asked
//! again; Enter skips.

#[cfg(test)]
pub(crate) mod tests;

use watchfire_client::file::rfc3339;
use watchfire_client::file::sighting::CountFile;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::identifying::identifiers;
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Identifier, List, is_known, limit};

use crate::app::App;
use crate::ask::is_yes;
use crate::commands::sighting::Sighting;
use crate::problem::Problem;
use crate::words::spoken::{self, Counted, Moment};
use crate::words::{Lang, as_code, clock, code, language_named, near, sanitize, tell};

/// So many lines are a long list.
const LONG_LIST: usize = 10;

/// So wide is the narrowest screen.
const SCREEN: usize = 80;

/// So exact is a point in metres where nobody says: a corner, and no house.
const PRECISION_M: u32 = 100;

/// So often is asked for what cannot be skipped: then there is nobody.
pub(crate) const TRIES: usize = 3;

/// Whoever is asked.
pub(crate) trait Person {
    /// Their answer. Nothing if they skip it.
    fn ask(&self, question: &str) -> Result<Option<String>, Problem>;
    /// The same for what may be long: whoever can be given an editor may use it.
    fn long(&self, question: &str) -> Result<Option<String>, Problem> {
        self.ask(question)
    }
    /// What they read before they answer.
    fn tell(&self, text: &str);
    /// Keeps what they have answered by now, where it is kept.
    fn keep(&self, _text: String) -> Result<(), Problem> {
        Ok(())
    }
}

impl Person for App {
    fn ask(&self, question: &str) -> Result<Option<String>, Problem> {
        Self::ask(self, question)
    }

    fn long(&self, question: &str) -> Result<Option<String>, Problem> {
        self.ask_long(question)
    }

    fn tell(&self, text: &str) {
        self.tell_before_asking(text);
    }
}

/// A form that somebody fills in.
pub(crate) struct Form<'a, P> {
    pub(crate) lang: Lang,
    pub(crate) person: &'a P,
    pub(crate) now: Timestamp,
}

impl<P: Person> Form<'_, P> {
    /// Keeps what is said by now.
    pub(crate) fn keep(&self, file: &impl Sighting) -> Result<(), Problem> {
        self.person.keep(file.text())
    }

    /// A text of at most so many characters. What may identify somebody is pointed out at once, to be typed again.
    pub(crate) fn text(&self, question: &str, most: usize) -> Result<Option<String>, Problem> {
        self.mended(self.person.ask(question)?, most)
    }

    /// The same, typed, written with an editor, or read from a file.
    pub(crate) fn long_text(&self, question: &str, most: usize) -> Result<Option<String>, Problem> {
        let how = tell!(self.lang, "form-editor-or-file");
        self.mended(self.person.long(&format!("{question} {how}"))?, most)
    }

    fn mended(&self, text: Option<String>, most: usize) -> Result<Option<String>, Problem> {
        let lang = self.lang;
        let Some(mut text) = text else { return Ok(None) };
        loop {
            let found = text.chars().count();
            if found > most {
                self.person.tell(&tell!(lang, "form-too-long", found, most));
            } else {
                let pieces = identifiers(&text);
                if pieces.is_empty() {
                    return Ok(Some(text));
                }
                for (what, piece) in pieces {
                    let (piece, what) = (sanitize(&piece), looks_like(lang, what));
                    self.person.tell(&tell!(lang, "form-looks-like", piece, what));
                }
            }
            match self.person.ask(tell!(lang, "form-again-without"))? {
                // Whoever answers the question with a word of yes or no leaves it as it is.
                Some(again) if found <= most && (is_yes(&again) || is_no(&again)) => return Ok(Some(text)),
                Some(again) => text = again,
                None if found > most => return Ok(None),
                None => return Ok(Some(text)),
            }
        }
    }

    /// A text that is meant to name somebody: a caller.
    pub(crate) fn private_text(&self, question: &str, most: usize) -> Result<Option<String>, Problem> {
        self.until(question, |typed| {
            let found = typed.chars().count();
            if found > most { Err(tell!(self.lang, "form-too-long", found, most)) } else { Ok(typed.to_owned()) }
        })
    }

    /// One code of a list, by number or by its name.
    pub(crate) fn choice(&self, list: List, question: &str) -> Result<Option<String>, Problem> {
        self.person.tell(&self.numbered(list));
        self.until(question, |typed| self.chosen(list, typed))
    }

    /// One code of a list that cannot be skipped. Nothing if somebody tries to again and again: then there is nobody.
    pub(crate) fn needed(&self, list: List, question: &str) -> Result<Option<String>, Problem> {
        for _ in 0..TRIES {
            if let Some(code) = self.choice(list, question)? {
                return Ok(Some(code));
            }
            self.person.tell(tell!(self.lang, "form-needed"));
        }
        Ok(None)
    }

    /// Several codes of a list, by numbers or names with commas or an "and" between.
    pub(crate) fn choices(&self, list: List, question: &str) -> Result<Vec<String>, Problem> {
        self.person.tell(&self.numbered(list));
        let several = self.until(question, |typed| listed(typed, |one| self.chosen(list, one)))?;
        Ok(several.unwrap_or_default())
    }

    /// What happens: first the sort of thing, then what of it. The one thing that nobody can skip; nothing if they try to
    /// again and again.
    pub(crate) fn kind(&self, question: &str) -> Result<Option<String>, Problem> {
        let lang = self.lang;
        let lines = FAMILIES.iter().enumerate().map(|(at, family)| family_line(lang, at + 1, *family));
        self.person.tell(&lines.collect::<Vec<_>>().join("\n"));
        let mut first = None;
        for _ in 0..TRIES {
            first = self.until(question, |typed| match number(typed, FAMILIES) {
                Some((family, _)) => Ok((*family).to_owned()),
                None => self.named(List::Kind, typed),
            })?;
            if first.is_some() {
                break;
            }
            self.person.tell(tell!(lang, "form-kind-needed"));
        }
        let Some(family) = first else { return Ok(None) };
        if is_known(List::Kind, &family) {
            return Ok(Some(family));
        }
        let kinds = kinds_of(&family);
        if let [only] = kinds.as_slice() {
            return Ok(Some((*only).to_owned()));
        }
        self.person.tell(&self.lines(List::Kind, &kinds));
        let which = self.until(tell!(lang, "form-which"), |typed| match number(typed, &kinds) {
            Some(kind) => Ok((*kind).to_owned()),
            None => self.named(List::Kind, typed),
        })?;
        // Whoever does not know which of them has said something already.
        Ok(Some(which.unwrap_or_else(|| format!("{family}.other"))))
    }

    /// `4`, `4+`, `4-6`, `about five`. What was understood is told.
    pub(crate) fn count(&self, question: &str, of: Counted) -> Result<Option<CountFile>, Problem> {
        let refused = || tell!(self.lang, "form-count").to_owned();
        let count = self.until(question, |typed| spoken::count(typed, of).ok_or_else(refused))?;
        if let Some(count) = &count {
            self.understood(&spoken::so_many(self.lang, count));
        }
        Ok(count)
    }

    /// A whole number. What was understood is told.
    pub(crate) fn number(&self, question: &str) -> Result<Option<u16>, Problem> {
        let number = self
            .until(question, |typed| spoken::number(typed).ok_or_else(|| tell!(self.lang, "form-number").to_owned()))?;
        if let Some(number) = number {
            self.understood(&number.to_string());
        }
        Ok(number)
    }

    /// What somebody typed in their own words, as it is read.
    fn understood(&self, what: &str) {
        self.person.tell(&tell!(self.lang, "form-understood", what));
    }

    /// Yes or no.
    pub(crate) fn whether(&self, question: &str) -> Result<Option<bool>, Problem> {
        self.until(question, |typed| match typed {
            _ if is_yes(typed) => Ok(true),
            _ if is_no(typed) => Ok(false),
            _ => Err(tell!(self.lang, "form-yes-or-no").to_owned()),
        })
    }

    /// A time: now, a span ago, a time of today or yesterday, or a whole one. In the form of a file. A time of day that is
    /// still to come is one of yesterday only if that is meant. What was understood is told.
    pub(crate) fn time(&self, question: &str) -> Result<Option<String>, Problem> {
        let (lang, now) = (self.lang, self.now);
        loop {
            let read = |typed: &str| match spoken::moment(typed, now) {
                Some(moment) if moment.at <= now => Ok(moment),
                Some(_) => Err(tell!(lang, "form-not-yet").to_owned()),
                None => Err(tell!(lang, "form-time").to_owned()),
            };
            let Some(Moment { at, day_is_said }) = self.until(question, read)? else { return Ok(None) };
            let said = clock::when(lang, at, now);
            if day_is_said || clock::date(lang, at) == clock::date(lang, now) {
                self.understood(&said);
                return Ok(Some(rfc3339(at)));
            }
            if self.whether(&tell!(lang, "form-yesterday", at = said))? == Some(true) {
                return Ok(Some(rfc3339(at)));
            }
        }
    }

    /// Languages, by tag or by name, with commas or an "and" between.
    pub(crate) fn languages(&self, question: &str) -> Result<Vec<String>, Problem> {
        let one = |text: &str| {
            language_named(text).map(|tag| tag.to_string()).ok_or_else(|| {
                let text = sanitize(text);
                tell!(self.lang, "form-language", text)
            })
        };
        let several = self.until(question, |typed| listed(typed, one))?;
        Ok(several.unwrap_or_default())
    }

    /// A point on the map: degrees north and east, then how exact they are in metres.
    pub(crate) fn point(&self, question: &str) -> Result<Option<(f64, f64, u32)>, Problem> {
        let lang = self.lang;
        let point = self.until(question, |typed| degrees(typed).ok_or_else(|| tell!(lang, "form-point").to_owned()))?;
        let Some((lat, lon)) = point else { return Ok(None) };
        let question = tell!(lang, "form-precision", usual = PRECISION_M);
        let metres = self.until(&question, |typed| {
            let metres = typed.trim_end_matches('m').trim().parse().ok().filter(|metres| *metres <= limit::PRECISION_M);
            metres.ok_or_else(|| tell!(lang, "form-metres", most = limit::PRECISION_M))
        })?;
        Ok(Some((lat, lon, metres.unwrap_or(PRECISION_M))))
    }

    /// Anything else that can be read.
    pub(crate) fn parsed<T>(
        &self,
        question: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Problem> {
        self.until(question, read)
    }

    /// Asks until the answer can be read.
    fn until<T>(&self, question: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Problem> {
        loop {
            let Some(typed) = self.person.ask(question)? else { return Ok(None) };
            match read(&typed) {
                Ok(value) => return Ok(Some(value)),
                Err(why) => self.person.tell(&why),
            }
        }
    }

    /// The code that a number or a word means, or what could be meant.
    pub(crate) fn chosen(&self, list: List, typed: &str) -> Result<String, String> {
        match number(typed, list.codes()) {
            Some(code) => Ok((*code).to_owned()),
            None => self.named(list, typed),
        }
    }

    /// The code that a word means, in the reader's language or in another one, or nearly.
    fn named(&self, list: List, typed: &str) -> Result<String, String> {
        let mut codes = std::iter::once(self.lang).chain(Lang::all()).map(|lang| as_code(lang, list, typed.to_owned()));
        if let Some(code) = codes.find(|code| is_known(list, code)) {
            return Ok(code);
        }
        match near(self.lang, list, typed).as_slice() {
            [only] => Ok((*only).to_owned()),
            [] => Err(tell!(self.lang, "form-no-such").to_owned()),
            several => Err(several.iter().map(|one| self.line(list, one)).collect::<Vec<_>>().join("\n")),
        }
    }

    /// All codes of a list, with numbers.
    pub(crate) fn numbered(&self, list: List) -> String {
        self.lines(list, list.codes())
    }

    fn lines(&self, list: List, codes: &[&str]) -> String {
        let named = codes.iter().enumerate().filter(|(_, one)| **one != UNKNOWN);
        in_columns(
            &named.map(|(at, one)| format!("  {:>2}  {}", at + 1, code(self.lang, list, one))).collect::<Vec<_>>(),
        )
    }

    fn line(&self, list: List, one: &str) -> String {
        format!("  {one}  ({})", code(self.lang, list, one))
    }
}

/// What was typed with commas between, each once. What means nothing whole may be several with an "and" between.
fn listed(typed: &str, read: impl Fn(&str) -> Result<String, String>) -> Result<Vec<String>, String> {
    let mut several: Vec<String> = Vec::new();
    for piece in typed.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let read_here = match read(piece) {
            Ok(one) => vec![one],
            Err(why) => {
                let parts = spoken::between_ands(piece);
                if parts == [piece] {
                    return Err(why);
                }
                parts.iter().map(|part| read(part)).collect::<Result<Vec<_>, _>>()?
            }
        };
        for one in read_here {
            if !several.contains(&one) {
                several.push(one);
            }
        }
    }
    Ok(several)
}

/// The families of kinds, in the order in which they are offered.
const FAMILIES: &[(&str, &str)] = &[
    ("enforcement", "form-family-enforcement"),
    ("support", "form-family-support"),
    ("community", "form-family-community"),
    ("network", "form-family-network"),
    ("rumor", "form-family-rumor"),
];

/// The kinds of a family.
fn kinds_of(family: &str) -> Vec<&'static str> {
    List::Kind.codes().iter().copied().filter(|kind| kind.split('.').next() == Some(family)).collect()
}

/// A family with its number, and as many of its kinds as fit beside it.
fn family_line(lang: Lang, at: usize, (family, id): (&str, &'static str)) -> String {
    let (mut line, kinds) = (format!("  {at}  {}", tell!(lang, id)), kinds_of(family));
    // Of a family of one, that one is what it is called.
    if kinds.len() < 2 {
        return line;
    }
    let mut between = ": ";
    for kind in kinds {
        let more = format!("{line}{between}{}", code(lang, List::Kind, kind));
        if more.chars().count() + 3 > SCREEN {
            return line + ", …";
        }
        (line, between) = (more, ", ");
    }
    line
}

/// Whether it is a no, in the languages that there are.
fn is_no(typed: &str) -> bool {
    ["n", "no"].contains(&typed.trim().to_lowercase().as_str())
}

/// What looks like it identifies a person.
pub(crate) fn looks_like(lang: Lang, what: Identifier) -> &'static str {
    match what {
        Identifier::ANumber => tell!(lang, "form-a-number"),
        Identifier::Phone => tell!(lang, "form-phone"),
        Identifier::SocialSecurity => tell!(lang, "form-social-security"),
        Identifier::Email => tell!(lang, "form-email"),
        Identifier::Plate => tell!(lang, "form-plate"),
        Identifier::HomeAddress => tell!(lang, "form-home-address"),
        Identifier::Address => tell!(lang, "form-address"),
        Identifier::HomePoint => tell!(lang, "form-home-point"),
    }
}

/// The entry with the number that was typed, from 1.
pub(crate) fn number<'a, T>(typed: &str, all: &'a [T]) -> Option<&'a T> {
    typed.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1)).and_then(|at| all.get(at))
}

/// Lines below each other; where they are many and short, in two columns.
pub(crate) fn in_columns(lines: &[String]) -> String {
    let rows = if lines.len() > LONG_LIST { lines.len().div_ceil(2) } else { lines.len() };
    let (left, right) = lines.split_at_checked(rows).unwrap_or((lines, &[]));
    let width = |lines: &[String]| lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    if right.is_empty() || width(left) + width(right) > SCREEN {
        return lines.join("\n");
    }
    let wide = width(left);
    let row = |(at, line): (usize, &String)| match right.get(at) {
        Some(beside) => format!("{line:wide$}{beside}"),
        None => line.clone(),
    };
    left.iter().enumerate().map(row).collect::<Vec<_>>().join("\n")
}

/// `41.85, -87.65`, or with a blank between: degrees north, then east.
fn degrees(typed: &str) -> Option<(f64, f64)> {
    let parts: Vec<&str> = typed.split([',', ';', ' ']).filter(|part| !part.is_empty()).collect();
    let [lat, lon] = *parts.as_slice() else { return None };
    let within = |text: &str, most: f64| text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    Some((within(lat, 90.0)?, within(lon, 180.0)?))
}
