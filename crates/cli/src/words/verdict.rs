//! Labels, reasons and notes: what became of an alert, in words and for programs.
//!
//! Every `match` here is exhaustive: a new reason does not compile until somebody writes its words.

use watchfire_protocol::verdict::{HeldReason, Label, Note, SignedReason};

use super::{Lang, duration, error, sanitize, tell};
use crate::words::clock;

/// The label, in capitals.
pub(crate) fn label(lang: Lang, label: &Label) -> &'static str {
    match label {
        Label::Verified => tell!(lang, "verdict-label-verified"),
        Label::Signed(_) => tell!(lang, "verdict-label-signed"),
    }
}

/// The label of what was kept aside.
pub(crate) fn held(lang: Lang) -> &'static str {
    tell!(lang, "verdict-label-held")
}

/// The label for programs.
pub(crate) const fn label_code(label: &Label) -> &'static str {
    match label {
        Label::Verified => "verified",
        Label::Signed(_) => "signed",
    }
}

/// A reason for programs.
pub(crate) const fn signed_code(reason: &SignedReason) -> &'static str {
    match reason {
        SignedReason::UnconfirmedNetwork => "unconfirmed-network",
        SignedReason::BelowQuorum { .. } => "below-quorum",
        SignedReason::DispatchersRestricted { .. } => "dispatchers-restricted",
        SignedReason::CallToVerify => "call-to-verify",
        SignedReason::NotChecked => "not-checked",
        SignedReason::FreshnessUnknown { .. } => "freshness-unknown",
        SignedReason::CharterExpired { .. } => "charter-expired",
        SignedReason::RetiredKey => "retired-key",
        SignedReason::NewerCharter { .. } => "newer-charter",
        SignedReason::OtherView => "other-view",
    }
}

/// A reason in a few words, to stand beside the label.
pub(crate) fn signed_short(lang: Lang, reason: &SignedReason) -> String {
    match reason {
        SignedReason::UnconfirmedNetwork => tell!(lang, "verdict-unconfirmed-network").to_owned(),
        SignedReason::BelowQuorum { signed, quorum } => {
            tell!(lang, "verdict-signatures", signed, quorum)
        }
        SignedReason::DispatchersRestricted { signed, quorum, .. } => {
            tell!(lang, "verdict-signatures-too-few", signed, quorum)
        }
        SignedReason::CallToVerify => tell!(lang, "verdict-true-please-check").to_owned(),
        SignedReason::NotChecked => tell!(lang, "verdict-checked").to_owned(),
        SignedReason::FreshnessUnknown { .. } => tell!(lang, "verdict-nobody-else-confirmed").to_owned(),
        SignedReason::CharterExpired { .. } => tell!(lang, "verdict-charter-expired").to_owned(),
        SignedReason::RetiredKey => tell!(lang, "verdict-came-after-signers").to_owned(),
        SignedReason::NewerCharter { .. } => tell!(lang, "verdict-names-newer-charter").to_owned(),
        SignedReason::OtherView => tell!(lang, "verdict-sender-sees-another").to_owned(),
    }
}

/// A reason in a sentence, with what to do about it.
pub(crate) fn signed(lang: Lang, reason: &SignedReason) -> String {
    match reason {
        SignedReason::UnconfirmedNetwork => tell!(lang, "verdict-confirmed-network-compare").to_owned(),
        SignedReason::BelowQuorum { signed, quorum } => {
            tell!(lang, "verdict-coordinators-neighborhood-asks", signed, quorum)
        }
        SignedReason::DispatchersRestricted { signed, quorum, left } => {
            tell!(lang, "verdict-coordinators-signed-admin", signed, quorum, left)
        }
        SignedReason::CallToVerify => tell!(lang, "verdict-nobody-checked-asks").to_owned(),
        SignedReason::NotChecked => tell!(lang, "verdict-say-anybody-checked").to_owned(),
        SignedReason::FreshnessUnknown { since: Some(since) } => {
            let since = clock::moment(lang, *since);
            tell!(lang, "verdict-coordinator-but-signers", since)
        }
        SignedReason::FreshnessUnknown { since: None } => {
            tell!(lang, "verdict-coordinator-but-signers-confirmed").to_owned()
        }
        SignedReason::CharterExpired { days } => {
            let span = days_of(lang, *days);
            tell!(lang, "verdict-networks-charter-expired", span)
        }
        SignedReason::RetiredKey => tell!(lang, "verdict-signers-term-had").to_owned(),
        SignedReason::NewerCharter { named, held } => tell!(lang, "verdict-sender-charter-version", named, held),
        SignedReason::OtherView => tell!(lang, "verdict-sender-sees-another-charter").to_owned(),
    }
}

/// A note for programs.
pub(crate) const fn note_code(note: &Note) -> &'static str {
    match note {
        Note::Late { .. } => "late",
        Note::Expired => "expired",
        Note::ClockInDoubt => "clock-in-doubt",
        Note::CharterInGrace { .. } => "charter-in-grace",
        Note::UncountedSignature => "uncounted-signature",
        Note::EarlierMissing => "earlier-missing",
        Note::SenderRetired => "sender-retired",
        Note::SenderRevoked => "sender-revoked",
    }
}

