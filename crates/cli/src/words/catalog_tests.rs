use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fluent_syntax::ast::VariantKey;

use super::*;

type Variables = BTreeSet<String>;

/// The ids of one file of a language, sorted; attributes have their own.
pub(crate) fn ids(lang: Lang, file: &str) -> Vec<String> {
    let embedded = lang.embedded().unwrap();
    let named = embedded.files.iter().find(|(name, _)| *name == file).unwrap();
    let mut ids: Vec<String> = messages(named.1).into_iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids
}

/// Each message and attribute of a file, with the variables in it.
fn messages(text: &str) -> Vec<(String, Variables)> {
    let parsed = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut messages = Vec::new();
    for entry in parsed.entries() {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Term(term) => panic!("terms are not checked yet: {}", term.id.name),
            _ => continue,
        };
        messages.extend(message.value.as_ref().map(|value| (message.id.name.to_owned(), variables(value))));
        for attribute in &message.attributes {
            messages.push((format!("{}.{}", message.id.name, attribute.id.name), variables(&attribute.value)));
        }
    }
    messages
}

fn variables(pattern: &Pattern<&str>) -> Variables {
    let mut found = Variables::new();
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => found.extend(variable(inline)),
            Expression::Select { selector, variants } => {
                found.extend(variable(selector));
                found.extend(variants.iter().flat_map(|variant| variables(&variant.value)));
            }
        }
    }
    found
}

fn variable(inline: &InlineExpression<&str>) -> Option<String> {
    match inline {
        InlineExpression::VariableReference { id } => Some(id.name.to_owned()),
        InlineExpression::StringLiteral { .. } => None,
        other => panic!("this kind of reference is not checked yet: {other:?}"),
    }
}

/// All messages of a language, by id.
fn all(lang: Lang) -> BTreeMap<String, Variables> {
    let mut all = BTreeMap::new();
    for (name, text) in lang.embedded().unwrap().files {
        for (id, variables) in messages(text) {
            assert!(all.insert(id.clone(), variables).is_none(), "{}/{name}: {id} stands twice", lang.tag());
        }
    }
    all
}

#[test]
fn every_language_has_the_messages_of_english_with_the_same_variables() {
    let english = all(Lang::EN);
    for lang in Lang::all() {
        let own = all(lang);
        let missing: Vec<_> = english.keys().filter(|id| !own.contains_key(*id)).collect();
        let left_over: Vec<_> = own.keys().filter(|id| !english.contains_key(*id)).collect();
        assert!(
            missing.is_empty() && left_over.is_empty(),
            "{}: missing {missing:?}, left over {left_over:?}",
            lang.tag()
        );
        for (id, variables) in &english {
            // The vowel is for those languages that need it.
            let plain = |of: &Variables| of.iter().filter(|name| *name != "sound").cloned().collect::<Variables>();
            assert_eq!(plain(variables), plain(&own[id]), "{} {id}", lang.tag());
        }
    }
}

#[test]
fn every_language_has_a_tag_that_fluent_knows_plurals_of() {
    for lang in Lang::all() {
        assert!(lang.tag().parse::<LanguageIdentifier>().is_ok(), "{}", lang.tag());
    }
}

/// Everything in the `src` of a crate but the comments.
pub(crate) fn sources_of(name: &str) -> String {
    fn read(directory: &Path, all: &mut String) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => read(&path, all),
                false if path.to_string_lossy().ends_with("tests.rs") => {}
                false if path.extension().is_some_and(|end| end == "rs") => {
                    all.push_str(&fs::read_to_string(path).unwrap())
                }
                false => {}
            }
        }
    }
    let mut all = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"), &mut all);
    all.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

fn sources() -> String {
    sources_of("cli")
}

/// The arguments of a call of a macro, split at the commas between them.
fn arguments(call: &str) -> Vec<String> {
    let (mut arguments, mut depth, mut quoted, mut escaped) = (vec![String::new()], 0, false, false);
    for letter in call.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        arguments.last_mut().unwrap().push(letter);
    }
    arguments.iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

#[test]
fn every_text_that_the_program_tells_is_there_with_its_values() {
    let (english, sources) = (all(Lang::EN), sources());
    let calls: Vec<Vec<String>> = sources.split("tell!(").skip(1).map(arguments).collect();
    let mut checked = 0;
    for call in &calls {
        let Some(id) = call.get(1).and_then(|id| id.strip_prefix('"')?.strip_suffix('"')) else { continue };
        let given: Variables = call[2..].iter().map(|one| one.split([' ', '=']).next().unwrap().to_owned()).collect();
        let Some(wanted) = english.get(id) else { panic!("no catalog has `{id}`") };
        assert_eq!(given, *wanted, "{id}");
        checked += 1;
    }
    assert!(checked > 5, "the calls are found at all");
}

