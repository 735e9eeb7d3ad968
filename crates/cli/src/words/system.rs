//! What the operating system and the reader of JSON say in English, in the reader's language.

use std::io::{self, ErrorKind};

use super::{Lang, catalog, tell};

/// The number of an operating system for a file that is no program: `ENOEXEC` on every Unix.
const NO_PROGRAM: i32 = 8;

/// What the operating system says of a file, a stream or a program.
pub(crate) fn io(lang: Lang, error: &io::Error) -> String {
    match (known(lang, error.kind()), error.raw_os_error()) {
        (Some(words), _) => words.to_owned(),
        (None, Some(NO_PROGRAM)) => tell!(lang, "system-no-program").to_owned(),
        // Its own words, where the reader knows them.
        (None, _) if lang == Lang::EN => error.to_string(),
        (None, Some(number)) => tell!(lang, "system-number", number),
        (None, None) => tell!(lang, "system-unknown").to_owned(),
    }
}

fn known(lang: Lang, kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => tell!(lang, "system-not-there"),
        ErrorKind::AlreadyExists => tell!(lang, "system-there"),
        ErrorKind::PermissionDenied => tell!(lang, "system-not-allowed"),
        ErrorKind::ReadOnlyFilesystem => tell!(lang, "system-read-only"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => tell!(lang, "system-full"),
        ErrorKind::IsADirectory => tell!(lang, "system-folder"),
        ErrorKind::NotADirectory => tell!(lang, "system-no-folder"),
        ErrorKind::InvalidFilename => tell!(lang, "system-name"),
        ErrorKind::InvalidData => tell!(lang, "system-not-text"),
        ErrorKind::ExecutableFileBusy | ErrorKind::ResourceBusy => tell!(lang, "system-busy"),
        ErrorKind::ArgumentListTooLong | ErrorKind::FileTooLarge => tell!(lang, "system-too-large"),
        ErrorKind::OutOfMemory => tell!(lang, "system-memory"),
        ErrorKind::UnexpectedEof => tell!(lang, "system-ends"),
        ErrorKind::TimedOut => tell!(lang, "system-too-long"),
        ErrorKind::AddrInUse => tell!(lang, "system-address"),
        ErrorKind::Unsupported => tell!(lang, "system-unsupported"),
        _ => return None,
    })
}

/// Where a text stops being what was wanted, and why.
pub(super) fn json(lang: Lang, error: &serde_json::Error) -> String {
    let said = error.to_string();
    let (line, column) = (error.line(), error.column());
    let why = said.strip_suffix(&format!(" at line {line} column {column}"));
    match why {
        Some(why) => tell!(lang, "json-at", line, column, why = json_reason(lang, why)),
        None => json_reason(lang, &said),
    }
}

fn json_reason(lang: Lang, english: &str) -> String {
    let wrong = ["invalid type: ", "invalid value: ", "invalid "]
        .iter()
        .find_map(|kind| english.strip_prefix(kind)?.split_once(", expected "));
    match wrong {
        Some((found, wanted)) => tell!(lang, "json-wrong", found = thing(lang, found), wanted = thing(lang, wanted)),
        None => catalog::translated(lang, "json-says-", english).unwrap_or_else(|| unknown(lang, english)),
    }
}

/// What stands in the text, or should.
fn thing(lang: Lang, english: &str) -> String {
    let english = match english {
        // As the code calls it.
        object if object.starts_with("struct ") => "a map",
        // Only what is written as a list has a wrong one.
        list if list.starts_with("length ") => "a sequence",
        other => other,
    };
    catalog::translated(lang, "json-thing-", english).unwrap_or_else(|| unknown(lang, english))
}

/// What no catalog has is told as it is, and what language it is in.
pub(super) fn unknown(lang: Lang, english: &str) -> String {
    if lang == Lang::EN { english.to_owned() } else { tell!(lang, "system-in-english", text = english) }
}

#[cfg(test)]
mod tests {
    use watchfire_client::file::{alert, report};
    use watchfire_client::{ClientError, file::FileError};

