//! Looks in free text for what names one person: an A-number, a phone number, an e-mail address.
//!
//! What is found is pointed out before anybody signs. It is help for a tired author and no more: it misses what is
//! spelled out in words, and some of what it finds is harmless.

use super::{AlertContent, AnswerContent, People, Place, ReportContent, Seen, home};
use crate::text::is_invisible;

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifier {
    /// The letter A and 8 or 9 digits: the number of one person's immigration file.
    ANumber,
    /// A phone number, in the spellings of the United States, Mexico, or with a `+`.
    Phone,
    /// Nine digits as a Social Security number of the United States is written.
    SocialSecurity,
    /// An e-mail address.
    Email,
    /// The plate of somebody's car: no register of vehicles is made.
    Plate,
    /// The address of somebody's home.
    HomeAddress,
    /// An address, of which nobody said whether it is that of a home.
    Address,
    /// A point on the map, finer than that of a home may be.
    HomePoint,
}

impl Identifier {
    /// Whether it says where somebody lives, and not who they are.
    #[must_use]
    pub const fn is_of_home(self) -> bool {
        matches!(self, Self::HomeAddress | Self::HomePoint)
    }

    /// Whether it says where somebody lives or may live.
    #[must_use]
    pub const fn says_where(self) -> bool {
        self.is_of_home() || matches!(self, Self::Address)
    }
}

/// Something in a text that looks like it identifies a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `text.en.description`.
    pub field: String,
    /// What it looks like.
    pub what: Identifier,
    /// The piece itself, to be shown to its author and never logged.
    pub text: String,
}

impl AlertContent {
    /// What in it looks like it identifies a person, or says exactly where somebody lives.
    #[must_use]
    pub fn identifying_text(&self) -> Vec<Finding> {
        let mut found = in_sighting(self.place.as_ref(), self.seen.as_ref(), self.people.as_ref());
        for block in &self.text {
            let language = &block.language;
            look(&mut found, &format!("text.{language}.headline"), &block.headline);
            look(&mut found, &format!("text.{language}.description"), &block.description);
            look(&mut found, &format!("text.{language}.instruction"), &block.instruction);
        }
        found.extend(home::in_alert(self));
        found
    }
}

impl Place {
    /// What in the text of an exact place looks like it identifies a person.
    #[must_use]
    pub fn identifying_exact_text(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        look(&mut found, "place.exact.text", &self.text);
        found
    }
}

impl ReportContent {
    /// What in the free text looks like it identifies a person; the caller's own field is meant to and is left out.
    #[must_use]
    pub fn identifying_text(&self) -> Vec<Finding> {
        let mut found = in_sighting(self.place.as_ref(), self.seen.as_ref(), self.people.as_ref());
        look(&mut found, "comments", &self.comments);
        found
    }
}

impl AnswerContent {
    /// What in the free text looks like it identifies a person.
    #[must_use]
    pub fn identifying_text(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        look(&mut found, "text", &self.text);
        found
    }
}

fn in_sighting(place: Option<&Place>, seen: Option<&Seen>, people: Option<&People>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(place) = place {
        look(&mut found, "place.text", &place.text);
    }
    if let Some(seen) = seen {
        look(&mut found, "seen.unit", &seen.unit);
        look(&mut found, "seen.equipment", &seen.equipment);
    }
    // Numbers, answers and codes: a field of free text, once added to it, does not compile until it is looked at here.
    if let Some(People { detained: _, children: _, medical: _, languages: _ }) = people {}
    found
}

fn look(found: &mut Vec<Finding>, field: &str, text: &str) {
    let pieces = identifiers(text).into_iter();
    found.extend(pieces.map(|(what, text)| Finding { field: field.to_owned(), what, text }));
}

/// Everything in one text that looks like an identifier, in the order of the text within each sort.
#[must_use]
pub fn identifiers(text: &str) -> Vec<(Identifier, String)> {
    let chars: Vec<char> = seen_by_readers(text).chars().collect();
    let mut found = Vec::new();
    for run in runs(&chars).iter().flat_map(|run| without_times(&chars, run)) {
        let run = run.as_slice();
        if let Some(piece) = a_number(&chars, run) {
            found.push((Identifier::ANumber, piece));
        } else if let Some(piece) = social_security(&chars, run) {
            found.push((Identifier::SocialSecurity, piece));
        } else if let Some(piece) = phone(&chars, run) {
            found.push((Identifier::Phone, piece));
        }
    }
    let text: String = chars.iter().collect();
    found.extend(text.split_whitespace().filter_map(email).map(|piece| (Identifier::Email, piece)));
    found.extend(plates(&text).into_iter().map(|piece| (Identifier::Plate, piece)));
    found
}

