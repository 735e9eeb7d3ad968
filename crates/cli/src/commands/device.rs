//! `passphrase`, `wipe` and `completions`.

use std::io;

use clap::CommandFactory;
use serde_json::json;
use watchfire_client::vault::{self, Vault, VaultError};

use crate::app::{App, shown};
use crate::args::{Cli, CompletionsArgs, PassphraseArgs};
use crate::problem::{DONE, Done};
use crate::words::say;

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
    app.tell(&say!(
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
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "watchfire", &mut io::stdout());
    Ok(DONE)
}
