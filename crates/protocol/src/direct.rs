//! Something for one member alone: the exact place of an alert, for those who said that they come. `docs/protocol.md`,
//! "Direct".
//!
//! It lies in the alerts channel, so that every member's client meets it and tries it. Only one opens it: it is sealed
//! to that member's key, under a secret that this member and the coordinators share. Who could have made it are those;
//! nobody signed it, so nobody can prove to anybody else who wrote it. All of them have one length.

use std::fmt;

use bincode::{Decode, Encode};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::id::{AlertId, AnnouncementHash};
use crate::kdf::Context;
use crate::labels::SealPurpose;
use crate::seal::{self, KemPublicKey, KemSecretKey, Unopenable};
use crate::slot::{MemberAuth, pad, unpad};
use crate::time::{Hour, Timestamp};
use crate::vocabulary::{Place, limit};
use crate::wire::{self, Body, Extension, Extensions, Kind};

/// Length of what is sealed, for everybody: a place and a text of the most characters fit, and the record around it is of
/// the second size.
pub const PADDED_LEN: usize = 2_816;

/// What one member is told.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Direct {
    /// About which alert.
    pub alert: AlertId,
    /// Where exactly.
    pub place: Option<Place>,
    /// Anything else. May be empty.
    pub text: String,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Direct {
    const KIND: Kind = Kind::Direct;
    const LIMIT: usize = PADDED_LEN - 2;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// Says of which alert, and not where.
impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { alert, place: _, text: _, extensions: _ } = self;
        f.debug_struct("Direct").field("alert", alert).finish_non_exhaustive()
    }
}

/// The extension field by which whoever asked for help is told that somebody takes care of them.
const ATTENDED: u16 = 2;
/// Its most bytes.
const ATTENDED_BYTES: usize = 4 * limit::HANDLE_CHARS + 16;

/// That somebody takes care of the member who asked for help.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AttendedBy {
    /// What they are called.
    pub handle: String,
    /// When help was asked for.
    pub since: Timestamp,
}

impl Direct {
    /// Tells a member who asked for help who takes care of them.
    #[must_use]
    pub fn attended(alert: AlertId, by: &AttendedBy) -> Self {
        let field = Extension { tag: ATTENDED, bytes: wire::encode(by) };
        Self { alert, place: None, text: String::new(), extensions: Extensions(vec![field]) }
    }

    /// Who takes care of this member, if that is what it tells.
    #[must_use]
    pub fn attended_by(&self) -> Option<AttendedBy> {
        let field = self.extensions.0.iter().find(|field| field.tag == ATTENDED)?;
        let by: AttendedBy = wire::decode_exact(&field.bytes, ATTENDED_BYTES).ok()?;
        let count = by.handle.trim().chars().count();
        (1..=limit::HANDLE_CHARS).contains(&count).then_some(by)
    }
}

/// In which record something direct lies: what its seal is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    /// The record's place and epoch.
    pub context: Context,
    /// That epoch's announcement.
    pub announcement: AnnouncementHash,
    /// The record's hour.
    pub hour: Hour,
}

impl Envelope {
    fn extra(&self) -> Vec<u8> {
        [&self.announcement.0[..], &self.hour.0.to_be_bytes()].concat()
    }
}

/// Seals something for one member: `encapsulation || ciphertext`. `auth` is the member's, of the envelope's epoch.
///
/// # Errors
/// It is too long, or the member's key is none.
pub fn seal_direct(
    envelope: &Envelope,
    kem: &KemPublicKey,
    auth: &MemberAuth,
    direct: &Direct,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, Unopenable> {
    let padded = pad(&Zeroizing::new(wire::encode_body(direct)), PADDED_LEN)?;
    let place = envelope.context.bytes();
    seal::seal(kem, &auth.direct_psk()?, SealPurpose::Direct, &place, &envelope.extra(), &padded, rng)
}

/// Opens what was sealed for this member and is about an alert that `known` knows.
///
/// # Errors
/// It is for somebody else, or not by a coordinator; of another epoch, announcement or hour; about an alert that is not
/// among this member's; or made by a newer version.
pub fn open_direct(
    envelope: &Envelope,
    kem: &KemSecretKey,
    auth: &MemberAuth,
    sealed: &[u8],
    known: impl Fn(&AlertId) -> bool,
) -> Result<Direct, Unopenable> {
    let place = envelope.context.bytes();
    let padded = seal::open(kem, &auth.direct_psk()?, SealPurpose::Direct, &place, &envelope.extra(), sealed)?;
    if padded.len() != PADDED_LEN {
        return Err(Unopenable);
    }
    let direct: Direct = wire::decode_body(unpad(&padded)?).map_err(|_| Unopenable)?;
    if known(&direct.alert) { Ok(direct) } else { Err(Unopenable) }
}
