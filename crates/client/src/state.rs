//! What the vault holds, by bucket.

use bincode::{Decode, Encode};
use watchfire_protocol::alert::AlertSignature;
use watchfire_protocol::branch::{Branches, Candidate};
use watchfire_protocol::charter::{Charter, Right, Rights};
use watchfire_protocol::epoch::{CoordinatorKeys, EpochKeys, MemberKeys};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{
    AlertId, AnnouncementHash, CharterHash, CoordinatorId, DeskId, Epoch, InviteId, MemberId, NeighborhoodId,
    NetworkId, RecordId, RequestHash, sha256_16,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::ratchet::{Chain, ChainOf};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::slot::MemberAuth;
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_protocol::verdict::Counted;
use watchfire_protocol::wire::Signed;

use crate::epochs::random16;
use crate::error::ClientError;
use crate::records::Arrival;
use crate::vault::{Bucket, Tx};

/// `Meta`: who this vault is.
#[derive(Clone, Encode, Decode)]
pub struct Profile {
    /// The network.
    pub network: NetworkId,
    /// Its name, as far as it is known here.
    pub network_name: String,
    /// The admin signing key, for an admin.
    pub admin: Option<Secret32>,
    /// This device's charter key, for whoever founded the network or handed it out for the charter.
    pub device: Option<Secret32>,
    /// Charter keys that join requests brought: the charter says which of them it grants anything.
    pub candidates: Vec<Secret32>,
    /// Who the device belongs to in the charter: for whoever founded the network.
    pub coordinator: CoordinatorId,
    /// What this person wants to be called.
    pub handle: String,
}

const PROFILE: &[u8] = b"profile";
const CHARTER_SINCE: &[u8] = b"charter since";
/// An admin key in a vault that is in no network yet.
const WAITING_ADMIN: &[u8] = b"admin";

/// The seed of the admin key, in a network or in none yet.
pub(crate) fn admin_seed(tx: &Tx<'_>) -> Result<Option<Secret32>, ClientError> {
    match Profile::load(tx) {
        Ok(profile) => Ok(profile.admin),
        Err(ClientError::NoNetwork) => Ok(tx.get(Bucket::Meta, WAITING_ADMIN)?),
        Err(error) => Err(error),
    }
}

/// Keeps an admin key until the vault enters a network.
pub(crate) fn keep_waiting_admin(tx: &Tx<'_>, seed: &Secret32) -> Result<(), ClientError> {
    Ok(tx.put(Bucket::Meta, WAITING_ADMIN, seed)?)
}

fn is_revoked(charters: &CharterHistory, key: &SecretKey) -> bool {
    charters.newest().body().revocations.iter().any(|revocation| revocation.key == key.public())
}

impl Profile {
    /// Whoever enters a network that somebody else founded, with the admin key that waited for it.
    pub(crate) fn entering(tx: &Tx<'_>, network: NetworkId, handle: String) -> Result<Self, ClientError> {
        let admin = admin_seed(tx)?;
        tx.delete(Bucket::Meta, WAITING_ADMIN)?;
        let (network_name, coordinator) = (String::new(), CoordinatorId(random16()));
        Ok(Self { network, network_name, admin, device: None, candidates: vec![], coordinator, handle })
    }

    /// Reads it.
    ///
    /// # Errors
    /// The vault is in no network, or the disk refuses.
    pub fn load(tx: &Tx<'_>) -> Result<Self, ClientError> {
        tx.get(Bucket::Meta, PROFILE)?.ok_or(ClientError::NoNetwork)
    }

    /// Writes it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn save(&self, tx: &Tx<'_>) -> Result<(), ClientError> {
        Ok(tx.put(Bucket::Meta, PROFILE, self)?)
    }

    /// The charter key of this device: the one that the newest charter knows, or else the one that was handed out for it,
    /// unless it was revoked.
    pub(crate) fn charter_key(&self, charters: &CharterHistory) -> Option<SecretKey> {
        let mut keys = self.device.iter().chain(&self.candidates).map(SecretKey::from_seed);
        let known = keys.find(|key| charters.rights().coordinator_of(&key.public()).is_some());
        known.or_else(|| self.device.as_ref().map(SecretKey::from_seed).filter(|key| !is_revoked(charters, key)))
    }

    /// The same; without one, the key of the newest join request becomes it, or a fresh one.
    pub(crate) fn hand_out_charter_key(&mut self, charters: &CharterHistory) -> SecretKey {
        if let Some(key) = self.charter_key(charters) {
            return key;
        }
        let retired = self.device.take();
        let newest = self.candidates.last().map(SecretKey::from_seed);
        let fits = newest.filter(|key| !is_revoked(charters, key));
        let key = fits.unwrap_or_else(|| SecretKey::generate(&mut rand::rng()));
        self.candidates.extend(retired);
        self.device = Some(key.seed());
        key
    }

    /// The device key that has a right in a neighborhood, in whatever window.
    ///
    /// # Errors
    /// None of this vault's keys has one there.
    pub fn device_key(
        &self,
        rights: &Rights<'_>,
        hood: NeighborhoodId,
        what: &'static str,
    ) -> Result<SecretKey, ClientError> {
        let known = |key: &SecretKey| {
            let has = |right| rights.ever_granted(&key.public(), hood, right).is_some();
            has(Right::Dispatch) || has(Right::Enroll)
        };
        let mut keys = self.device.iter().chain(&self.candidates).map(SecretKey::from_seed);
        keys.find(known).ok_or(ClientError::NotGranted(what))
    }

    /// The admin key.
    ///
    /// # Errors
    /// This vault has none.
    pub fn admin_key(&self, what: &'static str) -> Result<SecretKey, ClientError> {
        self.admin.as_ref().map(SecretKey::from_seed).ok_or(ClientError::NotGranted(what))
    }
}