/// One unbroken group of digits.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
}

impl Group {
    const fn digits(self) -> usize {
        self.end - self.start
    }
}

/// Groups of digits with nothing but a separator or two between them: `(312) 555-0123` is a run of three.
fn runs(chars: &[char]) -> Vec<Vec<Group>> {
    let mut runs: Vec<Vec<Group>> = Vec::new();
    let mut gap: Option<usize> = None;
    for (at, &c) in chars.iter().enumerate() {
        if !is_digit(c) {
            gap = if is_separator(c) { gap.map(|length| length + 1).filter(|length| *length <= 2) } else { None };
            continue;
        }
        match (gap, runs.last_mut()) {
            (Some(0), Some(run)) => run.iter_mut().next_back().into_iter().for_each(|group| group.end = at + 1),
            (Some(_), Some(run)) => run.push(Group { start: at, end: at + 1 }),
            _ => runs.push(vec![Group { start: at, end: at + 1 }]),
        }
        gap = Some(0);
    }
    runs
}

/// What is left of a run beside its dates, and beside a span of hours that it begins with: `1200-1400 2026-11-21`.
fn without_times(chars: &[char], run: &[Group]) -> Vec<Vec<Group>> {
    let mut left: Vec<Vec<Group>> = vec![Vec::new()];
    for (joint, chain) in chains(chars, run) {
        let digits: Vec<String> = chain.iter().map(|group| piece(chars, group.start, group.end)).collect();
        let digits: Vec<&str> = digits.iter().map(String::as_str).collect();
        let before = chain.first().and_then(|group| group.start.checked_sub(1)).and_then(|at| chars.get(at));
        let apart = before.is_none_or(|c| *c != '+' && !c.is_alphabetic());
        match left.last_mut() {
            Some(piece) if !apart || !(is_date(joint, &digits) || piece.is_empty() && is_span(joint, &digits)) => {
                piece.extend(chain);
            }
            _ => left.push(Vec::new()),
        }
    }
    left
}

/// The groups of a run, together where the same one sign stands between them.
fn chains(chars: &[char], run: &[Group]) -> Vec<(Option<char>, Vec<Group>)> {
    let mut chains: Vec<(Option<char>, Vec<Group>)> = Vec::new();
    for group in run {
        let end = chains.last().and_then(|(_, chain)| chain.last()).map(|last| last.end);
        let sign = end.filter(|end| end + 1 == group.start).and_then(|end| chars.get(end)).copied();
        let sign = sign.filter(|sign| !sign.is_whitespace());
        match chains.last_mut() {
            Some((joint, chain)) if sign.is_some() && (chain.len() == 1 || *joint == sign) => {
                *joint = sign;
                chain.push(*group);
            }
            _ => chains.push((None, vec![*group])),
        }
    }
    chains
}

/// `2026-11-21`, `21.11.2026`, `11/21/26`, `11/21`.
fn is_date(joint: Option<char>, digits: &[&str]) -> bool {
    let day = |text: &str| text.len() <= 2 && text.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let year = |text: &str| text.len() == 4 && text.parse().is_ok_and(|year: u16| (1900..2100).contains(&year));
    match (joint, digits) {
        (Some('-' | '.' | '/'), [one, other, last]) if day(other) => {
            year(one) && day(last) || day(one) && (year(last) || joint == Some('/') && last.len() == 2)
        }
        (Some('/'), [one, other]) => day(one) && day(other),
        _ => false,
    }
}

/// `1200-1400`.
fn is_span(joint: Option<char>, digits: &[&str]) -> bool {
    let hour = |text: &&str| text.len() == 4 && text.parse().is_ok_and(|time: u16| time < 2400 && time % 100 < 60);
    matches!((joint, digits), (Some('-' | '\u{2010}'..='\u{2015}'), [from, to]) if hour(from) && hour(to))
}

/// What is called the number of a person's file; it follows.
const FILE_NUMBERS: &[&str] = &["a-number", "a number", "alien number", "número a", "numero a", "número de extranjero"];
/// What is called a Social Security number.
const SOCIAL: &[&str] =
    &["ssn", "social security", "social security number", "seguro social", "número de seguro social"];
