//! A person at a terminal, who reads before they type.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::process::{Home, Ran};

/// Runs a program at a terminal of its own. Its number goes to standard error, before all that stands on the screen goes to
/// standard output. The terminal stays open until the program ends: somebody sits there. Where nothing happens for five minutes
/// the program waits for what no test types: it is killed, and the test shows what stood there.
const TERMINAL: &str = r#"
import os, pty, select, signal, sys
program, screen = pty.fork()
if program == 0:
    os.execv(sys.argv[1], sys.argv[1:])
os.write(2, b"%d\n" % program)
watched = [screen, 0]
while True:
    happened = select.select(watched, [], [], 300)[0]
    if not happened:
        os.kill(program, signal.SIGKILL)
    for ready in happened:
        try:
            data = os.read(ready, 1 << 16)
        except OSError:
            data = b""
        if ready == screen and data:
            os.write(1, data)
        elif ready == screen:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]) & 255)
        elif data:
            os.write(screen, data)
        else:
            watched.remove(0)
"#;

/// A command at a terminal.
pub struct Terminal {
    child: Child,
    keys: ChildStdin,
    program: String,
    screen: Vec<u8>,
    /// How much of the screen stood there when something was typed last.
    read: usize,
}

impl Home {
    /// A command that somebody starts at a terminal.
    pub fn terminal(&self, args: &[&str]) -> Terminal {
        self.terminal_with(args, &[])
    }

    /// The same with variables of the environment.
    pub fn terminal_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Terminal {
        let command = self.command(args);
        let mut terminal = Command::new("python3");
        terminal.args(["-c", TERMINAL]);
        terminal.arg(command.get_program()).args(command.get_args().filter(|arg| *arg != "--no-input"));
        terminal.env_clear().env("TERM", "xterm");
        terminal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        terminal.envs(variables.iter().copied());
        let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut program = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut program).unwrap();
        let keys = child.stdin.take().unwrap();
        Terminal { child, keys, program, screen: Vec::new(), read: 0 }
    }

    /// A person at a terminal who answers one question after the other: everything that stands on the screen.
    pub fn at_a_terminal(&self, args: &[&str], typed: &str) -> String {
        self.types(args, typed).ok().stdout
    }

    /// The same with its exit code.
    pub fn types(&self, args: &[&str], typed: &str) -> Ran {
        let mut terminal = self.terminal(args);
        for line in typed.lines() {
            terminal.answers(line);
        }
        terminal.ends()
    }
}

impl Terminal {
    /// Presses keys, whatever stands on the screen.
    pub fn presses(&mut self, keys: &str) {
        self.read = self.screen.len();
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for a question, and answers it.
    pub fn answers(&mut self, line: &str) {
        if self.asks() {
            self.presses(&format!("{line}\n"));
        }
    }

    /// Waits until something is asked for: the screen ends with a blank, below what was typed before. Whether it was; else the
    /// program has ended.
    pub fn asks(&mut self) -> bool {
        self.shows(|new, whole| new && whole.ends_with(' '))
    }

    /// Waits until the screen ends so.
    pub fn ends_with(&mut self, text: &str) {
        assert!(self.shows(|_, whole| whole.ends_with(text)), "{text}: {}", self.screen());
    }

    fn shows(&mut self, there: impl Fn(bool, &str) -> bool) -> bool {
        let mut buffer = [0; 1 << 16];
        loop {
            // What was typed stands on the screen itself, with the end of its line.
            let new = self.read == 0 || self.screen[self.read..].contains(&b'\n');
            if there(new, &self.screen()) {
                return true;
            }
            match self.child.stdout.as_mut().unwrap().read(&mut buffer).unwrap() {
                0 => return false,
                read => self.screen.extend_from_slice(&buffer[..read]),
            }
        }
    }

    /// What stands there.
    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen).into_owned()
    }

    /// `kill -9` of the program.
    pub fn kill(self) -> Ran {
        self.signal("-KILL")
    }

    /// Ctrl-C.
    pub fn interrupts(mut self) -> Ran {
        self.presses("\u{3}");
        self.ends()
    }

    /// Closes the window.
    pub fn closes(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // The program ends by itself, without its terminal.
        let runs =
            || Command::new("kill").args(["-0", self.program.trim()]).stderr(Stdio::null()).status().unwrap().success();
        while runs() {
            std::thread::yield_now();
        }
    }

    fn signal(self, signal: &str) -> Ran {
        assert!(Command::new("kill").args([signal, self.program.trim()]).status().unwrap().success());
        self.ends()
    }

    /// Waits for its end: its code, and all that stood on the screen.
    pub fn ends(mut self) -> Ran {
        self.shows(|_, _| false);
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        Ran { code, stdout: self.screen(), stderr: String::new() }
    }
}
