//! `leave`, `passphrase`, `wipe`, `completions` and `help`.

use std::io;

use serde_json::json;
use watchfire_client::vault::{self, Vault, VaultError};

use crate::app::{App, shown};
use crate::args::{CompletionsArgs, LeaveArgs, PassphraseArgs, command};
use crate::problem::{DONE, Done, Problem};
use crate::words::{Lang, and, sanitize, say};

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

pub(super) fn leave(app: &App, args: &LeaveArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let views = client.leaving(args.neighborhood.as_deref())?;
    let names: Vec<String> = views.iter().map(|view| format!("`{}`", sanitize(&view.name))).collect();
    let names = and(lang, &names);
    app.tell_before_asking(&say!(
        lang,
        "This device forgets {names}: its keys, alerts, answers and names. Nobody can bring them back.\n\
         Nobody is told. Coordinators still list you until one of them removes you: tell them by another way.",
        "Este equipo olvida {names}: sus claves, alertas, respuestas y nombres. Nadie puede recuperarlas.\n\
         No se avisa a nadie. Quienes coordinan le siguen teniendo en su lista hasta que le quiten: dígaselo por otro medio."
    ));
    for view in &views {
        let (name, queued) = (sanitize(&view.name), view.queued);
        if queued > 0 {
            app.tell_before_asking(&say!(
                lang,
                "{queued} still waiting to be sent to `{name}` will never be:  watchfire sync",
                "{queued} por enviar a `{name}` no se enviarán nunca:  watchfire sync"
            ));
        }
        if view.last_coordinator {
            app.tell_before_asking(&say!(
                lang,
                "YOU ARE THE ONLY COORDINATOR of `{name}`: without you nobody can send alerts there, or let anybody in. Grant somebody else first:  watchfire charter grant",
                "USTED ES LA ÚNICA PERSONA QUE COORDINA `{name}`: sin usted nadie puede enviar alertas allí, ni dejar entrar a nadie. Antes dé permisos a otra persona:  watchfire charter grant"
            ));
        }
    }
    if client.profile()?.admin.is_some() {
        app.tell_before_asking(lang.say(
            "The admin key stays in this vault, with the names that it needs. To destroy them too:  watchfire wipe",
            "La clave de administración sigue en esta bóveda, con los nombres que necesita. Para destruirlos también:  watchfire wipe",
        ));
    }
    app.confirm(lang.say("Leave?", "¿Salir?"))?;
    client.leave(&views.iter().map(|view| view.hood).collect::<Vec<_>>())?;
    let left: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    app.result(&json!({"schema": "watchfire.leave/1", "neighborhoods": left}), || {
        say!(
            lang,
            "This device has left {names}. To come back, ask a coordinator for a new invite:  watchfire join",
            "Este equipo salió de {names}. Para volver, pida una invitación nueva a quien coordina:  watchfire join"
        )
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
    clap_complete::generate(args.shell, &mut command(Lang::EN), "watchfire", &mut io::stdout());
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