/// What a phone number is called.
const PHONES: &[&str] =
    &["tel", "phone", "cell", "mobile", "number", "teléfono", "telefono", "cel", "celular", "número"];

/// Whether what stands before is one of these names.
fn is_called(chars: &[char], at: usize, names: &[&str]) -> bool {
    let before: String = chars.iter().take(at).skip(at.saturating_sub(40)).collect();
    let before = before.to_lowercase();
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends = |name: &&str| before.strip_suffix(name).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    names.iter().any(ends)
}

/// Three digits, two and four, with a dash between or by that name; or nine by that name.
fn social_security(chars: &[char], run: &[Group]) -> Option<String> {
    let (first, last) = (run.first()?, run.last()?);
    let lengths: Vec<usize> = run.iter().map(|group| group.digits()).collect();
    let dashed = chars.get(first.end).is_some_and(|c| !c.is_whitespace() && !matches!(c, '.' | '/'));
    let called = || is_called(chars, first.start, SOCIAL);
    let written = match lengths.as_slice() {
        [3, 2, 4] => dashed || called(),
        [9] => called(),
        _ => false,
    };
    written.then(|| piece(chars, first.start, last.end))
}

/// `A` on its own or right before the digits, or its name, then 8 or 9 of them: `A012345678`, `A 012-345-678`, `A#12345678`.
fn a_number(chars: &[char], run: &[Group]) -> Option<String> {
    let first = run.first()?;
    if (8..=9).contains(&first.digits()) && is_called(chars, first.start, FILE_NUMBERS) {
        return Some(piece(chars, first.start, first.end));
    }
    let mut letter = first.start.checked_sub(1)?;
    while chars.get(letter).is_some_and(|c| is_separator(*c) || *c == '#') && first.start - letter <= 3 {
        letter = letter.checked_sub(1)?;
    }
    let is_a = chars.get(letter).is_some_and(|c| matches!(c, 'a' | 'A'));
    let alone = letter.checked_sub(1).and_then(|before| chars.get(before)).is_none_or(|c| !c.is_alphanumeric());
    if !(is_a && alone) {
        return None;
    }
    // In Spanish, `a` before a phone number is a preposition: the whole run decides, unless the A and the digits touch.
    let total: usize = run.iter().map(|group| group.digits()).sum();
    let digits = if letter + 1 == first.start { first.digits() } else { total };
    let end = if (8..=9).contains(&total) { run.last()?.end } else { first.end };
    ((8..=9).contains(&total) || (8..=9).contains(&digits)).then(|| piece(chars, letter, end))
}

/// Ten digits in any groups (with a leading 1 or not), `555-0123`, `tel 555 0123`, or 8 to 15 digits after a `+`.
fn phone(chars: &[char], run: &[Group]) -> Option<String> {
    let plus = |group: &Group| group.start.checked_sub(1).and_then(|at| chars.get(at)).is_some_and(|c| *c == '+');
    for (skipped, first) in run.iter().enumerate() {
        let mut total = 0;
        let mut best = None;
        for (groups, last) in run.iter().skip(skipped).take(6).enumerate() {
            total += last.digits();
            let leading_one = first.digits() == 1 && chars.get(first.start) == Some(&'1');
            let joined = || chars.get(first.end) != Some(&' ') || is_called(chars, first.start, PHONES);
            let local = groups == 1 && first.digits() == 3 && last.digits() == 4 && joined();
            let alone = run.len() == 2;
            let eleven = total == 11 && (leading_one || groups == 0 && chars.get(first.start) == Some(&'1'));
            if total == 10 || eleven || local && alone || plus(first) && (8..=15).contains(&total) {
                best = Some(last.end);
            }
        }
        if let Some(end) = best {
            return Some(piece(chars, first.start, end));
        }
    }
    None
}

/// Something before one `@`, and a dot in what comes after it.
fn email(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (local, domain) = word.split_once('@')?;
    let (host, ending) = domain.rsplit_once('.')?;
    let plausible = !local.is_empty() && !host.is_empty() && ending.chars().count() >= 2;
    (plausible && ending.chars().all(char::is_alphabetic)).then(|| word.to_owned())
}

