//! The words of alerts, reports and answers: what may be said about a sighting, and within what bounds.
//!
//! A [`Code`] is one frozen word of a [`List`], `enforcement.checkpoint` for example. It travels as text, so a word
//! that a newer client invents still arrives, can be shown as it is, and fails nothing; only a *sender* is held to
//! the known lists, by [`AlertContent::validate`]. Everything else is free text, carried per language and bounded by
//! [`limit`].
//!
//! There is no field for a name, a vehicle's plate or anybody's immigration status, and there never will be.
//! [`AlertContent::identifying_text`] looks for what slipped into free text all the same.
//!
//! | module | holds |
//! | --- | --- |
//! | [`code`], [`language`] | the two kinds of short checked text |
//! | [`list`] | every list of codes, and which codes are near a mistyped one |
//! | [`content`] | the body of an alert |
//! | [`seen`] | place, sighting and people, which alerts and reports share |
//! | [`report`], [`answer`] | what responders send back |
//! | [`invalid`] | what can be wrong with what somebody wrote |
//! | [`identifying`] | what looks like a number or an address of one person |
//! | [`home`] | where somebody lives, which is nothing for everybody |

pub mod answer;
pub mod code;
pub mod content;
pub mod home;
pub mod identifying;
pub mod invalid;
pub mod language;
pub mod limit;
pub mod list;
pub mod report;
pub mod seen;
#[cfg(test)]
mod tests;

pub use answer::AnswerContent;
pub use code::{Code, NotACode};
pub use content::{
    AlertContent, Check, Need, TEXT_FIELDS, TextBlock, TextField, UNVERIFIED_EXPIRY, Verification, default_expiry,
};
pub use home::HOME_METRES;
pub use identifying::{Finding, Identifier};
pub use invalid::Invalid;
pub use language::{Language, NotALanguage};
pub use list::{List, is_known};
pub use report::{Caller, Gap, ReportContent, Strength};
pub use seen::{Count, People, Place, Point, Seen, Size};

/// What every alert that asks people to come says, unless the network's charter has words of its own.
pub const CONDUCT_LINE: &str = "Observe and record from a distance. Do not interfere. You decide your own risk.";
