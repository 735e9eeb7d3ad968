//! Programs that a watch starts: real ones, that work, hang, flood and fail. Alerts come through whatever they do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout};

use serde_json::Value;
use watchfire_tests::process::{HOOD, Home, Pair, example};

/// A program of Ana's, as an argument.
fn script(two: &Pair, name: &str, lines: &str) -> String {
    let script = two.ana.path(name);
    std::fs::write(&script, lines).unwrap();
    format!("sh {}", script.display())
}

/// A watch that runs, read line by line.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn begin(home: &Home, args: &[&str]) -> Self {
        let mut child = home.spawn(&[&["watch"][..], args].concat());
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// The next line that has something in it.
    fn next(&mut self) -> String {
        let mut line = String::new();
        while line.trim().is_empty() {
            line.clear();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the watch ended");
        }
        line
    }

    fn next_id(&mut self) -> String {
        serde_json::from_str::<Value>(&self.next()).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// What it told the person, once it has ended by itself.
    fn told(mut self) -> String {
        let mut told = String::new();
        self.lines.read_to_string(&mut String::new()).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert!(self.child.wait().unwrap().success(), "{told}");
        told
    }
}

/// Waits for a pipe to be opened and written by a program, and gives what it wrote.
fn written_to(pipe: &PathBuf) -> String {
    std::fs::read_to_string(pipe).unwrap()
}

fn pipe(home: &Home, name: &str) -> PathBuf {
    let pipe = home.path(name);
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    pipe
}

/// Whether a process is gone, or dead and not yet collected by whoever adopted it.
fn has_ended(pid: &str) -> bool {
    (0..2000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .map_or(true, |stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X'])))
    })
}

#[test]
fn a_program_that_hangs_is_killed_with_what_it_started_and_the_alerts_go_on() {
    let two = Pair::found();
    let up = pipe(&two.ana, "up");
    // Only the first of them tells who it is; all of them would sleep for an hour.
    let once = two.ana.path("once");
    let hang = format!(
        "sleep 3600 & if mkdir {} 2>/dev/null; then echo $! $$ > {}; fi; sleep 3600\n",
        once.display(),
        up.display()
    );
    let exec = script(&two, "hang.sh", &hang);
    let mut watch =
        Watching::begin(&two.ana, &["--plain", "--json", "--count", "3", "--exec", &exec, "--hook-timeout", "3s"]);
    let first = two.sends(&example("checkpoint.json"));
    assert_eq!(watch.next_id(), first);
    let pids = written_to(&up);
    assert_eq!(pids.split_whitespace().count(), 2);
    // While it hangs, the next one comes all the same.
    for _ in 0..2 {
        let sent = two.sends(&example("flood.json"));
        assert_eq!(watch.next_id(), sent);
    }
    drop(watch.told());
    assert!(pids.split_whitespace().all(has_ended), "{pids}");
}

#[test]
fn a_program_that_floods_is_killed_and_that_is_said_once() {
    let two = Pair::found();
    let flood = script(&two, "flood.sh", "yes 'nothing to see here' & yes 'nothing to see here'\n");
    let mut watch = Watching::begin(&two.ana, &["--count", "2", "--exec", &flood]);
    for file in ["checkpoint.json", "flood.json"] {
        two.sends(&example(file));
    }
    assert!(watch.next().starts_with("VERIFIED"));
    let told = watch.told();
    assert_eq!(told.matches("printed more than 16 KiB and was killed").count(), 1, "{told}");
    // Of each no more lines than leave the alerts on the screen.
    let cut = told.matches("--exec: (at most 40 lines are shown: the rest is left out)").count();
    assert!(cut > 0, "{told}");
    assert_eq!(told.matches("--exec: nothing to see here").count(), 40 * cut, "{told}");
}

#[test]
fn a_program_that_fails_or_is_not_there_is_told_once_and_what_works_goes_on_working() {
    let two = Pair::found();
    let book = two.ana.path("book");
    // What a program finds around it is written down too, and what it says cannot be taken for a line of the watch's.
    let around = two.ana.path("around");
    let lines =
        format!("cat >> {}; env > {}; printf 'error: \\033[2Jall clear\\n'\n", book.display(), around.display());
    let wake = script(&two, "note.sh", &lines);
    // A typo is told before anything is watched, without a relay even.
    let typo = two.ana.run(&["--lang", "es", "watch", "--exec", "/no/such/program", "--timeout", "1s"]).fails(2);
    assert!(typo.stderr.contains("el programa de --exec no funcionaría: `/no/such/program`: no existe"), "{typo:?}");
    // This one is there, and what it wants to be run by is not.
    let broken = two.ana.path("broken");
    std::fs::write(&broken, "#!/no/such/interpreter\n").unwrap();
    std::fs::set_permissions(&broken, std::fs::Permissions::from_mode(0o700)).unwrap();
    let broken = broken.to_str().unwrap();
    let args = ["--lang", "es", "--count", "3", "--exec", broken, "--wake", &wake];
    let watch = Watching::begin(&two.ana, &args);
    for file in ["checkpoint.json", "flood.json", "drill.json"] {
        two.sends(&example(file));
    }
    let told = watch.told();
    assert_eq!(told.matches(&format!("el programa de --exec no funciona: `{broken}`: no existe")).count(), 1, "{told}");
    assert_eq!(told.lines().filter(|line| *line == "--wake: error: [2Jall clear").count(), 3, "{told}");
    let around = std::fs::read_to_string(&around).unwrap();
    let names: Vec<&str> = around.lines().filter_map(|line| line.split('=').next()).collect();
    assert!(names.iter().all(|name| ["LANG", "PATH", "PWD", "OLDPWD", "SHLVL", "_"].contains(name)), "{around}");
    let noted = std::fs::read_to_string(&book).unwrap();
    let mut noted: Vec<Value> = noted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    noted.sort_by_key(|line| line["count"].as_u64());
    assert_eq!(noted.len(), 3);
    // Nothing but how urgent, and how many; and that it is practice, where it is.
    assert_eq!(noted[0], serde_json::json!({"schema": "watchfire.wake/1", "urgency": "immediate", "count": 1}));
    assert!(noted[1].get("drill").is_none());
    assert_eq!(noted[2]["drill"], true);
}

