//! Records: what a channel of the relay holds. `docs/protocol.md`, "Records".
//!
//! ```text
//! record = version u8 | channel u8 | epoch u64be | hour u32be | rest              14 fixed bytes, not the encoder's
//! rest   = alerts, desk, roster: nonce 24 | ciphertext
//!          inbox:                enc 1120 | ciphertext
//!          join:                 invite id 16 | enc 1120 | ciphertext
//! AAD    = "watchfire v1 record" 00 || network || neighborhood || announcement_hash || the 14 bytes
//! ```
//!
//! The plaintext is `length u32be | content | zeros` up to the size class, so that the whole record has one of a few
//! sizes.

use bincode::{Decode, Encode};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::id::{AnnouncementHash, Epoch, InviteId, RecordId, sha256_16};
use crate::kdf::{Context, Place};
use crate::labels::{Domain, SealPurpose};
use crate::seal::{self, ENCAPSULATION_LEN, KemPublicKey, KemSecretKey, OVERHEAD, Psk, Unopenable};
use crate::secret::Secret32;
use crate::time::Hour;

/// The version byte of every record, which is its suite byte too.
pub const VERSION: u8 = seal::SUITE;
/// Length of a record's header in bytes.
pub const HEADER_LEN: usize = 14;
/// Sizes of a whole record in bytes: alerts, desk and roster.
pub const SIZES: [usize; 4] = [1 << 10, 4 << 10, 16 << 10, 64 << 10];
/// Sizes of a whole record in bytes: inbox and join.
pub const INBOX_SIZES: [usize; 4] = [2 << 10, 4 << 10, 16 << 10, 64 << 10];
const NONCE_LEN: usize = 24;
const LENGTH_LEN: usize = 4;

/// A log on the relay, and what a record in it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[repr(u8)]
pub enum Channel {
    /// Coordinators append, members read.
    Alerts = 1,
    /// Members append, coordinators read.
    Inbox = 2,
    /// Coordinators append and read.
    Desk = 3,
    /// Coordinators append and read; kept until the epoch's close + retention + 1 h.
    Roster = 4,
    /// Not a log of its own: a join request, which lies in the inbox.
    Join = 5,
}

impl Channel {
    /// The channel of a header's byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Alerts,
            2 => Self::Inbox,
            3 => Self::Desk,
            4 => Self::Roster,
            5 => Self::Join,
            _ => return None,
        })
    }

    /// The log in which a record with this byte lies: join requests lie in the inbox.
    #[must_use]
    pub const fn log(self) -> Self {
        match self {
            Self::Join => Self::Inbox,
            other => other,
        }
    }

    /// The sizes that a whole record may have.
    #[must_use]
    pub const fn sizes(self) -> &'static [usize; 4] {
        match self {
            Self::Inbox | Self::Join => &INBOX_SIZES,
            Self::Alerts | Self::Desk | Self::Roster => &SIZES,
        }
    }
}

/// A record's first 14 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    /// What it is.
    pub channel: Channel,
    /// In which epoch it was sealed.
    pub epoch: Epoch,
    /// Under which step of the chain it was sealed. A claim: it moves no clock.
    pub hour: Hour,
}

/// Why bytes are not a record. Told to whoever appends them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Fewer bytes than a header.
    #[error("record of {0} bytes is shorter than its header")]
    Truncated(usize),
    /// Another version byte.
    #[error("record version {0} is not known")]
    Version(u8),
    /// Another channel byte.
    #[error("record channel {0} is not known")]
    Channel(u8),
    /// Not one of the sizes of its channel.
    #[error("record of {0} bytes is in no size class")]
    SizeClass(usize),
    /// Content that does not fit into the largest size class.
    #[error("content of {found} bytes is too long, at most {limit}")]
    TooLong {
        /// Its length.
        found: usize,
        /// The most that fits.
        limit: usize,
    },
}