/// When the newest charter was first held by a connected vault: if it never was, `now`.
///
/// # Errors
/// The disk refuses.
pub fn charter_since(tx: &Tx<'_>, charters: &CharterHistory, now: Timestamp) -> Result<Timestamp, ClientError> {
    let version = charters.newest().version();
    let noted: Option<(u64, Timestamp)> = tx.get(Bucket::Meta, CHARTER_SINCE)?;
    if let Some((_, at)) = noted.filter(|(noted, _)| *noted == version) {
        return Ok(at);
    }
    tx.put(Bucket::Meta, CHARTER_SINCE, &(version, now))?;
    Ok(now)
}

/// Why a member has no keys of the newest epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Missing {
    /// The run is whole and has no slot for this member: removed by whoever opened the epoch, or shut out by another
    /// device that renewed with this identity.
    Removed {
        /// The opener's device key.
        by: PublicKey,
    },
    /// The relay does not give the run.
    Withheld,
}

/// When this member renews in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RenewalPlan {
    /// The epoch.
    pub epoch: Epoch,
    /// At a random time in its first days, drawn once.
    pub at: Timestamp,
    /// Whether it was made: it is in the outbox, or was sent.
    pub made: bool,
}

/// `Hood`: this person in one neighborhood.
#[derive(Clone, Encode, Decode)]
pub struct Hood {
    /// The neighborhood.
    pub id: NeighborhoodId,
    /// The network.
    pub network: NetworkId,
    /// This member's id.
    pub member: MemberId,
    /// The identity key's seed.
    pub identity: Secret32,
    /// X-Wing keys and slot secrets, with and without a renewal of which it is not known yet whether it was folded.
    pub branches: Branches,
    /// Slots to look for: those of epochs without keys, oldest first, and in each the newest branch first.
    pub pending: Vec<Candidate>,
    /// This epoch's renewal.
    pub renewal: Option<RenewalPlan>,
    /// The newest epoch with keys; 0 before the first.
    pub epoch: Epoch,
    /// Its announcement.
    pub announcement: AnnouncementHash,
    /// The first epoch of this member.
    pub first_epoch: Epoch,
    /// The first hour in it that concerns this member.
    pub first_hour: Hour,
    /// Whether the phrase was confirmed, or the link was handed over in person.
    pub confirmed: bool,
    /// The newest time in a verified signature.
    pub highest: Timestamp,
    /// Why the newest epoch has no keys here.
    pub missing: Option<Missing>,
    /// When the relay was last reached and read to its tail.
    pub synced: Timestamp,
    /// What was told of by then, and is not here, is missing: as of the last time that a log was read to its tail.
    pub tail: Timestamp,
    /// Whether the clock was in doubt then.
    pub clock_in_doubt: bool,
    /// Since when; erasing waits for at most seven days.
    pub doubt_since: Option<Timestamp>,
    /// Since when the relay was seen without the slots of the current epoch.
    pub incomplete_since: Option<Timestamp>,
    /// When this vault last opened an epoch because slots were lost.
    pub reopened: Option<Timestamp>,
    /// The last epoch that was followed by another although its slots were lost: whoever was away never opens what was
    /// sealed in it. 0 for none.
    pub lost: Epoch,
}

