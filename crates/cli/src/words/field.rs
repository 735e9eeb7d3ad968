//! The fields of alerts, reports and answers, as people call them.

use watchfire_protocol::vocabulary::Language;

use super::{Lang, language, tell};

/// What the ids of their names begin with.
const FIELD: &str = "field-";

/// A field as people call it; one that has no name here as it is written.
pub(crate) fn name(lang: Lang, path: &str) -> String {
    known(lang, path).unwrap_or_else(|| format!("`{path}`"))
}

/// A field as people call it, and as it is written in a file.
pub(super) fn written(lang: Lang, path: &str) -> String {
    match known(lang, path) {
        Some(name) => tell!(lang, "field-written", name, path),
        None => format!("`{path}`"),
    }
}

fn known(lang: Lang, path: &str) -> Option<String> {
    if let Some((tag, part)) = path.strip_prefix("text.").map(|rest| rest.split_once('.').unwrap_or((rest, "any"))) {
        let spoken = Language::new(tag).map_or_else(|_| tag.to_owned(), |tag| language(lang, &tag).into_owned());
        return lang.find(&format!("{FIELD}text_{part}"), [("spoken", spoken.into())]);
    }
    // A need is named with its role.
    let field = path.split(' ').next().unwrap_or(path);
    lang.lookup(&format!("{FIELD}{}", field.replace('.', "_"))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use watchfire_protocol::vocabulary::List;

    use super::*;
    use crate::words::catalog_tests::{ids, sources_of};

    /// What the sources say is wrong with a field, as `short("place.text"`.
    fn fields(source: &str) -> BTreeSet<String> {
        let calls = [
            "known(\"",
            "known_if_given(\"",
            "few(\"",
            "short(\"",
            "count(\"",
            "range(\"",
            "degrees(\"",
            "once(\"",
            "code(\"",
            "codes(\"",
            "maybe_code(\"",
            "language(\"",
            "millionths(\"",
            "field: \"",
            "look(&mut found, \"",
        ];
        let all = calls.iter().flat_map(|call| source.split(call).skip(1));
        // Other things are counted as well: codes, and the terms of a charter.
        let other = |name: &str| name == "quorum" || List::ALL.iter().any(|list| list.codes().contains(&name));
        let plain = |name: &&str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || ".-".contains(c)) && !other(name)
        };
        all.filter_map(|rest| rest.split('"').next()).filter(plain).map(str::to_owned).collect()
    }

    #[test]
    fn every_field_that_can_be_wrong_has_a_name_in_every_language() {
        let all: BTreeSet<String> = ["protocol", "client"].iter().flat_map(|name| fields(&sources_of(name))).collect();
        assert!(all.contains("place.text") && all.len() > 30, "{all:?}");
        for lang in Lang::all() {
            for field in all.iter().map(String::as_str).chain(["text.es.headline", "text.es", "needs observer"]) {
                let name = known(lang, field);
                assert!(name.is_some_and(|name| !name.is_empty() && !name.contains('.')), "{} {field}", lang.tag());
            }
            for id in
                ids(lang, "fields.ftl").iter().filter(|id| !id.starts_with("field-text_") && *id != "field-written")
            {
                let field = id.trim_start_matches(FIELD).replace('_', ".");
                assert!(all.contains(&field), "nothing is wrong with `{field}` any more");
            }
        }
    }

    #[test]
    fn a_field_is_called_as_people_call_it() {
        assert_eq!(name(Lang::es(), "place.text"), "el lugar");
        assert_eq!(written(Lang::EN, "place.text"), "the place (`place.text`)");
        assert_eq!(name(Lang::es(), "text.en.headline"), "el titular en inglés");
        assert_eq!(name(Lang::es(), "text.xx-YY"), "el texto en xx-YY");
        assert_eq!(
            (name(Lang::es(), "no.such"), written(Lang::es(), "no.such")),
            ("`no.such`".into(), "`no.such`".into())
        );
    }
}
