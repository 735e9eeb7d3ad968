//! What every command has at hand: the reader's language, the two streams, the vault.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use watchfire_client::ops::answer::HelpView;
use watchfire_client::ops::made::Untrue;
use watchfire_client::route::MAX_ANCHORS;
use watchfire_client::vault::Vault;
use watchfire_client::{Client, ClientError, system_clock};

use crate::args::{Global, Way};
use crate::draft;
use crate::problem::Problem;
use crate::screen::{self, Drawn};
use crate::shape;
use crate::words::{Lang, charter, desk, fork, isolated, json_safe, sanitize, system, tell};

/// Lines of what a program printed that are passed on: more would push alerts off the screen.
const PASSED_ON: usize = 40;

/// How a command speaks, and where its vault is.
pub(crate) struct App {
    pub(crate) lang: Lang,
    /// Whether a program reads the results.
    pub(crate) json: bool,
    /// Whether what would be asked is answered yes.
    pub(crate) yes: bool,
    /// Whether a person may be asked.
    pub(crate) input: bool,
    /// Whether to say more.
    pub(crate) verbose: bool,
    pub(crate) home: PathBuf,
    pub(crate) passphrase_file: Option<PathBuf>,
    way: Option<Way>,
    ca_file: Option<PathBuf>,
    quiet: bool,
    draw: bool,
    /// Whether the command does more than telling.
    acts: bool,
    /// Which calls for help this command has told.
    told: RefCell<Vec<HelpView>>,
}

impl App {
    pub(crate) fn new(global: Global, lang: Lang, acts: bool) -> Result<Self, Problem> {
        let Global {
            home,
            json,
            plain,
            lang: _,
            no_input,
            passphrase_file,
            proxy: way,
            ca_file,
            yes,
            quiet,
            verbose,
            ..
        } = global;
        let home = match home {
            Some(home) => home,
            None => default_home(|name| std::env::var_os(name).map(PathBuf::from)).ok_or_else(|| {
                Problem::usage(tell!(lang, "app-home-folder-known").to_owned())
                    .hint(tell!(lang, "app-say-where-vault").to_owned())
            })?,
        };
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let draw = !(json || plain || quiet || dumb || set("NO_COLOR"));
        let (input, verbose) = (!no_input, verbose > 0);
        Ok(Self {
            lang,
            json,
            yes,
            input,
            verbose,
            home,
            passphrase_file,
            way,
            ca_file,
            quiet,
            draw,
            acts,
            told: RefCell::default(),
        })
    }

    /// Whether a line on a terminal may be written over.
    pub(crate) const fn draws(&self) -> bool {
        self.draw
    }

    /// Prints a result in words.
    pub(crate) fn out(&self, text: &str) -> Result<(), Problem> {
        self.print(&shown_lines(text))
    }

    /// Prints a result in words, on a terminal in place of what was drawn before. Returns what it drew, to be drawn over;
    /// nothing where no screen is to be controlled, or where that would leave lines of it on the screen.
    pub(crate) fn redraw(&self, before: Option<Drawn>, text: &str) -> Result<Option<Drawn>, Problem> {
        let size = Some(io::stdout()).filter(|out| self.draw && out.is_terminal()).and_then(screen::size);
        // What was drawn on a screen of another width is broken otherwise by now.
        if let (Some(size), Some(before)) = (size, before)
            && size.columns == before.columns
            && before.rows < size.rows
        {
            self.print(&format!("\u{1b}[{}A\u{1b}[J", before.rows))?;
        }
        self.out(text)?;
        Ok(size.and_then(|size| screen::drawn(&shown_lines(text), size)))
    }

    /// Prints a result for a program.
    pub(crate) fn object(&self, object: &Value) -> Result<(), Problem> {
        self.print(&format!("{}\n", json_safe(&object.to_string())))
    }

