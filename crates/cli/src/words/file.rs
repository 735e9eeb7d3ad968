//! What is wrong with what somebody wrote, in Spanish. The English words stand beside the rules themselves.

use watchfire_client::file::{BadDuration, BadNeed, BadTime, FileError};
use watchfire_protocol::vocabulary::{Invalid, List};

use super::{Lang, or};

/// What is wrong with a file, or with what it says.
pub(super) fn spanish(error: &FileError) -> String {
    match error {
        FileError::TooLarge { found, most } => format!("el archivo tiene {found} bytes, y se admiten {most} a lo sumo"),
        FileError::NotJson(error) => format!("el archivo no es JSON: {error}"),
        FileError::Shape(error) => format!("el archivo tiene otra forma: {error}"),
        FileError::Missing { field } => format!("falta `{field}`"),
        FileError::NotACode { field, list, found } => not_a_code(field, *list, found),
        FileError::NotALanguage { field, found } => {
            format!("`{field}`: `{found}` no es una etiqueta de idioma, se espera una como `en`, `es-MX` o `zh-Hant`")
        }
        FileError::PointIncomplete { missing } => {
            format!("a `place` le falta `{missing}`: se esperan `lat`, `lon` y `precision-m` juntos, o ninguno")
        }
        FileError::NotAnAlert { found } => {
            format!("`references`: `{found}` no es el identificador de una alerta; hacen falta sus 26 símbolos")
        }
        FileError::Need(error) => format!("`needs`: {}", need(error)),
        FileError::Duration { field, error } => format!("`{field}`: {}", duration(error)),
        FileError::Time { field, error: BadTime { found } } => {
            format!("`{field}`: `{found}` no es una hora desde 1970, se espera una como `2026-11-21T20:02:11Z`")
        }
        FileError::Invalid(error) => invalid(error),
    }
}

fn invalid(error: &Invalid) -> String {
    match error {
        Invalid::TooLong { field, found, most } => {
            format!("`{field}` tiene {found} caracteres, y se admiten {most} a lo sumo")
        }
        Invalid::TooMany { field, found, most } => {
            format!("`{field}` tiene {found} elementos, y se admiten {most} a lo sumo")
        }
        Invalid::UnknownCode { field, list, code } => not_a_code(field, *list, code.as_str()),
        Invalid::OutOfRange { field, found, least, most } => {
            format!("`{field}` es {found}, y se espera de {least} a {most}")
        }
        Invalid::MinAboveMax { field, min, max } => {
            format!("`{field}` va de {min} a {max}: el mínimo debe ser el menor")
        }
        Invalid::NeitherPlaceNorText => "faltan `place` y `text`: hace falta al menos uno".to_owned(),
        Invalid::Empty { field, wanted: _ } => format!("`{field}` está vacío"),
        Invalid::Twice { field, entry } => format!("`{field}` tiene `{entry}` dos veces"),
        Invalid::NothingReferenced { msg_type } => {
            format!("`references` está vacío y `msg-type` es `{msg_type}`: falta decir de qué alerta se trata")
        }
        Invalid::OutcomeMissing => "falta `outcome`, y `msg-type` es `cancel`".to_owned(),
        Invalid::OutcomeUnexpected { msg_type } => {
            format!("hay un `outcome` y `msg-type` es `{msg_type}`: va solo con `cancel`")
        }
    }
}

fn not_a_code(field: &str, list: List, found: &str) -> String {
    let near = list.nearest(found);
    let codes = if near.is_empty() { list.codes() } else { near.as_slice() };
    let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    format!("`{field}`: no se conoce `{found}`; se espera {}", or(Lang::ES, &codes))
}

fn need(error: &BadNeed) -> String {
    match error {
        BadNeed::Unreadable { found } => {
            format!("`{found}` no se entiende, se espera algo como `observer:4` o `interpreter:es:1`")
        }
        BadNeed::UnknownRole { role, found } => {
            let near = List::Role.nearest(role);
            let codes = if near.is_empty() { List::Role.codes() } else { near.as_slice() };
            let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
            format!("no se conoce `{role}` en `{found}`; se espera {}", or(Lang::ES, &codes))
        }
        BadNeed::NotALanguage { language, found } => {
            format!("`{language}` en `{found}` no es una etiqueta de idioma, como `en` o `es-MX`")
        }
    }
}

fn duration(error: &BadDuration) -> String {
    match error {
        BadDuration::Unreadable { found } => {
            format!("`{found}` no es un tiempo, se espera un número con `s`, `m`, `h` o `d`, como `30m` o `2h`")
        }
        BadDuration::Zero { found } => format!("`{found}` no es nada de tiempo, se espera al menos `1s`"),
        BadDuration::TooLong { found, most } => format!("`{found}` es demasiado, se admite `{most}` a lo sumo"),
    }
}