    use super::*;
    use crate::words::error;

    #[test]
    fn no_error_of_the_operating_system_is_told_in_another_language_than_the_readers() {
        let es = |number| io(Lang::es(), &io::Error::from_raw_os_error(number));
        assert_eq!(es(2), "no existe");
        assert_eq!(es(13), "usted no tiene permiso");
        assert_eq!(es(28), "el disco está lleno");
        assert_eq!(es(8), "no es un programa que este sistema pueda ejecutar");
        for number in 1..=133 {
            let error = io::Error::from_raw_os_error(number);
            let english = error.to_string();
            let english = english.split(" (os error").next().unwrap();
            assert!(!es(number).contains(english), "{english}");
            assert!(!io(Lang::EN, &error).is_empty());
        }
        let own = io::Error::other("words of a library");
        assert_eq!((io(Lang::EN, &own), io(Lang::es(), &own)), (own.to_string(), "algo que nadie previó".to_owned()));
    }

    #[test]
    fn whatever_is_wrong_with_a_file_is_told_in_the_readers_language_and_where() {
        let told = |lang, text: &str| {
            let alert = alert::parse(text).map(drop);
            let error = alert.err().or_else(|| report::parse(text).map(drop).err()).unwrap();
            assert!(matches!(error, FileError::NotJson(_) | FileError::Shape(_)), "{text}: {error}");
            error::message(lang, &ClientError::File(error))
        };
        let broken = [
            "",
            "{",
            "[",
            "{\"kind\"",
            "{\"kind\":",
            "{\"kind\":\"",
            "{\"kind\" 1}",
            "{\"kind\":\"a\" \"b\"}",
            "{1:2}",
            "{\"kind\":tru}",
            "{\"kind\":\"\\x\"}",
            "{\"kind\":\"a\nb\"}",
            "{\"kind\":01}",
            "{\"kind\":1e999}",
            "{\"kind\":-}",
            "{\"kind\":\"\\ud800\"}",
            "{\"kind\":\"a\",}",
            "{\"needs\":[\"a\",]}",
            "{} {}",
            "{\"needs\":[1 2]}",
            "nonsense",
            "{\"kind\":1}",
            "{\"people\":7}",
            "{\"kind\":true}",
            "{\"kind\":1.5}",
            "{\"kind\":[]}",
            "{\"kind\":{}}",
            "{\"kind\":\"a\",\"kind\":\"b\"}",
            "{\"knd\":\"a\"}",
            "{\"place\":{\"txt\":\"a\"}}",
            "{\"place\":\"here\"}",
            "{\"place\":{\"lat\":\"1\"}}",
            "{\"seen\":{\"size\":{\"people\":{\"min\":-1}}}}",
            "{\"text\":\"hello\"}",
            "{\"seen\":{\"size\":{\"people\":{\"min\":70000}}}}",
            "{\"seen\":{\"size\":{\"people\":{\"min\":1.5}}}}",
            "{\"people\":{\"children\":\"yes\"}}",
            "{\"needs\":\"observer:1\"}",
            "{\"text\":{\"en\":{\"headlin\":\"\"}}}",
            "{\"text\":{\"en\":\"hello\"}}",
            "\"text\"",
            "{\"verification\":{\"by\":[[]]}}",
            "7",
        ];
        for text in broken {
            let (english, spanish) = (told(Lang::EN, text), told(Lang::es(), text));
            assert!(english.contains("line ") && spanish.contains("línea "), "{text}: {english}, {spanish}");
            for word in ["expected", "invalid", "EOF", "wanted", "found", "in English", "en inglés", " at ", "struct "]
            {
                assert!(!spanish.contains(word), "{text}: {spanish}");
            }
        }
        let field = told(Lang::es(), "{\n  \"knd\": \"a\"}");
        assert!(field.starts_with("línea 2, columna 7: no se conoce el campo `knd`; hay `kind`, `"), "{field}");
        let number = told(Lang::es(), "{\"kind\":7}");
        assert!(number.ends_with("aquí va un texto, no el número `7`"), "{number}");
    }
}
