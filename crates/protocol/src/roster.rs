//! The roster: the coordinators' list of members and invites. `docs/protocol.md`, "Roster".
//!
//! It is a set of signed events folded into a snapshot. Folding gives the same roster in every order: an event that is
//! there twice counts once, and removal wins. Members' renewals are folded when an epoch closes.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use crate::charter::Right;
use crate::history::CharterHistory;
use crate::id::{CharterHash, Epoch, InviteId, MemberId, NeighborhoodId, RequestHash, Tag, sha256};
use crate::invite::InviteSecret;
use crate::kdf::{Context, Place};
use crate::labels::{Domain, Purpose};
use crate::object;
use crate::seal::{KemPublicKey, Unopenable};
use crate::secret::{Secret, Secret32};
use crate::sign::{PublicKey, SecretKey};
use crate::slot::{MemberAuth, SlotSecret};
use crate::time::Timestamp;
use crate::vocabulary::{Code, Language};
use crate::wire::{self, Body, Extensions, Kind, Signed, SignedError, WireError};

mod renewals;

/// At most so many languages a member.
pub const MAX_LANGUAGES: usize = 8;
/// At most so many roles a member.
pub const MAX_ROLES: usize = 8;
/// Length limit in bytes of a handle, languages and roles together, each with one byte for its own length: what a
/// member's other fields leave of an object.
pub const OFFER_LEN: usize = 512;
/// Length limit of a reason in bytes.
pub const REASON_LEN: usize = 256;
/// At most so many cards a batch.
pub const MAX_CARDS: u16 = 1000;
/// Small marks that are packed into one object.
const MARKS: usize = 32;
/// Signed removals that are packed into one object.
const REMOVALS: usize = 4;
/// Slots that were not sealed, packed into one object.
const UNSENT: usize = 24;
/// For so many epochs a snapshot carries the events by which members were removed.
pub const EVIDENCE_EPOCHS: u64 = 8;

/// What the coordinators hold of a member's slot secret in one epoch.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct RosterSecrets {
    /// The epoch.
    pub epoch: Epoch,
    /// `auth_e`.
    pub auth: Secret32,
    /// `ss_{e+1}`.
    pub next: Secret32,
    /// `tag_e` and `psk_e`, until the slot is seen at the relay.
    pub slot: Option<(Tag, Secret32)>,
}

impl RosterSecrets {
    /// Takes a slot secret apart. The caller erases it.
    #[must_use]
    pub fn new(secret: &SlotSecret) -> Self {
        Self {
            epoch: secret.epoch(),
            auth: secret.auth().key().clone(),
            next: secret.step().key().clone(),
            slot: Some((secret.tag(), secret.psk())),
        }
    }

    /// `ss_{e+1}`.
    fn next(&self, place: Place) -> SlotSecret {
        SlotSecret::new(place.at(self.epoch.next()), self.next.clone())
    }

    fn step_to(&self, place: Place, epoch: Epoch) -> Result<Self, Unopenable> {
        if epoch == self.epoch {
            return Ok(self.clone());
        }
        Ok(Self::new(&self.next(place).step_to(epoch)?))
    }
}

/// A member.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct RosterMember {
    /// Random, never used again.
    pub id: MemberId,
    /// Signs the member's requests and renewals.
    pub identity: PublicKey,
    /// Where slots are sealed to.
    pub kem: KemPublicKey,
    /// The shared secrets.
    pub secrets: RosterSecrets,
    /// What the member wants to be called.
    pub handle: String,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// Roles that they offer.
    pub roles: Vec<Code>,
    /// A coordinator's device key; whether the charter grants it anything is the charter's to say.
    pub charter_key: Option<PublicKey>,
    /// When they were approved.
    pub since: Timestamp,
    /// By whose device key.
    pub added_by: PublicKey,
    /// In which epoch.
    pub added_in: Epoch,
    /// By which invite; none for whoever founded the neighborhood.
    pub invite: Option<InviteId>,
    /// The request that was approved.
    pub request: RequestHash,
    /// When they last said anew what they offer; 0 for what they said when they joined.
    pub described: Timestamp,
}

impl RosterMember {
    /// `auth` of the epoch that the entry is in.
    #[must_use]
    pub fn auth(&self, place: Place) -> MemberAuth {
        MemberAuth::new(place.at(self.secrets.epoch), self.secrets.auth.clone())
    }