impl Hood {
    /// Network and neighborhood.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place { network: self.network, neighborhood: self.id }
    }

    /// The identity key.
    #[must_use]
    pub fn identity_key(&self) -> SecretKey {
        SecretKey::from_seed(&self.identity)
    }

    /// Reads it.
    ///
    /// # Errors
    /// There is none, or the disk refuses.
    pub fn load(tx: &Tx<'_>, id: NeighborhoodId) -> Result<Self, ClientError> {
        tx.get(Bucket::Hood, &id.0)?.ok_or_else(|| ClientError::NoNeighborhood { name: id.to_string(), known: vec![] })
    }

    /// Writes it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn save(&self, tx: &Tx<'_>) -> Result<(), ClientError> {
        Ok(tx.put(Bucket::Hood, &self.id.0, self)?)
    }

    /// All of them.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn all(tx: &Tx<'_>) -> Result<Vec<Self>, ClientError> {
        Ok(tx.list(Bucket::Hood, b"")?.into_iter().map(|(_, hood)| hood).collect())
    }
}

/// `Epoch`: the keys of one epoch.
#[derive(Clone, Encode, Decode)]
pub struct EpochState {
    /// The epoch.
    pub epoch: Epoch,
    /// Its announcement.
    pub announcement: AnnouncementHash,
    /// When it opened.
    pub opened_at: Timestamp,
    /// `auth_e`.
    pub auth: Secret32,
    /// The seed of the X-Wing key that its slot was sealed to: what is for this member alone is sealed to it, too.
    pub kem: Secret32,
    member: Secret32,
    chain: (Hour, Secret32),
    coordinator: Option<(Secret32, Hour, Secret32)>,
}

impl EpochState {
    /// Takes an epoch's keys.
    #[must_use]
    pub fn new(
        keys: &EpochKeys,
        announcement: AnnouncementHash,
        opened_at: Timestamp,
        (auth, kem): (Secret32, Secret32),
    ) -> Self {
        let chain = |chain: &Chain| (chain.hour(), chain.key().clone());
        Self {
            epoch: keys.context().epoch,
            announcement,
            opened_at,
            auth,
            kem,
            member: keys.member.secret().clone(),
            chain: chain(keys.member.chain()),
            coordinator: keys.coordinator.as_ref().map(|coordinator| {
                let (hour, key) = chain(coordinator.chain());
                (coordinator.secret().clone(), hour, key)
            }),
        }
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self, place: Place) -> EpochKeys {
        let context = place.at(self.epoch);
        let (hour, key) = &self.chain;
        let chain = Chain::new(context, ChainOf::Members, *hour, key.clone());
        EpochKeys {
            member: MemberKeys::new(context, self.member.clone(), chain),
            coordinator: self.coordinator.as_ref().map(|(secret, hour, key)| {
                let chain = Chain::new(context, ChainOf::Coordinators, *hour, key.clone());
                CoordinatorKeys::new(context, secret.clone(), chain)
            }),
        }
    }

    /// Forgets every hour before `hour`. Returns whether anything changed.
    pub fn erase_before(&mut self, place: Place, hour: Hour) -> bool {
        if self.chain.0 >= hour {
            return false;
        }
        let mut keys = self.keys(place);
        keys.member.chain_mut().advance(hour);
        if let Some(coordinator) = &mut keys.coordinator {
            coordinator.chain_mut().advance(hour);
        }
        *self = Self::new(&keys, self.announcement, self.opened_at, (self.auth.clone(), self.kem.clone()));
        true
    }

    /// The first hour of which the members' key is here.
    #[must_use]
    pub const fn first_hour(&self) -> Hour {
        self.chain.0
    }

    /// `auth_e`.
    #[must_use]
    pub fn auth(&self, place: Place) -> MemberAuth {
        MemberAuth::new(place.at(self.epoch), self.auth.clone())
    }

