//! What can be set, in `relay.toml` and in the environment.
//!
//! A variable is named `WATCHFIRE_RELAY_` and the setting's name in upper case, with `_` for `-`, and for what stands in a
//! section the section's name in front: `WATCHFIRE_RELAY_LISTEN`, `WATCHFIRE_RELAY_LIMITS_IDLE_SECONDS`. It counts more than
//! the file. A name that is unknown is refused in both: a limit that was mistyped is a limit that is not there.

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use toml::de::{DeTable, DeValue};
use tracing::level_filters::LevelFilter;

use crate::admission::Quota;
use crate::limit::Limits;
use crate::tls::Tls;

/// What a variable's name begins with.
pub const PREFIX: &str = "WATCHFIRE_RELAY_";
/// Variables with that beginning that are arguments of the program, and no settings.
const ARGUMENTS: [&str; 1] = ["dir"];
/// The section of the limits.
const LIMITS: &str = "limits";

/// What can be set.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    #[serde(deserialize_with = "from_text")]
    pub(crate) listen: SocketAddr,
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) identity: Option<PathBuf>,
    #[serde(default, deserialize_with = "some_from_text")]
    pub(crate) health: Option<SocketAddr>,
    #[serde(default)]
    pub(crate) quota: Quota,
    #[serde(default = "default_level", deserialize_with = "from_text")]
    pub(crate) log: LevelFilter,
    #[serde(default)]
    pub(crate) tls: TlsSettings,
    #[serde(default)]
    pub(crate) limits: Limits,
}

/// The section of TLS. All of it is there, or nothing of it.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsSettings {
    #[serde(default, deserialize_with = "some_from_text")]
    listen: Option<SocketAddr>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl TlsSettings {
    /// What was set; nothing if nothing was.
    pub(crate) fn whole(self) -> Option<Tls> {
        Some(Tls { listen: self.listen?, certificate: self.certificate?, key: self.key? })
    }

    /// What lacks beside what was set.
    fn lacks(&self) -> Option<&'static str> {
        let set = [self.listen.is_some(), self.certificate.is_some(), self.key.is_some()];
        let lacking = ["listen", "certificate", "key"].into_iter().zip(set).find(|(_, set)| !set);
        lacking.filter(|_| set.contains(&true)).map(|(name, _)| name)
    }
}

const fn default_level() -> LevelFilter {
    LevelFilter::INFO
}

fn from_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn some_from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    from_text(deserializer).map(Some)
}

/// Why something cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The file is not TOML, or a value is of another kind.
    #[error(transparent)]
    Toml(#[from] Box<toml::de::Error>),
    /// There is no such setting.
    #[error("line {line}: there is no setting `{name}`{}", meant(nearest.as_deref()))]
    Unknown {
        /// What stands there.
        name: String,
        /// Where.
        line: usize,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// One setting of TLS is nothing without the others.
    #[error(
        "`{missing}` is missing under `[tls]`: the address, the certificate and its key are needed, or nothing of it"
    )]
    Incomplete {
        /// What is missing.
        missing: &'static str,
    },
    /// There is no setting for a variable of the environment.
    #[error("there is no setting for the variable `{name}`{}", meant(nearest.as_deref()))]
    UnknownVariable {
        /// Its name.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A variable of the environment has a value that cannot be set.
    #[error("the variable `{name}` is `{value}`: {reason}")]
    Value {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
        /// Why not.
        reason: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(": was {nearest} meant?")).unwrap_or_default()
}