    /// Whether what they offer anew is newer than what stands here; of one time, whether it is greater.
    ///
    /// # Errors
    /// It is too much for the entry.
    pub fn takes(&self, offer: &Offer) -> Result<bool, Unopenable> {
        let spoken = offer.spoken();
        let few = offer.roles.len() <= MAX_ROLES && spoken.len() <= MAX_LANGUAGES;
        if !few || !offer_fits(&self.handle, &spoken, &offer.roles) {
            return Err(Unopenable);
        }
        Ok((offer.at, &offer.roles, &spoken) > (self.described, &self.roles, &self.languages))
    }
}

/// What an invite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum InviteRole {
    /// Receives and answers.
    Responder,
    /// Brings a charter key, to be granted rights afterwards.
    Coordinator,
}

/// An invite, as coordinators keep it: any of them can approve who comes by it, and register it again.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct RosterInvite {
    /// Its id.
    pub id: InviteId,
    /// Its secret.
    pub secret: Secret<24>,
    /// The charter that its link names: the first 16 bytes of its hash. Part of the phrase.
    pub link_charter: [u8; 16],
    /// What for.
    pub role: InviteRole,
    /// For whom; may be empty.
    pub handle: String,
    /// How often.
    pub uses: u16,
    /// Until when.
    pub expires: Timestamp,
    /// Handed over in person: approved by the desk itself until then.
    pub auto_approve: Option<Timestamp>,
    /// By whose device key.
    pub created_by: PublicKey,
    /// A batch of so many cards, numbered from 1, each an invite of its own for one use; 0 for an invite that is none.
    /// Nobody joins by the batch itself.
    pub cards: u16,
}

/// What happened to the roster.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// A member was approved.
    Add(Box<RosterMember>),
    /// A member was removed.
    Remove {
        /// Who.
        member: MemberId,
        /// Why; may be empty.
        reason: String,
    },
    /// An invite was made.
    Invite(RosterInvite),
    /// An invite was withdrawn.
    EndInvite {
        /// Which.
        invite: InviteId,
    },
    /// A member whom another coordinator approved is approved again: whoever approved them first is distrusted by now.
    Vouch {
        /// Who.
        member: MemberId,
    },
    /// A member said anew what they offer. Of somebody who is not there it changes nothing: it is folded after the
    /// approvals.
    Describe {
        /// Who.
        member: MemberId,
        /// What.
        offer: Offer,
    },
}

/// What a member offers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Offer {
    /// When they said so: the newest counts.
    pub at: Timestamp,
    /// Roles that they offer.
    pub roles: Vec<Code>,
    /// What they speak.
    pub languages: Vec<Language>,
}

impl Offer {
    fn spoken(&self) -> Vec<String> {
        self.languages.iter().map(ToString::to_string).collect()
    }
}

/// An event with what it is judged by. Signed by a device key granted `enroll`.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct EventBody {
    /// The epoch in which it was written.
    pub epoch: Epoch,
    /// The charter's version.
    pub charter_version: u64,
    /// The charter's hash.
    pub charter: CharterHash,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for EventBody {
    const KIND: Kind = Kind::RosterEvent;
    const LIMIT: usize = 8 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl EventBody {
    /// Signs an event.
    #[must_use]
    pub fn sign(&self, place: &Place, key: &SecretKey) -> Signed {
        let body = wire::encode_body(self);
        let signature = key.sign(Purpose::Roster, &[&place.network.0, &place.neighborhood.0, &sha256(&[&body])]);
        Signed { body, signer: key.public(), signature }
    }

    /// Checks an event's signature and reads it. Whether its signer had the right is the charter's to say.
    ///
    /// # Errors
    /// It does not verify here, or is not an event.
    pub fn open(signed: &Signed, place: &Place) -> Result<Self, SignedError> {
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &sha256(&[&signed.body])];
        let body: Self = signed.open(Purpose::Roster, &fields)?;
        if matches!(&body.event, Event::Remove { reason, .. } if reason.len() > REASON_LEN) {
            return Err(WireError::Malformed(format!("a reason of more than {REASON_LEN} bytes")).into());
        }
        Ok(body)
    }

    /// Whether its signer may say so: the charter that it names grants them `enroll`, and they are not distrusted in the
    /// epoch that it names.
    #[must_use]
    pub fn counts(&self, signer: &PublicKey, charters: &CharterHistory, hood: NeighborhoodId) -> bool {
        let charter = charters.by_hash(&self.charter);
        let granted = charter.and_then(|charter| charter.as_written().granted(signer, hood, Right::Enroll, self.at));
        granted.is_some() && !charters.rights().is_distrusted(signer, hood, self.epoch)
    }
}