impl Header {
    /// The 14 bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; HEADER_LEN] {
        let mut out = [0; HEADER_LEN];
        let mut rest = out.as_mut_slice();
        for part in [&[VERSION, self.channel as u8][..], &self.epoch.0.to_be_bytes(), &self.hour.0.to_be_bytes()] {
            let (here, after) = rest.split_at_mut(part.len());
            here.copy_from_slice(part);
            rest = after;
        }
        out
    }

    /// Reads a whole record's header and checks its size class: all that a relay can check.
    ///
    /// # Errors
    /// Truncated, another version, another channel, or a size outside of the classes.
    pub fn parse(record: &[u8]) -> Result<Self, RecordError> {
        let Some(([version, channel, epoch @ .., h0, h1, h2, h3], _)) = record.split_first_chunk::<HEADER_LEN>() else {
            return Err(RecordError::Truncated(record.len()));
        };
        let epoch: [u8; 8] = *epoch;
        if *version != VERSION {
            return Err(RecordError::Version(*version));
        }
        let channel = Channel::from_byte(*channel).ok_or(RecordError::Channel(*channel))?;
        if !channel.sizes().contains(&record.len()) {
            return Err(RecordError::SizeClass(record.len()));
        }
        let hour = Hour(u32::from_be_bytes([*h0, *h1, *h2, *h3]));
        Ok(Self { channel, epoch: Epoch(u64::from_be_bytes(epoch)), hour })
    }
}

/// The id of a record: the first 16 bytes of its SHA-256.
#[must_use]
pub fn record_id(record: &[u8]) -> RecordId {
    RecordId(sha256_16(&[record]))
}

/// The invite id that stands in clear in a join record.
#[must_use]
pub fn join_invite(record: &[u8]) -> Option<InviteId> {
    let id = record.get(HEADER_LEN..HEADER_LEN + InviteId::LEN)?;
    Some(InviteId(id.try_into().ok()?))
}

fn aad(place: &Place, announcement: &AnnouncementHash, header: &[u8; HEADER_LEN]) -> Vec<u8> {
    let mut out = Domain::Record.prefix();
    out.extend_from_slice(&place.bytes());
    out.extend_from_slice(&announcement.0);
    out.extend_from_slice(header);
    out
}

fn pad(content: &[u8], overhead: usize, sizes: &[usize; 4]) -> Result<Zeroizing<Vec<u8>>, RecordError> {
    let [.., largest] = *sizes;
    let need = content.len() + overhead + LENGTH_LEN;
    let too_long = RecordError::TooLong { found: content.len(), limit: largest - overhead - LENGTH_LEN };
    let size = sizes.iter().copied().find(|size| *size >= need).ok_or(too_long)?;
    let length = u32::try_from(content.len()).map_err(|_| too_long)?;
    let mut out = Zeroizing::new(Vec::with_capacity(size - overhead));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
    out.resize(size - overhead, 0);
    Ok(out)
}

fn unpad(padded: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_LEN>().ok_or(Unopenable)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Unopenable)?;
    let (content, padding) = rest.split_at_checked(length).ok_or(Unopenable)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(Unopenable);
    }
    Ok(Zeroizing::new(content.to_vec()))
}

fn cipher(key: &Secret32) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}

/// Seals under a symmetric key with a random nonce: `nonce[24] || ciphertext`. Used by records, objects and vaults.
pub fn seal_symmetric(key: &Secret32, aad: &[u8], plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    rng.fill_bytes(&mut nonce);
    #[expect(clippy::expect_used, reason = "ChaCha20-Poly1305 takes up to 256 GiB, and limits are far below")]
    let ciphertext =
        cipher(key).encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad }).expect("plaintexts are bounded");
    [&nonce[..], &ciphertext].concat()
}

/// Opens what [`seal_symmetric`] made.
///
/// # Errors
/// [`Unopenable`], whatever the reason.
pub fn open_symmetric(key: &Secret32, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Unopenable)?;
    cipher(key)
        .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad })
        .map(Zeroizing::new)
        .map_err(|_| Unopenable)
}

