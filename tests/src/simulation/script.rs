//! What happens in a run, as its seed says, and what must be true in the end.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::pending;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use turmoil::Sim;
use watchfire_client::Client;
use watchfire_client::ops::amend::Amendment;
use watchfire_client::ops::desk::ReportFilter;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::join::JoinView;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_protocol::charter;
use watchfire_protocol::id::{parse_base32, sha256};
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::InviteRole;
use watchfire_relay::admission::{self, Quota};
use watchfire_relay::{Clock, Config, serve_on};

use super::ground::{Listener, PORT, RELAY, SECOND, SECOND_PORT};
use super::person::{self, Job, LASTS, Outcome, Person, Typed, number};
use super::store::SlowStore;
use super::{Choices, Shared, Skewed};
use crate::local::{add_neighborhood, terms};

/// How finely the network's time is cut.
const TICK: Duration = Duration::from_millis(50);
/// How long everything may take to come to rest, once nothing fails any more.
const REST: u64 = 15 * 60;
/// Who answers what.
const ANSWERS: [&str; 4] = ["going", "on-scene", "cannot", "standby"];
/// Who is let in while it goes on, and who is removed.
const NEWCOMER: &str = "Lou";
const REMOVED: &str = "Ben";

/// A run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    /// For how many simulated minutes things fail.
    pub minutes: u64,
    /// Whether the charter lists a second relay.
    pub two_relays: bool,
    /// Whether each event is printed.
    pub loud: bool,
}

/// What will be over at a time of the simulation, in milliseconds.
struct Until {
    at: u64,
    what: Trouble,
}

/// What fails for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// A device, or a relay, has stopped.
    Stopped(&'static str),
    /// Nothing goes between somebody and a relay.
    Parted(Line),
    /// What goes there is kept back.
    Held(Line),
    /// What goes there takes long.
    Slow(Line),
}

/// Between somebody and a relay.
type Line = (&'static str, &'static str);

struct Script<'a> {
    sim: Sim<'a>,
    shared: Rc<Shared>,
    choices: Choices,
    people: Vec<Rc<Person>>,
    relays: Vec<&'static str>,
    relay_clock: Skewed,
    troubles: Vec<Until>,
    /// Who will be killed, and when, in milliseconds of the simulation.
    strikes: Vec<(u64, &'static str)>,
    alerts: u32,
    reports: u32,
    /// When the removal was told to be done, in milliseconds of the simulation.
    removed: Option<u64>,
}

/// Runs one seed in a folder. Returns how much of what happened, and hashes of everything that did.
///
/// # Errors
/// What was not as it must be, after everything that happened.
pub fn run(plan: Plan, folder: &Path) -> Result<Value, String> {
    let shared = Rc::new(Shared::new(plan.seed, plan.loud));
    let mut script = Script::new(plan, folder, &shared);
    script.plays(plan.minutes).map_err(|wrong| format!("{}\n{wrong}", shared.trace.borrow().join("\n")))?;
    Ok(script.figures())
}