impl Settings {
    /// The settings of a file, and those of the environment over them; with the names of the variables that count.
    pub(crate) fn read(
        text: &str,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<(Self, Vec<String>), SettingError> {
        let table = DeTable::parse(text).map_err(Box::new)?;
        refuse_unknown(text, table.get_ref())?;
        let mut settings: Self = toml::from_str(text).map_err(Box::new)?;
        let mut overridden = Vec::new();
        for (name, value) in variables {
            let name = name.to_string_lossy().into_owned();
            let Some(setting) = name.strip_prefix(PREFIX).map(str::to_lowercase) else { continue };
            if ARGUMENTS.contains(&setting.as_str()) {
                continue;
            }
            let value = value.to_string_lossy();
            match settings.set(&setting, &value) {
                Some(Ok(())) => overridden.push(name),
                Some(Err(reason)) => return Err(SettingError::Value { name, value: value.into_owned(), reason }),
                None => {
                    let names = names().map(|known| variable(&known));
                    return Err(SettingError::UnknownVariable { nearest: nearest(&name, names), name });
                }
            }
        }
        if let Some(missing) = settings.tls.lacks() {
            return Err(SettingError::Incomplete { missing });
        }
        overridden.sort_unstable();
        Ok((settings, overridden))
    }

    /// Sets what is named with `_` for `-` and `.`; none if there is no such setting.
    fn set(&mut self, name: &str, text: &str) -> Option<Result<(), String>> {
        match name {
            "listen" => Some(put(&mut self.listen, text)),
            "url" => Some(put_some(&mut self.url, text)),
            "identity" => Some(put_some(&mut self.identity, text)),
            "health" => Some(put_some(&mut self.health, text)),
            "quota" => Some(put(&mut self.quota, text)),
            "log" => Some(put(&mut self.log, text)),
            "tls_listen" => Some(put_some(&mut self.tls.listen, text)),
            "tls_certificate" => Some(put_some(&mut self.tls.certificate, text)),
            "tls_key" => Some(put_some(&mut self.tls.key, text)),
            _ => {
                let limit = name.strip_prefix(LIMITS)?.strip_prefix('_')?;
                self.limits.set(limit, text)
            }
        }
    }
}

/// The settings that are no limits, with those in sections as `section.name`.
const OTHERS: [&str; 9] =
    ["listen", "url", "identity", "health", "quota", "log", "tls.listen", "tls.certificate", "tls.key"];

/// All settings, named alike.
fn names() -> impl Iterator<Item = String> {
    OTHERS.into_iter().map(str::to_owned).chain(Limits::names().map(|name| format!("{LIMITS}.{name}")))
}

/// The variable of a setting.
fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace(['-', '.'], "_").to_uppercase())
}

fn put<T: FromStr<Err: fmt::Display>>(place: &mut T, text: &str) -> Result<(), String> {
    *place = text.parse().map_err(|error: T::Err| error.to_string())?;
    Ok(())
}

fn put_some<T: FromStr<Err: fmt::Display>>(place: &mut Option<T>, text: &str) -> Result<(), String> {
    *place = Some(text.parse().map_err(|error: T::Err| error.to_string())?);
    Ok(())
}

fn refuse_unknown(text: &str, table: &DeTable<'_>) -> Result<(), SettingError> {
    let known: Vec<String> = names().collect();
    for (key, value) in table {
        let section = format!("{}.", key.get_ref());
        let is_section = known.iter().any(|name| name.starts_with(&section));
        match value.get_ref() {
            DeValue::Table(inner) if is_section => {
                for key in inner.keys() {
                    let name = format!("{section}{}", key.get_ref());
                    if !known.contains(&name) {
                        return Err(unknown(text, &name, key.span().start, &known));
                    }
                }
            }
            _ if is_section || known.iter().any(|name| name == key.get_ref()) => {}
            _ => return Err(unknown(text, key.get_ref(), key.span().start, &known)),
        }
    }
    Ok(())
}

fn unknown(text: &str, name: &str, at: usize, known: &[String]) -> SettingError {
    let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    // Whoever forgot the section's head has the right name in the wrong place.
    let moved = known.iter().find(|known| last(known) == last(name)).cloned();
    let nearest = moved.map(|name| quoted(&name)).or_else(|| nearest(name, known.iter().cloned()));
    SettingError::Unknown { name: last(name), line, nearest }
}

/// The known name that is most like one, if any is like it at all.
fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let alike = known.map(|known| (strsim::damerau_levenshtein(name, &known), known));
    let (distance, nearest) = alike.min()?;
    (distance <= name.len().div_ceil(4)).then(|| quoted(&nearest))
}

