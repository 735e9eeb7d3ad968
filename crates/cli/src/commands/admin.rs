//! `charter admin key`: made offline, with a copy on paper. `charter device key`: handed to an admin.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use serde_json::json;
use watchfire_client::Client;
use watchfire_client::ops::admin::{KeyKind, NewAdminKey, key_file};
use watchfire_protocol::sign::PublicKey;
use zeroize::Zeroizing;

use crate::app::{App, shown};
use crate::args::AdminKeyArgs;
use crate::problem::{DONE, Done, Problem};
use crate::words::tell;

/// Where the public keys go, unless it is said.
const KEY_FILE: &str = "admin.key";
const DEVICE_KEY_FILE: &str = "device.key";

pub(super) fn key(app: &App, args: &AdminKeyArgs) -> Done {
    let file = args.out.clone().unwrap_or_else(|| PathBuf::from(KEY_FILE));
    if let Some(paper) = &args.paper_file {
        app.check_new(paper)?;
    }
    let client = app.open_or_create()?;
    let held = client.admin_key()?.map(|key| key.public());
    let (key, made) = match held {
        _ if args.from_paper => (from_paper(app, &client)?, false),
        Some(key) => {
            again(app, &client, args)?;
            (key, false)
        }
        None => (make(app, &client, args)?, true),
    };
    write_key(app, &file, KeyKind::Admin, &key)?;
    let lang = app.lang;
    let object = json!({
        "schema": "watchfire.admin-key/1",
        "key": key.to_string(),
        "made": made,
        "file": file.display().to_string(),
        "paper-file": args.paper_file.as_ref().map(|file| file.display().to_string()),
    });
    let file = shown(&file);
    app.result(&object, || tell!(lang, "admin-admin-key-public", key, file))?;
    app.tell(&match client.charter() {
        Ok(view) if view.charter.body().admins.contains(&key) => tell!(lang, "admin-key-is-admins").to_owned(),
        _ if args.from_paper => tell!(lang, "admin-key-came-back", file),
        _ => tell!(lang, "admin-key-signs-charters", file),
    });
    Ok(DONE)
}

/// `charter device key`.
pub(super) fn device_key(app: &App, out: Option<PathBuf>) -> Done {
    let file = out.unwrap_or_else(|| PathBuf::from(DEVICE_KEY_FILE));
    let key = app.open()?.charter_key()?;
    write_key(app, &file, KeyKind::Device, &key)?;
    let lang = app.lang;
    let object = json!({
        "schema": "watchfire.device-key/1",
        "key": key.to_string(),
        "file": file.display().to_string(),
    });
    let file = shown(&file);
    app.result(&object, || tell!(lang, "admin-device-key-public", key, file))?;
    app.tell(&tell!(lang, "admin-file-secret-give", file));
    Ok(DONE)
}

/// Makes a key. It is kept once its words were written down.
fn make(app: &App, client: &Client, args: &AdminKeyArgs) -> Result<PublicKey, Problem> {
    let key = NewAdminKey::generate();
    // What goes into a log or to a program is no place for words that sign: `--paper` shows them to who asks for it.
    let read = io::stderr().is_terminal();
    if args.paper_file.is_some() || args.paper || read {
        paper(app, args, &key.words())?;
    } else {
        app.tell(tell!(app.lang, "admin-words-later"));
    }
    if app.input && read && args.paper_file.is_none() {
        app.confirm(tell!(app.lang, "admin-written-down-all"))?;
    }
    client.keep_admin_key(&key)?;
    Ok(key.public())
}

fn from_paper(app: &App, client: &Client) -> Result<PublicKey, Problem> {
    let typed = app.secret_typed(tell!(app.lang, "admin-type-24-words"))?;
    let key = NewAdminKey::from_paper(&typed).map_err(watchfire_client::ClientError::from)?;
    client.keep_admin_key(&key)?;
    Ok(key.public())
}

/// The words of a key that is there already, for whoever asks for them.
fn again(app: &App, client: &Client, args: &AdminKeyArgs) -> Result<(), Problem> {
    if args.paper || args.paper_file.is_some() {
        let question = tell!(app.lang, "admin-show-words-vaults");
        app.confirm(question)?;
        paper(app, args, &client.admin_paper()?)?;
    }
    Ok(())
}

/// Shows the words once, or writes them to a file.
fn paper(app: &App, args: &AdminKeyArgs, words: &Zeroizing<String>) -> Result<(), Problem> {
    if let Some(file) = &args.paper_file {
        return app.write_private(file, Zeroizing::new(format!("{}\n", words.as_str())).as_str());
    }
    let lang = app.lang;
    app.tell_before_asking(tell!(lang, "admin-these-24-words"));
    app.show_secret(&grid(words));
    Ok(())
}

/// Six rows of four, with their numbers.
fn grid(words: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(words.len() + 24 * 12));
    for (number, word) in (1..).zip(words.split(' ')) {
        out.push_str(&format!("{number:>4} {word:<8}"));
        if number % 4 == 0 {
            out.push('\n');
        }
    }
    out
}

/// Writes the public key; one that is there already may stay.
fn write_key(app: &App, file: &Path, kind: KeyKind, key: &PublicKey) -> Result<(), Problem> {
    let text = key_file(kind, key);
    match std::fs::read_to_string(file) {
        Ok(held) if held == text => Ok(()),
        _ => app.write_private(file, &text),
    }
}