/// What is called a plate, in English and in Spanish; a plate may follow.
const PLATES: &[&str] = &["plate", "plates", "placa", "placas", "matrícula", "matricula", "patente", "tag"];
/// What may stand between.
const BESIDE_PLATES: &[&str] =
    &["is", "are", "number", "no", "núm", "num", "número", "numero", "es", "son", "de", "reads", "dice"];

/// `7ABC123`, `ABC-1234`; of what is called a plate, anything short with a digit in it, `ABC 1234` too.
fn plates(text: &str) -> Vec<String> {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let (mut found, mut called) = (Vec::new(), false);
    let mut rest = words.as_slice();
    while let Some((bare, after)) = rest.split_first() {
        rest = after;
        let plain = bare.to_lowercase();
        let beside = called && BESIDE_PLATES.contains(&plain.as_str());
        if called
            && !beside
            && let Some((parts, after)) = in_parts(bare, after)
        {
            (rest, called) = (after, false);
            found.push(parts);
            continue;
        }
        if is_plate(bare, called) {
            found.push((*bare).to_owned());
        }
        called = beside || PLATES.contains(&plain.as_str());
    }
    found
}

/// A plate that is written in two or three parts, and what comes after it.
fn in_parts<'a>(first: &str, rest: &'a [&'a str]) -> Option<(String, &'a [&'a str])> {
    let is_part = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    [2, 1].into_iter().find_map(|more| {
        let (others, after) = rest.split_at_checked(more)?;
        let parts: Vec<&str> = std::iter::once(first).chain(others.iter().copied()).collect();
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let ends = parts.last().is_some_and(|part| part.bytes().any(|byte| byte.is_ascii_digit()));
        (ends && (5..=8).contains(&length) && parts.iter().all(|part| is_part(part))).then(|| (parts.join(" "), after))
    })
}

fn is_plate(word: &str, called: bool) -> bool {
    let count = |is: fn(&char) -> bool| word.chars().filter(is).count();
    let (digits, letters) = (count(char::is_ascii_digit), count(char::is_ascii_uppercase));
    let (small, length) = (count(char::is_ascii_lowercase), word.chars().count());
    let spelled = digits + letters + small + word.matches('-').count().min(1) == length;
    let known = small == 0 && digits >= 2 && letters >= 2 && (5..=8).contains(&(digits + letters));
    spelled && (known || called && digits >= 1 && (3..=8).contains(&length))
}

/// A text without what no reader sees.
pub(super) fn seen_by_readers(text: &str) -> String {
    text.chars().filter(|c| is_seen(*c)).collect()
}

/// Whether a reader sees it. Joiners and variation selectors are needed to spell some languages, and hide between digits.
fn is_seen(c: char) -> bool {
    let spelling =
        matches!(c, '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}');
    c.is_whitespace() || !(spelling || c.is_control() || is_invisible(c))
}

/// Digits of any script: somebody with an Arabic keyboard types other ones.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && c.is_numeric()
}

