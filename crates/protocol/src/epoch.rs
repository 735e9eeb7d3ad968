//! The keys of an epoch, and opening one. `docs/protocol.md`, "Epochs".

use std::collections::BTreeSet;

use rand_core::CryptoRng;

use crate::announcement::{Announcement, Keys, SignedAnnouncement, Slots};
use crate::charter::Rights;
use crate::id::{AnnouncementHash, CharterHash, Epoch, KeysHash, MemberId, Tag, sha256};
use crate::kdf::{Context, Place};
use crate::labels::Derive;
use crate::names::{self, NamesBlock};
use crate::object;
use crate::ratchet::{Chain, ChainOf};
use crate::roster::Roster;
use crate::run::{OBJECT_LEN, Object, run_list, slots_root};
use crate::seal::{KemSecretKey, Unopenable};
use crate::secret::{Secret, Secret32};
use crate::sign::SecretKey;
use crate::slot::{Recipient, SlotSecret, seal_slot};
use crate::time::{Hour, Timestamp};
use crate::wire::{self, Extensions};

/// What every member holds of an epoch: `S_m` and the members' chain.
#[derive(Clone)]
pub struct MemberKeys {
    context: Context,
    secret: Secret32,
    chain: Chain,
}

impl MemberKeys {
    /// Takes `S_m` and a chain.
    #[must_use]
    pub const fn new(context: Context, secret: Secret32, chain: Chain) -> Self {
        Self { context, secret, chain }
    }

    /// `S_m`.
    #[must_use]
    pub const fn secret(&self) -> &Secret32 {
        &self.secret
    }

    /// The members' chain.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The members' chain, to be stepped.
    pub const fn chain_mut(&mut self) -> &mut Chain {
        &mut self.chain
    }

    /// The members' role key.
    #[must_use]
    pub fn role_key(&self) -> SecretKey {
        SecretKey::from_seed(&self.context.derive(&self.secret, Derive::MemberKey, b""))
    }

    /// The key of the names objects.
    #[must_use]
    pub fn names_key(&self) -> Secret32 {
        self.context.derive(&self.secret, Derive::NamesKey, b"")
    }

    /// The tag of names object `j`.
    #[must_use]
    pub fn names_tag(&self, j: u32) -> Tag {
        Tag(*self.context.derive::<16>(&self.secret, Derive::NamesTag, &j.to_be_bytes()).expose())
    }
}

/// What every coordinator holds of an epoch besides: `S_c` and the coordinators' chain.
#[derive(Clone)]
pub struct CoordinatorKeys {
    context: Context,
    secret: Secret32,
    chain: Chain,
}

impl CoordinatorKeys {
    /// Takes `S_c` and a chain.
    #[must_use]
    pub const fn new(context: Context, secret: Secret32, chain: Chain) -> Self {
        Self { context, secret, chain }
    }

    /// `S_c`.
    #[must_use]
    pub const fn secret(&self) -> &Secret32 {
        &self.secret
    }

    /// The coordinators' chain.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The coordinators' chain, to be stepped.
    pub const fn chain_mut(&mut self) -> &mut Chain {
        &mut self.chain
    }

    /// The coordinators' role key.
    #[must_use]
    pub fn role_key(&self) -> SecretKey {
        SecretKey::from_seed(&self.context.derive(&self.secret, Derive::CoordinatorKey, b""))
    }

    /// The key that inbox records are sealed to.
    #[must_use]
    pub fn inbox_key(&self) -> KemSecretKey {
        KemSecretKey::from_seed(self.context.derive(&self.secret, Derive::InboxKem, b""))
    }

    /// The key of roster objects and roster records.
    #[must_use]
    pub fn roster_key(&self) -> Secret32 {
        self.context.derive(&self.secret, Derive::RosterKey, b"")
    }

    /// The tag of roster object `j`.
    #[must_use]
    pub fn roster_tag(&self, j: u32) -> Tag {
        let tag: Secret<16> = self.context.derive(&self.secret, Derive::RosterTag, &j.to_be_bytes());
        Tag(*tag.expose())
    }
}

