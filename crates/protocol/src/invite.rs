//! Invites, links and join requests. `docs/protocol.md`, "Joining".

use std::net::Ipv4Addr;

use bincode::{Decode, Encode};
use rand_core::CryptoRng;

use crate::id::{
    AnnouncementHash, CharterHash, Epoch, InviteId, NeighborhoodId, RequestHash, crockford, sha256, sha256_16,
};
use crate::kdf::Place;
use crate::labels::{Derive, Domain, Purpose};
use crate::names::NAME_LEN;
use crate::roster::{InviteRole, MAX_LANGUAGES, MAX_ROLES, offer_fits};
use crate::seal::{KemPublicKey, Psk, Unopenable};
use crate::secret::{Secret, Secret32};
use crate::sign::{PublicKey, SecretKey, Signature};
use crate::vocabulary::Code;
use crate::wire::{self, Body, Extensions, Kind, Signed, SignedError, WireError};

/// An invite's secret: 24 bytes, from which both sides derive its key pair and its pre-shared key.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteSecret(Secret<24>);

impl InviteSecret {
    /// Takes the secret of a link or of a roster entry.
    #[must_use]
    pub const fn new(secret: Secret<24>) -> Self {
        Self(secret)
    }

    /// Draws a fresh secret.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// The bytes, for the link and the roster.
    #[must_use]
    pub const fn secret(&self) -> &Secret<24> {
        &self.0
    }

    /// HKDF-Expand takes a key of 24 bytes as it takes the same key with eight zeros after it: HMAC pads with zeros.
    fn derive<const L: usize>(&self, place: &Place, label: Derive, extra: &[u8]) -> Secret<L> {
        let mut key = Secret32::new([0; 32]);
        let (first, _) = key.expose_mut().split_at_mut(24);
        first.copy_from_slice(self.0.expose());
        place.derive(&key, label, extra)
    }

    /// The secret of one card of a batch that was made with this one.
    #[must_use]
    pub fn card(&self, place: &Place, number: u16) -> Self {
        Self(self.derive(place, Derive::InviteCard, &u32::from(number).to_be_bytes()))
    }

    /// The key that proves a connection.
    #[must_use]
    pub fn key(&self, place: &Place) -> SecretKey {
        SecretKey::from_seed(&self.derive(place, Derive::InviteSign, b""))
    }

    /// The key under which the join request is sealed.
    ///
    /// # Errors
    /// Never for a secret that was drawn at random.
    pub fn psk(&self, place: &Place) -> Result<Psk, Unopenable> {
        Psk::new(self.derive(place, Derive::InvitePsk, b""))
    }

    /// The invite's id.
    #[must_use]
    pub fn id(&self, place: &Place) -> InviteId {
        invite_id(&self.key(place).public())
    }
}

/// `SHA-256("watchfire v1 invite id" 00 || verification key)`, its first 16 bytes.
#[must_use]
pub fn invite_id(key: &PublicKey) -> InviteId {
    InviteId(sha256_16(&[&Domain::InviteId.prefix(), key.as_bytes()]))
}

/// Length limit of a link in characters, so that its QR code fits a terminal of 24 lines.
pub const LINK_LEN: usize = 154;
const LINK_PREFIX: &str = "WATCHFIRE:1/";
const LINK_BYTES: usize = 24 + 16 + 4;

/// What a link carries. It shows nothing about the network to whoever has no access to the relay.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteLink {
    /// The invite's secret.
    pub secret: InviteSecret,
    /// The first 16 bytes of the hash of the charter that the inviter holds.
    pub charter: [u8; 16],
    /// The first 4 bytes of the neighborhood's id.
    pub neighborhood: [u8; 4],
    /// The relay: host, or host and port, in lower case.
    pub host: String,
    /// Made to be handed over in person: needs no phrase. Whoever swaps a link can claim it, so a person is asked.
    pub in_person: bool,
}