#[test]
fn a_drill_cannot_be_taken_for_the_real_thing_on_any_face() {
    let two = Pair::found();
    let book = two.ana.path("book");
    let exec = script(&two, "note.sh", &format!("cat >> {}\n", book.display()));
    // Its own words do not say so: the program does.
    let bare = two.marisol.path("bare.json");
    let words = r#"{"kind":"enforcement.raid","status":"STATUS","ask":"observe","verification":{"state":"verified"},
        "place":{"text":"5th & Main"},"text":{"en":{"headline":"Raid at 5th & Main"},"es":{"headline":"Redada"}}}"#;
    let mut ids = Vec::new();
    for status in ["actual", "exercise", "test"] {
        std::fs::write(&bare, words.replace("STATUS", status)).unwrap();
        let preview = ["alert", "send", "--neighborhood", HOOD, "--file", bare.to_str().unwrap(), "--dry-run"];
        let preview = two.marisol.run(&preview).ok();
        assert_eq!(preview.stdout.starts_with("DRILL"), status != "actual", "{preview:?}");
        ids.push(two.sends(bare.to_str().unwrap()));
    }
    let watched = two.ana.run(&["watch", "--count", "3", "--exec", &exec]).ok();
    let heads: Vec<&str> = watched.stdout.lines().filter(|line| line.contains("VERIFIED")).collect();
    assert_eq!(heads.len(), 3, "{watched:?}");
    let listed = two.ana.run(&["alerts"]).ok();
    for lines in [heads, listed.stdout.lines().collect()] {
        // Sent within one second, they stand in any order.
        for (label, id) in ["VERIFIED", "DRILL  VERIFIED", "DRILL (TEST)  VERIFIED"].iter().zip(&ids) {
            assert!(lines.iter().any(|line| line.starts_with(&format!("{label}  {}", &id[..4]))), "{lines:?}");
        }
    }
    let in_spanish = two.ana.run(&["--lang", "es", "show", &ids[1]]).ok();
    assert!(in_spanish.stdout.starts_with("SIMULACRO  VERIFICADO"), "{in_spanish:?}");
    let follow = |more: &[&str]| {
        let args = [more, &["alert", "follow", &ids[1], "--wait-for", "0", "--timeout", "20s"]].concat();
        two.marisol.run(&args).ok()
    };
    assert!(follow(&[]).stdout.starts_with("DRILL  No relay is read yet"), "nobody is counted before one is");
    assert_eq!(follow(&["--json"]).json()[0]["status"], "exercise");
    assert!(two.ana.run(&["answer", &ids[1], "going"]).ok().stdout.starts_with("DRILL  Answered"));
    assert!(two.ana.run(&["answer", &ids[0], "going"]).ok().stdout.starts_with("Answered"));
    assert_eq!(two.ana.json(&["answer", &ids[2], "cannot"])[0]["status"], "test");
    let given = std::fs::read_to_string(&book).unwrap();
    let given: Vec<Value> = given.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown = two.ana.json(&["alerts"]);
    for objects in [given, shown] {
        assert_eq!(objects.len(), 3);
        for object in objects {
            let at = ids.iter().position(|id| object["id"] == **id).unwrap();
            assert_eq!(object["drill"], at > 0, "{object}");
        }
    }
    // What is over by now at the relay wakes nobody, though this device had it as live.
    let over = two.sends(bare.to_str().unwrap());
    two.ana.run(&["sync"]).ok();
    two.marisol.run(&["--yes", "alert", "cancel", &over, "--outcome", "resolved"]).ok();
    std::fs::remove_file(&book).unwrap();
    let watched = two.ana.json(&["watch", "--count", "1", "--timeout", "20s", "--exec", &exec]);
    assert_eq!(watched[0]["body"]["msg-type"], "cancel", "{watched:?}");
    let given = std::fs::read_to_string(&book).unwrap();
    assert_eq!(given.lines().count(), 1, "{given}");
}
