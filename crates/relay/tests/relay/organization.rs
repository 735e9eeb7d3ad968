//! A small organization with keys made by hand: an admin, coordinators, a neighborhood, its epochs.

use watchfire_protocol::announcement::{Keys, LateSlot, SignedAnnouncement, Slots};
use watchfire_protocol::charter::{
    BelowQuorum, Charter, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Scope, SignedCharter,
    genesis_network, judge, sign,
};
use watchfire_protocol::id::{
    AnnouncementHash, CharterHash, CoordinatorId, Epoch, InviteId, NeighborhoodId, NetworkId, RestrictionsHash, Tag,
    sha256, sha256_16,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::labels::Domain;
use watchfire_protocol::record::{Channel, Header};
use watchfire_protocol::run::{OBJECT_LEN, Object, run_list, slots_root};
use watchfire_protocol::seal::KemPublicKey;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::{DAY, Hour, Timestamp};
use watchfire_protocol::wire::Extensions;

/// When everything begins.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);
pub(crate) const RIVERSIDE: NeighborhoodId = NeighborhoodId([0xa1; 16]);
/// A neighborhood that the charter knows and that has no epoch.
pub(crate) const OLD_MILL: NeighborhoodId = NeighborhoodId([0xa2; 16]);
pub(crate) const RETENTION_HOURS: u32 = 24;

/// A key from a number.
pub(crate) fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&Secret32::new([number; 32]))
}

/// Signs charters.
pub(crate) fn admin() -> SecretKey {
    key(1)
}

/// May dispatch and enroll in both neighborhoods.
pub(crate) fn coordinator() -> SecretKey {
    key(2)
}

/// May only dispatch, in Riverside.
pub(crate) fn dispatcher() -> SecretKey {
    key(3)
}

/// An organization with one charter.
pub(crate) struct Organization {
    pub(crate) charter: Charter,
    pub(crate) signed: SignedCharter,
}

impl Organization {
    /// Founds a network that this relay serves.
    pub(crate) fn found(relay: PublicKey) -> Self {
        Self::found_by(genesis(relay))
    }

    pub(crate) fn found_by(body: CharterBody) -> Self {
        let signed = signed(&body, &[&admin()]);
        Self { charter: judge(None, &signed).unwrap(), signed }
    }

    pub(crate) fn network(&self) -> NetworkId {
        self.charter.network()
    }

    pub(crate) fn place(&self) -> Place {
        Place { network: self.network(), neighborhood: RIVERSIDE }
    }

    /// The next version, changed.
    pub(crate) fn next(&self, change: impl FnOnce(&mut CharterBody)) -> Self {
        let mut body = CharterBody {
            network: self.network(),
            version: self.charter.version() + 1,
            previous: self.charter.hash(),
            ..self.charter.body().clone()
        };
        change(&mut body);
        let signed = signed(&body, &[&admin()]);
        Self { charter: judge(Some(&self.charter), &signed).unwrap(), signed }
    }

    /// An epoch with so many slots, opened by the coordinator.
    pub(crate) fn epoch(&self, number: u64, after: Option<&EpochKeys>, slots: u8) -> EpochKeys {
        EpochKeys::new(self, number, after, slots, |_, _| {}, &coordinator())
    }
}

pub(crate) fn genesis(relay: PublicKey) -> CharterBody {
    let scope = |neighborhood, enroll| Scope {
        neighborhood,
        dispatch: true,
        enroll,
        not_before: NOW.minus(DAY),
        not_after: NOW.plus(300 * DAY),
    };
    let neighborhood = |id| Neighborhood {
        id,
        quorum: 1,
        below_quorum: BelowQuorum::Show,
        retention_hours: RETENTION_HOURS,
        freshness_hours: 48,
        names: [0x5a; 32],
        closed: false,
    };
    CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: NOW.minus(DAY),
        expires: NOW.plus(300 * DAY),
        grace_days: 30,
        admins: vec![admin().public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![neighborhood(RIVERSIDE), neighborhood(OLD_MILL)],
        grants: vec![
            Grant {
                coordinator: CoordinatorId([2; 16]),
                devices: vec![coordinator().public()],
                scopes: vec![scope(RIVERSIDE, true), scope(OLD_MILL, true)],
            },
            Grant {
                coordinator: CoordinatorId([3; 16]),
                devices: vec![dispatcher().public()],
                scopes: vec![scope(RIVERSIDE, false)],
            },
        ],
        revocations: Vec::new(),
        restrictions: Vec::new(),
        relays: vec![Relay { url: "ws://127.0.0.1:1/v1".to_owned(), key: relay }],
        extensions: Extensions::default(),
    }
}