/// Why a text is not a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It does not begin as one.
    #[error("an invite link begins with WATCHFIRE:1/")]
    NotALink,
    /// A later kind of link.
    #[error("this link was made by a newer version of watchfire")]
    Newer,
    /// It is cut short, or has a typo.
    #[error("the link has a typo or is not complete: its checksum does not match")]
    Typo,
    /// No host, or one that a link cannot carry.
    #[error("the link names no relay that can be reached by a link of {LINK_LEN} characters")]
    Host,
}

impl InviteLink {
    fn checksum(bytes: &[u8], host: &str, in_person: bool) -> [u8; 3] {
        let domain = if in_person { Domain::LinkInPerson } else { Domain::Link };
        let [a, b, c, ..] = sha256(&[&domain.prefix(), bytes, host.to_uppercase().as_bytes()]);
        [a, b, c]
    }

    /// The link, upper case: `WATCHFIRE:1/ base32(secret, charter, neighborhood, checksum) /host[:port]`.
    ///
    /// # Errors
    /// A host that is empty, too long, or has symbols other than letters, digits, `.`, `-` and `:`.
    pub fn to_text(&self) -> Result<String, LinkError> {
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(LINK_BYTES + 3));
        bytes.extend_from_slice(self.secret.secret().expose());
        bytes.extend_from_slice(&self.charter);
        bytes.extend_from_slice(&self.neighborhood);
        let checksum = Self::checksum(&bytes, &self.host, self.in_person);
        bytes.extend_from_slice(&checksum);
        let text = format!("{LINK_PREFIX}{}/{}", crockford().encode(&bytes), self.host.to_uppercase());
        if self.host.is_empty() || !host_is_plain(&self.host) || text.len() > LINK_LEN {
            return Err(LinkError::Host);
        }
        Ok(text)
    }

    /// Reads a link, in either case and with spaces or line breaks in it.
    ///
    /// # Errors
    /// Not a link, a newer one, a typo, or no host.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(4 * LINK_LEN).collect();
        let text = zeroize::Zeroizing::new(text.to_uppercase());
        let Some(rest) = text.strip_prefix(LINK_PREFIX) else {
            let version = text.strip_prefix("WATCHFIRE:").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            let newer = version != "1" && !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
            return Err(if newer { LinkError::Newer } else { LinkError::NotALink });
        };
        let (code, host) = rest.split_once('/').ok_or(LinkError::Typo)?;
        let bytes = zeroize::Zeroizing::new(crockford().decode(code.as_bytes()).map_err(|_| LinkError::Typo)?);
        let (body, checksum) = bytes.split_at_checked(LINK_BYTES).ok_or(LinkError::Typo)?;
        let in_person = checksum == Self::checksum(body, host, true);
        if !in_person && checksum != Self::checksum(body, host, false) {
            return Err(LinkError::Typo);
        }
        if host.is_empty() || !host_is_plain(host) || text.len() > LINK_LEN {
            return Err(LinkError::Host);
        }
        let (secret, rest) = body.split_first_chunk::<24>().ok_or(LinkError::Typo)?;
        let (charter, neighborhood) = rest.split_first_chunk::<16>().ok_or(LinkError::Typo)?;
        Ok(Self {
            secret: InviteSecret::new(Secret::new(*secret)),
            charter: *charter,
            neighborhood: neighborhood.try_into().map_err(|_| LinkError::Typo)?,
            host: host.to_lowercase(),
            in_person,
        })
    }

    /// The relay's URL: loopback and onion mean `ws`, all else `wss`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}{}", if host_is_local(&self.host) { "ws" } else { "wss" }, self.host, crate::frame::PATH)
    }

    /// The part of a URL that a link carries, if the link's rules lead back to that URL.
    #[must_use]
    pub fn host_of(url: &str) -> Option<String> {
        let (scheme, rest) = url.split_once("://")?;
        let host = rest.strip_suffix(crate::frame::PATH)?.to_lowercase();
        let local = host_is_local(&host);
        ((scheme == "ws") == local && (local || scheme == "wss") && host_is_plain(&host)).then_some(host)
    }
}

