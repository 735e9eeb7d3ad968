//! The fields of an alert as a person picks them: by numbers, out of a list.

use watchfire_client::file::AlertFile;

use crate::form::in_columns;
use crate::words::{Lang, tell};

/// Something that an alert can say, and that is asked for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Field {
    Headline,
    Description,
    Instruction,
    OtherLanguage,
    Place,
    PlaceType,
    Coordinates,
    ExactPlace,
    Size,
    Unit,
    Time,
    Conduct,
    People,
    Ask,
    Needs,
    Urgency,
    Severity,
    Certainty,
    Verification,
    Expiry,
    Status,
    Kind,
    Outcome,
    /// The place in a report.
    Where,
    Comments,
    Source,
}

/// What is offered, in this order; how something ended only of a stand-down.
const FIELDS: [Field; 22] = [
    Field::Headline,
    Field::Description,
    Field::Instruction,
    Field::OtherLanguage,
    Field::Place,
    Field::PlaceType,
    Field::Coordinates,
    Field::ExactPlace,
    Field::Size,
    Field::Unit,
    Field::Time,
    Field::Conduct,
    Field::People,
    Field::Ask,
    Field::Needs,
    Field::Urgency,
    Field::Severity,
    Field::Certainty,
    Field::Verification,
    Field::Expiry,
    Field::Status,
    Field::Kind,
];

/// What is offered of a report, in the order in which it is asked for.
pub(super) const OF_REPORT: &[Field] = &[
    Field::Kind,
    Field::Size,
    Field::Where,
    Field::PlaceType,
    Field::Coordinates,
    Field::Unit,
    Field::Time,
    Field::Conduct,
    Field::People,
    Field::Comments,
    Field::Source,
];

/// A field that was picked, and whether what it says is taken away.
type Picked = (Field, bool);

impl Field {
    /// What can be said of an alert such as this.
    pub(super) fn of(file: &AlertFile) -> Vec<Self> {
        let mut fields = FIELDS.to_vec();
        if file.msg_type.as_deref() == Some("cancel") {
            fields.push(Self::Outcome);
        }
        fields
    }

    /// What it is called in the list, and in a question.
    pub(super) fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Headline => tell!(lang, "edit-headline"),
            Self::Description => tell!(lang, "edit-description"),
            Self::Instruction => tell!(lang, "edit-instruction"),
            Self::OtherLanguage => tell!(lang, "edit-other-language"),
            Self::Place => tell!(lang, "edit-place"),
            Self::PlaceType => tell!(lang, "edit-place-type"),
            Self::Coordinates => tell!(lang, "edit-coordinates"),
            Self::ExactPlace => tell!(lang, "edit-exact-place"),
            Self::Size => tell!(lang, "edit-size"),
            Self::Unit => tell!(lang, "edit-unit"),
            Self::Time => tell!(lang, "edit-time"),
            Self::Conduct => tell!(lang, "edit-conduct"),
            Self::People => tell!(lang, "edit-people"),
            Self::Ask => tell!(lang, "edit-ask"),
            Self::Needs => tell!(lang, "edit-needs"),
            Self::Urgency => tell!(lang, "edit-urgency"),
            Self::Severity => tell!(lang, "edit-severity"),
            Self::Certainty => tell!(lang, "edit-certainty"),
            Self::Verification => tell!(lang, "edit-verification"),
            Self::Expiry => tell!(lang, "edit-expiry"),
            Self::Status => tell!(lang, "edit-status"),
            Self::Kind => tell!(lang, "edit-kind"),
            Self::Outcome => tell!(lang, "edit-outcome"),
            Self::Where => tell!(lang, "edit-where"),
            Self::Comments => tell!(lang, "edit-comments"),
            Self::Source => tell!(lang, "edit-source"),
        }
    }
}

/// Numbers with commas between, each with a minus before it where what is said is taken away.
pub(super) fn picked(lang: Lang, fields: &[Field], typed: &str) -> Result<Vec<Picked>, String> {
    let one = |typed: &str| {
        let (away, number) = typed.strip_prefix('-').map_or((false, typed), |rest| (true, rest));
        let at = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let field = at.and_then(|at| fields.get(at)).ok_or_else(|| tell!(lang, "edit-no-such").to_owned())?;
        Ok((*field, away))
    };
    typed.split([',', ';', ' ']).map(str::trim).filter(|one| !one.is_empty()).map(one).collect()
}

/// What is offered, with numbers.
pub(super) fn numbered(lang: Lang, fields: &[Field]) -> String {
    let line = |(at, field): (usize, &Field)| format!("  {:>2}  {}", at + 1, field.name(lang));
    in_columns(&fields.iter().enumerate().map(line).collect::<Vec<_>>())
}
