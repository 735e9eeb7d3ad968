//! `passphrase`, `wipe`, `completions` and `help`.

use std::io;

use serde_json::json;
use watchfire_client::vault::{self, Vault, VaultError};

use crate::app::{App, shown};
use crate::args::{CompletionsArgs, PassphraseArgs, command};
use crate::problem::{DONE, Done, Problem};
use crate::words::{Lang, sanitize, say};

pub(super) fn passphrase(app: &App, args: &PassphraseArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let passphrase = app.new_passphrase(args.new_passphrase_file.as_deref())?;
    client.change_passphrase(&passphrase)?;
    app.result(&json!({"schema": "watchfire.passphrase/1", "state": "changed"}), || {
        lang.say(
            "The vault opens with the new passphrase only. Copies of the old file still open with the old one.",
            "La bóveda se abre solo con la contraseña nueva. Las copias del archivo anterior se abren todavía con la anterior.",
        )
        .to_owned()
    })?;
    Ok(DONE)
}

pub(super) fn wipe(app: &App) -> Done {
    let lang = app.lang;
    if !Vault::exists(&app.home) {
        return Err(VaultError::Missing.into());
    }
    let home = shown(&app.home);
    app.tell_before_asking(&say!(
        lang,
        "This destroys the vault in {home}: its keys, alerts and answers. Nobody can bring it back.\n\
         The network goes on: ask a coordinator to remove this device.",
        "Esto destruye la bóveda de {home}: sus claves, alertas y respuestas. Nadie puede recuperarla.\n\
         La red sigue: pida a quien coordina que quite este equipo."
    ));
    app.confirm(lang.say("Destroy it?", "¿Destruirla?"))?;
    vault::wipe(&app.home)?;
    app.result(&json!({"schema": "watchfire.wipe/1", "state": "wiped"}), || {
        lang.say(
            "The vault is destroyed. Copies that were made of it elsewhere are not.",
            "La bóveda está destruida. Las copias que se hayan hecho en otro lugar, no.",
        )
        .to_owned()
    })?;
    Ok(DONE)
}

pub(super) fn completions(args: &CompletionsArgs) -> Done {
    clap_complete::generate(args.shell, &mut command(Lang::En), "watchfire", &mut io::stdout());
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
            Problem::usage(say!(lang, "there is no command `{name}`", "no existe la orden `{name}`"))
                .hint(lang.say("see them all: watchfire help", "véalas todas: watchfire help"))
        })?;
    }
    let text = found.render_help().to_string();
    app.out(&text)?;
    Ok(DONE)
}
