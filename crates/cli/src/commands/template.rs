//! `template`: alerts that are half written.

use serde_json::{Value, json};
use watchfire_client::file::AlertFile;
use watchfire_client::file::FILE_BYTES;
use watchfire_client::ops::template::Template;
use watchfire_protocol::vocabulary::List;

use crate::app::App;
use crate::args::TemplateCommand;
use crate::problem::{DONE, Done};
use crate::words::{code, sanitize, tell};

pub(super) fn template(app: &App, command: TemplateCommand) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    match command {
        TemplateCommand::List => {
            for template in client.templates()? {
                app.result(&object(&template), || line(app, &template))?;
            }
            app.tell(tell!(lang, "template-use"));
        }
        TemplateCommand::Show { name } => {
            let template = client.template(&name)?;
            // As a file that can be changed and saved.
            app.result(&object(&template), || format!("{:#}", body(&template)))?;
        }
        TemplateCommand::Save { name, file } => {
            let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX);
            let file = AlertFile::read(&app.text_in(&file, most)?)?;
            client.save_template(&name, &file)?;
            let template = client.template(&name)?;
            app.result(&object(&template), || tell!(lang, "template-saved", name))?;
            app.tell(tell!(lang, "template-use"));
        }
        TemplateCommand::Remove { name } => {
            client.remove_template(&name)?;
            app.result(&json!({"schema": "watchfire.template-removed/1", "name": name}), || {
                tell!(lang, "template-removed", name)
            })?;
        }
    }
    Ok(DONE)
}

fn object(template: &Template) -> Value {
    json!({
        "schema": "watchfire.template/1",
        "name": template.name,
        "built-in": template.built_in,
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
    match template.built_in {
        true => tell!(lang, "template-built-in", name, kind, headline),
        false => tell!(lang, "template-own", name, kind, headline),
    }
}