/// A note in a sentence.
pub(crate) fn note(lang: Lang, note: &Note) -> String {
    match note {
        Note::Late { seconds } => {
            let span = duration(lang, *seconds);
            tell!(lang, "verdict-arrived-after-sent", span)
        }
        Note::Expired => tell!(lang, "verdict-expired").to_owned(),
        Note::ClockInDoubt => tell!(lang, "verdict-time-clock-device").to_owned(),
        Note::CharterInGrace { days } => {
            let span = days_of(lang, *days);
            tell!(lang, "verdict-networks-charter-expired-ago", span)
        }
        Note::UncountedSignature => tell!(lang, "verdict-also-bears-signature").to_owned(),
        Note::EarlierMissing => tell!(lang, "verdict-earlier-alert-missing").to_owned(),
        Note::SenderRetired => tell!(lang, "verdict-coordinator-signed-retired").to_owned(),
        Note::SenderRevoked => tell!(lang, "verdict-coordinator-signed-revoked").to_owned(),
    }
}

/// Why something was kept aside, for programs.
pub(crate) const fn held_code(reason: &HeldReason) -> &'static str {
    match reason {
        HeldReason::Unopenable => "unopenable",
        HeldReason::AbsurdHour => "absurd-hour",
        HeldReason::Malformed(_) => "malformed",
        HeldReason::Newer => "newer-version",
        HeldReason::BadSignature => "bad-signature",
        HeldReason::NotGranted { .. } => "not-granted",
        HeldReason::Revoked { .. } => "revoked",
        HeldReason::BelowQuorum { .. } => "below-quorum",
        HeldReason::EpochMismatch => "epoch-mismatch",
    }
}

/// Why something was kept aside, in a sentence.
pub(crate) fn held_reason(lang: Lang, reason: &HeldReason) -> String {
    match reason {
        HeldReason::Unopenable => tell!(lang, "verdict-open-altered-made").to_owned(),
        HeldReason::AbsurdHour => tell!(lang, "verdict-claims-hour-far").to_owned(),
        HeldReason::Malformed(why) => {
            tell!(lang, "verdict-opens-but-alert", why = error::phrase(lang, &sanitize(why)))
        }
        HeldReason::Newer => tell!(lang, "verdict-newer-version-update").to_owned(),
        HeldReason::BadSignature => tell!(lang, "verdict-signature-good-here").to_owned(),
        HeldReason::NotGranted { signer } => {
            let signer = key(signer);
            tell!(lang, "verdict-signed-coordinator-charter", signer)
        }
        HeldReason::Revoked { signer } => {
            let signer = key(signer);
            tell!(lang, "verdict-signed-key-revoked", signer)
        }
        HeldReason::BelowQuorum { signed, quorum } => {
            tell!(lang, "verdict-coordinators-signed-neighborhood", signed, quorum)
        }
        HeldReason::EpochMismatch => tell!(lang, "verdict-says-newer-keys").to_owned(),
    }
}

/// As much of a key as people compare.
fn key(key: &watchfire_protocol::sign::PublicKey) -> String {
    key.to_string().chars().take(14).collect()
}

fn days_of(lang: Lang, days: u64) -> String {
    super::days(lang, days)
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::secret::Secret32;
    use watchfire_protocol::sign::SecretKey;
    use watchfire_protocol::time::Timestamp;

    use super::*;

    fn all_different(english: Vec<String>, spanish: Vec<String>, codes: Vec<&str>) {
        for (one, other) in english.iter().zip(&spanish) {
            assert_ne!(one, other);
        }
        for list in [english, spanish, codes.into_iter().map(str::to_owned).collect()] {
            let mut said = list.clone();
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), list.len(), "two are said alike: {list:?}");
            assert!(list.iter().all(|words| !words.is_empty() && sanitize(words) == *words), "{list:?}");
        }
    }

    #[test]
    fn no_two_reasons_or_notes_are_said_alike_in_any_language() {
        let signer = SecretKey::from_seed(&Secret32::new([1; 32])).public();
        let reasons = [
            SignedReason::UnconfirmedNetwork,
            SignedReason::BelowQuorum { signed: 1, quorum: 2 },
            SignedReason::DispatchersRestricted { signed: 1, quorum: 2, left: 1 },
            SignedReason::CallToVerify,
            SignedReason::NotChecked,
            SignedReason::FreshnessUnknown { since: Some(Timestamp(1_795_291_331)) },
            SignedReason::CharterExpired { days: 40 },
            SignedReason::RetiredKey,
            SignedReason::NewerCharter { named: 4, held: 3 },
            SignedReason::OtherView,
        ];
        let say = |f: fn(Lang, &SignedReason) -> String, lang| reasons.iter().map(|r| f(lang, r)).collect::<Vec<_>>();
        let codes = || reasons.iter().map(signed_code).collect();
        all_different(say(signed, Lang::EN), say(signed, Lang::es()), codes());
        all_different(say(signed_short, Lang::EN), say(signed_short, Lang::es()), codes());

        let notes = [
            Note::Late { seconds: 1200 },
            Note::Expired,
            Note::ClockInDoubt,
            Note::CharterInGrace { days: 2 },
            Note::UncountedSignature,
            Note::EarlierMissing,
            Note::SenderRetired,
            Note::SenderRevoked,
        ];
        let say = |lang| notes.iter().map(|one| note(lang, one)).collect::<Vec<_>>();
        all_different(say(Lang::EN), say(Lang::es()), notes.iter().map(note_code).collect());

        let held = [
            HeldReason::Unopenable,
            HeldReason::AbsurdHour,
            HeldReason::Malformed("x".into()),
            HeldReason::Newer,
            HeldReason::BadSignature,
            HeldReason::NotGranted { signer },
            HeldReason::Revoked { signer },
            HeldReason::BelowQuorum { signed: 1, quorum: 2 },
            HeldReason::EpochMismatch,
        ];
        let say = |lang| held.iter().map(|reason| held_reason(lang, reason)).collect::<Vec<_>>();
        all_different(say(Lang::EN), say(Lang::es()), held.iter().map(held_code).collect());
    }
}
