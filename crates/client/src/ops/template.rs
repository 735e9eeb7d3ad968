//! Templates: alerts that are half written, to be filled in and sent at night. They stay in the vault, or are
//! shared with the other coordinators of a neighborhood at its desk.

use std::collections::BTreeMap;

use watchfire_protocol::desk::{DeskEvent, TEMPLATE_BYTES};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Code;

use super::desk::Delivery;
use super::view::handles;
use crate::client::{Client, hood_name};
use crate::desk::desk;
use crate::error::ClientError;
use crate::file::AlertFile;
use crate::file::sighting::PlaceFile;
use crate::state::{Hood, names};
use crate::vault::Bucket;

/// At most so many of one's own, and as many of a neighborhood.
pub const MAX_TEMPLATES: usize = watchfire_protocol::desk::MAX_TEMPLATES;

/// Those that come with the program.
const BUILT_IN: [(&str, &str); 6] = [
    ("checkpoint", include_str!("../template/checkpoint.json")),
    ("drill", include_str!("../template/drill.json")),
    ("home", include_str!("../template/home.json")),
    ("notice", include_str!("../template/notice.json")),
    ("release", include_str!("../template/release.json")),
    ("workplace", include_str!("../template/workplace.json")),
];

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    /// What it is called.
    pub name: String,
    /// Whether it came with the program.
    pub built_in: bool,
    /// Whose it is, if all coordinators of a neighborhood have it.
    pub shared: Option<SharedBy>,
    /// What it says.
    pub file: AlertFile,
}

impl Template {
    /// What it says, with what a file says beside or in place of it.
    #[must_use]
    pub fn filled_in(self, file: AlertFile) -> AlertFile {
        let (half, or) = (self.file, |one: Option<String>, other: Option<String>| one.or(other));
        AlertFile {
            kind: or(file.kind, half.kind),
            status: or(file.status, half.status),
            msg_type: or(file.msg_type, half.msg_type),
            ask: or(file.ask, half.ask),
            urgency: or(file.urgency, half.urgency),
            severity: or(file.severity, half.severity),
            certainty: or(file.certainty, half.certainty),
            verification: file.verification.or(half.verification),
            outcome: or(file.outcome, half.outcome),
            references: if file.references.is_empty() { half.references } else { file.references },
            place: file.place.or(half.place),
            seen: file.seen.or(half.seen),
            people: file.people.or(half.people),
            needs: if file.needs.is_empty() { half.needs } else { file.needs },
            expires_in: or(file.expires_in, half.expires_in),
            text: if file.text.is_empty() { half.text } else { file.text },
        }
    }
}

/// Why a template is not kept.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Names are arguments, and typed in a hurry.
    #[error("`{name}` is no name for a template, wanted up to 48 of a-z, 0-9, `-` and `.`")]
    Name {
        /// What was given.
        name: String,
    },
    /// It says something of one night.
    #[error("`{field}` belongs to one alert, and not into a template")]
    OneNight {
        /// Which field.
        field: &'static str,
    },
    /// It does not fit what the coordinators tell each other.
    #[error("the template has {found} bytes, wanted at most {TEMPLATE_BYTES} for one that all coordinators have")]
    TooLong {
        /// How many were found.
        found: usize,
    },
    /// There are enough.
    #[error("there are {MAX_TEMPLATES} templates already")]
    TooMany,
    /// It came with the program.
    #[error("`{name}` comes with the program and cannot be removed")]
    BuiltIn {
        /// Which.
        name: String,
    },
}

/// What a desk says of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedBy {
    /// The coordinator who saved it last.
    pub handle: String,
    /// When.
    pub at: Timestamp,
    /// In which neighborhoods it is so.
    pub hoods: Vec<NeighborhoodId>,
    /// What they are called.
    pub neighborhoods: Vec<String>,
}