/// Seals a record of the alerts, desk or roster channel under that channel's key of this hour.
///
/// # Errors
/// The content is too long.
pub fn seal_record(
    place: &Place,
    announcement: &AnnouncementHash,
    header: Header,
    key: &Secret32,
    content: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, RecordError> {
    let head = header.bytes();
    let padded = pad(content, HEADER_LEN + NONCE_LEN + seal::AEAD_TAG_LEN, &SIZES)?;
    let mut out = head.to_vec();
    out.extend_from_slice(&seal_symmetric(key, &aad(place, announcement, &head), &padded, rng));
    Ok(out)
}

/// Opens a record of the alerts, desk or roster channel.
///
/// # Errors
/// [`Unopenable`], whatever the reason.
pub fn open_record(
    place: &Place,
    announcement: &AnnouncementHash,
    key: &Secret32,
    record: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let (head, sealed) = record.split_first_chunk::<HEADER_LEN>().ok_or(Unopenable)?;
    unpad(&open_symmetric(key, &aad(place, announcement, head), sealed)?)
}

/// Seals a record of the inbox to the coordinators' key of an epoch: extra = `announcement_hash || u32be(hour)`.
///
/// # Errors
/// The content is too long. A public key that is no X-Wing key counts as content of no length that fits.
pub fn seal_inbox(
    context: &Context,
    announcement: &AnnouncementHash,
    hour: Hour,
    inbox: &KemPublicKey,
    psk: &Psk,
    content: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, RecordError> {
    let header = Header { channel: Channel::Inbox, epoch: context.epoch, hour };
    let padded = pad(content, HEADER_LEN + OVERHEAD, &INBOX_SIZES)?;
    let extra = inbox_extra(announcement, hour);
    let sealed = seal::seal(inbox, psk, SealPurpose::Inbox, &context.bytes(), &extra, &padded, rng)
        .map_err(|Unopenable| RecordError::TooLong { found: content.len(), limit: 0 })?;
    Ok([&header.bytes()[..], &sealed].concat())
}

fn inbox_extra(announcement: &AnnouncementHash, hour: Hour) -> Vec<u8> {
    [&announcement.0[..], &hour.0.to_be_bytes()].concat()
}

/// Opens a record of the inbox.
///
/// # Errors
/// [`Unopenable`], whatever the reason.
pub fn open_inbox(
    context: &Context,
    announcement: &AnnouncementHash,
    inbox: &KemSecretKey,
    psk: &Psk,
    record: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let header = Header::parse(record).map_err(|_| Unopenable)?;
    if header.channel != Channel::Inbox || header.epoch != context.epoch {
        return Err(Unopenable);
    }
    let sealed = record.get(HEADER_LEN..).ok_or(Unopenable)?;
    let extra = inbox_extra(announcement, header.hour);
    unpad(&seal::open(inbox, psk, SealPurpose::Inbox, &context.bytes(), &extra, sealed)?)
}

/// Seals a join request: extra = `announcement_hash || invite id`. Its hour is 0: the newcomer knows no chain.
///
/// # Errors
/// Those of [`seal_inbox`].
pub fn seal_join(
    context: &Context,
    announcement: &AnnouncementHash,
    invite: InviteId,
    inbox: &KemPublicKey,
    psk: &Psk,
    content: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, RecordError> {
    let header = Header { channel: Channel::Join, epoch: context.epoch, hour: Hour(0) };
    let padded = pad(content, HEADER_LEN + InviteId::LEN + OVERHEAD, &INBOX_SIZES)?;
    let extra = [&announcement.0[..], &invite.0].concat();
    let sealed = seal::seal(inbox, psk, SealPurpose::Join, &context.bytes(), &extra, &padded, rng)
        .map_err(|Unopenable| RecordError::TooLong { found: content.len(), limit: 0 })?;
    Ok([&header.bytes()[..], &invite.0, &sealed].concat())
}

/// Opens a join request with the invite's pre-shared key.
///
/// # Errors
/// [`Unopenable`], whatever the reason.
pub fn open_join(
    context: &Context,
    announcement: &AnnouncementHash,
    inbox: &KemSecretKey,
    psk: &Psk,
    record: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let header = Header::parse(record).map_err(|_| Unopenable)?;
    if header.channel != Channel::Join || header.epoch != context.epoch || header.hour != Hour(0) {
        return Err(Unopenable);
    }
    let invite = join_invite(record).ok_or(Unopenable)?;
    let sealed = record.get(HEADER_LEN + InviteId::LEN..).ok_or(Unopenable)?;
    let extra = [&announcement.0[..], &invite.0].concat();
    unpad(&seal::open(inbox, psk, SealPurpose::Join, &context.bytes(), &extra, sealed)?)
}

const _: () = assert!(ENCAPSULATION_LEN + HEADER_LEN < INBOX_SIZES[0]);