/// One member's keys of an epoch.
#[derive(Clone)]
pub struct EpochKeys {
    /// As a member.
    pub member: MemberKeys,
    /// As a coordinator, for those who are.
    pub coordinator: Option<CoordinatorKeys>,
}

impl EpochKeys {
    /// Draws the four fresh secrets of an epoch.
    pub fn generate(context: Context, rng: &mut impl CryptoRng) -> Self {
        let mut chain = |of| Chain::new(context, of, Hour(0), Secret32::generate(rng));
        let (members, coordinators) = (chain(ChainOf::Members), chain(ChainOf::Coordinators));
        Self {
            member: MemberKeys::new(context, Secret32::generate(rng), members),
            coordinator: Some(CoordinatorKeys::new(context, Secret32::generate(rng), coordinators)),
        }
    }

    /// Where and when they belong.
    #[must_use]
    pub const fn context(&self) -> Context {
        self.member.context
    }

    /// The same keys without the coordinators' part.
    #[must_use]
    pub fn for_member(&self) -> Self {
        Self { member: self.member.clone(), coordinator: None }
    }

    /// The same keys, with chains that begin at `hour`: for somebody who joins then.
    #[must_use]
    pub fn from_hour(&self, hour: Hour) -> Self {
        let mut keys = self.clone();
        keys.member.chain.advance(hour);
        if let Some(coordinator) = &mut keys.coordinator {
            coordinator.chain.advance(hour);
        }
        keys
    }

    /// Whether these keys are those that the announcement shows. A chain past hour 0 cannot be recomputed: there the
    /// signature of whoever added the late slot stands for it.
    #[must_use]
    pub fn matches(&self, announcement: &Announcement) -> bool {
        let keys = announcement.keys();
        let member = self.context() == announcement.context()
            && self.member.role_key().public() == keys.member_key
            && (self.member.chain.hour() != Hour(0) || self.member.chain.commitment() == keys.chain_commit);
        let coordinator = self.coordinator.as_ref().is_none_or(|own| {
            own.role_key().public() == keys.coordinator_key
                && own.inbox_key().public() == keys.inbox
                && (own.chain.hour() != Hour(0) || own.chain.commitment() == keys.coordinator_chain_commit)
        });
        member && coordinator
    }
}

/// What an opener knows of the epoch that it opens.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Network and neighborhood.
    pub place: Place,
    /// The new epoch.
    pub epoch: Epoch,
    /// The announcement that it follows; none for the first.
    pub predecessors: Vec<AnnouncementHash>,
    /// Who may do what: it decides who gets the coordinators' part.
    pub rights: Rights<'a>,
    /// When.
    pub opened_at: Timestamp,
    /// At least so many slots: as many as the epoch before has, unless this opening is a scheduled one. What shrank at a
    /// removal would tell the relay of it.
    pub at_least: usize,
    /// Members who get no slot yet.
    pub suspended: BTreeSet<MemberId>,
}

/// All that is uploaded to open an epoch. Its keys reach the opener as they reach everybody: by its slot.
pub struct Opened {
    /// The announcement.
    pub announcement: SignedAnnouncement,
    /// Slots, sorted by tag, dummies among them.
    pub slots: Vec<Object>,
    /// Roster and names, and as many random objects as hide how many they are.
    pub others: Vec<Object>,
}

/// Slot counts are rounded up to a multiple of this; of [`LARGE_STEP`] above that number.
pub const STEP: usize = 32;
/// See [`STEP`].
pub const LARGE_STEP: usize = 256;

/// How many slots a neighborhood of so many members has, dummies included.
#[must_use]
pub const fn slot_count(members: usize) -> usize {
    let step = if members > LARGE_STEP { LARGE_STEP } else { STEP };
    if members == 0 { step } else { members.div_ceil(step) * step }
}