pub(crate) fn signed(body: &CharterBody, by: &[&SecretKey]) -> SignedCharter {
    let mut signed = SignedCharter::unsigned(body);
    let network = if body.version == 1 { genesis_network(&signed.body) } else { body.network };
    for key in by {
        let signature = sign(key, network, &signed.body);
        signed.insert(CharterSignature { signer: key.public(), signature });
    }
    signed
}

/// An epoch: its role keys, its announcement, its slots.
#[derive(Clone)]
pub(crate) struct EpochKeys {
    pub(crate) number: Epoch,
    pub(crate) member: SecretKey,
    pub(crate) coordinator: SecretKey,
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: AnnouncementHash,
    pub(crate) slots: Vec<Object>,
    pub(crate) root: [u8; 32],
}

impl EpochKeys {
    pub(crate) fn new(
        of: &Organization,
        number: u64,
        after: Option<&Self>,
        slots: u8,
        change: impl FnOnce(&mut Keys, &mut Slots),
        signer: &SecretKey,
    ) -> Self {
        let tagged = u8::try_from(number % 250).unwrap();
        let (member, coordinator) = (key(100 + tagged % 50), key(150 + tagged % 50));
        let slots: Vec<Object> =
            (0..slots).map(|n| Object { tag: Tag([n; 16]), body: Box::new([tagged; OBJECT_LEN]) }).collect();
        let hashes: Vec<_> = slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
        let mut keys = Keys {
            network: of.network(),
            neighborhood: RIVERSIDE,
            epoch: Epoch(number),
            predecessors: after.map(|after| after.hash).into_iter().collect(),
            charter_version: of.charter.version(),
            charter: of.charter.hash(),
            restrictions: RestrictionsHash::ZERO,
            opened_at: NOW,
            member_key: member.public(),
            coordinator_key: coordinator.public(),
            inbox: KemPublicKey(Box::new([7; 1216])),
            chain_commit: [1; 32],
            coordinator_chain_commit: [2; 32],
            roster_digest: [3; 32],
            extensions: Extensions::default(),
        };
        let mut body = Slots {
            count: u32::try_from(slots.len()).unwrap(),
            root: slots_root(&run_list(&hashes)),
            extensions: Extensions::default(),
        };
        change(&mut keys, &mut body);
        let signed = SignedAnnouncement::sign(&keys, &body, signer);
        let hash = AnnouncementHash(sha256(&[&signed.keys, &signed.slots]));
        Self { number: Epoch(number), member, coordinator, bytes: signed.to_bytes(), hash, slots, root: body.root }
    }

    pub(crate) fn late_slot(&self, fill: u8, signer: &SecretKey) -> LateSlot {
        LateSlot::sign(self.hash, Tag([fill; 16]), Box::new([fill; OBJECT_LEN]), signer)
    }
}

/// A record of a channel, of the smallest size that both kinds of channel have.
pub(crate) fn record(channel: Channel, epoch: Epoch, fill: u8) -> Vec<u8> {
    sized(channel, epoch, fill, 4096)
}

pub(crate) fn sized(channel: Channel, epoch: Epoch, fill: u8, size: usize) -> Vec<u8> {
    let mut record = Header { channel, epoch, hour: Hour(0) }.bytes().to_vec();
    record.resize(size, fill);
    record
}

/// A join request by an invite.
pub(crate) fn join(epoch: Epoch, invite: InviteId, fill: u8) -> Vec<u8> {
    let mut record = Header { channel: Channel::Join, epoch, hour: Hour(0) }.bytes().to_vec();
    record.extend_from_slice(&invite.0);
    record.resize(2048, fill);
    record
}

pub(crate) fn invite_id(key: &PublicKey) -> InviteId {
    InviteId(sha256_16(&[&Domain::InviteId.prefix(), key.as_bytes()]))
}
