//! `template`: alerts that are half written.

use serde_json::{Value, json};
use watchfire_client::file::{AlertFile, FILE_BYTES, rfc3339};
use watchfire_client::ops::desk::Delivery;
use watchfire_client::ops::template::Template;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::vocabulary::List;

use super::refresh_if_possible;
use crate::app::App;
use crate::args::TemplateCommand;
use crate::problem::{DONE, Done, Problem};
use crate::words::{and, code, error, sanitize, tell};

pub(super) async fn template(app: &App, command: TemplateCommand) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    match command {
        TemplateCommand::List => {
            look(app, &client).await?;
            for template in client.templates()? {
                app.result(&object(&template), || line(app, &template))?;
            }
            app.tell(tell!(lang, "template-use"));
            Ok(DONE)
        }
        TemplateCommand::Show { name } => {
            look(app, &client).await?;
            let template = client.template(&name)?;
            // As a file that can be changed and saved.
            app.result(&object(&template), || format!("{:#}", body(&template)))?;
            Ok(DONE)
        }
        TemplateCommand::Save { name, file, neighborhood, private } => {
            let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX);
            let file = AlertFile::read(&app.text_in(&file, most)?)?;
            let hoods = desks(&client, neighborhood.as_deref(), private)?;
            let mut done = Vec::new();
            for (hood, _) in &hoods {
                done.push(client.share_template(*hood, &name, &file).await?);
            }
            if hoods.is_empty() {
                client.save_template(&name, &file)?;
            }
            let template = client.template(&name)?;
            let names: Vec<String> = hoods.iter().map(|(_, name)| sanitize(name)).collect();
            app.result(&delivered(object(&template), &done), || match names.is_empty() {
                true => tell!(lang, "template-saved", name),
                false => tell!(lang, "template-shared", name, hoods = and(lang, &names)),
            })?;
            finish(app, done)
        }
        TemplateCommand::Remove { name } => {
            look(app, &client).await?;
            if let Some(shared) = client.template(&name)?.shared {
                let hoods = and(lang, &shared.neighborhoods.iter().map(|name| sanitize(name)).collect::<Vec<_>>());
                app.confirm(&tell!(lang, "template-remove-shared", name = &name, hoods))?;
            }
            let done = client.remove_template(&name).await?;
            let object = json!({"schema": "watchfire.template-removed/1", "name": name});
            app.result(&delivered(object, &done), || tell!(lang, "template-removed", name))?;
            finish(app, done)
        }
    }
}

/// The desks at which a template is kept: those of this vault, or the one that is named. A vault that keeps none, or is to
/// keep it for itself, has none.
fn desks(
    client: &Client,
    neighborhood: Option<&str>,
    private: bool,
) -> Result<Vec<(NeighborhoodId, String)>, ClientError> {
    if private {
        return Ok(vec![]);
    }
    let kept = match client.status() {
        Err(ClientError::NoNetwork) => return Ok(vec![]),
        status => status?.hoods.into_iter().filter(|hood| hood.coordinator).map(|hood| (hood.id, hood.name)),
    };
    match neighborhood.map(|name| client.hood_named(Some(name))).transpose()? {
        None => Ok(kept.collect()),
        Some(only) => match kept.into_iter().find(|(hood, _)| *hood == only) {
            Some(kept) => Ok(vec![kept]),
            None => Err(ClientError::NotGranted("work at the desk of this neighborhood")),
        },
    }
}

/// Reads what is new at the desks of this vault, if a relay answers.
async fn look(app: &App, client: &Client) -> Result<(), Problem> {
    for (hood, _) in desks(client, None, false)? {
        refresh_if_possible(app, client, hood).await?;
    }
    Ok(())
}

/// Whether the other coordinators have it.
fn delivered(mut object: Value, done: &[Delivery]) -> Value {
    if let Some(fields) = object.as_object_mut().filter(|_| !done.is_empty()) {
        let all = done.iter().all(Delivery::is_accepted);
        fields.insert("delivery".to_owned(), if all { "accepted" } else { "queued" }.into());
    }
    object
}

fn finish(app: &App, done: Vec<Delivery>) -> Done {
    let waits = done.into_iter().find_map(|done| match done {
        Delivery::Accepted(_) => None,
        Delivery::Queued(why) => Some(error::message(app.lang, &why)),
    });
    match waits {
        Some(why) => {
            Err(Problem::queued(tell!(app.lang, "inbox-queued", why)).hint(tell!(app.lang, "inbox-queued-hint")))
        }
        None => {
            app.tell(tell!(app.lang, "template-use"));
            Ok(DONE)
        }
    }
}

fn object(template: &Template) -> Value {
    json!({
        "schema": "watchfire.template/1",
        "name": template.name,
        "built-in": template.built_in,
        "shared": template.shared.as_ref().map(|by| {
            json!({"by": by.handle, "at": rfc3339(by.at), "neighborhoods": by.neighborhoods})
        }),
        "body": body(template),
    })
}

fn body(template: &Template) -> Value {
    serde_json::to_value(&template.file).unwrap_or_default()
}

fn line(app: &App, template: &Template) -> String {
    let lang = app.lang;
    let kind = template.file.kind.as_deref().map(|kind| code(lang, List::Kind, kind)).unwrap_or_default();
    let texts = &template.file.text.0;
    let text = texts.iter().find(|(tag, _)| tag == lang.tag()).or_else(|| texts.first());
    let headline = text.map(|(_, text)| sanitize(&text.headline)).unwrap_or_default();
    let name = sanitize(&template.name);
    match (&template.shared, template.built_in) {
        (Some(by), _) => tell!(lang, "template-by", name, kind, headline, by = sanitize(&by.handle)),
        (None, true) => tell!(lang, "template-built-in", name, kind, headline),
        (None, false) => tell!(lang, "template-own", name, kind, headline),
    }
}