impl Script<'_> {
    fn new(plan: Plan, folder: &Path, shared: &Rc<Shared>) -> Self {
        let mut choices = Choices::new(plan.seed);
        let mut builder = turmoil::Builder::new();
        builder
            .rng_seed(choices.draw())
            .tick_duration(TICK)
            .simulation_duration(Duration::from_secs(1000 * 24 * 3600))
            .min_message_latency(Duration::from_millis(5))
            .max_message_latency(Duration::from_millis(choices.of(&[60, 200, 600])))
            .enable_random_order();
        let mut sim = builder.build();
        let relay_clock = Skewed::new(&shared.day);
        let mut relays = vec![RELAY];
        relays.extend(plan.two_relays.then_some(SECOND));
        for name in &relays {
            let (name, port) = (*name, if *name == SECOND { SECOND_PORT } else { PORT });
            let relay = folder.join(name);
            watchfire_relay::init(&relay, (Ipv4Addr::LOCALHOST, port).into(), None).unwrap();
            let (shares, clock) = (Rc::clone(shared), relay_clock.clone());
            sim.host(name, move || serve((name, port), relay.clone(), clock.clone(), Rc::clone(&shares)));
        }
        let everybody =
            [("Marisol", true), ("Kai", true), ("Ana", false), (REMOVED, false), ("Eva", false), (NEWCOMER, false)];
        let people: Vec<Rc<Person>> =
            everybody.map(|(name, coordinates)| Person::new(name, coordinates, folder, shared)).into();
        for person in &people {
            let person = Rc::clone(person);
            sim.host(person.name, move || Rc::clone(&person).lives());
        }
        Self {
            sim,
            shared: Rc::clone(shared),
            choices,
            people,
            relays,
            relay_clock,
            troubles: Vec::new(),
            strikes: Vec::new(),
            alerts: 0,
            reports: 0,
            removed: None,
        }
    }

    fn plays(&mut self, minutes: u64) -> Result<(), String> {
        self.found()?;
        self.goes_wrong(minutes)?;
        self.heals();
        self.lets_in_by_words()?;
        self.rests()
    }

    fn person(&self, name: &str) -> Rc<Person> {
        Rc::clone(self.people.iter().find(|person| person.name == name).unwrap())
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.sim.elapsed().as_millis()).unwrap()
    }

    fn step(&mut self) -> Result<(), String> {
        self.shared.day.elapsed.store(self.millis(), std::sync::atomic::Ordering::SeqCst);
        self.sim.step().map(drop).map_err(|error| format!("somebody's program ended: {error}"))
    }

    /// Goes on until something is so.
    fn until(&mut self, what: &str, seconds: u64, so: impl Fn() -> bool) -> Result<(), String> {
        let end = self.millis() + seconds * 1000;
        while !so() {
            if self.millis() > end {
                return Err(format!("{what}: not within {seconds} s"));
            }
            self.step()?;
        }
        Ok(())
    }

    /// Has somebody do something, and waits for what comes of it.
    fn ask<T: 'static, F: Future<Output = T> + 'static>(
        &mut self,
        who: &str,
        what: &str,
        work: impl FnOnce(Rc<Person>) -> F + 'static,
    ) -> Result<T, String> {
        let answer: Rc<RefCell<Option<T>>> = Rc::default();
        let place = Rc::clone(&answer);
        self.person(who).does(move |person| {
            let work = work(person);
            async move {
                let done = work.await;
                *place.borrow_mut() = Some(done);
            }
        });
        self.until(what, 300, || answer.borrow().is_some())?;
        Ok(answer.take().unwrap())
    }

    /// A network with a neighborhood, and all but the newcomer in it. Nothing fails yet.
    fn found(&mut self) -> Result<(), String> {
        let relay = self.person("Marisol").home.with_file_name(RELAY);
        let url = format!("ws://127.0.0.1:{PORT}/v1");
        let hood = self.ask("Marisol", "founding", move |marisol| async move {
            let client = marisol.open();
            let key = watchfire_relay::identity::open(&relay.join("identity")).unwrap().public();
            let token = std::fs::read_to_string(relay.join("admission.token")).unwrap();
            client
                .create_network("Night Watch", "Marisol", &url, key, Some(parse_base32(token.trim()).unwrap()))
                .await
                .unwrap();
            add_neighborhood(&client, "Elm Park").await
        })?;
        self.shared.hood.set(Some(hood));
        if self.relays.contains(&SECOND) {
            self.ask("Marisol", "another relay", |marisol| async move { add_second(&marisol).await })?;
        }
        self.let_in_kai()?;
        self.person("Marisol").follows.set(true);
        for name in ["Ana", REMOVED, "Eva"] {
            let link = self.ask("Marisol", "an invite", move |marisol| async move { invite(&marisol, name).await })?;
            *self.person(name).link.borrow_mut() = link;
            self.person(name).follows.set(true);
        }
        let people = self.people.clone();
        let all = move || {
            people
                .iter()
                .filter(|person| person.name != NEWCOMER)
                .all(|p| p.follows.get() && p.member_since.get().is_some())
        };
        self.until("all are members", 600, all)
    }

    /// The words are read both ways, and the rights are granted.
    fn let_in_kai(&mut self) -> Result<(), String> {
        let link = self.ask("Marisol", "an invite", |marisol| async move {
            let terms = InviteTerms {
                role: InviteRole::Coordinator,
                handle: String::new(),
                uses: 1,
                expires_in: 3600,
                auto_approve: false,
            };
            let invite = marisol.open().invite(marisol.shared.hood(), &terms).await.unwrap();
            InviteLink::parse(&invite.link).unwrap()
        })?;
        let view: JoinView = self
            .ask("Kai", "a request", move |kai| async move { kai.open().join(&link, &terms("Kai")).await.unwrap() })?;
        let (request, words) = (view.request, view.say[0].join(" "));
        let said = self.ask("Marisol", "an approval", move |marisol| async move {
            let (client, hood) = (marisol.open(), marisol.shared.hood());
            client.connected(hood).await.unwrap();
            let pending = client.pending(hood).unwrap();
            let pending = pending.iter().find(|pending| pending.request == request).unwrap();
            client.approve(hood, &request.to_string(), &words).await.unwrap();
            pending.say[0].join(" ")
        })?;
        self.ask("Kai", "a membership", move |kai| async move {
            let client = kai.open();
            client.wait_for_approval(kai.shared.hood(), Duration::from_secs(60)).await.unwrap();
            client.confirm(&said).unwrap();
        })?;
        self.ask("Marisol", "a grant", |marisol| async move {
            marisol.open().grant("Kai", marisol.shared.hood(), true, true, None).await.unwrap();
        })?;
        self.person("Kai").follows.set(true);
        Ok(())
    }

    /// For some minutes people work, and whatever can fail does.
    fn goes_wrong(&mut self, minutes: u64) -> Result<(), String> {
        let (begin, length) = (self.millis(), minutes * 60_000);
        let (mut work, mut fault) = (begin, begin + self.choices.within(1000..10_000));
        let (joins, leaves) = (begin + length / 4, begin + length / 2);
        let (mut invited, mut told) = (joins, leaves);
        while self.millis() < begin + length {
            let now = self.millis();
            self.ends(now);
            self.strike(now);
            if now >= work {
                self.works();
                work = now + self.choices.within(1000..20_000);
            }
            if now >= fault {
                self.fails();
                fault = now + self.choices.within(2000..25_000);
            }
            if now >= invited && self.person(NEWCOMER).link.borrow().is_none() {
                self.invites();
                invited = now + 60_000;
            }
            if now >= told && self.removed.is_none() {
                self.removes();
                told = now + 90_000;
            }
            self.step()?;
            self.notes_removal();
            self.is_told();
        }
        Ok(())
    }

    /// One coordinator removes somebody. As often as not the other one opens an epoch at that moment, and knows of nothing.
    fn removes(&mut self) {
        let [by, other] = self.choices.of(&[["Marisol", "Kai"], ["Kai", "Marisol"]]);
        self.person(by).types(Job::Remove(REMOVED));
        if self.choices.percent(50) {
            self.person(other).types(Job::Rotate);
        }
    }

    /// As soon as somebody is told that something is sent, the relay may be killed: what it said must be so.
    fn is_told(&mut self) {
        if self.shared.told.take() && self.choices.percent(40) {
            self.stops(RELAY, self.millis());
        }
    }

    /// So often of a hundred times somebody, or a relay, is killed within so many milliseconds.
    fn may_be_struck(&mut self, name: &'static str, percent: u64, within: u64) {
        if self.choices.percent(percent) {
            self.strikes.push((self.millis() + self.choices.within(0..within), name));
        }
    }

    fn strike(&mut self, now: u64) {
        let (due, later): (Vec<_>, Vec<_>) = self.strikes.drain(..).partition(|(at, _)| *at <= now);
        self.strikes = later;
        due.into_iter().for_each(|(_, name)| self.stops(name, now));
    }

    fn notes_removal(&mut self) {
        let told = |typed: &Typed| typed.job == Job::Remove(REMOVED) && typed.outcome == Outcome::Accepted;
        if self.removed.is_none() && self.people.iter().any(|person| person.typed.borrow().iter().any(told)) {
            self.removed = Some(self.millis());
        }
    }

    /// Somebody types something.
    fn works(&mut self) {
        match self.choices.within(0..100) {
            0..45 => {
                self.alerts += 1;
                let author = self.coordinator();
                self.types(&author, Job::Alert(self.alerts));
            }
            45..75 if self.alerts > 0 => {
                let (person, alert) = (self.anybody(), self.choices.within(1..u64::from(self.alerts) + 1));
                let code = self.choices.of(&ANSWERS);
                self.types(&person, Job::Answer(u32::try_from(alert).unwrap(), code));
            }
            75..92 => {
                self.reports += 1;
                let author = self.anybody();
                self.types(&author, Job::Report(self.reports));
            }
            92..100 => self.coordinator().types(Job::Rotate),
            _ => {}
        }
    }

    /// One command in five meets the end of its device, before or after it is done.
    fn types(&mut self, person: &Rc<Person>, job: Job) {
        person.types(job);
        self.may_be_struck(person.name, 20, 2500);
    }

    fn coordinator(&mut self) -> Rc<Person> {
        let name = self.choices.of(&["Marisol", "Kai"]);
        self.person(name)
    }

    fn anybody(&mut self) -> Rc<Person> {
        let members: Vec<Rc<Person>> =
            self.people.iter().filter(|person| person.member_since.get().is_some()).cloned().collect();
        self.choices.of(&members)
    }

    fn invites(&mut self) {
        let newcomer = self.person(NEWCOMER);
        newcomer.follows.set(true);
        self.coordinator().does(move |coordinator| async move {
            if let Some(link) = invite(&coordinator, NEWCOMER).await {
                *newcomer.link.borrow_mut() = Some(link);
            }
        });
    }

    /// Something begins to fail.
    fn fails(&mut self) {
        let name = self.choices.of(&self.people.iter().map(|person| person.name).collect::<Vec<_>>());
        let relay = if self.relays.len() > 1 { self.choices.of(&self.relays) } else { RELAY };
        let (now, line) = (self.millis(), (name, relay));
        match self.choices.within(0..100) {
            0..15 => self.stops(relay, now),
            15..35 => self.stops(name, now),
            35..55 => self.parts(line, now),
            55..70 => self.holds(line, now),
            70..80 => self.slows(line, now),
            80..96 => self.sets_clock(name),
            _ => self.sleeps(),
        }
    }

    fn begins(&mut self, at: u64, what: Trouble) {
        self.troubles.push(Until { at, what });
    }

    fn is_stopped(&self, name: &'static str) -> bool {
        self.troubles.iter().any(|until| until.what == Trouble::Stopped(name))
    }

    fn has_line_trouble(&self, line: Line) -> bool {
        let all = [Trouble::Parted(line), Trouble::Held(line), Trouble::Slow(line)];
        self.troubles.iter().any(|until| all.contains(&until.what))
    }

    fn stops(&mut self, name: &'static str, now: u64) {
        if self.is_stopped(name) {
            return;
        }
        // With the power cut nobody is told that connections end, and what was under way is lost.
        let cut = self.choices.percent(50);
        let is_relay = self.relays.contains(&name);
        let lines: Vec<Line> = match is_relay {
            true => self.people.iter().map(|person| (person.name, name)).collect(),
            false => self.relays.iter().map(|relay| (name, *relay)).collect(),
        };
        let whole: Vec<Line> = lines.into_iter().filter(|line| !self.has_line_trouble(*line)).collect();
        if cut {
            whole.iter().for_each(|(person, relay)| self.sim.partition(*person, *relay));
        }
        self.sim.crash(name);
        if cut {
            whole.iter().for_each(|(person, relay)| self.sim.repair(*person, *relay));
        }
        self.shared.tell(name, if cut { "loses power" } else { "is killed" });
        self.shared.count(if is_relay { "relay crashes" } else { "device crashes" });
        let at = now + self.choices.within(500..90_000);
        self.begins(at, Trouble::Stopped(name));
    }

    fn parts(&mut self, line: Line, now: u64) {
        if self.has_line_trouble(line) {
            return;
        }
        let (name, relay) = line;
        match self.choices.within(0..3) {
            0 => self.sim.partition_oneway(name, relay),
            1 => self.sim.partition_oneway(relay, name),
            _ => self.sim.partition(name, relay),
        }
        self.shared.tell(name, "is parted");
        self.shared.count("partitions");
        let at = now + self.choices.within(1000..180_000);
        self.begins(at, Trouble::Parted(line));
    }

    fn holds(&mut self, line: Line, now: u64) {
        if self.has_line_trouble(line) {
            return;
        }
        let (name, relay) = line;
        self.sim.hold(name, relay);
        self.shared.tell(name, "is held");
        self.shared.count("connections held");
        let at = now + self.choices.within(500..45_000);
        self.begins(at, Trouble::Held(line));
    }

    fn slows(&mut self, line: Line, now: u64) {
        if self.has_line_trouble(line) {
            return;
        }
        let (name, relay) = line;
        let slow = Duration::from_millis(self.choices.within(1000..8000));
        self.sim.set_link_max_message_latency(name, relay, slow);
        self.shared.tell(name, "is slow");
        self.shared.count("connections slowed");
        let at = now + self.choices.within(5000..120_000);
        self.begins(at, Trouble::Slow(line));
    }

    fn sets_clock(&mut self, name: &'static str) {
        let minutes = i64::try_from(self.choices.within(0..17)).unwrap() - 8;
        // Once in a while the wrong zone.
        let hours = if self.choices.percent(10) { i64::try_from(self.choices.within(0..7)).unwrap() - 3 } else { 0 };
        let person = self.person(name);
        let off = minutes * 60 + if person.coordinates { 0 } else { hours * 3600 };
        match self.choices.percent(15) {
            true => self.relay_clock.set(minutes * 60),
            false => person.clock.set(off),
        }
        self.shared.tell(name, format_args!("sets a clock: {off} s"));
        self.shared.count("clocks set");
    }

    /// Everybody's machine sleeps for a while.
    fn sleeps(&mut self) {
        let newcomer = self.person(NEWCOMER);
        // Who comes too late by a link that approves by itself waits for a person.
        if newcomer.follows.get() && newcomer.member_since.get().is_none() {
            return;
        }
        let seconds = self.choices.within(600..6 * 3600);
        self.shared.day.slept.fetch_add(seconds, std::sync::atomic::Ordering::SeqCst);
        self.shared.tell("all", format_args!("sleep {seconds} s"));
        self.shared.count("sleeps");
    }

    /// Ends what has lasted long enough.
    fn ends(&mut self, now: u64) {
        let over: Vec<Trouble> = self.troubles.iter().filter(|until| until.at <= now).map(|until| until.what).collect();
        self.troubles.retain(|until| until.at > now);
        over.into_iter().for_each(|what| self.end(what));
    }

    fn end(&mut self, what: Trouble) {
        match what {
            Trouble::Stopped(name) => {
                self.sim.bounce(name);
                // While what waited for it is sent.
                if self.relays.contains(&name) {
                    self.may_be_struck(name, 40, 6000);
                }
            }
            Trouble::Parted((name, relay)) => self.sim.repair(name, relay),
            Trouble::Held((name, relay)) => self.sim.release(name, relay),
            Trouble::Slow((name, relay)) => {
                self.sim.set_link_max_message_latency(name, relay, Duration::from_millis(200));
            }
        }
        self.shared.tell("all", format_args!("{what:?} is over"));
    }

    fn heals(&mut self) {
        self.ends(u64::MAX);
        self.people.iter().for_each(|person| person.clock.set(0));
        self.relay_clock.set(0);
        self.shared.tell("all", "heals");
    }

    /// Who came too late for a link that approves by itself is approved by a person.
    fn lets_in_by_words(&mut self) -> Result<(), String> {
        let newcomer = self.person(NEWCOMER);
        let there = Rc::clone(&newcomer);
        if newcomer.link.borrow().is_none() || self.until("in", 180, move || there.member_since.get().is_some()).is_ok()
        {
            return Ok(());
        }
        let view = self.ask(NEWCOMER, "a request", |newcomer| async move {
            newcomer.open().continue_join(newcomer.shared.hood()).await
        })?;
        let Ok(view) = view else { return Ok(()) };
        self.ask("Marisol", "an approval", move |marisol| async move {
            let approved =
                marisol.open().approve(marisol.shared.hood(), &view.request.to_string(), &view.say[0].join(" ")).await;
            marisol.shared.tell(
                "Marisol",
                format_args!("approves: {}", approved.map_or_else(|error| error.to_string(), |_| "done".to_owned())),
            );
        })
    }

    /// Goes on until everything is as it must be, and says what is not if that takes too long.
    fn rests(&mut self) -> Result<(), String> {
        let end = self.millis() + REST * 1000;
        loop {
            for _ in 0..200 {
                self.step()?;
            }
            let wrong = self.wrong();
            if wrong.is_empty() {
                return Ok(());
            }
            if self.millis() > end {
                return Err(wrong.join("\n"));
            }
        }
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let members = self.members();
        if members.is_empty() {
            return vec!["Marisol sees no members".to_owned()];
        }
        let clients: Vec<_> = members.iter().map(|person| (person, person.open())).collect();
        let epochs: BTreeMap<u64, Vec<&str>> =
            clients.iter().fold(BTreeMap::new(), |mut epochs: BTreeMap<u64, Vec<&str>>, (person, client)| {
                epochs.entry(person::epoch(client)).or_default().push(person.name);
                epochs
            });
        if epochs.len() != 1 {
            wrong.push(format!("epochs have not converged: {epochs:?}"));
        }
        for (person, client) in &clients {
            let queued = client.queued().unwrap();
            if queued > 0 {
                wrong.push(format!("{} has {queued} things that wait to be sent", person.name));
            }
            self.look_at_alerts(person, client, &mut wrong);
            if person.coordinates {
                self.look_at_desk(person, client, &mut wrong);
            }
        }
        self.look_at_removed(&mut wrong);
        if self.person(NEWCOMER).link.borrow().is_some() && self.person(NEWCOMER).member_since.get().is_none() {
            wrong.push(format!("{NEWCOMER} is no member"));
        }
        wrong
    }

    /// Who is a member as the coordinators see it.
    fn members(&self) -> Vec<Rc<Person>> {
        // None are seen before the first connection of a new epoch is whole.
        let handles = self.person("Marisol").open().members(self.shared.hood()).unwrap_or_default();
        let named = |person: &&Rc<Person>| handles.iter().any(|member| member.handle == person.name);
        self.people.iter().filter(named).filter(|person| person.member_since.get().is_some()).cloned().collect()
    }

    /// All that was typed of a kind and has not expired.
    fn typed(&self) -> Vec<(Rc<Person>, Typed)> {
        let all = self.people.iter().flat_map(|person| {
            let typed = person.typed.borrow().clone();
            typed.into_iter().map(|typed| (Rc::clone(person), typed)).collect::<Vec<_>>()
        });
        let now = self.shared.day.now();
        all.filter(|(_, typed)| typed.at.plus(LASTS) > now.plus(3600)).collect()
    }

    /// Each alert was shown once, and nothing is missing that it says.
    fn look_at_alerts(&self, person: &Person, client: &Client, wrong: &mut Vec<String>) {
        for view in client.alerts(Filter::default()).unwrap().iter().filter(|view| !is_verified(view)) {
            wrong.push(format!("{} has {} as {:?}", person.name, person::name(view), view.shown.label()));
        }
        for (author, typed) in self.typed() {
            let Job::Alert(n) = typed.job else { continue };
            if author.name == person.name {
                continue;
            }
            let shown = person.shown.borrow().get(&format!("alert {n}")).copied().unwrap_or(0);
            let must = typed.outcome == Outcome::Accepted && person.name != NEWCOMER;
            if shown > 1 || (must && shown == 0) {
                wrong.push(format!("{} was shown alert {n} of {} {shown} times", person.name, author.name));
            }
        }
    }

    /// Each report once, and each member's last answer.
    fn look_at_desk(&self, person: &Person, client: &Client, wrong: &mut Vec<String>) {
        let reports = match client.reports(ReportFilter { all: true, ..ReportFilter::default() }) {
            Ok(reports) => reports,
            // Before the first connection of a new epoch is whole, there is no desk.
            Err(error) => return wrong.push(format!("{} has no desk: {error}", person.name)),
        };
        let alerts = client.alerts(Filter::default()).unwrap();
        let members: Vec<&str> = self.members().iter().map(|member| member.name).collect();
        for (author, typed) in self.typed() {
            // What waited at the device of who was removed is not theirs to send any more.
            let must = typed.outcome == Outcome::Accepted && members.contains(&author.name);
            match typed.job {
                Job::Report(n) => {
                    let name = format!("corner {n}");
                    let here = |place: &watchfire_protocol::vocabulary::Place| place.text == name;
                    let count = reports.iter().filter(|r| r.content.place.as_ref().is_some_and(here)).count();
                    if count > 1 || (count == 0 && must) {
                        wrong.push(format!("{} has report {n} of {} {count} times", person.name, author.name));
                    }
                }
                Job::Answer(n, _) if must => {
                    let Some(view) = alerts.iter().find(|view| number(view) == Some(n)) else { continue };
                    let tally = client.tally(view).unwrap();
                    let newest = tally.answers.iter().find(|answer| answer.handle == author.name);
                    let allowed = allowed_answers(&author, n);
                    if newest.is_none_or(|newest| !allowed.contains(&newest.answer.as_str())) {
                        wrong.push(format!(
                            "{} has {:?} of {} to alert {n}, and not one of {allowed:?}",
                            person.name,
                            newest.map(|newest| newest.answer.as_str()),
                            author.name
                        ));
                    }
                }
                _ => {}
            }
        }
    }

    /// Nothing that was written after the removal is in the vault of who was removed.
    fn look_at_removed(&self, wrong: &mut Vec<String>) {
        let removed = self.person(REMOVED);
        if self.members().iter().any(|member| member.name == REMOVED) {
            if self.removed.is_some() {
                wrong.push(format!("{REMOVED} is a member still"));
            }
            return;
        }
        let client = removed.open();
        let (mine, theirs) = (person::epoch(&client), person::epoch(&self.person("Marisol").open()));
        let newest = client.alerts(Filter { expired: true, ..Filter::default() }).unwrap();
        for (author, typed) in self.typed() {
            let Job::Alert(n) = typed.job else { continue };
            let late = self.removed.is_some_and(|removed| typed.began > removed);
            if late && removed.shown.borrow().contains_key(&format!("alert {n}")) {
                wrong.push(format!("{REMOVED} was shown alert {n}, which {} typed later", author.name));
            }
        }
        let newest = newest.iter().map(|view| view.shown.body().epoch.0).max().unwrap_or(0);
        if mine >= theirs || newest > mine {
            wrong.push(format!(
                "{REMOVED} is in epoch {mine}, has an alert of {newest}, and the others are in {theirs}"
            ));
        }
    }

    fn figures(&self) -> Value {
        let trace = self.shared.trace.borrow();
        let lines: Vec<&[u8]> = trace.iter().map(String::as_bytes).collect();
        let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut counts = self.shared.counts.borrow().clone();
        counts.insert("alerts typed", u64::from(self.alerts));
        counts.insert("reports typed", u64::from(self.reports));
        counts.insert("simulated seconds", self.sim.elapsed().as_secs());
        counts.insert("seconds on clocks", self.shared.day.now().0 - super::Day::BEGIN);
        json!({ "counts": counts, "trace": hex(sha256(&lines)), "bytes": hex(*self.shared.bytes.lock().unwrap()) })
    }
}