    /// Reads it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn load(tx: &Tx<'_>, hood: NeighborhoodId, epoch: Epoch) -> Result<Option<Self>, ClientError> {
        Ok(tx.get(Bucket::Epoch, &epoch_name(hood, epoch))?)
    }

    /// Writes it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn save(&self, tx: &Tx<'_>, hood: NeighborhoodId) -> Result<(), ClientError> {
        Ok(tx.put(Bucket::Epoch, &epoch_name(hood, self.epoch), self)?)
    }
}

/// The name of a value of one epoch.
#[must_use]
pub fn epoch_name(hood: NeighborhoodId, epoch: Epoch) -> Vec<u8> {
    [&hood.0[..], &epoch.0.to_be_bytes()].concat()
}

/// The name of a value of one neighborhood with an id of its own.
#[must_use]
pub fn name(hood: NeighborhoodId, id: &[u8]) -> Vec<u8> {
    [&hood.0[..], id].concat()
}

/// `Alert`: a claim that could be shown when it arrived. It is judged again whenever it is looked at.
#[derive(Clone, Encode, Decode)]
pub struct StoredAlert {
    /// `SignedAlert`, encoded.
    pub signed: Vec<u8>,
    /// The epoch of the record that it came in.
    pub record_epoch: Epoch,
    /// The hour of that record.
    pub record_hour: Hour,
    /// When it first arrived.
    pub received: Timestamp,
    /// Whether it was printed.
    pub printed: bool,
    /// How many coordinators had signed it when that was last told.
    pub told: u8,
    /// Whether this vault wrote it.
    pub own: bool,
    /// Whether it was seen in a relay's log, and in which relay's; its own copy after an append counts once it is read.
    pub seen_at: Vec<PublicKey>,
    /// When it expires, as judged.
    pub expires: Timestamp,
    /// The signatures that counted when it was shown: they go on to, whoever is revoked since.
    pub counted: Vec<Counted>,
}

impl StoredAlert {
    /// How it came, for its judgement.
    pub(crate) fn arrival(&self) -> Arrival<'_> {
        Arrival { record_epoch: self.record_epoch, received: self.received, accepted: &self.counted }
    }
}

/// `CoSign`: a signature under an alert, checked whenever it is added to one.
#[derive(Clone, Encode, Decode)]
pub struct StoredCoSign {
    /// The signature.
    pub signature: AlertSignature,
    /// When it arrived.
    pub received: Timestamp,
    /// In which relays' logs it was seen, by itself or with its alert.
    pub seen_at: Vec<PublicKey>,
}

/// What a signature is called among those of its neighborhood. Two signatures by one key under one alert are two: which
/// of them is good is known once the alert is there.
#[must_use]
pub fn co_sign_name(alert: &AlertId, signature: &AlertSignature) -> [u8; 32] {
    let own = sha256_16(&[&watchfire_protocol::wire::encode(signature)]);
    let mut name = [0; 32];
    name.iter_mut().zip(alert.0.iter().chain(&own)).for_each(|(to, from)| *to = *from);
    name
}

/// What is known to be in relays' logs.
pub(crate) trait SeenAt {
    /// In which relays' logs it was seen.
    fn seen_at(&mut self) -> &mut Vec<PublicKey>;
}

impl SeenAt for StoredAlert {
    fn seen_at(&mut self) -> &mut Vec<PublicKey> {
        &mut self.seen_at
    }
}

impl SeenAt for StoredCoSign {
    fn seen_at(&mut self) -> &mut Vec<PublicKey> {
        &mut self.seen_at
    }
}

impl SeenAt for StoredEvent {
    fn seen_at(&mut self) -> &mut Vec<PublicKey> {
        &mut self.seen_at
    }
}

/// `Held`: what was kept aside.
#[derive(Clone, Encode, Decode)]
pub struct StoredHeld {
    /// `SignedAlert`, encoded, where the record could be opened.
    pub signed: Option<Vec<u8>>,
    /// The epoch of the record.
    pub record_epoch: Epoch,
    /// Why, in words; judged again where there is a claim.
    pub reason: String,
    /// When it arrived.
    pub received: Timestamp,
}

/// `Seen`: a record that was taken.
#[derive(Clone, Encode, Decode)]
pub struct SeenRecord {
    /// When.
    pub at: Timestamp,
    /// The names of the alert and the signatures in it, or of the roster event: so that the same record at a relay that
    /// was restored counts as there.
    pub of: Vec<Vec<u8>>,
}

