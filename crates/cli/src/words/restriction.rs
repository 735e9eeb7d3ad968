//! Why a restriction is not taken.

use watchfire_protocol::charter::RestrictionError;

use super::charter::short_key;
use super::{Lang, clock, tell};

/// Why a restriction is not taken.
pub(super) fn refused(lang: Lang, error: &RestrictionError) -> String {
    use RestrictionError as E;
    match error {
        E::AlreadyHeld => tell!(lang, "restriction-held").to_owned(),
        E::TakenIn => tell!(lang, "restriction-taken-in").to_owned(),
        E::OtherNetwork { found, wanted } => tell!(lang, "restriction-other-network", found, wanted),
        E::UnknownCharter { version, hash } => tell!(lang, "restriction-unknown-charter", version, hash),
        E::IssuedBeforeCharter { issued, charter } => {
            let (issued, charter) = (clock::moment(lang, *issued), clock::moment(lang, *charter));
            tell!(lang, "restriction-issued-before", issued, charter)
        }
        E::Newer => tell!(lang, "restriction-newer").to_owned(),
        E::Entries { found, max } => tell!(lang, "restriction-entries", found, max),
        E::EntryTwice { subject, neighborhood } => {
            tell!(lang, "restriction-entry-twice", subject = subject.to_string(), neighborhood)
        }
        E::UnknownNeighborhood { neighborhood } => tell!(lang, "restriction-unknown-neighborhood", neighborhood),
        E::UnknownSubject { subject, neighborhood } => {
            tell!(lang, "restriction-unknown-subject", subject = subject.to_string(), neighborhood)
        }
        E::TooManySignatures { found, max } => tell!(lang, "refused-too-many-signatures", found, max),
        E::SignatureOrder => tell!(lang, "refused-signature-order").to_owned(),
        E::UnknownSigner { signer } => tell!(lang, "restriction-unknown-signer", signer = short_key(signer)),
        E::BadSignature { signer } => tell!(lang, "refused-bad-signature", signer = short_key(signer)),
        E::TooFewSignatures { found, wanted } => tell!(lang, "restriction-too-few-signatures", found, wanted),
        E::TooManyInForce { max } => tell!(lang, "restriction-too-many", max),
        E::Wire(_) => tell!(lang, "restriction-damaged").to_owned(),
    }
}
