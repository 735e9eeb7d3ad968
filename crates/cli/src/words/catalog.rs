//! The catalogs: every text of the interface in each language, as `i18n/TAG/*.ftl` has it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::sync::{Arc, OnceLock};

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use unic_langid::LanguageIdentifier;

use watchfire_protocol::id::{CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::sign::PublicKey;

use super::{Lang, system};

/// The whole numbers up to here are exact in a number of Fluent.
const EXACT: u64 = 1 << 53;

include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));

/// A language as it stands in the program.
pub(super) struct Embedded {
    /// Its tag.
    pub(super) tag: &'static str,
    /// Its files: name and text.
    files: &'static [(&'static str, &'static str)],
    parsed: OnceLock<Catalog>,
}

impl Embedded {
    const fn new(tag: &'static str, files: &'static [(&'static str, &'static str)]) -> Self {
        Self { tag, files, parsed: OnceLock::new() }
    }

    /// All languages; English is the first.
    pub(super) const fn all() -> &'static [Self] {
        &EMBEDDED
    }

    /// Its texts, parsed once.
    pub(super) fn catalog(&'static self) -> &'static Catalog {
        self.parsed.get_or_init(|| Catalog::new(self.tag, &self.parts()))
    }

    /// What cannot be parsed is left out: a test sees to it that there is nothing.
    fn parts(&self) -> Vec<Arc<FluentResource>> {
        let parse = |text: &str| FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partly, _)| partly);
        self.files.iter().map(|(_, text)| Arc::new(parse(text))).collect()
    }
}

/// The texts of one language.
pub(super) struct Catalog {
    bundle: FluentBundle<Arc<FluentResource>>,
    /// The texts without values, by `id` or `id.attribute`.
    plain: BTreeMap<String, String>,
    /// All messages, in their order.
    ids: Vec<String>,
}

impl Catalog {
    fn new(tag: &str, parts: &[Arc<FluentResource>]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse::<LanguageIdentifier>().unwrap_or_default()]);
        // The texts go to terminals and logs, which would show the marks.
        bundle.set_use_isolating(false);
        for part in parts {
            // An id that stands twice: the first one stays, and a test complains.
            let _ = bundle.add_resource(Arc::clone(part));
        }
        let plain = parts.iter().flat_map(|part| plain(&bundle, part)).collect();
        let ids = parts.iter().flat_map(|part| ids(part)).collect();
        Self { bundle, plain, ids }
    }

    /// A text without values.
    pub(super) fn text(&self, id: &str) -> Option<&str> {
        self.plain.get(id).map(String::as_str)
    }

    /// The texts without values whose ids begin so, by the rest of their ids.
    pub(super) fn family(&self, prefix: &'static str) -> impl Iterator<Item = (&str, &str)> {
        let from = self.plain.range(prefix.to_owned()..);
        from.map_while(move |(id, text)| Some((id.strip_prefix(prefix)?, text.as_str())))
    }

    /// A text with its values.
    fn tell(&self, id: &str, values: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        Some(self.bundle.format_pattern(pattern, Some(values), &mut Vec::new()).into_owned())
    }
}

fn ids(part: &FluentResource) -> impl Iterator<Item = String> {
    part.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    })
}

/// Those of a file's texts that need no values.
fn plain(bundle: &FluentBundle<Arc<FluentResource>>, part: &FluentResource) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in part.entries() {
        let Entry::Message(message) = entry else { continue };
        let Some(known) = bundle.get_message(message.id.name) else { continue };
        let attributes =
            known.attributes().map(|attribute| (format!("{}.{}", message.id.name, attribute.id()), attribute.value()));
        for (id, pattern) in
            known.value().map(|pattern| (message.id.name.to_owned(), pattern)).into_iter().chain(attributes)
        {
            let mut missing = Vec::new();
            let text = bundle.format_pattern(pattern, None, &mut missing);
            if missing.is_empty() {
                texts.push((id, text.into_owned()));
            }
        }
    }
    texts
}

impl Lang {
    /// A text with values. One that this language lacks is told in English.
    pub(crate) fn tell<const N: usize>(self, id: &'static str, values: [(&'static str, FluentValue<'_>); N]) -> String {
        self.find(id, values).unwrap_or_else(|| id.to_owned())
    }

    /// A text with values, if any language has it.
    pub(crate) fn find<const N: usize>(self, id: &str, values: [(&'static str, FluentValue<'_>); N]) -> Option<String> {
        let values: FluentArgs<'_> = values.into_iter().collect();
        [self, Self::EN].into_iter().find_map(|lang| lang.embedded()?.catalog().tell(id, &values))
    }