impl Client {
    /// All templates by name: this vault's own go before those of the coordinators, and these before those that came with
    /// the program.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn templates(&self) -> Result<Vec<Template>, ClientError> {
        let own: Vec<(Vec<u8>, String)> = self.read(|tx| Ok(tx.list(Bucket::Template, b"")?))?;
        let mut out = Vec::new();
        for (name, text) in own {
            let name = String::from_utf8_lossy(&name).into_owned();
            out.push(Template { name, built_in: false, shared: None, file: AlertFile::read(&text)? });
        }
        let (shared, built_in) = (self.shared_templates()?, BUILT_IN.into_iter());
        let built_in = built_in.map(|(name, text)| {
            Ok::<_, ClientError>(Template {
                name: name.to_owned(),
                built_in: true,
                shared: None,
                file: AlertFile::read(text)?,
            })
        });
        for template in shared.into_iter().map(Ok).chain(built_in) {
            let template: Template = template?;
            if !out.iter().any(|held: &Template| held.name == template.name) {
                out.push(template);
            }
        }
        out.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(out)
    }

    /// Those of the desks that this vault reads. Of a name that two neighborhoods have, the newest.
    fn shared_templates(&self) -> Result<Vec<Template>, ClientError> {
        let (charters, now) = match self.charters() {
            Err(ClientError::NoNetwork) => return Ok(vec![]),
            charters => (charters?, self.now()),
        };
        self.read(|tx| {
            let mut found: BTreeMap<String, (Template, SharedBy)> = BTreeMap::new();
            for hood in Hood::all(tx)? {
                let (desk, block) = (desk(tx, &hood, &charters, now)?, names(tx, hood.id)?);
                for (name, shared) in desk.templates() {
                    // What another version wrote, and this one cannot read, is no template here.
                    let file = shared.text.as_deref().and_then(|text| AlertFile::read(text).ok());
                    let Some(file) = file.filter(|file| check(file).is_ok()) else { continue };
                    let handle = handles(block.as_ref(), &[shared.by]).pop().unwrap_or_default();
                    let (name, neighborhood) = (name.to_string(), hood_name(tx, hood.id)?);
                    let held = found.remove(&name);
                    let (mut hoods, mut neighborhoods) =
                        held.as_ref().map(|(_, by)| (by.hoods.clone(), by.neighborhoods.clone())).unwrap_or_default();
                    hoods.push(hood.id);
                    neighborhoods.push(neighborhood);
                    let newer = Template { name: name.clone(), built_in: false, shared: None, file };
                    let (template, by) = match held {
                        Some((template, by)) if by.at > shared.at => (template, by),
                        _ => (newer, SharedBy { handle, at: shared.at, hoods: vec![], neighborhoods: vec![] }),
                    };
                    found.insert(name, (template, SharedBy { hoods, neighborhoods, ..by }));
                }
            }
            Ok(found.into_values().map(|(template, by)| Template { shared: Some(by), ..template }).collect())
        })
    }

    /// The template of a name.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn template(&self, name: &str) -> Result<Template, ClientError> {
        let found = self.templates()?.into_iter().find(|template| template.name == name);
        found.ok_or_else(|| ClientError::NotFound { what: "template", name: name.to_owned() })
    }

    /// Keeps a template in this vault, in place of one of that name.
    ///
    /// # Errors
    /// Its name or what it says cannot be a template's, there are too many, or the disk refuses.
    pub fn save_template(&self, name: &str, file: &AlertFile) -> Result<(), ClientError> {
        let (_, text) = encoded(name, file)?;
        self.read(|tx| {
            let own: Vec<(Vec<u8>, String)> = tx.list(Bucket::Template, b"")?;
            if own.len() >= MAX_TEMPLATES && !own.iter().any(|(held, _)| held == name.as_bytes()) {
                return Err(TemplateError::TooMany.into());
            }
            Ok(tx.put(Bucket::Template, name.as_bytes(), &text)?)
        })
    }

    /// Keeps a template for all coordinators of a neighborhood, in place of one of that name. One of this vault alone would
    /// hide it, and goes.
    ///
    /// # Errors
    /// Those of [`Self::save_template`]; it is too long; or no right at this desk.
    pub async fn share_template(
        &self,
        hood: NeighborhoodId,
        name: &str,
        file: &AlertFile,
    ) -> Result<Delivery, ClientError> {
        let (code, text) = encoded(name, file)?;
        if text.len() > TEMPLATE_BYTES {
            return Err(TemplateError::TooLong { found: text.len() }.into());
        }
        let done = self
            .do_at_desk(hood, |looking| {
                let desk = looking.desk()?;
                let mut live = desk.templates();
                live.retain(|_, shared| shared.text.is_some());
                if live.len() >= MAX_TEMPLATES && !live.contains_key(&code) {
                    return Err(TemplateError::TooMany.into());
                }
                Ok(DeskEvent::Template { name: code.clone(), text: Some(text) })
            })
            .await?;
        self.read(|tx| Ok(tx.delete(Bucket::Template, name.as_bytes())?))?;
        Ok(done)
    }

    /// Removes a template of this vault, else that of the coordinators wherever it is kept. What became of that.
    ///
    /// # Errors
    /// There is none, it came with the program, the disk refuses, or no right at that desk.
    pub async fn remove_template(&self, name: &str) -> Result<Vec<Delivery>, ClientError> {
        let template = self.template(name)?;
        if template.built_in {
            return Err(TemplateError::BuiltIn { name: name.to_owned() }.into());
        }
        let Some(shared) = template.shared else {
            self.read(|tx| Ok(tx.delete(Bucket::Template, name.as_bytes())?))?;
            return Ok(vec![]);
        };
        let code = Code::new(name).map_err(|_| TemplateError::Name { name: name.to_owned() })?;
        let mut done = Vec::new();
        for hood in shared.hoods {
            let removal = DeskEvent::Template { name: code.clone(), text: None };
            done.push(Box::pin(self.do_at_desk(hood, |_| Ok(removal))).await?);
        }
        Ok(done)
    }
}