/// Draws an epoch's keys and seals them to every member of the roster.
///
/// `roster` is the one at the tail of the epoch before, already stepped to the new one by [`Roster::step_to`]. Slots are
/// sealed on all cores; `make_rng` is called once on each, and must give independent randomness every time.
///
/// # Errors
/// A member's key is no X-Wing key, an entry does not fit into an object, or the roster is of another epoch: its members
/// would look for slots that are not there.
pub fn open_epoch<R: CryptoRng>(
    opening: &Opening<'_>,
    roster: &Roster,
    names: &NamesBlock,
    signer: &SecretKey,
    make_rng: &(impl Fn() -> R + Sync),
) -> Result<Opened, Unopenable> {
    let context = opening.place.at(opening.epoch);
    let rng = &mut make_rng();
    let all = EpochKeys::generate(context, rng);
    let member_only = all.for_member();
    let Some(coordinator) = &all.coordinator else { return Err(Unopenable) };
    if roster.context() != context {
        return Err(Unopenable);
    }
    let items = roster.snapshot_without_slots(&opening.suspended);
    let charter = opening.rights.charter();
    let keys = Keys {
        network: opening.place.network,
        neighborhood: opening.place.neighborhood,
        epoch: opening.epoch,
        predecessors: opening.predecessors.clone(),
        charter_version: charter.version(),
        charter: charter.hash(),
        restrictions: opening.rights.restrictions(),
        opened_at: opening.opened_at,
        member_key: all.member.role_key().public(),
        coordinator_key: coordinator.role_key().public(),
        inbox: coordinator.inbox_key().public(),
        chain_commit: all.member.chain.commitment(),
        coordinator_chain_commit: coordinator.chain.commitment(),
        roster_digest: crate::roster::digest(&context, &items),
        extensions: Extensions::default(),
    };
    let keys_hash = KeysHash(sha256(&[&wire::encode_body(&keys)]));

    let plan = Plan { all: &all, member_only: &member_only, keys_hash, charter: charter.hash() };
    let count = slot_count(roster.members().len()).max(opening.at_least);
    let mut slots = plan.seal_all(&recipients(opening, roster)?, count, make_rng)?;
    slots.sort_by_key(|slot| slot.tag);
    let hashes: Vec<_> = slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
    let b = Slots {
        count: u32::try_from(slots.len()).map_err(|_| Unopenable)?,
        root: slots_root(&run_list(&hashes)),
        extensions: Extensions::default(),
    };

    let (roster_key, names_key) = (coordinator.roster_key(), all.member.names_key());
    let mut contents: Vec<Option<(Tag, &Secret32, &[u8])>> = Vec::new();
    contents.extend((0..).zip(&items).map(|(j, item)| Some((coordinator.roster_tag(j), &roster_key, item.as_slice()))));
    let parts = names::parts(names);
    contents.extend((0..).zip(&parts).map(|(j, part)| Some((all.member.names_tag(j), &names_key, part.as_slice()))));
    contents.resize(slot_count(contents.len()).max(slots.len()), None);
    let mut others = on_all_cores(&contents, make_rng, |content, rng| match content {
        Some((tag, key, content)) => object::seal(&context, *tag, key, content, rng),
        None => dummy_object(&context, rng),
    })?;
    others.sort_by_key(|object| object.tag);
    Ok(Opened { announcement: SignedAnnouncement::sign(&keys, &b, signer), slots, others })
}

/// An object that nobody ever opens.
fn dummy_object(context: &Context, rng: &mut impl CryptoRng) -> Result<Object, Unopenable> {
    let tag = Tag(*Secret::<16>::generate(rng).expose());
    object::seal(context, tag, &Secret32::generate(rng), b"", rng)
}

