//! Why no relay was reached, and what to do about it.

use watchfire_client::unreached::{Distrust, Stopped, Unreached};

use super::error::phrase;
use super::{Lang, and, clock, sanitize, tell};

/// What failed.
pub(crate) fn message(lang: Lang, url: &str, why: &Unreached) -> String {
    match why {
        Unreached::Certificate(distrust) => certificate(lang, url, distrust),
        Unreached::NoTls => tell!(lang, "unreached-no-tls", url),
        Unreached::Proxy { proxy, why } => stopped(lang, url, proxy, *why),
        Unreached::Onion => tell!(lang, "unreached-onion", url),
        Unreached::Other(_) => tell!(lang, "error-unreachable", url),
    }
}

fn certificate(lang: Lang, url: &str, distrust: &Distrust) -> String {
    match distrust {
        Distrust::Expired { since, now } => {
            let (since, now) = (clock::moment(lang, *since), clock::moment(lang, *now));
            tell!(lang, "unreached-expired", url, since, now)
        }
        Distrust::TooEarly { from, now } => {
            let (from, now) = (clock::moment(lang, *from), clock::moment(lang, *now));
            tell!(lang, "unreached-too-early", url, from, now)
        }
        Distrust::OtherName { names } if names.is_empty() => tell!(lang, "unreached-no-name", url),
        Distrust::OtherName { names } => {
            let names: Vec<String> = names.iter().map(|name| sanitize(name)).collect();
            tell!(lang, "unreached-other-name", url, names = and(lang, &names))
        }
        Distrust::Issuer => tell!(lang, "unreached-issuer", url),
        Distrust::Other(why) => tell!(lang, "unreached-certificate", url, why),
    }
}

fn stopped(lang: Lang, url: &str, proxy: &str, why: Stopped) -> String {
    match why {
        Stopped::Absent => tell!(lang, "unreached-proxy-absent", proxy),
        Stopped::OtherLanguage => tell!(lang, "unreached-proxy-language", proxy),
        Stopped::Password => tell!(lang, "unreached-proxy-password", proxy),
        Stopped::Forbidden => tell!(lang, "unreached-proxy-forbidden", proxy, url),
        Stopped::Refused => tell!(lang, "unreached-proxy-refused", proxy, url),
        Stopped::NoWay => tell!(lang, "unreached-proxy-no-way", proxy, url),
    }
}

/// What to do next.
pub(crate) fn hint(lang: Lang, why: &Unreached) -> String {
    match why {
        Unreached::Other(why) => tell!(lang, "hint-unreachable", reason = phrase(lang, why)),
        Unreached::NoTls => tell!(lang, "hint-unreached-no-tls").to_owned(),
        Unreached::Certificate(Distrust::Expired { .. }) => tell!(lang, "hint-unreached-expired").to_owned(),
        Unreached::Certificate(Distrust::TooEarly { .. }) => tell!(lang, "hint-unreached-too-early").to_owned(),
        Unreached::Certificate(Distrust::OtherName { .. }) => tell!(lang, "hint-unreached-other-name").to_owned(),
        Unreached::Certificate(Distrust::Issuer) => tell!(lang, "hint-unreached-issuer").to_owned(),
        Unreached::Certificate(Distrust::Other(_)) => tell!(lang, "hint-unreached-certificate").to_owned(),
        Unreached::Proxy { why: Stopped::Absent | Stopped::OtherLanguage, .. } => {
            tell!(lang, "hint-unreached-proxy").to_owned()
        }
        Unreached::Proxy { why: Stopped::Password, .. } => tell!(lang, "hint-unreached-proxy-password").to_owned(),
        Unreached::Proxy { .. } => tell!(lang, "hint-unreached-behind-proxy").to_owned(),
        Unreached::Onion => tell!(lang, "hint-unreached-onion").to_owned(),
    }
}
