//! Labels, reasons and notes: what became of an alert, in words and for programs.
//!
//! Every `match` here is exhaustive: a new reason does not compile until somebody writes its words.

use watchfire_protocol::verdict::{HeldReason, Label, Note, SignedReason};

use super::{Lang, duration, plural, sanitize, say};
use crate::words::clock;

/// The label, in capitals.
pub(crate) const fn label(lang: Lang, label: &Label) -> &'static str {
    match (lang, label) {
        (Lang::EN, Label::Verified) => "VERIFIED",
        (_, Label::Verified) => "VERIFICADO",
        (Lang::EN, Label::Signed(_)) => "SIGNED",
        (_, Label::Signed(_)) => "FIRMADO",
    }
}

/// The label of what was kept aside.
pub(crate) const fn held(lang: Lang) -> &'static str {
    match lang {
        Lang::EN => "HELD",
        _ => "APARTADO",
    }
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
        SignedReason::UnconfirmedNetwork => lang.say("unconfirmed network", "red sin confirmar").to_owned(),
        SignedReason::BelowQuorum { signed, quorum } => {
            say!(lang, "{signed} of {quorum} signatures", "{signed} de {quorum} firmas")
        }
        SignedReason::DispatchersRestricted { signed, quorum, .. } => say!(
            lang,
            "{signed} of {quorum} signatures, and too few may sign",
            "{signed} de {quorum} firmas, y muy pocas personas pueden firmar"
        ),
        SignedReason::CallToVerify => {
            lang.say("is it true? please check", "¿es cierto? por favor compruebe").to_owned()
        }
        SignedReason::NotChecked => lang.say("not checked", "sin comprobar").to_owned(),
        SignedReason::FreshnessUnknown { .. } => {
            lang.say("nobody else confirmed lately", "nadie más confirmó hace poco").to_owned()
        }
        SignedReason::CharterExpired { .. } => lang.say("the charter expired", "el estatuto venció").to_owned(),
        SignedReason::RetiredKey => {
            lang.say("came after its signer's term", "llegó después del plazo de quien firma").to_owned()
        }
        SignedReason::NewerCharter { .. } => {
            lang.say("names a newer charter", "nombra un estatuto más nuevo").to_owned()
        }
        SignedReason::OtherView => lang
            .say("its sender sees another charter or epoch", "quien la envía ve otro estatuto u otra época")
            .to_owned(),
    }
}