fn host_is_plain(host: &str) -> bool {
    host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
}

fn host_is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let loopback = name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    name == "localhost" || loopback || name.ends_with(".onion")
}

/// What a newcomer asks for, signed by the identity key that they will have.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct JoinRequest {
    /// The invite.
    pub invite: InviteId,
    /// The epoch that the newcomer saw, and of which `secret` is the slot secret.
    pub epoch: Epoch,
    /// Its announcement.
    pub announcement: AnnouncementHash,
    /// The newest charter version that the newcomer saw.
    pub charter_version: u64,
    /// Its hash.
    pub charter: CharterHash,
    /// The newcomer's identity key.
    pub identity: PublicKey,
    /// The newcomer's X-Wing key.
    pub kem: KemPublicKey,
    /// The slot secret to be shared with the coordinators.
    pub secret: Secret32,
    /// What they want to be called.
    pub handle: String,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// Roles that they offer.
    pub roles: Vec<Code>,
    /// For a coordinator's invite: the device key to be granted rights, with its signature over the identity key.
    pub charter_key: Option<CharterKeyClaim>,
    /// 32 random bytes: nobody can search for a request with a chosen phrase.
    pub random: [u8; 32],
    /// Later fields.
    pub extensions: Extensions,
}

/// A device key, bound to an identity key by a signature of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CharterKeyClaim {
    /// The device key.
    pub key: PublicKey,
    /// By it, over `network || neighborhood || identity key`.
    pub signature: Signature,
}

impl CharterKeyClaim {
    /// Binds a device key to an identity key.
    #[must_use]
    pub fn sign(place: &Place, identity: &PublicKey, key: &SecretKey) -> Self {
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, identity.as_bytes()];
        Self { key: key.public(), signature: key.sign(Purpose::Promote, &fields) }
    }
}

impl Body for JoinRequest {
    const KIND: Kind = Kind::JoinRequest;
    const LIMIT: usize = 4 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl JoinRequest {
    /// Signs a request. The same bytes are sealed again for each new epoch while the newcomer waits.
    #[must_use]
    pub fn sign(&self, place: &Place, identity: &SecretKey) -> Signed {
        let body = wire::encode_body(self);
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &sha256(&[&body])];
        let signature = identity.sign(Purpose::Join, &fields);
        Signed { body, signer: identity.public(), signature }
    }

    /// Checks a request: signed by the identity key in it, its charter key bound to that, within its bounds, its X-Wing
    /// key one that can be sealed to.
    ///
    /// # Errors
    /// Any of these does not hold.
    pub fn open(signed: &Signed, place: &Place) -> Result<(RequestHash, Self), SignedError> {
        let hash = sha256(&[&signed.body]);
        let request: Self = signed.open(Purpose::Join, &[&place.network.0, &place.neighborhood.0, &hash])?;
        if request.identity != signed.signer {
            return Err(SignedError::Signature);
        }
        if let Some(claim) = &request.charter_key {
            let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, request.identity.as_bytes()];
            claim.key.verify(Purpose::Promote, &fields, &claim.signature).map_err(|_| SignedError::Signature)?;
        }
        let fits = request.handle.len() <= NAME_LEN
            && request.languages.len() <= MAX_LANGUAGES
            && request.languages.iter().all(|language| language.len() <= 35)
            && request.roles.len() <= MAX_ROLES
            && offer_fits(&request.handle, &request.languages, &request.roles);
        if !fits || request.handle.trim().is_empty() {
            return Err(WireError::Malformed("handle, languages or roles out of bounds".to_owned()).into());
        }
        if !request.kem.is_usable() {
            return Err(WireError::Malformed("not an X-Wing key".to_owned()).into());
        }
        Ok((RequestHash(hash), request))
    }

    /// What the request asks to become.
    #[must_use]
    pub const fn role(&self) -> InviteRole {
        if self.charter_key.is_some() { InviteRole::Coordinator } else { InviteRole::Responder }
    }
}

