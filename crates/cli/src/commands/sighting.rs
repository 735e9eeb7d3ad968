//! What alerts and reports say alike, so that it is asked for and changed in one way.

use watchfire_client::file::sighting::{PeopleFile, PlaceFile, SeenFile};
use watchfire_client::file::{AlertFile, ReportFile};
use watchfire_protocol::vocabulary::list::UNKNOWN;

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