/// Takes roster and names of an epoch that was opened elsewhere, and adds as many random objects as hide how many they are.
///
/// # Errors
/// There are more than can be.
pub fn hide_among_dummies(
    context: &Context,
    mut objects: Vec<Object>,
    slots: usize,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Object>, Unopenable> {
    for _ in objects.len()..slot_count(objects.len()).max(slots) {
        objects.push(dummy_object(context, rng)?);
    }
    objects.sort_by_key(|object| object.tag);
    Ok(objects)
}

/// Who gets a slot, and whether with the coordinators' part.
fn recipients<'a>(opening: &Opening<'_>, roster: &'a Roster) -> Result<Vec<(Recipient<'a>, bool)>, Unopenable> {
    let mut taken = BTreeSet::new();
    let mut out = Vec::with_capacity(roster.members().len());
    for member in roster.members().values().filter(|member| !opening.suspended.contains(&member.id)) {
        let Some((tag, psk)) = &member.secrets.slot else { return Err(Unopenable) };
        // Whoever joined twice with one secret gets one slot: two of one tag would stop every opening.
        if taken.insert(*tag) {
            let right = |key| opening.rights.any_right(key, opening.place.neighborhood, opening.opened_at);
            let coordinator = member.charter_key.as_ref().and_then(right).is_some();
            out.push((Recipient { tag: *tag, psk, kem: &member.kem }, coordinator));
        }
    }
    Ok(out)
}

/// What every slot of an epoch is sealed from.
struct Plan<'a> {
    all: &'a EpochKeys,
    member_only: &'a EpochKeys,
    keys_hash: KeysHash,
    charter: CharterHash,
}

impl Plan<'_> {
    /// Seals a slot to each recipient, and padding up to `count`, on all cores.
    fn seal_all<R: CryptoRng>(
        &self,
        recipients: &[(Recipient<'_>, bool)],
        count: usize,
        make_rng: &(impl Fn() -> R + Sync),
    ) -> Result<Vec<Object>, Unopenable> {
        let padding = std::iter::repeat_n(None, count.saturating_sub(recipients.len()));
        let jobs: Vec<Option<&(Recipient<'_>, bool)>> = recipients.iter().map(Some).chain(padding).collect();
        on_all_cores(&jobs, make_rng, |job, rng| self.seal_one(*job, rng))
    }

    fn seal_one(
        &self,
        recipient: Option<&(Recipient<'_>, bool)>,
        rng: &mut impl CryptoRng,
    ) -> Result<Object, Unopenable> {
        let Some((recipient, coordinator)) = recipient else {
            return dummy_slot(self.member_only, self.keys_hash, self.charter, rng);
        };
        let keys = if *coordinator { self.all } else { self.member_only };
        let body = seal_slot(keys, self.keys_hash, self.charter, recipient, rng)?;
        Ok(Object { tag: recipient.tag, body })
    }
}

/// Does one thing for each of `jobs`, in no order, with a source of randomness a thread. They are dealt out in turn: some
/// cost more than others, and those stand together.
fn on_all_cores<T: Sync, U: Send, R: CryptoRng>(
    jobs: &[T],
    make_rng: &(impl Fn() -> R + Sync),
    work: impl Fn(&T, &mut R) -> Result<U, Unopenable> + Sync,
) -> Result<Vec<U>, Unopenable> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = |first: usize| -> Result<Vec<U>, Unopenable> {
        let mut rng = make_rng();
        jobs.iter().skip(first).step_by(threads).map(|job| work(job, &mut rng)).collect()
    };
    let shares = std::thread::scope(|scope| {
        let share = &share;
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || share(first))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(Err(Unopenable))).collect::<Result<Vec<_>, _>>()
    });
    Ok(shares?.into_iter().flatten().collect())
}

/// A real seal to a key that nobody keeps, of secrets that open nothing: random bytes could be told apart.
fn dummy_slot(
    like: &EpochKeys,
    keys_hash: KeysHash,
    charter: CharterHash,
    rng: &mut impl CryptoRng,
) -> Result<Object, Unopenable> {
    let nobody = SlotSecret::generate(like.context(), rng);
    let kem = KemSecretKey::generate(rng).public();
    let empty = EpochKeys::generate(like.context(), rng).for_member();
    let recipient = Recipient { tag: nobody.tag(), psk: &nobody.psk(), kem: &kem };
    let body: Box<[u8; OBJECT_LEN]> = seal_slot(&empty, keys_hash, charter, &recipient, rng)?;
    Ok(Object { tag: recipient.tag, body })
}
