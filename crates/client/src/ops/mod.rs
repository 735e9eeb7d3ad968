//! What people do, one module a theme.

pub mod admin;
pub mod alert;
pub mod amend;
pub mod answer;
pub mod begun;
pub mod chain;
pub mod changes;
pub mod charter;
pub mod desk;
pub mod draft;
mod drawing;
pub mod duty;
pub mod edit;
pub mod export;
pub mod follow_up;
pub mod help;
pub mod history;
pub mod invite;
pub mod join;
pub mod leave;
pub mod made;
pub mod member;
mod naming;
mod needs;
pub mod network;
pub mod offer;
pub mod removal;
pub mod report;
pub mod revoke;
pub mod rights;
pub mod sign;
pub mod stats;
pub mod status;
pub mod template;
pub mod thread;
pub mod view;

use crate::error::ClientError;

/// At least so many symbols of an id, so that a typo seldom means another thing.
pub(crate) const MIN_PREFIX: usize = 4;

/// At most so many are named where several are meant.
const CANDIDATES: usize = 8;

/// As many symbols of each id as tell it apart.
fn shortest(ids: Vec<String>) -> Vec<String> {
    let short = |id: &String| {
        let unique = |length: &usize| {
            let prefix = id.get(..*length).unwrap_or(id);
            ids.iter().filter(|other| other.starts_with(prefix)).count() == 1
        };
        let length = (MIN_PREFIX..=id.len()).find(unique).unwrap_or(id.len());
        id.get(..length).unwrap_or(id).to_owned()
    };
    ids.iter().map(short).collect()
}

/// Finds the one thing whose id begins so; case, hyphens, and look-alike symbols do not matter.
pub(crate) fn by_prefix<T>(
    what: &'static str,
    wanted: &str,
    all: impl IntoIterator<Item = (String, T)>,
) -> Result<T, ClientError> {
    let plain: String = wanted
        .chars()
        .filter(|c| *c != '-' && !c.is_whitespace())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    if plain.len() < MIN_PREFIX {
        return Err(ClientError::Invalid(format!("give at least {MIN_PREFIX} symbols of the id, not `{wanted}`")));
    }
    let mut found: Vec<(String, T)> = all.into_iter().filter(|(id, _)| id.starts_with(&plain)).collect();
    match (found.pop(), found.is_empty()) {
        (Some((_, only)), true) => Ok(only),
        (Some((last, _)), false) => {
            Err(ambiguous(what, wanted, found.into_iter().map(|(id, _)| id).chain([last]).collect()))
        }
        (None, _) => Err(ClientError::NotFound { what, name: wanted.to_owned() }),
    }
}

/// That several ids are meant, and which.
#[must_use]
pub fn ambiguous(what: &'static str, wanted: &str, ids: Vec<String>) -> ClientError {
    let candidates = shortest(ids).into_iter().take(CANDIDATES).collect();
    ClientError::Ambiguous { what, name: wanted.to_owned(), candidates }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_means_several_things_is_answered_with_those_as_short_as_tells_them_apart() {
        let all = || ["A7K2M", "A7K2Q", "B1B2B"].map(|id| (id.to_owned(), id));
        assert_eq!(by_prefix("alert", "a7k2-m", all()).unwrap(), "A7K2M");
        let Err(ClientError::Ambiguous { name, candidates, .. }) = by_prefix("alert", "A7K2", all()) else {
            panic!("two begin so")
        };
        assert_eq!((name.as_str(), candidates), ("A7K2", vec!["A7K2M".to_owned(), "A7K2Q".to_owned()]));
        let many = (0..20).map(|at| (format!("A7K2{at:02}"), at));
        let Err(ClientError::Ambiguous { candidates, .. }) = by_prefix("alert", "A7K2", many) else {
            panic!("twenty begin so")
        };
        assert_eq!(candidates.len(), CANDIDATES);
        assert!(matches!(by_prefix("alert", "C7K2", all()), Err(ClientError::NotFound { .. })));
    }
}