    /// Prints as it is what this program has made up itself. Where nobody reads any more, what was done is said to the
    /// person; what was only to be read ends there.
    pub(crate) fn print(&self, text: &str) -> Result<(), Problem> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).or_else(|error| match error.kind() {
            io::ErrorKind::BrokenPipe if self.acts => {
                say(text.trim_end());
                Ok(())
            }
            io::ErrorKind::BrokenPipe => Err(Problem::Unheard),
            _ => Err(Problem::unexpected(tell!(self.lang, "app-cannot-print", error = system::io(self.lang, &error)))),
        })
    }

    /// Prints a result for whoever reads it.
    pub(crate) fn result(&self, object: &Value, words: impl FnOnce() -> String) -> Result<(), Problem> {
        if self.json { self.object(object) } else { self.out(&words()) }
    }

    /// Tells the person something beside the result: what happened, and what to do next.
    pub(crate) fn tell(&self, text: &str) {
        if self.json || self.quiet {
            return;
        }
        for line in text.lines() {
            say(&harmless(line));
        }
    }

    /// Passes on what a program printed that was started for somebody: to the person, and never among the results.
    /// Each line says which option that was, so that none looks like a line of ours.
    pub(crate) fn pass_on(&self, option: &str, text: &str) {
        let mut lines = text.lines();
        for line in lines.by_ref().take(PASSED_ON) {
            say(&format!("{option}: {}", harmless(line)));
        }
        if lines.next().is_some() {
            say(&format!("{option}: {}", tell!(self.lang, "hook-rest", most = PASSED_ON)));
        }
    }

    /// Tells the person what they are about to be asked about, even one who wants to hear little else.
    pub(crate) fn tell_before_asking(&self, text: &str) {
        if self.yes || !self.input {
            return self.tell(text);
        }
        for line in text.lines() {
            say(&harmless(line));
        }
    }

    /// Warns the person.
    pub(crate) fn warn(&self, text: &str) {
        self.tell(&format!("{}{text}", tell!(self.lang, "app-warning")));
    }

    /// Opens the vault.
    pub(crate) fn open(&self) -> Result<Client, Problem> {
        let client = self.open_without_calls()?;
        self.sound_calls(&client, &[])?;
        Ok(client)
    }

    /// The same for a command that tells who asks for help once it has connected, and knows better.
    pub(crate) fn open_without_calls(&self) -> Result<Client, Problem> {
        // Nobody is asked for the passphrase of what is not there.
        if !Vault::exists(&self.home) {
            return Err(ClientError::Vault(watchfire_client::vault::VaultError::Missing).into());
        }
        self.sweep();
        let mut client = Client::open(&self.home, &self.passphrase()?, system_clock())?;
        self.take_way(&mut client)?;
        self.sound_alarms(&client)?;
        self.warn_of_expiry(&client)?;
        self.sound_untrue(&client, &[])?;
        Ok(client)
    }

    /// Says that the charter ends soon, to those who can renew it; that it has ended, to everybody.
    fn warn_of_expiry(&self, client: &Client) -> Result<(), Problem> {
        let notice = match client.expiry_notice() {
            Err(ClientError::NoNetwork) => None,
            notice => notice?,
        };
        if let Some(words) = notice.and_then(|expiry| charter::expires(self.lang, expiry)) {
            self.warn(&words);
        }
        Ok(())
    }

    /// Removes what a command that was killed had given to an editor.
    fn sweep(&self) {
        if let Err(error) = draft::sweep(&self.home) {
            let (home, error) = (shown(&self.home), system::io(self.lang, &error));
            self.warn(&tell!(self.lang, "ask-draft-left", home, error));
        }
    }

    /// Opens the vault, or makes one.
    pub(crate) fn open_or_create(&self) -> Result<Client, Problem> {
        let passphrase = if Vault::exists(&self.home) {
            self.sweep();
            self.passphrase()?
        } else {
            self.first_passphrase()?
        };
        let mut client = Client::open_or_create(&self.home, &passphrase, system_clock())?;
        self.take_way(&mut client)?;
        self.sound_alarms(&client)?;
        Ok(client)
    }

    /// Has the vault remember how it connects, if that was said anew: no later command forgets the proxy.
    fn take_way(&self, client: &mut Client) -> Result<(), Problem> {
        let lang = self.lang;
        match &self.way {
            Some(Way::Through(proxy)) if client.proxy() != Some(proxy) => {
                client.go_through(Some(proxy))?;
                self.tell(&tell!(lang, "route-proxy", proxy = proxy.to_string()));
            }
            Some(Way::Straight) if client.proxy().is_some() => {
                client.go_through(None)?;
                self.tell(tell!(lang, "route-straight"));
            }
            _ => {}
        }
        let Some(file) = &self.ca_file else { return Ok(()) };
        if file.as_os_str() == "none" {
            client.trust_no_others()?;
            self.tell(tell!(lang, "route-no-anchors"));
            return Ok(());
        }
        let count = client.trust_also(&self.bytes_in(file, MAX_ANCHORS)?)?;
        self.tell(&tell!(lang, "route-anchors", count));
        Ok(())
    }

    /// What a person must not overlook, before any output; what they have decided, unless they want to hear little.
    fn sound_alarms(&self, client: &Client) -> Result<(), Problem> {
        for view in client.forks()? {
            if self.json || view.decided.is_none() || !self.quiet {
                self.sound("charter-fork", fork::object(&view), &fork::alarm(self.lang, &view));
            }
        }
        Ok(())
    }

    /// Who asks for help beside those who are known, to a coordinator: even one who wants to hear little. A command tells the
    /// same once.
    pub(crate) fn sound_calls(&self, client: &Client, known: &[HelpView]) -> Result<(), Problem> {
        for view in client.calls_for_help()?.into_iter().filter(|view| !known.contains(view)) {
            if !self.told.borrow().contains(&view) {
                self.sound("help", shape::help(&view), &desk::call_for_help(self.lang, &view, client.now()));
                self.told.borrow_mut().push(view);
            }
        }
        Ok(())
    }

    /// The same of everybody but the one that a command is about.
    pub(crate) fn sound_calls_but(&self, client: &Client, call: Option<&HelpView>) -> Result<(), Problem> {
        let calls = client.calls_for_help()?.into_iter();
        let known: Vec<HelpView> = calls.filter(|other| call.is_some_and(|call| call.member == other.member)).collect();
        self.sound_calls(client, &known)
    }

    /// Which alerts beside those that are known are out though what they tell was found not to be so: to every coordinator, even
    /// one who wants to hear little.
    pub(crate) fn sound_untrue(&self, client: &Client, known: &[Untrue]) -> Result<(), Problem> {
        for view in client.untrue_alerts()?.iter().filter(|view| !known.contains(view)) {
            self.sound("untrue", shape::untrue(view), &desk::untrue(self.lang, view, client.now()));
        }
        Ok(())
    }

    /// An alarm, as a line or as `watchfire.alarm/1`.
    fn sound(&self, alarm: &str, mut object: Value, line: &str) {
        if !self.json {
            return say(&harmless(line));
        }
        if let Some(fields) = object.as_object_mut() {
            fields.insert("schema".to_owned(), "watchfire.alarm/1".into());
            fields.insert("alarm".to_owned(), alarm.into());
            fields.insert("message".to_owned(), line.into());
        }
        say(&json_safe(&object.to_string()));
    }

    /// Where a file that a command makes by itself goes.
    pub(crate) fn at_home(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }
}