#[derive(Clone, PartialEq, Eq, Encode, Decode)]
enum Item {
    Member(Box<RosterMember>),
    Invite(RosterInvite),
    Marks(Vec<Mark>),
    Removals(Vec<(Epoch, Signed)>),
    Unsent(Vec<(MemberId, Tag, Secret32)>),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
enum Mark {
    Removed(MemberId),
    Ended(InviteId),
    Used(InviteId, RequestHash),
    Vouched(MemberId),
}

#[derive(Encode, Decode)]
struct ItemBody {
    item: Item,
    extensions: Extensions,
}

impl Body for ItemBody {
    const KIND: Kind = Kind::RosterItem;
    const LIMIT: usize = object::CONTENT_LEN;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// The roster of one epoch.
#[derive(Clone, PartialEq, Eq)]
pub struct Roster {
    context: Context,
    members: BTreeMap<MemberId, RosterMember>,
    invites: BTreeMap<InviteId, RosterInvite>,
    /// The cards of all batches, each with its batch and its number: what follows from `invites`, and takes time.
    cards: BTreeMap<InviteId, (InviteId, u16)>,
    marks: BTreeSet<Mark>,
    evidence: BTreeMap<[u8; 32], (Epoch, Signed)>,
}

impl Roster {
    /// A roster without members.
    #[must_use]
    pub const fn new(context: Context) -> Self {
        Self {
            context,
            members: BTreeMap::new(),
            invites: BTreeMap::new(),
            cards: BTreeMap::new(),
            marks: BTreeSet::new(),
            evidence: BTreeMap::new(),
        }
    }

    /// Folds one event in. The caller has checked that its signer had the right.
    ///
    /// An event written in an earlier epoch is stepped to this one, so that an approval which raced a rotation is not
    /// lost. Of two adds, or two invites, under one id the first one folded counts: ids are random or hashes of random
    /// keys, so that only a coordinator who means harm makes two. Returns whether anything changed.
    ///
    /// # Errors
    /// The event is of an epoch too far away, too large for an object, or adds a member to whose key nothing can be
    /// sealed. Nothing changed: such an entry would let nobody open another epoch.
    pub fn apply(&mut self, event: &Event) -> Result<bool, Unopenable> {
        let before = (self.members.len(), self.invites.len(), self.marks.len());
        match event {
            Event::Describe { member, offer } => return self.describe(member, offer),
            Event::Add(member) => {
                let mut stepped = RosterMember::clone(member);
                stepped.secrets = member.secrets.step_to(self.context.place, self.context.epoch)?;
                if !member.kem.is_usable() || !fits_an_object(&member_item(&stepped)) {
                    return Err(Unopenable);
                }
                if let Some(invite) = member.invite {
                    self.marks.insert(Mark::Used(invite, member.request));
                }
                let gone = self.marks.contains(&Mark::Removed(member.id));
                if !gone && !self.members.contains_key(&member.id) {
                    self.members.insert(stepped.id, stepped);
                }
            }
            Event::Remove { member, .. } => {
                self.members.remove(member);
                self.marks.insert(Mark::Removed(*member));
            }
            Event::Invite(invite) => {
                if !fits_an_object(&item(Item::Invite(invite.clone()))) || !cards_are_in_order(invite) {
                    return Err(Unopenable);
                }
                if !self.marks.contains(&Mark::Ended(invite.id)) && !self.invites.contains_key(&invite.id) {
                    self.insert_invite(invite.clone());
                }
            }
            Event::EndInvite { invite } => {
                self.invites.remove(invite);
                self.cards.retain(|_, (batch, _)| batch != invite);
                self.marks.insert(Mark::Ended(*invite));
            }
            Event::Vouch { member } => {
                self.marks.insert(Mark::Vouched(*member));
            }
        }
        Ok(before != (self.members.len(), self.invites.len(), self.marks.len()))
    }