/// `Deferred`: a record of an epoch whose slot was not opened yet.
#[derive(Clone, Encode, Decode)]
pub struct DeferredRecord {
    /// Its channel.
    pub channel: watchfire_protocol::record::Channel,
    /// Its bytes.
    pub record: Vec<u8>,
    /// When it arrived.
    pub received: Timestamp,
}

/// `Answer`: one member's newest answer to one alert.
#[derive(Clone, Encode, Decode)]
pub struct StoredAnswer {
    /// Who.
    pub member: MemberId,
    /// To which alert.
    pub alert: AlertId,
    /// When, as its author says.
    pub sent: Timestamp,
    /// When it first arrived.
    pub received: Timestamp,
    /// `AnswerContent`, the newest that a person gave.
    pub content: Option<watchfire_protocol::vocabulary::AnswerContent>,
    /// When they said last that they are out, and that they ask for help, and that they are safe.
    pub said: Said,
}

/// `AsSaid`: the times of one member's answers to one alert as their author said them, where `StoredAnswer` has them no later
/// than its reader's clock.
#[derive(Clone, Copy, Encode, Decode)]
pub struct AsSaid {
    /// Of the newest answer.
    pub sent: Timestamp,
    /// Of those that no later one takes back.
    pub said: Said,
}

/// When something was said: no later than its reader's clock, and, of what is one such time, as its author said. An author
/// dates no answer at or before the one before.
pub type Moment = (Timestamp, Timestamp);

/// One member's newest answer to one alert, or to a thread.
#[derive(Clone)]
pub struct Answered {
    /// Who.
    pub member: MemberId,
    /// To which alert.
    pub alert: AlertId,
    /// When.
    pub sent: Moment,
    /// When the first one arrived.
    pub received: Timestamp,
    /// The newest that a person gave.
    pub content: Option<watchfire_protocol::vocabulary::AnswerContent>,
    /// What no later one takes back.
    pub said: Moments,
    /// What they said when they asked for help.
    pub calls: Calls,
}

impl Answered {
    /// As it is stored. What was stored without the times that its author said counts by those that it has, and of what was
    /// stored without calls the newest one is known.
    #[must_use]
    pub fn of(stored: StoredAnswer, as_said: Option<&AsSaid>, calls: Option<Calls>) -> Self {
        let StoredAnswer { member, alert, sent, received, content, said } = stored;
        let AsSaid { sent: sent_as_said, said: as_said } = as_said.copied().unwrap_or(AsSaid { sent, said });
        let (sent, said) = ((sent, sent_as_said), Moments::of(said, as_said));
        let mut calls = calls.unwrap_or_default();
        if let Some(help) = said.help {
            let asked = content.as_ref().filter(|content| content.answer == "help");
            calls.note(help, asked.map_or("", |content| &content.text));
        }
        Self { member, alert, sent, received, content, said, calls }
    }

    /// As it is stored.
    #[must_use]
    pub fn to_stored(&self) -> (StoredAnswer, AsSaid, Calls) {
        let Self { member, alert, sent, received, content, said, calls } = self.clone();
        let as_said = AsSaid { sent: sent.1, said: said.map(|at| at.1) };
        (StoredAnswer { member, alert, sent: sent.0, received, content, said: said.map(|at| at.0) }, as_said, calls)
    }

    /// Since when they ask for help, and what they said of it last, unless they said after it that they are safe or have left:
    /// whoever repeats a call makes no other one.
    #[must_use]
    pub fn call(&self) -> Option<(Timestamp, &str)> {
        let newest = self.said.unless_home(self.said.help)?;
        let (since, text) = self.calls.open(self.said.home);
        Some((since.unwrap_or(newest), text))
    }

    /// As what they count among those who come: `going` or `on-scene`. Whoever asks for help on the scene is still there, and
    /// whoever does on the way goes there no more.
    #[must_use]
    pub fn comes(&self) -> Option<&'static str> {
        let Moments { going, on_scene, .. } = self.said;
        match self.content.as_ref()?.answer.as_str() {
            "going" => Some("going"),
            "on-scene" => Some("on-scene"),
            "help" if on_scene >= going => self.said.unless_home(on_scene).map(|_| "on-scene"),
            _ => None,
        }
    }
}