/// A reason in a sentence, with what to do about it.
pub(crate) fn signed(lang: Lang, reason: &SignedReason) -> String {
    match reason {
        SignedReason::UnconfirmedNetwork => lang
            .say(
                "You have not confirmed this network: compare the three words with your coordinator. Next:  watchfire confirm",
                "Usted no ha confirmado esta red: compare las tres palabras con quien coordina. Siguiente:  watchfire confirm",
            )
            .to_owned(),
        SignedReason::BelowQuorum { signed, quorum } => say!(
            lang,
            "{signed} of the {quorum} coordinators that this neighborhood asks for have signed it.",
            "La firmaron {signed} de las {quorum} personas de coordinación que pide este vecindario."
        ),
        SignedReason::DispatchersRestricted { signed, quorum, left } => say!(
            lang,
            "{signed} of {quorum} coordinators have signed it. An admin has restricted others: {left} may still sign, too few \
             for this neighborhood.",
            "La firmaron {signed} de {quorum} personas de coordinación. Alguien de administración restringió a otras: {left} \
             aún pueden firmar, muy pocas para este vecindario."
        ),
        SignedReason::CallToVerify => lang
            .say(
                "Nobody has checked it. It asks people to find out whether it is true.",
                "Nadie lo ha comprobado. Pide que alguien averigüe si es cierto.",
            )
            .to_owned(),
        SignedReason::NotChecked => {
            lang.say("It does not say that anybody checked it.", "No dice que alguien lo haya comprobado.").to_owned()
        }
        SignedReason::FreshnessUnknown { since: Some(since) } => {
            let since = clock::moment(*since);
            say!(
                lang,
                "No coordinator but its signers has confirmed the charter and the keys since {since}.",
                "Nadie de coordinación, aparte de quien firma, ha confirmado el estatuto y las claves desde {since}."
            )
        }
        SignedReason::FreshnessUnknown { since: None } => lang
            .say(
                "No coordinator but its signers has confirmed the charter and the keys yet.",
                "Nadie de coordinación, aparte de quien firma, ha confirmado todavía el estatuto y las claves.",
            )
            .to_owned(),
        SignedReason::CharterExpired { days } => {
            let span = days_of(lang, *days);
            say!(
                lang,
                "The network's charter expired {span} ago: an admin must renew it.",
                "El estatuto de la red venció hace {span}: alguien de administración debe renovarlo."
            )
        }
        SignedReason::RetiredKey => lang
            .say(
                "Its signer's term had ended more than an hour before it arrived.",
                "El plazo de quien firma había terminado más de una hora antes de que llegara.",
            )
            .to_owned(),
        SignedReason::NewerCharter { named, held } => say!(
            lang,
            "Its sender has charter version {named}, this device has version {held}. Next:  watchfire sync",
            "Quien la envía tiene la versión {named} del estatuto; este equipo, la {held}. Siguiente:  watchfire sync"
        ),
        SignedReason::OtherView => lang
            .say(
                "Its sender sees another charter, other restrictions or other keys than this device: tell a coordinator, by another way.",
                "Quien la envía ve otro estatuto, otras restricciones u otras claves que este equipo: avise a quien coordina, por otro medio.",
            )
            .to_owned(),
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
            say!(lang, "It arrived {span} after it was sent.", "Llegó {span} después de ser enviada.")
        }
        Note::Expired => lang.say("It has expired.", "Ya venció.").to_owned(),
        Note::ClockInDoubt => lang
            .say(
                "Its time and the clock of this device do not agree: look at the clock.",
                "Su hora y el reloj de este equipo no coinciden: revise el reloj.",
            )
            .to_owned(),
        Note::CharterInGrace { days } => {
            let span = days_of(lang, *days);
            say!(
                lang,
                "The network's charter expired {span} ago and still counts for a while: an admin should renew it.",
                "El estatuto de la red venció hace {span} y aún vale por un tiempo: alguien de administración debería renovarlo."
            )
        }
        Note::UncountedSignature => lang
            .say(
                "It also bears a signature that this device does not count.",
                "También lleva una firma que este equipo no cuenta.",
            )
            .to_owned(),
        Note::EarlierMissing => lang
            .say(
                "An earlier alert is missing here: its sender had it, and the relay has not given it to you. Ask a coordinator, by another way.",
                "Falta aquí una alerta anterior: quien envía esta la tenía, y el retransmisor no se la ha dado. Pregunte a quien coordina, por otro medio.",
            )
            .to_owned(),
        Note::SenderRetired => lang
            .say(
                "A coordinator who signed it has retired since it was shown.",
                "Alguien de coordinación que la firmó se ha retirado desde que se mostró.",
            )
            .to_owned(),
        Note::SenderRevoked => lang
            .say(
                "A coordinator who signed it was revoked since it was shown: ask another coordinator.",
                "A alguien de coordinación que la firmó se le revocó el permiso desde que se mostró: pregunte a otra persona de coordinación.",
            )
            .to_owned(),
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
        HeldReason::Unopenable => lang
            .say(
                "It does not open: it was altered, or made by somebody without the keys.",
                "No se abre: fue alterado, o lo hizo alguien sin las claves.",
            )
            .to_owned(),
        HeldReason::AbsurdHour => {
            lang.say("It claims an hour far in the future.", "Dice ser de una hora muy lejana en el futuro.").to_owned()
        }
        HeldReason::Malformed(why) => {
            let why = sanitize(why);
            say!(lang, "It opens, but is no alert: {why}.", "Se abre, pero no es una alerta: {why}.")
        }
        HeldReason::Newer => lang
            .say(
                "A newer version of watchfire made it: update this one.",
                "Lo hizo una versión más nueva de watchfire: actualice esta.",
            )
            .to_owned(),
        HeldReason::BadSignature => lang
            .say(
                "No signature on it is good here: it was altered, or belongs to another neighborhood.",
                "Ninguna de sus firmas vale aquí: fue alterado, o es de otro vecindario.",
            )
            .to_owned(),
        HeldReason::NotGranted { signer } => {
            let signer = key(signer);
            say!(
                lang,
                "It is not signed by a coordinator that the charter grants. It bears the key {signer}…",
                "No está firmado por nadie de coordinación que el estatuto autorice. Lleva la clave {signer}…"
            )
        }
        HeldReason::Revoked { signer } => {
            let signer = key(signer);
            say!(
                lang,
                "It is signed with a key that was revoked: {signer}…",
                "Está firmado con una clave revocada: {signer}…"
            )
        }
        HeldReason::BelowQuorum { signed, quorum } => say!(
            lang,
            "{signed} of {quorum} coordinators have signed it, and this neighborhood shows it only once all have.",
            "La firmaron {signed} de {quorum} personas de coordinación, y este vecindario la muestra solo cuando estén todas."
        ),
        HeldReason::EpochMismatch => lang
            .say(
                "It says that it is newer than the keys that it was sealed with.",
                "Dice ser más nuevo que las claves con que fue sellado.",
            )
            .to_owned(),
    }
}

/// As much of a key as people compare.
fn key(key: &watchfire_protocol::sign::PublicKey) -> String {
    key.to_string().chars().take(14).collect()
}

fn days_of(lang: Lang, days: u64) -> String {
    plural(days, lang.say("day", "día"), lang.say("days", "días"))
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
        all_different(say(signed, Lang::EN), say(signed, Lang::ES), codes());
        all_different(say(signed_short, Lang::EN), say(signed_short, Lang::ES), codes());

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
        all_different(say(Lang::EN), say(Lang::ES), notes.iter().map(note_code).collect());

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
        all_different(say(Lang::EN), say(Lang::ES), held.iter().map(held_code).collect());
    }
}
