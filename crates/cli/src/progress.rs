//! How far an opening is, on a terminal: a line that is written over, and gone when it is done.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use watchfire_client::{Client, Progress};

use crate::app::App;
use crate::words::{Lang, tell};

/// Back to the beginning of the line, and erase it.
const CLEAR: &str = "\r\x1b[2K";
/// Below so many objects nobody would have time to read it.
const WORTH_SAYING: usize = 256;

/// Has a client show how far its openings are, where somebody looks.
pub(crate) fn told(app: &App, mut client: Client) -> Client {
    if app.draws() && io::stderr().is_terminal() {
        let (lang, last) = (app.lang, Mutex::new(None));
        client.watch_progress(Box::new(move |progress| draw(lang, &last, progress)));
    }
    client
}

fn draw(lang: Lang, last: &Mutex<Option<usize>>, progress: Progress) {
    let Ok(mut last) = last.lock() else { return };
    let percent = percent(progress);
    if progress.all < WORTH_SAYING || *last == Some(percent) {
        return;
    }
    let done = progress.done >= progress.all;
    *last = (!done).then_some(percent);
    let line = if done { CLEAR.to_owned() } else { line(lang, progress) };
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

fn percent(progress: Progress) -> usize {
    progress.done.saturating_mul(100) / progress.all.max(1)
}

fn line(lang: Lang, progress: Progress) -> String {
    const WIDTH: usize = 20;
    let Progress { done, all } = progress;
    let percent = percent(progress).min(100);
    let full = percent * WIDTH / 100;
    let bar = format!("{}{}", "#".repeat(full), ".".repeat(WIDTH - full));
    let what = tell!(lang, "progress-sending-new-keys");
    format!("{CLEAR}[{bar}] {percent:>3} %  {what}  {done}/{all}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_how_much_of_how_much() {
        let half = line(Lang::EN, Progress { done: 512, all: 1024 });
        assert_eq!(half, "\r\x1b[2K[##########..........]  50 %  sending new keys  512/1024");
        let none = line(Lang::es(), Progress { done: 0, all: 9 });
        assert!(none.ends_with("[....................]   0 %  enviando claves nuevas  0/9"));
        assert!(line(Lang::EN, Progress { done: 9, all: 9 }).contains("[####################] 100 %"));
        assert!(line(Lang::EN, Progress { done: 1, all: 0 }).contains("100 %"), "and divides by nothing");
    }
}