fn quoted(name: &str) -> String {
    match name.split_once('.') {
        Some((section, name)) => format!("`{name}` under `[{section}]`"),
        None => format!("`{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTEN: &str = "listen = \"127.0.0.1:1\"\n";

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<(Settings, Vec<String>), String> {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Settings::read(text, variables).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_setting_is_refused_with_its_line_and_what_was_meant() {
        let refused = |rest: &str| read(&format!("{LISTEN}{rest}"), &[]).unwrap_err();
        for (rest, said) in [
            (
                "[limits]\nconnections = 5\nidle-second = 3\n",
                "line 4: there is no setting `idle-second`: was `idle-seconds` under `[limits]` meant?",
            ),
            (
                "connections = 5\n",
                "line 2: there is no setting `connections`: was `connections` under `[limits]` meant?",
            ),
            ("[limits]\nurl = \"x\"\n", "line 3: there is no setting `url`: was `url` meant?"),
            ("[limit]\nconnections = 5\n", "line 2: there is no setting `limit`"),
            ("qutoa = \"1GiB\"\n", "line 2: there is no setting `qutoa`: was `quota` meant?"),
            ("favourite-color = 1\n", "line 2: there is no setting `favourite-color`"),
        ] {
            assert_eq!(refused(rest), said);
        }
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_its_line() {
        for rest in ["quota = 5\n", "log = \"loud\"\n", "health = \"here\"\n", "[limits]\nconnections = \"many\"\n"] {
            let error = read(&format!("{LISTEN}{rest}"), &[]).unwrap_err();
            let line = if rest.starts_with('[') { "line 3" } else { "line 2" };
            assert!(error.contains(line), "{error}");
        }
        assert!(read("[limits\n", &[]).unwrap_err().contains("line 1"));
        assert!(read("", &[]).unwrap_err().contains("listen"));
    }

    #[test]
    fn tls_is_set_as_a_whole_or_not_at_all() {
        let tls = ["listen = \"127.0.0.1:2\"\n", "certificate = \"c\"\n", "key = \"k\"\n"];
        let whole = read(&format!("{LISTEN}[tls]\n{}", tls.concat()), &[]).unwrap().0;
        assert!(whole.tls.whole().is_some());
        for (at, name) in ["listen", "certificate", "key"].into_iter().enumerate() {
            let rest: String =
                tls.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, line)| *line).collect();
            let error = read(&format!("{LISTEN}[tls]\n{rest}"), &[]).unwrap_err();
            assert!(error.starts_with(&format!("`{name}` is missing under `[tls]`")), "{error}");
        }
        let one = [("WATCHFIRE_RELAY_TLS_KEY", "k")];
        assert!(read(LISTEN, &one).unwrap_err().starts_with("`listen` is missing"));
        assert!(read(LISTEN, &[]).unwrap().0.tls.whole().is_none());
    }

    #[test]
    fn every_setting_has_a_variable_that_counts_more_than_the_file() {
        let file = format!(
            "{LISTEN}[limits]\nidle-seconds = 9\n[tls]\nlisten = \"127.0.0.1:2\"\ncertificate = \"c\"\nkey = \"k\"\n"
        );
        for name in names() {
            let value = match name.as_str() {
                "listen" | "health" | "tls.listen" => "127.0.0.1:7",
                "url" => "wss://relay.example.org/v1",
                "quota" => "3MiB",
                "log" => "warn",
                "identity" => "/run/credentials/identity",
                _ => "7",
            };
            let variable = variable(&name);
            let (settings, overridden) = read(&file, &[(&variable, value)]).unwrap();
            assert_eq!(overridden, [variable.as_str()]);
            assert_ne!(settings, read(&file, &[]).unwrap().0, "{variable}");
        }
        let (settings, _) = read(&file, &[("WATCHFIRE_RELAY_LIMITS_IDLE_SECONDS", "7")]).unwrap();
        assert_eq!(settings.limits, Limits { idle_seconds: 7, ..Limits::default() });
    }

    #[test]
    fn an_unknown_variable_or_value_is_refused_by_name_and_others_are_nobodys_business() {
        let refused = |name: &str, value: &str| read(LISTEN, &[(name, value)]).unwrap_err();
        assert_eq!(
            refused("WATCHFIRE_RELAY_LIMITS_IDLE_SECOND", "3"),
            "there is no setting for the variable `WATCHFIRE_RELAY_LIMITS_IDLE_SECOND`: was \
             `WATCHFIRE_RELAY_LIMITS_IDLE_SECONDS` meant?"
        );
        assert!(refused("WATCHFIRE_RELAY_IDLE_SECONDS", "3").contains("there is no setting for the variable"));
        assert!(refused("WATCHFIRE_RELAY_LIMITS_", "3").contains("there is no setting for the variable"));
        let wrong = refused("WATCHFIRE_RELAY_LIMITS_CONNECTIONS", "many");
        assert!(wrong.starts_with("the variable `WATCHFIRE_RELAY_LIMITS_CONNECTIONS` is `many`: "), "{wrong}");
        let others = [("WATCHFIRE_LANG", "es"), ("WATCHFIRE_RELAY_DIR", "/srv"), ("HOME", "/root")];
        assert_eq!(read(LISTEN, &others), read(LISTEN, &[]));
    }
}
