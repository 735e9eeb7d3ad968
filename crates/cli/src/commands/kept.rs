//! What somebody types at prompts is kept after each answer, until it is sent: neither Enter at the last question nor a closed
//! terminal takes it away.

use std::cell::Cell;

use watchfire_client::Client;
use watchfire_client::file::{AlertFile, ReportFile};
use watchfire_client::ops::begun::{Begun, Origin, Writing};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::vocabulary::List;

use crate::app::App;
use crate::ask::is_yes;
use crate::form::Person;
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
    what: Writing,
    hood: NeighborhoodId,
    origin: Origin,
}

impl<'a> Writer<'a> {
    /// Somebody whose answers are not kept: what they say further about an alert is short.
    pub(super) const fn forgetful(app: &'a App) -> Self {
        Self { app, keeping: None, kept: Cell::new(false) }
    }

    /// Whether what is written now takes the place of what was begun.
    pub(super) fn is_kept(&self) -> bool {
        self.kept.get()
    }

    /// Says where it is, after it was not sent.
    pub(super) fn tell_kept(&self) -> Result<(), Problem> {
        let Some(Keeping { client, what, .. }) = &self.keeping else { return Ok(()) };
        if self.kept.get() && client.begun(*what)?.is_some() {
            self.app.tell_before_asking(&tell!(self.app.lang, "kept-still", command = command(*what)));
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
        let Some(Keeping { client, what, hood, origin }) = &self.keeping else { return Ok(()) };
        client.keep_begun(*what, &Begun { at: client.now(), hood: *hood, origin: origin.clone(), text })?;
        self.kept.set(true);
        Ok(())
    }
}

/// What somebody begins to write, or goes on with.
pub(super) struct Start<'a> {
    app: &'a App,
    client: &'a Client,
    what: Writing,
    /// Whether what they type is kept.
    keeps: bool,
    /// Of what it is made.
    pub(super) origin: Origin,
    before: Option<Begun>,
}

impl<'a> Start<'a> {
    /// Offers what was begun before. What is made of something else takes its place only if that is meant.
    pub(super) fn of(app: &'a App, client: &'a Client, what: Writing, given: Origin) -> Result<Self, Problem> {
        let (lang, fresh) = (app.lang, |keeps| Self { app, client, what, keeps, origin: given.clone(), before: None });
        let before = client.begun(what)?;
        let said = before.as_ref().and_then(|before| words(lang, what, before));
        let (Some(before), Some(said)) = (before, said) else { return Ok(fresh(true)) };
        let span = ago(lang, client.now().since(before.at));
        let began = match what {
            Writing::Alert => tell!(lang, "kept-began-alert", ago = span, said),
            Writing::Report => tell!(lang, "kept-began-report", ago = span, said),
        };
        if given != Origin::default() && given != before.origin {
            if app.yes {
                return Ok(fresh(false));
            }
            app.tell_before_asking(&began);
            if !app.agrees(tell!(lang, "kept-in-its-place"))? {
                let declined = Problem::declined(tell!(lang, "kept-left"));
                return Err(declined.hint(tell!(lang, "kept-go-on", command = command(what))));
            }
        } else if goes_on(app, &began)? {
            return Ok(Self { app, client, what, keeps: true, origin: before.origin.clone(), before: Some(before) });
        }
        client.discard_begun(what)?;
        Ok(fresh(true))
    }

    /// What was written before, in the shape of its file.
    pub(super) fn text(&self) -> Option<&str> {
        self.before.as_ref().map(|before| before.text.as_str())
    }

    /// Where it goes: as is said now, else as before.
    pub(super) fn hood(&self, named: Option<&str>) -> Result<NeighborhoodId, Problem> {
        let known = self.client.hoods()?;
        match &self.before {
            Some(before) if named.is_none() && known.iter().any(|(id, _)| *id == before.hood) => Ok(before.hood),
            _ => Ok(self.client.hood_named(named)?),
        }
    }

    /// Whoever writes it.
    pub(super) fn writer(self, hood: NeighborhoodId) -> Writer<'a> {
        let Self { app, client, what, keeps, origin, before } = self;
        let keeping = keeps.then_some(Keeping { client, what, hood, origin });
        Writer { app, keeping, kept: Cell::new(before.is_some()) }
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
        Writing::Alert => AlertFile::read(&begun.text).ok().map(|file| (file.kind, file.place)),
        Writing::Report => ReportFile::read(&begun.text).ok().map(|file| (file.kind, file.place)),
    }?;
    let kind = kind.map(|kind| code(lang, List::Kind, kind).into_owned());
    let place = place.and_then(|place| place.text).map(|text| sanitize(&text));
    let parts: Vec<String> = kind.into_iter().chain(place).collect();
    Some(if parts.is_empty() { tell!(lang, "kept-nothing-yet").to_owned() } else { parts.join(", ") })
}

const fn command(what: Writing) -> &'static str {
    match what {
        Writing::Alert => "watchfire alert send",
        Writing::Report => "watchfire report",
    }
}