/// A template as it is kept.
fn encoded(name: &str, file: &AlertFile) -> Result<(Code, String), ClientError> {
    let Ok(code) = Code::new(name) else {
        return Err(TemplateError::Name { name: name.chars().take(60).collect() }.into());
    };
    check(file)?;
    let text = serde_json::to_string(file).map_err(|error| ClientError::Unexpected(error.to_string()))?;
    Ok((code, text))
}

/// Checks what a template says; where it is may come later.
fn check(file: &AlertFile) -> Result<(), ClientError> {
    let seen = file.seen.as_ref();
    let of_one_night = [
        ("verification", file.verification.is_some()),
        ("references", !file.references.is_empty()),
        ("outcome", file.outcome.is_some()),
        ("msg-type", file.msg_type.is_some()),
        ("seen.seen-at", seen.is_some_and(|seen| seen.seen_at.is_some())),
        ("seen.still-there", seen.is_some_and(|seen| seen.still_there.is_some())),
    ];
    if let Some((field, _)) = of_one_night.into_iter().find(|(_, given)| *given) {
        return Err(TemplateError::OneNight { field }.into());
    }
    let somewhere = || PlaceFile { text: Some("somewhere".to_owned()), ..PlaceFile::default() };
    let mut whole = file.clone();
    whole.place.get_or_insert_with(somewhere);
    whole.to_content()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_the_program_passes_what_is_asked_of_ones_own() {
        for (name, text) in BUILT_IN {
            let file = AlertFile::read(text).unwrap();
            check(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(file.place.is_none(), "{name}");
            assert!(Code::new(name).is_ok());
        }
        let drill = AlertFile::read(BUILT_IN.iter().find(|(name, _)| *name == "drill").unwrap().1).unwrap();
        assert_eq!(drill.status.as_deref(), Some("exercise"));
    }

    #[test]
    fn what_a_file_says_counts_before_the_template() {
        let read = |text: &str| AlertFile::read(text).unwrap();
        let half = read(
            r#"{"kind":"community.flood","urgency":"future","needs":["driver:2"],"text":{"en":{"headline":"Flood"}}}"#,
        );
        let template = Template { name: "river".to_owned(), built_in: false, shared: None, file: half };
        let file = read(r#"{"urgency":"immediate","place":{"text":"River Road"}}"#);
        let wanted = read(
            r#"{"kind":"community.flood","urgency":"immediate","needs":["driver:2"],"place":{"text":"River Road"},
                "text":{"en":{"headline":"Flood"}}}"#,
        );
        assert_eq!(template.filled_in(file), wanted);
    }

    #[test]
    fn what_belongs_to_one_night_is_refused_by_name() {
        for (field, text) in [
            ("verification", r#"{"kind":"network.notice","verification":{"state":"verified"}}"#),
            ("references", r#"{"kind":"network.notice","references":["x"]}"#),
            ("outcome", r#"{"kind":"network.notice","outcome":"resolved"}"#),
            ("msg-type", r#"{"kind":"network.notice","msg-type":"cancel"}"#),
            ("seen.seen-at", r#"{"kind":"network.notice","seen":{"seen-at":"2026-11-21T20:00:00Z"}}"#),
            ("seen.still-there", r#"{"kind":"network.notice","seen":{"still-there":true}}"#),
        ] {
            let error = check(&AlertFile::read(text).unwrap()).unwrap_err();
            assert!(
                matches!(&error, ClientError::Template(TemplateError::OneNight { field: found }) if *found == field)
            );
        }
        for text in ["{}", r#"{"kind":"no-such-kind"}"#, r#"{"kind":"network.notice","needs":["observer:0"]}"#] {
            assert!(check(&AlertFile::read(text).unwrap()).is_err(), "{text}");
        }
    }
}