    /// Takes what a member offers, if it is newer than what is known; of one time the greater one, whatever the order.
    fn describe(&mut self, id: &MemberId, offer: &Offer) -> Result<bool, Unopenable> {
        let Some(member) = self.members.get_mut(id) else { return Ok(false) };
        let newer = member.takes(offer)?;
        if newer {
            (member.described, member.roles, member.languages) = (offer.at, offer.roles.clone(), offer.spoken());
        }
        Ok(newer)
    }

    /// The same roster in a later epoch: every member's secrets stepped, expired invites dropped.
    ///
    /// # Errors
    /// An epoch that is past or too far ahead.
    pub fn step_to(&self, epoch: Epoch, now: Timestamp) -> Result<Self, Unopenable> {
        let place = self.context.place;
        let mut out = self.clone();
        out.context = place.at(epoch);
        for member in out.members.values_mut() {
            member.secrets = member.secrets.step_to(place, epoch)?;
        }
        out.invites.retain(|_, invite| invite.expires > now);
        out.cards.retain(|_, (batch, _)| out.invites.contains_key(batch));
        out.evidence.retain(|_, (came, _)| came.0 + EVIDENCE_EPOCHS >= epoch.0);
        Ok(out)
    }

    fn insert_invite(&mut self, invite: RosterInvite) {
        let batch = InviteSecret::new(invite.secret.clone());
        for number in 1..=invite.cards {
            let card = batch.card(&self.context.place, number).id(&self.context.place);
            self.cards.insert(card, (invite.id, number));
        }
        self.invites.insert(invite.id, invite);
    }

    /// Keeps the event by which a member was removed, for the coordinators who did not read it: the next snapshots carry
    /// it. `came` is the epoch in whose log it came.
    pub fn keep_evidence(&mut self, came: Epoch, event: Signed) {
        self.evidence.entry(sha256(&[&event.body, event.signer.as_bytes()])).or_insert((came, event));
    }

    /// The events by which members were removed lately, with the epochs in whose logs they came.
    pub fn evidence(&self) -> impl Iterator<Item = &(Epoch, Signed)> {
        self.evidence.values()
    }

    /// Takes members out whose approval is void. Nothing keeps them from being approved anew.
    pub fn drop_members(&mut self, void: impl Fn(&RosterMember) -> bool) {
        self.members.retain(|_, member| !void(member));
    }

    /// The members that an earlier roster has, and this one lacks though nobody removed them: an opener left them out.
    /// `gone` says who is out for a reason. Their secrets are stepped to this roster's epoch, their slots to be sealed.
    ///
    /// # Errors
    /// A roster of a later epoch, or one from too far back.
    pub fn left_out(
        &self,
        earlier: &Self,
        gone: impl Fn(&RosterMember) -> bool,
    ) -> Result<Vec<RosterMember>, Unopenable> {
        let missing = earlier.members.values().filter(|member| !self.members.contains_key(&member.id) && !gone(member));
        let place = self.context.place;
        missing
            .map(|member| {
                let secrets = member.secrets.step_to(place, self.context.epoch)?;
                Ok(RosterMember { secrets, ..member.clone() })
            })
            .collect()
    }

    /// Puts a member back whom an opener left out, whatever the snapshot says about them.
    pub fn put_back(&mut self, member: RosterMember) {
        self.marks.remove(&Mark::Removed(member.id));
        self.members.insert(member.id, member);
    }

    /// Forgets the parts of a member's slot secret that opened this epoch's slot: it was seen at the relay.
    pub fn slot_seen(&mut self, member: &MemberId) {
        if let Some(member) = self.members.get_mut(member) {
            member.secrets.slot = None;
        }
    }

    /// Forgets them for whoever has the same secrets in `other`, where they are forgotten.
    pub fn slots_seen_as_in(&mut self, other: &Self) {
        for member in self.members.values_mut() {
            let there = other.members.get(&member.id).map(|other| &other.secrets);
            if there.is_some_and(|there| there.slot.is_none() && there.auth == member.secrets.auth) {
                member.secrets.slot = None;
            }
        }
    }

    /// Where and when.
    #[must_use]
    pub const fn context(&self) -> Context {
        self.context
    }