/// What may stand as somebody's answer: the newest by their own clock that was accepted, and any that may be newer. One that
/// was typed again was written then or, if the device stopped after it was, at first. Where that clock was set back since,
/// the last one stands: what is dated later than it comes does not count for longer.
fn allowed_answers(author: &Person, alert: u32) -> Vec<&'static str> {
    let typed = author.typed.borrow();
    let answers: Vec<(&Typed, &'static str)> = typed
        .iter()
        .filter(|typed| typed.at.0 > 0)
        .filter_map(|typed| match typed.job {
            Job::Answer(n, code) if n == alert => Some((typed, code)),
            _ => None,
        })
        .collect();
    let accepted = || answers.iter().map(|(typed, _)| typed).filter(|typed| typed.outcome == Outcome::Accepted);
    let newest = accepted().map(|typed| typed.at.min(typed.last)).max();
    let last = accepted().map(|typed| typed.began).max();
    let may = |typed: &Typed| Some(typed.at.max(typed.last)) >= newest || Some(typed.again) >= last;
    answers.iter().filter(|(typed, _)| may(typed)).map(|(_, code)| *code).collect()
}

async fn invite(coordinator: &Person, handle: &'static str) -> Option<InviteLink> {
    let terms = InviteTerms {
        role: InviteRole::Responder,
        handle: handle.to_owned(),
        uses: 1,
        expires_in: 24 * 3600,
        auto_approve: true,
    };
    match coordinator.open().invite(coordinator.shared.hood(), &terms).await {
        Ok(invite) => Some(InviteLink::parse(&invite.link).unwrap()),
        Err(error) => {
            coordinator.shared.tell(coordinator.name, format_args!("cannot invite {handle}: {error}"));
            None
        }
    }
}

/// Has the second relay serve the network, and lists it.
async fn add_second(marisol: &Person) {
    let (client, dir) = (marisol.open(), marisol.home.with_file_name(SECOND));
    let network = client.charters().unwrap().network();
    admission::allow(&dir.join("networks.toml"), network, Quota::default()).unwrap();
    let key = watchfire_relay::identity::open(&dir.join("identity")).unwrap().public();
    let relay = charter::Relay { url: format!("ws://127.0.0.1:{SECOND_PORT}/v1"), key };
    client.amend(&Amendment::AddRelay { relay, first: false }, false).await.unwrap();
}

async fn serve((name, port): (&'static str, u16), dir: PathBuf, clock: Skewed, shared: Rc<Shared>) -> turmoil::Result {
    shared.tell(name, "starts");
    let listener = Listener(turmoil::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?);
    let mut config = Config::open(dir)?;
    config.clock = Clock::from_fn(move || clock.now());
    config.limits.disk_reserve_bytes = 0;
    let (path, limits, choices) = (config.database_path(), config.limits.clone(), Arc::clone(&shared.choices));
    let store = move |sink| SlowStore::open(&path, &limits, sink, choices);
    Ok(serve_on(listener, store, config, pending()).await?)
}