    /// A text without values. One that this language lacks is told in English.
    pub(crate) fn text(self, id: &'static str) -> &'static str {
        self.lookup(id).unwrap_or(id)
    }

    /// A text without values, if any language has it.
    pub(crate) fn lookup(self, id: &str) -> Option<&'static str> {
        [self, Self::EN].into_iter().find_map(|lang| lang.embedded()?.catalog().text(id))
    }
}

/// What was said in English, in another language: by the message of the family whose English text it is, with the same
/// values in it.
pub(super) fn translated(lang: Lang, prefix: &str, english: &str) -> Option<String> {
    let known = Lang::EN.embedded()?.catalog();
    let (id, values) = known.ids.iter().filter(|id| id.starts_with(prefix)).find_map(|id| {
        let pattern = known.bundle.get_message(id)?.value()?;
        Some((id, values(pattern, english)?))
    })?;
    let values = values.iter().map(|(name, value)| (name, inner(lang, prefix, name, value))).collect();
    lang.embedded()?.catalog().tell(id, &values).or_else(|| known.tell(id, &values))
}

/// An error within an error has words of its own.
fn inner<'a>(lang: Lang, prefix: &str, name: &str, value: &FluentValue<'a>) -> FluentValue<'a> {
    match value {
        FluentValue::String(english) if name == "error" => {
            translated(lang, prefix, english).unwrap_or_else(|| system::unknown(lang, english)).into()
        }
        other => other.clone(),
    }
}

/// What stands in a pattern as it is.
fn fixed<'a>(element: &PatternElement<&'a str>) -> Option<&'a str> {
    match element {
        PatternElement::TextElement { value }
        | PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
            Some(value)
        }
        PatternElement::Placeable { .. } => None,
    }
}

/// The values that make this text of a message of words and values.
fn values<'a>(pattern: &Pattern<&str>, text: &'a str) -> Option<FluentArgs<'a>> {
    let (mut values, mut rest, mut open) = (FluentArgs::new(), text, None);
    for element in &pattern.elements {
        match (fixed(element), element) {
            (Some(fixed), _) => {
                let at = if open.is_some() { rest.find(fixed)? } else { rest.starts_with(fixed).then_some(0)? };
                let (before, after) = rest.split_at_checked(at)?;
                if let Some(name) = open.take() {
                    values.set(name, before);
                }
                rest = after.strip_prefix(fixed)?;
            }
            (
                None,
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::VariableReference { id }),
                },
            ) if open.is_none() => open = Some(id.name.to_owned()),
            (None, _) => return None,
        }
    }
    match open {
        Some(name) => values.set(name, rest),
        None if !rest.is_empty() => return None,
        None => {}
    }
    Some(values)
}

/// A text from the catalogs: `tell!(lang, "an-id")` is a `&'static str`, and with values,
/// `tell!(lang, "an-id", handle, count = people.len())`, a `String`.
macro_rules! tell {
    (@value $name:ident) => { $crate::words::Value::value(&$name) };
    (@value $name:ident = $value:expr) => { $crate::words::Value::value(&$value) };
    ($lang:expr, $id:expr $(,)?) => { $crate::words::Lang::text($lang, $id) };
    ($lang:expr, $id:expr, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::words::Lang::tell(
            $lang,
            $id,
            [$((stringify!($name), $crate::words::tell!(@value $name $(= $value)?))),+],
        )
    };
}

pub(crate) use tell;

/// What stands in a text: a word, or a number that plurals go by.
pub(crate) trait Value {
    /// As Fluent takes it.
    fn value(&self) -> FluentValue<'_>;
}

impl<T: Value + ?Sized> Value for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl<T: Value + ?Sized> Value for Box<T> {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl Value for str {
    fn value(&self) -> FluentValue<'_> {
        self.into()
    }
}

impl Value for String {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().into()
    }
}

impl Value for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        self.as_ref().into()
    }
}

impl Value for u64 {
    fn value(&self) -> FluentValue<'_> {
        if *self <= EXACT { (*self).into() } else { self.to_string().into() }
    }
}

impl Value for usize {
    fn value(&self) -> FluentValue<'_> {
        match u64::try_from(*self) {
            Ok(number) if number <= EXACT => number.into(),
            _ => self.to_string().into(),
        }
    }
}

macro_rules! small {
    ($($number:ty),+) => {
        $(impl Value for $number {
            fn value(&self) -> FluentValue<'_> {
                (*self).into()
            }
        })+
    };
}

small!(u8, u16, u32, i32);

macro_rules! displayed {
    ($($kind:ty),+) => {
        $(impl Value for $kind {
            fn value(&self) -> FluentValue<'_> {
                self.to_string().into()
            }
        })+
    };
}

displayed!(CharterHash, CoordinatorId, Epoch, ExitStatus, NeighborhoodId, NetworkId, PublicKey);

#[cfg(test)]
#[path = "catalog_tests.rs"]
pub(crate) mod tests;
