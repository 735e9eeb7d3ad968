//! What somebody types at prompts is kept after each answer, until it is sent: neither Enter at the last question nor a closed
//! terminal takes it away.

use std::cell::Cell;

use watchfire_client::Client;
use watchfire_client::file::{AlertFile, ReportFile};
use watchfire_client::ops::begun::{Begun, Origin, Slot, Writing};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::vocabulary::List;

use crate::app::App;
use crate::ask::is_yes;
use crate::draft::is_running;
use crate::form::{Person, TRIES, number};
use crate::problem::Problem;
use crate::words::{Lang, ago, code, sanitize, tell};

/// Whoever writes, and where it is kept.
pub(super) struct Writer<'a> {
    pub(super) app: &'a App,
    keeping: Option<Keeping<'a>>,
    /// Whether anything is kept.
    kept: Cell<bool>,
}

struct Keeping<'a> {
    client: &'a Client,
    slot: Slot,
    hood: NeighborhoodId,
    origin: Origin,
}

impl<'a> Writer<'a> {
    /// Nobody, who answers nothing.
    pub(super) const fn forgetful(app: &'a App) -> Self {
        Self { app, keeping: None, kept: Cell::new(false) }
    }

    /// Where it is kept, if anything is.
    pub(super) fn slot(&self) -> Option<Slot> {
        self.keeping.as_ref().filter(|_| self.kept.get()).map(|keeping| keeping.slot)
    }

    /// Says where it is, after it was not sent.
    pub(super) fn tell_kept(&self) -> Result<(), Problem> {
        let Some(Keeping { client, slot, .. }) = &self.keeping else { return Ok(()) };
        if self.kept.get() && client.begun(slot.what)?.iter().any(|(other, _)| other == slot) {
            self.app.tell_before_asking(&tell!(self.app.lang, "kept-still", command = command(slot.what)));
        }
        Ok(())
    }
}

impl Person for Writer<'_> {
    fn ask(&self, question: &str) -> Result<Option<String>, Problem> {
        Person::ask(self.app, question)
    }

    fn long(&self, question: &str) -> Result<Option<String>, Problem> {
        Person::long(self.app, question)
    }

    fn tell(&self, text: &str) {
        Person::tell(self.app, text);
    }

    fn keep(&self, text: String) -> Result<(), Problem> {
        let Some(Keeping { client, slot, hood, origin }) = &self.keeping else { return Ok(()) };
        client.keep_begun(*slot, &Begun { at: client.now(), hood: *hood, origin: origin.clone(), text })?;
        self.kept.set(true);
        Ok(())
    }
}

/// What somebody begins to write, or goes on with.
pub(super) struct Start<'a> {
    app: &'a App,
    client: &'a Client,
    slot: Slot,
    /// Of what it is made.
    pub(super) origin: Origin,
    before: Option<Begun>,
}

impl<'a> Start<'a> {
    /// Offers what was begun before and nobody writes any more. What is made of something else begins beside it.
    pub(super) fn of(app: &'a App, client: &'a Client, what: Writing, given: Origin) -> Result<Self, Problem> {
        let (lang, slot) = (app.lang, Slot { what, writer: std::process::id() });
        let (written, left): (Vec<_>, Vec<_>) = client
            .begun(what)?
            .into_iter()
            .partition(|(other, _)| other.writer != slot.writer && is_running(other.writer));
        for said in written.iter().filter_map(|(_, begun)| words(lang, what, begun)) {
            app.tell_before_asking(&tell!(lang, "kept-elsewhere", said));
        }
        let newest = left.into_iter().next().and_then(|(from, begun)| Some((from, words(lang, what, &begun)?, begun)));
        let Some((from, said, begun)) = newest else {
            return Ok(Self { app, client, slot, origin: given, before: None });
        };
        let began = tell!(lang, began(what), ago = ago(lang, client.now().since(begun.at)), said);
        if given != Origin::default() && given != begun.origin {
            app.tell_before_asking(&format!("{began} {}", tell!(lang, "kept-beside", command = command(what))));
            return Ok(Self { app, client, slot, origin: given, before: None });
        }
        if goes_on(app, &began)? {
            client.move_begun(from, slot, &begun)?;
            return Ok(Self { app, client, slot, origin: begun.origin.clone(), before: Some(begun) });
        }
        client.discard_begun(from)?;
        Ok(Self { app, client, slot, origin: given, before: None })
    }