fn is_separator(c: char) -> bool {
    let blank = c.is_whitespace() && !matches!(c, '\n' | '\r');
    blank || matches!(c, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn piece(chars: &[char], start: usize, end: usize) -> String {
    chars.iter().skip(start).take(end - start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_of_people_are_pointed_out() {
        use Identifier::{ANumber, Email, Phone, SocialSecurity};
        let cases: &[(&str, &[(Identifier, &str)])] = &[
            ("file A012345678.", &[(ANumber, "A012345678")]),
            ("A 12345678 / A#012-345-678", &[(ANumber, "A 12345678"), (ANumber, "A#012-345-678")]),
            ("A123456789 10 people", &[(ANumber, "A123456789")]),
            ("llame a 312-555-0123", &[(Phone, "312-555-0123")]),
            ("(312) 555-0123 or 312.555.0124", &[(Phone, "312) 555-0123"), (Phone, "312.555.0124")]),
            (
                "3125550123, 1-312-555-0123, 13125550123",
                &[(Phone, "3125550123"), (Phone, "1-312-555-0123"), (Phone, "13125550123")],
            ),
            ("+52 55 1234 5678 y 55 1234 5678", &[(Phone, "52 55 1234 5678"), (Phone, "55 1234 5678")]),
            ("call 555-0123, tel 555 0123", &[(Phone, "555-0123"), (Phone, "555 0123")]),
            ("Teléfono: 555 0123. Units 555 0123", &[(Phone, "555 0123")]),
            ("A-number 123456789, número A: 12345678", &[(ANumber, "123456789"), (ANumber, "12345678")]),
            (
                "SSN 123456789; 123-45-6789; seguro social 123 45 6789",
                &[(SocialSecurity, "123456789"), (SocialSecurity, "123-45-6789"), (SocialSecurity, "123 45 6789")],
            ),
            ("Main & 123 45 6789, classn 123456789", &[]),
            ("٣١٢٥٥٥٠١٢٣", &[(Phone, "٣١٢٥٥٥٠١٢٣")]),
            ("write <ana.p@example.org>, please", &[(Email, "ana.p@example.org")]),
            ("5th & Main, 4 people, 2 vans, 14:02 on 2026-11-21, route 1234, 41.850000", &[]),
            ("1200 block of W 18th, units 4021 5533", &[]),
            ("CA 12345678, A1234567, A 0123456789012", &[]),
            ("meet @ 5th. Main", &[]),
        ];
        assert_found(cases);
    }

    #[test]
    fn plates_are_pointed_out_and_streets_and_badges_are_not() {
        let plate = Identifier::Plate;
        assert_found(&[
            ("van plate 7ABC123, white", &[(plate, "7ABC123")]),
            ("SUV ABC-1234", &[(plate, "ABC-1234")]),
            ("placas: xyz 12a", &[(plate, "xyz 12a")]),
            ("plate ABC 1234, two vans", &[(plate, "ABC 1234")]),
            ("license plate 7 ABC 123 at 5th", &[(plate, "7 ABC 123")]),
            ("plates are XYZ 12 and more", &[(plate, "XYZ 12")]),
            ("plate unread, 12 vans; plates of 2 states", &[]),
            ("placa xyz-12a", &[(plate, "xyz-12a")]),
            ("plate number is 4021", &[(plate, "4021")]),
            ("POLICE ICE, 12TH & Main, I-94, unit 4021, badge 12, A7K2, 2 SUVs", &[]),
        ]);
    }

    #[test]
    fn what_a_reader_does_not_see_hides_nothing() {
        use Identifier::{ANumber, Email, Phone};
        assert_found(&[
            ("call 312\u{200b}5550199", &[(Phone, "3125550199")]),
            ("A01234\u{2060}5678", &[(ANumber, "A012345678")]),
            ("A\u{200d}012345678", &[(ANumber, "A012345678")]),
            (
                "3\u{200c}1\u{200d}2\u{202e}5\u{2066}5\u{feff}5\u{ad}0\u{1b}1\u{fe0f}\u{20e3}99",
                &[(Phone, "3125550199")],
            ),
            ("312\u{2009}555\u{202f}0199", &[(Phone, "312\u{2009}555\u{202f}0199")]),
            ("312\t555\u{2212}0199", &[(Phone, "312\t555\u{2212}0199")]),
            ("ana\u{200b}@\u{2060}example.o\u{ad}rg", &[(Email, "ana@example.org")]),
        ]);
    }

    #[test]
    fn dates_and_hours_are_no_numbers_of_people_and_hide_none_beside_them() {
        use Identifier::{ANumber, Phone};
        assert_found(&[
            ("between 1200-1400 2026-11-21", &[]),
            ("2026-11-21 1200-1400 21 people", &[]),
            ("11/21 1200\u{2013}1400, 11/21/2026 1400, 1400 11/21/26, 21.11.2026 1400", &[]),
            ("del 2026-11-20 a 2026-11-21", &[]),
            ("2026-11-21 312-555-0199", &[(Phone, "312-555-0199")]),
            ("312 555 0199 2026-11-21", &[(Phone, "312 555 0199")]),
            ("1200-1400 2026-11-21 555-0123", &[(Phone, "555-0123")]),
            ("A 12345678 2026-11-21", &[(ANumber, "A 12345678")]),
            ("A1200-1400", &[(ANumber, "A1200-1400")]),
            ("55 1200-1345, 06/12/34/56/78", &[(Phone, "55 1200-1345"), (Phone, "06/12/34/56/78")]),
        ]);
    }

    fn assert_found(cases: &[(&str, &[(Identifier, &str)])]) {
        for (text, wanted) in cases {
            let found = identifiers(text);
            let found: Vec<(Identifier, &str)> = found.iter().map(|(what, text)| (*what, text.as_str())).collect();
            assert_eq!(found, *wanted, "{text}");
        }
    }
}