/// The neighborhood of a charter that a link means.
#[must_use]
pub fn neighborhood_of(
    link: &InviteLink,
    neighborhoods: impl IntoIterator<Item = NeighborhoodId>,
) -> Option<NeighborhoodId> {
    let mut found = neighborhoods.into_iter().filter(|id| id.0.starts_with(&link.neighborhood));
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(host: &str) -> InviteLink {
        InviteLink {
            secret: InviteSecret::new(Secret::new([7; 24])),
            charter: [8; 16],
            neighborhood: [9; 4],
            host: host.to_owned(),
            in_person: false,
        }
    }

    #[test]
    fn a_link_tells_whether_it_is_to_be_handed_over_in_person() {
        let by_hand = InviteLink { in_person: true, ..link("127.0.0.1:7443") };
        let (by_hand, sent) = (by_hand.to_text().unwrap(), link("127.0.0.1:7443").to_text().unwrap());
        assert_eq!(by_hand.len(), sent.len());
        assert!(InviteLink::parse(&by_hand).unwrap().in_person);
        assert!(!InviteLink::parse(&sent).unwrap().in_person);
    }

    #[test]
    fn a_link_is_read_as_it_was_made_in_either_case() {
        let text = link("127.0.0.1:7443").to_text().unwrap();
        assert!(InviteLink::parse(&text).unwrap() == link("127.0.0.1:7443"));
        assert!(InviteLink::parse(&format!(" {}\n", text.to_lowercase())).unwrap() == link("127.0.0.1:7443"));
    }

    #[test]
    fn every_typo_in_a_link_is_noticed() {
        let text = link("relay.example.org").to_text().unwrap();
        for (i, symbol) in text.char_indices().skip(LINK_PREFIX.len()) {
            let other = if symbol == 'X' { 'Y' } else { 'X' };
            let typo = format!("{}{other}{}", &text[..i], &text[i + 1..]);
            assert!(InviteLink::parse(&typo).is_err(), "{typo}");
        }
        assert!(InviteLink::parse(&text[..text.len() - 1]).is_err());
        assert!(InviteLink::parse("https://example.org").is_err());
        assert_eq!(InviteLink::parse("WATCHFIRE:2/AA").err(), Some(LinkError::Newer));
        assert_eq!(InviteLink::parse("WATCHFIRE:10/AA").err(), Some(LinkError::Newer));
        assert_eq!(InviteLink::parse("WATCHFIRE:/AA").err(), Some(LinkError::NotALink));
    }

    #[test]
    fn an_onion_host_fits_and_a_longer_one_is_refused() {
        let onion = format!("{}.onion", "a".repeat(56));
        assert!(link(&onion).to_text().unwrap().len() <= LINK_LEN);
        assert_eq!(link(&onion).url(), format!("ws://{onion}/v1"));
        assert_eq!(link(&"a".repeat(70)).to_text(), Err(LinkError::Host));
        assert_eq!(link("host/path").to_text(), Err(LinkError::Host));
    }

    #[test]
    fn loopback_and_onion_mean_ws_and_all_else_wss() {
        assert_eq!(link("127.example.org:80").url(), "wss://127.example.org:80/v1");
        assert_eq!(link("127.0.0.53:80").url(), "ws://127.0.0.53:80/v1");
        assert_eq!(link("relay.example.org").url(), "wss://relay.example.org/v1");
        assert_eq!(InviteLink::host_of("ws://127.0.0.1:7443/v1").as_deref(), Some("127.0.0.1:7443"));
        assert_eq!(InviteLink::host_of("wss://relay.example.org/v1").as_deref(), Some("relay.example.org"));
        assert_eq!(InviteLink::host_of("ws://relay.example.org/v1"), None);
    }
}
