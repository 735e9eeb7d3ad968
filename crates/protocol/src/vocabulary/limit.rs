//! How much may be said. Texts are counted in characters, because people see characters; lists in entries.
//!
//! All of it together, at four bytes a character, stays below [`ALERT_BYTES`], so that an alert that passes
//! [`super::AlertContent::validate`] always fits the largest record, whatever its language.

/// Bytes of a code: the longest known one has 30, and new ones may be more exact.
pub const CODE_BYTES: usize = 48;

/// Bytes of a language tag: the least that RFC 5646 (section 4.4.1) recommends to leave room for.
pub const LANGUAGE_BYTES: usize = 35;

/// Characters of a headline: CAP 1.2 asks for no more, since phones and pagers cut it there.
pub const HEADLINE_CHARS: usize = 160;

/// Characters of a description: a screen full on a phone, and eight languages of it fit one record.
pub const DESCRIPTION_CHARS: usize = 1_000;

/// Characters of an instruction: what to do must be short to be done.
pub const INSTRUCTION_CHARS: usize = 500;

/// Languages of one alert's texts.
pub const TEXTS: usize = 8;

/// Characters of a place: a corner, a building and how to find its door.
pub const PLACE_CHARS: usize = 200;

/// Characters of what markings say, and of what was carried: two sentences each.
pub const SEEN_CHARS: usize = 300;

/// Characters of a handle, for those who checked a sighting.
pub const HANDLE_CHARS: usize = 64;

/// Checks of one sighting that are listed: nobody reads more.
pub const CHECKS: usize = 8;

/// Alerts that one alert updates, cancels or corrects.
pub const REFERENCES: usize = 8;

/// Codes in one list of a sighting: every list of the vocabulary fits whole.
pub const CODES: usize = 16;

/// Languages that the people affected need.
pub const LANGUAGES: usize = 16;

/// Lines of needs: every role once, with some room for languages.
pub const NEEDS: usize = 24;

/// Metres of a stated precision: beyond a county a point says nothing.
pub const PRECISION_M: u32 = 50_000;

/// Characters of a report's comments: a page of notes from a telephone call.
pub const COMMENTS_CHARS: usize = 3_000;

/// Characters about a caller: a name, a number and when to call back.
pub const CALLER_CHARS: usize = 200;

/// Characters of an answer's text: it is read while standing in the street.
pub const ANSWER_CHARS: usize = 300;

/// Characters of a coordinator's note on a report.
pub const NOTE_CHARS: usize = 1_000;

/// Characters of why a report was dismissed.
pub const DISMISSAL_CHARS: usize = 300;

/// Minutes until somebody arrives: a day.
pub const ETA_MINUTES: u16 = 1_440;

/// Bytes of the longest alert that is valid, encoded: 64 KiB less room for its envelope and eight signatures.
pub const ALERT_BYTES: usize = 62 * 1024;