    /// The members, by id.
    #[must_use]
    pub const fn members(&self) -> &BTreeMap<MemberId, RosterMember> {
        &self.members
    }

    /// The invites and batches of cards that have not been withdrawn, by id.
    #[must_use]
    pub const fn invites(&self) -> &BTreeMap<InviteId, RosterInvite> {
        &self.invites
    }

    /// By what somebody joins: an invite, or one card of a batch, that has not been withdrawn.
    #[must_use]
    pub fn invite(&self, id: &InviteId) -> Option<RosterInvite> {
        let Some((batch, number)) = self.cards.get(id) else {
            return self.invites.get(id).filter(|invite| invite.cards == 0).cloned();
        };
        let batch = self.invites.get(batch).filter(|_| !self.marks.contains(&Mark::Ended(*id)))?;
        let secret = InviteSecret::new(batch.secret.clone()).card(&self.context.place, *number);
        Some(RosterInvite { id: *id, secret: secret.secret().clone(), uses: 1, cards: 0, ..batch.clone() })
    }

    /// The cards of a batch with their numbers, those included that were used or withdrawn.
    pub fn cards(&self, batch: &InviteId) -> impl Iterator<Item = (u16, InviteId)> {
        let batch = *batch;
        self.cards.iter().filter(move |(_, (of, _))| *of == batch).map(|(card, (_, number))| (*number, *card))
    }

    /// How many requests were approved by an invite, or by the cards of a batch, whatever the relay says.
    #[must_use]
    pub fn uses(&self, invite: &InviteId) -> usize {
        let is_of = |used| used == invite || self.cards.get(used).is_some_and(|(batch, _)| batch == invite);
        self.marks.iter().filter(|mark| matches!(mark, Mark::Used(used, _) if is_of(used))).count()
    }

    /// Whether this request was approved before.
    #[must_use]
    pub fn approved(&self, request: &RequestHash) -> bool {
        self.marks.iter().any(|mark| matches!(mark, Mark::Used(_, used) if used == request))
    }

    /// Whether a member was removed.
    #[must_use]
    pub fn removed(&self, member: &MemberId) -> bool {
        self.marks.contains(&Mark::Removed(*member))
    }

    /// Whether a member was approved again.
    #[must_use]
    pub fn vouched(&self, member: &MemberId) -> bool {
        self.marks.contains(&Mark::Vouched(*member))
    }

    /// The snapshot, an object's content each. Slots are at the relay with it, so `tag_e` and `psk_e` are left out.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Vec<u8>> {
        self.snapshot_without_slots(&BTreeSet::new())
    }

    /// The same where some members get no slot yet: theirs stay, so that any coordinator can add one.
    #[must_use]
    pub fn snapshot_without_slots(&self, unsent: &BTreeSet<MemberId>) -> Vec<Vec<u8>> {
        let members = self.members.values().map(member_item);
        let invites = self.invites.values().map(|invite| item(Item::Invite(invite.clone())));
        let marks: Vec<Mark> = self.marks.iter().cloned().collect();
        let marks = marks.chunks(MARKS).map(|chunk| item(Item::Marks(chunk.to_vec())));
        let removals: Vec<(Epoch, Signed)> = self.evidence.values().cloned().collect();
        let removals = removals.chunks(REMOVALS).map(|chunk| item(Item::Removals(chunk.to_vec())));
        let slot = |id: &MemberId| {
            let (tag, psk) = self.members.get(id)?.secrets.slot.clone()?;
            Some((*id, tag, psk))
        };
        let unsent: Vec<(MemberId, Tag, Secret32)> = unsent.iter().filter_map(slot).collect();
        let unsent = unsent.chunks(UNSENT).map(|chunk| item(Item::Unsent(chunk.to_vec())));
        members.chain(invites).chain(marks).chain(removals).chain(unsent).collect()
    }