/// `Calls`: the calls for help among one member's answers to one alert, or to a thread, that they did not end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Calls {
    /// When, in order: the first ones, and the newest.
    at: Vec<Moment>,
    /// The newest that said something, and what.
    text: Option<(Moment, String)>,
}

/// So many calls are kept of one person and alert, until they are safe.
const MAX_CALLS: usize = 16;

impl Calls {
    /// Notes a call, in whatever order they come.
    pub fn note(&mut self, at: Moment, text: &str) {
        if self.at.iter().all(|known| known.1 != at.1) {
            self.at.push(at);
            self.at.sort_unstable();
            if self.at.len() > MAX_CALLS {
                self.at.remove(MAX_CALLS - 1);
            }
        }
        if !text.is_empty() && self.text.as_ref().is_none_or(|(known, _)| at >= *known) {
            self.text = Some((at, text.to_owned()));
        }
    }

    /// Nothing was said later than now, and what they ended is over.
    pub fn settle(&mut self, now: Timestamp, home: Option<Moment>) {
        self.at.iter_mut().chain(self.text.as_mut().map(|(at, _)| at)).for_each(|at| at.0 = at.0.min(now));
        self.at.retain(|at| Some(*at) >= home);
        self.at.sort_unstable();
        self.text.take_if(|(at, _)| Some(*at) < home);
    }

    /// The first one after they said that they are safe, and what was said since.
    fn open(&self, home: Option<Moment>) -> (Option<Timestamp>, &str) {
        let first = self.at.iter().find(|at| Some(**at) >= home).map(|at| at.0);
        let text = self.text.as_ref().filter(|(at, _)| Some(*at) >= home);
        (first, text.map_or("", |(_, text)| text.as_str()))
    }

    /// The calls in answer to either of two alerts.
    pub fn add(&mut self, other: &Self) {
        other.at.iter().for_each(|at| self.note(*at, ""));
        if let Some((at, text)) = &other.text {
            self.note(*at, text);
        }
    }
}

/// What of a member's answers no later one takes back, except that they are safe or have left: by one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Said {
    /// On the way.
    pub going: Option<Timestamp>,
    /// On the scene.
    pub on_scene: Option<Timestamp>,
    /// In need of help.
    pub help: Option<Timestamp>,
    /// Safe, or leaving.
    pub home: Option<Timestamp>,
}

/// The same, in the order in which it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    /// On the way.
    pub going: Option<Moment>,
    /// On the scene.
    pub on_scene: Option<Moment>,
    /// In need of help.
    pub help: Option<Moment>,
    /// Safe, or leaving.
    pub home: Option<Moment>,
}

impl Moments {
    /// By the reader's clock, and as it was said.
    #[must_use]
    pub fn of(counted: Said, as_said: Said) -> Self {
        Self {
            going: counted.going.zip(as_said.going),
            on_scene: counted.on_scene.zip(as_said.on_scene),
            help: counted.help.zip(as_said.help),
            home: counted.home.zip(as_said.home),
        }
    }

    /// By one of the two clocks.
    #[must_use]
    pub fn map(self, clock: impl Fn(Moment) -> Timestamp) -> Said {
        Said {
            going: self.going.map(&clock),
            on_scene: self.on_scene.map(&clock),
            help: self.help.map(&clock),
            home: self.home.map(&clock),
        }
    }

    /// Notes an answer, in whatever order answers come.
    pub fn note(&mut self, answer: &str, at: Moment) {
        let of = match answer {
            "going" => &mut self.going,
            "on-scene" => &mut self.on_scene,
            "help" => &mut self.help,
            "safe" | "leaving" => &mut self.home,
            _ => return,
        };
        *of = (*of).max(Some(at));
    }

    /// Nothing was said later than now: the reader's clock was ahead, and is right.
    pub fn settle(&mut self, now: Timestamp) {
        for at in [&mut self.going, &mut self.on_scene, &mut self.help, &mut self.home].into_iter().flatten() {
            at.0 = at.0.min(now);
        }
    }

    /// When they said last that they are out.
    #[must_use]
    pub fn out(self) -> Option<Moment> {
        self.going.max(self.on_scene).max(self.help)
    }

    /// One of these times, unless they said after it that they are safe.
    #[must_use]
    pub fn unless_home(self, at: Option<Moment>) -> Option<Timestamp> {
        at.filter(|_| at >= self.home).map(|at| at.0)
    }