/// The platform's folder for an application's data.
fn default_home(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|path| path.is_absolute());
    let home = || set("HOME");
    let data = if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| home().map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("watchfire"))
}

/// Lines as they are printed.
fn shown_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", harmless(line))).collect()
}

/// A line without control, escape or invisible characters, whatever came into it.
fn harmless(line: &str) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    format!("{indent}{}", isolated(&sanitize(line)))
}

/// Writes a line for the person. Whoever closed that stream wants to hear nothing.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A path as people read it.
pub(crate) fn shown(path: &Path) -> String {
    sanitize(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vault_is_where_the_platform_keeps_data() {
        let with = |set: &'static [(&str, &str)]| {
            default_home(|name| set.iter().find(|(n, _)| *n == name).map(|(_, path)| PathBuf::from(path)))
        };
        if !cfg!(target_os = "macos") {
            assert_eq!(with(&[("HOME", "/home/kai")]), Some("/home/kai/.local/share/watchfire".into()));
            assert_eq!(with(&[("HOME", "/home/kai"), ("XDG_DATA_HOME", "/data")]), Some("/data/watchfire".into()));
            assert_eq!(with(&[("HOME", "/home/kai"), ("XDG_DATA_HOME", "data")]), with(&[("HOME", "/home/kai")]));
        }
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn no_line_moves_the_cursor_and_indents_stay() {
        assert_eq!(harmless("  a\u{1b}[2J b"), "  a[2J b");
    }
}