    /// Reads a snapshot, checking it against the digest that the announcement signed.
    ///
    /// # Errors
    /// Not the items that were signed, or not items.
    pub fn from_snapshot(context: Context, items: &[Vec<u8>], signed: &[u8; 32]) -> Result<Self, WireError> {
        if digest(&context, items) != *signed {
            return Err(WireError::Malformed("roster does not match the announcement".to_owned()));
        }
        let mut roster = Self::new(context);
        for item in items {
            match wire::decode_body::<ItemBody>(item)?.item {
                Item::Member(member) => {
                    roster.members.insert(member.id, *member);
                }
                Item::Invite(invite) if cards_are_in_order(&invite) => roster.insert_invite(invite),
                Item::Invite(_) => return Err(WireError::Malformed("a batch of too many cards".to_owned())),
                Item::Marks(marks) => roster.marks.extend(marks),
                Item::Removals(removals) => {
                    removals.into_iter().for_each(|(came, event)| roster.keep_evidence(came, event));
                }
                Item::Unsent(unsent) => {
                    for (id, tag, psk) in unsent {
                        if let Some(member) = roster.members.get_mut(&id) {
                            member.secrets.slot = Some((tag, psk));
                        }
                    }
                }
            }
        }
        Ok(roster)
    }

    /// Everything, `tag_e` and `psk_e` included: for the vault of a coordinator, which is sealed.
    #[must_use]
    pub fn to_vault_bytes(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let members: Vec<&RosterMember> = self.members.values().collect();
        let invites: Vec<&RosterInvite> = self.invites.values().collect();
        let cards: Vec<(&InviteId, &(InviteId, u16))> = self.cards.iter().collect();
        let marks: Vec<&Mark> = self.marks.iter().collect();
        let evidence: Vec<&(Epoch, Signed)> = self.evidence.values().collect();
        zeroize::Zeroizing::new(wire::encode(&(self.context.epoch, members, invites, cards, marks, evidence)))
    }

    /// Reads [`Roster::to_vault_bytes`].
    ///
    /// # Errors
    /// Not such bytes.
    pub fn from_vault_bytes(place: Place, bytes: &[u8]) -> Result<Self, WireError> {
        type Card = (InviteId, (InviteId, u16));
        type Stored = (Epoch, Vec<RosterMember>, Vec<RosterInvite>, Vec<Card>, Vec<Mark>, Vec<(Epoch, Signed)>);
        let (epoch, members, invites, cards, marks, evidence): Stored = wire::decode_large(bytes)?;
        let mut roster = Self {
            context: place.at(epoch),
            members: members.into_iter().map(|member| (member.id, member)).collect(),
            invites: invites.into_iter().map(|invite| (invite.id, invite)).collect(),
            cards: cards.into_iter().collect(),
            marks: marks.into_iter().collect(),
            evidence: BTreeMap::new(),
        };
        evidence.into_iter().for_each(|(came, event)| roster.keep_evidence(came, event));
        Ok(roster)
    }
}

fn item(item: Item) -> Vec<u8> {
    wire::encode_body(&ItemBody { item, extensions: Extensions::default() })
}

fn member_item(member: &RosterMember) -> Vec<u8> {
    let mut member = Box::new(member.clone());
    member.secrets.slot = None;
    item(Item::Member(member))
}

/// A batch of cards is for responders, and has an end.
const fn cards_are_in_order(invite: &RosterInvite) -> bool {
    invite.cards == 0 || (invite.cards <= MAX_CARDS && matches!(invite.role, InviteRole::Responder))
}

/// With room for the epoch and the time to grow into more bytes.
const fn fits_an_object(item: &[u8]) -> bool {
    item.len() + 2 * 8 <= object::CONTENT_LEN
}

/// Whether what a newcomer says about themselves leaves their entry room in an object.
#[must_use]
pub fn offer_fits(handle: &str, languages: &[String], roles: &[Code]) -> bool {
    let words = languages.iter().map(String::len).chain(roles.iter().map(|role| role.as_str().len()));
    handle.len() + 1 + words.map(|len| len + 1).sum::<usize>() <= OFFER_LEN
}

/// `SHA-256("watchfire v1 roster digest" 00 || ctx || u32be(items) || SHA-256(item)*)`.
#[must_use]
pub fn digest(context: &Context, items: &[Vec<u8>]) -> [u8; 32] {
    let mut bytes = Domain::RosterDigest.prefix();
    bytes.extend_from_slice(&context.bytes());
    bytes.extend_from_slice(&u32::try_from(items.len()).unwrap_or(u32::MAX).to_be_bytes());
    for item in items {
        bytes.extend_from_slice(&sha256(&[item]));
    }
    sha256(&[&bytes])
}