    /// What was written before, in the shape of its file.
    pub(super) fn text(&self) -> Option<&str> {
        self.before.as_ref().map(|before| before.text.as_str())
    }

    /// Where it goes: as is said now, else as before, else as they choose.
    pub(super) fn hood(&self, named: Option<&str>) -> Result<NeighborhoodId, Problem> {
        let known = self.client.hoods()?;
        let before = self.before.as_ref().map(|before| before.hood);
        if let Some(before) = before.filter(|before| named.is_none() && known.iter().any(|(id, _)| id == before)) {
            return Ok(before);
        }
        match self.client.hood_named(named) {
            Err(why) if known.len() > 1 => self.chosen(known, named, why.into()),
            hood => Ok(hood?),
        }
    }

    /// One of several neighborhoods, by number or name.
    fn chosen(
        &self,
        known: Vec<(NeighborhoodId, String)>,
        named: Option<&str>,
        why: Problem,
    ) -> Result<NeighborhoodId, Problem> {
        let (app, lang) = (self.app, self.app.lang);
        if named.is_some() {
            app.tell_before_asking(&why.message(lang));
        }
        let lines = known.iter().enumerate().map(|(at, (_, name))| format!("  {:>2}  {}", at + 1, sanitize(name)));
        app.tell_before_asking(&lines.collect::<Vec<_>>().join("\n"));
        for _ in 0..TRIES {
            let typed = app.ask(tell!(lang, "kept-which-neighborhood"))?.unwrap_or_default();
            match number(&typed, &known).map(|(id, _)| *id).or_else(|| self.client.hood_named(Some(&typed)).ok()) {
                Some(hood) => return Ok(hood),
                None => app.tell_before_asking(tell!(lang, "form-needed")),
            }
        }
        Err(why)
    }

    /// Whoever writes it.
    pub(super) fn writer(self, hood: NeighborhoodId) -> Writer<'a> {
        let Self { app, client, slot, origin, before } = self;
        Writer { app, keeping: Some(Keeping { client, slot, hood, origin }), kept: Cell::new(before.is_some()) }
    }
}

/// Whether somebody goes on with what they began. Enter does; a `no` throws it away.
fn goes_on(app: &App, began: &str) -> Result<bool, Problem> {
    let question = format!("{began} {}", tell!(app.lang, "kept-go-on-with-it"));
    loop {
        match app.ask_now(&question)?.map(|answer| answer.to_lowercase()) {
            None => return Ok(true),
            Some(answer) if is_yes(&answer) => return Ok(true),
            Some(answer) if ["n", "no"].contains(&answer.as_str()) => return Ok(false),
            Some(_) => app.tell_before_asking(tell!(app.lang, "form-yes-or-no")),
        }
    }
}

/// What it is about, in a few words. Nothing if another version wrote it, which cannot be gone on with.
fn words(lang: Lang, what: Writing, begun: &Begun) -> Option<String> {
    let (kind, place) = match what {
        Writing::Report => ReportFile::read(&begun.text).ok().map(|file| (file.kind, file.place)),
        _ => AlertFile::read(&begun.text).ok().map(|file| (file.kind, file.place)),
    }?;
    let kind = kind.map(|kind| code(lang, List::Kind, kind).into_owned());
    let place = place.and_then(|place| place.text).map(|text| sanitize(&text));
    let parts: Vec<String> = kind.into_iter().chain(place).collect();
    Some(if parts.is_empty() { tell!(lang, "kept-nothing-yet").to_owned() } else { parts.join(", ") })
}

const fn began(what: Writing) -> &'static str {
    match what {
        Writing::Alert => "kept-began-alert",
        Writing::Report => "kept-began-report",
        Writing::Update(_) => "kept-began-update",
        Writing::Cancel(_) => "kept-began-cancel",
        Writing::Correction(_) => "kept-began-correction",
    }
}

fn command(what: Writing) -> String {
    let about = |command: &str, id: AlertId| {
        let short: String = id.to_string().chars().take(8).collect();
        format!("watchfire alert {command} {short}")
    };
    match what {
        Writing::Alert => "watchfire alert send".to_owned(),
        Writing::Report => "watchfire report".to_owned(),
        Writing::Update(id) => about("update", id),
        Writing::Cancel(id) => about("cancel", id),
        Writing::Correction(id) => about("correct", id),
    }
}
