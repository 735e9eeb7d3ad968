//! `leave`, `passphrase`, `wipe`, `completions` and `help`.

use serde_json::json;
use watchfire_client::vault::{self, Vault, VaultError};

use crate::app::{App, shown};
use crate::args::{CompletionsArgs, LeaveArgs, PassphraseArgs, command};
use crate::draft;
use crate::problem::{DONE, Done, Problem};
use crate::words::{and, sanitize, tell};

pub(super) fn passphrase(app: &App, args: &PassphraseArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let passphrase = app.new_passphrase(args.new_passphrase_file.as_deref())?;
    client.change_passphrase(&passphrase)?;
    app.result(&json!({"schema": "watchfire.passphrase/1", "state": "changed"}), || {
        tell!(lang, "device-vault-opens-new").to_owned()
    })?;
    Ok(DONE)
}

pub(super) fn leave(app: &App, args: &LeaveArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let views = client.leaving(args.neighborhood.as_deref())?;
    let names: Vec<String> = views.iter().map(|view| format!("`{}`", sanitize(&view.name))).collect();
    let names = and(lang, &names);
    app.tell_before_asking(&tell!(lang, "device-device-forgets-keys", names));
    for view in &views {
        let (name, queued) = (sanitize(&view.name), view.queued);
        if queued > 0 {
            app.tell_before_asking(&tell!(lang, "device-still-waiting-sent", queued, name));
        }
        if view.last_coordinator {
            app.tell_before_asking(&tell!(lang, "device-only-coordinator-without", name));
        }
    }
    if client.profile()?.admin.is_some() {
        app.tell_before_asking(tell!(lang, "device-admin-key-stays"));
    }
    app.confirm(tell!(lang, "device-leave"))?;
    client.leave(&views.iter().map(|view| view.hood).collect::<Vec<_>>())?;
    let left: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    app.result(&json!({"schema": "watchfire.leave/1", "neighborhoods": left}), || {
        tell!(lang, "device-device-left-come", names)
    })?;
    Ok(DONE)
}

pub(super) fn wipe(app: &App) -> Done {
    let lang = app.lang;
    if !Vault::exists(&app.home) {
        return Err(VaultError::Missing.into());
    }
    let home = shown(&app.home);
    app.tell_before_asking(&tell!(lang, "device-destroys-vault-keys", home));
    app.confirm(tell!(lang, "device-destroy"))?;
    let wiped = vault::wipe(&app.home);
    draft::wipe(&app.home).map_err(|error| Problem::file(lang, &home, &error))?;
    wiped?;
    app.result(&json!({"schema": "watchfire.wipe/1", "state": "wiped"}), || {
        tell!(lang, "device-vault-destroyed-copies").to_owned()
    })?;
    Ok(DONE)
}

pub(super) fn completions(app: &App, args: &CompletionsArgs) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(app.lang), "watchfire", &mut script);
    app.print(&String::from_utf8_lossy(&script))?;
    Ok(DONE)
}

pub(super) fn help(app: &App, path: &[String]) -> Done {
    let lang = app.lang;
    let mut whole = command(lang);
    whole.build();
    let mut found = &mut whole;
    for name in path {
        found = found.find_subcommand_mut(name).ok_or_else(|| {
            let name = sanitize(name);
            Problem::usage(tell!(lang, "device-command", name)).hint(tell!(lang, "device-see-them-all"))
        })?;
    }
    let text = found.render_help().to_string();
    app.out(&text)?;
    Ok(DONE)
}