#[test]
fn no_text_is_left_that_the_program_never_tells() {
    let sources = sources();
    // What is told by a made-up id has tests of its own.
    let made_up: Vec<String> =
        ["codes.ftl", "said.ftl", "languages.ftl", "phrases.ftl", "placeholders.ftl", "json.ftl", "fields.ftl"]
            .into_iter()
            .flat_map(|file| ids(Lang::EN, file))
            .collect();
    let told = |id: &String| {
        made_up.contains(id)
            || id.starts_with("help-for-")
            || id.starts_with("help.")
            || sources.contains(&format!("\"{id}\""))
    };
    let unused: Vec<String> = all(Lang::EN).into_keys().filter(|id| !told(id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn what_stands_in_a_text_is_not_read_again_and_numbers_stay_exact() {
    let told = tell!(Lang::EN, "span-ago", span = "{ $x } { \"y\" }");
    assert_eq!(told, "{ $x } { \"y\" } ago");
    assert_eq!(tell!(Lang::EN, "span-seconds", count = u64::MAX), "18446744073709551615 s");
    assert_eq!(tell!(Lang::EN, "span-hours", count = 10_000u32), "10000 h");
    assert_eq!(Lang::EN.text("no-such-text"), "no-such-text");
}

/// What the client says in its own words, with a made-up value wherever it puts one in.
fn phrases(source: &str) -> Vec<String> {
    let calls = [
        "NotGranted(",
        "Untrusted(",
        "Invalid(",
        "Timeout(",
        "Broken(",
        "untrusted(",
        "what: ",
        "device_key(hood, ",
        "device_key(link.hood, ",
        "device_key(place.neighborhood, ",
        "coordinated(&client, ",
    ];
    let mut said = Vec::new();
    for text in calls.iter().flat_map(|call| source.split(call).skip(1)) {
        let text = text.trim_start_matches(['&']).trim_start();
        let text = text.strip_prefix("format!(").unwrap_or(text).trim_start();
        let Some(text) = text.strip_prefix('"').and_then(|text| text.split('"').next()) else { continue };
        let parts: Option<Vec<&str>> =
            text.split('{').skip(1).map(|part| part.split_once('}').map(|(_, rest)| rest)).collect();
        let first = text.split('{').next().unwrap_or_default();
        said.extend(parts.map(|parts| parts.into_iter().fold(first.to_owned(), |all, part| format!("{all}7{part}"))));
    }
    said.retain(|text| !text.is_empty());
    said
}

#[test]
fn whatever_the_client_says_in_words_of_its_own_is_said_in_every_language() {
    let said: Vec<String> = ["client", "cli"].iter().flat_map(|name| phrases(&sources_of(name))).collect();
    assert!(said.len() > 40, "the phrases are found at all");
    let mut missing = Vec::new();
    for phrase in &said {
        // `format!("its announcement {why}")`
        if phrase.ends_with(" 7") || said.iter().any(|other| *other == format!("its announcement {phrase}")) {
            continue;
        }
        let told = translated(Lang::EN, "phrase-", phrase)
            .or_else(|| translated(Lang::EN, "phrase-", &format!("its announcement {phrase}")));
        if !told.is_some_and(|told| told.ends_with(phrase)) {
            missing.push(phrase);
        }
    }
    assert!(missing.is_empty(), "add them to phrases.ftl: {missing:?}");
    let everything = ["client", "cli", "protocol", "relay"].map(sources_of).concat();
    let everything: String = everything.split_whitespace().collect::<Vec<_>>().join(" ");
    for id in ids(Lang::EN, "phrases.ftl") {
        let Some(text) = Lang::EN.lookup(&id) else { continue };
        let known = everything.contains(text)
            || text.strip_prefix("its announcement ").is_some_and(|why| everything.contains(why));
        assert!(known, "nothing says `{text}` any more: take {id} out of phrases.ftl");
    }
}

#[test]
fn a_phrase_is_known_by_its_words_and_keeps_its_values() {
    let spanish = |text| translated(Lang::es(), "phrase-", text);
    assert_eq!(spanish("approve members").as_deref(), Some("aprobar integrantes"));
    let told = spanish("the relay at wss://a.example/v1 speaks another protocol");
    assert_eq!(told.as_deref(), Some("el retransmisor de wss://a.example/v1 habla otro protocolo"));
    let nested = spanish("its announcement was refused: signature does not verify");
    assert_eq!(nested.as_deref(), Some("se rechazó su anuncio: la firma no vale"));
    let nested = spanish("its announcement was refused: of reasons unheard of");
    assert_eq!(nested.as_deref(), Some("se rechazó su anuncio: (en inglés) of reasons unheard of"));
    assert_eq!(spanish("approve members of nobody"), None);
    assert_eq!(spanish("the relay at nowhere"), None);
    assert_eq!(spanish(""), None);
}

/// Compares with what is kept in `tests/snapshots`; `UPDATE=1` writes it anew.
pub(crate) fn is_as_kept(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        return fs::write(path, found).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differ = kept.lines().zip(found.lines()).find(|(kept, found)| kept != found);
    assert!(
        kept == found,
        "{name} differs, first here:\n{}\nread the difference that UPDATE=1 makes, and commit it",
        differ.map_or("at its end".to_owned(), |(kept, found)| format!("- {kept}\n+ {found}"))
    );
}

/// What each variable of a pattern can be, as far as the text depends on it: 1 and 2 where it is counted.
fn samples(pattern: &Pattern<&str>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> =
        variables(pattern).into_iter().map(|name| (name.clone(), vec![format!("<{name}>")])).collect();
    for element in &pattern.elements {
        let PatternElement::Placeable { expression: Expression::Select { selector, variants } } = element else {
            continue;
        };
        let keys = variants.iter().map(|variant| match variant.key {
            VariantKey::Identifier { name: "one" } => "1".to_owned(),
            VariantKey::Identifier { name: "other" } if variants.len() > 1 => "2".to_owned(),
            VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name } => name.to_owned(),
        });
        all.insert(variable(selector).unwrap(), keys.collect());
    }
    all
}

/// Every choice of one value for each variable.
fn choices(samples: &BTreeMap<String, Vec<String>>) -> Vec<Vec<(String, String)>> {
    samples.iter().fold(vec![Vec::new()], |chosen, (name, values)| {
        let with = |before: &Vec<(String, String)>, value: &String| {
            before.iter().cloned().chain([(name.clone(), value.clone())]).collect()
        };
        chosen.iter().flat_map(|before| values.iter().map(move |value| with(before, value))).collect()
    })
}

#[test]
fn every_message_of_every_language_reads_as_it_is_kept() {
    for lang in Lang::all() {
        let (embedded, mut out) = (lang.embedded().unwrap(), String::new());
        for (name, text) in embedded.files.iter().filter(|(name, _)| *name != "help.ftl") {
            out.push_str(&format!("# {name}\n"));
            for entry in FluentResource::try_new((*text).to_owned()).unwrap().entries() {
                let Entry::Message(message) = entry else { continue };
                let Some(pattern) = &message.value else { continue };
                for values in choices(&samples(pattern)) {
                    let args: FluentArgs<'_> = values
                        .iter()
                        .map(|(name, value)| {
                            let number = value.parse::<u64>();
                            (name.as_str(), number.map_or_else(|_| value.as_str().into(), FluentValue::from))
                        })
                        .collect();
                    let told = embedded.catalog().tell(message.id.name, &args).unwrap();
                    out.push_str(&format!("{}: {}\n", message.id.name, told.replace('\n', "\n    ")));
                }
            }
        }
        is_as_kept(&format!("messages.{}.txt", lang.tag()), &out);
    }
}

#[path = "../../build/listing.rs"]
mod listing;

#[test]
fn a_third_language_is_a_directory_and_no_code() {
    let folder = tempfile::tempdir().unwrap();
    let write = |tag: &str, file: &str, text: &str| {
        let directory = folder.path().join(tag);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(file), text).unwrap();
        directory.join(file)
    };
    write("ar", "words.ftl", "");
    let polish = r#"
people-of = { $sort } ({ $count ->
        [one] { $count } osoba
        [few] { $count } osoby
       *[other] { $count } osób
    })
join-next = Dalej:  watchfire watch
"#;
    let file = write("pl", "words.ftl", polish);
    write("pl", "notes.txt", "left out");
    write("en", "words.ftl", "");
    let code = listing::listing(folder.path()).unwrap();
    let tags = ["Embedded; 3]", "Embedded::new(\"en\"", "Embedded::new(\"ar\"", "Embedded::new(\"pl\""];
    let places: Vec<usize> = tags.iter().map(|tag| code.find(tag).unwrap()).collect();
    assert!(places.is_sorted(), "English first: {code}");
    assert!(code.contains(&format!("(\"words.ftl\", include_str!({file:?}))")) && !code.contains("notes"), "{code}");
    // What this very program embeds was listed so.
    let own = listing::listing(&Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n")).unwrap();
    assert_eq!(own, include_str!(concat!(env!("OUT_DIR"), "/catalogs.rs")));

    // A language that nobody here speaks has plurals of its own.
    let catalog = Catalog::new("pl", &[Arc::new(FluentResource::try_new(polish.to_owned()).unwrap())]);
    let told = |count: u16| {
        let values: [(&str, FluentValue<'_>); 2] = [("sort", "polski".into()), ("count", count.into())];
        catalog.tell("people-of", &values.into_iter().collect())
    };
    assert_eq!(
        [1, 3, 5].map(|count| told(count).unwrap()),
        ["polski (1 osoba)", "polski (3 osoby)", "polski (5 osób)"]
    );
    assert_eq!(catalog.text("join-next"), Some("Dalej:  watchfire watch"));
    assert_eq!(catalog.tell("send-send", &FluentArgs::new()), None, "that is told in English");
}