    /// What was said to either of two alerts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            going: self.going.max(other.going),
            on_scene: self.on_scene.max(other.on_scene),
            help: self.help.max(other.help),
            home: self.home.max(other.home),
        }
    }
}

/// `Joining`: a request that waits for approval, or for its confirmation.
#[derive(Clone, Encode, Decode)]
pub struct Joining {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// The network.
    pub network: NetworkId,
    /// The relay that was told last; the link's before that.
    pub url: String,
    /// The invite's secret.
    pub invite_secret: watchfire_protocol::secret::Secret<24>,
    /// The invite.
    pub invite: InviteId,
    /// The charter that the link names.
    pub link_charter: [u8; 16],
    /// The identity key's seed.
    pub identity: Secret32,
    /// The X-Wing key's seed.
    pub kem: Secret32,
    /// The epoch that the request names.
    pub epoch: Epoch,
    /// `ss` of that epoch.
    pub secret: Secret32,
    /// The request, as it was signed.
    pub request: Signed,
    /// Its hash.
    pub hash: RequestHash,
    /// The three words to say, and the three to hear, as numbers are not kept: in both languages.
    pub say: [[String; 3]; 2],
    /// The words that the coordinator reads back.
    pub hear: [[String; 3]; 2],
    /// Epochs for which it was sealed and acknowledged.
    pub sent: Vec<Epoch>,
    /// Whether the words were confirmed before the approval came.
    pub confirmed: bool,
}

/// `Request`: somebody who waits for approval.
#[derive(Clone, Encode, Decode)]
pub struct StoredRequest {
    /// The request, as it was signed.
    pub request: Signed,
    /// Its hash.
    pub hash: RequestHash,
    /// By which invite.
    pub invite: InviteId,
    /// When it first arrived.
    pub received: Timestamp,
}

/// `RosterEvent`: a signed event that was checked, kept to be folded into later snapshots.
#[derive(Clone, Encode, Decode)]
pub struct StoredEvent {
    /// The event.
    pub event: Signed,
    /// Whether it was seen in a relay's log, and in which relay's.
    pub seen_at: Vec<PublicKey>,
    /// When it was taken.
    pub at: Timestamp,
    /// The epoch in whose log it came: what its author cannot choose.
    pub came: Epoch,
}

/// `Due`: somebody who holds the keys of an epoch is out, so that the next one is to be opened.
#[derive(Clone, Copy, Encode, Decode)]
pub struct StoredDue {
    /// Since when.
    pub since: Timestamp,
    /// Whether this vault signed the removal.
    pub own: bool,
}

/// `Gone`: somebody whom this vault removed, so that the same command, run again, knows them; or who is no member any more, and
/// said something that is still read.
#[derive(Clone, Encode, Decode)]
pub struct StoredGone {
    /// Who.
    pub member: MemberId,
    /// What they were called.
    pub handle: String,
    /// When.
    pub at: Timestamp,
}

/// `Renewal`: what a coordinator read of a member's renewal, to be folded when its epoch closes. At most two of one
/// member in one epoch are kept, those with the lowest hashes: they are enough to know of a clone.
#[derive(Clone, Encode, Decode)]
pub struct StoredRenewal {
    /// The renewal, as it was signed.
    pub signed: Signed,
    /// When it first arrived.
    pub received: Timestamp,
}

/// `Clone`: a member whose identity is in use on two devices, by the newest epoch in which both renewed.
#[derive(Clone, Debug, Encode, Decode)]
pub struct StoredClone {
    /// Who.
    pub member: MemberId,
    /// What they are called.
    pub handle: String,
    /// In which epoch.
    pub epoch: Epoch,
    /// When it was noticed.
    pub at: Timestamp,
}

