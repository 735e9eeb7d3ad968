//! What alerts and reports say alike, so that it is asked for and changed in one way.

use watchfire_client::file::sighting::{PeopleFile, PlaceFile, SeenFile};
use watchfire_client::file::{AlertFile, ReportFile};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Seen;
use watchfire_protocol::vocabulary::list::UNKNOWN;

use crate::words::{Lang, ago, clock, tell};

/// What was seen so many seconds ago is seldom still so.
const OLD: u64 = 6 * 3600;

/// When it was seen, if that is so long ago that it may be over.
pub(super) fn seen_long_ago(seen: &Seen, now: Timestamp) -> Option<Timestamp> {
    seen.seen_at.filter(|at| now.since(*at) > OLD)
}

/// How long ago it was seen, if that is so long that it may be over.
pub(super) fn old(lang: Lang, seen: Option<&Seen>, now: Timestamp) -> Option<String> {
    let at = seen_long_ago(seen?, now)?;
    Some(tell!(lang, "report-old", ago = ago(lang, now.since(at)), at = clock::when(lang, at, now)))
}

/// An alert or a report that is being written.
pub(crate) trait Sighting {
    /// What happens.
    fn kind(&mut self) -> &mut Option<String>;
    /// Where.
    fn place(&mut self) -> &mut Option<PlaceFile>;
    /// What was seen.
    fn seen(&mut self) -> &mut Option<SeenFile>;
    /// Who is affected.
    fn people(&mut self) -> &mut Option<PeopleFile>;
    /// All of it, in the shape of its file.
    fn text(&self) -> String;
}

macro_rules! sighting {
    ($file:ty) => {
        impl Sighting for $file {
            fn kind(&mut self) -> &mut Option<String> {
                &mut self.kind
            }

            fn place(&mut self) -> &mut Option<PlaceFile> {
                &mut self.place
            }

            fn seen(&mut self) -> &mut Option<SeenFile> {
                &mut self.seen
            }

            fn people(&mut self) -> &mut Option<PeopleFile> {
                &mut self.people
            }

            fn text(&self) -> String {
                serde_json::json!(self).to_string()
            }
        }
    };
}

sighting!(AlertFile);
sighting!(ReportFile);

/// Where it is, to be said.
pub(super) fn place(file: &mut impl Sighting) -> &mut PlaceFile {
    file.place().get_or_insert_default()
}

/// What was seen, to be said.
pub(super) fn seen(file: &mut impl Sighting) -> &mut SeenFile {
    file.seen().get_or_insert_default()
}

/// Who is affected, to be said.
pub(super) fn people(file: &mut impl Sighting) -> &mut PeopleFile {
    file.people().get_or_insert_default()
}

/// What says nothing any more is not there.
pub(super) fn tidy(file: &mut impl Sighting) {
    let none = |sort: &String| sort == UNKNOWN;
    if let Some(place) = file.place() {
        place.place_type = place.place_type.take().filter(|sort| !none(sort));
    }
    let (place, seen, people) = (file.place().take(), file.seen().take(), file.people().take());
    *file.place() = place.filter(|place| *place != PlaceFile::default());
    *file.seen() = seen.filter(|seen| *seen != SeenFile::default());
    *file.people() = people.filter(|people| *people != PeopleFile::default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_hours_ago_is_pointed_out_and_what_was_seen_just_now_is_not() {
        let now = Timestamp(1_795_291_331);
        let said = |ago: u64| {
            let seen = Seen { seen_at: Some(now.minus(ago)), still_there: Some(true), ..Seen::default() };
            old(Lang::EN, Some(&seen), now)
        };
        assert!(said(300 * 24 * 3600).unwrap().contains("300 days ago"));
        assert!(said(OLD + 1).is_some() && said(OLD).is_none() && said(0).is_none());
        assert_eq!(old(Lang::EN, Some(&Seen::default()), now), None);
        assert_eq!(old(Lang::EN, None, now), None);
    }
}