/// `Outbox`: what waits to be sent.
#[derive(Clone, Encode, Decode)]
pub enum Queued {
    /// An alert of this vault.
    Alert {
        /// Where.
        hood: NeighborhoodId,
        /// Which.
        id: AlertId,
    },
    /// An answer or a report: a body that is authenticated and sealed when it is sent.
    Inbox {
        /// Where.
        hood: NeighborhoodId,
        /// `kind || format || fields`.
        body: Vec<u8>,
    },
    /// A roster event.
    Roster {
        /// Where.
        hood: NeighborhoodId,
        /// Its name in `RosterEvent`.
        event: RecordId,
    },
    /// This member's renewal.
    Renewal {
        /// Where.
        hood: NeighborhoodId,
        /// The epoch that it names: in another one it is not sent.
        epoch: Epoch,
        /// The renewal.
        signed: Signed,
    },
    /// One more signature under an alert.
    CoSign {
        /// Where.
        hood: NeighborhoodId,
        /// Under which alert.
        alert: AlertId,
        /// Its name in `CoSign`.
        name: [u8; 32],
    },
    /// A desk event.
    Desk {
        /// Where.
        hood: NeighborhoodId,
        /// Its name in `DeskEvent`.
        event: DeskId,
    },
}

impl Queued {
    /// Where it goes.
    #[must_use]
    pub const fn hood(&self) -> NeighborhoodId {
        match self {
            Self::Alert { hood, .. }
            | Self::Inbox { hood, .. }
            | Self::Roster { hood, .. }
            | Self::Renewal { hood, .. }
            | Self::CoSign { hood, .. }
            | Self::Desk { hood, .. } => *hood,
        }
    }
}

/// `Names`: the newest names of a neighborhood.
///
/// # Errors
/// The disk refuses.
pub fn names(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<Option<NamesBlock>, ClientError> {
    Ok(tx.get(Bucket::Names, &hood.0)?)
}

/// `DraftNames`: names to which a draft commits, by their commitment. They become names when that version comes.
#[derive(Clone, Encode, Decode)]
pub struct DraftNames {
    /// The version that commits to them.
    pub version: u64,
    /// The names.
    pub block: NamesBlock,
}

/// Keeps names until the version that commits to them comes.
///
/// # Errors
/// The disk refuses.
pub(crate) fn keep_draft_names<'a>(
    tx: &Tx<'_>,
    version: u64,
    names: impl IntoIterator<Item = &'a NamesBlock>,
) -> Result<(), ClientError> {
    for block in names {
        let kept = DraftNames { version, block: block.clone() };
        tx.put(Bucket::DraftNames, &block.commitment(), &kept)?;
    }
    Ok(())
}

/// Notes that this vault's admin key signed a draft of a version.
pub(crate) fn note_signed(tx: &Tx<'_>, version: u64, draft: &CharterHash, now: Timestamp) -> Result<(), ClientError> {
    let name = [&version.to_be_bytes()[..], &draft.0].concat();
    Ok(tx.put(Bucket::SignedDraft, &name, &now)?)
}

/// Whether this vault's admin key signed another draft of a version.
pub(crate) fn signed_another(tx: &Tx<'_>, version: u64, draft: &CharterHash) -> Result<bool, ClientError> {
    let signed: Vec<(Vec<u8>, Timestamp)> = tx.list(Bucket::SignedDraft, &version.to_be_bytes())?;
    Ok(signed.iter().any(|(name, _)| !name.ends_with(&draft.0)))
}

/// Names that were kept, by their commitment.
///
/// # Errors
/// The disk refuses.
pub(crate) fn draft_names(tx: &Tx<'_>, commitment: &[u8; 32]) -> Result<Option<NamesBlock>, ClientError> {
    Ok(tx.get::<DraftNames>(Bucket::DraftNames, commitment)?.map(|kept| kept.block))
}

/// Takes the names that were kept for the newest version, and forgets the drafts that it overtook.
///
/// # Errors
/// The disk refuses.
pub(crate) fn adopt_draft_names(tx: &Tx<'_>, charter: &Charter) -> Result<(), ClientError> {
    let kept: Vec<(Vec<u8>, DraftNames)> = tx.list(Bucket::DraftNames, b"")?;
    for (commitment, DraftNames { version, block }) in kept {
        let whose = charter.body().neighborhoods.iter().find(|terms| terms.names[..] == commitment[..]);
        if let Some(terms) = whose {
            tx.put(Bucket::Names, &terms.id.0, &block)?;
        }
        if whose.is_some() || version <= charter.version() {
            tx.delete(Bucket::DraftNames, &commitment)?;
        }
    }
    for (name, _) in tx.list::<Timestamp>(Bucket::SignedDraft, b"")? {
        if name.get(..8).is_some_and(|version| *version <= charter.version().to_be_bytes()[..]) {
            tx.delete(Bucket::SignedDraft, &name)?;
        }
    }
    Ok(())
}
